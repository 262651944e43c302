import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsOf } from "../../static/src/options.js";

const names = {
  workloads: ["shop/Deployment/web10", "shop/Deployment/web2", "data/StatefulSet/db", "shop/StatefulSet/db"],
  externals: ["internet", "10.0.0.0/8"],
  services: ["svc/shop/web", "svc/data/db", "svc/shop/db"],
};

test("both ends may be workloads and addresses; names that stand twice have their namespace", () => {
  assert.deepEqual(optionsOf(names).peers.map(({ label }) => label), ["data/db", "shop/db", "web2", "web10", "internet", "10.0.0.0/8"]);
});

test("Services are told from workloads of the same name", () => {
  const { services } = optionsOf(names);
  assert.deepEqual(services.map(({ label, hint }) => [label, hint]), [["data/db (Service)", "data · Service"], ["shop/db (Service)", "shop · Service"], ["web (Service)", "shop · Service"]]);
  assert.equal(services.find(({ label }) => label === "web (Service)").value, "svc/shop/web");
});

test("a namespace is a filter", () => {
  assert.deepEqual(optionsOf(names).spaces.map(({ value, label }) => [value, label]), [["ns:shop", "shop (namespace)"], ["ns:data", "data (namespace)"]]);
});

test("nothing offers nothing", () => {
  assert.deepEqual(optionsOf({ workloads: [], externals: [], services: [] }), { peers: [], spaces: [], services: [] });
});
