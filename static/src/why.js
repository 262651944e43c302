// The Why panel: what is said of each end, in the server's sentences, with the line that says so.
import { el, fill, icon } from "./dom.js";
import { lineName, placeOf, shortName } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Sentence} Sentence */
/** @typedef {import("./types.js").Source} Source */

/** What a rung says, in a word. @type {Record<import("./types.js").Tone, string>} */
const SAYS = { open: "open", key: "allows", bar: "blocks", unknown: "unknown", on: "goes on" };

/** "BLOCKED at destination": the first word in capitals, so that it is found at a glance. @param {string} headline */
export function chipText(headline) {
  return headline.replace(/^\S+/, (word) => word.toUpperCase());
}

/** Near misses, the nearest first: the rule whose line one would change. */
const NEAR = ["port_mismatch", "namespace_mismatch", "peer_mismatch"];

/**
 * The place that a reader wants to see first: what bars, else what is not known, else what opens.
 * @param {Answer} answer @returns {Source | null}
 */
export function decidingSource(answer) {
  const sentences = [...answer.sentences.egress, ...answer.sentences.ingress];
  for (const tone of ["bar", "unknown", "key", "open"]) {
    const told = sentences.filter((sentence) => sentence.tone === tone);
    const details = told.flatMap((sentence) => sentence.details ?? []).filter((detail) => detail.source);
    const near = NEAR.map((code) => details.find((detail) => detail.code === code)).find(Boolean);
    const source = near?.source ?? told.find((sentence) => sentence.source)?.source ?? details[0]?.source;
    if (source) return source;
  }
  return null;
}

/**
 * The sentences of one end by the tier that speaks, in the order in which tiers were asked. Pure.
 * @param {Sentence[]} sentences @returns {{tier: string, tone: import("./types.js").Tone, sentences: Sentence[]}[]}
 */
export function ladder(sentences) {
  /** @type {ReturnType<typeof ladder>} */ const rungs = [];
  for (const sentence of sentences) {
    const last = rungs[rungs.length - 1];
    if (last && last.tier === sentence.tier) {
      last.sentences.push(sentence);
      if (sentence.tone !== "on") last.tone = sentence.tone;
    } else rungs.push({ tier: sentence.tier, tone: sentence.tone, sentences: [sentence] });
  }
  return rungs;
}

/** "Admin tier", "NetworkPolicy", "Default". @param {string} tier */
export function tierName(tier) {
  const name = tier.charAt(0).toUpperCase() + tier.slice(1);
  return /policy$|^default$/i.test(tier) ? name : `${name} tier`;
}

/** How a verdict looks: as the table's four words. @param {Answer} answer */
export function lookOf(answer) {
  if (answer.verdict !== "allowed") return answer.verdict;
  return answer.port || answer.ports === "all" || answer.ports === undefined ? "allowed" : "partial";
}

/** @param {HTMLElement} host @param {Answer} answer @param {(source: Source) => void} onSource */
export function showWhy(host, answer, onSource) {
  const asked = answer.port ? `${answer.port}/${answer.protocol ?? "TCP"}` : "any port";
  fill(host,
    el("header", { class: `answer ${lookOf(answer)}`, "data-testid": "answer", "data-verdict": answer.verdict, "data-blocked-at": answer.blocked_at ?? "" },
      el("h2", { tabindex: -1, "data-testid": "why-headline" }, icon(lookOf(answer)), answer.sentences.headline),
      el("p", { class: "route" }, el("b", { title: answer.source }, shortName(answer.source)), icon("arrow"), el("b", { title: answer.destination }, shortName(answer.destination)), el("span", { class: "quiet" }, asked))),
    card("egress", "Leaving", answer.source, answer.sentences.egress, onSource),
    card("ingress", "Entering", answer.destination, answer.sentences.ingress, onSource),
    answer.sentences.notes.map((note) => el("p", { class: "note" }, icon("info"), el("span", {}, note))),
    el("p", { class: "honesty" }, "Computed from your manifests. Replies are allowed automatically; the network plugin must enforce policies, and some do not."));
}

/** @param {"egress" | "ingress"} direction @param {string} verb @param {string} id @param {Sentence[]} sentences @param {(source: Source) => void} onSource */
function card(direction, verb, id, sentences, onSource) {
  const rungs = ladder(sentences);
  const tone = rungs[rungs.length - 1]?.tone ?? "open";
  return el("section", { class: `card tone-${tone}`, "data-testid": `why-${direction}`, "aria-label": `${verb} ${shortName(id)} (${direction})` },
    el("h3", {}, `${verb} `, el("b", { title: id }, shortName(id)), el("span", { class: "tag" }, direction)),
    placeOf(id) && el("p", { class: "quiet place" }, placeOf(id)),
    el("ol", { class: "ladder" }, rungs.map((rung) =>
      el("li", { class: `rung ${rung.tone}`, "data-tier": rung.tier, "data-decides": rung.tone === "on" ? null : "true" },
        icon(rung.tone),
        el("p", { class: "rung-head" }, el("b", {}, tierName(rung.tier)), el("span", { class: "rung-says" }, SAYS[rung.tone])),
        el("ul", { class: "sentences" }, rung.sentences.map((sentence) => item(sentence, onSource)))))));
}

/** @param {Sentence} sentence @param {(source: Source) => void} onSource */
function item(sentence, onSource) {
  const policy = sentence.policy;
  const told = sentence.details?.some((detail) => detail.source && sentence.source && detail.source.line === sentence.source.line && detail.source.file === sentence.source.file);
  return el("li", { class: `sentence ${sentence.tone}`, "data-code": sentence.code },
    el("p", {}, sentence.text),
    !told && (policy || sentence.source) && el("p", { class: "where" },
        policy && el("span", { class: "policy", title: `${policy.kind} ${policy.namespace ? `${policy.namespace}/` : ""}${policy.name}` }, policy.name),
        sentence.rule !== null && sentence.rule !== undefined && el("span", { class: "quiet" }, `rule ${sentence.rule + 1}`),
        sentence.source && lineLink(sentence.source, onSource)),
    sentence.details?.length > 0 && el("ul", { class: "attempts" }, sentence.details.map((detail) =>
        el("li", { "data-code": detail.code ?? null }, el("span", {}, detail.text), detail.source && lineLink(detail.source, onSource)))));
}

/** A button that opens the YAML at a line. @param {Source} source @param {(source: Source) => void} onSource */
export function lineLink(source, onSource) {
  return el("button", { type: "button", class: "line-link", "data-testid": "line-link", title: `${source.file}, document ${source.document}, line ${source.line}`, onclick: () => onSource(source) }, icon("file"), lineName(source));
}
