// One policy in the panel: whom it selects, what it changes, and each rule with whom it matches and what it decides.
import { el, fill, icon } from "./dom.js";
import { changesSentence, firstPairs, homeText, isolationText, MARKS, marksOf } from "./policywords.js";
import { lineLink } from "./reasons.js";
import { counted, lineName, placeOf, shortName } from "./words.js";

/** @typedef {import("./policywords.js").PolicyCard} PolicyCard */
/** @typedef {import("./policywords.js").Pairs} Pairs */
/** @typedef {import("./policywords.js").About} About */
/**
 * @typedef {object} Actions
 * @property {(source: import("./types.js").Source) => void} onSource @property {(id: string) => void} onNode
 * @property {(from: string, to: string) => void} onEdge @property {(id: string) => void} onPolicy
 * @property {(id: string, on: boolean) => void} onSwitch
 */

const FEW = 8;
const MANY = 100;
const WAYS = { ingress: "Ingress", egress: "Egress" };

/** @param {HTMLElement} host @param {PolicyCard} card @param {Actions} actions */
export function showPolicy(host, card, actions) {
  fill(host,
    el("header", { class: "subject" }, el("h2", { tabindex: -1, "data-testid": "policy-title" }, card.name), el("p", { class: "quiet" }, `${card.kind} · ${homeText(card)}`)),
    el("p", { class: "where" }, card.sources.map((source) => lineLink(source, actions.onSource)),
      el("button", { type: "button", class: "button small", "data-testid": "policy-switch", onclick: () => actions.onSwitch(card.id, false) }, "Switch it off")),
    marksOf(card).length > 0 && el("p", { class: "policy-marks" }, marksOf(card).map((mark) => el("a", { class: `mark ${mark}`, href: `/help#mark-${mark}`, "data-testid": "policy-mark" }, icon(MARKS[mark][0]), MARKS[mark][1]))),
    el("p", { "data-testid": "policy-isolates" }, isolationText(card)),
    el("section", { class: "peers", "data-testid": "policy-changes" }, el("h3", {}, "Changes", el("span", { class: "count" }, card.changed.pairs.toLocaleString("en"))),
      el("p", { class: "quiet" }, changesSentence(card)), pairList(card.changed, actions)),
    el("section", { class: "peers", "data-testid": "policy-selects" }, el("h3", {}, "Selects", el("span", { class: "count" }, card.selected.length.toLocaleString("en"))),
      card.selected.length ? idList(card.selected, actions) : el("p", { class: "quiet" }, card.may_select.length ? "Nobody for certain." : "No workload of the input."),
      card.may_select.length > 0 && el("details", {}, el("summary", {}, `May select ${counted(card.may_select.length, "other")}`), idList(card.may_select, actions))),
    el("section", { class: "policy-rules" }, el("h3", {}, "Rules", el("span", { class: "count" }, card.rule_list.length)),
      card.rule_list.length ? el("ol", {}, card.rule_list.map((rule) => ruleItem(rule, actions))) : el("p", { class: "quiet" }, card.isolates.length ? "None: nothing is allowed by it." : "None.")));
}

/** A policy that is switched off, or not in this input. @param {HTMLElement} host @param {string} id @param {string} message @param {boolean} off @param {Actions} actions */
export function showAbsent(host, id, message, off, actions) {
  fill(host, el("header", { class: "subject" }, el("h2", { tabindex: -1, "data-testid": "policy-title" }, id.split("/").at(-1)), el("p", { class: "quiet" }, id)),
    el("p", { class: "notice" }, off ? "It is switched off: the picture shows what would be without it." : message),
    off && el("p", { class: "buttons" }, el("button", { type: "button", class: "button small", "data-testid": "policy-switch", onclick: () => actions.onSwitch(id, true) }, "Switch it on")));
}

/** @param {import("./policywords.js").DecidingRule} rule @param {Actions} actions */
function ruleItem(rule, actions) {
  const { matches, may_match: may } = rule;
  const who = matches.length ? `Matches ${matches.length.toLocaleString("en")}` : "Matches nobody of the input";
  return el("li", { class: "policy-rule", "data-testid": "policy-rule" },
    el("p", {}, el("b", {}, `${WAYS[rule.direction]} rule ${rule.index + 1}${rule.name ? ` (${rule.name})` : ""}`), " ", lineLink(rule.source, actions.onSource)),
    el("p", {}, `${rule.text}.`),
    matches.length || may.length ? el("details", {}, el("summary", {}, may.length ? `${who}, and may match ${may.length.toLocaleString("en")}` : who), idList([...matches, ...may], actions)) : el("p", { class: "quiet" }, `${who}.`),
    rule.decides.pairs > 0 ? el("details", {}, el("summary", {}, `Decides ${counted(rule.decides.pairs, "pair")}`), pairList(rule.decides, actions)) : el("p", { class: "quiet" }, "No verdict rests on it."));
}

/** @param {string[]} ids @param {Actions} actions */
function idList(ids, actions) {
  return list(ids, (id) => el("button", { type: "button", class: "peer", title: id, onclick: () => actions.onNode(id) }, el("span", { class: "name" }, shortName(id), placeOf(id) && el("small", {}, placeOf(id)))));
}

/** @param {Pairs} pairs @param {Actions} actions */
function pairList(pairs, actions) {
  return list(firstPairs(pairs.blocks, MANY), ([source, destination]) =>
    el("button", { type: "button", class: "peer pair", title: `${source} → ${destination}. Why?`, onclick: () => actions.onEdge(source, destination) }, el("span", { class: "name" }, shortName(source), icon("arrow"), shortName(destination))), pairs.pairs);
}

/** The first few; the rest behind a button. @template T @param {T[]} items @param {(item: T) => Node} draw @param {number} [total] */
function list(items, draw, total = items.length) {
  const more = (/** @type {number} */ shown) => total > shown && el("li", { class: "quiet" }, `and ${(total - shown).toLocaleString("en")} more`);
  if (items.length <= FEW) return items.length > 0 && el("ul", {}, items.map((item) => el("li", {}, draw(item))), more(items.length));
  const host = el("ul", {}, items.slice(0, FEW).map((item) => el("li", {}, draw(item))));
  const rest = el("button", { type: "button", class: "button small", onclick: () => {
    last.remove();
    host.append(...items.slice(FEW, MANY).map((item) => el("li", {}, draw(item))));
    const tail = more(Math.min(items.length, MANY));
    if (tail) host.append(tail);
    /** @type {HTMLElement | null | undefined} */ (host.children[FEW]?.querySelector("button"))?.focus();
  } }, `Show more of ${total.toLocaleString("en")}`);
  const last = el("li", {}, rest);
  host.append(last);
  return host;
}

/** In the details of a workload: the policies that select it, and the rules that mention it. @param {HTMLElement} host @param {About} about @param {boolean} known a workload, no address @param {Actions} actions */
export function showAbout(host, about, known, actions) {
  fill(host,
    known && el("div", { "data-testid": "selected-by" }, el("h3", {}, "Policies that select it", el("span", { class: "count" }, about.selected_by.length)),
      about.selected_by.length ? list(about.selected_by, (row) => policyButton(row.id, row.name, `${row.certain ? "" : "perhaps, "}${row.directions.join(" and ")}, ${counted(row.rules, "rule")}`, row.source, actions)) : el("p", { class: "quiet" }, "None.")),
    el("div", { "data-testid": "mentioned-by" }, el("h3", {}, "Rules that mention it as the other end", el("span", { class: "count" }, about.mentioned_by.length)),
      about.mentioned_by.length ? list(about.mentioned_by, (rule) => policyButton(rule.policy, rule.policy.split("/").at(-1) ?? "", `${rule.certain ? "" : "perhaps, "}${rule.direction} rule ${rule.index + 1}: ${rule.text}`, rule.source, actions)) : el("p", { class: "quiet" }, "None.")));
}

/** @param {string} id @param {string} name @param {string} words @param {import("./types.js").Source} source @param {Actions} actions */
function policyButton(id, name, words, source, actions) {
  return el("div", { class: "policy-link" },
    el("button", { type: "button", class: "peer", title: id, onclick: () => actions.onPolicy(id) }, el("span", { class: "name" }, name, el("small", {}, words))),
    el("button", { type: "button", class: "line-link", "data-testid": "line-link", title: `${source.file}, line ${source.line}`, onclick: () => actions.onSource(source) }, icon("file"), lineName(source)));
}
