// Runs before the first paint: takes the theme that was chosen in this browser, else the system's.
import { applyTheme, storedTheme } from "./themes.js";

applyTheme(storedTheme());
