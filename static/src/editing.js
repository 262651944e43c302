// What-if on the page: the draft, the editor, and what it changes in the bar, in the picture and in the table.
import { ApiError } from "./api.js";
import { Changed } from "./changed.js";
import { downloadTexts } from "./download.js";
import { Draft, lineInText, placeInFile } from "./draft.js";
import { DraftBar } from "./draftbar.js";
import { control } from "./page.js";
import { usedLines } from "./usedlines.js";
import { Workbench } from "./workbench.js";

/** @typedef {import("./types.js").Source} Source */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./fragment.js").State} State */
/**
 * @typedef {object} Page what the rest of the page does for it
 * @property {(change: Partial<State>) => void} go @property {(text: string) => void} say @property {(error: unknown) => void} fail
 * @property {() => void} again ask for everything once more @property {(from: string, to: string) => void} onEdge
 * @property {import("./diagram.js").Diagram} diagram @property {import("./twin.js").Twin} twin
 * @property {() => {answer: import("./types.js").Answer | null, problems: Problem[], generation: number}} shown
 */

/** @type {import("./editor/options.js").Vocabulary} */
const NOTHING_KNOWN = { labels: {}, namespaces: {}, ports: [], port_names: [] };

export class Editing {
  /** @param {import("./session.js").Session} session @param {Page} page */
  constructor(session, page) {
    this.session = session;
    this.page = page;
    /** shows what a line decides, and tells it in words @type {((source: Source) => Promise<string>) | null} */ this.onDecides = null;
    this.draft = new Draft({ post: (edits) => session.postDraft(edits), files: (token) => session.files(token) },
      (draft) => page.go({ draft }), () => this.#told());
    this.bar = new DraftBar(control("draft-bar"), {
      undo: () => void this.draft.undo(), redo: () => void this.draft.redo(), reset: () => void this.reset(),
      download: (files) => downloadTexts(files.map((name) => [name, this.draft.textOf(name)])),
      onPair: page.onEdge, onProblem: (problem) => void this.#openAt(problem.file ?? this.file, problem.line ?? 1),
    });
    this.bench = new Workbench(control("drawer-editor"), {
      vocabulary: () => this.vocabulary, onEdit: (name, text) => this.#typed(name, text),
      onFile: (name) => void this.#openAt(name, 0), onNew: (name) => this.#create(name), onMend: (title) => page.say(title),
      onDecides: (line) => void this.#decides(line), decides: () => this.onDecides !== null, onLeave: () => control("editor-tab").focus(),
    });
    /** @type {import("./editor/options.js").Vocabulary} */ this.vocabulary = NOTHING_KNOWN;
    this.file = "";
    this.changed = new Changed(session, page.diagram, page.twin);
    this.generation = -1;
    /** focus the editor when it is there */ this.wanted = false;
    /** on small screens the editor is elsewhere than its tab */ this.inView = false;
    /** what changes comes from the editor, which shows it already */ this.typing = false;
    document.addEventListener("keydown", (event) => this.#undoByKey(event));
  }

  /** Ctrl Z takes back the last step, unless something that is written in has its own. @param {KeyboardEvent} event */
  #undoByKey(event) {
    const target = event.composedPath()[0];
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (target instanceof Element && target.closest("input, textarea, select, [contenteditable]"))) return;
    const key = event.key.toLowerCase();
    const again = key === "y" || (key === "z" && event.shiftKey);
    if (key !== "z" && key !== "y") return;
    if (!(again ? this.draft.redoes : this.draft.undoes)) return;
    event.preventDefault();
    void (again ? this.draft.redo() : this.draft.undo());
  }

  get isOpen() {
    return this.session.state.drawer === "editor";
  }

  /** @param {State} state */
  async refresh(state) {
    if (state.draft || this.isOpen) await this.draft.open(state.draft).catch((error) => this.#gone(error, state.draft));
    if (this.draft.opening) await this.draft.follow(state.draft).catch((error) => this.#gone(error, state.draft));
    if (!this.isOpen) this.inView = false;
    await Promise.all([this.changed.refresh(state), this.isOpen && this.#show()]);
  }

  forget() {
    this.changed.forget();
  }

  /** @param {State} state */
  draw(state) {
    const { generation } = this.page.shown();
    if (this.generation >= 0 && generation !== this.generation) void this.draft.reload().catch(this.page.fail);
    this.generation = generation;
    this.changed.draw(state);
    this.#drawBar();
    if (this.isOpen) this.#mark();
  }

  /** Texts that something else proposes, as one step. @param {Record<string, string>} edits @param {string} [label] */
  async apply(edits, label = "Apply a proposal") {
    await this.draft.open(this.session.state.draft);
    await this.draft.apply(edits, label);
    this.page.say(`${label}. Undo takes it back.`);
  }

  async reset() {
    await this.draft.open(this.session.state.draft);
    await this.draft.reset();
    if (this.session.state.without.length) this.page.go({ without: [] });
  }

  /** Open the editor and put the keyboard's focus there. */
  open() {
    this.wanted = true;
    if (!this.isOpen) this.page.go({ drawer: "editor" });
    else void this.#show();
  }

  /** The line of a file as the server numbers it. @param {Source} source */
  async jump(source) {
    await this.draft.open(this.session.state.draft);
    const line = lineInText(this.draft.loaded.get(source.file), this.draft.edited.includes(source.file), source.document, source.line);
    await this.#openAt(source.file, line);
  }

  /** A question that names a draft which the server has forgotten: give it again, and ask again. @param {unknown} error @returns {Promise<boolean>} */
  async recover(error) {
    if (!(error instanceof ApiError) || error.code !== "draft_gone") return false;
    const { draft } = this.session.state;
    if (await this.draft.again(draft).catch(() => false)) this.page.again();
    else this.#gone(error, draft);
    return true;
  }

  /** @param {unknown} error @param {string} token */
  #gone(error, token) {
    if (!(error instanceof ApiError) || error.code !== "draft_gone" || !token) throw error;
    this.page.say("The edit of this address is no longer there. These are the files as loaded.");
    this.page.go({ draft: "" });
  }

  /** @param {string} file @param {number} line 0 to leave the selection where it is */
  async #openAt(file, line) {
    this.file = file;
    if (!this.isOpen) this.page.go({ drawer: "editor" });
    await this.#show();
    if (line) this.bench.pane?.select(line);
    else this.bench.pane?.focus();
  }

  /** Bring the editor in line with the draft. */
  async #show() {
    await Promise.all([this.draft.open(this.session.state.draft), this.#learn()]);
    const { names } = this.draft;
    if (!names.includes(this.file)) this.file = names[0] ?? "policies.yaml";
    this.bench.offer(names.length ? names : [this.file], this.draft.edited, this.file);
    await this.bench.show(this.file, this.draft.textOf(this.file));
    this.#mark();
    if (!this.inView) control("drawer").scrollIntoView({ block: "nearest" });
    this.inView = true;
    if (this.wanted) this.bench.pane?.focus();
    this.wanted = false;
  }

  async #learn() {
    if (this.vocabulary === NOTHING_KNOWN) this.vocabulary = await this.session.vocabulary().catch(() => NOTHING_KNOWN);
  }

  /** Problems and rules of the open file, at lines of its text. */
  #mark() {
    const { answer, problems } = this.page.shown();
    const { draft, file } = this;
    const [loaded, edited] = [draft.loaded.get(file), draft.edited.includes(file)];
    const lineOf = (/** @type {number} */ document, /** @type {number} */ line) => lineInText(loaded, edited, document, line);
    if (edited && draft.now.token === undefined) return; // not answered yet: what is marked stays
    const known = edited ? draft.now.problems : problems;
    const here = known.filter((problem) => problem.file === file && problem.line);
    this.bench.mark(
      here.map((problem) => ({ ...problem, line: lineOf(problem.document ?? 1, problem.line ?? 1) })),
      draft.stale ? [] : usedLines(answer, file).map(({ source, allows }) => ({ line: lineOf(source.document, source.line), allows })));
  }

  /** @param {string} name @param {string} text */
  #typed(name, text) {
    const known = this.draft.edited.includes(name);
    this.typing = true;
    this.draft.edit(name, text);
    this.typing = false;
    if (known !== this.draft.edited.includes(name)) this.bench.offer(this.draft.names, this.draft.edited, this.file);
  }

  /** The draft has changed: its texts, or what the server says of them. */
  #told() {
    this.#drawBar();
    if (this.typing || !this.isOpen || !this.bench.pane) return;
    const { names } = this.draft;
    if (!names.includes(this.file)) this.file = names[0] ?? this.file;
    this.bench.offer(names, this.draft.edited, this.file);
    this.bench.pane.open(this.file, this.draft.textOf(this.file));
    this.#mark();
  }

  #drawBar() {
    const { edited, undoes, redoes, stale } = this.draft;
    const { without, draft } = this.session.state;
    this.bar.show({ edited: edited.length || !draft ? edited : ["…"], without, changes: this.changed.found, undoes, redoes, stale });
  }

  /** @param {string} name @returns {string} why not */
  #create(name) {
    if (!/^[^/\\\0][^\\\0]*\.(ya?ml|json)$/i.test(name)) return "A name that ends with .yaml, please.";
    if (this.draft.names.includes(name)) return "There is a file of that name.";
    this.file = name;
    this.draft.edit(name, "");
    void this.#openAt(name, 0);
    return "";
  }

  /** @param {number} line of the text */
  async #decides(line) {
    const files = await this.session.files(this.session.state.draft);
    const place = placeInFile(files.find((item) => item.name === this.file)?.parts ?? [], line);
    const told = place && this.onDecides ? await this.onDecides({ file: this.file, ...place }).catch((error) => String(error.message)) : "This line is in no policy.";
    this.bench.tell(`Line ${line}: ${told}`);
  }
}
