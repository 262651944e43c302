// What the server says of the lines: problems with their cures, and the rules that the selected verdict used.
import { setDiagnostics } from "@codemirror/lint";
import { RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker } from "@codemirror/view";
import { el } from "../dom.js";

/** @typedef {import("../types.js").Problem} Problem */
/** @typedef {{line: number, column: number}} Spot both from 1 */
/** @typedef {{title: string, from: Spot, to: Spot, text: string}} Mend how the server would put a problem right: `text` in place of what stands there */
/** @typedef {{line: number, allows: boolean}} Used */

/** @param {import("@codemirror/state").Text} doc @param {Spot} spot */
function offset(doc, { line, column }) {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(line);
  return from + [...text].slice(0, Math.max(0, column - 1)).join("").length; // columns count characters, not their halves
}

/**
 * Underline the problems. Their lines are lines of the text.
 * @param {import("@codemirror/view").EditorView} view @param {Problem[]} problems @param {(title: string) => void} onMend
 */
export function diagnose(view, problems, onMend) {
  const { doc } = view.state;
  const found = problems.map((problem) => {
    const from = offset(doc, { line: problem.line ?? 1, column: problem.column ?? 1 });
    const line = doc.lineAt(from);
    const rest = line.text.slice(from - line.from).replace(/\s+(#.*)?$/, "");
    const { mend } = problem;
    return {
      from, to: Math.max(from, from + rest.length), severity: problem.severity, source: problem.path ?? "", message: problem.message,
      ...(mend && { actions: [{ name: mend.title, apply: (/** @type {import("@codemirror/view").EditorView} */ target) => {
        target.dispatch({ changes: { from: offset(target.state.doc, mend.from), to: offset(target.state.doc, mend.to), insert: mend.text }, userEvent: "input" });
        onMend(mend.title);
      } }] }),
    };
  });
  view.dispatch(setDiagnostics(view.state, found.sort((a, b) => a.from - b.from)));
}

class Dot extends GutterMarker {
  /** @param {boolean} allows */
  constructor(allows) {
    super();
    this.allows = allows;
  }

  /** @param {GutterMarker} other */
  eq(other) {
    return other instanceof Dot && other.allows === this.allows;
  }

  toDOM() {
    return el("span", { class: `cm-used ${this.allows ? "key" : "bar"}`, "data-testid": "used-mark", title: this.allows ? "The selected verdict rests on this rule" : "The selected verdict rests on this policy" }, "●");
  }
}

/** Keeps the gutter as wide as a dot. */
class Room extends GutterMarker {
  toDOM() {
    return el("span", { class: "cm-used" }, "●");
  }
}

/** @type {import("@codemirror/state").StateEffectType<Used[]>} */
export const setUsed = StateEffect.define();
const tinted = Decoration.line({ class: "cm-used-line" });

/** Starts of lines that are used, moved along with edits. */
const used = StateField.define({
  create: () => /** @type {{from: number, allows: boolean}[]} */ ([]),
  update(found, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setUsed)) continue;
      const { doc } = transaction.state;
      return effect.value.filter(({ line }) => line >= 1 && line <= doc.lines).map(({ line, allows }) => ({ from: doc.line(line).from, allows })).sort((a, b) => a.from - b.from);
    }
    return transaction.docChanged ? found.map(({ from, allows }) => ({ from: transaction.newDoc.lineAt(transaction.changes.mapPos(from)).from, allows })) : found;
  },
  provide: (field) => EditorView.decorations.from(field, (found) => Decoration.set(found.map(({ from }) => tinted.range(from)), true)),
});

export const usedGutter = [used, gutter({
  class: "cm-gutter-used",
  markers: (view) => {
    /** @type {RangeSetBuilder<GutterMarker>} */ const builder = new RangeSetBuilder();
    for (const { from, allows } of view.state.field(used)) builder.add(from, from, new Dot(allows));
    return builder.finish();
  },
  initialSpacer: () => new Room(),
})];
