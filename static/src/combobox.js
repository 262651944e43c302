// A text field with a list of suggestions, as the ARIA practices describe a combobox.
import { el, fill } from "./dom.js";

/** @typedef {{value: string, label: string, hint: string}} Option */
const MOST_SHOWN = 60;

export class Combobox {
  /**
   * @param {HTMLInputElement} input with an empty list element after it
   * @param {() => Option[]} options read anew each time the list opens
   * @param {(value: string) => void} onChange the value of an option, or what was typed
   */
  constructor(input, options, onChange) {
    this.input = input;
    this.options = options;
    this.onChange = onChange;
    this.value = "";
    this.active = -1;
    /** @type {Option[]} */ this.shown = [];
    this.list = el("ul", { class: "options floating-list", role: "listbox", id: `${input.id}-options`, hidden: true });
    this.list.setAttribute("aria-label", input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent ?? "Options");
    input.after(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id, autocomplete: "off", spellcheck: "false" })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.#open(input.value));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.#open(""));
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const index = Number(/** @type {HTMLElement} */ (event.target).closest("li")?.dataset["index"] ?? -1);
      if (index >= 0) this.#take(index);
    });
  }

  /** Show a value without telling anybody. @param {string} value */
  set(value) {
    this.value = value;
    if (document.activeElement !== this.input || this.list.hidden) this.input.value = this.#labelOf(value);
  }

  /** @param {string} value */
  #labelOf(value) {
    return this.options().find((option) => option.value === value)?.label ?? value;
  }

  /** @param {string} typed */
  #open(typed) {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (/** @type {Option} */ option) => words.every((word) => `${option.label} ${option.value}`.toLowerCase().includes(word));
    const start = words[0] ?? "";
    const rank = (/** @type {Option} */ option) => (option.label.toLowerCase().startsWith(start) ? 0 : option.label.toLowerCase().includes(start) ? 1 : 2);
    const all = this.options().filter(fits).sort((a, b) => rank(a) - rank(b));
    this.shown = all.slice(0, MOST_SHOWN);
    this.active = typed && this.shown.length ? 0 : this.shown.findIndex((option) => option.value === this.value);
    fill(
      this.list,
      this.shown.map((option, index) =>
        el("li", { role: "option", id: `${this.list.id}-${index}`, "data-index": index, "data-value": option.value }, el("span", {}, option.label), el("small", {}, option.hint)),
      ),
      all.length > MOST_SHOWN && el("li", { class: "more", role: "presentation" }, `${all.length - MOST_SHOWN} more: keep typing`),
    );
    this.#toggle(this.shown.length > 0);
    this.#highlight();
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }

  #highlight() {
    this.list.querySelectorAll('[role="option"]').forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.active));
      if (index !== this.active) return;
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      if (this.list.hidden) return this.#open("");
      const count = this.shown.length;
      if (count) this.active = (this.active + step + count) % count;
      this.#highlight();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.active >= 0) {
        event.stopImmediatePropagation(); // this one only picks; the next one goes on
        this.#take(this.active);
      } else this.#leave();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.#toggle(false);
      this.input.value = this.#labelOf(this.value);
    }
  }

  /** @param {number} index */
  #take(index) {
    const option = this.shown[index];
    if (!option) return;
    this.#toggle(false);
    this.input.value = option.label;
    this.#tell(option.value);
  }

  #leave() {
    this.#toggle(false);
    const typed = this.input.value.trim();
    if (typed !== this.#labelOf(this.value)) {
      const exact = this.options().find((option) => option.label === typed || option.value === typed);
      this.#tell(exact?.value ?? typed);
    }
  }

  /** @param {string} value */
  #tell(value) {
    if (value === this.value) return;
    this.value = value;
    this.onChange(value);
  }
}
