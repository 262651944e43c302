import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyState, formatFragment, parseFragment } from "../../static/src/fragment.js";

test("nothing chosen leaves no fragment", () => {
  assert.equal(formatFragment(emptyState()), "");
  assert.deepEqual(parseFragment(""), emptyState());
});

test("what is written is read again", () => {
  const state = {
    ...emptyState(), from: "production/Deployment/a&b=c", to: "10.0.0.0/8 except 10.1.0.0/16", port: "53/UDP", chain: "shown", blocked: "all", view: "table",
    expand: ["shop", "data"], switches: [["host_network", "pod"], ["pod_cidr", "10.244.0.0/16"], ["pod_cidr", "fd00::/48"]],
  };
  assert.deepEqual(parseFragment(formatFragment(state)), state);
});

test("strange fragments do no harm", () => {
  assert.deepEqual(parseFragment("#blocked=everything&chain=yes&view=<svg>&expand=,,&nonsense=1&__proto__=x"), emptyState());
});

test("the blast radius belongs to a node", () => {
  const state = { ...emptyState(), node: "a/Pod/b", reach: "reached_by", steps: "2" };
  assert.equal(formatFragment(state), "#node=a/Pod/b&reach=reached_by&steps=2");
  assert.deepEqual(parseFragment("#node=a/Pod/b&reach=reached_by&steps=2"), state);
  assert.deepEqual(parseFragment("#reach=reach&steps=9"), emptyState());
  assert.equal(parseFragment("#node=x&reach=sideways").reach, "");
});
