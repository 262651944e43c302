// The panel at the right: the reason of an answer, the details of a workload, or the whole in a few numbers.
import { showChain } from "./chain.js";
import { showBundle, showDetails } from "./details.js";
import { el, fill } from "./dom.js";
import { showOverview } from "./overview.js";
import { control } from "./page.js";
import { setUpChoices } from "./tabs.js";
import { decidingSource, showWhy } from "./why.js";
import { YamlView } from "./yaml.js";

/** @typedef {import("./types.js").Source} Source */
/**
 * @typedef {object} Shown all that the panel depends on
 * @property {import("./types.js").Summary} summary @property {import("./types.js").Scene} scene
 * @property {import("./types.js").Answer | null} answer @property {string} refusal why there is no answer
 * @property {{chain: import("./types.js").Chain | null, refusal: string}} wayRound
 * @property {import("./fragment.js").State} state
 */
/**
 * @typedef {object} Actions
 * @property {(from: string, to: string) => void} onEdge @property {(id: string) => void} onNode
 * @property {(namespace: string) => void} onFold @property {(id: string) => void} onGroup @property {(tab: string) => void} onTab
 * @property {(open: boolean) => void} onChain @property {(part: import("./types.js").Answer) => void} onPart
 */

export class Panel {
  /** @param {(source: Source) => Promise<import("./types.js").PolicyText>} load @param {Actions} actions */
  constructor(load, actions) {
    this.actions = actions;
    this.body = control("panel-body");
    this.yaml = new YamlView(control("yaml"), load);
    this.showTab = setUpChoices(control("panel-tabs"), (tab) => actions.onTab(tab));
    /** where the chain is drawn, and for what @type {HTMLElement | null} */ this.chainHost = null;
    /** @type {unknown[]} */ this.chainFor = [];
    /** what it was drawn for @type {unknown[]} */ this.drawnFor = [];
  }

  /** Draw, unless all that matters is as it was. @param {Shown} shown */
  show(shown) {
    this.#draw(shown);
    this.#chain(shown);
  }

  /** @param {Shown} shown */
  #draw({ summary, scene, answer, refusal, state }) {
    const { node, from, to, bundle, policy } = state;
    const tab = state.tab || (node || policy ? "details" : "why");
    const subject = tab === "details" ? node || from : "";
    if (from && to && !answer && !refusal && !subject && !policy) return; // what is there stays until the answer comes
    const drawnFor = [summary, tab, node, subject, answer, refusal, bundle, policy, (answer && !subject) || policy ? null : scene];
    if (drawnFor.every((item, index) => item === this.drawnFor[index])) return;
    this.drawnFor = drawnFor;
    this.chainHost = null;
    const focused = this.body.contains(document.activeElement);
    this.#head(tab, !node && !policy && !(from && to));
    if (tab === "fix") this.#fix();
    else if (policy) this.#policy();
    else if (subject) this.#details(scene, subject);
    else if (answer) this.#why(answer);
    else if (from && to) fill(this.body, el("p", { class: "notice", "data-testid": "refusal" }, refusal));
    else if (bundle) showBundle(this.body, scene, bundle, this.actions);
    else showOverview(this.body, scene, this.actions);
    this.body.scrollTop = 0;
    if (focused) this.focus(); // what had the keyboard's focus is gone
  }

  /** Put the keyboard's focus on the heading. */
  focus() {
    const heading = this.body.querySelector("h2");
    if (heading instanceof HTMLElement) heading.focus();
    control("panel").scrollIntoView({ block: "nearest" });
  }

  /** @param {string} tab @param {boolean} empty nothing is selected */
  #head(tab, empty) {
    this.showTab(tab);
    control("panel").dataset["empty"] = String(empty);
    this.body.setAttribute("aria-labelledby", `tab-${tab}`);
  }

  /** `Fixes` fills it. */
  #fix() {
    this.yaml.close();
    fill(this.body, el("section", { "data-testid": "fix" }));
  }

  /** @param {import("./types.js").Scene} scene @param {string} id */
  #details(scene, id) {
    this.yaml.close();
    showDetails(this.body, scene, id, this.actions);
  }

  /** `Policies` fills it. */
  #policy() {
    this.yaml.close();
    fill(this.body, el("section", { class: "policy-card stack", "data-policy-card": true, "data-testid": "policy-card" }));
  }

  /** @param {import("./types.js").Answer} answer */
  #why(answer) {
    this.chainHost = showWhy(this.body, answer, (source) => void this.yaml.open(source), (part) => {
      this.#openYaml(part);
      this.actions.onPart(part);
    });
    this.chainFor = [];
    this.#openYaml(answer);
  }

  /** @param {import("./types.js").Answer} answer */
  #openYaml(answer) {
    const source = decidingSource(answer);
    if (source) void this.yaml.open(source, false);
    else this.yaml.close();
  }

  /** Below the reasons, and drawn alone when it comes later. @param {Shown} shown */
  #chain({ answer, wayRound: { chain, refusal }, state }) {
    const open = state.chain === "shown";
    const chainFor = [answer, open, chain, refusal];
    if (!this.chainHost || !answer || chainFor.every((item, index) => item === this.chainFor[index])) return;
    this.chainFor = chainFor;
    const onSource = (/** @type {Source} */ source) => void this.yaml.open(source);
    showChain(this.chainHost, answer, { open, chain, refusal }, { onSource, onToggle: this.actions.onChain, onEdge: this.actions.onEdge });
  }
}
