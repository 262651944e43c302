// Reason codes and lines, as links: each code has its sentence in the help, each line its place in the YAML view.
import { el, icon } from "./dom.js";
import { lineName } from "./words.js";

/** @typedef {import("./types.js").Source} Source */

/** Where the help explains a code. @param {string} code */
export function codeAddress(code) {
  return `/help#code-${encodeURIComponent(code)}`;
}

/** A code with the way to its explanation. @param {string} code */
export function codeLink(code) {
  return el("a", { class: "code-link", href: codeAddress(code), title: "What this reason means", "data-testid": "code-link" }, code);
}

/** A button that opens the YAML at a line. @param {Source} source @param {(source: Source) => void} onSource */
export function lineLink(source, onSource) {
  return el("button", { type: "button", class: "line-link", "data-testid": "line-link", title: `${source.file}, document ${source.document}, line ${source.line}`, onclick: () => onSource(source) }, icon("file"), lineName(source));
}
