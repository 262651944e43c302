// The Fix tab: the smallest changes that open a blocked path or close an open one, and deny by default for a namespace.
// Its buttons stand where the question arises: beneath a verdict, at a workload, in the overview without policies.
import { el, fill, icon } from "./dom.js";
import { showProposal } from "./proposal.js";
import { counted, isService, parsePort, placeOf, portsText, shortName } from "./words.js";

/** @typedef {import("./fragment.js").State} State */
/** @typedef {{want?: "" | "open" | "close", mixed?: boolean, ports?: import("./types.js").Ports, declared?: import("./types.js").Ports, fixes: import("./proposal.js").Proposal[], why_none: string}} Answer */
/**
 * @typedef {object} Actions
 * @property {(change: Partial<State>) => void} go @property {(from: string, to: string) => void} onEdge @property {(text: string) => void} say
 * @property {(edits: Record<string, string>, label: string) => Promise<unknown>} apply
 * @property {() => void} onGenerate @property {() => string[]} namespaces all that have workloads
 */

const DENY = "deny:";
const MOST_PORTS = 8;

/** The namespaces to deny by default; null where something else is asked for. Pure. @param {string} fix */
export function deniedBy(fix) {
  return fix.startsWith(DENY) ? fix.slice(DENY.length).split(",").filter(Boolean) : null;
}

/** Single ports as they are typed: "8080", "53/UDP". Pure. @param {import("./types.js").Ports | undefined} ports */
export function declaredPorts(ports) {
  if (!ports || ports === "all") return [];
  return Object.entries(ports).flatMap(([protocol, spans]) => spans.split(",").flatMap((span) => {
    const [first = 0, last = first] = span.split("-").map(Number);
    return last - first > MOST_PORTS ? [] : Array.from({ length: last - first + 1 }, (_, index) => `${first + index}${protocol === "TCP" ? "" : `/${protocol}`}`);
  }));
}

/** The namespace of a workload or of a folded namespace; "" for addresses. Pure. @param {string} id */
export function namespaceOf(id) {
  if (isService(id)) return "";
  return placeOf(id) || id.endsWith("/*") ? id.split("/")[0] ?? "" : "";
}

/** Those that people close themselves: the system's own are left to whoever runs the cluster. Pure. @param {string[]} all */
export function ownNamespaces(all) {
  const own = all.filter((name) => !/^(kube-|openshift)/.test(name));
  return own.length ? own : all;
}

export class Fixes {
  /** @param {import("./session.js").Session} session @param {Actions} actions */
  constructor(session, actions) {
    this.session = session;
    this.actions = actions;
    /** @type {Answer | null} */ this.answer = null;
    this.refusal = "";
    this.key = "";
    /** which asking the answer is to */ this.version = 0;
  }

  /** Ask for what the tab shows. @param {State} state */
  async refresh(state) {
    const query = queryOf(state);
    const key = query ? JSON.stringify([this.session.input(), query]) : "";
    if (key === this.key) return;
    this.key = key;
    this.version += 1;
    this.answer = null;
    this.refusal = "";
    if (!query) return;
    const answer = await this.session.ask(query.name, query.asked).catch((error) => {
      this.refusal = error instanceof Error ? error.message : String(error);
      return null;
    });
    if (key !== this.key) return;
    this.answer = answer;
    this.version += 1;
    if (answer) this.actions.say(answer.fixes.length ? `${counted(answer.fixes.length, "proposal")}: ${answer.fixes[0].title}` : answer.why_none);
    else this.actions.say(this.refusal);
  }

  forget() {
    this.key = "";
  }

  /** @param {State} state @param {HTMLElement} body of the panel */
  draw(state, body) {
    this.#decide(state, body);
    this.#offerDenial(state, body);
    const host = body.querySelector('[data-testid="fix"]');
    if (!(host instanceof HTMLElement)) return;
    const drawn = `${this.version} ${state.from}>${state.to} ${state.node} ${state.fix}`;
    if (host.dataset["drawn"] === drawn) return;
    host.dataset["drawn"] = drawn;
    host.dataset["state"] = this.answer || this.refusal ? "there" : this.key ? "asking" : "none";
    fill(host, ...this.#content(state));
  }

  /** @param {State} state @returns {(import("./dom.js").Child | import("./dom.js").Child[])[]} */
  #content(state) {
    const denied = deniedBy(state.fix);
    if (!denied && !(state.from && state.to)) return this.#start(state);
    const heading = denied ? `Deny by default: ${denied.join(", ")}` : headingOf(state, this.answer);
    const nothing = denied && !state.from && !state.node; // then the panel has no tabs to go back by
    return [
      nothing && el("p", { class: "buttons" }, el("button", { type: "button", class: "button small", "data-testid": "fix-back", onclick: () => this.actions.go({ tab: "", fix: "" }) }, "Back to the overview")),
      el("header", { class: "subject" }, el("h2", { tabindex: -1, "data-testid": "fix-heading" }, heading),
        !denied && el("p", { class: "route" }, el("b", { title: state.from }, shortName(state.from)), icon("arrow"), el("b", { title: state.to }, shortName(state.to)),
          el("span", { class: "quiet" }, this.answer?.ports ? portsText(this.answer.ports) : state.port || "any port"))),
      !denied && this.answer?.want && this.answer.mixed && this.#other(this.answer.want),
      !denied && this.#whichPort(state),
      !this.answer && !this.refusal && el("p", { class: "quiet", role: "status" }, "Trying changes …"),
      (this.refusal || this.answer?.why_none) && el("p", { class: "notice", "data-testid": "why-none" }, this.refusal || this.answer?.why_none),
      (this.answer?.fixes ?? []).map((proposal, index) => showProposal(proposal, this.actions, { alone: denied !== null, first: !index })),
      (this.answer?.fixes.length ?? 0) > 0 && el("p", { class: "honesty" }, "Each was applied to your files and evaluated before it is shown. We suggest, you decide."),
    ];
  }

  /** The other thing that may be wanted. @param {"open" | "close"} want */
  #other(want) {
    const other = want === "open" ? "close" : "open";
    return el("p", { class: "buttons" }, el("button", { type: "button", class: "button small", "data-testid": "fix-other", onclick: () => this.actions.go({ fix: other }) }, other === "open" ? "Open it instead" : "Close it instead"));
  }

  /** The destination declares several ports: perhaps only one of them is meant. @param {State} state */
  #whichPort({ port }) {
    const ports = declaredPorts(this.answer?.declared);
    if (port || ports.length < 2) return null;
    return el("p", { class: "buttons", "data-testid": "which-port" }, el("span", { class: "quiet" }, "Only one port?"),
      ports.map((each) => el("button", { type: "button", class: "button small", onclick: () => this.actions.go({ port: each }) }, each)));
  }

  /** Nothing is asked yet. @param {State} state @returns {import("./dom.js").Child[]} */
  #start(state) {
    const namespace = namespaceOf(state.node);
    return [
      el("header", { class: "subject" }, el("h2", { tabindex: -1 }, "Fix"), el("p", { class: "quiet" }, "Choose two ends above: you get the smallest changes of policies that open the path, or close it.")),
      el("p", { class: "buttons" }, namespace && this.#denyButton([namespace], `Deny by default in ${namespace}`), this.#generateButton()),
    ];
  }

  /** Beneath the verdict: what to do about it. @param {State} state @param {HTMLElement} body */
  #decide({ from, to }, body) {
    const header = body.querySelector('[data-testid="answer"]');
    if (!(header instanceof HTMLElement) || !from || !to || header.querySelector(".decide")) return;
    const verdict = header.dataset["verdict"];
    const partial = header.classList.contains("partial");
    const button = (/** @type {"open" | "close"} */ fix, /** @type {string} */ text, /** @type {string} */ name) =>
      el("button", { type: "button", class: "button small", "data-testid": name, onclick: () => this.actions.go({ tab: "fix", fix }) }, icon(fix === "open" ? "allowed" : "blocked"), text);
    header.append(el("p", { class: "buttons decide" },
      (verdict !== "allowed" || partial) && button("open", "Allow this", "allow-this"),
      verdict !== "blocked" && button("close", "Block this", "block-this")));
  }

  /** At a workload or a folded namespace, where there are no policies at all, and in the overview. @param {State} state @param {HTMLElement} body */
  #offerDenial({ node }, body) {
    const namespace = namespaceOf(node);
    const subject = body.querySelector('[data-testid="details-name"]')?.closest("header");
    if (subject && namespace && !subject.querySelector(".decide")) {
      subject.append(el("p", { class: "buttons decide" }, this.#denyButton([namespace], `Deny by default in ${namespace}`)));
    }
    const empty = document.querySelector('[data-testid="empty-deny"]:empty');
    const own = empty ? ownNamespaces(this.actions.namespaces()) : [];
    if (empty && own.length) fill(empty, this.#denyButton(own, own.length === 1 ? `Deny by default in ${own[0]}` : `Deny by default in ${counted(own.length, "namespace")}`), this.#generateButton());
    const overview = body.querySelector("[data-overview]");
    if (overview && !overview.querySelector(".decide")) overview.append(el("p", { class: "buttons decide" }, this.#generateButton()));
  }

  /** @param {string[]} namespaces @param {string} text */
  #denyButton(namespaces, text) {
    return el("button", { type: "button", class: "button small", "data-testid": "deny-default", onclick: () => this.actions.go({ tab: "fix", fix: `${DENY}${namespaces.join(",")}` }) }, icon("lock"), text);
  }

  #generateButton() {
    return el("button", { type: "button", class: "button small", "data-testid": "generate", onclick: () => this.actions.onGenerate() }, icon("policy"), "Generate policies …");
  }
}

/** What the tab asks the server; null for nothing. @param {State} state @returns {{name: string, asked: string[][]} | null} */
function queryOf({ tab, from, to, port, fix }) {
  if (tab !== "fix") return null;
  const denied = deniedBy(fix);
  if (denied) return denied.length ? { name: "proposals/deny-default", asked: denied.map((name) => ["namespace", name]) } : null;
  const asked = parsePort(port);
  if (!from || !to || !asked) return null;
  return { name: "fixes", asked: [["source", from], ["destination", to], ...(asked.port ? [["port", asked.port], ["protocol", asked.protocol]] : []), ...(fix ? [["want", fix]] : [])] };
}

/** @param {State} state @param {Answer | null} answer */
function headingOf({ fix }, answer) {
  const want = answer?.want || fix;
  return want === "open" ? "Open this path" : want === "close" ? "Close this path" : "Fix";
}
