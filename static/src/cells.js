// One cell and one heading of the matrix: what they show, and how they are read out.
import { el, icon } from "./dom.js";
import { counted, verdictWords } from "./words.js";

/** @typedef {import("./types.js").SceneNode} SceneNode */
/** @typedef {import("./types.js").CellKind} CellKind */

const ASIDE = /** @type {Record<string, string>} */ ({ filter: "not in the filter", dns: "hidden: DNS", metrics: "hidden: metrics", ingress: "hidden: ingress" });

/** What a cell says, without its ends: "Some ports, TCP 8080"; "12 of 340 pairs"; "Blocked at destination". Pure. @param {CellKind} kind */
export function kindText(kind) {
  if (kind.verdict === "same") return "the same pod";
  if (kind.verdict === "apart") return "two address ranges";
  const told = [];
  if (kind.pairs) told.push(kind.pairs.allowed ? `${kind.pairs.allowed.toLocaleString("en")} of ${counted(kind.pairs.all, "pair")} allowed` : verdictWords(kind.verdict));
  else told.push(verdictWords(kind.verdict, kind.blocked_at));
  if (kind.pairs?.unknown) told.push(`${kind.pairs.unknown.toLocaleString("en")} unknown`);
  if (kind.ports_text && kind.ports !== "all") told.push(kind.ports_text);
  if (kind.aside) told.push(kind.aside.split(", ").map((word) => ASIDE[word] ?? word).join(", "));
  return told.join(", ");
}

/** "frontend to database: Blocked at both ends". @param {CellKind} kind @param {SceneNode | undefined} source @param {SceneNode | undefined} destination */
export function cellText(kind, source, destination) {
  return `${source?.label ?? ""} to ${destination?.label ?? ""}: ${kindText(kind)}`;
}

/** "checkout, Deployment, namespace shop, isolated for egress". @param {SceneNode | undefined} node @param {"ingress" | "egress"} way */
export function headText(node, way) {
  if (!node) return "";
  if (node.type === "external") return `${node.label}, addresses`;
  const state = node.state[way];
  const stands = state === "isolated" ? `isolated for ${way}` : state === "limited" ? `${way} limited by another tier` : state === "unknown" ? `${way} unknown` : state === "open" ? `${way} open` : `${way} differs`;
  const what = node.type === "namespace" ? [node.label, counted(node.members.length, "workload")] : [node.label, node.kind, `namespace ${node.namespace}`];
  return [...what, stands].join(", ");
}

/** The one text that fits into a small cell of a folded namespace: "4%". Pure. @param {{allowed: number, all: number}} pairs */
export function shareText({ allowed, all }) {
  if (!allowed) return "";
  const share = Math.round((100 * allowed) / Math.max(1, all));
  return allowed === all ? "all" : share === 0 ? "<1%" : share === 100 ? ">99%" : `${share}%`;
}

/**
 * @param {CellKind | null} kind null while it is awaited @param {SceneNode | undefined} source @param {SceneNode | undefined} destination
 * @param {{wordy: boolean, onPort: boolean}} look words fit in; the verdicts are those of one port
 */
export function cellElement(kind, source, destination, { wordy, onPort }) {
  if (!kind || !source || !destination) return el("div", { class: "cell waiting", role: "gridcell", "aria-label": "…" });
  const name = `${source.id}>${destination.id}`;
  const real = kind.verdict !== "same" && kind.verdict !== "apart";
  const share = kind.pairs ? shareText(kind.pairs) : "";
  const sign = kind.aside ? null : real && !share ? icon(kind.verdict) : null;
  const words = wordy && real && !kind.aside ? shortWords(kind, onPort) : share;
  return el("div", {
    class: `cell ${kind.verdict}${kind.aside ? " aside" : ""}`, role: "gridcell", "aria-label": cellText(kind, source, destination), "data-cell": name,
    "data-edge": real && !onPort ? name : null, "data-verdict": real ? kind.verdict : null, "data-blocked-at": kind.blocked_at || null, "data-ports": kind.ports_text || null,
  }, sign, words && !kind.aside && el("span", {}, words));
}

/** @param {CellKind} kind @param {boolean} onPort */
function shortWords(kind, onPort) {
  if (kind.pairs) return shareText(kind.pairs);
  if (kind.verdict === "blocked") return { source: "source", target: "dest.", both: "both" }[kind.blocked_at] ?? "";
  if (kind.verdict === "unknown") return "";
  if (onPort) return "";
  return kind.ports === "all" ? "all ports" : kind.ports_text.replace(/^TCP /, "");
}

/** @param {SceneNode | undefined} node @param {"ingress" | "egress"} way @param {boolean} first of its namespace */
export function headElement(node, way, first) {
  const row = way === "egress";
  if (!node) return el("div", { class: row ? "matrix-side" : "matrix-head", role: row ? "rowheader" : "columnheader", "aria-label": "…" });
  const state = node.type === "external" ? "" : node.state[way];
  const sign = { isolated: "lock", open: "unlock", limited: "shield", unknown: "unknown", "": "" }[state];
  return el("div", { class: `${row ? "matrix-side" : "matrix-head"} ${node.type} state-${state || "none"}`, role: row ? "rowheader" : "columnheader", "aria-label": headText(node, way), title: node.id, "data-head": node.id },
    el("span", { class: "matrix-name" }, node.label),
    first && node.type === "workload" && el("small", {}, node.namespace),
    sign && icon(sign));
}
