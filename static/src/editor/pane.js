// The editor itself: CodeMirror in a shadow root, where its styles need no exception from the page's policy. Loaded when
// it is first opened.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { completion, fieldOn, hover } from "./help.js";
import { look } from "./look.js";
import { diagnose, setUsed, usedGutter } from "./marks.js";
import { told } from "./schema.js";

/** @typedef {import("./options.js").Vocabulary} Vocabulary */
/**
 * @typedef {object} Listener
 * @property {() => Vocabulary} vocabulary @property {(name: string, text: string) => void} onEdit
 * @property {(line: number) => void} onLine the cursor stands on another line
 * @property {(line: number) => void} onDecides a person asks what a line decides
 * @property {(title: string) => void} onMend @property {() => void} onLeave
 */

const outside = Annotation.define();

export class Pane {
  /** @param {HTMLElement} host @param {Listener} listener */
  constructor(host, listener) {
    this.listener = listener;
    this.name = "";
    /** of files that were open before, with their history and selection @type {Map<string, EditorState>} */ this.states = new Map();
    /** files whose lines end as on Windows @type {Set<string>} */ this.windows = new Set();
    this.line = 0;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.view = new EditorView({ root, parent: root });
  }

  /** Show a file. @param {string} name @param {string} text */
  open(name, text) {
    if (this.name) this.states.set(this.name, this.view.state);
    if (this.name !== name) {
      this.name = name;
      if (/\r\n/.test(text) && !/[^\r]\n/.test(text)) this.windows.add(name);
      this.view.setState(this.states.get(name) ?? this.#stateOf(name, text));
      this.#tellLine();
    }
    this.setText(text);
  }

  /** The text as something else has made it; only what differs is replaced, so that selection and marks stay. @param {string} text */
  setText(text) {
    const [old, fresh] = [this.view.state.doc.toString(), text.replace(/\r\n?/g, "\n")];
    if (old === fresh) return;
    let from = 0;
    while (from < old.length && old[from] === fresh[from]) from += 1;
    let end = 0;
    while (end < old.length - from && end < fresh.length - from && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
    this.view.dispatch({ changes: { from, to: old.length - end, insert: fresh.slice(from, fresh.length - end) }, annotations: [outside.of(true), isolateHistory.of("full")] });
  }

  /** Select a line and bring it into view. @param {number} number from 1 @param {boolean} [focus] */
  select(number, focus = true) {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(1, number), doc.lines));
    this.view.dispatch({ selection: { anchor: line.from + line.text.search(/\S|$/), head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    if (focus) this.view.focus();
  }

  focus() {
    this.view.focus();
  }

  /** @param {import("../types.js").Problem[]} problems with lines of the text */
  diagnose(problems) {
    diagnose(this.view, problems, this.listener.onMend);
  }

  /** @param {import("./marks.js").Used[]} lines that the selected verdict used */
  mark(lines) {
    this.view.dispatch({ effects: setUsed.of(lines) });
  }

  /** What the key on the line of the cursor means, in one line; null where none is known. */
  help() {
    const found = fieldOn(this.view.state, this.view.state.selection.main.head, true);
    return found && { path: found.path, words: told(found.field).map(([when, words]) => (when ? `${when}: ${words}` : words)).join(" ") };
  }

  #tellLine() {
    const { number } = this.view.state.doc.lineAt(this.view.state.selection.main.head);
    this.line = number;
    this.listener.onLine(number);
  }

  /** @param {string} name @param {string} text */
  #stateOf(name, text) {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), usedGutter, foldGutter(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), dropCursor(),
        indentOnInput(), indentUnit.of("  "), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
        yaml(), search(), completion(this.listener.vocabulary), hover, look,
        EditorView.domEventHandlers({ beforeinput: insertPlain }),
        EditorView.contentAttributes.of({ "aria-label": `YAML of ${name}`, "data-testid": "editor-text", tabindex: "0", spellcheck: "false" }),
        keymap.of([
          { key: "Mod-Enter", run: () => (this.listener.onDecides(this.line), true) },
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap,
          { key: "Escape", run: () => (this.listener.onLeave(), true) },
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((item) => item.annotation(outside))) {
            const written = update.state.doc.toString();
            this.listener.onEdit(this.name, this.windows.has(this.name) ? written.replaceAll("\n", "\r\n") : written);
          }
          if (update.selectionSet || update.docChanged) this.#tellLine();
        }),
      ],
    });
  }
}

/**
 * Where a browser would write styled elements into the text, which the page's policy refuses, the editor changes its own
 * text instead: for tabs and line ends from an input method, and for what replaces or deletes a selection, since a
 * browser keeps the colours of what was there. (What is still being composed cannot be taken over.)
 * @param {InputEvent} event @param {EditorView} view
 */
function insertPlain(event, view) {
  const { from, to, empty } = view.state.selection.main;
  const deletes = event.inputType.startsWith("delete") && !empty;
  const text = deletes ? "" : (event.data ?? "");
  const inserts = event.inputType === "insertText" && (!empty || /[\t\n]/.test(text));
  if (event.isComposing || !(deletes || inserts)) return false;
  event.preventDefault();
  const change = () => view.state.update(view.state.replaceSelection(text), { userEvent: deletes ? "delete.selection" : "input.type", scrollIntoView: true });
  const handled = inserts && view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, change));
  if (!handled) view.dispatch(change());
  return true;
}
