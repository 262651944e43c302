// The drawer below the picture: problems of the input, and what is unknown with the switches that decide it.
import { el, fill, icon } from "./dom.js";
import { lineLink } from "./reasons.js";
import { counted } from "./words.js";

/** @typedef {import("./types.js").Summary} Summary */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Source} Source */

/** @param {HTMLElement} host @param {Problem[]} problems @param {(source: Source) => void} onSource */
export function showProblems(host, problems, onSource) {
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = [...problems].sort((a, b) => rank[a.severity] - rank[b.severity]);
  fill(host, sorted.length ? el("ul", { class: "problems" }, sorted.map((problem) => row(problem, onSource))) : el("p", { class: "quiet" }, "No problems: everything was understood."));
}

/** `file · document n · line:column · path — what is wrong.` @param {Problem} problem @param {(source: Source) => void} onSource */
function row(problem, onSource) {
  const { file, document: number, line } = problem;
  const place = [file, number && `document ${number}`, line && `${line}:${problem.column ?? 1}`, problem.path].filter(Boolean);
  return el("li", { class: `problem ${problem.severity}`, "data-testid": "problem", "data-severity": problem.severity, "data-code": problem.code },
    el("span", { class: "severity" }, icon(problem.severity), problem.severity),
    el("div", {},
      place.length > 0 && el("p", { class: "place" }, place.join(" · ")),
      el("p", {}, problem.object && el("b", {}, `${problem.object}: `), problem.message)),
    file && line && hasText(problem) ? lineLink({ file, document: number ?? 1, line }, onSource) : null);
}

/** The server keeps the text of policies only. @param {Problem} problem */
function hasText(problem) {
  return /^\w*Policy\b/.test(problem.object ?? "");
}

/** @type {[name: string, title: string, choices: [string, string][], help: string][]} */
const CHOICES = [
  ["undeclared_namespaces", "Namespaces without a manifest", [["unknown", "labels unknown"], ["unlabelled", "only the name label"]], "A policy may select namespaces by labels that no loaded manifest tells."],
  ["host_network", "Pods on the host network", [["node", "traffic of their node"], ["pod", "like any other pod"]], "Network plugins differ in whether policies apply to them."],
  ["ipblock_pods", "ipBlock and pods", [["address", "matches their address"], ["never", "never matches them"]], "Network plugins differ in whether an ipBlock covers pod addresses."],
];

/**
 * @typedef {object} Switching
 * @property {() => string[][]} latest the state's switches at the time of a change, which may be newer than what is drawn
 * @property {(switches: string[][]) => void} onChange
 * @property {(switches: string[][]) => Promise<string | null>} onTry for what is typed: null, or why it cannot be used
 */

/**
 * @param {HTMLElement} host @param {Summary} summary @param {string[][]} switches as in the state @param {Switching} switching
 */
export function showUnknowns(host, summary, switches, { latest, onChange, onTry }) {
  const without = (/** @type {string} */ name) => latest().filter(([other]) => other !== name);
  const focused = host.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset["testid"] : "";
  const unknown = summary.unknown ?? { pairs: 0, reasons: {} };
  const reasons = Object.entries(unknown.reasons);
  const now = summary.assumptions;
  fill(host,
    el("div", { class: "unknowns" },
      el("section", {}, el("h3", {}, unknown.pairs ? `${counted(unknown.pairs, "pair")} cannot be decided` : "Every pair is decided"),
        reasons.length > 0 && el("ul", { class: "reasons" }, reasons.map(([code, count]) => el("li", {}, el("b", {}, count.toLocaleString("en")), el("a", { href: `/help#code-${code}` }, code.replaceAll("_", " "))))),
        !reasons.length && el("p", { class: "quiet" }, "Nothing is guessed: what your files do not tell would be counted here.")),
      el("section", {}, el("h3", {}, "What the answers assume"),
        el("div", { class: "switches" },
          CHOICES.map(([name, title, choices, help]) => el("label", { class: "switch-row", title: help }, el("span", {}, title),
            select(name, choices, String(now[name] ?? choices[0]?.[0]), (value) => onChange(value === choices[0]?.[0] ? without(name) : [...without(name), [name, value]])))),
          ranges((now["pod_cidrs"] ?? []).join(", "), (cidrs) => onTry([...without("pod_cidr"), ...cidrs.map((cidr) => ["pod_cidr", cidr])])),
          dialects(summary).map((kind) => el("label", { class: "switch-row" }, el("span", {}, `Ignore ${kind}`),
            el("input", { type: "checkbox", "data-testid": `ignore-${kind}`, checked: switches.some(([name, value]) => name === "ignore_dialect" && value === kind),
              onchange: (event) => onChange([...latest().filter(([name, value]) => name !== "ignore_dialect" || value !== kind), ...(event.target.checked ? [["ignore_dialect", kind]] : [])]) })))),
        switches.length > 0 && el("button", { type: "button", class: "button small", "data-testid": "switches-reset", onclick: () => onChange([]) }, "Back to the defaults"))));
  if (focused) /** @type {HTMLElement | null} */ (host.querySelector(`[data-testid="${CSS.escape(focused)}"]`) ?? host.querySelector("select"))?.focus();
}

/** Kinds of policies that are read but not evaluated, from the problems that say so. @param {Summary} summary */
function dialects(summary) {
  const kinds = summary.problems.filter((problem) => problem.code === "dialect_not_evaluated").map((problem) => (problem.object ?? "").split(" ")[0] ?? "");
  const ignored = summary.assumptions["ignore_dialects"] ?? [];
  return [...new Set([...kinds, ...ignored])].filter(Boolean).sort();
}

/** The field for pod addresses, which says itself what is wrong with it. @param {string} value @param {(cidrs: string[]) => Promise<string | null>} onTry */
function ranges(value, onTry) {
  const wrong = el("span", { class: "field-error", id: "pod-cidr-error", role: "alert" });
  const input = el("input", {
    class: "field", "data-testid": "switch-pod_cidr", placeholder: "10.244.0.0/16", value, autocomplete: "off", spellcheck: "false", "aria-describedby": "pod-cidr-error",
    onchange: async (event) => {
      const refusal = await onTry(split(event.target.value));
      input.setAttribute("aria-invalid", String(refusal !== null));
      wrong.textContent = refusal ?? "";
    },
  });
  return el("label", { class: "switch-row", title: "Where pods without a known address live" }, el("span", {}, "Pod addresses (CIDR)"), input, wrong);
}

/** @param {string} text */
function split(text) {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** @param {string} name @param {[string, string][]} choices @param {string} value @param {(value: string) => void} onChange */
function select(name, choices, value, onChange) {
  return el("select", { class: "field", "data-testid": `switch-${name}`, onchange: (event) => onChange(event.target.value) },
    choices.map(([choice, words]) => el("option", { value: choice, selected: choice === value }, words)));
}
