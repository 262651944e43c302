import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsAt, scalar } from "../../static/src/editor/options.js";
import { keyAt, placeAt } from "../../static/src/editor/place.js";
import { BEGINNINGS, fieldAt, KINDS, told } from "../../static/src/editor/schema.js";

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web # the front
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - namespaceSelector: {}
      podSelector:
        matchExpressions:
        - key: app
          operator: In
          values:
          - api
    ports:
    - port: 80
  - from:
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
`;

/** The place of the mark "|" in a text. */
function at(marked) {
  const [before] = marked.split("|");
  const lines = marked.replace("|", "").split("\n");
  const row = before.split("\n").length - 1;
  return [lines, row, before.length - before.lastIndexOf("\n") - 1];
}
const place = (marked) => placeAt(...at(marked));
const after = (text) => `${POLICY}${text}`;
const where = (marked) => {
  const { path, at: kind, key, typed } = place(marked);
  return `${path.join(".")} ${kind}${key && ` of ${key}`}${typed && ` "${typed}"`}`;
};

test("the path of a place follows from the indentation", () => {
  assert.equal(where(after("|")), " key");
  assert.equal(where(after("  egr|")), 'spec key "egr"');
  assert.equal(where(after("    por|")), 'spec.ingress.1 key "por"');
  assert.equal(where(after("    - pod|")), 'spec.ingress.1.from.1 item "pod"');
  assert.equal(where(after("      pod|")), 'spec.ingress.1.from.0 key "pod"');
  assert.equal(where(after("  - |")), "spec.ingress.2 item");
  assert.equal(where(after("  policyTypes:\n  - In|")), 'spec.policyTypes.0 item "In"');
  assert.equal(where(after("  policyTypes:\n    - Ingress\n    - |")), "spec.policyTypes.1 item");
  assert.equal(where(after("  policyTypes: [Ingress, E|")), 'spec.policyTypes.1 item "E"');
  assert.equal(where(after("  podSelector: {matchLabels: {app: w|")), 'spec.podSelector.matchLabels value of app "w"');
  assert.equal(where(after("  podSelector: {|")), "spec.podSelector key");
  assert.equal(where(POLICY.replace("operator: In", "operator: No|In")), 'spec.ingress.0.from.0.podSelector.matchExpressions.0 value of operator "No"');
  assert.equal(where(POLICY.replace("- api", "- a|pi")), 'spec.ingress.0.from.0.podSelector.matchExpressions.0.values.0 item "a"');
  assert.equal(where(POLICY.replace("port: 80", "port: |80")), "spec.ingress.0.ports.0 value of port");
});

test("a document is alone, wherever it stands in the file", () => {
  const two = `kind: ClusterNetworkPolicy\nspec:\n  tier: Admin\n---\n${POLICY}---\nkind: AdminNetworkPolicy\nspec:\n  |`;
  assert.equal(place(two).kind, "AdminNetworkPolicy");
  assert.deepEqual(place(two).path, ["spec"]);
  assert.equal(place(`---\n|\n---\n${POLICY}`).kind, "");
});

test("keys that are there already are known, above and below", () => {
  const found = place(POLICY.replace("  ingress:", "  |\n  ingress:"));
  assert.deepEqual([...found.keys[0].keys()].sort(), ["ingress", "podSelector"]);
  assert.deepEqual([...found.keys[1].keys()].sort(), ["apiVersion", "kind", "metadata", "spec"]);
});

test("a key is found under the pointer", () => {
  const lines = POLICY.split("\n");
  assert.deepEqual(keyAt(lines, 11, 9)?.path, ["spec", "ingress", 0, "from", 0, "namespaceSelector"]);
  assert.deepEqual(keyAt(lines, 5, 0)?.path, ["spec"]);
  assert.equal(keyAt(lines, 11, 26), null);
  assert.equal(keyAt(["# kind: x"], 0, 3), null);
});

test("every field of every kind says what it means, and each path leads to it", () => {
  const walk = (kind, field, path) => {
    assert.ok(field.doc.length > 5, `${kind} ${path.join(".")}`);
    assert.equal(fieldAt(kind, path), field);
    for (const [name, child] of Object.entries(field.fields ?? {})) if (path.length || name !== "kind") walk(kind, child, [...path, name]);
    if (field.item) walk(kind, field.item, [...path, 3]);
    if (field.type === "word") assert.ok(field.words.length > 0);
  };
  for (const [kind, field] of Object.entries(KINDS)) walk(kind, field, []);
  assert.equal(fieldAt("NetworkPolicy", ["spec", "nothing"]), null);
  assert.equal(fieldAt("NetworkPolicy", ["spec", "podSelector", 0]), null);
  assert.equal(fieldAt("NetworkPolicy", ["constructor"]), null);
});

test("the difference between missing, {} and [] is told", () => {
  const words = (kind, ...path) => Object.fromEntries(told(fieldAt(kind, path)));
  assert.match(words("NetworkPolicy", "spec", "ingress")["[]"], /allows nothing/);
  assert.match(words("NetworkPolicy", "spec", "ingress", 0)["{}"], /Everything is allowed in/);
  assert.match(words("NetworkPolicy", "spec", "ingress", 0, "from")["[]"], /Everybody/);
  assert.match(words("NetworkPolicy", "spec", "egress", 0, "ports", 0)["{}"], /All TCP/);
  assert.match(words("NetworkPolicy", "spec", "policyTypes").missing, /Ingress; and Egress too/);
  assert.match(words("ClusterNetworkPolicy", "spec", "subject", "pods", "namespaceSelector").missing, /All namespaces/);
  assert.match(words("AdminNetworkPolicy", "spec", "subject", "pods", "namespaceSelector").missing, /An error/);
});

const KNOWN = {
  labels: { app: ["api", "web"], tier: ["db"], "version": ["1", "true"] },
  namespaces: { shop: { "kubernetes.io/metadata.name": "shop", team: "a" }, data: { "kubernetes.io/metadata.name": "data" } },
  ports: [80, 5432], port_names: ["http"],
};
const offered = (marked) => (optionsAt(...at(marked), KNOWN)?.options ?? []).map((option) => option.label);
const applied = (marked, label) => {
  const [lines, row] = at(marked);
  const { from, to, options } = optionsAt(...at(marked), KNOWN);
  const chosen = options.find((option) => option.label === label);
  return lines[row].slice(0, from) + chosen.apply + lines[row].slice(to);
};

test("keys that may stand there and are not there yet", () => {
  assert.deepEqual(offered(after("  |")), ["policyTypes", "egress"]);
  assert.deepEqual(offered(after("    |")), ["ports"]);
  assert.deepEqual(offered(after("    - |")), ["podSelector", "namespaceSelector", "ipBlock"]);
  assert.deepEqual(offered(after("  podSelector: {|")), ["matchLabels", "matchExpressions"]);
  assert.deepEqual(offered("kind: ClusterNetworkPolicy\nspec:\n  ingress:\n  - |"), ["name", "action", "from", "protocols"]);
  assert.deepEqual(offered("kind: AdminNetworkPolicy\nspec:\n  egress:\n  - to:\n    - |"), ["namespaces", "pods", "networks", "nodes", "domainNames"]);
  assert.deepEqual(offered("kind: Deployment\nspec:\n  |"), []);
  assert.deepEqual(offered(after("  # a comment |")), []);
});

test("words and live values", () => {
  assert.deepEqual(offered(after("  policyTypes:\n  - |")), ["Ingress", "Egress"]);
  assert.deepEqual(offered(after("  policyTypes: [Ingress, |")), ["Egress"]);
  assert.deepEqual(offered(POLICY.replace("operator: In", "operator: |")), ["In", "NotIn", "Exists", "DoesNotExist"]);
  assert.deepEqual(offered(POLICY.replace("app: web", "app: |")), ["api", "web"]);
  assert.deepEqual(offered(POLICY.replace("      app: web", "      app: web\n      |")), ["tier", "version"]);
  assert.deepEqual(offered(POLICY.replace("- api", "- |")), ["api", "web"]);
  assert.deepEqual(offered(POLICY.replace("- api", "- api\n          - |")), ["web"]);
  assert.deepEqual(offered(POLICY.replace("key: app", "key: |")), ["app", "tier", "version"]);
  assert.deepEqual(offered(POLICY.replace("namespace: shop", "namespace: |")), ["shop", "data"]);
  assert.deepEqual(offered(POLICY.replace("namespaceSelector: {}", "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: |")), ["data", "shop"]);
  assert.deepEqual(offered(POLICY.replace("port: 80", "port: |")), ["80", "5432", "http"]);
  assert.deepEqual(offered("kind: |"), Object.keys(KINDS));
  assert.deepEqual(offered("kind: AdminNetworkPolicy\nspec:\n  ingress:\n  - action: |"), ["Allow", "Deny", "Pass"]);
});

test("what is inserted can be gone on with", () => {
  assert.equal(applied(after("  eg|"), "egress"), "  egress:\n  - ");
  assert.equal(applied(after("    - pod|"), "podSelector"), "    - podSelector:\n        ");
  assert.equal(applied(POLICY.replace("port: 80", "po|: 80"), "port"), "    - port: 80");
  assert.equal(applied(after("  egress:\n    |"), "- to"), "    - to:\n      - ");
  assert.equal(applied(after("  podSelector: {mat|"), "matchLabels"), "  podSelector: {matchLabels: {}");
  assert.equal(applied(POLICY.replace("app: web", "version: |"), "true"), '      version: "true"');
  assert.equal(applied("|", "New NetworkPolicy"), BEGINNINGS.NetworkPolicy);
});

test("a text stays a text", () => {
  assert.deepEqual(["web", "1", "true", "", "a b", "10.0.0.0/8", "::/0", "1.5", "no"].map(scalar), ["web", '"1"', '"true"', '""', '"a b"', "10.0.0.0/8", '"::/0"', '"1.5"', '"no"']);
});
