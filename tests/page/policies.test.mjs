// The list of policies in words, order and groups.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changesSentence, changesText, filtered, firstPairs, grouped, homeText, isolationText, marksOf, pairsOf, spokenRow } from "../../static/src/policywords.js";

const row = (id, more = {}) => {
  const parts = id.split("/");
  return { id, kind: parts[0], namespace: parts.length === 3 ? parts[1] : "", name: parts.at(-1), tier: "NetworkPolicy", order: 0, source: { file: "a", document: 1, line: 1 }, directions: ["ingress"], isolates: ["ingress"], selects: 1, rules: 0, changes: 1, marks: [], on: true, ...more };
};
const B = row("NetworkPolicy/b/x", { changes: 5 });
const A2 = row("NetworkPolicy/a/y", { changes: null });
const A1 = row("NetworkPolicy/a/x", { changes: 0, marks: ["adds_nothing"] });
const LATE = row("AdminNetworkPolicy/early-by-name", { tier: "Admin", order: 9, isolates: [] });
const EARLY = row("AdminNetworkPolicy/late-by-name", { tier: "Admin", order: 2, isolates: [] });
const LAST = row("BaselineAdminNetworkPolicy/default", { tier: "Baseline", isolates: [] });

test("those of the whole cluster stand first, in the order in which they are asked; then namespaces by name", () => {
  const groups = grouped([B, A2, LAST, LATE, A1, EARLY], "name");
  assert.deepEqual(groups.map(({ title, rows }) => [title, rows]), [["Whole cluster", [EARLY, LATE, LAST]], ["a", [A1, A2]], ["b", [B]]]);
});

test("by changes: all in one, the most first, what was not counted last", () => {
  assert.deepEqual(grouped([A2, A1, B], "changes"), [{ title: "", rows: [B, A1, A2] }]);
  assert.deepEqual(grouped([], "changes"), []);
});

test("a filter takes names, namespaces and marks, all its words", () => {
  assert.deepEqual(filtered([B, A2, A1], "adds nothing"), [A1]);
  assert.deepEqual(filtered([B, A2, A1], "X networkpolicy/b"), [B]);
  assert.deepEqual(filtered([B, A2, A1], " "), [B, A2, A1]);
});

test("who selects nothing is not told to add nothing too", () => {
  assert.deepEqual(marksOf(row("NetworkPolicy/a/x", { marks: ["selects_nothing", "adds_nothing"] })), ["selects_nothing"]);
  assert.deepEqual(marksOf(A1), ["adds_nothing"]);
});

test("words for numbers, and for none", () => {
  assert.equal(changesText(B), "changes 5");
  assert.equal(changesText(A1), "changes nothing");
  assert.equal(changesText(A2), "not counted");
  assert.equal(changesText({ ...A2, on: false }), "switched off");
  assert.equal(changesSentence({ changes: 1 }), "Without it 1 verdict would differ.");
  assert.equal(spokenRow(A1), "NetworkPolicy x, namespace a, in, selects 1, changes nothing, adds nothing");
  assert.equal(homeText(EARLY), "Admin tier · priority 2");
  assert.equal(homeText(LAST), "Baseline tier");
});

test("isolation is said of NetworkPolicies alone", () => {
  assert.match(isolationText(B), /isolates whom it selects for ingress/);
  assert.match(isolationText(EARLY), /asked for ingress, before NetworkPolicies/);
  assert.match(isolationText(LAST), /where no NetworkPolicies isolate/);
  assert.match(isolationText(row("NetworkPolicy/a/x", { marks: ["set_aside"] })), /set aside/);
});

test("pairs of folded namespaces are those of their workloads", () => {
  const holds = pairsOf([{ sources: ["a/Pod/x"], destinations: ["b/Pod/y", "internet"] }], (id) => (id === "b/Pod/y" ? "b" : id));
  assert.equal(holds("a/Pod/x", "b"), true);
  assert.equal(holds("b", "a/Pod/x"), false);
  assert.equal(holds("a/Pod/x", "b/Pod/y"), false);
});

test("of many pairs the first, and nobody with itself", () => {
  const blocks = [{ sources: ["a", "b"], destinations: ["a", "b", "c"] }];
  assert.deepEqual(firstPairs(blocks, 3), [["a", "b"], ["a", "c"], ["b", "a"]]);
  assert.equal(firstPairs(blocks, 99).length, 4);
});
