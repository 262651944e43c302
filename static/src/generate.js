// "Generate policies": what is wanted as a list to tick, and from it a set of policies that allows exactly that.
import { postJson } from "./api.js";
import { Combobox } from "./combobox.js";
import { downloadTexts } from "./download.js";
import { el, fill, icon } from "./dom.js";
import { optionsOf } from "./options.js";
import { buttons, elseRow, elseText } from "./proposal.js";
import { showPatch } from "./patch.js";
import { counted, parsePort, placeOf, portsText, shortName } from "./words.js";

/** @typedef {import("./types.js").Ports} Ports */
/** @typedef {{source: string, destination: string, ports: Ports | null, verdict?: string, reasons: {reason: string, text: string}[], chosen: boolean}} Wish */
/** @typedef {{count: number, rows: import("./proposal.js").Row[]}} Unlike */
/** @typedef {{fixes: import("./proposal.js").Proposal[], notes: string[], check: {exact: boolean, extra: Unlike, missing: Unlike, names: number}}} Generated */

/** Groups of the list, the surest first: the reason that a group stands for, and its title. */
const GROUPS = /** @type {const} */ ([["chosen", "Added by you"], ["environment", "Services named in environments"], ["published", "Published by Ingresses, routes and Services"], ["allowed", "Allowed by rules now"]]);

/** Which group a wish stands in. Pure. @param {Wish} wish */
export function groupOf({ reasons }) {
  return GROUPS.find(([reason]) => reasons.some((each) => each.reason === reason))?.[0] ?? "chosen";
}

/** What is sent of the list. Pure. @param {Wish[]} wishes */
export function wantedOf(wishes) {
  return wishes.filter((wish) => wish.chosen).map(({ source, destination, ports }) => ({ source, destination, ...(ports ? { ports } : {}) }));
}

/** "Exactly what is wanted is allowed, and names resolve for 6 workloads." Pure. @param {Generated["check"]} check */
export function checkText({ exact, extra, missing, names }) {
  const dns = names ? ` ${counted(names, "workload")} may ask the DNS besides.` : "";
  if (exact) return `Checked: exactly what is wanted is allowed.${dns}`;
  const parts = [extra.count && `${counted(extra.count, "path")} more than wanted`, missing.count && `${counted(missing.count, "wanted path")} not allowed`].filter(Boolean);
  return `Checked: ${parts.join(", ")}.${dns}`;
}

export class Generate {
  /** @param {import("./session.js").Session} session @param {{apply: (edits: Record<string, string>, label: string) => Promise<unknown>, onEdge: (from: string, to: string) => void, say: (text: string) => void}} actions */
  constructor(session, actions) {
    this.session = session;
    this.actions = actions;
    /** @type {Wish[]} */ this.wishes = [];
    this.keep = false;
    this.list = el("div", { class: "wishes", "data-testid": "wishes" });
    this.result = el("div", { class: "generated", "data-testid": "generated", "aria-live": "polite" });
    this.write = el("button", { type: "button", class: "button primary", "data-testid": "generate-write", onclick: () => void this.#generate() }, "Write the policies");
    this.dialog = el("dialog", { class: "generate", "data-testid": "generate-dialog", "aria-labelledby": "generate-heading" });
    document.body.append(this.dialog);
  }

  /** Show the dialog, with what the server suggests for what is looked at now. */
  async open() {
    if (this.dialog.open) return;
    fill(this.list, el("p", { class: "quiet" }, "Looking for what is wanted …"));
    fill(this.result);
    this.#draw();
    this.dialog.showModal();
    try {
      const [found, names] = await Promise.all([this.session.ask("proposals/wanted"), this.session.ask("names")]);
      if (!found || !names) return;
      this.wishes = found.wanted.map((/** @type {Wish} */ wish) => ({ ...wish, chosen: true }));
      this.#offer(names);
      this.#showList(found.truncated);
    } catch (error) {
      fill(this.list, el("p", { class: "notice" }, error instanceof Error ? error.message : String(error)));
    }
  }

  #draw() {
    const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ hint) =>
      el("div", { class: "ask" }, el("label", { for: `wish-${name}` }, label), el("input", { id: `wish-${name}`, class: "field", "data-testid": `wish-${name}`, placeholder: hint }));
    const keep = el("input", { type: "checkbox", id: "generate-keep", "data-testid": "generate-keep", onchange: () => (this.keep = keep.checked) });
    keep.checked = this.keep;
    fill(this.dialog,
      el("form", { method: "dialog" }, el("h2", { id: "generate-heading", tabindex: -1 }, "Generate policies"), el("button", { class: "icon-button", "aria-label": "Close", "data-testid": "generate-close" }, icon("close"))),
      el("p", { class: "quiet" }, "Tick what is wanted. You get deny by default for each namespace concerned, names that resolve, and rules that allow exactly what is ticked."),
      el("form", { class: "wish-add", "aria-label": "Add a connection", onsubmit: (/** @type {Event} */ event) => this.#add(event) },
        field("from", "From", "workload, internet, address"), field("to", "To", "workload, Service, address"), field("port", "Port", "as declared"),
        el("button", { type: "submit", class: "button", "data-testid": "wish-add" }, icon("plus"), "Add")),
      this.list,
      el("p", { class: "keep" }, keep, el("label", { for: "generate-keep" }, "Keep the NetworkPolicies that these namespaces have (else the set takes their place)")),
      el("p", { class: "buttons" }, this.write),
      this.result);
  }

  /** @param {import("./types.js").Names} names */
  #offer(names) {
    const { peers, services } = optionsOf(names);
    const input = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (this.dialog.querySelector(`#wish-${name}`));
    this.from = new Combobox(input("from"), () => peers, () => {});
    this.to = new Combobox(input("to"), () => [...peers, ...services], () => {});
    this.port = input("port");
  }

  /** @param {Event} event */
  #add(event) {
    event.preventDefault();
    if (!this.from || !this.to || !this.port) return;
    const asked = parsePort(this.port.value);
    this.port.setAttribute("aria-invalid", String(!asked));
    const [source, destination] = [this.from.value, this.to.value];
    if (!asked || !source || !destination) return;
    const ports = asked.port ? { [asked.protocol]: asked.port } : null;
    this.wishes.unshift({ source, destination, ports, reasons: [], chosen: true });
    this.from.set("");
    this.to.set("");
    this.port.value = "";
    this.#showList(false);
    this.actions.say(`${shortName(source)} to ${shortName(destination)} is on the list.`);
    this.from.input.focus();
  }

  /** @param {boolean} truncated */
  #showList(truncated) {
    const count = () => {
      const chosen = this.wishes.filter((wish) => wish.chosen).length;
      this.write.textContent = chosen ? `Write the policies for ${counted(chosen, "connection")}` : "Write the policies";
      this.write.disabled = !chosen;
    };
    const groups = GROUPS.map(([reason, title]) => ({ title, wishes: this.wishes.filter((wish) => groupOf(wish) === reason) })).filter(({ wishes }) => wishes.length);
    fill(this.list,
      groups.map(({ title, wishes }) => el("fieldset", {}, el("legend", {}, title, el("span", { class: "count" }, wishes.length)), el("ul", {}, wishes.map((wish) => wishRow(wish, count))))),
      !groups.length && el("p", { class: "quiet" }, "Nothing suggests itself: no rule allows anything yet, and no Service is named. Add connections above."),
      truncated && el("p", { class: "note" }, icon("info"), el("span", {}, "There is more than this list holds.")));
    count();
  }

  async #generate() {
    this.write.disabled = true;
    fill(this.result, el("p", { class: "quiet", role: "status" }, "Writing and checking …"));
    try {
      const made = /** @type {Generated} */ (await postJson(this.session.address("proposals/generate"), JSON.stringify({ wanted: wantedOf(this.wishes), keep: this.keep }), "application/json"));
      this.#showResult(made);
    } catch (error) {
      fill(this.result, el("p", { class: "notice", "data-testid": "generate-refused" }, error instanceof Error ? error.message : String(error)));
    }
    this.write.disabled = false;
  }

  /** @param {Generated} made */
  #showResult({ fixes, notes, check }) {
    const proposal = fixes[0];
    if (!proposal) return;
    const close = (/** @type {string} */ from, /** @type {string} */ to) => {
      this.dialog.close();
      this.actions.onEdge(from, to);
    };
    const acts = { say: this.actions.say, onEdge: close, apply: async (/** @type {Record<string, string>} */ edits, /** @type {string} */ label) => {
      this.dialog.close();
      await this.actions.apply(edits, label);
    } };
    const rows = (/** @type {string} */ title, /** @type {Unlike} */ unlike) => unlike.count > 0 && el("details", { class: "else" }, el("summary", {}, `${title} (${unlike.count.toLocaleString("en")})`), el("ul", { class: "else-rows" }, unlike.rows.map((row) => elseRow(row, close))));
    fill(this.result,
      el("h3", { tabindex: -1 }, "The set"),
      el("p", { class: `check ${check.exact ? "exact" : "inexact"}`, "data-testid": "generate-check", "data-exact": String(check.exact) }, icon(check.exact ? "allowed" : "warning"), el("span", {}, checkText(check))),
      rows("Allowed and not wanted", check.extra), rows("Wanted and not allowed", check.missing),
      notes.map((note) => el("p", { class: "note" }, icon("info"), el("span", {}, note))),
      el("p", { class: "quiet" }, `Against what is there now: ${elseText(proposal, true)}`),
      el("div", { class: "row" }, buttons(proposal, acts, true),
        el("button", { type: "button", class: "button small", "data-testid": "generate-download", onclick: () => downloadTexts([["policies.yaml", proposal.text]]) }, icon("download"), "Download")),
      showPatch(proposal.patch));
    this.actions.say(checkText(check));
    /** @type {HTMLElement | null} */ (this.result.querySelector("h3"))?.focus();
  }
}

/** @param {Wish} wish @param {() => void} onChange */
function wishRow(wish, onChange) {
  const box = el("input", { type: "checkbox", onchange: () => {
    wish.chosen = box.checked;
    onChange();
  } });
  box.checked = wish.chosen;
  const reasons = wish.reasons.filter(({ reason }) => reason !== "allowed"); // the group says so
  const place = (/** @type {string} */ id) => placeOf(id).split(" · ")[0] ?? "";
  return el("li", {}, el("label", { class: "wish", title: `${wish.source} to ${wish.destination}` }, box,
    el("span", { class: "name" }, el("small", {}, place(wish.source)), shortName(wish.source), icon("arrow"), el("small", {}, place(wish.destination)), shortName(wish.destination)),
    el("span", { class: "ports" }, wish.ports ? portsText(wish.ports) : "declared ports"),
    reasons.length > 0 && el("small", { class: "why-wanted" }, reasons.map(({ text }) => text).join("; "))));
}
