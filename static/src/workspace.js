// The workspace: one shared selection, shown by the picture, the table, the question row and the panel.
import "./page.js";
import { spoken } from "./chain.js";
import { Commands } from "./commands.js";
import { Diagram } from "./diagram.js";
import { el, fill, icon } from "./dom.js";
import { showProblems, showUnknowns } from "./drawer.js";
import { Editing } from "./editing.js";
import { Empty } from "./empty.js";
import { FilterBar } from "./filterbar.js";
import { Findings } from "./findings.js";
import { Fixes, namespaceOf } from "./fixes.js";
import { keepFocus } from "./focuskeeper.js";
import { Folds } from "./folds.js";
import { Generate } from "./generate.js";
import { listenToKeys } from "./keys.js";
import { showLegend } from "./legend.js";
import { showLevel } from "./level.js";
import { Matrix } from "./matrix.js";
import { control } from "./page.js";
import { Panel } from "./panel.js";
import { decidingPart } from "./parts.js";
import { Policies } from "./policies.js";
import { Question } from "./question.js";
import { Radius } from "./radius.js";
import { Rubber } from "./rubber.js";
import { Screens } from "./screens.js";
import { Session } from "./session.js";
import { Sources } from "./sources.js";
import { setUpChoices } from "./tabs.js";
import { linkExports, showTopbar } from "./topbar.js";
import { Twin } from "./twin.js";
import { listenToViewKeys } from "./viewkeys.js";
import { WayRound } from "./wayround.js";
import { headlineOf } from "./why.js";
import { counted, shortName } from "./words.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Summary} Summary */

/** Parts of the state whose change is a step for the back button. */
const STEPS = ["node", "bundle", "from", "to", "port", "chain", "view", "reach", "filter", "find", "on", "hide", "policy", "tab", "fix", "without", "draft"];
const WATCH_MS = 2000;
const BUSY_MS = 200;
/** Up to so many workloads a scene draws only those blocked paths that a reader would ask about. */
const FEW_WORKLOADS = 15;

class Workspace {
  constructor() {
    this.session = new Session(document.body.dataset["api"] ?? "");
    /** @type {Scene | null} */ this.scene = null;
    /** @type {Summary | null} */ this.summary = null;
    /** @type {import("./types.js").Answer | null} */ this.answer = null;
    /** why a question cannot be answered */ this.refusal = "";
    /** what the answers are about, as they were last asked for */ this.inputKey = this.#inputKey();
    this.summaryKey = "";
    this.sceneKey = "";
    this.wantedKey = "";
    /** the same without the pair that is asked about */ this.sceneBase = "";
    this.answerKey = "";
    this.wayRound = new WayRound(this.session);
    /** the work in hand @type {Promise<unknown>} */ this.pending = Promise.resolve();
    this.panel = new Panel((source) => this.session.document(source), {
      onEdge: (from, to) => this.pickEdge(from, to),
      onNode: (id) => this.pickNode(id),
      onFold: (name) => this.folds.fold(name, true),
      onGroup: (id) => this.folds.foldAt(id, true),
      onTab: (tab) => this.chooseTab(tab),
      onPart: (part) => this.markEnds(part),
      onChain: (open) => this.go({ chain: open ? "shown" : "" }),
    });
    this.live = control("live");
    this.findings = new Findings(this.session, { onSource: (source) => void this.panel.yaml.open(source), onNode: (id) => this.pickNode(id) });
    this.radius = new Radius(this.session, { go: (change) => this.go(change), onEdge: (from, to) => this.pickEdge(from, to), say: (text) => (this.live.textContent = text) });
    this.policies = new Policies(this.session, { rail: control("rail"), toggle: control("rail-toggle"), work: control("work") }, {
      go: (change) => this.go(change),
      onNode: (id) => this.pickNode(id),
      onEdge: (from, to) => this.pickEdge(from, to),
      onSource: (source) => void this.panel.yaml.open(source),
      say: (text) => (this.live.textContent = text),
    });
    this.diagram = new Diagram(control("canvas"), {
      onNode: (id) => this.pickNode(id),
      onEdge: (from, to) => this.pickEdge(from, to),
      onBundle: (bundle) => this.pickBundle(bundle),
      onNamespace: (name) => this.folds.fold(name),
      onUnfold: (id) => this.folds.foldAt(id, true),
      onNothing: () => this.clear(),
    });
    const say = (/** @type {string} */ text) => void (this.live.textContent = text);
    this.rubber = new Rubber(control("canvas"), this.diagram, {
      onDraw: (from, to) => this.draw(from, to),
      say,
      refusal: (id) => (["workload", "external"].includes(this.nodeAt(id)?.type ?? "") ? "" : "That card stands for several: unfold it first."),
      onMode: (on) => control("draw-mode").setAttribute("aria-pressed", String(on)),
    });
    this.commands = new Commands();
    /** everybody who can be asked about @type {import("./types.js").Names} */ this.names = { workloads: [], externals: [], services: [] };
    this.twin = new Twin(control("twin"), (from, to) => this.pickEdge(from, to), (id) => this.pickNode(id), this.session, say);
    this.screens = new Screens(this.diagram, this.twin, () => this.session.state.view);
    this.folds = new Folds(this.session, this.diagram, { scene: () => this.scene, go: (change) => this.go(change) });
    this.filterBar = new FilterBar(control("filter-bar"), this.session, { go: (change) => this.go(change), say, scene: () => this.scene, names: () => this.names, onFound: () => this.markFound() });
    this.matrix = new Matrix(control("matrix"), this.session, { go: (change) => this.go(change), say, onEdge: (from, to) => this.pickEdge(from, to), onNode: (id) => this.pickNode(id), found: () => this.filterBar.foundIds });
    this.question = new Question((ends) => this.ask(ends), () => void this.focusPanel());
    this.showView = setUpChoices(control("view"), (view) => this.go({ view: /** @type {any} */ (view) }));
    this.showBlocked = setUpChoices(control("blocked-paths"), (blocked) => this.go({ blocked: /** @type {any} */ (blocked) }));
    this.showDrawer = setUpChoices(control("drawer-tabs"), (tab) => this.openDrawer(tab));
    const onEdge = (/** @type {string} */ from, /** @type {string} */ to) => this.pickEdge(from, to);
    this.editing = new Editing(this.session, {
      go: (change) => this.go(change), say, fail: (error) => this.fail(error), again: () => void this.reload().catch((error) => this.fail(error)),
      onEdge, diagram: this.diagram, twin: this.twin,
      shown: () => ({ answer: this.answer, problems: this.summary?.problems ?? [], generation: this.summary?.generation ?? -1 }),
    });
    this.editing.onDecides = (source) => this.policies.showLine(source);
    this.panel.yaml.editor = this.editing;
    const apply = (/** @type {Record<string, string>} */ edits, /** @type {string} */ label) => this.editing.apply(edits, label);
    this.generate = new Generate(this.session, { apply, onEdge, say });
    this.fixes = new Fixes(this.session, { go: (change) => this.go(change), onEdge, say, apply, onGenerate: () => void this.generate.open(), namespaces: () => this.namespaces() });
    /** what else follows the state, in the order of drawing @type {import("./types.js").Feature[]} */
    this.features = [this.findings, this.radius, this.policies, this.editing, this.filterBar, this.matrix];
    this.sources = new Sources(this.session, { reload: () => this.reload(), say: (text) => (this.live.textContent = text) });
    this.features.push(new Empty(() => this.summary, {
      onAdd: () => this.sources.choose(),
      onAssume: () => this.setSwitches([...this.session.state.switches.filter(([name]) => name !== "undeclared_namespaces"), ["undeclared_namespaces", "unlabelled"]]),
    }), this.fixes); // which fills what the one before leaves open
    this.#listen();
    keepFocus(control("work"));
  }

  #listen() {
    const on = (/** @type {string} */ name, /** @type {(event: Event) => void} */ action) => control(name).addEventListener("click", action);
    on("zoom-in", () => this.diagram.viewport.zoomBy(1.25));
    on("zoom-out", () => this.diagram.viewport.zoomBy(0.8));
    on("zoom-fit", () => this.diagram.viewport.fit());
    on("drawer-close", () => this.openDrawer(""));
    on("legend-toggle", () => this.toggleLegend());
    on("show-keys", () => this.showKeys());
    on("open-generate", () => void this.generate.open());
    on("draw-mode", () => this.rubber.setMode(!this.rubber.mode));
    on("show-commands", () => this.commands.open());
    on("show-picture", () => this.showPicture());
    on("skip-to-picture", (event) => {
      event.preventDefault();
      this.screens.askForPicture();
      void this.showFocused("diagram");
    });
    on("skip-to-table", (event) => {
      event.preventDefault(); // or the link's address would replace the state's
      this.go({ view: "table" });
      control("twin").focus();
    });
    addEventListener("popstate", () => {
      this.session.reread();
      void this.refresh();
    });
    document.addEventListener("keydown", (event) => {
      const target = event.composedPath()[0]; // within the editor's shadow root too
      const typing = target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        this.question.from.input.focus();
      }
      if (event.key === "?" && !typing) this.showKeys();
    });
    listenToViewKeys([control("canvas"), control("matrix"), control("twin")], (view) => void this.showFocused(view));
    listenToKeys(control("canvas"), this.diagram, {
      onNode: (id) => this.pickNode(id),
      onWhy: () => void this.focusPanel(),
      onEscape: () => (this.session.state.reach ? this.go({ reach: "" }) : this.clear()),
      onHelp: () => this.showKeys(),
      onFold: (id, open) => this.folds.foldAt(id, open),
      onHide: (id) => this.filterBar.hide(id),
      onNear: (id) => this.filterBar.keepNear(id),
      onEditor: () => this.editing.open(),
      rubber: this.rubber,
    });
  }

  async start() {
    try {
      await this.reload();
    } catch (error) {
      this.fail(error);
    }
    document.documentElement.dataset["ready"] = "true";
    if (document.body.dataset["watch"] === "true") setInterval(() => void this.watch(), WATCH_MS);
  }

  /** Everything anew: the summary, the scene, the answer. */
  async reload() {
    this.forget();
    await this.refresh();
  }

  #inputKey() {
    return JSON.stringify(this.session.input());
  }

  /** Other files, another draft, other assumptions: what was answered is void, and asked for again. */
  forget() {
    this.inputKey = this.#inputKey();
    this.summaryKey = this.sceneKey = this.sceneBase = this.answerKey = "";
    for (const feature of [...this.features, this.wayRound, this.panel.yaml, this.twin]) feature.forget?.();
  }

  /** How much there is, its problems, and who can be asked about. */
  async refreshSummary() {
    if (this.summaryKey === this.inputKey) return;
    this.summaryKey = this.inputKey;
    const [summary, names] = await Promise.all([this.session.ask("summary"), this.session.ask("names")]);
    if (!summary) return;
    this.summary = summary;
    if (names) this.question.offer((this.names = names));
    this.drawSummary();
    if (!summary.workloads && summary.problems.length && this.session.state.drawer !== "problems") this.openDrawer("problems");
    this.drawSelection();
  }

  /** Change the state and show it; a change of what is selected is a step for the back button. @param {Partial<import("./fragment.js").State>} change */
  go(change) {
    const step = STEPS.some((name) => name in change);
    const elsewhere = /** @type {const} */ (["node", "bundle", "from", "to"]).some((name) => name in change && change[name] !== this.session.state[name]);
    this.session.change({ ...(elsewhere && { chain: "", tab: "", fix: "" }), ...(change.node === "" && { reach: "" }), ...((change.node || change.bundle || change.from) && { policy: "" }), ...change }, step);
    void this.refresh();
  }

  /** @param {string} id */
  nodeAt(id) {
    return this.scene?.nodes.find((item) => item.id === id);
  }

  /** Whether a card stands for several workloads. @param {string} id */
  isMany(id) {
    return ["namespace", "group"].includes(this.nodeAt(id)?.type ?? "");
  }

  /** @param {string} id */
  pickNode(id) {
    this.go({ node: id, bundle: "", from: "", to: "", port: "" });
  }

  /** @param {string} from @param {string} to */
  pickEdge(from, to) {
    if (this.isMany(from) || this.isMany(to)) return this.pickBundle(`${from}>${to}`);
    this.go({ node: "", bundle: "", from, to, port: "" });
  }

  /** @param {string} bundle */
  pickBundle(bundle) {
    this.go({ node: "", bundle, from: "", to: "", port: "" });
  }

  /** Those that hold workloads. */
  namespaces() {
    return [...new Set((this.scene?.nodes ?? []).map((node) => namespaceOf(node.id)).filter(Boolean))].sort();
  }

  /** The question row: two ends, or a namespace, about which only the filter can ask. @param {import("./question.js").Ends} ends */
  ask(ends) {
    const spaces = [ends.from, ends.to].filter((end) => end.startsWith("ns:"));
    if (!spaces.length) return this.go({ ...ends, node: "", bundle: "" });
    this.question.show(this.session.state);
    void this.filterBar.add(spaces.join(" "));
  }

  /** Point at what the filter bar has found. */
  markFound() {
    const { foundIds, foundPaths } = this.filterBar;
    for (const [id, elements] of this.diagram.nodes) {
      const members = this.scene?.nodes.find((node) => node.id === id)?.members ?? [];
      for (const element of elements) element.classList.toggle("found", foundIds.has(id) || members.some((member) => foundIds.has(member)));
    }
    for (const line of this.diagram.lines) line.element.classList.toggle("found", line.tails.some((tail) => line.heads.some((head) => foundPaths.has(`${tail}>${head}`))));
    this.twin.mark(foundIds, foundPaths);
  }

  /** Another view, with the focus in it. @param {import("./fragment.js").State["view"]} view */
  async showFocused(view) {
    this.go({ view });
    const host = control({ diagram: "canvas", matrix: "matrix-grid", table: "twin" }[view]);
    const focus = () => /** @type {HTMLElement} */ (host.querySelector('[tabindex="0"]') ?? host).focus();
    focus(); // at once, for the next key; and again where it was empty
    await this.pending;
    if (document.activeElement === host || document.activeElement === document.body) focus();
  }

  clear() {
    this.panel.yaml.close();
    this.go({ node: "", bundle: "", from: "", to: "", port: "", policy: "" });
  }

  /** A path drawn by hand: what would allow it. @param {string} from @param {string} to */
  draw(from, to) {
    this.rubber.setMode(false);
    this.go({ node: "", bundle: "", from, to, port: "", tab: "fix", fix: "open" });
  }

  /** Bring all views in line with the state; asks the server only for what has changed. */
  async refresh() {
    const { state } = this.session;
    if (this.inputKey !== this.#inputKey()) this.forget();
    this.showView(state.view);
    this.showOpenDrawer();
    this.showBlocked(state.blocked);
    this.question.show(state);
    this.screens.showTable();
    control("stage").dataset["view"] = state.view;
    linkExports(this.session);
    // the answer is shown as soon as it is there, however long a large picture takes
    const show = () => this.drawSelection();
    const chain = async () => {
      if (await this.wayRound.refresh(this.answer)) this.live.textContent = spoken(/** @type {import("./types.js").Chain} */ (this.wayRound.chain));
    };
    const anew = !this.sceneKey;
    const picture = this.refreshScene().then(show);
    const answer = this.refreshAnswer().then(show).then(() => picture).then(() => this.refreshScene()).then(chain).then(show);
    // a new picture is not kept waiting by what stands around it
    const parts = this.features.map((feature) => (anew ? picture.then(() => feature.refresh?.(state)) : Promise.resolve(feature.refresh?.(state))).then(show));
    this.pending = Promise.all([this.refreshSummary(), picture, answer, ...parts]).catch(async (error) => (await this.editing.recover(error)) || this.fail(error));
    await this.pending;
  }

  /** Whether the picture has lines of its own for a question: not where an end is folded into another card. */
  #drawsQuestion() {
    const { from, to } = this.session.state;
    return this.scene?.level !== "namespaces" || [from, to].every((id) => this.nodeAt(id));
  }

  /** In a small scene not every blocked path is drawn: the one that is asked about shall be. */
  #asksForLine() {
    const { scene, answer } = this;
    const { from, to, node } = this.session.state;
    return !node && answer?.verdict === "blocked" && scene?.level === "workloads" && (scene.counts["workloads"] ?? 0) <= FEW_WORKLOADS && [from, to].every((id) => this.nodeAt(id));
  }

  async refreshScene() {
    const { state } = this.session;
    const selected = state.node || (this.#drawsQuestion() ? state.from : "");
    const pair = this.#asksForLine() ? [["source", state.from], ["destination", state.to]] : [];
    const base = JSON.stringify([this.inputKey, this.session.scope(), state.blocked, selected, state.expand]);
    if (state.from && state.to && !this.answer && !this.refusal && base === this.sceneBase) return; // its answer decides
    const key = base + JSON.stringify(pair);
    this.wantedKey = key; // one that is on its way may be wanted no more: back was pressed
    if (key === this.sceneKey) return;
    const stage = control("stage");
    const slow = setTimeout(() => stage.setAttribute("aria-busy", "true"), BUSY_MS);
    const scene = await this.session.scene(selected, pair).finally(() => {
      clearTimeout(slow);
      stage.removeAttribute("aria-busy");
    });
    if (!scene || key !== this.wantedKey) return;
    this.sceneKey = key;
    this.sceneBase = base;
    this.scene = scene;
    stage.dataset["selected"] = selected; // whom this picture was asked for
    this.showBanner(scene.notes.join(" "));
    showLevel(control("level"), scene, { onAll: () => this.go({ expand: ["*"] }), onNone: () => this.folds.foldAll() });
    this.diagram.draw(scene, selected);
    this.twin.show(scene);
    showLegend(control("legend-items"), this.diagram.viewport.content);
  }

  async refreshAnswer() {
    const { from, to, port } = this.session.state;
    const key = from && to ? JSON.stringify([this.inputKey, from, to, port]) : "";
    if (key === this.answerKey) return;
    this.answerKey = key;
    this.answer = null;
    this.refusal = "";
    if (!key) return;
    const answer = await this.session.why().catch((error) => this.refuse(error));
    if (key !== this.answerKey || !answer) return; // a newer question is on its way
    this.answer = answer;
    this.question.answer(answer);
    this.live.textContent = `${shortName(from)} to ${shortName(to)}: ${headlineOf(answer)}`;
  }

  /** A question that cannot be answered: the chip and the panel say why. @param {unknown} error @returns {null} */
  refuse(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.question.say("refused", "Cannot answer");
    this.live.textContent = message;
    this.refusal = message;
    return null;
  }

  drawSelection() {
    const { node, from, to } = this.session.state;
    this.markEnds(this.answer?.service ? decidingPart(this.answer) : this.session.state);
    this.twin.select(from && to ? `${from}>${to}` : node);
    if (node && !this.session.state.reach) this.live.textContent = this.diagram.nodes.get(node)?.[0]?.getAttribute("aria-label") ?? shortName(node);
    this.drawPanel();
  }

  /** Show in the picture what is selected; of a Service, the backend that is looked at. @param {{source: string, destination: string} | import("./fragment.js").State} ends */
  markEnds(ends) {
    const { state } = this.session;
    const ring = this.radius.ring(state, (id) => this.diagram.nodeOf(id));
    const spot = this.policies.spot(state, (id) => this.diagram.nodeOf(id), this.scene);
    this.twin.follow(ring?.hops ?? null);
    this.diagram.select("source" in ends ? { ...state, from: ends.source, to: ends.destination } : state, ring, spot);
  }

  drawPanel() {
    const { scene, summary, answer, refusal, wayRound } = this;
    if (!scene || !summary) return;
    this.panel.show({ scene, summary, answer, refusal, wayRound, state: this.session.state });
    for (const feature of this.features) feature.draw?.(this.session.state, this.panel.body);
  }

  /** @param {string} tab */
  chooseTab(tab) {
    const { node, policy } = this.session.state;
    const chosen = node || policy;
    this.go(tab === "why" && chosen ? { node: "", policy: "", tab: "" } : { tab: /** @type {any} */ (tab === "details" && chosen ? "" : tab) });
  }

  /** To the answer, once it is there. */
  async focusPanel() {
    await this.pending;
    this.panel.focus();
  }

  drawSummary() {
    const { summary } = this;
    if (!summary) return;
    const { switches } = this.session.state;
    showTopbar(summary, switches);
    const errors = summary.problems.filter((problem) => problem.severity !== "info").length;
    control("problems-count").textContent = String(summary.problems.length);
    control("problems-count").classList.toggle("bad", errors > 0);
    control("unknowns-count").textContent = (summary.unknown?.pairs ?? 0).toLocaleString("en");
    showProblems(control("drawer-problems"), summary.problems, (source) => void this.panel.yaml.open(source));
    showUnknowns(control("drawer-unknowns"), summary, switches, {
      latest: () => this.session.state.switches,
      onChange: (switches) => this.setSwitches(switches),
      onTry: (switches) => this.trySwitches(switches),
    });
  }

  /** @param {string[][]} switches */
  setSwitches(switches) {
    this.go({ switches });
  }

  /** As above, for what a person typed: null if it is taken, else why not. @param {string[][]} switches @returns {Promise<string | null>} */
  async trySwitches(switches) {
    const refusal = await this.session.refusal(switches);
    if (!refusal) this.setSwitches(switches);
    return refusal;
  }

  /** @param {string} tab "" closes */
  openDrawer(tab) {
    this.go({ drawer: /** @type {any} */ (this.session.state.drawer === tab ? "" : tab) });
  }

  showOpenDrawer() {
    const drawer = control("drawer");
    const open = this.session.state.drawer;
    if (drawer.dataset["open"] === open) return;
    drawer.dataset["open"] = open;
    this.showDrawer(open);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (drawer.querySelectorAll("button[data-value]"))) button.tabIndex = 0;
    for (const name of ["problems", "unknowns", "editor"]) control(`drawer-${name}`).hidden = name !== open;
    control("drawer-close").hidden = !open;
  }

  toggleLegend() {
    const button = control("legend-toggle");
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    control("legend").hidden = !open;
  }

  showPicture() {
    this.screens.askForPicture();
    this.go({ view: "diagram" });
    this.diagram.viewport.fit();
    const stop = control("canvas").querySelector('[tabindex="0"]'); // the button that was pressed is gone
    if (stop instanceof SVGElement) stop.focus({ preventScroll: true });
    control("canvas").scrollIntoView({ block: "nearest" });
  }

  showKeys() {
    const dialog = control("keys");
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  }

  async watch() {
    const summary = await this.session.ask("summary").catch(() => null);
    if (!summary || summary.generation === this.summary?.generation) return;
    await this.reload().catch((error) => this.fail(error));
    this.live.textContent = `The files have changed: ${counted(summary.workloads, "workload")}, ${counted(summary.policies, "policy", "policies")}.`;
  }

  /** @param {string} message "" for none @param {boolean} [failed] */
  showBanner(message, failed = false) {
    const banner = control("banner");
    const reset = failed && this.session.state.switches.length > 0; // an assumption of the address may be what the server refuses
    fill(banner, icon(failed ? "error" : "info"), el("span", { title: message }, message),
      reset && el("button", { type: "button", class: "button small", "data-testid": "banner-reset", onclick: () => this.setSwitches([]) }, "Back to the defaults"));
    banner.classList.toggle("failed", failed);
    banner.hidden = !message;
  }

  /** @param {unknown} error */
  fail(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.showBanner(message, true);
    this.live.textContent = message;
  }
}

void new Workspace().start();
