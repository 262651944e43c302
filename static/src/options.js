// What the question row's two fields offer, by the names that people use.
import { placeOf, shortName } from "./words.js";

const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * What the two fields offer: workloads and addresses at both ends, Services as destinations, and namespaces to look at. Pure.
 * @param {import("./types.js").Names} names @returns {Record<"peers" | "services" | "spaces", import("./combobox.js").Option[]>}
 */
export function optionsOf({ workloads, externals, services }) {
  const named = (/** @type {string[]} */ ids, /** @type {string} */ kind) => {
    /** @type {Map<string, number>} */ const times = new Map();
    for (const id of ids) times.set(shortName(id), (times.get(shortName(id)) ?? 0) + 1);
    const label = (/** @type {string} */ id) => ((times.get(shortName(id)) ?? 0) > 1 ? `${placeOf(id).split(" · ")[0]}/${shortName(id)}` : shortName(id)) + kind;
    return ids.map((id) => ({ value: id, label: label(id), hint: placeOf(id) })).sort((a, b) => compare(a.label, b.label));
  };
  const spaces = [...new Set(workloads.map((id) => id.split("/")[0] ?? ""))].map((name) => ({ value: `ns:${name}`, label: `${name} (namespace)`, hint: "show only it" }));
  const addresses = externals.map((id) => ({ value: id, label: id, hint: "addresses" }));
  return { peers: [...named(workloads, ""), ...addresses], spaces, services: named(services, " (Service)") };
}
