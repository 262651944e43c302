"""Files become Documents, each problem at its place, one bad document leaving the others alone."""

from __future__ import annotations

import random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.manifests.reading import POD, codes, places, read_text
from webapp.errors import WebappError
from webapp.manifests import REQUEST_BUDGET, SourceFile, read
from webapp.manifests.tree import Mapping, Node, Sequence

POLICY = """\
# who may call
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector: {}
"""


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, Sequence):
        return [plain(value) for value in node]
    return node.resolve()


def test_documents_know_their_places() -> None:
    intake = read_text("# head\n" + POD % "a" + "---\n# only a comment\n---\n" + POLICY)
    pod, policy = intake.documents
    assert (pod.name, pod.source.document, pod.source.line) == ("a", 1, 2)
    assert (policy.source.document, policy.source.line, policy.source.column) == (3, 9, 1)
    spec = policy.body["spec"]
    assert (spec.line, spec.column, policy.body.key_marks["spec"]) == (14, 3, (13, 1))
    assert intake.problems == ()
    assert (intake.counts.documents_read, intake.counts.not_understood) == (2, 0)


def test_text_of_policies_is_kept_and_of_nothing_else() -> None:
    intake = read_text(POD % "a" + "---\n" + POLICY + "---\n" + POLICY.replace("db", "web"))
    assert intake.texts["x.yaml", 2].text == POLICY
    assert intake.texts["x.yaml", 2].first_line == 5
    assert intake.texts["x.yaml", 3].first_line == 13
    assert list(intake.texts) == [("x.yaml", 2), ("x.yaml", 3)]


def test_a_first_document_keeps_its_leading_comment() -> None:
    text = read_text("\n\n" + POLICY).texts["x.yaml", 1]
    assert (text.first_line, text.text) == (3, POLICY)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str) -> None:
    text = (POD % "a" + "---\n" + POD % "b" + "---\nkind: [\n---\n" + POD % "c").replace("\n", newline)
    intake = read_text(text)
    assert [(d.name, d.source.document, d.source.line) for d in intake.documents] == [
        ("a", 1, 1),
        ("b", 2, 5),
        ("c", 4, 11),
    ]
    assert places(intake.problems) == [("yaml_syntax", 3, 9)]


def test_a_tab_is_named() -> None:
    (problem,) = read_text(POD % "a" + "---\nkind: Pod\nmetadata:\n\tname: b\n---\n" + POD % "c").problems
    assert problem.source is not None
    assert (problem.source.document, problem.source.line, problem.source.column) == (2, 7, 1)
    assert "a tab is used for indentation" in problem.message


@pytest.mark.parametrize(
    "broken", ['a: "open', "a: [1,", "a: {b", "a: 'x", "a: b: c", "- a\nb: c", "%x", "a: \x07", "a: @x", "a: |x"]
)
def test_one_broken_document_leaves_the_others(broken: str) -> None:
    intake = read_text(POD % "a" + f"---\n{broken}\n---\n" + POD % "c" + "---\n" + POD % "d")
    assert [(d.name, d.source.document) for d in intake.documents] == [("a", 1), ("c", 3), ("d", 4)]
    assert len(intake.problems) == 1
    assert intake.problems[0].source is not None
    assert intake.problems[0].source.document == 2
    assert intake.counts.not_understood == 1


def test_helm_templates_get_their_hint() -> None:
    intake = read_text(
        POD % "a" + "---\nmetadata:\n  name: {{ .Values.name }}\n---\n{{- if .x }}\nkind: Pod\n{{- end }}\n"
    )
    assert codes(intake.problems) == ["helm_template", "helm_template"]
    assert "helm template" in intake.problems[0].message


def test_sources_of_kustomize_and_helm_are_told() -> None:
    kustomize = read_text("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
    assert codes(kustomize.problems) == ["kustomize_source"]
    assert codes(read_text("resources: [a.yaml]\n", name="base/kustomization.yaml").problems) == ["kustomize_source"]
    assert codes(read_text("replicas: 1\n", name="chart/values.yaml").problems) == ["helm_source"]


@pytest.mark.parametrize("text", ["just text", "[1, 2]", "a: b", '[{"src": "a"}]'])
def test_what_is_no_object_is_told_and_counted(text: str) -> None:
    intake = read_text(text)
    assert codes(intake.problems) == ["not_an_object"]
    assert intake.problems[0].severity == "warning"
    assert intake.counts.not_understood == 1


def test_unknown_kinds_are_counted_and_not_kept() -> None:
    intake = read_text(
        "apiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: ConfigMap\n---\napiVersion: x/v1\nkind: Foo\n"
    )
    assert intake.documents == ()
    assert intake.counts.skipped_kinds == {"Secret": 1, "ConfigMap": 1, "Foo": 1}
    assert (intake.problems, intake.counts.documents_read) == ((), 3)


def test_misspelt_kinds_and_wrong_versions_are_told() -> None:
    intake = read_text(
        "apiVersion: networking.k8s.io/v1\nkind: networkpolicy\n---\nkind: Deployment\nmetadata: {name: a}\n"
        "---\napiVersion: v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
    )
    assert codes(intake.problems) == ["misspelt_kind", "wrong_api_version", "wrong_api_version"]
    assert [(d.kind, d.group) for d in intake.documents] == [
        ("Deployment", "apps"),
        ("NetworkPolicy", "networking.k8s.io"),
    ]


def test_json_with_pairs_of_surrogates() -> None:
    labels = '{"x": "\\ud83d\\ude00\\/\\u00e9\\ud800", "y": "\\\\ud83d"}'
    text = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": %s}}' % labels  # noqa: UP031
    (pod,) = read_text(text, name="a.json").documents
    assert plain(pod.body["metadata"]["labels"]) == {  # type: ignore[index, call-overload]
        "x": "😀/é\ufffd",
        "y": "\\ud83d",
    }


def test_merge_keys_and_aliases() -> None:
    intake = read_text(
        "base: &base {app: a, tier: x}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"
        "  labels: {<<: [*base, {more: m}], tier: y}\n"
    )
    (pod,) = intake.documents
    assert intake.problems == ()
    assert plain(pod.body["metadata"]) == {"name": "p", "labels": {"app": "a", "tier": "y", "more": "m"}}
    assert "base" not in pod.body


def test_aliases_into_parts_that_are_not_kept() -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: &labels {app: web}}
  template: {metadata: {labels: *labels}, spec: {containers: [{name: c, image: x}]}}
"""
    (deployment,) = read_text(text).documents
    assert plain(deployment.body["spec"]) == {
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c"}]}}
    }


def test_keys_that_are_no_texts() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {1: a, yes: b, 0777: c, '0777': d, y: e, 1.0: f}\n"
    )
    intake = read_text(text)
    labels = intake.documents[0].body["metadata"]["labels"]  # type: ignore[index, call-overload]
    assert isinstance(labels, Mapping)
    assert list(labels) == ["1", "true", "511", "0777", "y"]
    assert codes(intake.problems) == ["duplicate_key"]  # 1 and 1.0 are the same key
    assert codes(read_text("a: 1\n~: b\n").problems) == ["bad_key"]


def test_duplicate_keys_keep_the_first_and_are_told() -> None:
    intake = read_text(POLICY + "  ingress: []\n  podSelector: {matchLabels: {a: b}}\n")
    (policy,) = intake.documents
    spec = policy.body["spec"]
    assert isinstance(spec, Mapping)
    assert plain(spec["podSelector"]) == {}
    assert [(key, line) for key, line, _, _ in spec.duplicates] == [("podSelector", 9)]
    (problem,) = intake.problems
    assert (problem.code, problem.path, problem.object) == ("duplicate_key", "spec.podSelector", "NetworkPolicy db")
    assert "first at line 7" in problem.message


def test_lists_are_unfolded() -> None:
    inner = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"}}'
    text = (
        '{"apiVersion": "v1", "items": [%s, {"kind": "List", "apiVersion": "v1", "items": [%s]}, null], "kind": "List"}'
    )
    intake = read_text(text % (inner % "a", inner % "b"))
    assert [document.name for document in intake.documents] == ["a", "b"]
    assert codes(intake.problems) == ["not_an_object"]
    assert intake.counts.documents_read == 2


def test_items_of_typed_lists_inherit_their_kind() -> None:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n"
    text = head + "- metadata: {name: a}\n- metadata: {name: b}\n"
    intake = read_text(text)
    assert [(d.kind, d.api_version, d.name) for d in intake.documents] == [
        ("NetworkPolicy", "networking.k8s.io/v1", "a"), ("NetworkPolicy", "networking.k8s.io/v1", "b"),
    ]  # fmt: skip
    assert intake.texts["x.yaml", 1].first_line == 4


def test_text_of_policies_in_a_list_holds_nothing_else() -> None:
    policy = "- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: %s}\n"
    secret = "- apiVersion: v1\n  kind: Secret\n  data: {canary: x}\n"
    intake = read_text("apiVersion: v1\nkind: List\nitems:\n" + policy % "a" + secret + policy % "b" + secret)
    text = intake.texts["x.yaml", 1]
    lines = text.text.split("\n")
    assert text.first_line == 4
    assert "canary" not in text.text
    assert lines[6] == "- apiVersion: networking.k8s.io/v1"  # line 10 of the file
    assert [lines[d.source.line - 4][2:12] for d in intake.documents] == ["apiVersion", "apiVersion"]


def test_text_of_policies_in_minified_json() -> None:
    policy = '{"kind":"NetworkPolicy","apiVersion":"networking.k8s.io/v1","metadata":{"name":"a"}}'
    secret = '{"kind":"Secret","apiVersion":"v1","data":{"canary":"x"}}'
    text = read_text(f'{{"kind":"List","apiVersion":"v1","items":[{secret},{policy},{secret}]}}').texts["x.yaml", 1]
    assert text.text == policy + "\n"


def test_order_of_files_and_documents_changes_only_places() -> None:
    files = [SourceFile(f"{name}.yaml", (POD % name).encode()) for name in "abcd"]
    shuffled = files[:]
    random.Random(1).shuffle(shuffled)
    assert {d.name for d in read(files).documents} == {d.name for d in read(shuffled).documents}


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(LETTERS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz é", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)  # fmt: skip


@given(spec=TREES, flow=st.booleans())
def test_any_tree_is_read_as_it_was_written(spec: object, flow: bool) -> None:
    body = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}, "spec": spec}
    (document,) = read_text(yaml.dump(body, default_flow_style=flow, allow_unicode=True), REQUEST_BUDGET).documents
    assert plain(document.body) == body


@given(st.binary(max_size=300) | st.text("ab:-[]{}&*!|>'\"#%@` \n\t?,<0~", max_size=200).map(str.encode))
def test_nothing_raises_but_refusals(data: bytes) -> None:
    try:
        intake = read_text(data, REQUEST_BUDGET)
    except WebappError:
        return
    assert all(problem.source is not None and problem.source.line > 0 for problem in intake.problems)


@given(
    st.lists(
        st.sampled_from([POD % "a", POLICY, "a: [\n", "\tx\n", "# nothing\n", "x: 'y\n", "a: &x 1\nb: *x\n"]),
        max_size=6,
    )
)
def test_what_is_understood_does_not_depend_on_neighbours(parts: list[str]) -> None:
    alone = [read_text(part) for part in parts]
    together = read_text("---\n" + "---\n".join(parts)) if parts else read_text("")
    assert [d.name for d in together.documents] == [d.name for each in alone for d in each.documents]
    assert codes(together.problems) == [p.code for each in alone for p in each.problems]
    assert [p.source and p.source.document for p in together.problems] == [
        number for number, each in enumerate(alone, 1) for _ in each.problems
    ]
