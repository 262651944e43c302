// The list of policies at the left: a filter, an order, and a row for each with a box that switches it off.
import { el, fill, icon } from "./dom.js";
import { changesText, filtered, grouped, homeText, MARKS, marksOf, selectsText, spokenRow } from "./policywords.js";
import { setUpChoices } from "./tabs.js";
import { counted } from "./words.js";

/** @typedef {import("./policywords.js").PolicyRow} PolicyRow */
/**
 * @typedef {object} Actions
 * @property {(id: string) => void} onPolicy @property {(id: string, on: boolean) => void} onSwitch @property {() => void} onClose
 */

const ROWS_AT_ONCE = 200;
const WAYS = { ingress: "In", egress: "Out" };

export class Rail {
  /** @param {HTMLElement} host @param {Actions} actions */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    /** @type {PolicyRow[]} */ this.rows = [];
    this.counted = true;
    this.filter = "";
    /** @type {import("./policywords.js").Order} */ this.order = "name";
    this.shown = ROWS_AT_ONCE;
    this.chosen = "";
    this.filterBox = el("input", { type: "search", class: "field", placeholder: "Filter: shop adds nothing …", "aria-label": "Filter the policies", "data-testid": "policy-filter", oninput: () => this.#refilter() });
    this.count = el("p", { class: "quiet", role: "status", "data-testid": "policy-count" });
    this.orders = el("div", { class: "segmented", role: "radiogroup", "aria-label": "Order", "data-testid": "policy-order" },
      [["name", "By name"], ["changes", "By changes"]].map(([value = "", words = ""]) => el("button", { type: "button", role: "radio", "data-value": value, "data-testid": `policy-order-${value}` }, words)));
    this.list = el("div", { class: "policy-groups", "data-testid": "policy-list" });
    this.showOrder = setUpChoices(this.orders, (order) => this.#reorder(order));
    this.showOrder(this.order);
    fill(host,
      el("header", { class: "rail-head" },
        el("div", { class: "rail-title" }, el("h2", {}, "Policies"), el("button", { type: "button", class: "icon-button", "aria-label": "Close the list of policies", "data-testid": "rail-close", onclick: () => actions.onClose() }, icon("close"))),
        this.filterBox, el("div", { class: "rail-order" }, this.orders, this.count)),
      this.list);
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("change", (event) => this.#switch(event));
    this.list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {PolicyRow[]} rows @param {boolean} counted_ whether all changes were counted */
  show(rows, counted_) {
    this.rows = rows;
    this.counted = counted_;
    this.#draw();
  }

  /** @param {string} message why there is no list */
  refuse(message) {
    fill(this.list, el("p", { class: "notice" }, message));
  }

  /** @param {string} id "" for none */
  select(id) {
    this.chosen = id;
    for (const row of this.#items()) {
      if (row.dataset["policy"] === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("li[data-policy]")]);
  }

  #draw() {
    const held = this.#held();
    const rows = filtered(this.rows, this.filter);
    let left = this.shown;
    fill(this.list,
      grouped(rows, this.order).map(({ title, rows: members }) => {
        const some = members.slice(0, Math.max(0, left));
        left -= some.length;
        return some.length > 0 && el("section", { class: "policy-group", "aria-label": title || "All policies" }, title && el("h3", {}, title, el("span", { class: "count" }, members.length)), el("ul", {}, some.map((row) => this.#row(row))));
      }),
      rows.length > this.shown && el("button", { type: "button", class: "button small more", "data-testid": "policies-more", onclick: () => this.#more() }, `Show more of ${rows.length.toLocaleString("en")}`),
      !this.rows.length && el("p", { class: "quiet" }, "There is no policy: everything is open."));
    this.count.textContent = [rows.length === this.rows.length ? counted(rows.length, "policy", "policies") : `${rows.length.toLocaleString("en")} of ${counted(this.rows.length, "policy", "policies")}`, this.counted ? "" : "not all counted"].filter(Boolean).join(", ");
    this.select(this.chosen);
    this.#setStop(held.policy || this.chosen);
    if (held.policy) this.#focus(held.policy, held.box);
  }

  /** @param {PolicyRow} row */
  #row(row) {
    return el("li", { class: `policy-row${row.on ? "" : " off"}`, "data-policy": row.id, "data-changes": row.changes, "data-marks": row.marks.join(" ") },
      el("label", { class: "policy-box", title: row.on ? "Included in the evaluation: uncheck to see what it changes" : "Switched off: check to include it again" },
        el("input", { type: "checkbox", checked: row.on, tabindex: -1, "aria-label": `Include ${row.kind} ${row.name}${row.namespace ? ` of ${row.namespace}` : ""}` })),
      el("button", { type: "button", class: "policy-name", tabindex: -1, "aria-label": spokenRow(row), title: row.id },
        el("span", { class: "name" }, row.name),
        (this.order === "changes" || !row.namespace) && el("small", {}, homeText(row)),
        el("span", { class: "policy-facts" }, row.directions.map((way) => el("span", { class: "way" }, WAYS[way])), selectsText(row) && el("span", {}, selectsText(row)), el("span", { class: "changes" }, changesText(row))),
        marksOf(row).length > 0 && el("span", { class: "policy-marks" }, marksOf(row).map((mark) => el("span", { class: `mark ${mark}` }, icon(MARKS[mark][0]), MARKS[mark][1])))));
  }

  /** @returns {{policy: string, box: boolean}} the row that has the keyboard's focus */
  #held() {
    const element = document.activeElement;
    const row = element instanceof HTMLElement && this.list.contains(element) ? element.closest("li") : null;
    return { policy: row?.dataset["policy"] ?? "", box: element instanceof HTMLInputElement };
  }

  /** One row is reached by Tab, the others by arrows. @param {string} id */
  #setStop(id) {
    const items = this.#items();
    const stop = items.find((item) => item.dataset["policy"] === id) ?? items[0];
    for (const item of items) for (const control of /** @type {NodeListOf<HTMLElement>} */ (item.querySelectorAll("button, input"))) control.tabIndex = item === stop ? 0 : -1;
  }

  /** @param {string} id @param {boolean} box */
  #focus(id, box) {
    const item = this.#items().find((row) => row.dataset["policy"] === id);
    /** @type {HTMLElement | null | undefined} */ (item?.querySelector(box ? "input" : "button"))?.focus({ preventScroll: true });
  }

  #refilter() {
    this.filter = this.filterBox.value;
    this.shown = ROWS_AT_ONCE;
    this.#draw();
  }

  /** @param {string} order */
  #reorder(order) {
    this.order = order === "changes" ? "changes" : "name";
    this.showOrder(this.order);
    this.shown = ROWS_AT_ONCE;
    this.#draw();
  }

  #more() {
    const last = this.#items().at(-1)?.dataset["policy"] ?? "";
    this.shown += ROWS_AT_ONCE;
    this.#draw();
    const items = this.#items();
    const next = items[items.findIndex((item) => item.dataset["policy"] === last) + 1]?.dataset["policy"] ?? last;
    this.#setStop(next);
    this.#focus(next, false);
  }

  /** @param {Event} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button.policy-name") : null;
    const id = button?.closest("li")?.dataset["policy"];
    if (!id) return;
    this.#setStop(id);
    this.actions.onPolicy(id);
  }

  /** @param {Event} event */
  #switch(event) {
    const box = event.target;
    const id = box instanceof HTMLInputElement ? box.closest("li")?.dataset["policy"] : "";
    if (!id || !(box instanceof HTMLInputElement)) return;
    this.#setStop(id);
    this.actions.onSwitch(id, box.checked);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { policy, box } = this.#held();
    const items = this.#items();
    const index = items.findIndex((item) => item.dataset["policy"] === policy);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    const id = to === undefined ? "" : (items[to]?.dataset["policy"] ?? "");
    if (index < 0 || !id) return;
    event.preventDefault();
    this.#setStop(id);
    this.#focus(id, box);
    items[to ?? 0]?.scrollIntoView({ block: "nearest" });
  }
}
