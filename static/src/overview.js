// What the panel shows while nothing is selected: the whole in a few numbers, and where to look first.
import { el, fill, icon } from "./dom.js";
import { findingPlace } from "./findings.js";
import { counted, shortName, verdictWords } from "./words.js";

/** @typedef {import("./types.js").Scene} Scene */
const MOST_LISTED = 12;

/** @param {HTMLElement} host @param {Scene} scene @param {{onEdge: (from: string, to: string) => void, onNode: (id: string) => void}} actions */
export function showOverview(host, scene, actions) {
  const open = scene.nodes.filter((node) => node.open);
  const unsure = scene.nodes.filter((node) => node.state.ingress === "unknown" || node.state.egress === "unknown");
  const outside = new Set(scene.nodes.filter((node) => node.type === "external").map((node) => node.id));
  const blocked = scene.edges
    .filter((edge) => edge.verdict === "blocked" && edge.drawn)
    .sort((a, b) => Number(outside.has(a.source) || outside.has(a.destination)) - Number(outside.has(b.source) || outside.has(b.destination)));
  const unknown = scene.edges.filter((edge) => edge.verdict === "unknown");
  fill(host,
    el("header", { class: "subject", "data-overview": true }, el("h2", { tabindex: -1 }, "Overview"),
      el("p", { class: "quiet" }, "Pick a path or a workload in the picture, or ask above.")),
    scene.notes.length > 0 && el("section", { class: "notes", "data-testid": "overview-notes" }, scene.notes.map((note) => el("p", { class: "note" }, icon("info"), el("span", {}, note)))),
    findingPlace("counts"),
    list("Blocked paths", "blocked", blocked.map((edge) => ({ edge })), actions.onEdge),
    list("Unknown", "unknown", unknown.map((edge) => ({ edge })), actions.onEdge),
    unsure.length > 0 && el("section", { class: "peers", "data-testid": "overview-doubtful" }, el("h3", {}, "Unknown if open", el("span", { class: "count" }, unsure.length.toLocaleString("en"))),
      el("p", { class: "quiet" }, "Only a policy that is not understood may select them."),
      el("ul", {}, unsure.slice(0, MOST_LISTED).map((node) => nodeItem(node, "unknown", actions.onNode)), more(unsure.length))),
    open.length > 0 && el("section", { class: "peers" }, el("h3", {}, scene.level === "namespaces" ? "Open namespaces and workloads" : "Open workloads", el("span", { class: "count" }, open.length.toLocaleString("en"))),
      el("p", { class: "quiet" }, "No policy selects them: everything may enter and leave."),
      el("ul", {}, open.slice(0, MOST_LISTED).map((node) => nodeItem(node, "unlock", actions.onNode)), more(open.length))));
}

/** @param {string} title @param {"blocked" | "unknown"} verdict @param {{edge: import("./types.js").SceneEdge}[]} items @param {(from: string, to: string) => void} onEdge */
function list(title, verdict, items, onEdge) {
  if (!items.length) return null;
  return el("section", { class: "peers", "data-testid": `overview-${verdict}` },
    el("h3", {}, title, el("span", { class: "count" }, items.length.toLocaleString("en"))),
    el("ul", {}, items.slice(0, MOST_LISTED).map(({ edge }) => el("li", {}, el("button", { type: "button", class: "peer", title: `${edge.source} to ${edge.destination}`, onclick: () => onEdge(edge.source, edge.destination) },
      el("span", { class: `verdict ${verdict}` }, icon(verdict)), el("span", { class: "name" }, shortName(edge.source), icon("arrow"), shortName(edge.destination)),
      el("span", { class: "ports" }, verdict === "blocked" ? verdictWords("blocked", edge.blocked_at).replace(/^Blocked ?/, "") : edge.ports_text)))), more(items.length)));
}

/** @param {import("./types.js").SceneNode} node @param {string} sign @param {(id: string) => void} onNode */
function nodeItem(node, sign, onNode) {
  return el("li", {}, el("button", { type: "button", class: "peer", onclick: () => onNode(node.id) }, icon(sign), el("span", { class: "name" }, node.label),
    el("span", { class: "ports" }, node.members.length > 1 ? counted(node.members.length, "workload") : node.namespace)));
}

/** @param {number} count */
function more(count) {
  return count > MOST_LISTED ? el("li", { class: "quiet" }, `and ${(count - MOST_LISTED).toLocaleString("en")} more in the table`) : null;
}
