import assert from "node:assert/strict";
import { test } from "node:test";
import { quoted, suggest, termsOf, withTerm } from "../../static/src/terms.js";

const vocabulary = {
  keys: [
    { key: "ns", about: "namespace", values: ["shop", "data"] }, { key: "name", about: "name", values: [] }, { key: "near", about: "neighbourhood", values: [] },
    { key: "label", about: "label", values: ["app", "app=web"] }, { key: "verdict", about: "paths", values: ["allowed", "blocked"] },
  ],
  presets: [],
};
const names = { workloads: ["shop/Deployment/web", "data/StatefulSet/db"], externals: ["internet", "10.0.0.0/8 except 10.1.0.0/16"], services: [] };
const texts = (text, caret = text.length) => suggest(text, caret, vocabulary, names).options.map((option) => option.text);

test("terms are what stands between blanks, quotes kept whole", () => {
  assert.deepEqual(termsOf('ns:shop  -name:"a b" word "x:y'), ["ns:shop", '-name:"a b"', "word", '"x:y']);
  assert.deepEqual(termsOf(""), []);
});

test("a term is added once, and replaces what can stand once only", () => {
  assert.equal(withTerm("", "ns:shop"), "ns:shop");
  assert.equal(withTerm("ns:shop", "ns:shop"), "ns:shop");
  assert.equal(withTerm("ns:shop", "ns:data"), "ns:shop ns:data");
  assert.equal(withTerm("near:a steps:2", "near:b"), "steps:2 near:b");
});

test("what needs quotes gets them", () => {
  assert.equal(quoted("shop/Deployment/web"), "shop/Deployment/web");
  assert.equal(quoted("10.0.0.0/8 except 10.1.0.0/16"), '"10.0.0.0/8 except 10.1.0.0/16"');
  assert.equal(quoted("fd00::1"), '"fd00::1"');
});

test("keys are offered, and namespaces by their beginning", () => {
  assert.deepEqual(texts("n"), ["ns:", "name:", "near:"]);
  assert.deepEqual(texts("sho"), ["ns:shop"]);
  assert.deepEqual(texts("-na"), ["-name:"]);
  assert.equal(texts("").length, vocabulary.keys.length);
});

test("values are offered by what they hold, the beginning first", () => {
  assert.deepEqual(texts("ns:"), ["ns:shop", "ns:data"]);
  assert.deepEqual(texts("label:web"), ["label:app=web"]);
  assert.deepEqual(texts("near:data"), ["near:data/StatefulSet/db"]);
  assert.deepEqual(texts("near:except"), ['near:"10.0.0.0/8 except 10.1.0.0/16"']);
  assert.deepEqual(texts("-verdict:bl"), ["-verdict:blocked"]);
  assert.deepEqual(texts("nokey:x"), []);
});

test("only the term at the caret is replaced", () => {
  const { start, end } = suggest("ns:sh verdict:x", 4, vocabulary, names);
  assert.deepEqual([start, end], [0, 5]);
  const second = suggest("ns:shop ", 8, vocabulary, names);
  assert.deepEqual([second.start, second.end], [8, 8]);
});
