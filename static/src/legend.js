// The legend lists only what the picture holds.
import { el, fill, svgEl } from "./dom.js";

/** @typedef {import("./types.js").Scene} Scene */

/** @type {[test: (scene: Scene) => boolean, look: string, words: string][]} */
const PATHS = [
  [(scene) => drawn(scene, "allowed"), "allowed", "Allowed, every port"],
  [(scene) => drawn(scene, "partial"), "partial", "Allowed on the ports named"],
  [(scene) => drawn(scene, "blocked"), "blocked", "Blocked; ✕ at the end that blocks"],
  [(scene) => drawn(scene, "unknown"), "unknown", "Unknown, with the reason in Why"],
];
/** @type {[test: (scene: Scene) => boolean, look: string, words: string][]} */
const FRAMES = [
  [(scene) => framed(scene, true, true), "closed", "Isolated both ways"],
  [(scene) => framed(scene, true, false), "in", "Isolated for ingress (left edge)"],
  [(scene) => framed(scene, false, true), "out", "Isolated for egress (right edge)"],
  [(scene) => framed(scene, false, false), "open", "Open: no policy selects it"],
];

/** @param {Scene} scene @param {string} verdict */
function drawn(scene, verdict) {
  return scene.edges.some((edge) => edge.drawn && edge.verdict === verdict);
}

/** @param {Scene} scene @param {boolean} ingress @param {boolean} egress */
function framed(scene, ingress, egress) {
  return scene.nodes.some((node) => node.type === "workload" && node.isolated.ingress === ingress && node.isolated.egress === egress);
}

/** @param {HTMLElement} host @param {Scene} scene */
export function showLegend(host, scene) {
  const items = [
    ...PATHS.filter(([test]) => test(scene)).map(([, look, words]) => el("li", { "data-legend": look }, line(look), words)),
    ...FRAMES.filter(([test]) => test(scene)).map(([, look, words]) => el("li", { "data-legend": look }, frame(look), words)),
  ];
  fill(host, items);
}

/** @param {string} look */
function line(look) {
  return svgEl("svg", { class: `sign line ${look}`, width: 34, height: 12, viewBox: "0 0 34 12", "aria-hidden": "true" },
    svgEl("path", { class: "stroke", d: look === "blocked" ? "M1 6H22" : "M1 6H27", fill: "none" }),
    look === "blocked" ? svgEl("path", { class: "cross", d: "M24 2l8 8M32 2l-8 8", fill: "none" }) : svgEl("path", { class: "head", d: "M26 2l7 4-7 4z" }));
}

/** @param {string} look */
function frame(look) {
  return svgEl("svg", { class: `sign frame ${look}`, width: 34, height: 16, viewBox: "0 0 34 16", "aria-hidden": "true" },
    svgEl("rect", { class: "outline", x: 2, y: 1.5, width: 30, height: 13, rx: 3 }),
    (look === "closed" || look === "in") && svgEl("path", { class: "wall", d: "M3 2v12" }),
    (look === "closed" || look === "out") && svgEl("path", { class: "wall", d: "M31 2v12" }));
}
