// The rules that decide one end of a path, in few words. Pure.

/** @typedef {import("./types.js").Decider} Decider */
const MOST = 3;

/** "shop/web rule 1"; of many the first. @param {Decider[] | undefined} rules */
export function rulesText(rules) {
  if (!rules) return "";
  const more = rules.length - MOST;
  return rules.slice(0, MOST).map((rule) => rule.text).join("; ") + (more > 0 ? ` and ${more} more` : "");
}
