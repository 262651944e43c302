// A path drawn by hand: from card to card with the pointer, or with the keyboard alone.
import { svgEl } from "./dom.js";
import { towards } from "./walk.js";

/** @typedef {import("./diagram.js").Diagram} Diagram */
/**
 * @typedef {object} Actions
 * @property {(from: string, to: string) => void} onDraw @property {(text: string) => void} say
 * @property {(id: string) => string} refusal why a card cannot be an end; "" if it can
 * @property {(on: boolean) => void} onMode
 */

const FAR_ENOUGH = 6;

export class Rubber {
  /** @param {HTMLElement} frame @param {Diagram} diagram @param {Actions} actions */
  constructor(frame, diagram, actions) {
    this.frame = frame;
    this.diagram = diagram;
    this.actions = actions;
    /** every drag from a card draws */ this.mode = false;
    /** the card that a path is drawn from; "" for none */ this.from = "";
    this.target = "";
    this.byKeys = false;
    this.start = { x: 0, y: 0 };
    this.swallow = false;
    this.line = svgEl("line", { class: "rubber-line" });
    this.sheet = svgEl("svg", { class: "rubber", "aria-hidden": "true" }, this.line);
    frame.append(this.sheet);
    frame.addEventListener("pointerdown", (event) => this.#down(event), true);
    frame.addEventListener("pointermove", (event) => this.#move(event));
    frame.addEventListener("pointerup", (event) => this.#up(event));
    frame.addEventListener("pointercancel", () => this.end());
    frame.addEventListener("lostpointercapture", () => !this.byKeys && this.end());
    frame.addEventListener("click", (event) => this.#click(event), true);
  }

  /** @param {boolean} on */
  setMode(on) {
    this.mode = on;
    this.frame.classList.toggle("draws", on);
    if (!on) this.end();
    this.actions.onMode(on);
    this.actions.say(on ? "Draw: drag from one card to another, or press A on a card. Escape ends." : "Drawing has ended.");
  }

  get isActive() {
    return this.from !== "";
  }

  /** Begin with the keyboard, from the card that has the focus. @param {string} id */
  begin(id) {
    if (!id || this.#refused(id)) return;
    this.byKeys = true;
    this.#begin(id);
    this.actions.say(`A path from ${this.#nameOf(id)}: the arrows choose the other end, Enter draws it, Escape ends.`);
  }

  /** A key while a path is drawn; whether it was one of ours. @param {string} key */
  key(key) {
    if (!this.isActive) return false;
    if (key === "Escape") this.end();
    else if (key === "Enter" || key === " ") this.#finish(this.target);
    else if (key.startsWith("Arrow")) this.#aim(key);
    else return false;
    return true;
  }

  end() {
    this.diagram.mark(this.target, "target", false);
    this.from = this.target = "";
    this.byKeys = false;
    this.diagram.viewport.held = false;
    this.frame.classList.remove("drawing");
  }

  /** @param {string} key */
  #aim(key) {
    const next = towards(this.diagram.spots(), this.target || this.from, key);
    if (!next) return;
    this.diagram.focus(next);
    this.#aimAt(next === this.from ? "" : next);
    const spot = this.diagram.middleOf(next);
    if (spot) this.#stretch(spot.x, spot.y);
    this.actions.say(`To ${this.#nameOf(next)}`);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.swallow = false;
    if (event.button !== 0 || !(this.mode || event.altKey)) return;
    const id = nodeAt(event.target);
    if (!id || this.actions.refusal(id)) return;
    this.byKeys = false;
    this.start = { x: event.clientX, y: event.clientY };
    this.#begin(id);
    this.frame.setPointerCapture(event.pointerId);
  }

  /** @param {string} id */
  #begin(id) {
    this.from = id;
    this.diagram.viewport.held = true;
    this.frame.classList.add("drawing");
    const spot = this.diagram.middleOf(id);
    if (spot) this.#stretch(spot.x, spot.y);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.isActive || this.byKeys) return;
    this.#stretch(event.clientX, event.clientY);
    const id = nodeAt(document.elementFromPoint(event.clientX, event.clientY));
    this.#aimAt(id === this.from ? "" : id);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.isActive || this.byKeys) return;
    this.swallow = Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y) > FAR_ENOUGH;
    if (this.target) this.#finish(this.target);
    else this.end();
  }

  /** What follows a drag is no click. @param {MouseEvent} event */
  #click(event) {
    if (this.swallow) event.stopPropagation();
    this.swallow = false;
  }

  /** @param {string} id */
  #aimAt(id) {
    if (id === this.target) return;
    this.diagram.mark(this.target, "target", false);
    this.target = id;
    this.diagram.mark(id, "target", true);
  }

  /** @param {string} to */
  #finish(to) {
    const { from } = this;
    if (!to || this.#refused(to)) return;
    this.end();
    this.actions.onDraw(from, to);
  }

  /** @param {string} id */
  #refused(id) {
    const why = this.actions.refusal(id);
    if (why) this.actions.say(why);
    if (why && !this.byKeys) this.end();
    return why;
  }

  /** @param {string} id */
  #nameOf(id) {
    return this.diagram.nodes.get(id)?.[0]?.getAttribute("aria-label")?.split(",")[0] ?? id;
  }

  /** From the middle of the first card to a point of the screen. @param {number} x @param {number} y */
  #stretch(x, y) {
    const frame = this.frame.getBoundingClientRect();
    const from = this.diagram.middleOf(this.from);
    if (!from) return;
    const ends = { x1: from.x - frame.x, y1: from.y - frame.y, x2: x - frame.x, y2: y - frame.y };
    for (const [name, value] of Object.entries(ends)) this.line.setAttribute(name, String(value));
  }
}

/** @param {EventTarget | null} target */
function nodeAt(target) {
  return target instanceof Element ? (target.closest("g[data-node]")?.getAttribute("data-node") ?? "") : "";
}
