// The legend lists only what the picture holds.
import { el, fill, svgEl } from "./dom.js";

/** @type {[selector: string, look: string, words: string][]} what must be in the drawing, and how it is shown */
const LINES = [
  [".edge.allowed", "allowed", "allowed, with ports"],
  [".edge.open", "opened", "no policy at either end"],
  [".edge.dns", "dns", "DNS"],
  [".edge.blocked", "blocked", "blocked at the ✕"],
  [".edge.unknown", "unknown", "unknown"],
];
const FRAMES = /** @type {[selector: string, look: string, words: string][]} */ ([
  [".edge circle.s-open", "ring", "no policy at this end"],
  [".node .f-gate", "closed", "isolated: left ingress, right egress"],
  [".node.open", "open", "open"],
  [".node.doubtful", "doubt", "unknown if open"],
]);
/** The badges that have a colour, in the words of the cards. */
const MARKS = /** @type {[selector: string, look: string, words: string][]} */ ([
  [".node.shut", "shut", "published, blocked: policies let nothing in"],
  [".node.bare", "bare", "open to Internet, not published"],
  [".node.mute", "mute", "no DNS: resolves no names"],
]);

/** @param {HTMLElement} host @param {Element} drawing */
export function showLegend(host, drawing) {
  const there = (/** @type {[string, string, string]} */ [selector]) => drawing.querySelector(selector) !== null;
  fill(host,
    LINES.filter(there).map(([, look, words]) => el("li", { "data-legend": look }, line(look), words)),
    FRAMES.filter(there).map(([, look, words]) => el("li", { "data-legend": look }, look === "ring" ? ring() : frame(look), words)),
    MARKS.filter(there).map(([, look, words]) => el("li", { "data-legend": look }, badge(look), words)));
}

/** @param {string} look */
function line(look) {
  const blocked = look === "blocked";
  return svgEl("svg", { class: `sign line ${look}`, width: 32, height: 14, viewBox: "2 0 34 14", "aria-hidden": "true" },
    svgEl("path", { class: "stroke", d: blocked ? "M1 7H20" : "M1 7H28", fill: "none" }),
    blocked ? svgEl("circle", { class: "disc", cx: 27, cy: 7, r: 6 }) : svgEl("path", { class: "head", d: "M27 3l8 4-8 4z" }),
    blocked && svgEl("path", { class: "cross", d: "M24.500 4.500l5 5M29.500 4.500l-5 5", fill: "none" }));
}

function ring() {
  return svgEl("svg", { class: "sign ring", width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, svgEl("circle", { cx: 7, cy: 7, r: 4 }));
}

/** @param {string} look */
function badge(look) {
  return svgEl("svg", { class: `sign badge ${look}`, width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true" }, svgEl("rect", { x: 1, y: 1.5, width: 24, height: 11, rx: 5.5 }));
}

/** @param {string} look */
function frame(look) {
  return svgEl("svg", { class: `sign frame ${look}`, width: 34, height: 16, viewBox: "0 0 34 16", "aria-hidden": "true" },
    svgEl("rect", { class: "outline", x: 2, y: 1.5, width: 30, height: 13, rx: 3 }),
    look === "closed" && svgEl("path", { class: "wall", d: "M3 3v10M31 3v10" }));
}
