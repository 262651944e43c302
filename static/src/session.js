// What the page knows: its state (kept in the URL fragment) and the server's answers to it.
import { ApiError, getJson, postJson } from "./api.js";
import { formatFragment, parseFragment } from "./fragment.js";
import { parsePort } from "./words.js";

/** @typedef {import("./fragment.js").State} State */

export class Session {
  /** @param {string} api address of the workspace */
  constructor(api) {
    this.api = api;
    /** @type {State} */ this.state = parseFragment(location.hash);
    /** @type {Map<string, AbortController>} */ this.running = new Map();
  }

  /** Change the state; `step` makes the back button come back to what was. @param {Partial<State>} change @param {boolean} [step] */
  change(change, step = false) {
    this.state = { ...this.state, ...change };
    const address = `${location.pathname}${location.search}${formatFragment(this.state)}`;
    if (step && address !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  /** Take the state from the URL, after back or forward. */
  reread() {
    this.state = parseFragment(location.hash);
  }

  /** What the answers are about: the assumptions, and which policies are edited or switched off. @returns {string[][]} */
  input() {
    const { switches, without, draft } = this.state;
    return [...switches, ...without.map((id) => ["without", id]), ...(draft ? [["draft", draft]] : [])];
  }

  /** What is shown of them, alike in all views: the filter and what is hidden. @returns {string[][]} */
  scope() {
    const { filter, hide } = this.state;
    return [...(filter ? [["filter", filter]] : []), ...hide.map((preset) => ["hide", preset])];
  }

  /** An address below the workspace, with what the answers are about. @param {string} name @param {string[][]} [query] */
  address(name, query = []) {
    const given = new URLSearchParams([...query, ...this.input()]).toString();
    return `${this.api}/${name}${given ? `?${given}` : ""}`;
  }

  /** Ask; a newer question of the same name makes an older one void (it answers null). @param {string} name @param {string[][]} [query] @returns {Promise<any>} */
  async ask(name, query = []) {
    this.running.get(name)?.abort();
    const control = new AbortController();
    this.running.set(name, control);
    try {
      return await getJson(this.address(name, query), control.signal);
    } catch (error) {
      if (control.signal.aborted) return null;
      throw error;
    }
  }

  /** @param {string} about whom the picture tells more of @param {string[][]} pair that is drawn where it is blocked @returns {Promise<import("./types.js").Scene | null>} */
  scene(about, pair) {
    const { blocked, expand } = this.state;
    const selected = blocked === "none" ? "" : about;
    return this.ask("scene", [["blocked", blocked], ...this.scope(), ...pair, ...(selected ? [["selected", selected]] : []), ...(expand.length ? [["expand", expand.join(",")]] : [])]);
  }

  /** @returns {Promise<import("./types.js").Answer | null>} */
  async why() {
    return this.ask("why", this.#question());
  }

  /** The shortest chain of connections between the ends. @returns {Promise<import("./types.js").Chain | null>} */
  async chain() {
    return this.ask("path", this.#question());
  }

  /** @returns {string[][]} */
  #question() {
    const { from, to, port } = this.state;
    const asked = parsePort(port);
    if (!asked) throw new ApiError(422, "bad_port", `"${port}" is not a port. Write 5432, or 53/UDP.`);
    const query = [["source", from], ["destination", to]];
    if (asked.port) query.push(["port", asked.port], ["protocol", asked.protocol]);
    return query;
  }

  /** @returns {Promise<import("./facts.js").Facts>} */
  facts() {
    return getJson(this.address("facts"));
  }

  /** @param {string} id of a workload @returns {Promise<import("./facts.js").Exposure[]>} */
  async exposure(id) {
    return (await getJson(this.address("exposure", [["workload", id]]))).exposure;
  }

  /** What speaks of a workload. @param {string} id @returns {Promise<import("./policywords.js").About>} */
  policiesOf(id) {
    return getJson(this.address("policies", [["workload", id]]));
  }

  /** @returns {Promise<import("./radius.js").Answer | null>} */
  reach() {
    const { node, reach, steps } = this.state;
    return this.ask("reach", [["workload", node], ["direction", reach], ...(steps ? [["steps", steps]] : [])]);
  }

  /** Why the server would not take these switches; null if it does. @param {string[][]} switches @returns {Promise<string | null>} */
  async refusal(switches) {
    try {
      const others = this.input().filter((pair) => !this.state.switches.includes(pair));
      await getJson(`${this.api}/summary?${new URLSearchParams([...switches, ...others])}`);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {import("./types.js").Source} source @returns {Promise<import("./types.js").PolicyText>} */
  document(source) {
    return getJson(this.address("document", [["file", source.file], ["document", String(source.document)]]));
  }

  /** The rule or the policy at a line, and the pairs that it decides. @param {import("./types.js").Source} source @returns {Promise<import("./policywords.js").Decided>} */
  decides({ file, document, line }) {
    return getJson(this.address("decides", [["file", file], ["document", String(document)], ["line", String(line)]]));
  }

  /** The policies of each file as one text: as loaded, or of a draft. @param {string} draft @returns {Promise<import("./draft.js").PolicyFile[]>} */
  async files(draft) {
    return (await getJson(`${this.api}/files${draft ? `?${new URLSearchParams({ draft })}` : ""}`)).files;
  }

  /** @param {import("./draft.js").Edits} edits @returns {Promise<import("./draft.js").Posted>} */
  postDraft(edits) {
    const others = this.input().filter(([name]) => name !== "draft");
    return postJson(`${this.api}/drafts?${new URLSearchParams(others)}`, JSON.stringify({ files: edits }), "application/json");
  }

  /** What the view opens and cuts against the files as loaded. @param {string} limit of rows @returns {Promise<import("./changes.js").Changes | null>} */
  changes(limit) {
    return this.ask("changes", [["limit", limit]]);
  }

  /** @returns {Promise<import("./editor/options.js").Vocabulary>} */
  vocabulary() {
    return getJson(this.address("vocabulary"));
  }
}
