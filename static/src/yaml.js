// A policy's YAML with line numbers, the line that decides marked and in view.
import { el, fill, icon } from "./dom.js";

/** @typedef {import("./types.js").PolicyText} PolicyText */
/** @typedef {import("./types.js").Source} Source */

const MOST_LINES = 1500; // of a longer text (a whole cluster may be one List) those around the line are shown
const AROUND = 300;

/** From which line to which (counted from 0, the last not included) a text is shown. Pure. @param {number} count @param {number} at */
export function shownLines(count, at) {
  if (count <= MOST_LINES) return { from: 0, to: count };
  const middle = Math.min(Math.max(at, 0), count - 1);
  return { from: Math.max(0, middle - AROUND), to: Math.min(count, middle + AROUND + 1) };
}

/**
 * Split a line of YAML into coloured parts. Pure; only for the eye, never for meaning.
 * @param {string} line @returns {[kind: string, text: string][]}
 */
export function colour(line) {
  if (line.length > 2000) return [["", line]];
  const found = /^(\s*(?:- +)*)(?:((?:"[^"]*"|'[^']*'|[^\s"'#:{[-][^:#]*?)\s*:)(?=\s|$))?(.*?)(\s+#.*|^#.*)?$/.exec(line);
  if (!found) return [["", line]];
  const [, indent = "", key = "", value = "", comment = ""] = found;
  const kind = /^\s*(["']|\||>)/.test(value) ? "string" : /^\s*(-?\d+(\.\d+)?|true|false|null)\s*$/.test(value) ? "number" : "value";
  /** @type {[string, string][]} */
  const parts = [["mark", indent], ["key", key], [kind, value], ["comment", comment]];
  return parts.filter(([, text]) => text);
}

export class YamlView {
  /** @param {HTMLElement} host @param {(source: Source) => Promise<PolicyText>} load */
  constructor(host, load) {
    this.host = host;
    this.load = load;
    this.shown = "";
    this.wanted = "";
    this.line = 1;
    /** the whole text, and the part of it that is drawn */ this.text = /** @type {PolicyText | null} */ (null);
    this.part = { from: 0, to: 0 };
    /** where the text can be edited; while it is open, it shows the lines that a person asks for @type {{isOpen: boolean, jump: (source: Source) => Promise<void>} | null} */
    this.editor = null;
  }

  /** Open a document at a line. @param {Source} source @param {boolean} [asked] by a person */
  async open(source, asked = true) {
    if (this.editor?.isOpen) {
      this.close();
      if (asked) await this.editor.jump(source);
      return;
    }
    const wanted = `${source.file}\n${source.document}`;
    this.wanted = wanted;
    if (this.shown !== wanted) {
      try {
        const text = await this.load(source);
        if (this.wanted !== wanted) return;
        this.text = text;
        this.#draw(text, source);
        this.shown = wanted;
      } catch (error) {
        this.shown = "";
        fill(this.host, this.#head(source.file.split("/").pop() ?? "", `document ${source.document}`),
          el("p", { class: "notice" }, `${source.file}, line ${source.line}: the text cannot be shown. ${error instanceof Error ? error.message : ""}`));
      }
    }
    this.host.hidden = false;
    const at = source.line - (this.text?.first_line ?? 0);
    if (this.text && this.shown === wanted && (at < this.part.from || at >= this.part.to)) this.#draw(this.text, source);
    this.#mark(source.line);
  }

  close() {
    this.host.hidden = true;
  }

  /** Forget what was loaded, after the files have changed. */
  forget() {
    this.shown = "";
    this.close();
  }

  /** @param {string} title @param {string} place @param {Source} [source] */
  #head(title, place, source) {
    return el("header", { class: "yaml-head" },
      el("h3", { title }, title), el("span", { class: "quiet" }, place),
      source && this.editor && el("button", { type: "button", class: "icon-button", "aria-label": "Edit", title: "Edit (E in the picture)", "data-testid": "yaml-edit", onclick: () => (this.close(), void this.editor?.jump({ ...source, line: this.line })) }, icon("edit")),
      el("button", { type: "button", class: "icon-button", "aria-label": "Close the YAML", "data-testid": "yaml-close", onclick: () => this.close() }, icon("close")));
  }

  /** @param {PolicyText} text @param {Source} source */
  #draw(text, source) {
    const lines = text.text.replace(/\n$/, "").split("\n");
    this.part = shownLines(lines.length, source.line - text.first_line);
    const { from, to } = this.part;
    const left = (/** @type {number} */ count, /** @type {string} */ where) => count > 0 && el("p", { class: "quiet yaml-left" }, `${count.toLocaleString("en")} lines ${where} are not shown`);
    const pre = el("pre", { class: "yaml-text", tabindex: 0, "aria-label": `${text.kind} ${text.name}` },
      left(from, "above"),
      el("code", {}, lines.slice(from, to).map((line, index) => {
        const number = text.first_line + from + index;
        return el("span", { class: "yaml-line", "data-line": number }, el("span", { class: "line-number", "data-number": number }),
          el("span", { class: "line-text" }, colour(line).map(([kind, part]) => el("span", { class: kind ? `y-${kind}` : null }, part)), "\n"));
      })),
      left(lines.length - to, "below"));
    fill(this.host, this.#head(text.file, `document ${text.document}`, source), pre);
  }

  /** @param {number} number */
  #mark(number) {
    this.line = number;
    for (const line of this.host.querySelectorAll(".yaml-line")) {
      const on = line.getAttribute("data-line") === String(number);
      line.classList.toggle("marked", on);
      if (on) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
      if (!on) continue;
      const pre = line.closest("pre");
      const rect = line.getBoundingClientRect();
      if (pre) pre.scrollTop += rect.top - pre.getBoundingClientRect().top - pre.clientHeight / 3;
    }
  }
}
