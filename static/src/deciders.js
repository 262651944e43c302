// The rules that decide the rows of the table: asked for when a row is seen, many at a time.
import { getJson } from "./api.js";

/** @typedef {import("./types.js").Deciders} Deciders */
const MOST = 60;
const PAUSE_MS = 60;

export class DecidingRules {
  /** @param {import("./session.js").Session} session @param {(name: string, rules: Deciders) => void} onRules a row's "SRC>DST" */
  constructor(session, onRules) {
    this.session = session;
    this.onRules = onRules;
    /** @type {Map<string, Deciders>} */ this.known = new Map();
    /** rows that are seen and not answered @type {Map<string, [string, string]>} */ this.wanted = new Map();
    this.timer = 0;
    this.version = 0;
    this.observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting && target instanceof HTMLElement) this.#want(target);
    });
  }

  /** All answers are void. */
  forget() {
    this.known.clear();
    this.wanted.clear();
    this.version += 1;
  }

  /** Look whether a row comes into view. @param {HTMLElement} row @param {string} source @param {string} destination */
  watch(row, source, destination) {
    row.dataset["source"] = source;
    row.dataset["destination"] = destination;
    this.observer.observe(row);
  }

  /** The rules of these pairs, for what is copied. @param {[string, string][]} pairs */
  async all(pairs) {
    const open = pairs.filter(([source, destination]) => !this.known.has(`${source}>${destination}`));
    for (let place = 0; place < open.length; place += MOST) await this.#ask(open.slice(place, place + MOST));
  }

  /** @param {HTMLElement} row */
  #want(row) {
    this.observer.unobserve(row);
    const { source = "", destination = "" } = row.dataset;
    const name = `${source}>${destination}`;
    const known = this.known.get(name);
    if (known) return this.onRules(name, known);
    this.wanted.set(name, [source, destination]);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.#askWanted(), PAUSE_MS);
  }

  async #askWanted() {
    const pairs = [...this.wanted.values()];
    this.wanted.clear();
    for (let place = 0; place < pairs.length; place += MOST) await this.#ask(pairs.slice(place, place + MOST)).catch(() => null);
  }

  /** @param {[string, string][]} pairs */
  async #ask(pairs) {
    const { version } = this;
    const answer = await getJson(this.session.address("deciders", pairs.flatMap(([source, destination]) => [["source", source], ["destination", destination]])));
    if (version !== this.version) return;
    for (const rules of /** @type {Deciders[]} */ (answer.pairs)) {
      const name = `${rules.source}>${rules.destination}`;
      this.known.set(name, rules);
      this.onRules(name, rules);
    }
  }
}
