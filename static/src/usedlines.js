// The lines that an answer rests on, from its steps. Pure.

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {{source: Source, allows: boolean}} UsedLine */

/** @param {Answer | null} answer @param {string} file @returns {UsedLine[]} each line once; of a step without a rule the policies that made it */
export function usedLines(answer, file) {
  /** @type {Map<string, UsedLine>} */ const found = new Map();
  for (const part of answer ? [answer, ...(answer.parts ?? [])] : []) {
    for (const side of [part.egress, part.ingress]) {
      for (const { source, policies = [], action } of side?.steps ?? []) {
        const allows = action === "Allow" || action === "Accept";
        for (const place of source ? [source] : policies.map((policy) => policy.source)) {
          if (place?.file === file) found.set(`${place.document} ${place.line}`, { source: place, allows });
        }
      }
    }
  }
  return [...found.values()];
}
