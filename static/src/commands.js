// All commands in one place: every button of the page that can be pressed now, found by typing (Ctrl or Cmd and K).
import { el, fill } from "./dom.js";

/** @typedef {{name: string, where: string, key: string, run: () => void}} Command */

const MOST_SHOWN = 60;
const BUTTONS = "button:not([disabled]), a.button, a.icon-button, summary, a[data-export]";

/** The commands whose words hold all that was typed; those that begin with it first. Pure. @param {Command[]} commands @param {string} typed */
export function matching(commands, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (/** @type {Command} */ { name, where }) => `${name} ${where}`.toLowerCase();
  const found = commands.filter((command) => words.every((word) => text(command).includes(word)));
  const begins = (/** @type {Command} */ { name }) => Number(!words.length || !name.toLowerCase().startsWith(words[0] ?? ""));
  return found.map((command, index) => ({ command, index })).sort((a, b) => begins(a.command) - begins(b.command) || a.index - b.index).map(({ command }) => command);
}

/** What can be pressed now, in the order of the page. @param {ParentNode} root @returns {Command[]} */
export function commandsOf(root) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(BUTTONS)]).filter(isOffered).map((button) => ({
    name: nameOf(button),
    where: whereOf(button),
    key: button.dataset["key"] ?? /\(([^)]+)\)$/.exec(button.title)?.[1] ?? "",
    run: () => {
      button.focus({ preventScroll: true });
      button.click();
    },
  })).filter(({ name }) => name);
}

/** @param {HTMLElement} button */
function isOffered(button) {
  if (button.closest("dialog, [role=listbox], tbody") || button.getAttribute("aria-disabled") === "true") return false;
  return button.checkVisibility() || Boolean(button.closest("details.menu"));
}

/** @param {HTMLElement} button */
function nameOf(button) {
  return (button.getAttribute("aria-label") ?? button.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** What the button is part of. @param {HTMLElement} button */
function whereOf(button) {
  const part = button.parentElement?.closest("[aria-label], [aria-labelledby], details.menu");
  const label = part?.getAttribute("aria-labelledby");
  const menu = part?.matches("details.menu") ? part.querySelector("summary")?.textContent : null;
  return ((label ? document.getElementById(label)?.textContent : null) ?? part?.getAttribute("aria-label") ?? menu ?? "").split(".")[0]?.trim() ?? "";
}

export class Commands {
  constructor() {
    this.box = el("input", { type: "text", class: "field", role: "combobox", "aria-expanded": "true", "aria-controls": "commands-list", "aria-autocomplete": "list", "aria-label": "Command", placeholder: "Type what to do …", autocomplete: "off", spellcheck: "false", "data-testid": "commands-box" });
    this.list = el("ul", { class: "commands-list", role: "listbox", id: "commands-list", "aria-label": "Commands", "data-testid": "commands-list" });
    this.dialog = el("dialog", { class: "commands", "aria-label": "Commands", "data-testid": "commands" }, this.box, this.list);
    /** @type {Command[]} */ this.all = [];
    /** @type {Command[]} */ this.shown = [];
    this.at = 0;
    document.body.append(this.dialog);
    this.box.addEventListener("input", () => this.#show());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#run(this.#indexOf(event.target)));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      this.open();
    });
  }

  open() {
    if (document.querySelector("dialog[open]")) return;
    this.all = commandsOf(document);
    this.box.value = "";
    this.dialog.showModal();
    this.#show();
  }

  #show() {
    this.shown = matching(this.all, this.box.value).slice(0, MOST_SHOWN);
    this.at = 0;
    fill(this.list, this.shown.length
      ? this.shown.map(({ name, where, key }, index) =>
          el("li", { role: "option", id: `command-${index}`, "data-index": index }, el("span", {}, name), el("small", {}, where), key && el("kbd", {}, key)))
      : el("li", { class: "quiet", role: "option", "aria-disabled": "true" }, "No such command here."));
    this.#mark();
  }

  #mark() {
    for (const [index, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(index === this.at));
    this.box.setAttribute("aria-activedescendant", this.shown.length ? `command-${this.at}` : "");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps && this.shown.length) {
      this.at = (this.at + steps + this.shown.length) % this.shown.length;
      this.#mark();
    } else if (event.key === "Enter") this.#run(this.at);
    else return;
    event.preventDefault();
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const item = target instanceof Element ? target.closest("li[data-index]") : null;
    return item instanceof HTMLElement ? Number(item.dataset["index"]) : -1;
  }

  /** @param {number} index */
  #run(index) {
    const command = this.shown[index];
    if (!command) return;
    this.dialog.close();
    command.run();
  }
}
