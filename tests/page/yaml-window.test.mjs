// Long texts are shown around the line that matters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shownLines } from "../../static/src/yaml.js";

test("a text that is not long is shown whole", () => {
  assert.deepEqual(shownLines(1500, 900), { from: 0, to: 1500 });
});

test("of a long one the lines around, at its ends too", () => {
  assert.deepEqual(shownLines(500000, 1000), { from: 700, to: 1301 });
  assert.deepEqual(shownLines(500000, 3), { from: 0, to: 304 });
  assert.deepEqual(shownLines(500000, 499999), { from: 499699, to: 500000 });
  assert.deepEqual(shownLines(2000, -5), { from: 0, to: 301 });
});
