// Tabs and segmented switches: one of several buttons is on.

/** @type {Record<string, string>} how a group of that role says which one is on */
const ATTRIBUTES = { tablist: "aria-selected", radiogroup: "aria-checked" };

/**
 * Buttons with `data-value` inside a group; arrows move, as in a radio group or a tab list.
 * @param {HTMLElement} group @param {(value: string) => void} onChoose
 * @returns {(value: string) => void} shows a value without telling
 */
export function setUpChoices(group, onChoose) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...group.querySelectorAll("button[data-value]")]);
  const attribute = ATTRIBUTES[group.getAttribute("role") ?? ""] ?? "aria-expanded";
  const show = (/** @type {string} */ value) => {
    for (const button of buttons) {
      const on = button.dataset["value"] === value;
      button.setAttribute(attribute, String(on));
      button.tabIndex = on ? 0 : -1;
    }
  };
  group.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-value]") : null;
    if (button instanceof HTMLButtonElement) onChoose(button.dataset["value"] ?? "");
  });
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
    const index = buttons.findIndex((button) => button === document.activeElement);
    if (!step || index < 0) return;
    event.preventDefault();
    const other = buttons[(index + step + buttons.length) % buttons.length];
    other?.focus();
    onChoose(other?.dataset["value"] ?? "");
  });
  return show;
}
