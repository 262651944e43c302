// From one picture to the next: cards glide from where they stood to where they stand, lines fade in when they are there.
// Nothing moves for those who prefer it so.

const GLIDE_MS = 240;
const FADE_MS = 160;
const MOST = 450;
const EASING = "cubic-bezier(0.2, 0, 0, 1)";

/** @typedef {{left: number, top: number}} Corner of a card or a box on the screen */

/** Whether pictures may move. */
export function moves() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches && document.visibilityState === "visible";
}

/** What a node or a box is known by, in this picture and the next. @param {SVGElement} element */
export function nameOf(element) {
  const { node, side, namespace } = element.dataset;
  return node ? `${node} ${side ?? ""}` : `box:${namespace}`;
}

/** Where all cards and boxes are on the screen. @param {Element} content @returns {Map<string, Corner>} */
export function cornersOf(content) {
  const elements = /** @type {NodeListOf<SVGElement>} */ (content.querySelectorAll("g[data-node], g[data-namespace]"));
  return new Map([...elements].map((element) => [nameOf(element), element.getBoundingClientRect()]));
}

/**
 * Let everything glide from where it was. What is new grows out of the card that stood for it, or fades in.
 * @param {SVGElement} svg @param {Element} content @param {Map<string, Corner>} before @param {number} scale
 * @param {(element: SVGElement) => string} origin the name of the card that stood for a new one
 */
export function glide(svg, content, before, scale, origin) {
  const elements = /** @type {SVGElement[]} */ ([...content.querySelectorAll("g[data-node], g[data-namespace]")]);
  if (!moves() || elements.length > MOST) return;
  const timing = { duration: GLIDE_MS, easing: EASING };
  const steps = elements.flatMap((element) => {
    const old = before.get(nameOf(element));
    const from = old ?? before.get(origin(element));
    const now = element.getBoundingClientRect();
    const [x, y] = from ? [(from.left - now.left) / scale, (from.top - now.top) / scale] : [0, 0];
    return Math.abs(x) + Math.abs(y) > 0.5 || !old ? [{ element, x, y, isNew: !old }] : [];
  });
  if (!steps.length) return;
  svg.classList.add("shifting");
  for (const { element, x, y, isNew } of steps) {
    element.animate([{ transform: `translate(${x}px, ${y}px)`, ...(isNew && { opacity: 0 }) }, { transform: "none", ...(isNew && { opacity: 1 }) }], timing);
  }
  setTimeout(() => {
    svg.classList.remove("shifting");
    for (const lines of content.querySelectorAll("g.lines")) lines.animate([{ opacity: 0 }, { opacity: 1 }], FADE_MS);
  }, GLIDE_MS);
}
