import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredPorts, deniedBy, namespaceOf, ownNamespaces } from "../../static/src/fixes.js";
import { checkText, groupOf, wantedOf } from "../../static/src/generate.js";
import { filesOf } from "../../static/src/patch.js";
import { elseText } from "../../static/src/proposal.js";

const PATCH = `--- a/p.yaml
+++ a/p.yaml
@@ -4,3 +4,4 @@
   ports:
--- no header
-  - port: 80
+  - port: 81
@@ -20,1 +21,1 @@
 end
--- /dev/null
+++ new.yaml
@@ -0,0 +1,2 @@
+---
++++ b
`;

test("a patch is its files, each line with its sign", () => {
  const [first, second, ...rest] = filesOf(PATCH);
  assert.equal(rest.length, 0);
  assert.deepEqual([first.name, first.isNew], ["a/p.yaml", false]);
  assert.deepEqual(first.lines.map(({ sign }) => sign).join(""), "@ --+@ ");
  assert.equal(first.lines[2].text, "-- no header");
  assert.deepEqual([second.name, second.isNew], ["new.yaml", true]);
  assert.deepEqual(second.lines.slice(1), [{ sign: "+", text: "---" }, { sign: "+", text: "+++ b" }]);
  assert.deepEqual(filesOf(""), []);
});

test("what else changes is said with its counts", () => {
  const none = { opened: 0, cut: 0, unknown: 0, beyond: 0 };
  assert.equal(elseText(none), "Changes no other path.");
  assert.equal(elseText({ ...none, beyond: 2 }), "Changes no other path. 2 other workloads are selected by the changed policy.");
  assert.equal(elseText({ ...none, opened: 3, cut: 1 }), "Also opens 3 paths, cuts 1.");
  assert.equal(elseText({ ...none, cut: 1 }), "Also cuts 1 path.");
  assert.equal(elseText({ ...none, cut: 43 }, true), "It cuts 43 paths.");
  assert.equal(elseText(none, true), "It changes no path.");
});

test("the namespaces to deny stand in the address", () => {
  assert.deepEqual(deniedBy("deny:a,b"), ["a", "b"]);
  assert.deepEqual(deniedBy("deny:"), []);
  assert.equal(deniedBy("open"), null);
});

test("declared ports are offered one by one", () => {
  assert.deepEqual(declaredPorts({ TCP: "80,9092-9093", UDP: "53" }), ["80", "9092", "9093", "53/UDP"]);
  assert.deepEqual(declaredPorts({ TCP: "1-65535" }), []);
  for (const none of [undefined, "all", {}]) assert.deepEqual(declaredPorts(none), []);
});

test("what has a namespace can be denied by default", () => {
  assert.equal(namespaceOf("shop/Deployment/web"), "shop");
  assert.equal(namespaceOf("shop/*"), "shop");
  for (const id of ["internet", "10.0.0.0/8", "10.0.0.0/8 except 10.1.0.0/16", "", "svc/shop/web"]) assert.equal(namespaceOf(id), "");
  assert.deepEqual(ownNamespaces(["a", "kube-system", "openshift-dns"]), ["a"]);
  assert.deepEqual(ownNamespaces(["kube-system"]), ["kube-system"]);
});

test("wishes stand in the group of their surest reason, and only those that are ticked are sent", () => {
  const wish = (chosen, ports, ...reasons) => ({ source: "a", destination: "b", ports, chosen, reasons: reasons.map((reason) => ({ reason, text: "" })) });
  assert.equal(groupOf(wish(true, null, "allowed", "environment")), "environment");
  assert.equal(groupOf(wish(true, null)), "chosen");
  assert.deepEqual(wantedOf([wish(true, null), wish(false, "all"), wish(true, { TCP: "80" })]), [{ source: "a", destination: "b" }, { source: "a", destination: "b", ports: { TCP: "80" } }]);
});

test("the check says what is not as it should be", () => {
  const none = { count: 0, rows: [] };
  assert.equal(checkText({ exact: true, extra: none, missing: none, names: 0 }), "Checked: exactly what is wanted is allowed.");
  assert.equal(checkText({ exact: false, extra: { count: 2, rows: [] }, missing: { count: 1, rows: [] }, names: 3 }), "Checked: 2 paths more than wanted, 1 wanted path not allowed. 3 workloads may ask the DNS besides.");
});
