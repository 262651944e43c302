// The overview's counts of what stands beside verdicts: published and blocked, open and not published, without names.
import { el, fill, icon } from "./dom.js";
import { brokenEntries, portsText, shutWorkloads } from "./facts.js";
import { placeOf, shortName } from "./words.js";

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {{id: string, name: string, says: string}} Item */
const MOST_LISTED = 8;

/** @param {HTMLElement} host @param {Facts} facts @param {(id: string) => void} onNode */
export function showCounts(host, facts, onNode) {
  const workload = (/** @type {string} */ id, /** @type {string} */ says) => ({ id, name: shortName(id), says });
  const mute = Object.entries(facts.dns).filter(([, found]) => found.verdict === "blocked" || found.verdict === "partial");
  fill(host,
    list("shut", "Published, but blocked", "blocked", "Something publishes them, and policies let nothing in that way.",
      [...shutWorkloads(facts.entries)].map(([id, objects]) => workload(id, objects.join(", "))), onNode, true),
    list("bare", "Open to the Internet, not published", "unlock", "No policy keeps the Internet out, and no Ingress, route or Service leads in.",
      facts.unpublished.map((item) => workload(item.workload, portsText(item.ports))), onNode, true),
    list("broken", "Ways in that lead nowhere", "warning", "",
      brokenEntries(facts.entries).map((entry) => ({ id: "", name: entry.object, says: entry.reason.replaceAll("_", " ") })), onNode, true),
    list("mute", "Cannot resolve names", "blocked", "",
      mute.map(([id, found]) => workload(id, found.verdict === "partial" ? "in part" : placeOf(id).split(" · ")[0] ?? "")), onNode, false));
}

/**
 * @param {string} name @param {string} title @param {string} sign @param {string} about @param {Item[]} items
 * @param {(id: string) => void} onNode @param {boolean} open
 */
function list(name, title, sign, about, items, onNode, open) {
  if (!items.length) return null;
  return el("details", { class: `tally ${name}`, "data-testid": `overview-${name}`, open: open && items.length <= MOST_LISTED },
    el("summary", {}, title, " ", el("span", { class: "count" }, items.length.toLocaleString("en"))),
    about && el("p", { class: "quiet" }, about),
    el("ul", { class: "peers" }, items.slice(0, MOST_LISTED * 5).map((item) => el("li", {}, row(item, sign, onNode))),
      items.length > MOST_LISTED * 5 && el("li", { class: "quiet" }, `and ${(items.length - MOST_LISTED * 5).toLocaleString("en")} more`)));
}

/** @param {Item} item @param {string} sign @param {(id: string) => void} onNode */
function row(item, sign, onNode) {
  const text = [el("span", { class: `verdict ${sign}` }, icon(sign)), el("span", { class: "name" }, item.name), el("span", { class: "ports" }, item.says)];
  return item.id ? el("button", { type: "button", class: "peer", title: item.id, onclick: () => onNode(item.id) }, text) : el("p", { class: "peer" }, text);
}
