// The matrix: rows are sources, columns destinations. Only the window that is seen is in the document; cells come from
// the server tile by tile. One tab stop; arrows move, Enter selects, as in the other views.
import { getJson } from "./api.js";
import { cellElement, cellText, headElement, headText } from "./cells.js";
import { el, fill, icon } from "./dom.js";
import { counted, parsePort, shortName } from "./words.js";

/** @typedef {import("./fragment.js").State} State */
/** @typedef {import("./types.js").MatrixWindow} MatrixWindow */
/** @typedef {import("./types.js").SceneNode} SceneNode */
/** @typedef {import("./types.js").CellKind} CellKind */
/**
 * @typedef {object} Actions
 * @property {(change: Partial<State>) => void} go @property {(from: string, to: string) => void} onEdge
 * @property {(id: string) => void} onNode @property {(text: string) => void} say @property {() => Set<string>} found
 */

export const TILE = 40;
const MOST_TILES = 60;
const BEYOND = 3; // rows and columns outside of the frame that are there already
/** Few rows have room for words. */
const WORDY = 16;
const SIZES = { narrow: { cell: 32, row: 30, top: 150 }, wordy: { cell: 104, row: 36, top: 58 } };
const SIDE = { wide: 210, small: 130 }; // the headings of rows
const SMALL_FRAME = 600;

/** The part of a line of cells that is seen. Pure. @param {number} scroll @param {number} frame @param {number} cell @param {number} size */
export function seen(scroll, frame, cell, size) {
  const first = Math.max(0, Math.floor(scroll / cell) - BEYOND);
  return { first, last: Math.min(size - 1, Math.ceil((scroll + frame) / cell) + BEYOND) };
}

/** Where a key leads from a cell; null if it leads nowhere. -1 is the heading. Pure. @param {string} key @param {boolean} far Ctrl is held @param {{row: number, column: number}} at @param {number} size @param {number} page */
export function step(key, far, at, size, page) {
  const moves = /** @type {Record<string, [number, number]>} */ ({
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0], Home: [far ? -size : 0, -size], End: [far ? size : 0, size],
  });
  const move = moves[key];
  if (!move) return null;
  const leap = key === "Home" || key === "End";
  const within = (/** @type {number} */ place, /** @type {number} */ other) => Math.max(leap || other < 0 ? 0 : -1, Math.min(size - 1, place));
  const row = leap && !far ? at.row : within(at.row + move[0], at.column);
  return { row, column: within(at.column + move[1], row) };
}

export class Matrix {
  /** @param {HTMLElement} host @param {import("./session.js").Session} session @param {Actions} actions */
  constructor(host, session, actions) {
    this.host = host;
    this.session = session;
    this.actions = actions;
    this.key = "";
    this.size = 0;
    this.folds = false;
    /** which asking the tiles belong to */ this.version = 0;
    /** @type {Map<string, MatrixWindow | "asked">} */ this.tiles = new Map();
    /** @type {Map<number, SceneNode>} */ this.nodes = new Map();
    this.at = { row: 0, column: 0 };
    this.selected = "";
    this.refusal = "";
    this.port = el("input", { class: "field", "data-testid": "matrix-port", placeholder: "any port", "aria-label": "Port that the matrix is about", autocomplete: "off", spellcheck: "false", onchange: () => this.#askPort() });
    this.all = el("button", { type: "button", class: "button small", "data-testid": "matrix-all", onclick: () => this.#unfold() });
    this.place = el("p", { class: "quiet matrix-place", "data-testid": "matrix-place" });
    this.tell = el("p", { class: "matrix-tell", "data-testid": "matrix-tell", "aria-hidden": "true" });
    this.sizer = el("div", { class: "matrix-sizer", role: "presentation" });
    this.frame = el("div", { class: "matrix-frame", role: "grid", "aria-label": "Who may talk to whom: rows are sources, columns destinations", "data-testid": "matrix-grid", tabindex: -1 }, this.sizer);
    fill(host, el("div", { class: "matrix-tools" }, el("label", { class: "labelled" }, "Verdict on", this.port), this.all, this.place, this.tell), this.frame);
    this.frame.addEventListener("scroll", () => this.#later());
    this.frame.addEventListener("click", (event) => this.#pick(event.target));
    this.frame.addEventListener("keydown", (event) => this.#press(event));
    this.frame.addEventListener("focusin", (event) => this.#arrive(event.target));
    this.frame.addEventListener("pointerover", (event) => this.#point(event.target));
    for (const name of ["wheel", "pointerdown", "keydown"]) this.frame.addEventListener(name, () => (this.pinned = false), { passive: true });
    new ResizeObserver(() => {
      if (this.pinned) this.#scrollTo(this.at);
      this.#later();
    }).observe(this.frame);
  }

  get measures() {
    const side = this.frame.clientWidth < SMALL_FRAME ? SIDE.small : SIDE.wide;
    return { ...(this.size <= WORDY ? SIZES.wordy : SIZES.narrow), side };
  }

  /** All cells are void. */
  forget() {
    this.key = "";
  }

  /** @param {State} state */
  async refresh(state) {
    this.host.hidden = state.view !== "matrix";
    if (state.view !== "matrix") return fill(this.sizer); // cells that nobody sees must not contradict other views
    const key = JSON.stringify([this.session.input(), this.session.scope(), state.expand, state.on]);
    if (key !== this.key) {
      this.key = key;
      this.version += 1;
      this.tiles.clear();
      this.nodes.clear();
      this.size = 0;
      this.refusal = "";
      this.port.value = state.on;
      await this.#load(0, 0);
      this.#show();
    }
    await this.#reveal(state);
  }

  /** @param {State} state */
  draw(state) {
    if (state.view !== "matrix") return;
    this.selected = state.from && state.to ? `${state.from}>${state.to}` : state.bundle || state.node;
    this.#render();
  }

  /** Ask for the tile of a cell. @param {number} row @param {number} column */
  async #load(row, column) {
    const [down, across] = [Math.floor(row / TILE), Math.floor(column / TILE)];
    const name = `${down}:${across}`;
    if (this.tiles.has(name)) return;
    this.tiles.set(name, "asked");
    const { version } = this;
    const answer = await this.#ask(down * TILE, across * TILE, TILE).catch((error) => {
      this.tiles.delete(name);
      this.refusal = error instanceof Error ? error.message : String(error);
      this.size = 0;
      return null;
    });
    if (!answer || version !== this.version) return;
    this.refusal = "";
    this.size = answer.size;
    this.folds = answer.folds;
    this.tiles.set(name, answer);
    for (const { first, nodes } of [answer.rows, answer.columns]) nodes.forEach((node, index) => this.nodes.set(first + index, node));
    for (const old of this.tiles.keys()) if (this.tiles.size > MOST_TILES && old !== name) this.tiles.delete(old);
  }

  /** @param {number} row @param {number} column @param {number} count @param {string[][]} [more] @returns {Promise<MatrixWindow>} */
  #ask(row, column, count, more = []) {
    const { expand, on } = this.session.state;
    const query = [...this.session.scope(), ["rows", `${row}-${row + count - 1}`], ["columns", `${column}-${column + count - 1}`]];
    if (expand.length) query.push(["expand", expand.join(",")]);
    if (on) query.push(["port", on]);
    return getJson(this.session.address("matrix", [...query, ...more]));
  }

  /** Where the two ends of the selection stand: bring the cell into view, once. @param {State} state */
  async #reveal({ from, to, bundle, node }) {
    const ends = from && to ? [from, to] : node ? [node, node] : [];
    const name = ends.join(">");
    if (!ends.length || bundle || name === this.revealed) return;
    this.revealed = name;
    if (this.#idAt(this.at.row) === ends[0] && (node || this.#idAt(this.at.column) === ends[1])) return; // picked here
    const { version } = this;
    const answer = await this.#ask(0, 0, 1, [["source", ends[0] ?? ""], ["destination", ends[1] ?? ""]]).catch(() => null);
    if (!answer || version !== this.version) return;
    const { source, destination } = answer.places;
    if (source === null || destination === null) return;
    this.at = { row: source, column: node ? -1 : destination };
    this.pinned = true;
    this.#scrollTo(this.at);
  }

  // ---- what is in the document -----------------------------------------------------------------------------------

  #later() {
    cancelAnimationFrame(this.waiting ?? 0);
    this.waiting = requestAnimationFrame(() => this.#render());
  }

  #show() {
    const { cell, row, side, top } = this.measures;
    this.frame.classList.toggle("wordy", this.size <= WORDY);
    this.frame.setAttribute("aria-rowcount", String(this.size + 1));
    this.frame.setAttribute("aria-colcount", String(this.size + 1));
    this.frame.style.setProperty("--side", `${side}px`);
    this.sizer.style.width = `${side + this.size * cell}px`;
    this.sizer.style.height = `${top + this.size * row}px`;
    this.all.hidden = !this.folds;
    const open = this.session.state.expand.includes("*");
    fill(this.all, icon(open ? "minus" : "plus"), open ? "Fold namespaces" : "All workloads");
    this.at = { row: Math.min(this.at.row, this.size - 1), column: Math.min(this.at.column, this.size - 1) };
    this.revealed = "";
  }

  #window() {
    const { cell, row, side, top } = this.measures;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.frame;
    return { rows: seen(scrollTop, clientHeight - top, row, this.size), columns: seen(scrollLeft, clientWidth - side, cell, this.size) };
  }

  #render() {
    if (this.host.hidden) return;
    if (!this.size && [...this.tiles.values()].includes("asked")) return;
    if (!this.size) return fill(this.sizer, el("p", { class: "notice", role: "row" }, el("span", { role: "gridcell" }, this.refusal || "Nothing to show.")));
    const held = this.frame.contains(document.activeElement) && document.activeElement !== this.frame;
    const { rows, columns } = this.#window();
    for (let down = rows.first; down <= rows.last; down += 1) this.#want(down, columns);
    const lines = [this.#headRow(columns)];
    for (let row = rows.first; row <= rows.last; row += 1) lines.push(this.#row(row, columns));
    fill(this.sizer, lines);
    this.#setStop(held);
    this.place.textContent = this.#placeText();
  }

  /** Ask for the tiles of a row that are seen and not here. @param {number} row @param {{first: number, last: number}} columns */
  #want(row, columns) {
    for (let column = columns.first; column <= columns.last; column += 1) {
      if (!this.tiles.has(`${Math.floor(row / TILE)}:${Math.floor(column / TILE)}`)) void this.#load(row, column).then(() => this.#later());
    }
  }

  /** @param {{first: number, last: number}} columns */
  #headRow({ first, last }) {
    const { cell, top } = this.measures;
    const heads = [];
    for (let column = first; column <= last; column += 1) heads.push(this.#head(column, "ingress"));
    const line = el("div", { class: "matrix-heads", role: "row", "aria-rowindex": 1 },
      el("div", { class: "matrix-corner", role: "columnheader", "aria-colindex": 1 }, el("span", {}, "from ↓"), el("span", {}, "to →")), spacer(first * cell), heads);
    line.style.height = `${top}px`;
    return line;
  }

  /** @param {number} row @param {{first: number, last: number}} columns */
  #row(row, { first, last }) {
    const { cell, row: height, top } = this.measures;
    const cells = [];
    for (let column = first; column <= last; column += 1) cells.push(this.#cell(row, column));
    const line = el("div", { class: `matrix-row${this.#opens(row) ? " opens" : ""}`, role: "row", "aria-rowindex": row + 2 }, this.#head(row, "egress"), spacer(first * cell), cells);
    line.style.top = `${top + row * height}px`;
    return line;
  }

  /** Whether a namespace begins here. @param {number} place */
  #opens(place) {
    const [node, before] = [this.nodes.get(place), this.nodes.get(place - 1)];
    return place > 0 && node?.namespace !== before?.namespace && !(node?.type === "namespace" && before?.type === "namespace");
  }

  /** @param {number} place @param {"ingress" | "egress"} way */
  #head(place, way) {
    const node = this.nodes.get(place);
    const [row, column] = way === "egress" ? [place, -1] : [-1, place];
    const head = headElement(node, way, this.#opens(place) || place === 0);
    for (const [name, value] of Object.entries({ "data-row": row, "data-column": column, tabindex: -1, ...(way === "ingress" && { "aria-colindex": place + 2 }), ...(way === "egress" && { "aria-colindex": 1 }) })) head.setAttribute(name, String(value));
    if (node && node.id === this.selected) head.setAttribute("aria-current", "true");
    if (node && this.#isFound(node)) head.classList.add("found");
    return head;
  }

  /** @param {SceneNode} node */
  #isFound(node) {
    const found = this.actions.found();
    return found.has(node.id) || node.members.some((id) => found.has(id));
  }

  /** @param {number} row @param {number} column */
  #cell(row, column) {
    const kind = this.#kindAt(row, column);
    const [source, destination] = [this.nodes.get(row), this.nodes.get(column)];
    const cell = cellElement(kind, source, destination, { wordy: this.size <= WORDY, onPort: this.session.state.on !== "" });
    for (const [name, value] of Object.entries({ "aria-colindex": column + 2, "data-row": row, "data-column": column, tabindex: -1 })) cell.setAttribute(name, String(value));
    if (this.#opens(column)) cell.classList.add("opens");
    if (source && destination && `${source.id}>${destination.id}` === this.selected) cell.setAttribute("aria-current", "true");
    return cell;
  }

  /** @param {number} row @param {number} column @returns {CellKind | null} null where it is not here yet */
  #kindAt(row, column) {
    const tile = this.tiles.get(`${Math.floor(row / TILE)}:${Math.floor(column / TILE)}`);
    if (!tile || tile === "asked") return null;
    return tile.kinds[tile.cells[row % TILE]?.[column % TILE] ?? -1] ?? null;
  }

  /** @param {number} place */
  #idAt(place) {
    return this.nodes.get(place)?.id;
  }

  #placeText() {
    const { cell, row, side, top } = this.measures;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.frame;
    const range = (/** @type {number} */ scroll, /** @type {number} */ frame, /** @type {number} */ one) => `${(Math.floor(scroll / one) + 1).toLocaleString("en")}–${Math.min(this.size, Math.floor((scroll + frame) / one)).toLocaleString("en")}`;
    const [down, across] = [range(scrollTop, clientHeight - top, row), range(scrollLeft, clientWidth - side, cell)];
    const whole = `1–${this.size.toLocaleString("en")}`;
    return down === whole && across === whole ? counted(this.size, "row") : `Rows ${down}, columns ${across} of ${this.size.toLocaleString("en")}`;
  }

  // ---- moving and choosing ---------------------------------------------------------------------------------------

  /** @param {{row: number, column: number}} at */
  #elementAt({ row, column }) {
    return /** @type {HTMLElement | null} */ (this.sizer.querySelector(`[data-row="${row}"][data-column="${column}"]`));
  }

  /** @param {boolean} held the keyboard's focus was here */
  #setStop(held) {
    const stop = this.#elementAt(this.at);
    const first = stop ?? /** @type {HTMLElement | null} */ (this.sizer.querySelector('[role="gridcell"]'));
    if (first) first.tabIndex = 0;
    if (held && stop) stop.focus({ preventScroll: true });
    else if (held) this.frame.focus({ preventScroll: true });
  }

  /** @param {{row: number, column: number}} at */
  #scrollTo({ row, column }) {
    const { cell, row: height, side, top } = this.measures;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.frame;
    const into = (/** @type {number} */ scroll, /** @type {number} */ frame, /** @type {number} */ begin, /** @type {number} */ size) => (begin < scroll ? begin : begin + size > scroll + frame ? begin + size - frame : scroll);
    const y = row < 0 ? scrollTop : into(scrollTop, clientHeight - top, row * height, height);
    const x = column < 0 ? scrollLeft : into(scrollLeft, clientWidth - side, column * cell, cell);
    if (x !== scrollLeft || y !== scrollTop) this.frame.scrollTo(x, y);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") this.#choose(this.at);
    else {
      const page = Math.max(1, Math.floor((this.frame.clientHeight - this.measures.top) / this.measures.row) - 1);
      const next = step(event.key, event.ctrlKey, this.at, this.size, page);
      if (!next) return;
      this.at = next;
      this.#scrollTo(next);
      this.#render();
      this.#elementAt(next)?.focus({ preventScroll: true });
    }
    event.preventDefault();
  }

  /** @param {EventTarget | null} target */
  #spot(target) {
    const element = target instanceof Element ? target.closest("[data-row]") : null;
    if (!(element instanceof HTMLElement)) return null;
    return { row: Number(element.dataset["row"]), column: Number(element.dataset["column"]) };
  }

  /** @param {EventTarget | null} target */
  #pick(target) {
    const spot = this.#spot(target);
    if (!spot) return;
    this.at = spot;
    this.#choose(spot);
  }

  /** @param {{row: number, column: number}} spot */
  #choose({ row, column }) {
    const [source, destination] = [this.#idAt(row), this.#idAt(column)];
    if (row < 0 || column < 0) {
      const id = row < 0 ? destination : source;
      if (id) this.actions.onNode(id);
    } else if (source && destination && !["same", "apart"].includes(this.#kindAt(row, column)?.verdict ?? "same")) this.actions.onEdge(source, destination);
  }

  /** @param {EventTarget | null} target */
  #arrive(target) {
    const spot = this.#spot(target);
    if (!spot) return;
    const old = this.sizer.querySelector('[tabindex="0"]');
    if (old instanceof HTMLElement) old.tabIndex = -1;
    this.at = spot;
    const element = this.#elementAt(spot);
    if (element) element.tabIndex = 0;
    this.#point(target);
  }

  /** Say in words what is pointed at. @param {EventTarget | null} target */
  #point(target) {
    const spot = this.#spot(target);
    if (!spot) return;
    const [source, destination] = [this.nodes.get(spot.row), this.nodes.get(spot.column)];
    const kind = this.#kindAt(spot.row, spot.column);
    if (spot.row < 0 || spot.column < 0) this.tell.textContent = headText(spot.row < 0 ? destination : source, spot.row < 0 ? "ingress" : "egress");
    else if (kind) this.tell.textContent = cellText(kind, source, destination);
    for (const lit of this.sizer.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const head of [this.#elementAt({ row: spot.row, column: -1 }), this.#elementAt({ row: -1, column: spot.column })]) head?.classList.add("lit");
  }

  #askPort() {
    const asked = parsePort(this.port.value);
    this.port.setAttribute("aria-invalid", String(!asked));
    if (!asked) return this.actions.say("Not a port: write 5432, or 53/UDP");
    this.actions.go({ on: asked.port ? `${asked.port}${asked.protocol === "TCP" ? "" : `/${asked.protocol}`}` : "" });
  }

  #unfold() {
    const { expand } = this.session.state;
    this.actions.go({ expand: expand.includes("*") ? expand.filter((name) => name !== "*") : [...expand, "*"] });
  }

  /** The last cell that was brought into view; it stays there until somebody scrolls. */
  revealed = "";
  pinned = false;
  /** a drawing that waits */ waiting = 0;
}

/** @param {number} width */
function spacer(width) {
  const space = el("div", { class: "matrix-space", role: "presentation" });
  space.style.width = `${width}px`;
  return space;
}

/** "frontend", for messages. @param {SceneNode | undefined} node */
export function nodeName(node) {
  return node ? (node.type === "workload" ? shortName(node.id) : node.label) : "";
}
