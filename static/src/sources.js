// The sources of the workspace: listed in a dialog, added from files or a drop anywhere on the page, removed.
import { getJson, postJson, remove } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { droppedFrom, pickedFrom } from "./files.js";
import { control } from "./page.js";
import { counted } from "./words.js";

/** @typedef {import("./types.js").InputSource} InputSource */
/**
 * @typedef {object} Actions
 * @property {() => Promise<unknown>} reload everything is asked for anew
 * @property {(text: string) => void} say for those who listen
 */

const NO_MANIFESTS = "No manifests there: netpolmap reads .yaml, .yml and .json files, folders of them, and .zip, .tar, .tar.gz and .tgz archives.";

export class Sources {
  /** @param {import("./session.js").Session} session @param {Actions} actions */
  constructor(session, actions) {
    this.address = `${session.api}/sources`;
    this.actions = actions;
    this.dialog = /** @type {HTMLDialogElement} */ (control("sources"));
    this.list = control("sources-list");
    this.progress = control("sources-progress");
    this.busy = false;
    control("sources-open").addEventListener("click", () => void this.open());
    for (const name of ["files", "folder"]) {
      const input = /** @type {HTMLInputElement} */ (control(`sources-${name}-input`));
      control(`sources-${name}`).addEventListener("click", () => input.click());
      input.addEventListener("change", () => {
        if (input.files?.length) void this.add(pickedFrom(input.files));
        input.value = "";
      });
    }
    this.#listenToDrops();
  }

  /** Show the dialog. */
  async open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.progress.hidden = true;
    await this.show();
  }

  /** Let files be chosen; the dialog tells what becomes of them. */
  choose() {
    void this.open();
    control("sources-files-input").click();
  }

  async show() {
    try {
      const { sources } = await getJson(this.address);
      fill(this.list, sources.length ? sources.map((/** @type {InputSource} */ source) => this.#row(source)) : el("li", { class: "quiet" }, "Nothing is loaded."));
    } catch (error) {
      this.complain(error);
    }
  }

  /** @param {InputSource} source */
  #row(source) {
    return el("li", { "data-testid": "source", "data-source": source.id },
      icon(source.watched ? "folder" : "file"),
      el("span", { class: "name" }, source.name),
      el("small", { class: "quiet" }, `${counted(source.documents, "document")}, ${counted(source.policies, "policy", "policies")}`),
      source.watched
        ? el("small", { class: "quiet", title: "The server was started with it, and reads it again when it changes" }, "read again when it changes")
        : el("button", { type: "button", class: "button small", "data-testid": `source-remove-${source.id}`, "aria-label": `Remove ${source.name}`, onclick: () => void this.remove(source) }, "Remove"));
  }

  /** @param {import("./files.js").Picked[]} picked */
  async add(picked) {
    if (!this.dialog.open) void this.open();
    if (this.busy) return;
    if (!picked.length) return this.complain(new Error(NO_MANIFESTS));
    const form = new FormData();
    for (const { path, file } of picked) form.append("files", file, path);
    const words = `Sending ${counted(picked.length, "file")} …`;
    await this.#change(words, () => postJson(this.address, form, "", (share) => this.report(share < 1 ? words : "Reading and evaluating …", share)),
      ({ source }) => `${source.name} is added: ${counted(source.documents, "document")}.${source.documents ? "" : " Nothing in it was understood: see Problems."}`);
  }

  /** @param {InputSource} source */
  async remove(source) {
    await this.#change(`Removing ${source.name} …`, () => remove(`${this.address}/${source.id}`), () => `${source.name} is removed.`);
    control("sources-files").focus(); // the button that was pressed is gone
  }

  /** @param {string} words @param {() => Promise<any>} action @param {(answer: any) => string} told */
  async #change(words, action, told) {
    this.busy = true;
    this.report(words, 0);
    try {
      const answer = await action();
      await Promise.all([this.show(), this.actions.reload()]);
      this.report(told(answer), null);
      this.actions.say(told(answer));
    } catch (error) {
      this.complain(error);
    } finally {
      this.busy = false;
    }
  }

  /** @param {string} words @param {number | null} share 0 to 1; null for what is done */
  report(words, share) {
    this.progress.hidden = false;
    this.progress.className = "source-progress";
    fill(this.progress, el("span", {}, words), share !== null && el("progress", { max: 1, value: share, "aria-label": words }));
  }

  /** @param {unknown} error */
  complain(error) {
    this.progress.hidden = false;
    this.progress.className = "source-progress failed";
    fill(this.progress, icon("error"), el("span", { "data-testid": "sources-error" }, error instanceof Error ? error.message : String(error)));
  }

  /** Files that are dragged over the page; what is dragged within it is none of ours. */
  #listenToDrops() {
    const hint = control("drop-hint");
    const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    for (const name of /** @type {const} */ (["dragenter", "dragover"])) {
      document.addEventListener(name, (event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        hint.hidden = false;
      });
    }
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) hint.hidden = true;
    });
    document.addEventListener("drop", (event) => {
      hint.hidden = true;
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      void droppedFrom(event.dataTransfer).then((picked) => this.add(picked), (error) => this.complain(error));
    });
  }
}
