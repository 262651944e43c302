// The draft: the edited texts of policy files, with their history. The server evaluates it and names it by a token;
// a text that cannot be read has none, and what was last good stays shown.

/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {{document: number, first_line: number, line: number}} Part one document: `line` of the text is `first_line` of the file */
/** @typedef {{name: string, text: string, parts: Part[]}} PolicyFile */
/** @typedef {Record<string, string>} Edits texts by file: all of them against the files as loaded */
/** @typedef {{draft: string | null, problems: Problem[]}} Posted what the server says of edits; no draft: it cannot read them */
/**
 * @typedef {object} Step one state of the draft
 * @property {Edits} edits @property {string} label what was done @property {boolean} typed whether typing goes on in it
 * @property {string | null | undefined} token undefined until the server has answered, null if it cannot read the text
 * @property {Problem[]} problems of the edited files @property {string} failure why the server did not take it
 */
/**
 * @typedef {object} Server
 * @property {(edits: Edits) => Promise<Posted>} post @property {(token: string) => Promise<PolicyFile[]>} files
 */

export const PAUSE_MS = 250;

export class Draft {
  /**
   * @param {Server} server @param {(token: string) => void} show a draft that can be looked at; "" for the files as loaded
   * @param {() => void} tell something has changed: a text, what can be undone, what is stale
   */
  constructor(server, show, tell) {
    this.server = server;
    this.show = show;
    this.tell = tell;
    /** as loaded @type {Map<string, PolicyFile>} */ this.loaded = new Map();
    /** @type {Step[]} */ this.steps = [step({}, "", { token: "" })];
    this.index = 0;
    this.shown = "";
    this.timer = 0;
    /** @type {Promise<unknown> | null} */ this.opening = null;
  }

  get now() {
    return /** @type {Step} */ (this.steps[this.index]);
  }

  /** Get the files as loaded, and the texts of the draft that the address names. @param {string} token */
  open(token) {
    this.opening ??= this.#load().then(() => this.follow(token));
    return this.opening;
  }

  /** The files have changed on the server; what was edited stays edited. */
  async reload() {
    if (!this.opening) return;
    await this.#load();
    this.steps = [step(this.#proper(this.now.edits), this.now.label)];
    this.index = 0;
    this.tell();
    await this.#post(this.now);
  }

  async #load() {
    const files = await this.server.files("").catch((error) => {
      this.opening = null;
      throw error;
    });
    this.loaded = new Map(files.map((file) => [file.name, file]));
  }

  /** The address asks for another draft: back, forward, a reload. @param {string} token */
  async follow(token) {
    if (token === this.shown) return;
    this.shown = token;
    clearTimeout(this.timer);
    const known = nearest(this.steps, this.index, token);
    if (known >= 0) this.index = known;
    else {
      const files = await this.server.files(token);
      if (this.shown !== token) return;
      this.#push(step(this.#proper(Object.fromEntries(files.map(({ name, text }) => [name, text]))), "Open the draft of the address", { token }));
    }
    this.tell();
  }

  /** @returns {string[]} the names of all files, new ones too */
  get names() {
    return [...new Set([...this.loaded.keys(), ...Object.keys(this.now.edits)])].sort();
  }

  get edited() {
    return Object.keys(this.now.edits).sort();
  }

  /** @param {string} name */
  textOf(name) {
    return own(this.now.edits, name) ?? this.loaded.get(name)?.text ?? "";
  }

  /** A person types: the server is asked after a pause. @param {string} name @param {string} text */
  edit(name, text) {
    const edits = this.#proper({ ...this.now.edits, [name]: text });
    const label = `Edit ${name}`;
    if (this.now.typed && this.now.label === label && !this.now.token) this.steps.splice(this.index, Infinity, step(edits, label, { typed: true }));
    else this.#push(step(edits, label, { typed: true }));
    this.tell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#post(this.now), PAUSE_MS);
  }

  /** Texts that something else has written. @param {Record<string, string>} edits @param {string} label */
  async apply(edits, label) {
    this.#push(step(this.#proper({ ...this.now.edits, ...edits }), label));
    this.tell();
    await this.#post(this.now);
  }

  /** Back to the files as loaded; that can be undone too. */
  async reset() {
    if (this.edited.length) this.#push(step({}, "Reset"));
    this.tell();
    await this.#post(this.now);
  }

  /** What undoing would take back, "" for nothing. */
  get undoes() {
    return this.index ? this.now.label : "";
  }

  get redoes() {
    return this.steps[this.index + 1]?.label ?? "";
  }

  undo() {
    return this.#go(this.index - 1);
  }

  redo() {
    return this.#go(this.index + 1);
  }

  /** @param {number} index */
  async #go(index) {
    if (!this.steps[index]) return;
    clearTimeout(this.timer);
    this.index = index;
    this.tell();
    if (this.now.token === undefined) await this.#post(this.now);
    else this.#showNow();
  }

  /** The server has forgotten the draft: it gets the text again. False if there is none to give. @param {string} token */
  async again(token) {
    const known = this.steps.find((item) => item.token === token);
    if (!known || !token) return false;
    const answer = await this.server.post(known.edits);
    return answer.draft === token;
  }

  /** Why what is seen is older than the text: what cannot be read, or that the server did not take it; null if it is not. */
  get stale() {
    const { token, problems, failure } = this.now;
    if (failure) return { problem: null, failure };
    return token === null ? { problem: problems.find((item) => item.severity === "error") ?? problems[0] ?? null, failure } : null;
  }

  /** @param {Step} asked */
  async #post(asked) {
    clearTimeout(this.timer);
    try {
      const answer = Object.keys(asked.edits).length ? await this.server.post(asked.edits) : { draft: "", problems: [] };
      Object.assign(asked, { token: answer.draft, problems: answer.problems, failure: "" });
    } catch (error) {
      asked.failure = error instanceof Error ? error.message : String(error);
    }
    if (asked === this.now) this.#showNow();
  }

  #showNow() {
    const { token } = this.now;
    this.tell();
    if (typeof token !== "string" || token === this.shown) return;
    this.shown = token;
    this.show(token);
  }

  /** @param {Step} next */
  #push(next) {
    this.steps.splice(this.index + 1, Infinity, next);
    this.index = this.steps.length - 1;
  }

  /** What differs from the files as loaded. @param {Edits} edits @returns {Edits} */
  #proper(edits) {
    return Object.fromEntries(Object.entries(edits).filter(([name, text]) => text !== (this.loaded.get(name)?.text ?? null)));
  }
}

/** @param {Edits} edits @param {string} label @param {Partial<Step>} [more] @returns {Step} */
function step(edits, label, more) {
  return { edits, label, typed: false, token: undefined, problems: [], failure: "", ...more };
}

/** The step of that token that is closest to another one; -1 if there is none. @param {Step[]} steps @param {number} index @param {string} token */
function nearest(steps, index, token) {
  const found = steps.flatMap((item, at) => (item.token === token ? [at] : []));
  return found.sort((a, b) => Math.abs(a - index) - Math.abs(b - index))[0] ?? -1;
}

/** @param {Edits} edits @param {string} name */
function own(edits, name) {
  return Object.hasOwn(edits, name) ? edits[name] : undefined;
}

/**
 * The line of a file's editable text that a line of the file is. Pure.
 * @param {PolicyFile | undefined} file as loaded @param {boolean} edited then the text itself is what the server has read
 * @param {number} document @param {number} line
 */
export function lineInText(file, edited, document, line) {
  const part = edited ? null : file?.parts.find((item) => item.document === document);
  return part ? part.line + line - part.first_line : line;
}

/** And back: the document and the line of the file. @param {Part[]} parts @param {number} line of the text @returns {{document: number, line: number} | null} */
export function placeInFile(parts, line) {
  const part = parts.filter((item) => item.line <= line).pop();
  return part ? { document: part.document, line: line - part.line + part.first_line } : null;
}
