import assert from "node:assert/strict";
import { test } from "node:test";
import { lackOf } from "../../static/src/lacks.js";

const summary = (/** @type {object} */ change) => /** @type {any} */ ({ workloads: 3, policies: 2, problems: [], counts: { not_understood: 0 }, unknown: { pairs: 0, reasons: {} }, ...change });
const missing = { problems: [{ code: "undeclared_namespace" }, { code: "undeclared_namespace" }, { code: "other" }], unknown: { pairs: 40, reasons: { undeclared_namespace_labels: 31, other: 9 } } };

test("nothing is missing", () => assert.equal(lackOf(summary({})), null));

test("what is missing most is told first, with its numbers", () => {
  assert.deepEqual(lackOf(summary({ workloads: 0, policies: 0, ...missing })), { lack: "nothing", text: "Nothing to draw: no workload and no policy was read. Drop manifests here; they stay on this server." });
  assert.deepEqual(lackOf(summary({ workloads: 0, policies: 5, ...missing })), { lack: "no_workloads", text: "5 policies, but no pods to apply them to." });
  assert.deepEqual(lackOf(summary({ workloads: 0, policies: 1 })), { lack: "no_workloads", text: "1 policy, but no pods to apply it to." });
  assert.deepEqual(lackOf(summary({ workloads: 1200, policies: 0 })), { lack: "no_policies", text: "No policies: all 1,200 workloads can reach each other and the Internet." });
  assert.deepEqual(lackOf(summary(missing)), { lack: "no_namespaces", text: "2 namespaces have no manifest; their labels are unknown, so 31 verdicts are UNKNOWN." });
});

test("nothing is called open while a document may hold the policy", () => assert.equal(lackOf(summary({ policies: 0, counts: { not_understood: 1 } })), null));

test("namespaces without a manifest matter only where something depends on them", () => {
  assert.equal(lackOf(summary({ problems: missing.problems })), null);
  assert.equal(lackOf(summary({ unknown: missing.unknown })), null);
  const one = { problems: missing.problems.slice(0, 1), unknown: { pairs: 1, reasons: { undeclared_namespace_labels: 1 } } };
  assert.match(lackOf(summary(one))?.text ?? "", /^1 namespace has no manifest; its labels are unknown, so 1 verdict is UNKNOWN\.$/);
});
