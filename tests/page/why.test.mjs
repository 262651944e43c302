import assert from "node:assert/strict";
import { test } from "node:test";
import { decidingSource, ladder, sortNotes, tierName, toneOf } from "../../static/src/why.js";

const said = (tier, tone, more = {}) => ({ tier, tone, code: "x", text: tier, policy: null, rule: null, source: null, details: [], ...more });

test("each tier is a rung, in the order in which it was asked", () => {
  const rungs = ladder([said("Admin", "on"), said("NetworkPolicy", "on"), said("Baseline", "bar")]);
  assert.deepEqual(rungs.map(({ tier, tone }) => [tier, tone]), [["Admin", "on"], ["NetworkPolicy", "on"], ["Baseline", "bar"]]);
});

test("a tier that says several things is one rung, and says what decides", () => {
  const rungs = ladder([said("Admin", "key"), said("Admin", "on"), said("default", "open")]);
  assert.deepEqual(rungs.map(({ tier, tone, sentences }) => [tier, tone, sentences.length]), [["Admin", "key", 2], ["default", "open", 1]]);
});

test("tiers that do not exist yet are rungs like others", () => {
  assert.deepEqual(ladder([said("Emergency", "on"), said("Team", "key")]).map(({ tier }) => tierName(tier)), ["Emergency tier", "Team tier"]);
  assert.deepEqual(["NetworkPolicy", "default", "Admin"].map(tierName), ["NetworkPolicy", "Default", "Admin tier"]);
});

test("the line to show first is one that bars, not one that goes on", () => {
  const place = (line) => ({ file: "p.yaml", document: 1, line });
  const sentences = { headline: "", notes: [], egress: [said("Admin", "on", { source: place(3) })], ingress: [said("Admin", "bar", { source: place(9) })] };
  assert.equal(decidingSource({ sentences }).line, 9);
});

test("a near miss goes before the policy that isolates", () => {
  const place = (line) => ({ file: "p.yaml", document: 1, line });
  const sentences = { headline: "", notes: [], egress: [], ingress: [said("NetworkPolicy", "bar", { source: place(2) })] };
  const near = { reason: "pod_label", text: "", path: "", source: place(7) };
  const ingress = { verdict: "blocked", near_misses: [{ text: "", source: place(5), lacks: [near] }] };
  assert.equal(decidingSource({ sentences, egress: { verdict: "allowed" }, ingress }).line, 7);
  assert.equal(decidingSource({ sentences, ingress: { ...ingress, near_misses: [] } }).line, 2);
});

test("who cannot resolve names is told first", () => {
  const answer = { source: "a/Pod/x", sentences: { notes: ["The node can always reach it.", "a/Pod/x cannot resolve names: blocked.", "a/Pod/x2 is another."] } };
  assert.deepEqual(sortNotes(answer), { first: ["a/Pod/x cannot resolve names: blocked."], rest: ["The node can always reach it.", "a/Pod/x2 is another."] });
});

test("a tier that allows some ports and blocks the rest does not bar the way", () => {
  for (const tones of [["key", "bar"], ["bar", "key"], ["bar", "on", "key"]]) {
    const rungs = ladder(tones.map((tone) => said("Admin", tone)));
    assert.deepEqual(rungs.map(({ tone, mixed }) => [tone, mixed]), [["key", true]], tones.join());
  }
  assert.deepEqual(ladder([said("Admin", "unknown"), said("Admin", "bar")]).map(({ tone, mixed }) => [tone, mixed]), [["unknown", true]]);
  assert.deepEqual(ladder([said("Admin", "on"), said("Admin", "bar"), said("Admin", "bar")]).map(({ tone, mixed }) => [tone, mixed]), [["bar", false]]);
});

test("an end looks as its last tier does, unless an earlier one lets some ports pass", () => {
  const rungs = ladder([said("Admin", "key"), said("Baseline", "bar")]);
  assert.equal(toneOf(rungs, { verdict: "allowed" }), "key");
  assert.equal(toneOf(rungs, { verdict: "blocked" }), "bar");
  assert.equal(toneOf([], undefined), "open");
});
