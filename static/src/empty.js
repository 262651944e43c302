// What is missing before the picture can say much, and the button that mends it (design: "Empty states").
import { el, fill, icon } from "./dom.js";
import { lackOf } from "./lacks.js";
import { control, copyFrom } from "./page.js";

/** @typedef {import("./types.js").Summary} Summary */
/** @typedef {import("./lacks.js").Lack} Lack */
/**
 * @typedef {object} Actions
 * @property {() => void} onAdd add files @property {() => void} onAssume assume only the name label of namespaces
 */

export class Empty {
  /** @param {() => Summary | null} summary @param {Actions} actions */
  constructor(summary, actions) {
    this.summary = summary;
    this.actions = actions;
    this.host = control("empty");
    this.shown = "";
    /** what the reader has closed @type {Set<string>} */ this.closed = new Set();
  }

  draw() {
    const summary = this.summary();
    const found = summary && lackOf(summary);
    const key = found ? `${found.lack} ${found.text}` : "";
    if (key === this.shown) return;
    this.shown = key;
    this.host.hidden = !found || this.closed.has(key);
    if (!found) return fill(this.host);
    this.host.dataset["lack"] = found.lack;
    const whole = found.lack === "nothing" || found.lack === "no_workloads";
    fill(this.host, icon(whole ? "upload" : "info"), el("p", { "data-testid": "empty-state" }, found.text), this.#buttons(found.lack),
      !whole && el("button", { type: "button", class: "icon-button", "aria-label": "Close this hint", "data-testid": "empty-close", onclick: () => this.#close(key) }, icon("close")));
  }

  /** @param {Lack} lack */
  #buttons(lack) {
    const add = el("button", { type: "button", class: "button small primary", "data-testid": "empty-add", onclick: this.actions.onAdd }, icon("upload"), "Add files");
    if (lack === "nothing") return el("p", { class: "buttons" }, add, el("a", { class: "button small", href: "/?new=1", "data-testid": "empty-start" }, "Paste, or try a sample"));
    if (lack === "no_workloads") {
      const copy = el("button", { type: "button", class: "button small", "data-copy": "kubectl-file", "data-testid": "empty-copy", onclick: () => void copyFrom(copy) }, "Copy kubectl command");
      return el("p", { class: "buttons" }, add, copy);
    }
    if (lack === "no_policies") return el("p", { class: "buttons", "data-testid": "empty-deny" });
    return el("p", { class: "buttons" }, add, el("button", { type: "button", class: "button small", "data-testid": "empty-assume", onclick: this.actions.onAssume }, "Assume only the name label"));
  }

  /** @param {string} key */
  #close(key) {
    this.closed.add(key);
    this.host.hidden = true;
    control("canvas").focus();
  }
}
