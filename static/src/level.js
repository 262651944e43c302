// The level of a folded picture: how much of it is unfolded, and the two ways out.
import { el, fill } from "./dom.js";
import { counted } from "./words.js";

/**
 * @param {HTMLElement} host @param {import("./types.js").Scene} scene
 * @param {{onAll: () => void, onNone: () => void}} actions
 */
export function showLevel(host, scene, { onAll, onNone }) {
  const unfolded = scene.namespaces.filter((each) => each.foldable).length;
  const groups = scene.nodes.filter((node) => node.type === "group").length;
  host.hidden = scene.level !== "namespaces";
  if (host.hidden) return fill(host);
  const told = [unfolded > 0 && `${unfolded} unfolded`, groups > 0 && counted(groups, "group")].filter(Boolean);
  const focused = document.activeElement instanceof HTMLElement && host.contains(document.activeElement) ? document.activeElement.dataset["testid"] : "";
  const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {boolean} */ off, /** @type {() => void} */ onclick) =>
    el("button", { type: "button", class: "button small", "data-testid": name, "aria-disabled": off ? "true" : null, onclick: () => off || onclick() }, text);
  fill(host,
    el("span", { "data-testid": "level-words" }, el("b", {}, counted(scene.namespaces.length, "namespace")), ...told.map((text) => ` · ${text}`)),
    button("expand-all", "Expand all", unfolded === scene.namespaces.length, onAll),
    button("fold-all", "Fold all", !unfolded, onNone));
  if (focused) /** @type {HTMLElement | null} */ (host.querySelector(`[data-testid="${focused}"]`))?.focus();
}
