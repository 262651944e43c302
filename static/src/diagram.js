// The picture: the server's SVG made alive. It shows what is selected, and tells what a person picks.
import { importSvg, svgEl } from "./dom.js";
import { linesOf } from "./lines.js";
import { carries, markSteps } from "./rings.js";
import { cornersOf, glide } from "./shift.js";
import { Viewport } from "./viewport.js";

/** Above so many lines only those are shown that are lit: the others could not be told apart, and cost time. */
const MOST_FAINT = 400;

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./lines.js").Line} Line */
/** @typedef {{node: string, from: string, to: string, bundle: string}} Selection */
/** @typedef {import("./radius.js").Ring} Ring */
/**
 * @typedef {object} Listener
 * @property {(id: string) => void} onNode @property {(from: string, to: string) => void} onEdge
 * @property {(bundle: string) => void} onBundle @property {(namespace: string) => void} onNamespace
 * @property {(id: string) => void} onUnfold @property {() => void} onNothing
 */

export class Diagram {
  /** @param {HTMLElement} frame @param {Listener} listener */
  constructor(frame, listener) {
    this.frame = frame;
    this.listener = listener;
    this.viewport = new Viewport(frame);
    /** an id may be drawn twice, the Internet at the left and at the right @type {Map<string, SVGGElement[]>} */
    this.nodes = new Map();
    /** @type {Line[]} */ this.lines = [];
    this.text = "";
    /** what is raised above the rest now: only what changes is touched, there may be thousands @type {Record<"chosen" | "near", Set<Element>>} */
    this.lit = { chosen: new Set(), near: new Set() };
    /** what stands for the same thing in the next picture as in this one, and should keep its place @type {string[]} */ this.anchors = [];
    /** folded workloads, and the node that each is drawn as @type {Map<string, string>} */ this.folded = new Map();
    frame.addEventListener("click", (event) => this.#pick(event.target));
    frame.addEventListener("dblclick", (event) => this.#unfold(event.target));
    frame.addEventListener("pointerover", (event) => event.buttons || this.viewport.svg.classList.contains("moving") || this.#hover(event.target));
    frame.addEventListener("pointerleave", () => this.#hover(null));
  }

  /**
   * Draw a scene. The first one fills the frame; later ones keep the scale, and `anchor` keeps its place.
   * @param {Scene} scene @param {string} [anchor] id of the node that should stay under the eye
   */
  draw(scene, anchor = "") {
    if (scene.svg === this.text) return;
    const isFirst = !this.text;
    const anchors = this.anchors.length ? this.anchors : anchor ? [anchor] : [];
    const fits = isFirst || (this.viewport.fitted && !this.anchors.length);
    const before = isFirst ? new Map() : cornersOf(this.viewport.content);
    const kept = fits ? null : this.#corner(anchors);
    const held = this.#held();
    const origins = new Map(this.folded);
    this.anchors = [];
    this.text = scene.svg;
    const drawing = importSvg(scene.svg);
    for (const element of drawing.querySelectorAll("[tabindex]")) element.setAttribute("tabindex", "-1");
    this.viewport.content.setAttribute("font-family", drawing.getAttribute("font-family") ?? "sans-serif");
    this.viewport.svg.classList.toggle("crowded", drawing.classList.contains("crowded"));
    this.viewport.svg.classList.toggle("thicket", drawing.querySelectorAll("g.edge").length > MOST_FAINT);
    this.viewport.show([...drawing.children].filter((child) => child.localName === "g" || child.localName === "defs"), scene);
    this.lines = linesOf(this.viewport.content, scene);
    this.lit = { chosen: new Set(), near: new Set() };
    this.nodes = nodesOf(this.viewport.content);
    this.folded = new Map(scene.nodes.filter((node) => node.type === "namespace" || node.type === "group").flatMap(({ id, members }) => members.map((member) => [member, id])));
    const crowded = this.viewport.svg.classList.contains("crowded");
    for (const { element } of this.lines) {
      element.setAttribute("tabindex", "-1");
      element.setAttribute("role", "button");
      if (!crowded) widen(element); // else when it is lit: there are thousands
    }
    this.setStop(this.nodes.keys().next().value ?? "");
    if (fits) this.viewport.fit();
    else this.#keepPlace(anchors, kept);
    if (held) this.focus(this.#again(held, origins));
    if (!isFirst) glide(/** @type {SVGElement} */ (this.viewport.svg), this.viewport.content, before, this.viewport.place.k, (element) => originOf(element, origins));
  }

  /** The name that what had the focus goes by now: what stood for several is unfolded, or the other way round. @param {string} name @param {Map<string, string>} origins */
  #again(name, origins) {
    if (this.#element(name)) return name;
    const [unfolded = ""] = [...origins].find(([id, card]) => card === name && this.nodes.has(id)) ?? [];
    const [inGroup = ""] = [...origins].filter(([, card]) => card === name).map(([id]) => this.folded.get(id) ?? "");
    return unfolded || inGroup || this.nodeOf(name);
  }

  /** The one element that Tab reaches. @param {string} name of a node or a line */
  setStop(name) {
    for (const old of this.viewport.content.querySelectorAll('[tabindex="0"]')) old.setAttribute("tabindex", "-1");
    this.#element(name)?.setAttribute("tabindex", "0");
  }

  /** Put the keyboard's focus on a node or a line and bring it into view. @param {string} name */
  focus(name) {
    const element = this.#element(name);
    if (!element) return;
    this.setStop(name);
    element.focus({ preventScroll: true });
    this.viewport.reveal(element.getBoundingClientRect());
  }

  /** The node or the line that has the keyboard's focus. @returns {{node: string, line: Line | undefined}} */
  here() {
    const element = document.activeElement;
    const node = element instanceof SVGElement && this.frame.contains(element) ? (element.dataset["node"] ?? "") : "";
    return { node, line: this.lines.find((line) => line.element === element) };
  }

  /** The node that something is drawn as. @param {string} id of a workload, folded or not */
  nodeOf(id) {
    return this.folded.get(id) ?? id;
  }

  /**
   * @param {Selection} selection @param {Ring | null} [ring] all that is reached from the selected node
   * @param {import("./policies.js").Spot | null} [spot] whom the selected policy selects, and what it decides
   */
  select(selection, ring = null, spot = null) {
    const [node = "", from = "", to = ""] = [selection.node, selection.from, selection.to].map((id) => this.nodeOf(id));
    const { bundle } = selection;
    const chosen = from && to ? this.lines.filter((line) => line.name === `${from}>${to}`) : bundle ? this.lines.filter((line) => line.bundle === bundle) : [];
    const selected = new Set(chosen);
    for (const line of this.lines) if (selected.has(line) !== line.element.classList.contains("selected")) mark(line.element, "selected", selected.has(line));
    for (const [id, elements] of this.nodes) {
      for (const element of elements) mark(element, "framed", spot?.nodes.has(id) ?? false);
      for (const element of elements) mark(element, "selected", id === node || (from !== "" && to !== "" && (id === from || id === to)));
    }
    markSteps(this.nodes, ring);
    this.viewport.svg.classList.toggle("has-ring", ring !== null);
    if (ring) this.#lightRing(ring);
    else if (spot) this.#lightSpot(spot);
    else if (node) this.#light("chosen", this.#linesOf(node), [node]);
    else this.#light("chosen", chosen, chosen.length ? [] : [from, to]);
  }

  /** The middles of all nodes as they are seen. @returns {{id: string, x: number, y: number}[]} */
  spots() {
    return [...this.nodes.keys()].flatMap((id) => {
      const middle = this.middleOf(id);
      return middle ? [{ id, ...middle }] : [];
    });
  }

  /** @param {Element | null | undefined} element */
  lineAt(element) {
    const found = element?.closest("g.edge, g.pill");
    return found ? this.lines.find((item) => item.element === found || item.pill === found) : undefined;
  }

  /** The name to come back to after a new drawing. */
  #held() {
    const { node, line } = this.here();
    return node || line?.name || "";
  }

  /** @param {string} name of a node or a line */
  #element(name) {
    return this.nodes.get(name)?.[0] ?? this.lines.find((line) => line.name === name)?.element;
  }

  /** @param {string} id */
  #linesOf(id) {
    return this.lines.filter((line) => line.tails.includes(id) || line.heads.includes(id));
  }

  /** Raise some lines and their ends above the rest. @param {"chosen" | "near"} how @param {Line[]} lines @param {string[]} more nodes */
  #light(how, lines, more) {
    this.#raise(how, lines, [...lines.flatMap((line) => [...line.tails, ...line.heads]), ...more]);
  }

  /** Raise what is reached, though a line may stand for other pairs as well. @param {Ring} ring */
  #lightRing(ring) {
    const lines = this.lines.filter((line) => carries(line, ring));
    const all = lines.some((line) => line.heads.includes("everything")) ? ["everything"] : [];
    this.#raise("chosen", lines, [ring.center, ...ring.steps.keys(), ...all]);
  }

  /** Raise what a policy selects and decides. @param {import("./policies.js").Spot} spot */
  #lightSpot(spot) {
    const lines = this.lines.filter((line) => line.tails.some((tail) => line.heads.some((head) => spot.holds(tail, head))));
    this.#raise("chosen", lines, [...spot.nodes, ...lines.flatMap((line) => [...line.tails, ...line.heads])]);
  }

  /** Raise some lines and some nodes above the rest. @param {"chosen" | "near"} how @param {Line[]} lines @param {string[]} nodes */
  #raise(how, lines, nodes) {
    const ends = new Set(nodes.filter((id) => this.nodes.has(id)));
    this.viewport.svg.classList.toggle(`has-${how}`, ends.size > 0);
    for (const line of lines) {
      widen(line.element);
      line.pill ??= this.#pillOf(line.element);
    }
    /** @type {Set<Element>} */ const lit = new Set(lines.flatMap((line) => (line.pill ? [line.element, line.pill] : [line.element])));
    for (const id of ends) for (const element of this.nodes.get(id) ?? []) lit.add(element);
    for (const element of this.lit[how]) if (!lit.has(element)) element.classList.remove(how);
    for (const element of lit) if (!this.lit[how].has(element)) element.classList.add(how);
    this.lit[how] = lit;
  }

  /** The label of a line of a crowded picture: made when it is first lit. @param {SVGGElement} element */
  #pillOf(element) {
    const { label, at, line } = element.dataset;
    const place = this.viewport.content.querySelector("g.lines:last-of-type");
    if (!label || !at || !place) return null;
    const [x = 0, y = 0] = at.split(" ").map(Number);
    const width = label.length * 6.9 + 16;
    const pill = svgEl("g", { class: `pill ${element.classList[1] ?? ""}`, "data-line": line },
      svgEl("rect", { class: "f-card s-allowed", x: x - width / 2, y: y - 10, width, height: 20, rx: 10 }),
      svgEl("text", { class: "f-ink", x, y: y + 4.2, "font-size": 12, "text-anchor": "middle" }, label));
    place.append(pill);
    return /** @type {SVGGElement} */ (pill);
  }

  /** @param {EventTarget | null} target */
  #hover(target) {
    const element = target instanceof Element ? target : null;
    const line = this.lineAt(element);
    const node = element?.closest("g[data-node]")?.getAttribute("data-node");
    if (line) this.#light("near", [line], []);
    else if (node) this.#light("near", this.#linesOf(node), [node]);
    else this.#light("near", [], []);
  }

  /** @param {EventTarget | null} target */
  #pick(target) {
    const element = target instanceof Element ? target : null;
    if (!element) return;
    const line = this.lineAt(element);
    const node = element.closest("g[data-node]")?.getAttribute("data-node");
    const box = element.closest("g[data-namespace]");
    const namespace = box?.getAttribute("data-namespace");
    if (line) this.pickLine(line);
    else if (node) this.listener.onNode(node);
    else if (namespace && element !== box?.firstElementChild) this.listener.onNamespace(namespace);
    else this.listener.onNothing();
  }

  /** @param {EventTarget | null} target */
  #unfold(target) {
    const node = target instanceof Element ? target.closest("g[data-node]")?.getAttribute("data-node") : "";
    if (node) this.listener.onUnfold(node);
  }

  /** Tell what a line stands for. @param {Line} line */
  pickLine(line) {
    const [from = "", to = ""] = [line.tails[0], line.heads[0]];
    if (line.bundle) this.listener.onBundle(line.bundle);
    else if (line.element.dataset["open"]) this.listener.onNode(from);
    else this.listener.onEdge(from, to);
  }

  /** Put a class on a card, or take it off. @param {string} id @param {string} name @param {boolean} on */
  mark(id, name, on) {
    for (const element of this.nodes.get(id) ?? []) element.classList.toggle(name, on);
  }

  /** The middle of a node on the screen. @param {string} id */
  middleOf(id) {
    const box = this.nodes.get(id)?.[0]?.getBoundingClientRect();
    return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
  }

  /** The upper left corner of the first of these that is in the picture: nodes, or "box:NAMESPACE". @param {string[]} names */
  #corner(names) {
    for (const name of names) {
      const box = name.startsWith("box:") ? this.viewport.content.querySelector(`g[data-namespace="${CSS.escape(name.slice(4))}"]`) : this.nodes.get(this.nodeOf(name))?.[0];
      if (box) return box.getBoundingClientRect();
    }
    return null;
  }

  /** @param {string[]} names @param {DOMRect | null} before */
  #keepPlace(names, before) {
    const after = this.#corner(names);
    if (!before || !after) return;
    const { x, y, k } = this.viewport.place;
    this.viewport.moveTo({ x: x + before.x - after.x, y: y + before.y - after.y, k });
    if (names.length > 1) this.viewport.reveal(this.#corner(names) ?? after);
  }
}

/** The name of the card that stood for a new one. @param {SVGElement} element @param {Map<string, string>} folded */
function originOf(element, folded) {
  const { node, namespace } = element.dataset;
  return `${node ? (folded.get(node) ?? "") : `${namespace}/*`} `;
}

/** @param {Element} root @returns {Map<string, SVGGElement[]>} */
function nodesOf(root) {
  /** @type {Map<string, SVGGElement[]>} */ const index = new Map();
  for (const element of /** @type {NodeListOf<SVGGElement>} */ (root.querySelectorAll("g[data-node]"))) {
    const id = element.dataset["node"] ?? "";
    index.set(id, [...(index.get(id) ?? []), element]);
  }
  return index;
}

/** @param {Element} element @param {string} name @param {boolean} on */
function mark(element, name, on) {
  element.classList.toggle(name, on);
  if (name !== "selected") return;
  if (on) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
}

/** Lines are thin: an unseen wide one beneath makes them easy to hit, and shows focus and selection. @param {SVGGElement} line */
function widen(line) {
  if (line.querySelector(".hit")) return;
  line.prepend(svgEl("path", { class: "hit", d: line.querySelector("path")?.getAttribute("d"), fill: "none" }));
}
