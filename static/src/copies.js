// The table as text for other programs: CSV and Markdown. Pure.
import { rulesText } from "./rules.js";
import { tellPorts, verdictWords } from "./words.js";

/** @typedef {import("./types.js").SceneEdge} SceneEdge */
/** @typedef {import("./types.js").Deciders} Deciders */
const HEADS = ["From", "To", "Ports", "Verdict", "Source rule", "Destination rule"];

/** @param {SceneEdge[]} edges @param {(name: string) => Deciders | undefined} rulesOf @returns {string[][]} */
function cells(edges, rulesOf) {
  return edges.map((edge) => {
    const rules = rulesOf(`${edge.source}>${edge.destination}`);
    return [edge.source, edge.destination, edge.ports_text ? tellPorts(edge) : "", verdictWords(edge.verdict, edge.blocked_at), rulesText(rules?.egress), rulesText(rules?.ingress)];
  });
}

/** For spreadsheets: no cell can become a formula. @param {SceneEdge[]} edges @param {(name: string) => Deciders | undefined} rulesOf */
export function csvOf(edges, rulesOf) {
  const cell = (/** @type {string} */ text) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [HEADS, ...cells(edges, rulesOf)].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** @param {SceneEdge[]} edges @param {(name: string) => Deciders | undefined} rulesOf */
export function markdownOf(edges, rulesOf) {
  const cell = (/** @type {string} */ text) => text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\s+/g, " ");
  const rows = cells(edges, rulesOf).map((row) => `| ${row.map(cell).join(" | ")} |`);
  return [`| ${HEADS.join(" | ")} |`, `|${" --- |".repeat(HEADS.length)}`, ...rows].join("\n") + "\n";
}
