// A question of several parts: the backends of a Service, the variants of a workload, the pieces of an address range.
import { el, icon } from "./dom.js";
import { codeLink } from "./reasons.js";
import { counted, isService, placeOf, shortName } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Service} Service */

/** @typedef {{head: string, tally: string, look: string, failure: string, reason: string, parts: Answer[]}} Group parts of one port of a Service, or all of them */

/** Why no pod was asked; "" if one was. @param {Service} service @param {Answer} part */
function failureOf(service, part) {
  return isService(part.destination) ? (portOf(service, part)?.reason ?? "") : "";
}

/** @param {Service} service @param {Answer} part */
function portOf(service, part) {
  const asked = part.service_port;
  return service.ports.find((port) => port.name === asked?.name && port.protocol === asked.protocol && port.port === asked.port);
}

/** "port 80/TCP (http), target port 8080". @param {import("./types.js").ServicePort} port */
export function portTitle({ name, protocol, port, target }) {
  const number = `Port ${port || name || "any"}/${protocol}${name && port && name !== String(port) ? ` (${name})` : ""}`;
  return target === null || target === port ? number : `${number}, target port ${target}`;
}

/** All, some or none of the backends let it in. @param {Answer[]} parts */
export function tallyText(parts) {
  const allowed = parts.filter((part) => part.verdict === "allowed").length;
  const unknown = parts.filter((part) => part.verdict === "unknown").length;
  const perhaps = unknown ? `, ${unknown} unknown` : "";
  if (parts.length === 1) return { allowed: "The one backend lets it in", unknown: "Unknown whether the one backend lets it in", blocked: "The one backend does not let it in" }[parts[0]?.verdict ?? "unknown"];
  if (allowed === parts.length) return `All ${counted(parts.length, "backend")} let it in`;
  return `${allowed || "None"} of ${counted(parts.length, "backend")} ${allowed === 1 ? "lets" : "let"} it in${perhaps}`;
}

/**
 * The parts of an answer by the port of the Service that leads to them; one group without a head for other questions. Pure.
 * @param {Answer} answer @returns {Group[]}
 */
export function groupsOf({ service, parts = [] }) {
  if (!service) return [{ head: "", tally: "", look: "", failure: "", reason: "", parts }];
  /** @type {Map<unknown, Answer[]>} */ const byPort = new Map();
  for (const part of parts) {
    const port = portOf(service, part) ?? part.service_port;
    byPort.set(port, [...(byPort.get(port) ?? []), part]);
  }
  return [...byPort].map(([port, listed]) => {
    const first = /** @type {Answer} */ (listed[0]);
    const reason = failureOf(service, first);
    return {
      head: port ? portTitle(/** @type {any} */ (port)) : "", tally: reason ? first.sentences.headline : tallyText(listed),
      look: tallyLook(listed), reason, failure: reason ? (first.sentences.egress[0]?.text ?? "") : "", parts: reason ? [] : listed,
    };
  });
}

/** @param {Answer[]} parts */
function tallyLook(parts) {
  const verdicts = new Set(parts.map((part) => part.verdict));
  if (verdicts.size === 1) return parts[0]?.verdict ?? "unknown";
  return verdicts.has("allowed") ? "partial" : "blocked";
}

/** Whether a part has two ends that speak: not where a Service leads nowhere. @param {Answer} answer @param {Answer} part */
export function hasEnds(answer, part) {
  return !answer.service || !failureOf(answer.service, part);
}

/** The part that the answer is about: the first that decides. @param {Answer} answer @returns {Answer} */
export function decidingPart(answer) {
  return answer.parts?.find((part) => part.verdict === answer.verdict) ?? answer.parts?.[0] ?? answer;
}

/**
 * The list of parts; a click shows the reasons of one.
 * @param {Answer} answer @param {Answer} chosen @param {(part: Answer) => void} onPart
 */
export function partList(answer, chosen, onPart) {
  const parts = answer.parts ?? [];
  if (!answer.service && parts.length < 2) return null;
  const sources = new Set(parts.map((part) => part.source)).size > 1;
  return el("section", { class: "parts", "data-testid": "parts", "aria-label": answer.service ? "Backends" : "Parts" },
    el("h3", {}, answer.service ? `${answer.service.type || "ClusterIP"} Service${answer.service.headless ? ", headless" : ""}` : `${counted(parts.length, "part")}, each with its own answer`),
    groupsOf(answer).map((group) => el("div", { class: "part-group", "data-testid": "part-group", "data-reason": group.reason },
      group.head && el("p", { class: "part-head" }, el("b", {}, group.head), el("span", { class: `verdict ${group.look}`, "data-testid": "tally" }, icon(group.look), group.tally)),
      group.failure && el("p", { class: "failure", "data-testid": "service-failure" }, group.failure, " ", codeLink(group.reason)),
      group.parts.length > 0 && el("ul", {}, group.parts.map((part) => partRow(part, sources, part === chosen, onPart))))));
}

/** @param {Answer} part @param {boolean} sources whether the sources differ @param {boolean} on @param {(part: Answer) => void} onPart */
function partRow(part, sources, on, onPart) {
  const name = sources ? `${shortName(part.source)} → ${shortName(part.destination)}` : shortName(part.destination);
  const place = sources ? "" : [placeOf(part.destination), part.service_port && part.port ? `${part.port}/${part.protocol ?? "TCP"}` : ""].filter(Boolean).join(" · ");
  return el("li", {}, el("button", { type: "button", class: "part", "aria-pressed": String(on), "data-testid": "part", "data-verdict": part.verdict, title: `${part.source} → ${part.destination}`, onclick: () => onPart(part) },
    el("span", { class: `verdict ${part.verdict}` }, icon(part.verdict)),
    el("span", { class: "name" }, name, place && el("small", {}, place)),
    el("span", { class: "said" }, part.sentences.headline)));
}
