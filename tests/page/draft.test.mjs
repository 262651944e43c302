import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { byPair, changesOf, countsText, kindOfLine } from "../../static/src/changes.js";
import { Draft, lineInText, PAUSE_MS, placeInFile } from "../../static/src/draft.js";

const A = "kind: NetworkPolicy\r\n# a\r\n";
const B = "kind: NetworkPolicy\n# b\n";

/** A server that names drafts by their texts, and cannot read a tab. */
function served() {
  const [drafts, shown, posts] = [new Map(), [], []];
  const loaded = [{ name: "a.yaml", text: A, parts: [] }, { name: "b.yaml", text: B, parts: [] }];
  const server = {
    post: async (edits) => {
      posts.push(edits);
      const bad = Object.values(edits).some((text) => text.includes("\t"));
      if (bad) return { draft: null, problems: [{ severity: "error", code: "yaml", message: "A tab.", file: "a.yaml", line: 2, column: 1 }] };
      const token = JSON.stringify(Object.entries(edits).sort());
      drafts.set(token, edits);
      return { draft: token, problems: [] };
    },
    files: async (token) => {
      const texts = new Map([...loaded.map(({ name, text }) => [name, text]), ...Object.entries(drafts.get(token) ?? {})]);
      return [...texts].map(([name, text]) => ({ name, text, parts: [] }));
    },
  };
  const draft = new Draft(server, (token) => shown.push(token), () => {});
  return { draft, shown, posts, server, drafts };
}
const settled = async () => {
  for (let turn = 0; turn < 9; turn += 1) await Promise.resolve();
};

test("a pause of typing is one question and one step", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { draft, shown, posts } = served();
    await draft.open("");
    for (const text of ["1", "12", "123"]) {
      draft.edit("a.yaml", text);
      mock.timers.tick(PAUSE_MS - 1);
    }
    assert.equal(posts.length, 0);
    mock.timers.tick(1);
    await settled();
    assert.deepEqual(posts, [{ "a.yaml": "123" }]);
    assert.equal(shown.length, 1);
    draft.edit("b.yaml", "9");
    mock.timers.tick(PAUSE_MS);
    await settled();
    assert.deepEqual(posts[1], { "a.yaml": "123", "b.yaml": "9" }, "the whole set of edited files");
    await draft.undo();
    assert.equal(draft.textOf("b.yaml"), B);
    assert.equal(draft.textOf("a.yaml"), "123");
    await draft.undo();
    assert.equal(draft.textOf("a.yaml"), A, "byte for byte");
    assert.equal(draft.undoes, "");
    assert.equal(shown.at(-1), "");
    await draft.redo();
    await draft.redo();
    assert.deepEqual(draft.edited, ["a.yaml", "b.yaml"]);
    assert.equal(posts.length, 2, "what the server has answered is not asked again");
  } finally {
    mock.timers.reset();
  }
});

test("while a text cannot be read, what was last good stays", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { draft, shown } = served();
    await draft.open("");
    for (const text of ["good", "bad\t", "worse\t\t"]) {
      draft.edit("a.yaml", text);
      mock.timers.tick(PAUSE_MS);
      await settled();
    }
    assert.equal(shown.length, 1);
    assert.equal(draft.stale.problem.line, 2);
    await draft.undo();
    assert.equal(draft.textOf("a.yaml"), "good", "broken steps are one step");
    assert.equal(draft.stale, null);
  } finally {
    mock.timers.reset();
  }
});

test("a proposal is a step with its name, on top of what is typed", async () => {
  const { draft, shown } = served();
  await draft.open("");
  await draft.apply({ "b.yaml": "b2", "new.yaml": "n" }, "Fix: open 5432");
  assert.deepEqual([draft.undoes, draft.names, draft.edited], ["Fix: open 5432", ["a.yaml", "b.yaml", "new.yaml"], ["b.yaml", "new.yaml"]]);
  await draft.apply({ "b.yaml": B }, "Take it back");
  assert.deepEqual(draft.edited, ["new.yaml"], "what is as loaded is not edited");
  await draft.reset();
  assert.deepEqual([draft.edited, shown.at(-1), draft.undoes], [[], "", "Reset"]);
  await draft.undo();
  assert.equal(draft.textOf("new.yaml"), "n");
});

test("back, forward and a reload lead to the texts of that draft", async () => {
  const { draft, shown, server } = served();
  await draft.open("");
  await draft.apply({ "a.yaml": "1" }, "one");
  await draft.apply({ "a.yaml": "2" }, "two");
  await draft.follow(shown[0]);
  assert.equal(draft.textOf("a.yaml"), "1");
  assert.equal(draft.redoes, "two");
  await draft.follow("");
  assert.equal(draft.textOf("a.yaml"), A);
  const other = new Draft(server, () => {}, () => {});
  await other.open(shown[1]);
  assert.equal(other.textOf("a.yaml"), "2");
  assert.deepEqual(other.edited, ["a.yaml"]);
});

test("a draft that the server has forgotten is given again", async () => {
  const { draft, shown, drafts } = served();
  await draft.open("");
  await draft.apply({ "a.yaml": "1" }, "one");
  drafts.clear();
  assert.equal(await draft.again(shown[0]), true);
  assert.equal(drafts.size, 1);
  assert.equal(await draft.again("nothing of mine"), false);
});

test("an answer to older text is not shown", async () => {
  const { draft, shown, server } = served();
  await draft.open("");
  const waiting = [];
  server.post = (edits) => new Promise((resolve) => waiting.push(() => resolve({ draft: edits["a.yaml"], problems: [] })));
  const first = draft.apply({ "a.yaml": "1" }, "one");
  const second = draft.apply({ "a.yaml": "2" }, "two");
  waiting[1]();
  await second;
  waiting[0]();
  await first;
  assert.deepEqual(shown, ["2"]);
});

test("a refusal of the server is told and leaves what is shown", async () => {
  const { draft, shown, server } = served();
  await draft.open("");
  server.post = async () => Promise.reject(new Error("Too large."));
  await draft.apply({ "a.yaml": "1" }, "one");
  assert.deepEqual([shown, draft.stale], [[], { problem: null, failure: "Too large." }]);
});

test("lines of the file and of its editable text", () => {
  const parts = [{ document: 2, first_line: 10, line: 1 }, { document: 5, first_line: 40, line: 8 }];
  const file = { name: "a", text: "", parts };
  assert.equal(lineInText(file, false, 5, 43), 11);
  assert.equal(lineInText(file, true, 5, 43), 43);
  assert.equal(lineInText(undefined, false, 1, 4), 4);
  assert.deepEqual(placeInFile(parts, 11), { document: 5, line: 43 });
  assert.deepEqual(placeInFile(parts, 2), { document: 2, line: 11 });
  assert.equal(placeInFile([], 1), null);
});

const row = (source, destination) => ({ source, destination, before: {}, after: { TCP: "80" } });
const changes = { opened: [row("a", "b"), row("a", "internet")], cut: [row("b", "c")], changed: [], became_unknown: [row("a", "b"), row("c", "a")], became_known: [], counts: { opened: 2, cut: 1, changed: 0, became_unknown: 1200, became_known: 0 }, seen_as: {} };

test("what has changed, counted and once for each pair", () => {
  const counted = (more) => countsText({ ...changes, ...more }).map(({ text }) => text);
  assert.deepEqual(counted({ truncated: true }), ["2 opened", "1 cut", "1,200 became unknown"]);
  assert.deepEqual(counted({}), ["2 opened", "1 cut", "1 became unknown"]);
  assert.deepEqual(counted({ became_unknown: [row("b", "c")] }), ["2 opened", "1 became unknown"], "what is unknown is not called cut");
  assert.deepEqual(changesOf(changes).map(({ kind, row: { source, destination } }) => `${kind} ${source}>${destination}`), ["opened a>b", "opened a>internet", "cut b>c", "unknown c>a"]);
});

test("lines that stand for several pairs", () => {
  const pairs = byPair(changesOf(changes), (id) => (id === "b" || id === "c" ? "ns/*" : id));
  assert.deepEqual([...pairs], [["a>ns/*", "opened"], ["a>internet", "opened"], ["ns/*>ns/*", "cut"], ["ns/*>a", "unknown"]]);
  assert.equal(kindOfLine({ tails: ["a"], heads: ["ns/*", "x"] }, pairs), "opened");
  assert.equal(kindOfLine({ tails: ["ns/*"], heads: ["ns/*", "a"] }, pairs), "changed");
  assert.equal(kindOfLine({ tails: ["x"], heads: ["y"] }, pairs), "");
});
