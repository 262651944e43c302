// Filters as text: their terms, and what can be offered while one is typed. Pure.

/** @typedef {import("./types.js").Vocabulary} Vocabulary */
/** @typedef {import("./types.js").Names} Names */
/** @typedef {{text: string, about: string, more: boolean}} Suggestion `more`: it is a beginning, typing goes on behind it */

/** Keys that can stand once. */
const ONCE = ["near", "steps"];
/** Keys whose values are workloads or addresses. */
const PEERS = ["near", "reach", "reached-by"];
const MOST = 40;

/** The terms of a filter as they are written. @param {string} filter @returns {string[]} */
export function termsOf(filter) {
  return filter.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

/** A value as it must be written. @param {string} value */
export function quoted(value) {
  return /[\s":]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}

/** A filter with one term more, in place of one of its key where that can stand once only. @param {string} filter @param {string} term */
export function withTerm(filter, term) {
  const key = term.split(":")[0] ?? "";
  const kept = termsOf(filter).filter((each) => each !== term && !(ONCE.includes(key) && each.startsWith(`${key}:`)));
  return [...kept, term].join(" ");
}

/** The shortest name of a workload that a filter takes for certain: "shop/checkout". @param {string} id */
export function nameFor(id) {
  return quoted(id);
}

/**
 * What may stand where the caret is.
 * @param {string} text @param {number} caret @param {Vocabulary} vocabulary @param {Names} names
 * @returns {{start: number, end: number, options: Suggestion[]}} the part of the text that an option replaces
 */
export function suggest(text, caret, vocabulary, names) {
  const start = startOfTerm(text, caret);
  const end = caret + (/^(?:"[^"]*"?|[^\s"])*/.exec(text.slice(caret))?.[0].length ?? 0);
  const typed = text.slice(start, caret);
  const sign = typed.startsWith("-") ? "-" : "";
  const colon = typed.indexOf(":");
  if (colon < 0 || typed.includes('"', 0) && typed.indexOf('"') < colon) return { start, end, options: keysFor(typed.slice(sign.length), sign, vocabulary) };
  const key = typed.slice(sign.length, colon);
  const value = typed.slice(colon + 1).replaceAll('"', "").toLowerCase();
  const options = valuesOf(key, vocabulary, names).filter((each) => each.toLowerCase().includes(value));
  const rank = (/** @type {string} */ each) => (each.toLowerCase().startsWith(value) ? 0 : each.toLowerCase().includes(`/${value}`) ? 1 : 2);
  options.sort((a, b) => rank(a) - rank(b));
  return { start, end, options: options.slice(0, MOST).map((each) => ({ text: `${sign}${key}:${quoted(each)}`, about: "", more: false })) };
}

/** @param {string} text @param {number} caret */
function startOfTerm(text, caret) {
  let start = 0;
  for (const match of text.slice(0, caret).matchAll(/(?:"[^"]*"?|[^\s"])+|\s+/g)) start = /^\s/.test(match[0]) ? match.index + match[0].length : match.index;
  return start;
}

/** @param {string} typed @param {string} sign @param {Vocabulary} vocabulary @returns {Suggestion[]} */
function keysFor(typed, sign, vocabulary) {
  const word = typed.toLowerCase();
  const keys = vocabulary.keys.filter(({ key, about }) => key.startsWith(word) || (word.length > 2 && about.toLowerCase().includes(word)));
  const values = word.length > 1 ? vocabulary.keys.filter(({ key }) => key === "ns" || key === "kind").flatMap(({ key, values: all }) => all.filter((each) => each.toLowerCase().startsWith(word)).map((each) => ({ text: `${sign}${key}:${quoted(each)}`, about: "", more: false }))) : [];
  return [...keys.map(({ key, about }) => ({ text: `${sign}${key}:`, about, more: true })), ...values.slice(0, 8)];
}

/** @param {string} key @param {Vocabulary} vocabulary @param {Names} names @returns {string[]} */
function valuesOf(key, vocabulary, names) {
  if (PEERS.includes(key)) return [...names.externals.slice(0, 1), ...names.workloads, ...names.externals.slice(1)];
  if (key === "name") return names.workloads;
  return vocabulary.keys.find((each) => each.key === key)?.values ?? [];
}
