// The lines of the picture as the page sees them: one for a pair, or one for several pairs that are alike.

/** @typedef {import("./types.js").Scene} Scene */
/**
 * @typedef {object} Line
 * @property {SVGGElement} element @property {SVGGElement | null} pill its label, drawn above all lines
 * @property {string} name unique in the picture; "SRC>DST" for a single pair
 * @property {string} bundle "TAIL>HEAD" of a line for several pairs, else ""
 * @property {string[]} tails @property {string[]} heads ids of the nodes at its ends
 * @property {string} verdict
 */

/** All lines of a drawing, with the nodes at their ends. @param {Element} root @param {Scene} scene @returns {Line[]} */
export function linesOf(root, scene) {
  const pairs = new Map(scene.edges.map((edge) => [`${edge.source}>${edge.destination}`, edge]));
  const elements = /** @type {NodeListOf<SVGGElement>} */ (root.querySelectorAll("g.edge"));
  const pills = new Map([.../** @type {NodeListOf<SVGGElement>} */ (root.querySelectorAll("g.pill"))].map((pill) => [pill.dataset["line"], pill]));
  return [...elements].map((element, index) => {
    const { edge = "", bundle = "", open = "", verdict = "" } = element.dataset;
    const pair = pairs.get(edge);
    const [tails, heads] = pair ? [[pair.source], [pair.destination]] : open ? [[open], ["everything"]] : endsOf(bundle, scene);
    return { element, pill: pills.get(element.dataset["line"]) ?? null, name: edge || `${bundle || open}#${index}`, bundle, tails, heads, verdict };
  });
}

/** The nodes at the ends of a bundle: "shop/*" stands for all of a namespace. @param {string} bundle @param {Scene} scene @returns {[string[], string[]]} */
export function endsOf(bundle, scene) {
  const middle = splitAt(bundle, scene);
  return [membersOf(bundle.slice(0, middle), scene), membersOf(bundle.slice(middle + 1), scene)];
}

/** The rows that a bundle stands for. @param {string} bundle @param {Scene} scene @returns {import("./types.js").SceneEdge[]} */
export function rowsOf(bundle, scene) {
  const [tails, heads] = endsOf(bundle, scene).map((ids) => new Set(ids));
  return scene.edges.filter((edge) => edge.drawn && tails?.has(edge.source) && heads?.has(edge.destination));
}

/** @param {string} end @param {Scene} scene */
function membersOf(end, scene) {
  if (scene.nodes.some((node) => node.id === end)) return [end];
  const namespace = end.replace(/\/\*$/, "");
  return scene.nodes.filter((node) => node.namespace === namespace && node.type !== "external").map((node) => node.id);
}

/** Where the two ends meet: a ">" with something known at both sides (a hostile name may hold one too). @param {string} bundle @param {Scene} scene */
function splitAt(bundle, scene) {
  for (let at = bundle.indexOf(">"); at >= 0; at = bundle.indexOf(">", at + 1)) {
    if (membersOf(bundle.slice(0, at), scene).length && membersOf(bundle.slice(at + 1), scene).length) return at;
  }
  return bundle.indexOf(">");
}
