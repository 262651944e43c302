import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText, headText, kindText, shareText } from "../../static/src/cells.js";
import { csvOf, markdownOf } from "../../static/src/copies.js";
import { seen, step } from "../../static/src/matrix.js";

const kind = (verdict, more = {}) => ({ verdict, blocked_at: "", ports: {}, ports_text: "", unknown_ports: {}, aside: "", ...more });

test("only what is seen and a little more is in the document", () => {
  assert.deepEqual(seen(0, 300, 30, 2766), { first: 0, last: 13 });
  assert.deepEqual(seen(3000, 300, 30, 2766), { first: 97, last: 113 });
  assert.deepEqual(seen(0, 3000, 30, 9), { first: 0, last: 8 });
});

test("keys lead to the neighbour, to the headings and to the ends", () => {
  const at = { row: 4, column: 0 };
  assert.deepEqual(step("ArrowDown", false, at, 10, 5), { row: 5, column: 0 });
  assert.deepEqual(step("ArrowLeft", false, at, 10, 5), { row: 4, column: -1 });
  assert.deepEqual(step("ArrowUp", false, { row: 0, column: 3 }, 10, 5), { row: -1, column: 3 });
  assert.deepEqual(step("ArrowUp", false, { row: 0, column: -1 }, 10, 5), { row: 0, column: -1 });
  assert.deepEqual(step("PageDown", false, at, 10, 5), { row: 9, column: 0 });
  assert.deepEqual(step("End", false, at, 10, 5), { row: 4, column: 9 });
  assert.deepEqual(step("End", true, at, 10, 5), { row: 9, column: 9 });
  assert.deepEqual(step("Home", false, { row: 4, column: 7 }, 10, 5), { row: 4, column: 0 });
  assert.deepEqual(step("Home", true, { row: 4, column: 7 }, 10, 5), { row: 0, column: 0 });
  assert.deepEqual(step("End", false, { row: -1, column: 2 }, 10, 5), { row: -1, column: 9 });
  assert.equal(step("x", false, at, 10, 5), null);
});

test("a cell is read out with its ends, its verdict and its ports", () => {
  const [source, destination] = [{ label: "frontend" }, { label: "database" }];
  assert.equal(cellText(kind("blocked", { blocked_at: "target" }), source, destination), "frontend to database: Blocked at destination");
  assert.equal(kindText(kind("partial", { ports: { TCP: "5432" }, ports_text: "TCP 5432" })), "Some ports, TCP 5432");
  assert.equal(kindText(kind("allowed", { ports: "all", ports_text: "all ports" })), "Allowed");
  assert.equal(kindText(kind("partial", { pairs: { allowed: 12, unknown: 3, all: 340 } })), "12 of 340 pairs allowed, 3 unknown");
  assert.equal(kindText(kind("partial", { aside: "dns", ports_text: "UDP 53", ports: { UDP: "53" } })), "Some ports, UDP 53, hidden: DNS");
});

test("a heading tells how it stands in its direction", () => {
  const node = { type: "workload", label: "web", kind: "Deployment", namespace: "shop", state: { ingress: "isolated", egress: "open" } };
  assert.equal(headText(node, "ingress"), "web, Deployment, namespace shop, isolated for ingress");
  assert.equal(headText(node, "egress"), "web, Deployment, namespace shop, egress open");
});

test("a share never looks like all or nothing when it is not", () => {
  const told = [[0, 9], [1, 900], [450, 900], [899, 900], [900, 900]].map(([allowed, all]) => shareText({ allowed, all }));
  assert.deepEqual(told, ["", "<1%", "50%", ">99%", "all"]);
});

const edge = { source: "a/Pod/x", destination: "=cmd|'/c", verdict: "partial", blocked_at: "", ports_text: "TCP 80, 443", pairs: null, reasons: [] };
const rules = () => ({ egress: [{ text: "a/out rule 1" }], ingress: [] });

test("copies hold every column, and no cell becomes a formula or markup", () => {
  assert.equal(csvOf([edge], rules), `From,To,Ports,Verdict,Source rule,Destination rule\na/Pod/x,'=cmd|'/c,"TCP 80, 443",Some ports,a/out rule 1,\n`);
  const [, , row] = markdownOf([edge], rules).split("\n");
  assert.equal(row, "| a/Pod/x | =cmd\\|'/c | TCP 80, 443 | Some ports | a/out rule 1 |  |");
});
