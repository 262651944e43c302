// Which namespaces and groups are unfolded: asked for by their cards, boxes and keys, kept in the state.

/** @typedef {import("./types.js").Scene} Scene */

export class Folds {
  /**
   * @param {import("./session.js").Session} session @param {import("./diagram.js").Diagram} diagram
   * @param {{scene: () => Scene | null, go: (change: Partial<import("./fragment.js").State>) => void}} actions
   */
  constructor(session, diagram, actions) {
    this.session = session;
    this.diagram = diagram;
    this.actions = actions;
  }

  /** Unfold or fold a namespace, as far as the scene allows it. @param {string} name @param {boolean} [open] the other way than now, if left out */
  fold(name, open) {
    const namespace = this.actions.scene()?.namespaces.find((item) => item.name === name);
    if (!namespace) return;
    const others = this.#unfolded().filter((item) => item !== name);
    const opens = namespace.folded && open !== false;
    if (!opens && !(namespace.foldable && open !== true)) return;
    this.diagram.anchors = [`${name}/*`, `box:${name}`];
    this.actions.go({ expand: opens ? [...others, name] : others });
  }

  /** The same for what stands at a card: a group of workloads that are alike, or its namespace. @param {string} id @param {boolean} open */
  foldAt(id, open) {
    const node = this.actions.scene()?.nodes.find((item) => item.id === id);
    const group = node?.type === "group" ? node.id : (node?.group ?? "");
    if (!group || (open && node?.type !== "group")) return node && this.fold(node.type === "namespace" ? node.namespace || node.label : node.namespace, open);
    if (!open && node?.type === "group") return this.fold(node.namespace, false);
    this.diagram.anchors = [group, group.slice(0, -1)];
    const others = this.#unfolded().filter((item) => item !== group);
    this.actions.go({ expand: open ? [...others, group] : others });
  }

  /** Back to the namespaces, all of them in view. */
  foldAll() {
    this.diagram.viewport.fitted = true;
    this.actions.go({ expand: [] });
  }

  /** What is unfolded, by name. */
  #unfolded() {
    const { expand } = this.session.state;
    if (!expand.includes("*")) return expand;
    const open = (this.actions.scene()?.namespaces ?? []).filter((item) => item.foldable).map((item) => item.name);
    return [...open, ...expand.filter((item) => item.endsWith("+"))];
  }
}
