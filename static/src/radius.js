// The blast radius: from one workload, all that it can reach in so many steps, or all that can reach it. A list in the
// panel, and the picture with everything else dimmed.
import { el, fill, icon } from "./dom.js";
import { portsText } from "./facts.js";
import { setUpChoices } from "./tabs.js";
import { counted, placeOf, shortName } from "./words.js";

/** @typedef {import("./fragment.js").State} State */
/** @typedef {{id: string, steps: number, ports: import("./types.js").Ports, via: string}} Reached */
/** @typedef {{workload: string, direction: "reach" | "reached_by", steps: number | null, reached: Reached[], unknown: Reached[]}} Answer */
/**
 * @typedef {object} Ring what the picture shows of it
 * @property {string} center @property {Map<string, string>} steps {node: "1", "2", …, "?"} @property {Set<string>} hops "TAIL>HEAD"
 */

const STEPS = /** @type {const} */ (["1", "2", "3", ""]);
const MOST_LISTED = 100;
const ASKS = { reach: "What can it reach?", reached_by: "Who can reach it?" };

/**
 * The answer as nodes of the picture: a folded namespace is as near as its nearest workload. Pure.
 * @param {string} center @param {Answer} answer @param {(id: string) => string} nodeOf @returns {Ring}
 */
export function ringOf(center, answer, nodeOf) {
  /** @type {Ring} */ const ring = { center: nodeOf(center), steps: new Map(), hops: new Set() };
  const rows = [...answer.reached].sort((a, b) => a.steps - b.steps).map((row) => ({ row, step: String(row.steps) }));
  for (const { row, step } of [...rows, ...answer.unknown.map((row) => ({ row, step: "?" }))]) {
    const [node, via] = [nodeOf(row.id), nodeOf(row.via)];
    ring.hops.add(answer.direction === "reach" ? `${via}>${node}` : `${node}>${via}`);
    if (node !== ring.center && !ring.steps.has(node)) ring.steps.set(node, step);
  }
  return ring;
}

/** "It can reach 5: 2 in 1 step, 3 in 2." Pure. @param {Answer} answer */
export function radiusText(answer) {
  const counts = new Map();
  for (const { steps } of answer.reached) counts.set(steps, (counts.get(steps) ?? 0) + 1);
  const forward = answer.direction === "reach";
  const total = answer.reached.length;
  const more = answer.unknown.length ? ` ${counted(answer.unknown.length, "more", "more")} perhaps.` : "";
  if (!total) return `${forward ? "It can reach nothing." : "Nothing can reach it."}${more}`;
  const parts = [...counts].sort(([a], [b]) => a - b).map(([steps, count], index) => `${count.toLocaleString("en")} in ${index ? steps : counted(steps, "step")}`);
  return `${forward ? `It can reach ${total.toLocaleString("en")}` : `${total.toLocaleString("en")} can reach it`}: ${parts.join(", ")}.${more}`;
}

export class Radius {
  /**
   * @param {import("./session.js").Session} session @param {{go: (change: Partial<State>) => void, onEdge: (from: string, to: string) => void, say: (text: string) => void}} actions
   */
  constructor(session, actions) {
    this.session = session;
    this.actions = actions;
    /** @type {Answer | null} */ this.answer = null;
    this.refusal = "";
    this.key = "";
    /** which asking the answer is to */ this.version = 0;
    /** a control of the panel was used, so the focus goes back into it @type {boolean} */ this.used = false;
  }

  /** @param {Partial<State>} change */
  #use(change) {
    this.used = true;
    this.actions.go(change);
  }

  /** Ask for what the state wants. @param {State} state */
  async refresh({ node, reach, steps }) {
    const key = node && reach ? JSON.stringify([this.session.input(), node, reach, steps]) : "";
    if (key === this.key) return;
    this.key = key;
    this.version += 1;
    this.answer = null;
    this.refusal = "";
    if (!key) return;
    const answer = await this.session.reach().catch((error) => {
      this.refusal = error instanceof Error ? error.message : String(error);
      return null;
    });
    if (key !== this.key) return;
    this.answer = answer;
    this.actions.say(answer ? `${shortName(node)}: ${radiusText(answer)}` : this.refusal);
  }

  /** The input has changed. */
  forget() {
    this.key = "";
  }

  /** What the picture shows. @param {State} state @param {(id: string) => string} nodeOf @returns {Ring | null} */
  ring(state, nodeOf) {
    return this.answer && state.reach ? ringOf(state.node, this.answer, nodeOf) : null;
  }

  /** Draw into the panel, if it has the place. @param {HTMLElement} body @param {State} state */
  draw(state, body) {
    const host = body.querySelector("[data-radius]");
    if (!(host instanceof HTMLElement) || (state.reach && !this.answer && !this.refusal)) return;
    const drawn = state.reach ? String(this.version) : "off";
    if (host.dataset["drawn"] === drawn) return;
    const held = document.activeElement instanceof HTMLElement && host.contains(document.activeElement) ? document.activeElement.dataset["value"] : undefined;
    const used = this.used || held !== undefined;
    this.used = false;
    host.dataset["drawn"] = drawn;
    host.classList.toggle("on", state.reach !== "");
    for (const rest of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("[data-beside-radius]"))) rest.hidden = state.reach !== "";
    host.onkeydown = null;
    if (state.reach) this.#drawOn(host, state);
    else fill(host, el("div", { class: "buttons" }, Object.entries(ASKS).map(([way, text]) =>
      el("button", { type: "button", class: "button small", "data-value": way, "data-testid": `ask-${way}`, onclick: () => this.#use({ reach: /** @type {State["reach"]} */ (way) }) }, icon("diagram"), text))));
    if (!used) return;
    const controls = /** @type {HTMLElement[]} */ ([...host.querySelectorAll("[data-value]")]);
    (controls.find((item) => item.dataset["value"] === held) ?? controls[0])?.focus();
  }

  /** @param {HTMLElement} host @param {State} state */
  #drawOn(host, state) {
    const ways = choices("Direction", "radius-way", Object.entries({ reach: "It can reach", reached_by: "Can reach it" }));
    const steps = choices("Steps", "radius-steps", STEPS.map((step) => [step, step || "all"]));
    fill(host,
      el("div", { class: "radius-head" }, el("h3", {}, "Blast radius"), el("button", { type: "button", class: "icon-button", "aria-label": "Leave the blast radius", title: "Leave (Esc)", "data-testid": "radius-leave", onclick: () => this.#use({ reach: "" }) }, icon("close"))),
      el("div", { class: "radius-choices" }, ways, el("div", { class: "labelled" }, el("span", { "aria-hidden": "true" }, "Steps"), steps)),
      this.answer ? this.#answer(this.answer) : el("p", { class: "notice" }, this.refusal));
    setUpChoices(ways, (way) => this.#use({ reach: /** @type {State["reach"]} */ (way) }))(state.reach);
    setUpChoices(steps, (step) => this.#use({ steps: /** @type {State["steps"]} */ (step) }))(state.steps);
    host.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#use({ reach: "" });
    };
  }

  /** @param {Answer} answer */
  #answer(answer) {
    const by = new Map();
    for (const row of answer.reached) by.set(row.steps, [...(by.get(row.steps) ?? []), row]);
    return [
      el("p", { "data-testid": "radius-text" }, radiusText(answer)),
      ...[...by].sort(([a], [b]) => a - b).map(([steps, rows]) => this.#ringList(counted(steps, "step"), String(steps), rows, answer, "allowed")),
      answer.unknown.length > 0 && this.#ringList("Perhaps", "?", answer.unknown, answer, "unknown"),
    ];
  }

  /** @param {string} title @param {string} sign @param {Reached[]} rows @param {Answer} answer @param {"allowed" | "unknown"} look */
  #ringList(title, sign, rows, answer, look) {
    const forward = answer.direction === "reach";
    return el("section", { class: "peers", "data-testid": `radius-${sign === "?" ? "unknown" : sign}` },
      el("h4", {}, el("span", { class: `step-sign step-${stepClass(sign)}`, "aria-hidden": "true" }, sign), title, el("span", { class: "count" }, rows.length.toLocaleString("en"))),
      el("ul", {}, rows.slice(0, MOST_LISTED).map((row) => {
        const over = [elsewhere(row.id, answer.workload), row.steps > 1 && `${forward ? "over" : "by"} ${shortName(row.via)}`].filter(Boolean).join(" · ");
        return el("li", {}, el("button", { type: "button", class: "peer", title: `${row.id}. Why?`, onclick: () => (forward ? this.actions.onEdge(row.via, row.id) : this.actions.onEdge(row.id, row.via)) },
          el("span", { class: `verdict ${look}` }, icon(look)), el("span", { class: "name" }, shortName(row.id), over && el("small", {}, over)), el("span", { class: "ports" }, portsText(row.ports))));
      }), rows.length > MOST_LISTED && el("li", { class: "quiet" }, `and ${(rows.length - MOST_LISTED).toLocaleString("en")} more`)));
  }
}

/** The namespace of a workload, where it is another one. @param {string} id @param {string} center */
function elsewhere(id, center) {
  const namespace = placeOf(id).split(" · ")[0] ?? "";
  return center.startsWith(`${namespace}/`) ? "" : namespace;
}

/** "1", "2", "more" or "unknown". @param {string} step */
export function stepClass(step) {
  return step === "?" ? "unknown" : Number(step) > 2 ? "more" : step;
}

/** @param {string} label @param {string} name @param {(readonly [string, string] | string[])[]} options */
function choices(label, name, options) {
  return el("div", { class: "segmented", role: "radiogroup", "aria-label": label, "data-testid": name },
    options.map(([value = "", text = ""]) => el("button", { type: "button", role: "radio", "data-value": value, "data-testid": `${name}-${value || "all"}` }, text)));
}
