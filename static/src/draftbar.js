// The bar above the picture that tells what the edits change, with undo, redo, reset and download.
import { changesOf, countsText, SIGNS, WORDS } from "./changes.js";
import { el, fill, icon } from "./dom.js";
import { placeOf, portsText, shortName } from "./words.js";

/** @typedef {import("./changes.js").Changes} Changes */
/** @typedef {import("./changes.js").Change} Change */
/**
 * @typedef {object} Shown
 * @property {string[]} edited files @property {string[]} without policies that are switched off @property {Changes | null} changes
 * @property {string} undoes @property {string} redoes @property {{problem: import("./types.js").Problem | null, failure: string} | null} stale
 */
/**
 * @typedef {object} Actions
 * @property {() => void} undo @property {() => void} redo @property {() => void} reset @property {(files: string[]) => void} download
 * @property {(source: string, destination: string) => void} onPair @property {(problem: import("./types.js").Problem) => void} onProblem
 */

const MOST_ROWS = 500;

export class DraftBar {
  /** @param {HTMLElement} host @param {Actions} actions */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    this.open = /** @type {"" | "list" | "download"} */ ("");
    this.drawn = "";
    /** @type {Shown | null} */ this.shown = null;
    host.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.open) return;
      event.stopPropagation();
      this.#toggle(this.open);
    });
    document.addEventListener("click", (event) => {
      if (this.open && !event.composedPath().includes(host)) this.#close(); // the focus is where the click was
    });
  }

  /** @param {Shown} shown */
  show(shown) {
    const { changes, ...rest } = shown;
    const key = JSON.stringify([rest, this.open]);
    if (key === this.drawn && changes === this.shown?.changes) return;
    this.drawn = key;
    this.shown = shown;
    this.#draw();
  }

  #close() {
    this.open = "";
    this.#draw();
  }

  /** @param {"list" | "download"} what */
  #toggle(what) {
    this.open = this.open === what ? "" : what;
    this.#draw();
    /** @type {HTMLElement | null} */ (this.host.querySelector(`[data-testid="draft-${what === "list" ? "list-toggle" : "download"}"]`))?.focus();
  }

  #draw() {
    const { shown, host } = this;
    if (!shown) return;
    const { edited, without, stale, undoes, redoes } = shown;
    const active = edited.length > 0 || without.length > 0 || stale !== null || redoes !== "";
    const focused = host.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset["testid"] : "";
    host.hidden = !active;
    if (!active) this.open = "";
    fill(host, active && [
      el("p", { class: "draft-what" }, el("b", {}, "What-if:"), " ", el("span", { "data-testid": "draft-counts" }, this.#counts(shown))),
      stale && this.#ribbon(stale),
      el("div", { class: "draft-actions" },
        this.#button("undo", "undo", "Undo", undoes, () => this.actions.undo()),
        this.#button("redo", "redo", "Redo", redoes, () => this.actions.redo()),
        el("button", { type: "button", class: "button small", "data-testid": "draft-reset", disabled: !edited.length && !without.length, title: "Back to the files as loaded", onclick: () => this.actions.reset() }, "Reset"),
        this.#download(edited)),
      this.open === "list" && this.#list(shown.changes),
    ]);
    if (focused) /** @type {HTMLElement | null} */ (host.querySelector(`[data-testid="${CSS.escape(focused)}"]:not(:disabled)`) ?? host.querySelector("button:not(:disabled)"))?.focus();
  }

  /** @param {Shown} shown */
  #counts({ changes, edited, without }) {
    if (!edited.length && !without.length) return "nothing is edited";
    if (!changes) return "…";
    const counts = countsText(changes);
    if (!counts.length) return "exactly the same traffic";
    return el("button", { type: "button", class: "draft-counts", "data-testid": "draft-list-toggle", "aria-expanded": String(this.open === "list"), "aria-controls": "draft-list", title: "Which pairs", onclick: () => this.#toggle("list") },
      counts.map(({ kind, text }, index) => [index > 0 && el("span", { class: "quiet" }, " · "), el("span", { class: `change-count ${kind}` }, text)]).flat(), icon("down"));
  }

  /** @param {NonNullable<Shown["stale"]>} stale */
  #ribbon({ problem, failure }) {
    const where = problem?.line && el("button", { type: "button", class: "line-link", "data-testid": "stale-line", onclick: () => this.actions.onProblem(problem) }, `line ${problem.line}`);
    const words = failure || problem?.message || "the text cannot be read";
    return el("p", { class: "draft-stale", "data-testid": "draft-stale", role: "status", title: words }, icon("warning"),
      el("b", {}, failure ? "Not taken:" : "Stale since the edit:"), where, el("span", {}, words));
  }

  /** @param {string} name @param {string} glyph @param {string} title @param {string} what @param {() => void} action */
  #button(name, glyph, title, what, action) {
    return el("button", { type: "button", class: "button small", "data-testid": `draft-${name}`, disabled: !what, "aria-label": title, title: what ? `${title}: ${what}` : `Nothing to ${name}`, onclick: action }, icon(glyph), el("span", { class: "draft-word" }, title));
  }

  /** @param {string[]} edited */
  #download(edited) {
    const many = edited.length > 1;
    const open = this.open === "download" && many;
    const get = (/** @type {string[]} */ files) => {
      this.actions.download(files);
      if (this.open) this.#toggle("download");
    };
    return el("div", { class: "menu" },
      el("button", { type: "button", class: "button small", "data-testid": "draft-download", disabled: !edited.length, "aria-label": "Download", title: "Download the edited files", "aria-expanded": many ? String(open) : null, onclick: () => (many ? this.#toggle("download") : get(edited)) }, icon("download"), el("span", { class: "draft-word" }, "Download")),
      open && el("ul", { class: "floating-list menu-list" },
        edited.map((file) => el("li", {}, el("button", { type: "button", onclick: () => get([file]) }, file))),
        el("li", {}, el("button", { type: "button", "data-testid": "draft-download-all", onclick: () => get(edited) }, `All ${edited.length} as one file`))));
  }

  /** @param {Changes | null} changes */
  #list(changes) {
    if (!changes) return null;
    const rows = changesOf(changes);
    return el("div", { class: "draft-list floating-list", id: "draft-list", "data-testid": "draft-list", role: "region", "aria-label": "Changed pairs", tabindex: 0 },
      el("ul", {}, rows.slice(0, MOST_ROWS).map((change) => el("li", {}, this.#row(change)))),
      (changes.truncated || rows.length > MOST_ROWS) && el("p", { class: "quiet" }, "These are the first of each kind; `GET /changes` has all of them."));
  }

  /** @param {Change} change */
  #row({ kind, row }) {
    const end = (/** @type {string} */ id) => el("span", { class: "name", title: id }, shortName(id), placeOf(id) && el("small", {}, placeOf(id)));
    return el("button", { type: "button", class: "draft-row", "data-testid": "draft-row", "data-changed": kind, onclick: () => this.actions.onPair(row.source, row.destination) },
      el("span", { class: `change-word ${kind}`, title: WORDS[kind] }, `${SIGNS[kind]} ${WORDS[kind]}`),
      el("span", { class: "ends" }, end(row.source), icon("arrow"), end(row.destination)),
      el("span", { class: "ports" }, `${sideText(row.before, row.before_unknown)} → ${sideText(row.after, row.after_unknown)}`));
  }
}

/** @param {import("./types.js").Ports} allowed @param {import("./types.js").Ports} [unknown] */
function sideText(allowed, unknown = {}) {
  const none = (/** @type {import("./types.js").Ports} */ ports) => ports !== "all" && !Object.keys(ports).length;
  if (none(unknown)) return portsText(allowed);
  return [none(allowed) ? "" : portsText(allowed), `unknown: ${portsText(unknown)}`].filter(Boolean).join("; ");
}
