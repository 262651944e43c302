import assert from "node:assert/strict";
import { test } from "node:test";
import { radiusText, ringOf, stepClass } from "../../static/src/radius.js";
import { carries } from "../../static/src/rings.js";

const row = (id, steps, via) => ({ id, steps, via, ports: { TCP: "80" } });
const answer = (direction, reached, unknown = []) => ({ workload: "a", direction, steps: null, reached, unknown });
const alone = (id) => id;
const FORWARD = answer("reach", [row("c", 2, "b"), row("b", 1, "a")], [row("d", 2, "b")]);

test("a ring has the nearest step of each node, and the hops in their direction", () => {
  const ring = ringOf("a", FORWARD, alone);
  assert.deepEqual([...ring.steps], [["b", "1"], ["c", "2"], ["d", "?"]]);
  assert.deepEqual([...ring.hops], ["a>b", "b>c", "b>d"]);
  assert.deepEqual([...ringOf("a", { ...FORWARD, direction: "reached_by" }, alone).hops], ["b>a", "c>b", "d>b"]);
});

test("a folded namespace is as near as its nearest workload", () => {
  const ring = ringOf("a", FORWARD, (id) => (id === "b" || id === "d" ? "shop/*" : id));
  assert.deepEqual([...ring.steps], [["shop/*", "1"], ["c", "2"]]);
  assert.ok(!ringOf("a", FORWARD, () => "all/*").steps.size, "its own namespace is the middle");
});

test("lines carry it where one of their pairs is a hop", () => {
  const ring = ringOf("a", FORWARD, alone);
  assert.ok(carries({ tails: ["a", "x"], heads: ["b"] }, ring));
  assert.ok(!carries({ tails: ["b"], heads: ["a"] }, ring));
  assert.ok(!carries({ tails: ["c"], heads: ["d"] }, ring));
  assert.ok(carries({ tails: ["b"], heads: ["everything"] }, ring));
  assert.ok(!carries({ tails: ["x"], heads: ["everything"] }, ring));
});

test("the whole in a sentence", () => {
  assert.equal(radiusText(FORWARD), "It can reach 2: 1 in 1 step, 1 in 2. 1 more perhaps.");
  assert.equal(radiusText(answer("reached_by", [row("b", 1, "a"), row("c", 1, "a")])), "2 can reach it: 2 in 1 step.");
  assert.equal(radiusText(answer("reach", [row("c", 2, "b")])), "It can reach 1: 1 in 2 steps.");
  assert.equal(radiusText(answer("reach", [])), "It can reach nothing.");
  assert.deepEqual(["1", "2", "3", "12", "?"].map(stepClass), ["1", "2", "more", "more", "unknown"]);
});
