// What may be written at a place: keys, the words of a field, and values that the loaded manifests know. Pure.
import { placeAt } from "./place.js";
import { BEGINNINGS, fieldAt } from "./schema.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./place.js").Place} Place */
/** @typedef {{labels: Record<string, string[]>, namespaces: Record<string, Record<string, string>>, ports: number[], port_names: string[]}} Vocabulary what the server knows */
/** @typedef {{label: string, apply: string, detail: string, field: Field | null, kind: "key" | "word" | "value" | "whole"}} Option */
/** @typedef {{from: number, to: number, options: Option[]}} Offer columns of what is replaced, and by what */

const CIDRS = [["0.0.0.0/0", "all of IPv4"], ["::/0", "all of IPv6"], ["10.0.0.0/8", "private"], ["172.16.0.0/12", "private"], ["192.168.0.0/16", "private"], ["169.254.169.254/32", "cloud metadata"]];

/**
 * @param {string[]} lines @param {number} row @param {number} column both from 0 @param {Vocabulary} vocabulary
 * @returns {Offer | null} null where nothing is known
 */
export function optionsAt(lines, row, column, vocabulary) {
  const line = lines[row] ?? "";
  if (/(^|\s)#/.test(line.slice(0, column))) return null;
  const place = placeAt(lines, row, column);
  const rest = /^[\w./-]*/.exec(line.slice(column))?.[0] ?? "";
  const named = /^\s*:(\s|$)/.test(line.slice(column + rest.length));
  const options = place.at === "value" ? valuesOf(place, fieldAt(place.kind, [...place.path, place.key]), place.key, vocabulary) : entries(place, named, vocabulary);
  return options.length ? { from: place.from, to: column + rest.length, options } : null;
}

/** What may stand as a key, or as an entry of a list. @param {Place} place @param {boolean} named whether a colon follows @param {Vocabulary} vocabulary */
function entries(place, named, vocabulary) {
  const field = fieldAt(place.kind, place.path);
  const indent = " ".repeat(place.from);
  if (place.at === "item" && field?.type !== "map" && field?.type !== "labels") return valuesOf(place, field, labelOf(place), vocabulary);
  if (field?.type === "list" && !place.flow) {
    const item = field.item;
    if (item?.type === "map") return keysOf(item, place, false, `${indent}  `, vocabulary).map((option) => ({ ...option, label: `- ${option.label}`, apply: `- ${option.apply}` }));
    return valuesOf(place, item ?? null, labelOf(place), vocabulary).map((option) => ({ ...option, label: `- ${option.label}`, apply: `- ${option.apply}` }));
  }
  const whole = !place.path.length && !place.kind && !place.keys[0]?.size && place.at === "key";
  return [...(whole ? beginnings() : []), ...(field ? keysOf(field, place, named, indent, vocabulary) : [])];
}

/** @returns {Option[]} */
function beginnings() {
  return Object.entries(BEGINNINGS).map(([kind, apply]) => ({ label: `New ${kind}`, apply, detail: "a whole document", field: null, kind: "whole" }));
}

/** @param {Field} field @param {Place} place @param {boolean} named @param {string} indent of the key @param {Vocabulary} vocabulary @returns {Option[]} */
function keysOf(field, place, named, indent, vocabulary) {
  const there = place.keys[0];
  if (field.type === "labels") return labelKeys(field, vocabulary).filter(([key]) => !there?.has(key)).map(([key, detail]) => ({ label: key, apply: named ? key : `${key}: `, detail, field: null, kind: "value" }));
  return Object.entries(field.fields ?? {}).filter(([name]) => !there?.has(name)).map(([name, child]) =>
    ({ label: name, apply: named ? name : name + opening(child, indent, place.flow), detail: child.type === "word" || child.type === "labels" ? "" : child.type, field: child, kind: "key" }));
}

/** What follows a key. @param {Field} field @param {string} indent of the key @param {boolean} flow */
function opening(field, indent, flow) {
  if (flow) return field.type === "list" ? ": []" : field.type === "map" || field.type === "labels" ? ": {}" : ": ";
  if (field.type === "list") return `:\n${indent}- `;
  return field.type === "map" || field.type === "labels" ? `:\n${indent}  ` : ": ";
}

/** @param {Place} place @param {Field | null} field @param {string} label the key of a label whose value it may be @param {Vocabulary} vocabulary @returns {Option[]} */
function valuesOf(place, field, label, vocabulary) {
  if (!field) return [];
  const known = (/** @type {string} */ value, detail = "") => ({ label: value, apply: scalar(value), detail, field: null, kind: /** @type {const} */ ("value") });
  if (field.type === "word") return (field.words ?? []).filter((value) => !place.beside.includes(value)).map((value) => ({ ...known(value), kind: "word" }));
  const numbers = vocabulary.ports.map((port) => ({ ...known(String(port), "in the manifests"), apply: String(port) }));
  const names = vocabulary.port_names.map((name) => known(name, "port name"));
  switch (field.live) {
    case "namespace": return Object.keys(vocabulary.namespaces).map((name) => known(name, "namespace"));
    case "port": return [...numbers, ...names];
    case "port-number": return numbers;
    case "port-name": return names;
    case "cidr": return CIDRS.map(([range = "", detail = ""]) => known(range, detail));
    case "pod-label": case "namespace-label":
      if (place.at === "value" && place.key === "key" && place.keys[0] && place.path.at(-2) === "matchExpressions") return labelKeys(field, vocabulary).map(([key, detail]) => known(key, detail));
      return labelValues(field, label, vocabulary).filter((value) => !place.beside.includes(scalar(value))).map((value) => known(value, label));
    default: return [];
  }
}

/** The label that a list of values is about. @param {Place} place */
function labelOf(place) {
  const key = place.keys.find((keys) => keys.has("key"))?.get("key") ?? "";
  return key.replace(/^(["'])(.*)\1$/, "$2");
}

/** Label keys, each with what is known of its values. @param {Field} field @param {Vocabulary} vocabulary @returns {[string, string][]} */
function labelKeys({ live }, vocabulary) {
  if (!live) return [];
  const keys = live === "pod-label" ? Object.keys(vocabulary.labels) : [...new Set(Object.values(vocabulary.namespaces).flatMap(Object.keys))];
  return keys.sort().map((key) => {
    const values = labelValues({ doc: "", type: "text", live }, key, vocabulary);
    return [key, values.slice(0, 3).join(", ") + (values.length > 3 ? " …" : "")];
  });
}

/** @param {Field} field @param {string} key @param {Vocabulary} vocabulary @returns {string[]} */
function labelValues({ live }, key, vocabulary) {
  if (live === "pod-label") return Object.hasOwn(vocabulary.labels, key) ? (vocabulary.labels[key] ?? []) : [];
  const values = Object.values(vocabulary.namespaces).flatMap((labels) => (Object.hasOwn(labels, key) ? [labels[key] ?? ""] : []));
  return [...new Set(values)].sort();
}

/** A text as YAML takes it for a text, with quotes where it would be something else. @param {string} value */
export function scalar(value) {
  const plain = /^[A-Za-z_/][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return plain || /^[\d.]+\/\d+$/.test(value) ? value : JSON.stringify(value);
}
