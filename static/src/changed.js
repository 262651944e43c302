// What the view changes against the files as loaded: asked for, and marked in the picture and in its table.
import { markLines, markRows } from "./changemarks.js";
import { byPair, changesOf } from "./changes.js";

/** @typedef {import("./fragment.js").State} State */

/** Rows of each kind that are marked and listed. */
const MOST_ROWS = "2000";

export class Changed {
  /** @param {import("./session.js").Session} session @param {import("./diagram.js").Diagram} diagram @param {import("./twin.js").Twin} twin */
  constructor(session, diagram, twin) {
    this.session = session;
    this.diagram = diagram;
    this.twin = twin;
    /** @type {import("./changes.js").Changes | null} */ this.found = null;
    /** @type {import("./changes.js").Change[]} */ this.rows = [];
    this.key = "";
    /** how the drawn pairs have changed @type {Map<string, import("./changes.js").Kind>} */ this.pairs = new Map();
    /** what has pulsed already @type {unknown} */ this.pulsed = null;
    twin.onRows = (host) => markRows(host, this.pairs);
  }

  forget() {
    this.key = "";
  }

  /** @param {State} state */
  async refresh({ draft, without }) {
    const key = draft || without.length ? JSON.stringify(this.session.input()) : "none";
    if (key === this.key) return;
    this.key = key;
    const found = key === "none" ? null : await this.session.changes(MOST_ROWS);
    if (key !== this.key || (!found && key !== "none")) return; // a newer question is on its way
    this.found = found;
    this.rows = found ? changesOf(found) : [];
  }

  /** @param {State} state */
  draw({ draft, without }) {
    const { found } = this;
    this.pairs = found && (draft || without.length) ? byPair(this.rows, (id) => this.#nodeOf(id, found.seen_as)) : new Map();
    markLines(this.diagram.lines, this.pairs, this.pulsed !== found && this.pairs.size > 0);
    this.pulsed = found;
    markRows(this.twin.host, this.pairs);
  }

  /** What an end of a changed pair is drawn as: its node, or that of what it is a part of in this view. @param {string} id @param {Record<string, string>} seen */
  #nodeOf(id, seen) {
    const names = [id, seen[id] ?? "", id.replace(/ \(before\)$|#\d+$/, "")];
    return names.map((name) => this.diagram.nodeOf(name)).find((name) => this.diagram.nodes.has(name)) ?? id;
  }
}
