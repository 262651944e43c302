import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenEntries, entryVerdict, peersLook, peersPorts, portsText, resolutionText, shutWorkloads, throughText } from "../../static/src/facts.js";

const way = { workload: "shop/Pod/web", verdict: "allowed", through: "controller", via: ["ingress/Deployment/nginx"], allowed: { TCP: "80" } };
const peers = { ports: {}, unknown_ports: {}, names: [] };

test("ports as people read them", () => {
  assert.equal(portsText("all"), "all ports");
  assert.equal(portsText({ TCP: "80,443,8000-8100", UDP: "1-65535" }), "TCP 80, 443, 8000-8100; UDP all ports");
  assert.equal(portsText({}), "");
  assert.equal(portsText(undefined), "");
});

test("a way in says who carries it and whether it is let in", () => {
  assert.equal(throughText(way), "through nginx");
  assert.equal(throughText({ ...way, via: null }), "through a controller that is not known");
  assert.equal(throughText({ ...way, through: "node_port", via: null }), "through a NodePort");
  assert.equal(entryVerdict(way), "let in");
  assert.equal(entryVerdict({ ...way, verdict: "partial" }), "only TCP 80 let in");
  assert.equal(entryVerdict({ ...way, verdict: "blocked" }), "not let in");
  assert.equal(entryVerdict({ ...way, verdict: "blocked", workload: null }), "leads nowhere");
});

test("what leads nowhere is not called blocked", () => {
  const shut = { ...way, verdict: "blocked", object: "Ingress a/b" };
  const broken = { ...shut, workload: null };
  const found = shutWorkloads([way, shut, shut, { ...shut, object: "Service a/c" }, broken]);
  assert.deepEqual([...found], [["shop/Pod/web", ["Ingress a/b", "Service a/c"]]]);
  assert.deepEqual(brokenEntries([way, shut, broken]), [broken]);
});

test("names: each protocol by itself where they differ", () => {
  assert.match(resolutionText({ verdict: "blocked", UDP: "blocked", TCP: "blocked" }), /^It may not ask the cluster's DNS/);
  assert.match(resolutionText({ verdict: "partial", UDP: "allowed", TCP: "blocked" }), /UDP 53 may pass and TCP 53 may not/);
  assert.match(resolutionText({ verdict: "allowed", UDP: "allowed", TCP: "allowed", assumed: true }), /not in the input/);
  assert.equal(resolutionText({ verdict: "allowed", UDP: "allowed", TCP: "allowed", reason: "is_dns" }), "It is the cluster's DNS itself.");
});

test("exposure: numbers, names, doubts and what is denied", () => {
  assert.equal(peersPorts(peers), "nothing");
  assert.equal(peersPorts({ ...peers, ports: { TCP: "53" }, names: ["metrics/TCP"] }), "TCP 53 and ports named metrics/TCP");
  assert.equal(peersPorts({ ...peers, unknown_ports: "all", denied: { TCP: "22" } }), "unknown: all ports; not TCP 22");
  assert.equal(peersLook(peers), "blocked");
  assert.equal(peersLook({ ...peers, names: ["http/TCP"] }), "allowed");
  assert.equal(peersLook({ ...peers, unknown_names: ["http/TCP"] }), "unknown");
});
