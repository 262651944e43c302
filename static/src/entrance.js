// Details of a workload: the ways in that lead to it, and whether it may resolve names.
import { el, fill, icon } from "./dom.js";
import { entryVerdict, portsText, resolutionText, throughText } from "./facts.js";
import { lineLink } from "./reasons.js";
import { lineName } from "./words.js";

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {import("./facts.js").Entry} Entry */
/** @typedef {(source: import("./types.js").Source) => void} OnSource */

/** @param {HTMLElement} host @param {Facts} facts @param {string} id @param {{onSource: OnSource, onNode: (id: string) => void}} actions */
export function showEntries(host, facts, id, { onSource, onNode }) {
  const entries = facts.entries.filter((entry) => entry.workload === id);
  const carried = facts.entries.filter((entry) => entry.via?.includes(id) && entry.workload !== id);
  const open = facts.unpublished.find((item) => item.workload === id);
  fill(host,
    el("h3", {}, "Ways in from outside", entries.length > 0 && el("span", { class: "count" }, entries.length)),
    open && el("p", { class: "note bare", "data-testid": "unpublished" }, icon("unlock"), el("span", {}, el("b", {}, "Open to the Internet: "), portsText(open.ports),
      open.isolated ? ". A rule lets it in, and nothing publishes it." : ". No policy keeps it out, and nothing publishes it.")),
    entries.length > 0 && el("ul", { class: "entries", "data-testid": "entries" }, entries.map((entry) => entryItem(entry, onSource))),
    !entries.length && !open && el("p", { class: "quiet" }, "Nothing publishes it, and the Internet does not reach it."),
    carried.length > 0 && el("details", { class: "carried" }, el("summary", {}, "It carries the traffic of ", el("span", { class: "count" }, carried.length)),
      el("ul", { class: "peers" }, carried.map((entry) => carriedItem(entry, onNode)))));
}

/** @param {Entry} entry @param {OnSource} onSource */
function entryItem(entry, onSource) {
  const source = entry.source;
  return el("li", { class: "entry" }, el("span", { class: `verdict ${entry.verdict}` }, icon(entry.verdict)),
    el("div", {},
      el("p", {}, el("b", {}, entry.object), " ", throughText(entry)),
      el("p", { class: "quiet" }, [portsText(entry.ports), entry.hosts.join(", "), source && lineName(source)].filter(Boolean).join(" · ")),
      el("p", { class: `says ${entry.verdict}` }, capital(entryVerdict(entry)), entry.reason && [", ", codeLink(entry.reason)]),
      policyList(entry.policies, onSource)));
}

/** @param {Entry} entry @param {(id: string) => void} onNode */
function carriedItem(entry, onNode) {
  const { workload } = entry;
  const text = [el("span", { class: `verdict ${entry.verdict}` }, icon(entry.verdict)), el("span", { class: "name" }, entry.object), el("span", { class: "ports" }, entryVerdict(entry))];
  return el("li", {}, workload ? el("button", { type: "button", class: "peer", title: workload, onclick: () => onNode(workload) }, text) : el("p", { class: "peer" }, text));
}

/** @param {HTMLElement} host @param {import("./facts.js").Resolution | undefined} found @param {OnSource} onSource */
export function showResolution(host, found, onSource) {
  if (!found) return fill(host);
  const look = { allowed: "allowed", blocked: "blocked", unknown: "unknown" }[found.verdict] ?? "partial";
  fill(host,
    el("h3", {}, "Name resolution (DNS)"),
    el("div", { class: "entry", "data-testid": "resolution" }, el("span", { class: `verdict ${look}` }, icon(look)),
      el("div", {}, el("p", {}, resolutionText(found), found.reason && found.reason !== "is_dns" && [" ", codeLink(found.reason)]), policyList(found.policies ?? [], onSource))));
}

/** The policies that say so, each with its line. @param {import("./facts.js").Policy[]} policies @param {OnSource} onSource */
export function policyList(policies, onSource) {
  if (!policies.length) return null;
  return el("p", { class: "where" }, policies.map((policy) => el("span", { class: "because" },
    el("span", { class: "policy", title: `${policy.kind} ${policy.namespace}/${policy.name}` }, policy.name), policy.source && lineLink(policy.source, onSource))));
}

/** A reason code, explained in the help. @param {string} code */
function codeLink(code) {
  return el("a", { href: `/help#code-${code}`, target: "_blank" }, code.replaceAll("_", " "));
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
