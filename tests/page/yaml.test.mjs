import assert from "node:assert/strict";
import { test } from "node:test";
import { colour } from "../../static/src/yaml.js";

test("every line keeps its text, whatever it is", () => {
  const lines = [
    "apiVersion: networking.k8s.io/v1", "  - podSelector: {}  # all", "    - Ingress", "#: odd", "", "   ", "key:", "- - a: b",
    'quoted: "a # b"', "'single key': 1", "url: http://example.org:80/x", "<img src=x onerror=alert(1)>", "\ttab: 1", "a: [1, {b: 2}]", "port: 5432",
  ];
  for (const line of lines) assert.equal(colour(line).map(([, text]) => text).join(""), line);
});

test("keys, values and comments are told apart", () => {
  assert.deepEqual(colour("  port: 5432  # db"), [["mark", "  "], ["key", "port:"], ["number", " 5432"], ["comment", "  # db"]]);
  assert.deepEqual(colour("    - Ingress"), [["mark", "    - "], ["value", "Ingress"]]);
});
