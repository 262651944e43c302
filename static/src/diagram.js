// The picture: the server's SVG made alive. It shows what is selected, and tells what a person picks.
import { importSvg, svgEl } from "./dom.js";
import { Viewport } from "./viewport.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {{node: string, from: string, to: string}} Selection */
/**
 * @typedef {object} Listener
 * @property {(id: string) => void} onNode @property {(from: string, to: string) => void} onEdge
 * @property {(namespace: string) => void} onNamespace @property {() => void} onNothing
 */

export class Diagram {
  /** @param {HTMLElement} frame @param {Listener} listener */
  constructor(frame, listener) {
    this.frame = frame;
    this.listener = listener;
    this.viewport = new Viewport(frame);
    /** an id may be drawn twice: the Internet at the left and at the right @type {Map<string, SVGGElement[]>} */ this.nodes = new Map();
    /** @type {Map<string, SVGGElement[]>} */ this.edges = new Map();
    /** @type {Map<string, SVGGElement[]>} */ this.boxes = new Map();
    /** @type {Map<string, {source: string, destination: string}>} */ this.ends = new Map();
    this.text = "";
    frame.addEventListener("click", (event) => this.#pick(event));
    frame.addEventListener("pointerover", (event) => this.#hover(event.target));
    frame.addEventListener("pointerleave", () => this.#hover(null));
  }

  /**
   * Draw a scene. The first one fills the frame; later ones keep the scale, and `anchor` keeps its place.
   * @param {Scene} scene @param {string} [anchor] id of the node that should stay under the eye
   */
  draw(scene, anchor = "") {
    if (scene.svg === this.text) return;
    const before = this.text ? this.#middleOf(anchor) : null;
    const first = !this.text;
    this.text = scene.svg;
    this.ends = new Map(scene.edges.map((edge) => [`${edge.source}>${edge.destination}`, edge]));
    const drawing = importSvg(scene.svg);
    for (const element of drawing.querySelectorAll("[tabindex]")) element.setAttribute("tabindex", "-1");
    this.viewport.show([...drawing.childNodes], scene.width, scene.height);
    this.nodes = indexBy(this.viewport.content, "node");
    this.edges = indexBy(this.viewport.content, "edge");
    this.boxes = indexBy(this.viewport.content, "namespace");
    for (const edge of [...this.edges.values()].flat()) widen(edge);
    this.setStop(this.nodes.keys().next().value ?? "");
    if (first) this.viewport.fit();
    else this.#keepPlace(anchor, before);
  }

  /** The one element that Tab reaches. @param {string} name of a node or an edge */
  setStop(name) {
    for (const old of this.viewport.content.querySelectorAll('[tabindex="0"]')) old.setAttribute("tabindex", "-1");
    this.#element(name)?.setAttribute("tabindex", "0");
  }

  /** Put the keyboard's focus on a node or an edge and bring it into view. @param {string} name */
  focus(name) {
    const element = this.#element(name);
    if (!element) return;
    this.setStop(name);
    element.focus({ preventScroll: true });
    this.viewport.reveal(element.getBoundingClientRect());
  }

  /** @param {string} name of a node or an edge */
  #element(name) {
    return (this.nodes.get(name) ?? this.edges.get(name))?.[0];
  }

  /** @param {Selection} selection */
  select({ node, from, to }) {
    const chosen = from && to ? `${from}>${to}` : "";
    for (const [name, elements] of this.edges) mark(elements, "selected", name === chosen);
    for (const [id, elements] of this.nodes) {
      mark(elements, "selected", id === node || (chosen !== "" && (id === from || id === to)));
    }
    this.#light("chosen", chosen && this.edges.has(chosen) ? [chosen] : this.#edgesOf(node), node || chosen);
  }

  /** The middles of all nodes as they are seen. @returns {{id: string, x: number, y: number}[]} */
  spots() {
    return [...this.nodes.keys()].flatMap((id) => {
      const middle = this.#middleOf(id);
      return middle ? [{ id, ...middle }] : [];
    });
  }

  /** @param {string} id */
  #edgesOf(id) {
    if (!id) return [];
    return [...this.edges.keys()].filter((name) => {
      const ends = this.ends.get(name);
      return ends?.source === id || ends?.destination === id;
    });
  }

  /** Raise some edges and their ends above the rest. @param {"chosen" | "near"} how @param {string[]} names @param {string} [about] */
  #light(how, names, about = "") {
    const ends = new Set(names.flatMap((name) => [this.ends.get(name)?.source, this.ends.get(name)?.destination]));
    const any = names.length > 0 || (about !== "" && this.nodes.has(about));
    this.viewport.svg.classList.toggle(`has-${how}`, any);
    const lit = new Set(names);
    for (const [name, elements] of this.edges) mark(elements, how, lit.has(name));
    for (const [id, elements] of this.nodes) mark(elements, how, any && (ends.has(id) || id === about));
  }

  /** @param {EventTarget | null} target */
  #hover(target) {
    const element = target instanceof Element ? target : null;
    const edge = element?.closest("[data-edge]");
    const node = element?.closest("[data-node]");
    if (edge instanceof SVGElement) this.#light("near", [edge.dataset["edge"] ?? ""]);
    else if (node instanceof SVGElement) this.#light("near", this.#edgesOf(node.dataset["node"] ?? ""), node.dataset["node"]);
    else this.#light("near", []);
  }

  /** @param {MouseEvent} event */
  #pick(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("button, details, summary, a, .floating")) return;
    const edge = target?.closest("[data-edge]");
    const node = target?.closest("[data-node]");
    const box = target?.closest("[data-namespace]");
    if (edge instanceof SVGElement) {
      const ends = this.ends.get(edge.dataset["edge"] ?? "");
      if (ends) this.listener.onEdge(ends.source, ends.destination);
    } else if (node instanceof SVGElement) this.listener.onNode(node.dataset["node"] ?? "");
    else if (box instanceof SVGElement && target?.localName === "text") this.listener.onNamespace(box.dataset["namespace"] ?? "");
    else this.listener.onNothing();
  }

  /** @param {string} id */
  #middleOf(id) {
    const box = this.nodes.get(id)?.[0]?.getBoundingClientRect();
    return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
  }

  /** @param {string} anchor @param {{x: number, y: number} | null} before */
  #keepPlace(anchor, before) {
    const after = this.#middleOf(anchor);
    if (!before || !after) return;
    const { x, y, k } = this.viewport.place;
    this.viewport.moveTo({ x: x + before.x - after.x, y: y + before.y - after.y, k });
  }
}

/** @param {Element} root @param {"node" | "edge" | "namespace"} what @returns {Map<string, SVGGElement[]>} */
function indexBy(root, what) {
  /** @type {Map<string, SVGGElement[]>} */ const index = new Map();
  for (const element of /** @type {NodeListOf<SVGGElement>} */ (root.querySelectorAll(`g[data-${what}]`))) {
    const name = element.dataset[what] ?? "";
    index.set(name, [...(index.get(name) ?? []), element]);
  }
  return index;
}

/** @param {Element[]} elements @param {string} name @param {boolean} on */
function mark(elements, name, on) {
  for (const element of elements) {
    element.classList.toggle(name, on);
    if (name !== "selected") continue;
    if (on) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
}

/** Lines are thin; an unseen wide one beneath each makes it easy to hit. @param {SVGGElement} edge */
function widen(edge) {
  const line = edge.querySelector("path");
  if (line) edge.prepend(svgEl("path", { class: "hit", d: line.getAttribute("d"), fill: "none" }));
}
