// Where in a YAML document a cursor stands: the path of keys and list places, read from the indentation alone, so that
// it works while a line is half written. Pure. (Block style; braces and brackets within one line.)

/** @typedef {{type: "dash" | "key", col: number, name: string, value: string}} Entry */
/** @typedef {Map<string, string>} Keys the keys of one mapping, with what stands behind each on its line */
/**
 * @typedef {object} Place
 * @property {string} kind of the document, "" if it is not written yet
 * @property {(string | number)[]} path of what holds the place: a mapping or a list. With `key`, of the mapping that has the key
 * @property {"key" | "value" | "item"} at a key may stand there; a value of `key`; an entry of a list (a key of its mapping, or a value)
 * @property {string} key whose value it is, "" unless `at` is "value"
 * @property {string} typed what is written before the cursor, of the word at the cursor
 * @property {number} from the column where that word begins
 * @property {string[]} beside of an entry of a list: the values before it
 * @property {boolean} flow whether it is within braces or brackets
 * @property {Keys[]} keys of the mappings around the place, the innermost first
 */

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#&*!|>%@`{}[\],-][^#]*?|-[^\s#][^#]*?)\s*:(?=\s|$)/;

/** The dashes and the key that begin a line. @param {string} line @returns {Entry[]} */
export function entriesOf(line) {
  /** @type {Entry[]} */ const entries = [];
  let col = line.search(/\S/);
  if (col < 0 || line[col] === "#") return [];
  while (line[col] === "-" && (col + 1 >= line.length || line[col + 1] === " ")) {
    entries.push({ type: "dash", col, name: "", value: line.slice(col + 1).trim() });
    const next = line.slice(col + 1).search(/\S/);
    if (next < 0) return entries;
    col += 1 + next;
  }
  const rest = line.slice(col);
  const found = KEY.exec(rest);
  if (found) entries.push({ type: "key", col, name: unquote(found[1] ?? ""), value: withoutComment(rest.slice(found[0].length)) });
  return entries;
}

/** First line of the document around a line, and the line after its last. @param {string[]} lines @param {number} row @returns {[number, number]} */
export function documentAround(lines, row) {
  const parts = (/** @type {string | undefined} */ line) => /^(---(\s|$)|\.\.\.\s*$)/.test(line ?? "");
  let [first, end] = [row, row + 1];
  while (first > 0 && !parts(lines[first - 1])) first -= 1;
  while (end < lines.length && !parts(lines[end])) end += 1;
  return [first, end];
}

/**
 * @param {string[]} lines of the whole text @param {number} row @param {number} column both from 0
 * @returns {Place}
 */
export function placeAt(lines, row, column) {
  const [first, end] = documentAround(lines, row);
  const before = (lines[row] ?? "").slice(0, column);
  const own = entriesOf(before);
  const last = own[own.length - 1];
  const start = last?.type === "key" ? last.col + before.slice(last.col).search(/:(\s|$)/) + 1 : last ? last.col + 1 : 0;
  const rest = before.slice(start).trimStart();
  const key = last?.type === "key" ? last.name : "";
  const here = key || /^[{[]/.test(rest) ? within(rest, key) : { at: last ? /** @type {const} */ ("item") : /** @type {const} */ ("key"), key: "", typed: rest, inner: [], beside: [], flow: false };
  /** the place counts as a key where none is written yet @type {Entry[]} */
  const around = key ? own : [...own, { type: "key", col: before.length - rest.length, name: "", value: "" }];
  const { path, keys, beside } = climb(lines, [first, end], row, around);
  const { inner, ...told } = here;
  return { kind: keyOf(lines, first, end, "kind"), keys, from: column - here.typed.length, ...told, path: [...path, ...inner], beside: here.flow ? here.beside : beside };
}

/** The path of a key itself, for what is told about it; null where no key stands. @param {string[]} lines @param {number} row @param {number} column */
export function keyAt(lines, row, column) {
  const key = entriesOf(lines[row] ?? "").find((entry) => entry.type === "key");
  const length = key ? (lines[row] ?? "").slice(key.col).search(/\s*:(\s|$)/) : 0;
  if (!key || column < key.col || column > key.col + length) return null;
  const place = placeAt(lines, row, key.col + length + 1);
  return { kind: place.kind, path: [...place.path, key.name], from: key.col, to: key.col + length };
}

/** Where in a value the cursor stands, braces and brackets looked into. @param {string} value up to the cursor @param {string} key */
function within(value, key) {
  /** @type {{open: string, key: string, items: string[]}[]} */ const stack = [];
  let [word, quote] = ["", ""];
  for (const sign of value) {
    const top = stack[stack.length - 1];
    const quoted = quote !== "";
    if (quoted) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    if (quoted || quote || !(sign === "{" || sign === "[" || (top && "}],:".includes(sign)))) {
      word += sign;
      continue;
    }
    if (sign === "{" || sign === "[") stack.push({ open: sign, key: "", items: [] });
    else if (sign === "}" || sign === "]") stack.pop();
    else if (top && sign === ":") top.key = unquote(word.trim());
    else if (top) {
      top.key = "";
      top.items.push(word.trim());
    }
    word = "";
  }
  const typed = word.trimStart();
  const top = stack[stack.length - 1];
  if (!top) return { at: /** @type {const} */ ("value"), key, typed, inner: [], beside: [], flow: /^[{[]/.test(value) };
  const inner = [...(key ? [key] : []), ...stack.slice(0, -1).map(({ open, key: name, items }) => (open === "[" ? items.length : name))];
  if (top.open === "[") return { at: /** @type {const} */ ("item"), key: "", typed, inner: [...inner, top.items.length], beside: top.items, flow: true };
  return { at: top.key ? /** @type {const} */ ("value") : /** @type {const} */ ("key"), key: top.key, typed, inner, beside: [], flow: true };
}

/**
 * From the place outwards: every line above that is less indented holds it.
 * @param {string[]} lines @param {[number, number]} bounds @param {number} row @param {Entry[]} around entries of the place's own line
 */
function climb(lines, [first, end], row, around) {
  let node = /** @type {Entry} */ (around[around.length - 1]);
  /** @type {(string | number)[]} */ const path = [];
  const keys = [below(lines, row + 1, end, node.col)];
  /** @type {string[]} */ const beside = [];
  const into = (/** @type {Entry} */ entry) => {
    node = entry;
    path.unshift(entry.type === "key" ? entry.name : 0);
    if (entry.type === "key") keys.push(below(lines, row + 1, end, entry.col).set(entry.name, entry.value));
  };
  const pass = (/** @type {Entry} */ entry) => {
    if (entry.type === "key") keys[keys.length - 1]?.set(entry.name, entry.value);
    else {
      if (path.length === 1) beside.unshift(entry.value);
      path[0] = Number(path[0]) + 1;
    }
  };
  for (let at = row; at >= first; at -= 1) {
    const entries = at === row ? around.slice(0, -1) : entriesOf(lines[at] ?? "");
    for (const entry of entries.reverse()) {
      if (entry.type === node.type && entry.col === node.col) pass(entry);
      else if (entry.type === "key" && node.type === "dash" ? entry.col <= node.col : entry.col < node.col) into(entry);
    }
  }
  return { path, keys, beside };
}

/** Keys of the same mapping further down. @param {string[]} lines @param {number} from @param {number} end @param {number} col @returns {Keys} */
function below(lines, from, end, col) {
  /** @type {Keys} */ const found = new Map();
  for (let at = from; at < end; at += 1) {
    const entry = entriesOf(lines[at] ?? "")[0];
    if (entry && entry.col < col) break;
    if (entry?.type === "key" && entry.col === col) found.set(entry.name, entry.value);
  }
  return found;
}

/** The value of a key of the document itself. @param {string[]} lines @param {number} first @param {number} end @param {string} name */
function keyOf(lines, first, end, name) {
  for (let at = first; at < end; at += 1) {
    const entry = entriesOf(lines[at] ?? "")[0];
    if (entry?.type === "key" && entry.col === 0 && entry.name === name) return unquote(entry.value);
  }
  return "";
}

/** @param {string} word */
function unquote(word) {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}

/** @param {string} value */
function withoutComment(value) {
  return value.replace(/(^|\s)#.*$/, "").trim();
}
