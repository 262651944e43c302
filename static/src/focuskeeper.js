// The keyboard's focus stays near when the control that had it is removed, hidden or disabled: a browser would drop it
// to <body>, and the next Tab would start at the top of the page.

const HEADING = ':is(h2, h3)[tabindex="-1"]';
const STOP = 'button:enabled:not([tabindex="-1"]), summary, a[href], [tabindex="0"]';

/** @typedef {HTMLElement | SVGElement} Control */

/** @param {Element} element */
const isThere = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");

/** @param {Element} place @param {string} what @returns {Control | undefined} */
const firstIn = (place, what) => /** @type {Control[]} */ ([...place.querySelectorAll(what)]).find(isThere);

/** The elements around one, the nearest first, up to <main>. @param {Element} element @returns {Element[]} */
function placesAround(element) {
  const around = element.parentElement;
  return !around || around.matches("main, body") ? [] : [around, ...placesAround(around)];
}

/** Where the focus lands in a place: on its heading, on itself, on its first control. @param {Element} place */
function landingIn(place) {
  return firstIn(place, HEADING) ?? (place.matches("[tabindex]") ? /** @type {Control} */ (place) : firstIn(place, STOP));
}

/** Watch the focus of this page from now on. @param {HTMLElement} main where the focus goes when no place is left */
export function keepFocus(main) {
  /** what had the focus last; null once a person has left it @type {Element | null} */ let last = null;
  /** @type {Element[]} */ let places = [];
  const check = () => {
    if (!last || document.activeElement !== document.body) return;
    const gone = !isThere(last);
    last = null; // one move at most for each loss; left by a click on empty ground, it is no longer of interest
    if (gone) (places.filter(isThere).map(landingIn).find(Boolean) ?? firstIn(main, STOP))?.focus();
  };
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return; // the editor's shadow root is told as its host
    last = target;
    const dialog = target.closest("dialog"); // which leaves one where it was opened
    places = [...placesAround(target), ...(dialog ? places.filter((place) => !dialog.contains(place)) : [])];
  });
  document.addEventListener("focusout", ({ relatedTarget }) => void (relatedTarget || requestAnimationFrame(check)));
  document.addEventListener("keydown", check, true); // some browsers tell nothing of a removed element
}
