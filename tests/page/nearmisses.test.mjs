import assert from "node:assert/strict";
import { test } from "node:test";
import { countText, marked, nearestSource, ranks } from "../../static/src/nearmisses.js";

const place = (line) => ({ file: "p.yaml", document: 1, line });
const label = {
  reason: "pod_label", key: "app", operator: "In", want: ["chekout", "cart"], have: "checkout", path: "spec",
  text: 'It wants pods with app in (chekout, cart); shop/checkout has app=checkout. Did you mean "checkout"?',
};
const port = { reason: "port_mismatch", text: "It lists TCP 9091; needed is TCP 9090.", want: ["TCP 9091"], have: "TCP 9090", path: "spec" };
const said = (lack) => marked(lack).parts.filter(([mark]) => mark);

test("what is wanted and what there is are marked in the sentence", () => {
  assert.deepEqual(said(label), [["want", "app in (chekout, cart)"], ["have", "app=checkout"]]);
  assert.equal(marked(label).guess, 'Did you mean "checkout"?');
  assert.deepEqual(said(port), [["want", "TCP 9091"], ["have", "TCP 9090"]]);
});

test("every operator has its words", () => {
  const term = (operator, want, have, words, had) => ({ ...label, operator, want, have, text: `It wants pods with ${words}; shop/web has ${had}.` });
  assert.deepEqual(said(term("In", ["a"], null, "app=a", "no label app")), [["want", "app=a"], ["have", "no label app"]]);
  assert.deepEqual(said(term("NotIn", ["a"], "a", "app not in (a)", "app=a")), [["want", "app not in (a)"], ["have", "app=a"]]);
  assert.deepEqual(said(term("Exists", [], null, "app", "no label app")), [["want", "app"], ["have", "no label app"]]);
  assert.deepEqual(said(term("DoesNotExist", [], "a", "no app", "app=a")), [["want", "no app"], ["have", "app=a"]]);
});

test("no word of a sentence is lost or added, whatever stands in it", () => {
  const hostile = { ...label, want: ["$&", "<b>"], have: "(.*)", text: 'It wants pods with app in ($&, <b>); x has app=(.*). Did you mean "a" or "b"?' };
  for (const lack of [label, port, hostile, { reason: "one_sided", text: "It allows this at shop/web.", path: "" }, { ...port, text: "" }, { ...label, text: "Other words." }]) {
    const { parts, guess } = marked(lack);
    assert.equal([parts.map(([, words]) => words).join(""), guess].filter(Boolean).join(" "), lack.text);
  }
  assert.deepEqual(said(hostile), [["want", "app in ($&, <b>)"], ["have", "app=(.*)"]]);
});

const miss = (reason, line, source = null) => ({ text: "", source: place(line), lacks: [{ reason, text: "", path: "", source }] });

test("the first rule of this end is the closest; a rule of the other end is one-sided", () => {
  assert.deepEqual(ranks([miss("one_sided", 1), miss("pod_label", 2), miss("port_mismatch", 3)]), ["One-sided", "Closest", "Also near"]);
  assert.deepEqual(ranks([]), []);
});

test("the line to change is the term that fails, at this end", () => {
  assert.equal(nearestSource({ near_misses: [miss("one_sided", 1, place(2)), miss("pod_label", 3, place(4))] }).line, 4);
  assert.equal(nearestSource({ near_misses: [miss("pod_label", 3)] }).line, 3);
  assert.equal(nearestSource({ near_misses: [miss("one_sided", 1, place(2))] }), null);
  assert.equal(nearestSource({ verdict: "allowed" }), null);
});

test("it is said how many rules were compared, where that is not plain", () => {
  const side = (near_misses, rules_compared, rules_in_question) => ({ near_misses, rules_compared, rules_in_question });
  assert.equal(countText(side([miss("pod_label", 1)], 2, 2), "ingress"), "");
  assert.equal(countText(side([miss("pod_label", 1)], 2000, 5000), "ingress"), "Compared 2,000 of 5,000 rules, the likeliest first.");
  assert.equal(countText(side([], 1, 1), "egress"), "The one egress rule does not come close.");
  assert.equal(countText(side([], 1200, 1200), "egress"), "None of the 1,200 egress rules comes close.");
  assert.equal(countText(side([], 0, 0), "egress"), "");
  assert.equal(countText({}, "egress"), "");
});
