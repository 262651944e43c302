// Marks what a draft changes in the picture and in its table: a halo and a sign, so that colour is not alone.
import { kindOfLine, SIGNS, WORDS } from "./changes.js";
import { el, svgEl } from "./dom.js";

/** @typedef {import("./changes.js").Kind} Kind */
/** @typedef {import("./lines.js").Line} Line */

const SHORT = 60;

/** Attributes say opened, cut or changed; what became unknown or known has changed. @param {Kind} kind */
function said(kind) {
  return kind === "opened" || kind === "cut" ? kind : "changed";
}

/**
 * Mark the lines of the picture. @param {Line[]} lines @param {Map<string, Kind>} pairs @param {boolean} fresh whether they should pulse
 */
export function markLines(lines, pairs, fresh) {
  for (const line of lines) {
    const kind = pairs.size ? kindOfLine(line, pairs) : "";
    const { element } = line;
    if ((element.dataset["kind"] ?? "") === kind && (!kind || !fresh)) continue;
    for (const old of element.querySelectorAll(".change-halo, .change-sign")) old.remove();
    element.classList.toggle("pulse", Boolean(kind) && fresh);
    if (!kind) {
      delete element.dataset["kind"];
      delete element.dataset["changed"];
      continue;
    }
    element.dataset["kind"] = kind;
    element.dataset["changed"] = said(kind);
    const path = element.querySelector("path.hit") ?? element.querySelector("path"); // the first is all of the line, though blocked ones are drawn in two
    if (!(path instanceof SVGPathElement)) continue;
    element.prepend(svgEl("path", { class: "change-halo", d: path.getAttribute("d"), fill: "none" }));
    element.append(sign(kind, path));
  }
}

/** A disc with + − ~ or ?, a third along the line; beside it where the line is too short to be covered. @param {Kind} kind @param {SVGPathElement} path */
function sign(kind, path) {
  const length = path.getTotalLength();
  const { x: left, y: top } = path.getPointAtLength(length * 0.32);
  const aside = length < SHORT ? 20 : 0;
  const ahead = path.getPointAtLength(length * 0.4);
  const scale = Math.hypot(ahead.x - left, ahead.y - top) || 1;
  const [x, y] = [left + (aside * (ahead.y - top)) / scale, top - (aside * (ahead.x - left)) / scale];
  return svgEl("g", { class: "change-sign" }, svgEl("title", {}, WORDS[kind]), svgEl("circle", { cx: x, cy: y, r: 9 }), svgEl("text", { x, y: y + 4.6, "text-anchor": "middle", "font-size": 14, "font-weight": 700 }, SIGNS[kind]));
}

/** Mark the rows of the table. @param {HTMLElement} host @param {Map<string, Kind>} pairs */
export function markRows(host, pairs) {
  for (const row of /** @type {NodeListOf<HTMLTableRowElement>} */ (host.querySelectorAll("tr[data-edge]"))) {
    const kind = pairs.get(row.dataset["edge"] ?? "");
    if ((row.dataset["kind"] ?? "") === (kind ?? "")) continue;
    row.querySelector(".change-word")?.remove();
    if (kind) {
      row.dataset["kind"] = kind;
      row.dataset["changed"] = said(kind);
      row.cells[2]?.append(el("span", { class: `change-word ${kind}` }, `${SIGNS[kind]} ${WORDS[kind]}`));
    } else {
      delete row.dataset["kind"];
      delete row.dataset["changed"];
    }
  }
}
