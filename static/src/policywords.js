// Policies in words, in order and in groups: what the list shows, without the page. Pure.
import { counted } from "./words.js";

/** @typedef {import("./types.js").Source} Source */
/** @typedef {"selects_nothing" | "adds_nothing" | "opens_everything" | "set_aside" | "not_evaluated"} Mark */
/**
 * @typedef {object} PolicyRow
 * @property {string} id @property {string} kind @property {string} namespace @property {string} name
 * @property {"Admin" | "NetworkPolicy" | "Baseline"} tier @property {number} order @property {Source} source
 * @property {("ingress" | "egress")[]} directions @property {("ingress" | "egress")[]} isolates
 * @property {number} selects @property {number} rules @property {number | null} changes @property {Mark[]} marks
 * @property {boolean} on it is not switched off
 */
/** @typedef {{sources: string[], destinations: string[]}} Block every source with every destination */
/** @typedef {{pairs: number, blocks: Block[], truncated: boolean}} Pairs */
/**
 * @typedef {object} Rule
 * @property {"ingress" | "egress"} direction @property {number} index @property {string} name
 * @property {"Allow" | "Deny" | "Pass"} action @property {string} text @property {Source} source
 */
/** @typedef {Rule & {matches: string[], may_match: string[], decides: Pairs}} DecidingRule */
/** @typedef {PolicyRow & {selected: string[], may_select: string[], sources: Source[], rule_list: DecidingRule[], changed: Pairs}} PolicyCard */
/**
 * @typedef {object} About what speaks of a workload
 * @property {(PolicyRow & {certain: boolean, rule_list: Rule[]})[]} selected_by
 * @property {(Rule & {policy: string, certain: boolean})[]} mentioned_by
 */
/** @typedef {Pairs & {policy: string | null, rule: {direction: "ingress" | "egress", index: number} | null}} Decided what a line of YAML decides */
/** @typedef {"name" | "changes"} Order */
/** @typedef {{title: string, rows: PolicyRow[]}} Group */

/** @type {Record<Mark, [icon: string, words: string]>} */
export const MARKS = {
  selects_nothing: ["none", "selects nothing"],
  adds_nothing: ["minus", "adds nothing"],
  opens_everything: ["unlock", "opens everything"],
  set_aside: ["error", "set aside"],
  not_evaluated: ["unknown", "not evaluated"],
};
const TIERS = ["Admin", "NetworkPolicy", "Baseline"];

/** What is worth a badge: who selects nothing adds nothing anyway. @param {PolicyRow} row */
export function marksOf({ marks }) {
  return marks.includes("selects_nothing") ? marks.filter((mark) => mark !== "adds_nothing") : marks;
}

/** "changes 31", "changes nothing", "not counted". @param {PolicyRow} row */
export function changesText({ changes, on }) {
  if (!on) return "switched off";
  if (changes === null) return "not counted";
  return changes ? `changes ${changes.toLocaleString("en")}` : "changes nothing";
}

/** "selects 4". @param {PolicyRow} row */
export function selectsText({ selects }) {
  return selects ? `selects ${selects.toLocaleString("en")}` : "";
}

/** The one line of a policy for who cannot see it. @param {PolicyRow} row */
export function spokenRow(row) {
  const ways = row.directions.map((way) => (way === "ingress" ? "in" : "out")).join(" and ");
  return [`${row.kind} ${row.name}`, row.namespace && `namespace ${row.namespace}`, ways, selectsText(row), changesText(row), ...marksOf(row).map((mark) => MARKS[mark][1])].filter(Boolean).join(", ");
}

/** "shop", "Admin tier · priority 5". @param {PolicyRow} row */
export function homeText(row) {
  return row.namespace || `${row.tier} tier${row.tier === "Admin" || row.order ? ` · priority ${row.order}` : ""}`;
}

/** Those that a filter leaves: all its words must occur. @param {PolicyRow[]} rows @param {string} filter */
export function filtered(rows, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length ? rows.filter((row) => words.every((word) => `${row.id} ${spokenRow(row)}`.toLowerCase().includes(word))) : rows;
}

/**
 * In groups by namespace, those of the whole cluster first, in the order in which they are asked; or all in one, those
 * that change most first.
 * @param {PolicyRow[]} rows @param {Order} order @returns {Group[]}
 */
export function grouped(rows, order) {
  if (order === "changes") return rows.length ? [{ title: "", rows: [...rows].sort((a, b) => (b.changes ?? -1) - (a.changes ?? -1) || compare(a.id, b.id)) }] : [];
  /** @type {Map<string, PolicyRow[]>} */ const groups = new Map();
  for (const row of rows) groups.set(row.namespace, [...(groups.get(row.namespace) ?? []), row]);
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([namespace, members]) => ({
    title: namespace || "Whole cluster",
    rows: members.sort((a, b) => (namespace ? 0 : TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.order - b.order) || compare(a.name, b.name) || compare(a.id, b.id)),
  }));
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What it does to whom it selects, as a sentence. @param {PolicyRow} row */
export function isolationText(row) {
  const ways = (/** @type {string[]} */ given) => given.join(" and ");
  if (row.marks.includes("set_aside")) return "It is set aside: the API server would reject it, so what it means for whom it selects is unknown.";
  if (row.marks.includes("not_evaluated")) return "Its API is not evaluated yet, so what it means for whom it selects is unknown.";
  if (row.isolates.length) return `It isolates whom it selects for ${ways(row.isolates)}: only what rules allow passes.`;
  return row.directions.length ? `It is asked for ${ways(row.directions)}, ${row.tier === "Admin" ? "before" : "where no"} NetworkPolicies${row.tier === "Admin" ? "." : " isolate."}` : "It has no rules.";
}

/** What would be without it. @param {PolicyRow} row */
export function changesSentence({ changes }) {
  if (changes === null) return "How many verdicts it changes was not counted.";
  return changes ? `Without it ${counted(changes, "verdict")} would differ.` : "Without it every verdict would be the same.";
}

/**
 * Whether pairs of nodes of the picture are among these pairs of workloads; a folded namespace stands for all its own.
 * @param {Block[]} blocks @param {(id: string) => string} nodeOf @returns {(tail: string, head: string) => boolean}
 */
export function pairsOf(blocks, nodeOf) {
  const sets = blocks.map(({ sources, destinations }) => ({ tails: new Set(sources.map(nodeOf)), heads: new Set(destinations.map(nodeOf)) }));
  return (tail, head) => sets.some(({ tails, heads }) => tails.has(tail) && heads.has(head));
}

/** The first pairs, one by one; nobody is shown with itself. @param {Block[]} blocks @param {number} most @returns {[string, string][]} */
export function firstPairs(blocks, most) {
  /** @type {[string, string][]} */ const found = [];
  for (const { sources, destinations } of blocks) {
    for (const source of sources) {
      for (const destination of destinations) {
        if (found.length === most) return found;
        if (source !== destination) found.push([source, destination]);
      }
    }
  }
  return found;
}
