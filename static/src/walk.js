// Where the arrow keys lead in the diagram: from a workload along its lines to the next one, or to its neighbour
// in the picture. Pure: positions and ends in, a name out.

/** @typedef {{id: string, x: number, y: number}} Spot the middle of a node */
/** @typedef {{name: string, tails: string[], heads: string[]}} Ends a line and the nodes at its two ends */
/** @typedef {"ArrowUp" | "ArrowDown"} Vertical */

/**
 * The lines at one end of a node, from top to bottom by their other end.
 * @template {Ends} L
 * @param {L[]} lines @param {Spot[]} spots @param {string} id @param {"out" | "in"} way @returns {L[]}
 */
export function linesAt(lines, spots, id, way) {
  const height = new Map(spots.map((spot) => [spot.id, spot.y]));
  const here = (/** @type {L} */ line) => (way === "out" ? line.tails : line.heads);
  const there = (/** @type {L} */ line) => (way === "out" ? line.heads[0] : line.tails[0]) ?? "";
  return lines
    .filter((line) => here(line).includes(id))
    .sort((a, b) => (height.get(there(a)) ?? 0) - (height.get(there(b)) ?? 0) || a.name.localeCompare(b.name));
}

/**
 * The nearest node above or below; "" at the rim. Sideways distance counts twice.
 * @param {Spot[]} spots @param {string} id @param {Vertical} key
 */
export function nearest(spots, id, key) {
  const from = spots.find((spot) => spot.id === id);
  if (!from) return spots[0]?.id ?? "";
  const sign = key === "ArrowDown" ? 1 : -1;
  let best = "";
  let least = Infinity;
  for (const spot of spots) {
    const ahead = (spot.y - from.y) * sign;
    const cost = ahead + 2 * Math.abs(spot.x - from.x);
    if (ahead > 1 && cost < least) [best, least] = [spot.id, cost];
  }
  return best;
}

const WAYS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] });

/** The nearest node in any of the four directions; "" at the rim. Sideways distance counts twice. @param {Spot[]} spots @param {string} id @param {string} key */
export function towards(spots, id, key) {
  const from = spots.find((spot) => spot.id === id);
  const [right, down] = WAYS[key] ?? [0, 0];
  if (!from) return "";
  let best = "";
  let least = Infinity;
  for (const spot of spots) {
    const [dx, dy] = [spot.x - from.x, spot.y - from.y];
    const ahead = dx * right + dy * down;
    const cost = ahead + 2 * Math.abs(dx * down + dy * right);
    if (ahead > 1 && cost < least) [best, least] = [spot.id, cost];
  }
  return best;
}

/**
 * The item after (or before) the current one, round and round.
 * @template T
 * @param {T[]} items @param {T | undefined} current @param {1 | -1} step @returns {T | undefined}
 */
export function next(items, current, step) {
  if (!items.length) return undefined;
  const index = current === undefined ? -1 : items.indexOf(current);
  if (index < 0) return step > 0 ? items[0] : items[items.length - 1];
  return items[(index + step + items.length) % items.length];
}
