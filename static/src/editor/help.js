// Help at the place: what may be written there, and what a field means.
import { autocompletion, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { el } from "../dom.js";
import { optionsAt } from "./options.js";
import { keyAt } from "./place.js";
import { fieldAt, told } from "./schema.js";

/** @typedef {import("./options.js").Option} Option */
/** @typedef {import("./options.js").Vocabulary} Vocabulary */
/** @typedef {import("@codemirror/state").EditorState} EditorState */

/** The lines of the document around a place, and which of them it is on. @param {EditorState} state @param {number} pos */
function around({ doc }, pos) {
  const own = doc.lineAt(pos).number;
  const parts = (/** @type {number} */ number) => /^(---(\s|$)|\.\.\.\s*$)/.test(doc.line(number).text);
  let [first, last] = [own, own];
  while (first > 1 && !parts(first - 1)) first -= 1;
  while (last < doc.lines && !parts(last + 1)) last += 1;
  return { lines: Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index).text), row: own - first };
}

/** @param {() => Vocabulary} vocabulary */
export const completion = (vocabulary) => autocompletion({
  override: [(context) => {
    const line = context.state.doc.lineAt(context.pos);
    const { lines, row } = around(context.state, context.pos);
    const offer = optionsAt(lines, row, context.pos - line.from, vocabulary());
    if (!offer) return null;
    const typed = context.pos - line.from > offer.from || /[:-] +$/.test(line.text.slice(0, offer.from));
    if (!context.explicit && !typed) return null;
    return { from: line.from + offer.from, to: line.from + offer.to, options: offer.options.map(toCompletion) };
  }],
  icons: false,
  maxRenderedOptions: 60,
  aboveCursor: false,
});

/** @param {Option} option @param {number} rank @returns {import("@codemirror/autocomplete").Completion} */
function toCompletion(option, rank) {
  const { field } = option;
  return {
    label: option.label,
    detail: option.detail,
    boost: -Math.min(rank, 90) / 100, // in the order of the schema
    ...(field && { info: () => fieldHelp(field) }),
    apply: (view, chosen, from, to) => {
      const text = option.apply;
      const caret = text.search(/: \n/) >= 0 ? text.search(/: \n/) + 2 : text.endsWith("{}") || text.endsWith("[]") ? text.length - 1 : text.length;
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + caret }, annotations: pickedCompletion.of(chosen), userEvent: "input.complete", scrollIntoView: true });
      if (option.kind === "key") startCompletion(view);
    },
  };
}

/** The meaning of a field. @param {import("./fields.js").Field} field @param {string} [name] */
export function fieldHelp(field, name = "") {
  return el("div", { class: "field-help", "data-testid": "field-help" },
    name && el("p", {}, el("b", {}, name)),
    told(field).map(([when, words]) => el("p", {}, when && el("code", {}, when), when && " ", words)));
}

/** The key on the line of a place, with its field. @param {EditorState} state @param {number} pos @param {boolean} [anywhere] on the line */
export function fieldOn(state, pos, anywhere = false) {
  const line = state.doc.lineAt(pos);
  const { lines, row } = around(state, pos);
  const column = anywhere ? Math.max(0, line.text.search(/[^\s-]/)) : pos - line.from;
  const key = keyAt(lines, row, column);
  const field = key && fieldAt(key.kind, key.path);
  return key && field ? { field, path: pathText(key.path), from: line.from + key.from, to: line.from + key.to } : null;
}

/** "spec.ingress[0].from". @param {(string | number)[]} path */
export function pathText(path) {
  return path.map((item) => (typeof item === "number" ? `[${item}]` : `.${item}`)).join("").replace(/^\./, "");
}

export const hover = hoverTooltip((view, pos) => {
  const found = fieldOn(view.state, pos);
  return found && { pos: found.from, end: found.to, above: true, create: () => ({ dom: fieldHelp(found.field, found.path) }) };
}, { hoverTime: 350 });
