// A way round: the shortest chain of connections between two ends, hop by hop, with what would cut it.
import { el, fill, icon } from "./dom.js";
import { codeLink, lineLink } from "./reasons.js";
import { counted, isService, placeOf, policyName, portsText, shortName } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Chain} Chain */
/** @typedef {import("./types.js").Hop} Hop */
/** @typedef {import("./types.js").HopEnd} HopEnd */
/** @typedef {import("./types.js").Source} Source */
/**
 * @typedef {object} Shown
 * @property {boolean} open whether it was asked for @property {Chain | null} chain @property {string} refusal why there is no answer
 */
/**
 * @typedef {object} Actions
 * @property {(open: boolean) => void} onToggle @property {(from: string, to: string) => void} onEdge
 * @property {(source: Source) => void} onSource
 */

/** What one would ask of a pair. @param {Answer} answer */
export function questionOf(answer) {
  return answer.verdict === "allowed" ? "What would cut it?" : "Is there a way round?";
}

/** The answer in a line. Pure. @param {Chain} chain @returns {{look: "allowed" | "unknown" | "blocked", text: string}} */
export function chainHeadline({ verdict, hops }) {
  if (verdict === "blocked") return { look: "blocked", text: "No: no chain of connections leads there" };
  if (!hops.length) return { look: "allowed", text: "It is there already" };
  if (verdict === "unknown") return { look: "unknown", text: hops.length === 1 ? "Perhaps, directly" : `Perhaps, in ${hops.length} hops` };
  return { look: "allowed", text: hops.length === 1 ? "Directly, in one hop" : `Yes, in ${hops.length} hops` };
}

/**
 * The sentences of an end of a hop, each with the line that it speaks of. Pure.
 * @param {HopEnd} end @param {"egress" | "ingress"} direction @returns {{text: string, source: Source | null}[]}
 */
export function placed({ sentences, rules, policies }, direction) {
  const places = [
    ...rules.map((rule) => ({ words: `${policyName(rule.policy)}, ${direction} rule ${rule.index + 1} `, source: rule.source })),
    ...policies.map((policy) => ({ words: policyName(policy), source: policy.source })),
  ];
  return sentences.map((text) => {
    const named = places.map(({ words, source }) => ({ at: text.indexOf(words), length: words.length, source })).filter(({ at }) => at >= 0);
    named.sort((a, b) => a.at - b.at || b.length - a.length); // what is named first; "web-2" rather than "web"
    return { text, source: named[0]?.source ?? null };
  });
}

/**
 * The policies whose rules carry the hops that every chain uses: changing those of one hop is enough. Pure.
 * @param {Chain} chain @returns {string[]}
 */
export function policiesToChange({ hops }) {
  const only = hops.filter((hop) => hop.only_way);
  return [...new Set(only.flatMap((hop) => [hop.egress, hop.ingress]).flatMap((end) => [...end.rules.map((rule) => rule.policy), ...end.policies]).map(policyName))];
}

/** Whether one can ask for a chain: it leads to workloads and addresses. @param {Answer} answer */
export function canAsk(answer) {
  return !answer.service && !isService(answer.destination) && answer.source !== answer.destination;
}

/** @param {HTMLElement} host @param {Answer} answer @param {Shown} shown @param {Actions} actions */
export function showChain(host, answer, { open, chain, refusal }, actions) {
  host.hidden = !canAsk(answer);
  if (host.hidden) return;
  const focused = host.contains(document.activeElement);
  const button = el("button", { type: "button", class: "button small chain-toggle", "aria-expanded": String(open), "aria-controls": "chain-body", "data-testid": "chain-toggle", onclick: () => actions.onToggle(!open) }, icon("route"), questionOf(answer), icon(open ? "up" : "down"));
  fill(host, button,
    el("div", { id: "chain-body", class: "chain-body", hidden: !open, "data-testid": "chain-body", role: "region", "aria-label": questionOf(answer) },
      !open ? null : chain ? body(chain, actions) : refusal ? el("p", { class: "notice" }, refusal) : el("p", { class: "quiet" }, "Asking …")));
  if (focused) button.focus();
}

/** @param {Chain} chain @param {Actions} actions */
function body(chain, actions) {
  const { look, text } = chainHeadline(chain);
  const last = chain.hops[chain.hops.length - 1];
  const change = policiesToChange(chain);
  return [
    el("h3", { class: `chain-head verdict ${look}`, "data-testid": "chain-headline", "data-verdict": chain.verdict }, icon(look), text),
    last ? el("ol", { class: "hops" }, chain.hops.map((hop, index) => hopItem(hop, index + 1, actions)), el("li", { class: "stop last" }, stop(last.destination))) : null,
    el("div", { class: "chain-summary", "data-testid": "chain-summary" }, chain.summary.map((sentence) => el("p", {}, sentence)),
      change.length > 0 && el("p", {}, change.length === 1 ? "The policy that carries these hops: " : "The policies that carry these hops: ", change.map((name, index) => [index ? ", " : "", el("b", {}, name)]).flat(), ".")),
  ];
}

/** @param {string} id */
function stop(id) {
  return el("p", { class: "stop-name", title: id }, el("b", {}, shortName(id)), el("small", {}, placeOf(id)));
}

/** @param {Hop} hop @param {number} number @param {Actions} actions */
function hopItem(hop, number, actions) {
  const unknown = hop.verdict === "unknown";
  const ports = unknown ? `unknown: ${portsText(hop.unknown_ports)}` : portsText(hop.ports);
  return el("li", { class: `stop hop ${hop.verdict}`, "data-testid": "hop", "data-verdict": hop.verdict, "data-only-way": String(hop.only_way) },
    stop(hop.source),
    el("div", { class: "hop-body" },
      el("p", { class: "hop-line" },
        el("span", { class: "hop-number", "aria-hidden": "true" }, number),
        el("button", { type: "button", class: "hop-ask", "data-testid": "hop-ask", "aria-label": `Hop ${number}: ask why ${shortName(hop.source)} may reach ${shortName(hop.destination)}, ${ports}`, onclick: () => actions.onEdge(hop.source, hop.destination) }, unknown && icon("unknown"), ports),
        hop.only_way && el("span", { class: "only-way", "data-testid": "only-way", title: "Every chain uses this hop: cutting it is enough" }, icon("cut"), "the only way")),
      ends(hop.egress, "egress", "Leaves", actions), ends(hop.ingress, "ingress", "Enters", actions)));
}

/** @param {HopEnd} end @param {"egress" | "ingress"} direction @param {string} verb @param {Actions} actions */
function ends(end, direction, verb, actions) {
  return el("div", { class: "hop-end", "data-end": direction },
    el("span", { class: "hop-verb" }, verb),
    el("ul", {}, placed(end, direction).map(({ text, source }) => el("li", {}, el("span", {}, text), " ", source && lineLink(source, actions.onSource))),
      end.open && end.reasons.map((code) => el("li", {}, codeLink(code)))));
}

/** For a sentence to be spoken. @param {Chain} chain */
export function spoken(chain) {
  const by = chain.hops.slice(0, -1).map((hop) => shortName(hop.destination));
  return `${chainHeadline(chain).text}${by.length ? `, by way of ${by.join(", ")}` : ""}. ${counted(chain.hops.filter((hop) => hop.only_way).length, "hop")} that every chain uses.`;
}
