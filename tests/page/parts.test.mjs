import assert from "node:assert/strict";
import { test } from "node:test";
import { decidingPart, groupsOf, hasEnds, portTitle, tallyText } from "../../static/src/parts.js";

const web = { name: "web", protocol: "TCP", port: 80, target: 8080 };
const dns = { name: "dns", protocol: "UDP", port: 53, target: null };
const part = (verdict, destination, service_port, more = {}) => ({ verdict, source: "a/Pod/x", destination, service_port, sentences: { headline: "Blocked", notes: [], egress: [], ingress: [] }, ...more });
const service = (ports) => ({ id: "svc/shop/web", type: "ClusterIP", headless: false, backends: "some", ports });

test("all, some and none of the backends", () => {
  const of = (...verdicts) => tallyText(verdicts.map((verdict) => part(verdict, "b/Pod/y", web)));
  assert.equal(of("allowed", "allowed"), "All 2 backends let it in");
  assert.equal(of("allowed", "blocked", "blocked"), "1 of 3 backends lets it in");
  assert.equal(of("allowed", "allowed", "unknown"), "2 of 3 backends let it in, 1 unknown");
  assert.equal(of("blocked", "blocked"), "None of 2 backends let it in");
  assert.equal(of("allowed"), "The one backend lets it in");
  assert.equal(of("unknown"), "Unknown whether the one backend lets it in");
});

test("backends stand under the port that leads to them", () => {
  const answer = { verdict: "allowed", service: service([web, dns]), parts: [part("allowed", "b/Pod/y", { ...web }), part("blocked", "b/Pod/y", { ...dns }), part("blocked", "b/Pod/z", { ...web })] };
  assert.deepEqual(groupsOf(answer).map(({ head, look, parts }) => [head, look, parts.length]), [["Port 80/TCP (web), target port 8080", "partial", 2], ["Port 53/UDP (dns)", "blocked", 1]]);
  assert.equal(decidingPart(answer), answer.parts[0]);
});

test("a port without a backend says why, and has no ends", () => {
  const sentences = { headline: "No backend", notes: [], egress: [{ text: "No pod stands behind the Service." }], ingress: [] };
  const answer = { verdict: "blocked", service: service([{ ...web, reason: "no_backend" }]), parts: [part("blocked", "svc/shop/web", { ...web }, { sentences })] };
  const [group] = groupsOf(answer);
  assert.deepEqual([group.tally, group.reason, group.failure, group.parts], ["No backend", "no_backend", "No pod stands behind the Service.", []]);
  assert.equal(hasEnds(answer, answer.parts[0]), false);
});

test("a name outside the cluster is judged like any end", () => {
  const answer = { verdict: "allowed", service: service([{ ...web, reason: "" }]), parts: [part("allowed", "svc/shop/web", { ...web })] };
  assert.equal(hasEnds(answer, answer.parts[0]), true);
  assert.equal(groupsOf(answer)[0].parts.length, 1);
});

test("ports are named once", () => {
  assert.equal(portTitle({ ...web, name: "" }), "Port 80/TCP, target port 8080");
  assert.equal(portTitle({ name: "81", protocol: "TCP", port: 81, target: 81 }), "Port 81/TCP");
  assert.equal(portTitle({ name: "", protocol: "TCP", port: 0, target: null }), "Port any/TCP");
});

test("other questions have one group, and an answer without parts is its own part", () => {
  const answer = { verdict: "blocked", parts: [part("allowed", "internet"), part("blocked", "10.0.0.0/8")] };
  assert.deepEqual(groupsOf(answer).map(({ head, parts }) => [head, parts.length]), [["", 2]]);
  assert.equal(decidingPart(answer).destination, "10.0.0.0/8");
  const alone = part("allowed", "internet");
  assert.equal(decidingPart(alone), alone);
  assert.equal(hasEnds(alone, alone), true);
});
