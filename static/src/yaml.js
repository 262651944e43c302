// A policy's YAML with line numbers, the line that decides marked and in view.
import { el, fill, icon } from "./dom.js";

/** @typedef {import("./types.js").PolicyText} PolicyText */
/** @typedef {import("./types.js").Source} Source */

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
        this.#draw(text, source);
        this.shown = wanted;
      } catch (error) {
        this.shown = "";
        fill(this.host, this.#head(source.file.split("/").pop() ?? "", `document ${source.document}`),
          el("p", { class: "notice" }, `${source.file}, line ${source.line}: the text cannot be shown. ${error instanceof Error ? error.message : ""}`));
      }
    }
    this.host.hidden = false;
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
    const pre = el("pre", { class: "yaml-text", tabindex: 0, "aria-label": `${text.kind} ${text.name}` },
      el("code", {}, lines.map((line, index) => {
        const number = text.first_line + index;
        return el("span", { class: "yaml-line", "data-line": number }, el("span", { class: "line-number", "data-number": number }),
          el("span", { class: "line-text" }, colour(line).map(([kind, part]) => el("span", { class: kind ? `y-${kind}` : null }, part)), "\n"));
      })));
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
