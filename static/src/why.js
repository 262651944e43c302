// The Why panel: what is said of each end, in the server's sentences, with the line that says so.
import { el, fill, icon } from "./dom.js";
import { nearestSource, nearMisses } from "./nearmisses.js";
import { decidingPart, hasEnds, partList } from "./parts.js";
import { codeLink, lineLink } from "./reasons.js";
import { placeOf, policyName, shortName } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Sentence} Sentence */
/** @typedef {import("./types.js").Source} Source */

/** Longer lists of what was asked are folded where something shorter tells the same. */
const MOST_IN_VIEW = 4;
/** What a rung says, in a word. @type {Record<import("./types.js").Tone, string>} */
const SAYS = { open: "open", key: "allows", bar: "blocks", unknown: "unknown", on: "goes on" };

/** The server's words for the verdict; of a Service that some backends answer, those of its first part would mislead. @param {Answer} answer */
export function headlineOf({ verdict, service, parts = [], sentences }) {
  const mixed = service && verdict === "blocked" && parts.some((part) => part.verdict === "allowed");
  return mixed ? "Blocked at some backends" : sentences.headline;
}

/** The same of a tier that blocks the other ports. @type {Record<string, string>} */
const MIXED = { open: "open for some ports", key: "allows some ports", unknown: "unknown for some ports" };

/** "BLOCKED at destination": the first word in capitals, so that it is found at a glance. @param {string} headline */
export function chipText(headline) {
  return headline.replace(/^\S+/, (word) => word.toUpperCase());
}

/**
 * The place that a reader wants to see first: what bars, else what is not known, else what opens.
 * @param {Answer} answer @returns {Source | null}
 */
export function decidingSource(answer) {
  const near = nearestSource(answer.egress) ?? nearestSource(answer.ingress);
  if (near) return near;
  const sentences = [...answer.sentences.egress, ...answer.sentences.ingress];
  for (const tone of ["bar", "unknown", "key", "open"]) {
    const told = sentences.filter((sentence) => sentence.tone === tone);
    const details = told.flatMap((sentence) => sentence.details ?? []).filter((detail) => detail.source);
    const source = told.find((sentence) => sentence.source)?.source ?? details[0]?.source;
    if (source) return source;
  }
  return null;
}

/**
 * The sentences of one end by the tier that speaks, in the order in which tiers were asked. A tier that blocks some ports
 * and not others is `mixed`, and does not bar the way. Pure.
 * @param {Sentence[]} sentences @returns {{tier: string, tone: import("./types.js").Tone, mixed: boolean, sentences: Sentence[]}[]}
 */
export function ladder(sentences) {
  /** @type {ReturnType<typeof ladder>} */ const rungs = [];
  for (const sentence of sentences) {
    const last = rungs[rungs.length - 1];
    if (last && last.tier === sentence.tier) {
      last.sentences.push(sentence);
      last.mixed ||= last.tone !== sentence.tone && [last.tone, sentence.tone].includes("bar") && ![last.tone, sentence.tone].includes("on");
      if (sentence.tone !== "on" && (sentence.tone !== "bar" || last.tone === "on")) last.tone = sentence.tone;
    } else rungs.push({ tier: sentence.tier, tone: sentence.tone, mixed: false, sentences: [sentence] });
  }
  return rungs;
}

/** How an end looks: as its last tier, unless an earlier one lets some ports pass. @param {ReturnType<typeof ladder>} rungs @param {import("./types.js").Side | undefined} side */
export function toneOf(rungs, side) {
  const tone = rungs[rungs.length - 1]?.tone ?? "open";
  return tone === "bar" && side?.verdict === "allowed" ? "key" : tone;
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

/**
 * The notes, apart by whom they are about: those on a source come first, for who cannot resolve names never comes to ask. Pure.
 * @param {Answer} answer @returns {{first: string[], rest: string[]}}
 */
export function sortNotes(answer) {
  const ids = [answer, ...(answer.parts ?? [])].map((part) => `${part.source} `);
  const first = answer.sentences.notes.filter((note) => ids.some((id) => note.startsWith(id)));
  return { first, rest: answer.sentences.notes.filter((note) => !first.includes(note)) };
}

/**
 * @param {HTMLElement} host @param {Answer} answer @param {(source: Source) => void} onSource
 * @param {(part: Answer) => void} onPart another part is looked at
 * @returns {HTMLElement} where the chain of connections may be shown
 */
export function showWhy(host, answer, onSource, onPart) {
  const asked = answer.port ? `${answer.port}/${answer.protocol ?? "TCP"}` : "any port";
  const { first, rest } = sortNotes(answer);
  const parts = el("div", { class: "why-parts" });
  const ends = el("div", { class: "why-ends" });
  const chain = el("section", { class: "chain", "data-testid": "chain", "aria-label": "Chain of connections", hidden: true });
  const choose = (/** @type {Answer} */ part) => {
    const list = partList(answer, part, (other) => (choose(other), onPart(other)));
    const focused = parts.contains(document.activeElement);
    fill(parts, list);
    parts.hidden = !list;
    if (focused) /** @type {HTMLElement | null} */ (parts.querySelector('[aria-pressed="true"]'))?.focus();
    fill(ends, hasEnds(answer, part) && cards(part, onSource));
  };
  choose(decidingPart(answer));
  fill(host,
    el("header", { class: `answer ${lookOf(answer)}`, "data-testid": "answer", "data-verdict": answer.verdict, "data-blocked-at": answer.blocked_at ?? "" },
      el("h2", { tabindex: -1, "data-testid": "why-headline" }, icon(lookOf(answer)), headlineOf(answer)),
      el("p", { class: "route" }, el("b", { title: answer.source }, shortName(answer.source)), icon("arrow"), el("b", { title: answer.destination }, shortName(answer.destination)), el("span", { class: "quiet" }, asked))),
    first.map((note) => el("p", { class: "note warn", "data-testid": "note" }, icon("warning"), el("span", {}, note))),
    chain, parts, ends,
    rest.map((note) => el("p", { class: "note", "data-testid": "note" }, icon("info"), el("span", {}, note))),
    el("p", { class: "honesty" }, "Computed from your manifests. Replies are allowed automatically; the network plugin must enforce policies, and some do not."));
  return chain;
}

/** Both ends of a part. @param {Answer} part @param {(source: Source) => void} onSource */
function cards(part, onSource) {
  return [
    card("egress", "Leaving", part.source, part, onSource),
    card("ingress", "Entering", part.destination, part, onSource),
  ];
}

/** @param {"egress" | "ingress"} direction @param {string} verb @param {string} id @param {Answer} part @param {(source: Source) => void} onSource */
function card(direction, verb, id, part, onSource) {
  const rungs = ladder(part.sentences[direction]);
  const tone = toneOf(rungs, part[direction]);
  const near = nearMisses(part[direction], direction, onSource);
  const nearer = (part[direction]?.near_misses ?? []).length > 0; // they tell more than the list of all that was asked
  const long = (/** @type {Sentence[]} */ sentences) => near !== null && sentences.some((sentence) => (sentence.details ?? []).length > MOST_IN_VIEW);
  return el("section", { class: `card tone-${tone}`, "data-testid": `why-${direction}`, "aria-label": `${verb} ${shortName(id)} (${direction})` },
    el("div", { class: "card-head" },
      el("h3", {}, `${verb} `, el("b", { title: id }, shortName(id)), el("span", { class: "tag" }, direction)),
      placeOf(id) && el("p", { class: "quiet place" }, placeOf(id))),
    el("ol", { class: "ladder" }, rungs.map((rung, index) => {
      const last = index === rungs.length - 1;
      const brief = last && (nearer || long(rung.sentences));
      const details = brief ? rung.sentences.flatMap((sentence) => sentence.details ?? []) : [];
      return el("li", { class: `rung ${rung.tone}`, "data-tier": rung.tier, "data-decides": rung.tone === "on" ? null : "true" },
        icon(rung.tone),
        el("p", { class: "rung-head" }, el("b", {}, tierName(rung.tier)), el("span", { class: "rung-says" }, rung.mixed ? MIXED[rung.tone] : SAYS[rung.tone])),
        el("ul", { class: "sentences" }, rung.sentences.map((sentence) => item(sentence, brief, onSource))),
        last && near,
        details.length > 0 && el("details", { class: "asked" }, el("summary", {}, "All that was asked ", el("span", { class: "count" }, details.length)), attempts(details, onSource)));
    })));
}

/** @param {Sentence} sentence @param {boolean} brief its details are told elsewhere @param {(source: Source) => void} onSource */
function item(sentence, brief, onSource) {
  const { policy, rule, source, details = [] } = sentence;
  const told = !brief && details.some((detail) => detail.source && source && detail.source.line === source.line && detail.source.file === source.file);
  const full = policy ? policyName(policy) : "";
  const unnamed = !told && policy && !sentence.text.startsWith(full);
  return el("li", { class: `sentence ${sentence.tone}`, "data-code": sentence.code },
    el("p", {}, sentence.text),
    el("p", { class: "where" },
      unnamed && el("span", { class: "policy", title: full }, policy.name),
      unnamed && rule !== null && rule !== undefined && el("span", { class: "quiet" }, `rule ${rule + 1}`),
      !told && source && lineLink(source, onSource),
      codeLink(sentence.code)),
    !brief && details.length > 0 && attempts(details, onSource));
}

/** @param {import("./types.js").Detail[]} details @param {(source: Source) => void} onSource */
function attempts(details, onSource) {
  return el("ul", { class: "attempts" }, details.map((detail) =>
    el("li", { "data-code": detail.code ?? null }, el("span", {}, detail.text), detail.source && lineLink(detail.source, onSource))));
}
