// A change of texts, shown line by line: what is added and taken away has a sign and a colour.
import { el } from "./dom.js";

/** @typedef {{sign: "+" | "-" | " " | "@" | "", text: string}} PatchLine */

/**
 * The files of a unified diff with their lines. Pure.
 * @param {string} patch @returns {{name: string, isNew: boolean, lines: PatchLine[]}[]}
 */
export function filesOf(patch) {
  /** @type {ReturnType<typeof filesOf>} */ const files = [];
  const lines = patch.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const next = lines[index + 1] ?? "";
    if (line.startsWith("--- ") && next.startsWith("+++ ") && (lines[index + 2] ?? "").startsWith("@@ ")) {
      const name = next.slice(4) === "/dev/null" ? line.slice(4) : next.slice(4);
      files.push({ name, isNew: line.slice(4) === "/dev/null", lines: [] });
      index += 1;
    } else if (files.length && line) {
      const sign = line[0] === "@" ? "@" : line[0] === "+" ? "+" : line[0] === "-" ? "-" : " ";
      files[files.length - 1]?.lines.push({ sign, text: sign === "@" ? line : line.slice(1) });
    }
  }
  return files;
}

const WORDS = { "+": "added", "-": "removed" };

/** @param {string} patch */
export function showPatch(patch) {
  return filesOf(patch).map(({ name, isNew, lines }) => el("figure", { class: "patch" },
    el("figcaption", {}, el("b", {}, name), isNew && el("span", { class: "tag" }, "new file")),
    el("pre", { tabindex: 0, role: "group", "aria-label": `Changes of ${name}` }, lines.filter((line, index) => line.sign !== "@" || index > 0).map(({ sign, text }) =>
      sign === "@" ? el("span", { class: "patch-gap", "aria-hidden": "true" }, "⋯\n")
        : el("span", { class: sign === "+" ? "added" : sign === "-" ? "removed" : "same" },
          el("span", { class: "sign", "aria-hidden": "true" }, sign), (sign === "+" || sign === "-") && el("span", { class: "visually-hidden" }, `${WORDS[sign]}: `), `${text}\n`)))));
}
