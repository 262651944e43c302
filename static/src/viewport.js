// Pan and zoom. While a gesture runs, only the picture that is already painted is moved by the compositor;
// when it rests, the true transform is written once. Large diagrams stay smooth that way.
import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import { svgEl } from "./dom.js";

const REST_MS = 120;
const CORNER = { width: 180, height: 54 }; // where the buttons for zooming float
const PAPER = { width: 1030, height: 520 }; // of a page, in pixels, without its margins and words
const MARGIN = 20;
const COARSE = 2.5;
const FAR = 0.62; // below this scale only names can be read: they are written larger, the rest is left out
const OVERSCAN = 0.5; // of the frame's size, painted beyond each side

/** @typedef {{x: number, y: number, k: number}} Place */

export class Viewport {
  /** @param {HTMLElement} frame what is seen @param {() => void} onRest after the true transform was written */
  constructor(frame, onRest = () => {}) {
    this.frame = frame;
    this.onRest = onRest;
    this.content = svgEl("g", { class: "content" });
    this.svg = svgEl("svg", { class: "canvas-svg", "aria-hidden": "false" }, this.content);
    this.size = { width: 1, height: 1 };
    /** of the frame; asking the document would make it lay everything out */ this.room = { width: 1, height: 1 };
    this.committed = { x: 0, y: 0, k: 1 };
    this.timer = 0;
    this.onPaper = false;
    /** something else follows the pointer */ this.held = false;
    this.fitted = false; // until a person moves it, the picture keeps filling a frame that changes its size
    frame.prepend(this.svg);
    this.behaviour = zoom()
      .scaleExtent([0.05, 4])
      .clickDistance(4)
      .filter((event) => !this.held && !event.button && !(event.type === "dblclick") && !(event.target instanceof HTMLElement && event.target !== frame))
      .on("zoom", (event) => {
        if (event.sourceEvent) this.fitted = false;
        this.#follow(event.transform);
      });
    this.selection = select(frame);
    this.selection.call(/** @type {any} */ (this.behaviour)).on("dblclick.zoom", null);
    this.#measure();
    new ResizeObserver(() => {
      if (this.onPaper) return;
      this.#measure();
      if (this.fitted) this.fit();
      else this.#commit();
    }).observe(frame);
  }

  #measure() {
    this.room = { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  /** The transform that d3 holds now. @returns {Place} */
  get place() {
    return zoomTransform(this.frame);
  }

  /** Put other content in, of this size in its own units. @param {Node[]} children @param {{width: number, height: number}} size */
  show(children, { width, height }) {
    this.size = { width, height };
    this.content.replaceChildren(...children);
    this.#commit();
  }

  /** All of it, as large as it fits, never larger than life and a bit. */
  fit() {
    this.fitted = true; // if there is no room yet, then as soon as there is
    if (!this.room.width) this.#measure();
    const { width, height } = this.room;
    if (!width || !height) return;
    const scale = (/** @type {number} */ below) => Math.max(0.05, Math.min((width - 2 * MARGIN) / this.size.width, (height - MARGIN - below) / this.size.height, 1.25));
    const reaches = (width - this.size.width * scale(MARGIN)) / 2 < CORNER.width; // as far as the buttons in the corner
    const below = reaches ? CORNER.height : MARGIN;
    const k = scale(below);
    this.moveTo({ x: (width - this.size.width * k) / 2, y: MARGIN + (height - MARGIN - below - this.size.height * k) / 2, k });
    this.fitted = true; // moving has taken it for a person's doing
  }

  /** @param {Place} place */
  moveTo(place) {
    this.fitted = false;
    this.selection.call(/** @type {any} */ (this.behaviour.transform), zoomIdentity.translate(place.x, place.y).scale(place.k));
    this.#commit();
  }

  /** Move it, as one looks around. @param {number} right @param {number} down in pixels */
  panBy(right, down) {
    this.fitted = false;
    this.selection.call(/** @type {any} */ (this.behaviour.translateBy), right / this.place.k, down / this.place.k);
  }

  /** Zoom about the middle. @param {number} factor */
  zoomBy(factor) {
    this.fitted = false;
    this.selection.call(/** @type {any} */ (this.behaviour.scaleBy), factor);
  }

  /** On paper, all of it fills its part of the page; afterwards it is as before. @param {boolean} on */
  setPaper(on) {
    this.onPaper = on;
    if (!on) {
      this.svg.removeAttribute("viewBox");
      return this.#commit();
    }
    const { width, height } = this.size;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.classList.remove("moving");
    this.svg.classList.toggle("far", Math.min(PAPER.width / width, PAPER.height / height) < FAR);
    this.content.removeAttribute("transform");
  }

  /** Move just so far that a box in screen coordinates is inside the frame. @param {DOMRect} box */
  reveal(box) {
    const frame = this.frame.getBoundingClientRect();
    const shift = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) =>
      low < from ? from - low : high > to ? Math.max(to - high, from - low) : 0;
    const dx = shift(box.left, box.right, frame.left + MARGIN, frame.right - MARGIN);
    const dy = shift(box.top, box.bottom, frame.top + MARGIN, frame.bottom - MARGIN);
    if (dx || dy) this.moveTo({ ...this.#plain(), x: this.place.x + dx, y: this.place.y + dy });
  }

  #plain() {
    const { x, y, k } = this.place;
    return { x, y, k };
  }

  /** @param {Place} now */
  #follow(now) {
    const ratio = now.k / this.committed.k;
    const offset = this.#offset();
    const dx = now.x + offset.x - ratio * (offset.x + this.committed.x);
    const dy = now.y + offset.y - ratio * (offset.y + this.committed.y);
    if (this.#isBare(dx, dy, ratio)) return this.#commit();
    this.svg.classList.add("moving");
    /** @type {SVGElement} */ (this.svg).style.transform = `translate(${dx}px, ${dy}px) scale(${ratio})`;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#commit(), REST_MS);
  }

  /** Whether the picture that is painted no longer covers the frame, or is too coarse. @param {number} dx @param {number} dy @param {number} ratio */
  #isBare(dx, dy, ratio) {
    const { width, height } = this.room;
    const [left, top] = [dx - width * OVERSCAN, dy - height * OVERSCAN];
    const size = (1 + 2 * OVERSCAN) * ratio;
    return ratio > COARSE || left > 0 || top > 0 || left + size * width < width || top + size * height < height;
  }

  #offset() {
    return { x: this.room.width * OVERSCAN, y: this.room.height * OVERSCAN };
  }

  #commit() {
    clearTimeout(this.timer);
    if (this.onPaper) return;
    const now = this.#plain();
    const offset = this.#offset();
    this.committed = now;
    /** @type {SVGElement} */ (this.svg).style.transform = "";
    this.svg.classList.remove("moving");
    this.svg.classList.toggle("far", now.k < FAR);
    this.content.setAttribute("transform", `translate(${now.x + offset.x} ${now.y + offset.y}) scale(${now.k})`);
    this.onRest();
  }
}
