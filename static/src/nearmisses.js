// Near misses: the rules that came closest where an end blocks, ranked, with what each wants and what there is.
import { el, icon } from "./dom.js";
import { codeLink, lineLink } from "./reasons.js";
import { counted } from "./words.js";

/** @typedef {import("./types.js").Lack} Lack */
/** @typedef {import("./types.js").NearMiss} NearMiss */
/** @typedef {import("./types.js").Side} Side */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {"" | "want" | "have"} Mark */

/** Where a spelling is guessed, the server's sentence ends so. */
const GUESS = / (Did you mean ".*"\?)$/s;

/**
 * The words by which a sentence may name what a rule wants, and what there is. Pure.
 * @param {Lack} lack @returns {{want: string[], have: string[]}} the likeliest first
 */
export function phrases({ key, operator, want = [], have }) {
  if (key === undefined) return { want: want.slice(0, 1), have: have ? [have] : [] };
  const list = `(${want.join(", ")})`;
  const term = { In: want.length === 1 ? `${key}=${want[0]}` : `${key} in ${list}`, NotIn: `${key} not in ${list}`, Exists: key, DoesNotExist: `no ${key}` }[operator ?? ""];
  return { want: term ? [term] : [], have: have === null || have === undefined ? [`no label ${key}`] : [`${key}=${have}`] };
}

/**
 * A sentence in parts: what the rule wants, what there is, and the words between. Nothing is lost or added. Pure.
 * @param {Lack} lack @returns {{parts: [Mark, string][], guess: string}}
 */
export function marked(lack) {
  const guess = GUESS.exec(lack.text)?.[1] ?? "";
  const text = guess ? lack.text.slice(0, -guess.length - 1) : lack.text;
  const { want, have } = phrases(lack);
  const start = want[0] ? text.indexOf(want[0]) : -1;
  const wanted = start < 0 ? 0 : start + (want[0]?.length ?? 0);
  const at = have[0] ? text.indexOf(have[0], wanted) : -1; // it is named after what is wanted
  /** @type {[Mark, string][]} */ const parts = [];
  if (start >= 0) parts.push(["", text.slice(0, start)], ["want", text.slice(start, wanted)]);
  if (at >= 0) parts.push(["", text.slice(wanted, at)], ["have", have[0] ?? ""], ["", text.slice(at + (have[0]?.length ?? 0))]);
  else parts.push(["", text.slice(wanted)]);
  return { parts: parts.filter(([, words]) => words), guess };
}

/** Whether it is the rule of the other end, to which one at this end is missing. @param {NearMiss} miss */
export function isOneSided(miss) {
  return miss.lacks[0]?.reason === "one_sided";
}

/** What a near miss is called: the nearest of the rules at this end is the closest. @param {NearMiss[]} misses @returns {string[]} */
export function ranks(misses) {
  const first = misses.findIndex((miss) => !isOneSided(miss));
  return misses.map((miss, index) => (isOneSided(miss) ? "One-sided" : index === first ? "Closest" : "Also near"));
}

/** What to say of how many rules were compared; "" where that is plain. @param {Side} side @param {string} direction */
export function countText({ near_misses: misses = [], rules_compared: compared = 0, rules_in_question: all = 0 }, direction) {
  if (compared < all) return `Compared ${compared.toLocaleString("en")} of ${counted(all, "rule")}, the likeliest first.`;
  if (misses.length || !all) return "";
  return all === 1 ? `The one ${direction} rule does not come close.` : `None of the ${all.toLocaleString("en")} ${direction} rules comes close.`;
}

/**
 * The line that one would change: the term that fails in the nearest rule at this end.
 * @param {Side | undefined} side @returns {Source | null}
 */
export function nearestSource(side) {
  const miss = side?.near_misses?.find((item) => !isOneSided(item));
  return miss?.lacks.find((lack) => lack.source)?.source ?? miss?.source ?? null;
}

/** @param {Side | undefined} side @param {"egress" | "ingress"} direction @param {(source: Source) => void} onSource */
export function nearMisses(side, direction, onSource) {
  if (!side) return null;
  const misses = side.near_misses ?? [];
  const count = countText(side, direction);
  if (!misses.length) return count ? el("p", { class: "near-count", "data-testid": "near-count" }, count) : null;
  const names = ranks(misses);
  return el("section", { class: "near", "data-testid": "near-misses", "aria-label": `Rules that came close (${direction})` },
    el("ol", {}, misses.map((miss, index) => nearMiss(miss, names[index] ?? "", onSource))),
    count && el("p", { class: "near-count", "data-testid": "near-count" }, count));
}

/** @param {NearMiss} miss @param {string} rank @param {(source: Source) => void} onSource */
function nearMiss(miss, rank, onSource) {
  const own = miss.lacks.some((lack) => lack.source && same(lack.source, miss.source));
  return el("li", { class: "near-miss", "data-testid": "near-miss", "data-rank": rank },
    el("p", { class: "near-head" }, el("span", { class: "near-rank" }, rank), !own && lineLink(miss.source, onSource), el("b", {}, miss.text)),
    el("ul", { class: "lacks" }, miss.lacks.map((lack) => lacking(lack, onSource))));
}

/** @param {Lack} lack @param {(source: Source) => void} onSource */
function lacking(lack, onSource) {
  const { parts, guess } = marked(lack);
  return el("li", { class: "lack", "data-code": lack.reason, title: lack.path },
    el("p", {}, parts.map(([mark, text]) => (mark ? el("mark", { class: mark }, text) : text))),
    guess && el("p", { class: "guess" }, icon("help"), el("span", {}, guess)),
    el("p", { class: "where" }, lack.source && lineLink(lack.source, onSource), codeLink(lack.reason)));
}

/** @param {Source} one @param {Source} other */
function same(one, other) {
  return one.file === other.file && one.line === other.line;
}
