// Light, dark, or as the system has it. The choice is kept in this browser only.

/** @typedef {"light" | "dark" | "system"} Theme */

const KEY = "netpolmap.theme";

/** The theme that was chosen here; "system" if none was, or if storage is refused. @returns {Theme} */
export function storedTheme() {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

/** Show a theme without keeping it. @param {Theme} theme */
export function applyTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Show a theme and keep it. @param {Theme} theme */
export function chooseTheme(theme) {
  applyTheme(theme);
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // storage may be refused; the theme then lasts as long as the page
  }
}

/** What is seen now, whoever chose it. @returns {"light" | "dark"} */
export function shownTheme() {
  const chosen = storedTheme();
  if (chosen !== "system") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
