// The bar above everything: how much was read, what is assumed, and where to download it.
import { el, fill } from "./dom.js";
import { control } from "./page.js";

/** @param {import("./types.js").Summary} summary @param {string[][]} switches */
export function showTopbar(summary, switches) {
  const skipped = Object.entries(summary.counts.skipped_kinds);
  const name = summary.name || "Workspace";
  control("workspace-name").textContent = name;
  document.title = `${name} · netpolmap`;
  fill(control("facts"),
    el("span", {}, el("b", {}, summary.workloads), ` ${summary.workloads === 1 ? "workload" : "workloads"}`),
    el("span", {}, el("b", {}, summary.policies), ` ${summary.policies === 1 ? "policy" : "policies"}`),
    el("span", {}, el("b", {}, summary.counts.documents_read), " documents read"),
    skipped.length > 0 && el("span", { title: skipped.map(([kind, count]) => `${kind}: ${count}`).join(", ") }, el("b", {}, skipped.reduce((sum, [, count]) => sum + count, 0)), " skipped"),
    summary.counts.not_understood > 0 && el("span", { class: "bad" }, el("b", {}, summary.counts.not_understood), " not understood"));
  control("assumed").hidden = !switches.length;
  control("assumed").textContent = `Assumes: ${switches.map(([switched, value]) => `${switched?.replaceAll("_", " ")} ${value}`).join(", ")}`;
}

/** Downloads hold what is shown; the JSON is the whole answer. @param {import("./session.js").Session} session */
export function linkExports(session) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-export]"))) {
    link.href = session.address(`export/${link.dataset["export"]}`, link.dataset["export"] === "json" ? [] : session.scope());
  }
}
