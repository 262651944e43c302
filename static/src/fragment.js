// The state of the page as a URL fragment, so that a reload, a bookmark and the back button keep it.

/**
 * @typedef {object} State
 * @property {string} node the selected workload, namespace or address range; "" for none
 * @property {string} bundle the ends of a line that stands for several pairs, as "TAIL>HEAD"; "" for none
 * @property {string} from @property {string} to the question's two ends; "" for none
 * @property {string} port "" for any port, else "5432" or "53/UDP"
 * @property {"" | "shown"} chain whether the chain of connections between the two ends is shown
 * @property {"auto" | "none" | "selection" | "all"} blocked which blocked paths are drawn
 * @property {"" | "reach" | "reached_by"} reach the blast radius of the selected workload, or its mirror; "" for none
 * @property {"" | "1" | "2" | "3"} steps how far it goes; "" for any number of steps
 * @property {"diagram" | "matrix" | "table"} view
 * @property {string} filter which workloads and paths are shown, in the grammar of filters; "" for all
 * @property {string} find what is pointed at and hides nothing, in the grammar of filters; "" for nothing
 * @property {string} on the port that the matrix is about, as `port`; "" for any port
 * @property {string[]} hide presets of what is left out: "dns", "metrics", "ingress"
 * @property {string} policy the policy that is looked at, by its id; "" for none
 * @property {"" | "why" | "details" | "fix"} tab of the panel, where it is not the one that goes with the selection
 * @property {string} fix what is proposed on that tab: "open" or "close" the path, "deny:NAMESPACE,…" by default; "" for the other of what it is
 * @property {"" | "problems" | "unknowns" | "editor"} drawer what is open below the picture
 * @property {"" | "policies"} rail what is open at the left of the picture
 * @property {string[]} without policies that are switched off, by their ids
 * @property {string} draft the edit of the policies that is looked at, as the server knows it; "" for the files as loaded
 * @property {string[]} expand namespaces that are open although the scene would fold them
 * @property {string[][]} switches names and values of the assumptions, as query parameters
 */

const BLOCKED = ["auto", "none", "selection", "all"];
const REACH = ["reach", "reached_by"];
const STEPS = ["1", "2", "3"];
const WORDS = /** @type {const} */ (["node", "bundle", "from", "to", "port", "filter", "find", "on", "policy", "draft", "fix"]);
/** @type {{[name in "view" | "tab" | "drawer" | "rail"]: string[]}} what may stand there; the first is the default and is not written */
const CHOICES = { view: ["diagram", "matrix", "table"], tab: ["", "why", "details", "fix"], drawer: ["", "problems", "unknowns", "editor"], rail: ["", "policies"] };
const SWITCHES = ["host_network", "ipblock_pods", "undeclared_namespaces", "pod_cidr", "ignore_dialect"];

/** @returns {State} */
export function emptyState() {
  return { node: "", bundle: "", from: "", to: "", port: "", chain: "", blocked: "auto", reach: "", steps: "", view: "diagram", filter: "", find: "", on: "", hide: [], policy: "", tab: "", fix: "", drawer: "", rail: "", without: [], draft: "", expand: [], switches: [] };
}

/** Read a fragment; what is not understood is left out. @param {string} hash @returns {State} */
export function parseFragment(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = emptyState();
  for (const name of WORDS) state[name] = given.get(name) ?? "";
  const blocked = given.get("blocked") ?? "auto";
  if (BLOCKED.includes(blocked)) state.blocked = /** @type {State["blocked"]} */ (blocked);
  const [reach, steps] = [given.get("reach") ?? "", given.get("steps") ?? ""];
  if (state.node && REACH.includes(reach)) state.reach = /** @type {State["reach"]} */ (reach);
  if (state.reach && STEPS.includes(steps)) state.steps = /** @type {State["steps"]} */ (steps);
  if (given.get("chain") === "shown") state.chain = "shown";
  for (const [name, words] of Object.entries(CHOICES)) {
    const word = given.get(name) ?? "";
    if (words.includes(word)) Object.assign(state, { [name]: word });
  }
  state.hide = (given.get("hide") ?? "").split(",").filter(Boolean);
  state.without = given.getAll("without");
  state.expand = (given.get("expand") ?? "").split(",").filter(Boolean);
  state.switches = SWITCHES.flatMap((name) => given.getAll(name).map((value) => [name, value]));
  return state;
}

/** Write a fragment; what is as by default is left out. @param {State} state @returns {string} "" or "#…" */
export function formatFragment(state) {
  const given = new URLSearchParams();
  for (const name of WORDS) if (state[name]) given.set(name, state[name]);
  if (state.chain) given.set("chain", state.chain);
  if (state.blocked !== "auto") given.set("blocked", state.blocked);
  if (state.node && state.reach) given.set("reach", state.reach);
  if (state.node && state.reach && state.steps) given.set("steps", state.steps);
  for (const [name, words] of Object.entries(CHOICES)) {
    const word = state[/** @type {keyof typeof CHOICES} */ (name)];
    if (word !== words[0]) given.set(name, word);
  }
  if (state.hide.length) given.set("hide", state.hide.join(","));
  for (const id of state.without) given.append("without", id);
  if (state.expand.length) given.set("expand", state.expand.join(","));
  for (const [name, value] of state.switches) given.append(name ?? "", value ?? "");
  const text = given.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return text ? `#${text}` : "";
}
