// What a draft changes, pair by pair: the server's comparison, brought to the lines and rows that are seen. Pure.

/** @typedef {"opened" | "cut" | "changed" | "unknown" | "known"} Kind */
/** @typedef {import("./types.js").Ports} Ports */
/** @typedef {{source: string, destination: string, before: Ports, after: Ports, before_unknown?: Ports, after_unknown?: Ports}} Row */
/** @typedef {{opened: number, cut: number, changed: number, became_unknown: number, became_known: number}} Counts */
/**
 * @typedef {object} Changes what `/changes` says
 * @property {Row[]} opened @property {Row[]} cut @property {Row[]} changed @property {Row[]} became_unknown @property {Row[]} became_known
 * @property {Counts} counts @property {boolean} [truncated]
 * @property {Record<string, string>} seen_as address parts of the rows that the view does not tell apart, and what it has in their place
 */
/** @typedef {{kind: Kind, row: Row}} Change */

/** By how much they matter. @type {[Kind, keyof Counts, string][]} */
const KINDS = [
  ["opened", "opened", "opened"],
  ["cut", "cut", "cut"],
  ["changed", "changed", "changed ports"],
  ["unknown", "became_unknown", "became unknown"],
  ["known", "became_known", "became known"],
];
/** @type {Record<Kind, string>} the sign of each, so that colour is not alone */
export const SIGNS = { opened: "+", cut: "−", changed: "~", unknown: "?", known: "!" };
/** @type {Record<Kind, string>} */
export const WORDS = { opened: "opened", cut: "cut", changed: "ports changed", unknown: "became unknown", known: "became known" };

/** What counts, in words: "3 opened", "2 cut"; each pair once, unless there are too many to be told apart here. @param {Changes} changes @returns {{kind: Kind, text: string}[]} */
export function countsText(changes) {
  const all = changes.truncated ? [] : changesOf(changes);
  return KINDS.flatMap(([kind, name, words]) => {
    const count = changes.truncated ? changes.counts[name] : all.filter((change) => change.kind === kind).length;
    return count ? [{ kind, text: `${count.toLocaleString("en")} ${words}` }] : [];
  });
}

/** Every changed pair once, under what matters most of it. What was open and is unknown now is not cut. @param {Changes} changes @returns {Change[]} */
export function changesOf(changes) {
  const pairOf = (/** @type {Row} */ row) => `${row.source}>${row.destination}`;
  const unsure = new Set(changes.became_unknown.map(pairOf));
  /** @type {Map<string, Change>} */ const found = new Map();
  for (const [kind, name] of KINDS) {
    for (const row of changes[name]) {
      const pair = pairOf(row);
      if (!found.has(pair) && !(kind === "cut" && unsure.has(pair))) found.set(pair, { kind, row });
    }
  }
  return [...found.values()];
}

/**
 * How each pair of nodes has changed; several of different kinds behind one are "changed".
 * @param {Change[]} changes @param {(id: string) => string} nodeOf what an end is drawn as
 * @returns {Map<string, Kind>} by "SOURCE>DESTINATION"
 */
export function byPair(changes, nodeOf) {
  /** @type {Map<string, Kind>} */ const found = new Map();
  for (const { kind, row } of changes) {
    const pair = `${nodeOf(row.source)}>${nodeOf(row.destination)}`;
    const other = found.get(pair);
    found.set(pair, other && other !== kind ? "changed" : kind);
  }
  return found;
}

/** What a line of several pairs stands for. @param {{tails: string[], heads: string[]}} line @param {Map<string, Kind>} pairs @returns {Kind | ""} */
export function kindOfLine({ tails, heads }, pairs) {
  /** @type {Set<Kind>} */ const kinds = new Set();
  for (const tail of tails) {
    for (const head of heads) {
      const kind = pairs.get(`${tail}>${head}`);
      if (kind) kinds.add(kind);
    }
  }
  const [first = ""] = kinds;
  return kinds.size > 1 ? "changed" : first;
}
