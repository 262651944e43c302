import assert from "node:assert/strict";
import { test } from "node:test";
import { canAsk, chainHeadline, placed, policiesToChange, spoken } from "../../static/src/chain.js";

const place = (line) => ({ file: "p.yaml", document: 1, line });
const policy = (name, line) => ({ kind: "NetworkPolicy", namespace: "shop", name, source: place(line) });
const rule = (name, index, line, more = {}) => ({ policy: policy(name, 1), index, action: "Allow", source: place(line), ...more });
const end = (rules, more = {}) => ({ open: !rules.length, reasons: [], rules, policies: [], sentences: [], ...more });
const hop = (source, destination, only_way, egress, ingress, verdict = "allowed") => ({ source, destination, only_way, egress, ingress, verdict, ports: "all", unknown_ports: {} });
const hops = [
  hop("a/Pod/x", "a/Pod/y", false, end([rule("free", 0, 2)]), end([])),
  hop("a/Pod/y", "a/Pod/z", true, end([rule("out", 0, 3)]), end([rule("out", 1, 4), rule("in", 0, 5)])),
];

test("the answer in a line, the unknown apart", () => {
  const said = (verdict, count) => Object.values(chainHeadline({ verdict, hops: hops.slice(0, count) }));
  assert.deepEqual(said("allowed", 2), ["allowed", "Yes, in 2 hops"]);
  assert.deepEqual(said("allowed", 1), ["allowed", "Directly, in one hop"]);
  assert.deepEqual(said("unknown", 2), ["unknown", "Perhaps, in 2 hops"]);
  assert.deepEqual(said("blocked", 0), ["blocked", "No: no chain of connections leads there"]);
  assert.deepEqual(said("allowed", 0), ["allowed", "It is there already"]);
});

test("the policies to change are those of the hops that every chain uses", () => {
  assert.deepEqual(policiesToChange({ hops }), ["NetworkPolicy shop/out", "NetworkPolicy shop/in"]);
  assert.deepEqual(policiesToChange({ hops: hops.slice(0, 1) }), []);
});

test("each sentence of an end has the line that it speaks of", () => {
  const named = end([rule("web", 0, 10), rule("web", 10, 20), rule("web-2", 0, 30, { name: "front" })], {
    policies: [policy("odd", 40), policy("odd-2", 50)],
    sentences: [
      "NetworkPolicy shop/web, egress rule 11 allows it.", "NetworkPolicy shop/web, egress rule 1 allows it.",
      "NetworkPolicy shop/web-2, egress rule 1 (front) may allow it.", "It depends on NetworkPolicy shop/odd. A policy may select the pod.", "It depends on NetworkPolicy shop/odd-2, NetworkPolicy shop/odd.", "No policy isolates it.",
    ],
  });
  assert.deepEqual(placed(named, "egress").map(({ source }) => source?.line ?? 0), [20, 10, 30, 40, 50, 0]);
});

test("a chain leads to workloads and addresses", () => {
  const pair = { source: "a/Pod/x", destination: "a/Pod/y" };
  assert.equal(canAsk(pair), true);
  assert.equal(canAsk({ ...pair, destination: "internet" }), true);
  assert.equal(canAsk({ ...pair, destination: "svc/a/y", service: {} }), false);
  assert.equal(canAsk({ ...pair, destination: "a/Pod/x" }), false);
});

test("for the ear: how long, by way of whom, and what cuts it", () => {
  assert.equal(spoken({ verdict: "allowed", hops }), "Yes, in 2 hops, by way of y. 1 hop that every chain uses.");
});
