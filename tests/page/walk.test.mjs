import assert from "node:assert/strict";
import { test } from "node:test";
import { linesAt, nearest, next } from "../../static/src/walk.js";

const spots = [{ id: "a", x: 0, y: 50 }, { id: "b", x: 200, y: 90 }, { id: "c", x: 200, y: 10 }, { id: "d", x: 0, y: 200 }];
const line = (tail, head) => ({ name: `${tail}>${head}`, tails: [tail], heads: [head] });
const lines = [line("a", "b"), line("a", "c"), line("b", "a"), { name: "shop/*>a#3", tails: ["b", "c"], heads: ["a"] }];

test("lines of a node stand from top to bottom", () => {
  assert.deepEqual(linesAt(lines, spots, "a", "out").map((item) => item.name), ["a>c", "a>b"]);
  assert.deepEqual(linesAt(lines, spots, "a", "in").map((item) => item.name), ["b>a", "shop/*>a#3"]);
  assert.deepEqual(linesAt(lines, spots, "c", "out").map((item) => item.name), ["shop/*>a#3"]);
});

test("up and down prefer the same column", () => {
  assert.equal(nearest(spots, "a", "ArrowDown"), "d");
  assert.equal(nearest(spots, "b", "ArrowUp"), "c");
  assert.equal(nearest(spots, "d", "ArrowDown"), "");
});

test("next goes round", () => {
  assert.equal(next(["x", "y"], undefined, 1), "x");
  assert.equal(next(["x", "y"], undefined, -1), "y");
  assert.equal(next(["x", "y"], "y", 1), "x");
  assert.equal(next([], undefined, 1), undefined);
});
