// What an input lacks, from its summary.
import { counted } from "./words.js";

/** @typedef {import("./types.js").Summary} Summary */
/** @typedef {"nothing" | "no_workloads" | "no_policies" | "no_namespaces"} Lack */

const UNDECLARED = "undeclared_namespace_labels";

/** What a workspace lacks most; null if nothing. Pure. @param {Summary} summary @returns {{lack: Lack, text: string} | null} */
export function lackOf(summary) {
  const { workloads, policies, problems, counts, unknown } = summary;
  if (!workloads && !policies) return { lack: "nothing", text: "Nothing to draw: no workload and no policy was read. Drop manifests here; they stay on this server." };
  if (!workloads) {
    return { lack: "no_workloads", text: `${counted(policies, "policy", "policies")}, but no pods to apply ${policies === 1 ? "it" : "them"} to.` };
  }
  if (!policies && !counts.not_understood) {
    return { lack: "no_policies", text: workloads === 1 ? "No policies: the workload can reach the Internet, and be reached." : `No policies: all ${workloads.toLocaleString("en")} workloads can reach each other and the Internet.` };
  }
  const pairs = unknown?.reasons[UNDECLARED] ?? 0;
  const missing = problems.filter((problem) => problem.code === "undeclared_namespace").length;
  if (!pairs || !missing) return null;
  return { lack: "no_namespaces", text: `${counted(missing, "namespace")} ${missing === 1 ? "has" : "have"} no manifest; ${missing === 1 ? "its" : "their"} labels are unknown, so ${counted(pairs, "verdict")} ${pairs === 1 ? "is" : "are"} UNKNOWN.` };
}
