// The editor's place in the drawer: which file, what the line decides, what a field means. The editor itself is loaded
// when it is first opened.
import { el, fill, icon } from "./dom.js";
import { counted } from "./words.js";

/** @typedef {import("./editor/pane.js").Pane} Pane */
/** @typedef {import("./editor/pane.js").Listener} Listener */
/** @typedef {import("./editor/marks.js").Used} Used */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {Omit<Listener, "onLine"> & {onFile: (name: string) => void, onNew: (name: string) => string, decides: () => boolean}} Actions `onNew` answers why not, "" if so */

const LOW_PX = 140;
const STEP_PX = 40;

export class Workbench {
  /** @param {HTMLElement} host @param {Actions} actions */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    /** @type {Promise<Pane> | null} */ this.loading = null;
    /** @type {Pane | null} */ this.pane = null;
    this.name = "";
    this.marked = "";
    this.files = el("select", { class: "field", "data-testid": "editor-file", "aria-label": "File", onchange: () => (this.files.value ? actions.onFile(this.files.value) : this.#askName()) });
    this.fresh = el("form", { class: "new-file", hidden: true, onsubmit: (event) => this.#create(event) });
    this.decides = el("button", { type: "button", class: "button small", "data-testid": "editor-decides", title: "Show what this line decides (Ctrl Enter)", onclick: () => this.pane && actions.onDecides(this.pane.line) }, icon("route"), "What this line decides");
    this.told = el("p", { class: "editor-used", "data-testid": "editor-told", role: "status" });
    this.used = el("p", { class: "editor-used", "data-testid": "editor-used" });
    this.worst = 1;
    this.state = el("button", { type: "button", class: "editor-state", "data-testid": "editor-state", title: "Go to the first problem", hidden: true, onclick: () => this.pane?.select(this.worst) });
    this.hint = el("p", { class: "editor-hint", "data-testid": "editor-hint" });
    this.place = el("div", { class: "editor-place", "data-testid": "editor" });
    fill(host, this.#edge(), el("div", { class: "editor-bar" }, this.files, this.fresh, this.decides, this.told, this.used, this.state), this.place, this.hint);
  }

  /** The editor, loaded if it is not there yet. @returns {Promise<Pane>} */
  load() {
    this.loading ??= import("./editor/pane.js").then(({ Pane: Made }) => (this.pane = new Made(this.place, { ...this.actions, onLine: (line) => this.#tellLine(line) }))).catch((error) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  /** @param {string[]} names @param {string[]} edited @param {string} chosen */
  offer(names, edited, chosen) {
    const folder = commonFolder(names);
    const options = names.map((name) => el("option", { value: name, selected: name === chosen }, `${edited.includes(name) ? "● " : ""}${name.slice(folder.length)}`));
    this.files.title = edited.includes(chosen) ? `${chosen}, edited` : chosen;
    fill(this.files, ...options, el("option", { value: "" }, "New file …"));
    this.decides.hidden = !this.actions.decides();
  }

  /** Show a file's text. @param {string} name @param {string} text */
  async show(name, text) {
    this.name = name;
    const pane = await this.load();
    if (this.name === name) pane.open(name, text);
  }

  /** @param {Problem[]} problems with lines of the text @param {Used[]} used */
  mark(problems, used) {
    const key = JSON.stringify([this.name, problems, used]);
    if (!this.pane || key === this.marked) return;
    this.marked = key;
    this.pane.diagnose(problems);
    this.pane.mark(used);
    const bad = problems.filter((problem) => problem.severity !== "info");
    this.worst = Math.min(...bad.map((problem) => problem.line ?? 1));
    this.state.textContent = counted(bad.length, "problem");
    this.state.hidden = !bad.length;
    const lines = [...new Set(used.map(({ line }) => line))].sort((a, b) => a - b);
    fill(this.used, lines.length > 0 && ["The verdict rests on ", ...lines.slice(0, 4).map((line) => el("button", { type: "button", class: "line-link", onclick: () => this.pane?.select(line) }, `line ${line}`)), lines.length > 4 && ` and ${lines.length - 4} more`]);
  }

  /** What a line decides; until the cursor goes elsewhere. @param {string} words */
  tell(words) {
    this.told.textContent = words;
  }

  /** @param {number} line */
  #tellLine(line) {
    this.tell("");
    const help = this.pane?.help();
    const words = help?.words ?? `Line ${line}. Ctrl Space offers what may stand here, Tab leaves the editor.`;
    if (this.hint.title === words) return;
    fill(this.hint, help && [el("b", {}, help.path), " "], words);
    this.hint.title = words;
  }

  #askName() {
    this.files.value = this.name;
    const input = el("input", { class: "field", "data-testid": "editor-new-name", "aria-label": "Name of the new file", value: "new-policies.yaml", autocomplete: "off", spellcheck: "false" });
    fill(this.fresh, input, el("button", { class: "button small", "data-testid": "editor-new-create" }, "Create"), el("button", { type: "button", class: "button small", onclick: () => this.#closeForm() }, "Cancel"), el("span", { class: "field-error", role: "alert" }));
    this.fresh.hidden = false;
    this.fresh.onkeydown = (event) => {
      if (event.key === "Escape") this.#closeForm();
    };
    input.select();
    input.focus();
  }

  /** @param {Event} event */
  #create(event) {
    event.preventDefault();
    const input = this.fresh.querySelector("input");
    const refusal = this.actions.onNew(input?.value.trim() ?? "");
    const told = this.fresh.querySelector("[role=alert]");
    if (refusal && told) told.textContent = refusal;
    else this.#closeForm();
  }

  #closeForm() {
    this.fresh.hidden = true;
    this.files.focus();
  }

  /** The upper edge: dragged, or moved by arrow keys, it makes the editor higher or lower. */
  #edge() {
    const edge = el("div", { class: "editor-edge", role: "separator", tabindex: 0, "aria-orientation": "horizontal", "aria-label": "Height of the editor", "data-testid": "editor-edge" });
    const set = (/** @type {number} */ height) => {
      const fit = Math.round(Math.min(Math.max(height, LOW_PX), innerHeight * 0.8));
      this.host.style.setProperty("--editor-height", `${fit}px`);
      edge.setAttribute("aria-valuenow", String(fit));
    };
    edge.setAttribute("aria-valuenow", String(Math.round(Math.min(Math.max(240, innerHeight - 470), innerHeight * 0.45))));
    edge.setAttribute("aria-valuemin", String(LOW_PX));
    edge.setAttribute("aria-valuemax", String(Math.round(innerHeight * 0.8)));
    edge.addEventListener("pointerdown", (event) => {
      edge.setPointerCapture(event.pointerId);
      const [start, height] = [event.clientY, this.host.clientHeight];
      edge.onpointermove = (move) => set(height + start - move.clientY);
    });
    edge.addEventListener("lostpointercapture", () => (edge.onpointermove = null));
    edge.addEventListener("keydown", (event) => {
      const step = { ArrowUp: STEP_PX, ArrowDown: -STEP_PX }[event.key];
      if (!step) return;
      event.preventDefault();
      set(this.host.clientHeight + step);
    });
    return edge;
  }
}

/** The folders that all names begin with. Pure. @param {string[]} names */
export function commonFolder(names) {
  const [folders = [], ...others] = names.map((name) => name.split("/").slice(0, -1));
  let length = 0;
  while (length < folders.length && others.every((other) => other[length] === folders[length])) length += 1;
  return folders.slice(0, length).map((folder) => `${folder}/`).join("");
}
