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
 * @property {"diagram" | "table"} view
 * @property {string[]} expand namespaces that are open although the scene would fold them
 * @property {string[][]} switches names and values of the assumptions, as query parameters
 */

const BLOCKED = ["auto", "none", "selection", "all"];
const REACH = ["reach", "reached_by"];
const STEPS = ["1", "2", "3"];
const SWITCHES = ["host_network", "ipblock_pods", "undeclared_namespaces", "pod_cidr", "ignore_dialect"];

/** @returns {State} */
export function emptyState() {
  return { node: "", bundle: "", from: "", to: "", port: "", chain: "", blocked: "auto", reach: "", steps: "", view: "diagram", expand: [], switches: [] };
}

/** Read a fragment; what is not understood is left out. @param {string} hash @returns {State} */
export function parseFragment(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = emptyState();
  for (const name of /** @type {const} */ (["node", "bundle", "from", "to", "port"])) state[name] = given.get(name) ?? "";
  const blocked = given.get("blocked") ?? "auto";
  if (BLOCKED.includes(blocked)) state.blocked = /** @type {State["blocked"]} */ (blocked);
  const [reach, steps] = [given.get("reach") ?? "", given.get("steps") ?? ""];
  if (state.node && REACH.includes(reach)) state.reach = /** @type {State["reach"]} */ (reach);
  if (state.reach && STEPS.includes(steps)) state.steps = /** @type {State["steps"]} */ (steps);
  if (given.get("chain") === "shown") state.chain = "shown";
  if (given.get("view") === "table") state.view = "table";
  state.expand = (given.get("expand") ?? "").split(",").filter(Boolean);
  state.switches = SWITCHES.flatMap((name) => given.getAll(name).map((value) => [name, value]));
  return state;
}

/** Write a fragment; what is as by default is left out. @param {State} state @returns {string} "" or "#…" */
export function formatFragment(state) {
  const given = new URLSearchParams();
  for (const name of /** @type {const} */ (["node", "bundle", "from", "to", "port"])) if (state[name]) given.set(name, state[name]);
  if (state.chain) given.set("chain", state.chain);
  if (state.blocked !== "auto") given.set("blocked", state.blocked);
  if (state.node && state.reach) given.set("reach", state.reach);
  if (state.node && state.reach && state.steps) given.set("steps", state.steps);
  if (state.view !== "diagram") given.set("view", state.view);
  if (state.expand.length) given.set("expand", state.expand.join(","));
  for (const [name, value] of state.switches) given.append(name ?? "", value ?? "");
  const text = given.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return text ? `#${text}` : "";
}
