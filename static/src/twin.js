// The accessible twin of the diagram: tables of workloads and of paths that are always in the document.
import { csvOf, markdownOf } from "./copies.js";
import { DecidingRules } from "./deciders.js";
import { el, fill, icon } from "./dom.js";
import { rulesText } from "./rules.js";
import { counted, placeOf, shortName, tellPorts, verdictWords } from "./words.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").SceneEdge} SceneEdge */
export const ROWS_A_PAGE = 1500;
const ROWS_UNSEEN = 150; // while the table is there for screen readers alone: each row costs time in every layout
const COLUMNS = /** @type {const} */ ([
  ["source", "From"],
  ["destination", "To"],
  ["ports_text", "Ports"],
  ["verdict", "Verdict"],
]);
/** They come row by row, so they cannot be sorted by. */
const RULE_COLUMNS = ["Source rule", "Destination rule"];
/** Copies of longer tables go without rules: they would take too long to ask for. */
const MOST_RULES_COPIED = 600;

/**
 * The rows that a filter leaves, in order. Pure.
 * @param {SceneEdge[]} edges @param {string} filter words that must all occur @param {{by: string, down: boolean}} order
 */
export function arrange(edges, filter, order) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (/** @type {SceneEdge} */ edge) =>
    `${edge.source} ${edge.destination} ${edge.pairs ? edge.label : ""} ${edge.ports_text} ${verdictWords(edge.verdict, edge.blocked_at)} ${edge.reasons.join(" ")}`.toLowerCase();
  const rows = words.length ? edges.filter((edge) => words.every((word) => textOf(edge).includes(word))) : [...edges];
  if (!order.by) return rows;
  const key = (/** @type {any} */ edge) => String(edge[order.by]);
  return rows.sort((a, b) => key(a).localeCompare(key(b), "en", { numeric: true }) * (order.down ? -1 : 1));
}

export class Twin {
  /**
   * @param {HTMLElement} host @param {(from: string, to: string) => void} onEdge @param {(id: string) => void} onNode
   * @param {import("./session.js").Session} session @param {(text: string) => void} say
   */
  constructor(host, onEdge, onNode, session, say) {
    this.say = say;
    this.rules = new DecidingRules(session, (name, rules) => this.#showRules(name, rules));
    /** the paths of the blast radius, while one is shown @type {Set<string> | null} */ this.hops = null;
    this.host = host;
    this.onEdge = onEdge;
    this.onNode = onNode;
    this.filter = "";
    this.order = { by: "", down: false };
    this.page = 0;
    this.visible = false;
    /** @type {Scene | null} */ this.scene = null;
    this.chosen = "";
    /** something else marks the rows @type {(host: HTMLElement) => void} */ this.onRows = () => {};
    this.filterBox = el("input", {
      type: "search", class: "field", placeholder: "Filter: frontend blocked 5432 …", "aria-label": "Filter the table", "data-testid": "table-filter",
      oninput: () => this.#refilter(),
    });
    this.count = el("p", { class: "quiet", "data-testid": "table-count" });
    this.body = el("tbody");
    this.copies = el("span", { class: "copies" },
      el("button", { type: "button", class: "button small", "data-testid": "copy-csv", onclick: () => void this.#copy("CSV") }, icon("copy"), "CSV"),
      el("button", { type: "button", class: "button small", "data-testid": "copy-markdown", onclick: () => void this.#copy("Markdown") }, icon("copy"), "Markdown"));
    this.headings = el("tr");
    this.pager = el("nav", { class: "pager", "aria-label": "Pages of the table" });
    this.nodeBody = el("tbody");
    fill(host, this.#paths(), this.#workloads());
    host.addEventListener("click", (event) => this.#choose(event.target));
    host.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Scene} scene */
  show(scene) {
    const focused = this.host.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).closest("tbody tr") : null;
    const { edge, node } = focused instanceof HTMLElement ? focused.dataset : {};
    this.scene = scene;
    this.page = 0;
    this.#drawNodes();
    this.#drawRows();
    if (!focused) return;
    const rows = /** @type {HTMLElement[]} */ ([...this.host.querySelectorAll("tbody tr")]);
    const again = rows.find((row) => row.dataset["edge"] === edge && row.dataset["node"] === node);
    for (const row of rows) if (again && row.parentElement === again.parentElement) row.tabIndex = row === again ? 0 : -1;
    again?.focus({ preventScroll: true });
  }

  /** Rows are reached by Tab only where they are seen. @param {boolean} visible */
  setVisible(visible) {
    const changes = this.visible !== visible && (this.scene?.edges.length ?? 0) > ROWS_UNSEEN;
    this.visible = visible;
    if (changes) this.#drawRows();
    this.host.classList.toggle("visually-hidden", !visible);
    this.filterBox.tabIndex = visible ? 0 : -1;
    for (const control of this.host.querySelectorAll("button")) control.tabIndex = visible ? 0 : -1;
    this.#setStops();
  }

  /** The rules that were told are void. */
  forget() {
    this.rules.forget();
  }

  /** Only the paths of the blast radius; null for all. @param {Set<string> | null} hops */
  follow(hops) {
    const name = (/** @type {Set<string> | null} */ set) => (set ? [...set].sort().join() : "");
    if (name(hops) === name(this.hops)) return;
    this.hops = hops;
    this.page = 0;
    this.#drawRows();
  }

  /** Point at rows and hide nothing. @param {Set<string>} ids of workloads @param {Set<string>} paths as "SRC>DST" */
  mark(ids, paths) {
    const nodes = new Map((this.scene?.nodes ?? []).map((node) => [node.id, node.members]));
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.host.querySelectorAll("tbody tr"))) {
      const { edge = "", node = "" } = row.dataset;
      row.classList.toggle("found", paths.has(edge) || ids.has(node) || (nodes.get(node) ?? []).some((id) => ids.has(id)));
    }
  }

  /** @param {string} name "SRC>DST" or the id of a node */
  select(name) {
    this.chosen = name;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.host.querySelectorAll("tbody tr"))) {
      if ((row.dataset["edge"] ?? row.dataset["node"]) === name) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #paths() {
    return el("section", { class: "twin-part", "aria-labelledby": "paths-heading" },
      el("div", { class: "twin-head" }, el("h2", { id: "paths-heading" }, "Paths"), this.count, this.copies, this.filterBox),
      el("table", { class: "grid", "data-testid": "edges-table" },
        el("caption", { class: "visually-hidden" }, "Paths between workloads, and what policies say of each"),
        el("thead", {}, this.headings), this.body),
      this.pager);
  }

  #workloads() {
    const heads = ["Workload", "Namespace · kind", "Isolated for", "Pods", "Marks"].map((name) => el("th", { scope: "col" }, name));
    return el("section", { class: "twin-part", "aria-labelledby": "nodes-heading" },
      el("div", { class: "twin-head" }, el("h2", { id: "nodes-heading" }, "Workloads and address ranges")),
      el("table", { class: "grid", "data-testid": "nodes-table" },
        el("caption", { class: "visually-hidden" }, "Workloads and address ranges of the diagram"),
        el("thead", {}, el("tr", {}, heads)), this.nodeBody));
  }

  #drawHeadings() {
    fill(this.headings, COLUMNS.map(([by, title]) => {
      const sorted = this.order.by === by ? (this.order.down ? "descending" : "ascending") : "none";
      const button = el("button", { type: "button", class: "sort", tabindex: this.visible ? 0 : -1, onclick: () => this.#sort(by) }, title, icon(sorted === "none" ? "sort" : sorted === "ascending" ? "up" : "down"));
      return el("th", { scope: "col", "aria-sort": sorted }, button);
    }), RULE_COLUMNS.map((title) => el("th", { scope: "col" }, title)));
  }

  #drawRows() {
    const edges = this.scene?.edges ?? [];
    const rows = this.#rows();
    const each = this.visible ? ROWS_A_PAGE : ROWS_UNSEEN;
    const pages = Math.max(1, Math.ceil(rows.length / each));
    this.page = Math.min(this.page, pages - 1);
    this.#drawHeadings();
    fill(this.body, rows.slice(this.page * each, (this.page + 1) * each).map((edge) => this.#row(edge)));
    this.count.textContent = rows.length === edges.length ? counted(rows.length, "row") : `${rows.length} of ${counted(edges.length, "row")}`;
    fill(this.pager, pages > 1 && [
      el("button", { type: "button", class: "button small", disabled: this.page === 0, onclick: () => this.#turn(-1) }, "Previous"),
      el("span", {}, `Page ${this.page + 1} of ${pages}`),
      el("button", { type: "button", class: "button small", disabled: this.page === pages - 1, onclick: () => this.#turn(1) }, "Next"),
    ]);
    this.select(this.chosen);
    this.#setStops();
    this.onRows(this.host);
  }

  /** The rows that are shown, on all pages. */
  #rows() {
    const { hops } = this;
    const edges = this.scene?.edges ?? [];
    return arrange(hops ? edges.filter((edge) => hops.has(`${edge.source}>${edge.destination}`)) : edges, this.filter, this.order);
  }

  /** @param {"CSV" | "Markdown"} form */
  async #copy(form) {
    const rows = this.#rows();
    const pairs = rows.filter((edge) => !edge.pairs).map((edge) => /** @type {[string, string]} */ ([edge.source, edge.destination]));
    if (pairs.length <= MOST_RULES_COPIED) await this.rules.all(pairs).catch(() => null);
    const rulesOf = (/** @type {string} */ name) => this.rules.known.get(name);
    const text = form === "CSV" ? csvOf(rows, rulesOf) : markdownOf(rows, rulesOf);
    const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    const left = pairs.length > MOST_RULES_COPIED ? " Without the rules: there are too many rows." : "";
    this.say(done ? `${counted(rows.length, "row")} copied as ${form}.${left}` : "The browser does not let this page copy.");
  }

  /** @param {string} name @param {import("./types.js").Deciders} rules */
  #showRules(name, rules) {
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll("tr[data-source]"))) {
      if (row.dataset["edge"] !== name) continue;
      const cells = row.querySelectorAll(".rules");
      for (const [index, end] of /** @type {const} */ (["egress", "ingress"]).entries()) if (cells[index]) cells[index].textContent = rulesText(rules[end]) || "–";
    }
  }

  /** @param {SceneEdge} edge */
  #row(edge) {
    const name = `${edge.source}>${edge.destination}`;
    const row = el("tr", { "data-edge": name, "data-verdict": edge.verdict, "data-blocked-at": edge.blocked_at || null, tabindex: -1 },
      el("td", {}, nameCell(edge.source)),
      el("td", {}, nameCell(edge.destination)),
      el("td", { class: "ports" }, edge.ports_text ? tellPorts(edge) : edge.verdict === "unknown" ? edge.reasons.join(", ") : "–"),
      el("td", {}, el("span", { class: `verdict ${edge.verdict}` }, icon(edge.verdict), verdictWords(edge.verdict, edge.blocked_at))),
      el("td", { class: "rules" }, edge.pairs ? "–" : "…"), el("td", { class: "rules" }, edge.pairs ? "–" : "…"));
    if (!edge.pairs) this.rules.watch(row, edge.source, edge.destination);
    return row;
  }

  #drawNodes() {
    fill(this.nodeBody, (this.scene?.nodes ?? []).map((node) => {
      return el("tr", { "data-node": node.id, tabindex: -1 },
        el("td", {}, node.label),
        el("td", {}, node.type === "workload" ? placeOf(node.id) : node.type === "group" ? `${node.namespace} · ${node.members.map(shortName).join(", ")}` : node.type === "external" ? "addresses" : node.type),
        el("td", {}, isolationOf(node)),
        el("td", { class: "number" }, node.type === "workload" || node.type === "group" ? node.pods : "–"),
        el("td", {}, node.badges.join(", ") || "–"));
    }));
  }

  #setStops() {
    for (const body of [this.body, this.nodeBody]) {
      const rows = [...body.rows];
      const stop = rows.find((row) => row.tabIndex === 0) ?? rows.find((row) => row.hasAttribute("aria-current")) ?? rows[0];
      for (const row of rows) row.tabIndex = this.visible && row === stop ? 0 : -1;
    }
  }

  #refilter() {
    this.filter = this.filterBox.value;
    this.page = 0;
    this.#drawRows();
  }

  /** @param {string} by */
  #sort(by) {
    this.order = { by, down: this.order.by === by && !this.order.down };
    this.#drawRows();
    this.headings.querySelectorAll("button")[COLUMNS.findIndex(([name]) => name === by)]?.focus();
  }

  /** @param {number} step */
  #turn(step) {
    this.page += step;
    this.#drawRows();
  }

  /** @param {EventTarget | null} target */
  #choose(target) {
    const row = target instanceof Element && !target.closest("button, input") ? target.closest("tr") : null;
    const edge = this.scene?.edges.find((item) => `${item.source}>${item.destination}` === row?.dataset["edge"]);
    if (edge) this.onEdge(edge.source, edge.destination);
    else if (row?.dataset["node"]) this.onNode(row.dataset["node"]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = event.target instanceof HTMLTableRowElement ? event.target : null;
    if (!row) return;
    const other = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
    if (other instanceof HTMLElement) {
      row.tabIndex = -1;
      other.tabIndex = 0;
      other.focus();
    } else if (event.key === "Enter" || event.key === " ") this.#choose(row);
    else return;
    event.preventDefault();
  }
}

/** @param {import("./types.js").SceneNode} node */
function isolationOf(node) {
  if (node.type === "namespace") return node.lines.join(", ");
  if (node.type !== "workload" && node.type !== "group") return "–";
  const ways = /** @type {const} */ (["ingress", "egress"]);
  const told = (/** @type {string} */ state) => ways.filter((way) => node.state[way] === state).join(" and ");
  const parts = [told("isolated"), told("limited") && `${told("limited")} limited by another tier`, told("unknown") && `${told("unknown")} unknown`];
  return parts.filter(Boolean).join(", ") || (node.host_network ? "host network: policies do not apply" : "nothing: open");
}

/** @param {string} id */
function nameCell(id) {
  const place = placeOf(id);
  return [el("span", { class: "name", title: id }, shortName(id)), place && el("small", {}, place)];
}
