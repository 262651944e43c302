// The filter bar: one field for what is shown or pointed at, chips for what is hidden as noise, and what follows from it.
import { el, fill, icon } from "./dom.js";
import { quoted, suggest, termsOf, withTerm } from "./terms.js";
import { counted, shortName } from "./words.js";

/** @typedef {import("./fragment.js").State} State */
/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Vocabulary} Vocabulary */
/** @typedef {{workloads: string[], paths: string[][], counts: {workloads: number, all: number, paths: number}}} Found */
/**
 * @typedef {object} Actions
 * @property {(change: Partial<State>) => void} go @property {(text: string) => void} say
 * @property {() => Scene | null} scene @property {() => import("./types.js").Names} names @property {() => void} onFound
 */

const PRESETS = [["dns", "DNS", "name resolution"], ["metrics", "metrics", "scrapes of metrics"], ["ingress", "ingress", "published ways in"]];

export class FilterBar {
  /** @param {HTMLElement} host @param {import("./session.js").Session} session @param {Actions} actions */
  constructor(host, session, actions) {
    this.session = session;
    this.actions = actions;
    /** @type {Vocabulary} */ this.vocabulary = { keys: [], presets: [] };
    this.vocabularyKey = "";
    /** @type {Found | null} */ this.found = null;
    this.foundKey = "";
    /** @type {Set<string>} */ this.foundIds = new Set();
    /** @type {Set<string>} */ this.foundPaths = new Set();
    /** something is pointed at @type {boolean} */ this.marked = false;
    this.given = "";
    this.active = -1;
    /** @type {import("./terms.js").Suggestion[]} */ this.options = [];
    this.part = { start: 0, end: 0 };
    this.list = el("ul", { class: "options floating-list", role: "listbox", id: "filter-options", "aria-label": "What may stand here", hidden: true });
    this.input = el("input", {
      class: "field", "data-testid": "filter-input", role: "combobox", "aria-label": "Filter", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "filter-options", autocomplete: "off", spellcheck: "false",
      placeholder: "ns:shop  label:tier=db  near:checkout  -name:prometheus",
      oninput: () => this.#offer(), onclick: () => this.#offer(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#press(event), onblur: () => this.#close(),
    });
    this.apply = el("button", { type: "button", class: "button small", "data-testid": "filter-apply", title: "Show only what matches (Enter)", onclick: () => void this.narrow(this.input.value) }, "Filter");
    this.point = el("button", { type: "button", class: "button small", "data-testid": "filter-find", title: "Point at what matches and hide nothing (Shift+Enter)", onclick: () => void this.highlight(this.input.value) }, "Find");
    this.clear = el("button", { type: "button", class: "button small", "data-testid": "filter-clear", onclick: () => this.clearAll() }, icon("close"), "Clear");
    this.chips = PRESETS.map(([name = "", title = "", about = ""]) => el("button", { type: "button", class: "preset", "aria-pressed": "false", "data-testid": `hide-${name}`, title: `Hide ${about}`, onclick: () => this.#toggle(name) }, title));
    this.fault = el("p", { class: "filter-fault", role: "alert", "data-testid": "filter-fault", id: "filter-fault" });
    this.said = el("p", { class: "filter-said", "data-testid": "filter-said" });
    this.empty = el("div", { class: "filter-empty", "data-testid": "filter-empty", role: "status", hidden: true });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(Number(/** @type {HTMLElement} */ (event.target).closest("li")?.dataset["index"] ?? -1)));
    this.bar = el("div", { class: "filter-tools", role: "toolbar", "aria-label": "What is shown", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#walk(event) }, this.apply, this.point, this.clear,
      el("span", { class: "preset-chips", role: "group", "aria-label": "Hide as noise" }, "Hide", this.chips));
    fill(host, el("div", { class: "filter-field" }, icon("search"), this.input, this.list), this.bar, this.fault, this.said, this.empty);
    this.#setStop(this.apply);
  }

  /** Other files or assumptions. */
  forget() {
    this.vocabularyKey = this.foundKey = "";
  }

  /** @param {State} state */
  async refresh(state) {
    const input = JSON.stringify(this.session.input());
    await Promise.all([this.#refreshVocabulary(input), this.#refreshFound(state, input)]);
  }

  /** @param {string} input */
  async #refreshVocabulary(input) {
    if (this.vocabularyKey === input) return;
    this.vocabularyKey = input;
    const words = await this.session.ask("filter-words");
    if (words) this.vocabulary = words;
  }

  /** @param {State} state @param {string} input */
  async #refreshFound({ find }, input) {
    const key = find ? JSON.stringify([input, find]) : "";
    if (key === this.foundKey) return;
    this.foundKey = key;
    this.found = find ? await this.#ask(find) : null;
    if (key !== this.foundKey) return;
    this.foundIds = new Set(this.found?.workloads ?? []);
    this.foundPaths = new Set(this.found?.paths.map((pair) => pair.join(">")) ?? []);
    if (this.found) this.actions.say(this.#foundText());
  }

  /** What a filter shows; null if it is not understood, and the fault is told. @param {string} filter @returns {Promise<Found | null>} */
  async #ask(filter) {
    try {
      const found = await this.session.ask("find", [["filter", filter]]);
      if (found) this.#tellFault("");
      return found;
    } catch (error) {
      this.#tellFault(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** @param {string} message */
  #tellFault(message) {
    this.fault.textContent = message;
    this.input.setAttribute("aria-invalid", String(message !== ""));
    if (message) this.input.setAttribute("aria-describedby", "filter-fault");
    else this.input.removeAttribute("aria-describedby");
  }

  /** @param {State} state @param {HTMLElement} panel with places for what can be done about a workload */
  draw(state, panel) {
    const given = state.filter || state.find;
    if (given !== this.given && document.activeElement !== this.input) this.input.value = given;
    if (given !== this.given && document.activeElement === this.input && this.list.hidden) this.input.value = given;
    this.given = given;
    PRESETS.forEach(([name = ""], index) => {
      const on = state.hide.includes(name);
      this.chips[index]?.setAttribute("aria-pressed", String(on));
    });
    this.clear.hidden = !(state.filter || state.find || state.hide.length);
    if (this.clear.hidden && this.clear.tabIndex === 0) this.#setStop(this.apply);
    this.apply.classList.toggle("on", state.filter !== "");
    this.point.classList.toggle("on", state.find !== "");
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-scope]:empty"))) this.#offerScope(place, place.dataset["scope"] ?? "");
    this.#drawSaid(state);
    this.#drawFound();
  }

  /** @param {State} state */
  #drawSaid(state) {
    const scope = this.actions.scene()?.scope;
    const said = [...(state.find && this.found ? [this.#foundText()] : [])];
    this.said.textContent = said.join(" ");
    const none = scope !== undefined && scope.workloads.shown === 0 && scope.workloads.all > 0;
    this.empty.hidden = !none;
    if (!none) return;
    fill(this.empty, el("span", {}, `Your filters hide all ${counted(scope.workloads.all, "workload")}.`),
      el("button", { type: "button", class: "button primary", "data-testid": "filter-empty-clear", onclick: () => this.clearAll() }, "Clear filters"));
  }

  #foundText() {
    const { workloads = 0, all = 0, paths = 0 } = this.found?.counts ?? {};
    return `Found ${workloads.toLocaleString("en")} of ${counted(all, "workload")}${paths ? ` and ${counted(paths, "path")}` : ""}.`;
  }

  /** Point at what is found, in the picture and in the table. */
  #drawFound() {
    if (this.found || this.marked) this.actions.onFound();
    this.marked = this.found !== null;
  }

  /** One stop for Tab, whatever stands there. @param {HTMLElement} button */
  #setStop(button) {
    for (const other of this.bar.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1;
  }

  /** Arrows move along the buttons, as in any toolbar. @param {KeyboardEvent} event */
  #walk(event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.bar.querySelectorAll("button:not([hidden])")]);
    const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const ends = /** @type {Record<string, number>} */ ({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 });
    const next = buttons[((ends[event.key] ?? -1) + buttons.length) % buttons.length];
    if (!(event.key in ends) || at < 0 || !next) return;
    event.preventDefault();
    this.#setStop(next);
    next.focus();
  }

  // ---- doing -------------------------------------------------------------------------------------------------------

  /** Show only what a filter takes, if it is understood. @param {string} text */
  async narrow(text) {
    const filter = text.trim();
    this.#close();
    if (filter && !(await this.#ask(filter))) return this.actions.say(this.fault.textContent ?? "");
    if (!filter) this.#tellFault("");
    this.actions.go({ filter, find: "" });
  }

  /** Point at it, and show all. @param {string} text */
  async highlight(text) {
    const find = text.trim();
    this.#close();
    if (find && !(await this.#ask(find))) return this.actions.say(this.fault.textContent ?? "");
    if (!find) this.#tellFault("");
    this.actions.go({ find, filter: "" });
  }

  /** One term more. @param {string} term */
  async add(term) {
    await this.narrow(withTerm(this.session.state.filter, term));
  }

  clearAll() {
    this.input.value = "";
    this.#tellFault("");
    this.actions.go({ filter: "", find: "", hide: [] });
    this.input.focus();
    this.#close();
  }

  /** @param {string} name */
  #toggle(name) {
    const { hide } = this.session.state;
    this.actions.go({ hide: hide.includes(name) ? hide.filter((each) => each !== name) : [...hide, name] });
  }

  /** What can be done about the workload that is looked at. @param {HTMLElement} place @param {string} id */
  #offerScope(place, id) {
    fill(place,
      el("button", { type: "button", class: "button small", "data-testid": "only-near", onclick: () => this.keepNear(id) }, icon("search"), "Only its neighbourhood"),
      el("button", { type: "button", class: "button small", "data-testid": "hide-this", onclick: () => this.hide(id) }, icon("minus"), "Hide this"));
  }

  /** @param {string} id of a workload or of an address range */
  hide(id) {
    const { node, filter } = this.session.state;
    this.actions.say(`${shortName(id)} is hidden.`);
    this.actions.go({ filter: withTerm(filter, `-name:${quoted(id)}`), find: "", ...(node === id && { node: "" }) });
  }

  /** @param {string} id of a workload */
  keepNear(id) {
    const kept = termsOf(this.session.state.filter).filter((term) => term !== `-name:${quoted(id)}`).join(" ");
    this.actions.go({ filter: withTerm(kept, `near:${quoted(id)}`), find: "" });
  }

  // ---- completing --------------------------------------------------------------------------------------------------

  #offer() {
    const { start, end, options } = suggest(this.input.value, this.input.selectionStart ?? this.input.value.length, this.vocabulary, this.actions.names());
    this.part = { start, end };
    this.options = options;
    this.active = -1;
    fill(this.list, options.map(({ text, about }, index) => el("li", { role: "option", id: `filter-option-${index}`, "data-index": index, "data-value": text, "aria-selected": "false" }, el("span", {}, text), el("small", {}, about))));
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      if (this.list.hidden) this.#offer();
      const count = this.options.length;
      if (count) this.#mark((this.active + move + (this.active < 0 && move < 0 ? 1 : 0) + count) % count);
    } else if (event.key === "Tab" && !this.list.hidden && this.active >= 0) this.#take(this.active);
    else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) this.#take(this.active);
    else if (event.key === "Enter") void (event.shiftKey ? this.highlight(this.input.value) : this.narrow(this.input.value));
    else if (event.key === "Escape" && !this.list.hidden) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} index */
  #mark(index) {
    this.active = index;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    const item = this.list.children[index];
    if (!item) return;
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  #take(index) {
    const option = this.options[index];
    if (!option) return;
    const { start, end } = this.part;
    const { value } = this.input;
    const text = option.text + (option.more ? "" : " ");
    this.input.value = value.slice(0, start) + text + value.slice(end).replace(/^\s+/, "");
    this.input.setSelectionRange(start + text.length, start + text.length);
    this.input.focus();
    if (option.more) this.#offer();
    else this.#close();
  }
}
