import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, lineName, parsePort, placeOf, portsText, shortName, tellPorts, verdictWords } from "../../static/src/words.js";

test("ids become short names, addresses stay", () => {
  assert.equal(shortName("production/Deployment/frontend#2"), "frontend#2");
  assert.equal(shortName("internet"), "internet");
  assert.equal(shortName("10.0.0.0/8"), "10.0.0.0/8");
  assert.equal(shortName("production/*"), "production/*");
  assert.equal(placeOf("production/Deployment/frontend"), "production · Deployment");
  assert.equal(placeOf("10.0.0.0/8 except 10.1.0.0/16"), "");
  assert.equal(shortName("db/StatefulSet/postgres"), "postgres"); // a namespace that could be the start of an address
});

test("Services have short names too, with their port", () => {
  assert.deepEqual(["svc/shop/web", "svc/2048/web:80", "svc/dns/kube:53/UDP"].map(shortName), ["web", "web:80", "kube:53/UDP"]);
  assert.equal(placeOf("svc/shop/web:80"), "shop · Service");
});

test("ports in the contract's form become words", () => {
  assert.equal(portsText("all"), "all ports");
  assert.equal(portsText({ TCP: "80,8000-8100", UDP: "53" }), "TCP 80, 8000-8100; UDP 53");
  assert.equal(portsText({ UDP: "1-65535" }), "UDP all ports");
  assert.deepEqual([portsText({}), portsText(undefined)], ["no port", "no port"]);
});

test("ports are read as people write them", () => {
  assert.deepEqual(parsePort(" 5432 "), { port: "5432", protocol: "TCP" });
  assert.deepEqual(parsePort("53/udp"), { port: "53", protocol: "UDP" });
  assert.deepEqual(parsePort("SCTP 9000"), { port: "9000", protocol: "SCTP" });
  assert.deepEqual(parsePort("any"), { port: "", protocol: "" });
  for (const wrong of ["0", "65536", "http", "80-90", "80/ICMP"]) assert.equal(parsePort(wrong), null);
});

test("verdicts and counts in words", () => {
  assert.equal(verdictWords("blocked", "target"), "Blocked at destination");
  assert.equal(verdictWords("blocked"), "Blocked");
  assert.equal(verdictWords("partial", ""), "Some ports");
  assert.equal(counted(1, "policy", "policies"), "1 policy");
  assert.equal(counted(1200, "workload"), "1,200 workloads");
  assert.equal(lineName({ file: "base/net/db.yaml", line: 12 }), "db.yaml:12");
});

test("rows of folded namespaces tell their counts", () => {
  const row = { verdict: "partial", blocked_at: "", ports_text: "TCP 80", pairs: null };
  assert.equal(tellPorts(row), "TCP 80");
  assert.equal(tellPorts({ ...row, pairs: { allowed: 12, all: 1340 } }), "12 of 1,340 pairs · TCP 80");
  assert.equal(tellPorts({ ...row, verdict: "blocked", blocked_at: "both", ports_text: "" }), "Blocked at both ends");
});
