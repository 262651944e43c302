// The blast radius in the picture: a number on each card that is reached, and which lines carry it.
import { svgEl } from "./dom.js";
import { stepClass } from "./radius.js";

/** @typedef {import("./radius.js").Ring} Ring */
/** @typedef {import("./lines.js").Line} Line */

const SIZE = 11;

/** Whether a line stands for one of the hops; one to everything is both ways. @param {Pick<Line, "tails" | "heads">} line @param {Ring} ring */
export function carries(line, ring) {
  const { tails } = line;
  if (line.heads.includes("everything")) return tails.some((end) => [...ring.hops].some((hop) => hop.startsWith(`${end}>`) || hop.endsWith(`>${end}`)));
  return tails.some((tail) => line.heads.some((head) => ring.hops.has(`${tail}>${head}`)));
}

/** Put numbers on the cards, in place of those of before. @param {Map<string, SVGGElement[]>} nodes @param {Ring | null} ring null takes them away */
export function markSteps(nodes, ring) {
  for (const [id, elements] of nodes) {
    const step = ring?.steps.get(id) ?? "";
    for (const element of elements) if ((element.dataset["step"] ?? "") !== step) mark(element, step);
  }
}

/** @param {SVGGElement} element @param {string} step "" for none */
function mark(element, step) {
  element.querySelector(".step-mark")?.remove();
  const name = (element.dataset["name"] ??= element.getAttribute("aria-label") ?? "");
  element.setAttribute("aria-label", step ? `${name}, ${stepWords(step)}` : name);
  element.dataset["step"] = step;
  if (!step) return;
  const { x, y } = element.getBBox();
  element.append(svgEl("g", { class: `step-mark step-${stepClass(step)}`, "aria-hidden": "true" },
    svgEl("circle", { cx: x + 4, cy: y + 3, r: SIZE }), svgEl("text", { x: x + 4, y: y + 7.6, "text-anchor": "middle", "font-size": 13, "font-weight": 600 }, step)));
}

/** @param {string} step */
function stepWords(step) {
  return step === "?" ? "perhaps reached" : `${step} ${step === "1" ? "step" : "steps"} away`;
}
