// The diagram by keyboard: one tab stop, arrows walk along lines. Single letters count only with focus in the canvas.
import { linesAt, nearest, next } from "./walk.js";

const PAN = 80; // pixels a key

/** @typedef {import("./diagram.js").Diagram} Diagram */
/**
 * @typedef {object} Actions
 * @property {(id: string) => void} onNode @property {() => void} onWhy @property {() => void} onEscape
 * @property {() => void} onHelp @property {(id: string, open: boolean) => void} onFold
 * @property {(id: string) => void} onHide @property {(id: string) => void} onNear @property {() => void} onEditor
 * @property {import("./rubber.js").Rubber} rubber
 */

/** @param {HTMLElement} frame @param {Diagram} diagram @param {Actions} actions */
export function listenToKeys(frame, diagram, actions) {
  /** the walk along lines: which node it started from and which way */
  let walk = { node: "", way: /** @type {"out" | "in"} */ ("out") };

  /** @param {"out" | "in"} way */
  function along(way) {
    const { node, line } = diagram.here();
    if (line) return diagram.focus((way === "out" ? line.heads[0] : line.tails[0]) ?? "");
    const first = linesAt(diagram.lines, diagram.spots(), node, way)[0];
    if (!first) return;
    walk = { node, way };
    diagram.focus(first.name);
  }

  /** @param {import("./walk.js").Vertical} key */
  function beside(key) {
    const { node, line } = diagram.here();
    if (!line) return diagram.focus(nearest(diagram.spots(), node, key));
    const beside = linesAt(diagram.lines, diagram.spots(), walk.node, walk.way);
    diagram.focus(next(beside, line, key === "ArrowDown" ? 1 : -1)?.name ?? line.name);
  }

  /** @param {1 | -1} step */
  function blocked(step) {
    const line = next(diagram.lines.filter((item) => item.verdict === "blocked"), diagram.here().line, step);
    if (!line) return;
    walk = { node: line.tails[0] ?? "", way: "out" };
    diagram.focus(line.name);
  }

  function choose() {
    const { node, line } = diagram.here();
    if (line) diagram.pickLine(line);
    else if (node) actions.onNode(node);
  }

  /** @param {boolean} open */
  function fold(open) {
    const { node, line } = diagram.here();
    actions.onFold(node || (line?.tails[0] ?? ""), open);
  }

  /** With the node that has the focus. @param {(id: string) => void} act */
  function withNode(act) {
    const { node } = diagram.here();
    if (node) act(node);
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: () => along("out"),
    ArrowLeft: () => along("in"),
    ArrowUp: () => beside("ArrowUp"),
    ArrowDown: () => beside("ArrowDown"),
    Enter: choose,
    " ": choose,
    w: () => (choose(), actions.onWhy()),
    n: () => blocked(1),
    p: () => blocked(-1),
    "[": () => fold(false),
    "]": () => fold(true),
    a: () => withNode((id) => actions.rubber.begin(id)),
    d: () => actions.rubber.setMode(!actions.rubber.mode),
    h: () => withNode(actions.onHide),
    f: () => withNode(actions.onNear),
    e: () => actions.onEditor(),
    0: () => diagram.viewport.fit(),
    "+": () => diagram.viewport.zoomBy(1.25),
    "=": () => diagram.viewport.zoomBy(1.25),
    "-": () => diagram.viewport.zoomBy(0.8),
    Escape: () => (actions.rubber.mode ? actions.rubber.setMode(false) : actions.onEscape()),
    "?": () => actions.onHelp(),
  };

  /** @type {Record<string, [number, number]>} */
  const pans = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };

  /** @param {KeyboardEvent} event */
  function actionOf(event) {
    const pan = event.shiftKey ? pans[event.key] : undefined;
    if (pan) return () => diagram.viewport.panBy(...pan);
    return keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  }

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.closest("button, input, select, summary")) return;
    if (actions.rubber.key(event.key)) return event.preventDefault();
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
