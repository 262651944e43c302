// Policies on the page: the list at the left, the card of one, what speaks of a workload, and their pairs in the picture.
import { el, fill } from "./dom.js";
import { showAbout, showAbsent, showPolicy } from "./policycard.js";
import { Rail } from "./policyrail.js";
import { changesText, pairsOf, selectsText } from "./policywords.js";
import { counted, placeOf } from "./words.js";

/** @typedef {import("./fragment.js").State} State */
/** @typedef {import("./policywords.js").PolicyCard} PolicyCard */
/**
 * @typedef {object} Spot what the picture shows of a policy
 * @property {Set<string>} nodes whom it selects @property {(tail: string, head: string) => boolean} holds whether it decides this pair, or changes it
 */
/**
 * @typedef {object} Actions
 * @property {(change: Partial<State>) => void} go @property {(id: string) => void} onNode @property {(from: string, to: string) => void} onEdge
 * @property {(source: import("./types.js").Source) => void} onSource @property {(text: string) => void} say
 */

/** A place for what speaks of a workload. @param {string} id */
export function aboutPlace(id) {
  return el("section", { class: "finding policy-about", "data-policies-of": id, hidden: true });
}

export class Policies {
  /** @param {import("./session.js").Session} session @param {{rail: HTMLElement, toggle: HTMLElement, work: HTMLElement}} places @param {Actions} actions */
  constructor(session, { rail, toggle, work }, actions) {
    this.session = session;
    this.places = { rail, toggle, work };
    this.go = actions.go;
    this.say = actions.say;
    this.actions = {
      ...actions,
      onPolicy: (/** @type {string} */ id) => this.pick(id),
      onSwitch: (/** @type {string} */ id, /** @type {boolean} */ on) => this.switch(id, on),
    };
    this.rail = new Rail(rail, { ...this.actions, onClose: () => this.#toggle() });
    this.listKey = "";
    this.cardKey = "";
    /** @type {PolicyCard | null} */ this.card = null;
    this.refusal = "";
    /** the pairs of one rule, where only these are shown @type {{policy: string, blocks: import("./policywords.js").Pairs["blocks"]} | null} */ this.only = null;
    /** @type {{card: PolicyCard, scene: unknown, spot: Spot} | null} */ this.drawn = null;
    toggle.addEventListener("click", () => this.#toggle());
  }

  #toggle() {
    const open = this.session.state.rail === "policies";
    this.go({ rail: open ? "" : "policies" });
    if (open) this.places.toggle.focus();
    else this.rail.filterBox.focus();
  }

  /** @param {string} id */
  pick(id) {
    this.only = null;
    this.#show(id);
  }

  /** Show in the picture the pairs that one line decides. @param {import("./types.js").Source} source @returns {Promise<string>} what it decides, in words */
  async showLine(source) {
    const told = await this.session.decides(source);
    if (!told.policy) return "This line is in no policy.";
    this.only = told.rule ? { policy: told.policy, blocks: told.blocks } : null;
    this.drawn = null;
    this.#show(told.policy);
    const name = told.policy.split("/").at(-1) ?? "";
    return told.rule ? `${told.rule.direction} rule ${told.rule.index + 1} of ${name} decides ${counted(told.pairs, "pair")}` : `${name} changes ${counted(told.pairs, "verdict")}`;
  }

  /** @param {string} id */
  #show(id) {
    this.go({ policy: id, node: "", bundle: "", from: "", to: "", port: "", tab: "" });
  }

  /** @param {string} id @param {boolean} on */
  switch(id, on) {
    const others = this.session.state.without.filter((other) => other !== id);
    this.go({ without: on ? others : [...others, id] });
    this.say(`${id.split("/").at(-1)} is switched ${on ? "on" : "off"}.`);
  }

  /** The input has changed. */
  forget() {
    this.listKey = this.cardKey = "";
  }

  /** Ask for what the state wants. @param {State} state */
  async refresh(state) {
    const { rail, toggle, work } = this.places;
    rail.hidden = !state.rail;
    work.dataset["rail"] = state.rail;
    toggle.setAttribute("aria-expanded", String(state.rail !== ""));
    await Promise.all([this.#refreshList(state), this.#refreshCard(state)]);
  }

  /** @param {State} state */
  async #refreshList({ rail }) {
    const key = rail ? JSON.stringify(this.session.input()) : "";
    if (key === this.listKey) return;
    this.listKey = key;
    if (!key) return;
    try {
      const answer = await this.session.ask("policies");
      if (answer && key === this.listKey) this.rail.show(answer.policies, answer.counted);
    } catch (error) {
      this.rail.refuse(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {State} state */
  async #refreshCard({ policy, without }) {
    const key = policy ? JSON.stringify([policy, ...this.session.input()]) : "";
    if (key === this.cardKey) return;
    this.cardKey = key;
    this.card = null;
    this.refusal = without.includes(policy) ? "It is switched off." : "";
    if (!key || this.refusal) return;
    const card = await this.session.ask("policy", [["id", policy]]).catch((error) => {
      this.refusal = error instanceof Error ? error.message : String(error);
      return null;
    });
    if (key !== this.cardKey) return;
    this.card = card;
    if (card) this.say([`Policy ${card.name}`, selectsText(card) || "selects nothing", changesText(card)].join(", "));
  }

  /** What the picture shows. @param {State} state @param {(id: string) => string} nodeOf @param {unknown} scene @returns {Spot | null} */
  spot({ policy }, nodeOf, scene) {
    const { card } = this;
    if (!policy || card?.id !== policy) return null;
    if (this.drawn?.card !== card || this.drawn.scene !== scene) {
      const blocks = this.only?.policy === policy ? this.only.blocks : [...card.changed.blocks, ...card.rule_list.flatMap((rule) => rule.decides.blocks)];
      const nodes = new Set([...card.selected, ...card.may_select].map(nodeOf));
      this.drawn = { card, scene, spot: { nodes, holds: pairsOf(blocks, nodeOf) } };
    }
    return this.drawn.spot;
  }

  /** @param {State} state @param {HTMLElement} body of the panel */
  draw(state, body) {
    if (this.rail.chosen !== state.policy) this.rail.select(state.policy);
    this.#drawCard(state, body);
    const host = body.querySelector("[data-policies-of]:not([data-filled])");
    if (host instanceof HTMLElement) void this.#fillAbout(host);
  }

  /** @param {State} state @param {HTMLElement} body */
  #drawCard({ policy, without }, body) {
    const host = body.querySelector("[data-policy-card]");
    if (!(host instanceof HTMLElement) || (!this.card && !this.refusal) || host.dataset["drawn"] === this.cardKey) return;
    const focused = host.contains(document.activeElement);
    host.dataset["drawn"] = this.cardKey;
    if (this.card) showPolicy(host, this.card, this.actions);
    else showAbsent(host, policy, this.refusal, without.includes(policy), this.actions);
    if (focused) host.querySelector("h2")?.focus();
  }

  /** @param {HTMLElement} host */
  async #fillAbout(host) {
    const id = host.dataset["policiesOf"] ?? "";
    host.dataset["filled"] = "true";
    try {
      showAbout(host, await this.session.policiesOf(id), placeOf(id) !== "", this.actions);
    } catch (error) {
      fill(host, el("p", { class: "notice" }, error instanceof Error ? error.message : String(error)));
    }
    host.hidden = false;
  }
}
