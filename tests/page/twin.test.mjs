import assert from "node:assert/strict";
import { test } from "node:test";
import { isTaken } from "../../static/src/files.js";
import { arrange } from "../../static/src/twin.js";
import { rowsOf } from "../../static/src/lines.js";

const row = (source, destination, verdict, ports_text = "") => ({ source, destination, verdict, ports_text, blocked_at: "", reasons: [], ports: {}, drawn: true, label: "" });
const rows = [row("a/Pod/x", "b/Pod/y", "partial", "TCP 80"), row("a/Pod/z", "b/Pod/y", "blocked"), row("b/Pod/y", "internet", "allowed", "every port")];

test("filter words must all occur", () => {
  assert.equal(arrange(rows, "a/ blocked", { by: "", down: false }).length, 1);
  assert.equal(arrange(rows, "nowhere", { by: "", down: false }).length, 0);
  assert.deepEqual(arrange(rows, "", { by: "", down: false }), rows);
});

test("sorting leaves the rows themselves alone", () => {
  assert.deepEqual(arrange(rows, "", { by: "source", down: true }).map((item) => item.source), ["b/Pod/y", "a/Pod/z", "a/Pod/x"]);
  assert.equal(rows[0].source, "a/Pod/x");
});

test("a bundle stands for the rows between its ends, even where a name holds a '>'", () => {
  const node = (id, namespace, type = "workload") => ({ id, namespace, type });
  const scene = { edges: [row("a/Pod/x>1", "internet", "allowed"), row("a/Pod/z", "internet", "allowed")], nodes: [node("a/Pod/x>1", "a"), node("a/Pod/z", "a"), node("internet", "", "external")] };
  assert.equal(rowsOf("a/*>internet", scene).length, 2);
  assert.equal(rowsOf("a/Pod/x>1>internet", scene).length, 1);
});

test("only what can hold manifests is taken from a folder", () => {
  for (const path of ["a.yaml", "x/b.yml", "c.JSON", "d.tar.gz", "e.tgz"]) assert.ok(isTaken(path), path);
  for (const path of ["README.md", ".git/config.yaml", "x/node_modules/y.yaml", "__MACOSX/._a.yaml", "noextension"]) assert.ok(!isTaken(path), path);
});
