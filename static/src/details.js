// The Details panel: one workload, its isolation, and who may talk to it. All of it read off the scene's rows.
import { el, fill, icon } from "./dom.js";
import { findingPlace } from "./findings.js";
import { rowsOf } from "./lines.js";
import { aboutPlace } from "./policies.js";
import { counted, placeOf, shortName, tellPorts } from "./words.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").SceneNode} SceneNode */
/** @typedef {import("./types.js").SceneEdge} SceneEdge */

/**
 * @typedef {object} Actions
 * @property {(from: string, to: string) => void} onEdge @property {(namespace: string) => void} onFold
 * @property {(id: string) => void} onGroup unfold workloads that are alike
 */

/** @param {HTMLElement} host @param {Scene} scene @param {string} id @param {Actions} actions */
export function showDetails(host, scene, id, { onEdge, onFold, onGroup }) {
  const node = scene.nodes.find((item) => item.id === id) ?? scene.nodes.find((item) => (item.type === "namespace" || item.type === "group") && item.members.includes(id));
  if (!node) return fill(host, el("p", { class: "notice" }, `${id} is not in this picture.`));
  const isWorkload = node.type === "workload";
  const known = placeOf(id) !== "" && node.id !== `${node.members[0]}+`; // a workload, drawn or folded
  fill(host,
    el("header", { class: "subject" }, el("h2", { tabindex: -1, "data-testid": "details-name" }, node.label), el("p", { class: "quiet" }, subtitle(node))),
    node.id !== id && el("p", { class: "note" }, icon("info"), el("span", {}, el("b", {}, shortName(id)), node.type === "group" ? " is one of these: all of them stand alike to everybody. It can be asked about above." : " is folded into this namespace. It can be asked about above.")),
    (known || id === "internet") && el("section", { class: "radius", "data-radius": id, "data-testid": "radius" }),
    isWorkload && el("p", { class: "buttons", "data-scope": id }),
    el("div", { class: "stack", "data-beside-radius": true },
      isWorkload && isolation(node),
      node.type === "namespace" && summary(node, onFold),
      node.type === "group" && alike(node, onGroup),
      known && [findingPlace("entries", id), findingPlace("names", id)],
      isWorkload && labels(node.labels),
      peers(scene, node, "in", onEdge),
      peers(scene, node, "out", onEdge),
      (known || node.type === "external") && aboutPlace(id),
      known && findingPlace("exposure", id)));
}

/**
 * The paths that one line stands for.
 * @param {HTMLElement} host @param {Scene} scene @param {string} bundle
 * @param {Actions} actions
 */
export function showBundle(host, scene, bundle, actions) {
  const rows = rowsOf(bundle, scene);
  const folded = scene.nodes.filter((node) => (node.type === "namespace" || node.type === "group") && rows.some((row) => row.source === node.id || row.destination === node.id));
  const pairs = rows.reduce((sum, row) => sum + (row.pairs?.allowed ?? 0), 0);
  const all = rows.reduce((sum, row) => sum + (row.pairs?.all ?? 0), 0);
  fill(host,
    el("header", { class: "subject" }, el("h2", { tabindex: -1 }, folded.length ? `${pairs.toLocaleString("en")} of ${counted(all, "pair")} allowed` : counted(rows.length, "path")),
      el("p", { class: "quiet" }, folded.length ? "Cards that stand for several workloads: unfold one to ask about its workloads." : "They are alike, so one line stands for them.")),
    folded.length > 0 && el("p", { class: "buttons" }, folded.map((node) => el("button", { type: "button", class: "button small", onclick: () => (node.type === "group" ? actions.onGroup(node.id) : actions.onFold(node.namespace || node.label)) }, `Unfold ${node.label}`))),
    el("section", { class: "peers" }, el("ul", {}, rows.map((edge) =>
      el("li", {}, el("button", { type: "button", class: "peer", onclick: () => actions.onEdge(edge.source, edge.destination) },
        el("span", { class: `verdict ${edge.verdict}` }, icon(edge.verdict)), el("span", { class: "name" }, shortName(edge.source), icon("arrow"), shortName(edge.destination)),
        el("span", { class: "ports" }, tellPorts(edge))))))));
}

/** @param {SceneNode} node */
function subtitle(node) {
  if (node.type === "external") return node.id === "internet" ? "Addresses that no policy tells apart from the rest of the Internet" : "A range of addresses";
  if (node.type === "namespace") return "A namespace, folded into one box";
  if (node.type === "group") return `${node.namespace} · alike: the same ports to and from everybody, and the same isolation`;
  if (node.type === "everything") return "All workloads and all addresses";
  return `${node.namespace} · ${node.kind} · ${counted(node.pods, "pod")}${node.host_network ? " · host network" : ""}`;
}

/** What stands on the card of a folded namespace. @param {SceneNode} node @param {(namespace: string) => void} onFold */
function summary(node, onFold) {
  return [
    el("ul", { class: "facts-list" }, [...node.lines, ...node.badges].map((text) => el("li", {}, text))),
    el("p", { class: "buttons" }, el("button", { type: "button", class: "button small", "data-testid": "details-unfold", onclick: () => onFold(node.namespace || node.label) }, "Unfold its workloads")),
  ];
}

/** The workloads of a group. @param {SceneNode} node @param {(id: string) => void} onGroup */
function alike(node, onGroup) {
  return [
    isolation(node),
    el("ul", { class: "facts-list", "data-testid": "details-members" }, [...node.members.map(shortName), ...node.badges].map((text) => el("li", {}, text))),
    el("p", { class: "buttons" }, el("button", { type: "button", class: "button small", "data-testid": "details-unfold", onclick: () => onGroup(node.id) }, `Show all ${node.members.length}`)),
  ];
}

/** @param {SceneNode} node */
function isolation(node) {
  if (node.host_network) return el("p", { class: "note" }, icon("info"), el("span", {}, "It shares its node's network, so policies may not apply to it."));
  const way = (/** @type {"ingress" | "egress"} */ direction, /** @type {string} */ name, /** @type {string} */ closed, /** @type {string} */ open) => {
    const state = node.state[direction] || "open";
    const words = { isolated: closed, open, limited: "limited by policies of the Admin or Baseline tier.", unknown: "unknown: a policy that is not understood may isolate it." };
    return el("li", { class: state }, icon({ isolated: "lock", limited: "shield", open: "unlock", unknown: "unknown" }[state]), el("span", {}, el("b", {}, name), " ", words[state]));
  };
  return el("ul", { class: "isolation" },
    way("ingress", "Ingress", "isolated: only what rules allow may enter.", "open: no policy limits what may enter."),
    way("egress", "Egress", "isolated: it may open only what rules allow.", "open: no policy limits what it may open."));
}

/** @param {Record<string, string>} given */
function labels(given) {
  const entries = Object.entries(given ?? {});
  return el("section", { class: "labels" }, el("h3", {}, "Labels"),
    entries.length ? el("ul", { class: "label-list" }, entries.map(([key, value]) => el("li", {}, el("span", {}, key), el("b", {}, value)))) : el("p", { class: "quiet" }, "It has no labels."));
}

/** @param {Scene} scene @param {SceneNode} node @param {"in" | "out"} way @param {(from: string, to: string) => void} onEdge */
function peers(scene, node, way, onEdge) {
  const [here, there] = way === "in" ? /** @type {const} */ (["destination", "source"]) : /** @type {const} */ (["source", "destination"]);
  const edges = [...scene.edges, ...(scene.aside ?? [])].filter((edge) => edge[here] === node.id); // hidden or not, it stays true
  const reachable = edges.filter((edge) => edge.verdict !== "blocked");
  const known = new Set(reachable.map((edge) => edge[there]));
  const rest = scene.nodes.filter((other) => other.id !== node.id && !known.has(other.id) && other.type !== "everything" && !(node.type === "external" && other.type === "external"));
  const title = way === "in" ? "Can be reached by" : "Can reach";
  const none = way === "in" ? "Cannot be reached by" : "Cannot reach";
  const row = (/** @type {SceneEdge} */ edge) =>
    el("li", {}, el("button", { type: "button", class: "peer", title: edge[there], onclick: () => onEdge(edge.source, edge.destination) },
      el("span", { class: `verdict ${edge.verdict}` }, icon(edge.verdict)), el("span", { class: "name" }, shortName(edge[there])),
      el("span", { class: "ports" }, tellPorts(edge))));
  const closed = (/** @type {SceneNode} */ other) =>
    el("li", {}, el("button", { type: "button", class: "peer", title: other.id, onclick: () => (way === "in" ? onEdge(other.id, node.id) : onEdge(node.id, other.id)) },
      el("span", { class: "verdict blocked" }, icon("blocked")), el("span", { class: "name" }, other.label)));
  return el("section", { class: "peers", "data-testid": `peers-${way}` },
    el("h3", {}, title, el("span", { class: "count" }, reachable.length)),
    reachable.length ? el("ul", {}, reachable.map(row)) : el("p", { class: "quiet" }, "Nothing."),
    rest.length > 0 && el("details", { open: rest.length <= 6 }, el("summary", {}, `${none} `, el("span", { class: "count" }, rest.length)), el("ul", {}, rest.map(closed))));
}
