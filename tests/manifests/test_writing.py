"""What is written is read as it was meant, by our reader and by another one."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from webapp.manifests import SourceFile, read
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence
from webapp.manifests.writing import Json, block, document, flow, scalar

TEXTS = st.one_of(
    st.sampled_from(("", "yes", "No", "on", "null", "~", "1", "0x1f", "1e3", "0777", ".5", "1:30", "2020-01-01", "y",
                     "a: b", "a #b", "# a", "- a", "*a", "&a", "!a", "@a", "`a", "%a", "|", ">", "'", '"', "\\", "{}",
                     "10.0.0.0/8", "::/0", "app", "kubernetes.io/metadata.name", "a-", "trailing ")),
    st.text(st.characters(codec="utf-8"), max_size=12),
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXTS, st.integers(0, 70_000), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS.filter(bool), inner, max_size=3)),
    max_leaves=12,
)


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.resolve()
    return [plain(each) for each in node] if isinstance(node, Sequence) else {k: plain(v) for k, v in node.items()}


@given(TEXTS)
def test_a_text_stays_that_text(text: str) -> None:
    assert yaml.safe_load(f"a: {scalar(text)}\n") == {"a": text}
    assert yaml.safe_load(f"[{flow(text)}, {flow(text, as_json=True)}]") == [text, text]
    assert json.loads(flow(text, as_json=True)) == text


@given(VALUES, st.booleans())
def test_a_value_stays_that_value(value: Json, compact: bool) -> None:
    body: dict[str, Json] = {"kind": "NetworkPolicy", "spec": value}
    text = "".join(f"{line}\n" for line in block(body, compact=compact))
    assert yaml.safe_load(text) == body
    intake = read([SourceFile("x.yaml", text.encode())])
    (found,) = intake.documents
    assert {key: plain(node) for key, node in found.body.items()} == body
    assert yaml.safe_load(flow(body)) == body


def test_it_is_written_as_a_person_would() -> None:
    body: dict[str, Json] = {
        "kind": "NetworkPolicy",
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 80}]}]},
    }
    assert document(body, "Why\nnot?") == (
        "# Why?not?\nkind: NetworkPolicy\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n"
        "  ingress:\n    - ports:\n        - port: 80\n"
    )
    assert isinstance(body["spec"], dict)
    assert Mapping is not None
