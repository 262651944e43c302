// The diagram by keyboard: one tab stop, arrows walk along edges. Single letters count only with focus in the canvas.
import { edgesAt, nearest, next } from "./walk.js";

/** @typedef {import("./diagram.js").Diagram} Diagram */
/**
 * @typedef {object} Actions
 * @property {() => import("./types.js").SceneEdge[]} drawnEdges
 * @property {(id: string) => void} onNode @property {(from: string, to: string) => void} onEdge
 * @property {() => void} onWhy @property {() => void} onEscape @property {() => void} onHelp
 * @property {(namespace: string, open: boolean) => void} onFold
 * @property {(id: string) => string} namespaceOf
 */

/** @param {HTMLElement} frame @param {Diagram} diagram @param {Actions} actions */
export function listenToKeys(frame, diagram, actions) {
  /** the edge walk: which node it started from and which way */
  let walk = { node: "", way: /** @type {"out" | "in"} */ ("out") };

  /** @returns {{node: string, edge: string}} */
  function here() {
    const element = document.activeElement;
    const data = element instanceof SVGElement && frame.contains(element) ? element.dataset : {};
    return { node: data["node"] ?? "", edge: data["edge"] ?? "" };
  }

  /** @param {"out" | "in"} way */
  function along(way) {
    const { node, edge } = here();
    const ends = diagram.ends.get(edge);
    if (ends) return diagram.focus(way === "out" ? ends.destination : ends.source);
    const first = edgesAt(actions.drawnEdges(), diagram.spots(), node, way)[0];
    if (!first) return;
    walk = { node, way };
    diagram.focus(`${first.source}>${first.destination}`);
  }

  /** @param {import("./walk.js").Vertical} key */
  function beside(key) {
    const { node, edge } = here();
    if (!edge) return diagram.focus(nearest(diagram.spots(), node, key));
    const names = edgesAt(actions.drawnEdges(), diagram.spots(), walk.node, walk.way).map((item) => `${item.source}>${item.destination}`);
    diagram.focus(next(names, edge, key === "ArrowDown" ? 1 : -1) ?? edge);
  }

  /** @param {1 | -1} step */
  function blocked(step) {
    const names = actions
      .drawnEdges()
      .filter((edge) => edge.verdict === "blocked")
      .map((edge) => `${edge.source}>${edge.destination}`);
    const name = next(names, here().edge || undefined, step);
    if (!name) return;
    walk = { node: diagram.ends.get(name)?.source ?? "", way: "out" };
    diagram.focus(name);
  }

  function choose() {
    const { node, edge } = here();
    const ends = diagram.ends.get(edge);
    if (ends) actions.onEdge(ends.source, ends.destination);
    else if (node) actions.onNode(node);
  }

  /** @param {boolean} open */
  function fold(open) {
    const { node, edge } = here();
    actions.onFold(actions.namespaceOf(node || (diagram.ends.get(edge)?.source ?? "")), open);
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
    0: () => diagram.viewport.fit(),
    "+": () => diagram.viewport.zoomBy(1.25),
    "=": () => diagram.viewport.zoomBy(1.25),
    "-": () => diagram.viewport.zoomBy(0.8),
    Escape: () => actions.onEscape(),
    "?": () => actions.onHelp(),
  };

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.closest("button, input, select, summary")) return;
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
