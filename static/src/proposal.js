// One proposal: its title, its text as a small diff, all else that it changes, and what can be done with it.
import { el, icon } from "./dom.js";
import { showPatch } from "./patch.js";
import { counted, portsText, shortName } from "./words.js";

/** @typedef {import("./types.js").Ports} Ports */
/** @typedef {{source: string, destination: string, before: Ports, after: Ports, before_unknown?: Ports, after_unknown?: Ports}} Row */
/**
 * @typedef {object} Proposal a change of policies that the server has tried
 * @property {string} id @property {string} title @property {string} note @property {string} text @property {Record<string, string>} edits
 * @property {string} patch @property {number} opened @property {number} cut @property {number} unknown @property {number} beyond
 * @property {Row[]} rows @property {boolean} truncated
 */
/**
 * @typedef {object} Acts
 * @property {(edits: Record<string, string>, label: string) => Promise<unknown>} apply
 * @property {(from: string, to: string) => void} onEdge @property {(text: string) => void} say
 */

/** "Changes nothing else.", "Also opens 3 paths, cuts 1." Pure. @param {Pick<Proposal, "opened" | "cut" | "unknown" | "beyond">} proposal @param {boolean} alone nothing was asked for but this */
export function elseText({ opened, cut, unknown, beyond }, alone = false) {
  const parts = [opened && `opens ${counted(opened, "path")}`, cut && `cuts ${opened ? cut.toLocaleString("en") : counted(cut, "path")}`, unknown && `makes ${unknown.toLocaleString("en")} unknown`].filter(Boolean);
  const also = alone ? "It" : "Also";
  const text = parts.length ? `${also} ${parts.join(", ")}.` : alone ? "It changes no path." : "Changes no other path.";
  return beyond && !alone && !parts.length ? `${text} ${counted(beyond, "other workload")} ${beyond === 1 ? "is" : "are"} selected by the changed policy.` : text;
}

/** @param {Proposal} proposal @param {Acts} acts @param {{alone?: boolean, first?: boolean}} [how] */
export function showProposal(proposal, acts, { alone = false, first = false } = {}) {
  const { title, note, patch, rows, truncated } = proposal;
  const quiet = !proposal.opened && !proposal.cut && !proposal.unknown;
  const list = el("ul", { class: "else-rows" }, rows.map((row) => elseRow(row, acts.onEdge)), truncated && el("li", { class: "quiet" }, "and more"));
  const words = elseText(proposal, alone);
  return el("article", { class: "proposal card", "data-testid": "proposal", "data-id": proposal.id, "data-opened": proposal.opened, "data-cut": proposal.cut },
    el("h3", {}, title),
    quiet ? el("p", { class: "else quiet-change", "data-testid": "also" }, icon("allowed"), el("span", {}, words))
      : el("details", { class: "else" }, el("summary", { "data-testid": "also" }, icon("warning"), words), list),
    note && el("p", { class: "note" }, icon("info"), el("span", {}, note)),
    showPatch(patch),
    buttons(proposal, acts, first));
}

/** Apply and copy. @param {Proposal} proposal @param {Acts} acts @param {boolean} first */
export function buttons({ title, edits, patch }, acts, first = false) {
  const copied = (/** @type {Event} */ event, /** @type {string} */ text, /** @type {string} */ words) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    void navigator.clipboard.writeText(text).then(() => {
      acts.say(words);
      const before = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = before), 1600);
    }, () => acts.say("The browser does not let this page write to the clipboard."));
  };
  const { apply } = acts;
  return el("p", { class: "buttons" },
    el("button", { type: "button", class: `button small${first ? " primary" : ""}`, "data-testid": "apply-fix", onclick: () => void apply(edits, title) }, "Apply"),
    el("button", { type: "button", class: "button small", "data-testid": "copy-patch", onclick: (/** @type {Event} */ event) => copied(event, patch, "The patch is on the clipboard.") }, "Copy patch"));
}

/** @param {Row} row @param {(from: string, to: string) => void} onEdge */
export function elseRow({ source, destination, before, after, after_unknown: doubt }, onEdge) {
  const told = doubt ? "unknown" : portsText(after) === "no port" ? "cut" : portsText(before) === "no port" ? "opened" : "changed";
  const sign = { unknown: "unknown", cut: "blocked", opened: "allowed", changed: "partial" }[told];
  return el("li", { "data-change": told }, el("button", { type: "button", class: "peer", title: `${source} to ${destination}`, onclick: () => onEdge(source, destination) },
    el("span", { class: `verdict ${sign}` }, icon(sign)), el("span", { class: "name" }, shortName(source), icon("arrow"), shortName(destination)),
    el("span", { class: "ports" }, told === "cut" ? `cut: ${portsText(before)}` : told === "unknown" ? `unknown: ${portsText(doubt)}` : told === "opened" ? `opened: ${portsText(after)}` : `${portsText(before)} → ${portsText(after)}`)));
}
