// 1, 2, 3 switch between the views while the focus is in one of them; in the field of a form they are digits.

const VIEWS = /** @type {const} */ ({ 1: "diagram", 2: "matrix", 3: "table" });

/**
 * @param {HTMLElement[]} hosts of the views @param {(view: "diagram" | "matrix" | "table") => void} onView
 */
export function listenToViewKeys(hosts, onView) {
  for (const host of hosts) {
    host.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]")) return;
      const view = VIEWS[/** @type {"1"} */ (event.key)];
      if (!view) return;
      event.preventDefault();
      onView(view);
    });
  }
}
