// What every page has: the theme switch and the buttons that copy.
import { chooseTheme, shownTheme } from "./themes.js";

/** The one element with that test id. @param {string} name @param {ParentNode} [within] @returns {HTMLElement} */
export function control(name, within = document) {
  const found = within.querySelector(`[data-testid="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`The page lacks its control ${name}.`);
  return found;
}

function setUpThemeSwitch() {
  const button = document.querySelector('[data-testid="theme-switch"]');
  if (!(button instanceof HTMLElement)) return;
  const show = () => {
    const other = shownTheme() === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Use the ${other} theme`);
    button.title = `Use the ${other} theme`;
  };
  button.addEventListener("click", () => {
    chooseTheme(shownTheme() === "dark" ? "light" : "dark");
    show();
  });
  show();
}

function setUpCopyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", () => void copyFrom(/** @type {HTMLElement} */ (button)));
  }
}

/** Copy the text that a button names (`data-copy`). @param {HTMLElement} button */
export async function copyFrom(button) {
  const source = document.getElementById(button.dataset.copy ?? "");
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(source?.textContent?.trim() ?? "");
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(source ?? button);
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (button.textContent = before), 1600);
}

/** A menu closes when something else is clicked, on Escape, and when one of its items was chosen. */
function setUpMenus() {
  const menus = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"));
  for (const menu of menus) {
    document.addEventListener("click", (event) => {
      const inside = event.target instanceof Element && event.target.closest("summary") && menu.contains(event.target);
      if (!inside) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
}

setUpThemeSwitch();
setUpCopyButtons();
setUpMenus();
