"""Findings that somebody accepts: by comments in policies, by annotations, with a reason."""

from __future__ import annotations

import pytest

from tests.lint.worlds import CLOSED, namespace, pod, policy, report
from webapp.lint.suppression import parse

OPEN = "{podSelector: {}, ingress: [{}]}"
KEY = "netpolmap/ignore"


@pytest.mark.parametrize(("text", "codes", "reason"), [
    ("opens_everything -- the front door", ("opens_everything",), "the front door"),
    ("opens_everything the front door", ("opens_everything",), "the front door"),
    ("a, b ,c: why", ("a", "b", "c"), "why"),
    ("a,b", ("a", "b"), ""),
    ("a --", ("a",), ""),
    ("", (), ""),
    ("-- only a reason", (), "only a reason"),
    ("a more\n lines", ("a",), "more lines"),
])  # fmt: skip
def test_codes_and_reason(text: str, codes: tuple[str, ...], reason: str) -> None:
    assert parse(text) == (codes, reason)


@pytest.mark.parametrize("text", [
    policy("p", f"{OPEN}  # netpolmap:ignore opens_everything the front door"),
    policy("p", OPEN, metadata=f', annotations: {{{KEY}: "opens_everything -- the front door"}}'),
    namespace("shop", annotations=f'{KEY}: "opens_everything -- the front door"') + policy("p", OPEN),
    "# netpolmap:ignore opens_everything the front door\n" + policy("p", OPEN),
])  # fmt: skip
def test_what_is_accepted_is_listed_apart_with_the_reason(text: str) -> None:
    told = report(pod("web"), text, only="opens_everything")
    assert told.findings == ()
    assert [(each.code, each.reason) for each in told.suppressed] == [("opens_everything", "the front door")]


def test_only_what_is_named_is_suppressed() -> None:
    text = policy("p", f"{OPEN}  # netpolmap:ignore no_default_deny because") + policy("q", OPEN)
    told = report(pod("web"), text, only="opens_everything")
    assert [each.object for each in told.findings] == ["NetworkPolicy shop/p", "NetworkPolicy shop/q"]


def test_a_comment_speaks_of_its_own_policy_of_a_list() -> None:
    items = "".join(
        f"- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {{name: {name}, namespace: shop}}\n"
        f"  spec:\n    podSelector: {{}}\n    ingress:\n    - {{}}{comment}\n"
        for name, comment in (("one", ""), ("two", "  # netpolmap:ignore opens_everything because"), ("three", ""))
    )
    told = report(f"apiVersion: v1\nkind: List\nitems:\n{items}", only="opens_everything")
    assert [each.object for each in told.findings] == ["NetworkPolicy shop/one", "NetworkPolicy shop/three"]
    assert [each.source and each.source.line for each in told.findings] == [10, 24]
    assert [each.suppressed_at and each.suppressed_at.line for each in told.suppressed] == [17]


def test_a_workload_is_accepted_if_all_of_whom_it_speaks_are() -> None:
    note = f"metadata: {{annotations: {{{KEY}: published_but_shut -- later}}, "
    shut = policy("shut", "{podSelector: {}, ingress: []}")
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {type: NodePort, selector: "
    service += "{app: web}, ports: [{port: 80}]}\n"
    web = pod("web")
    assert report(web, service, shut, only="published_but_shut").count("warning") == 1
    told = report(web.replace("metadata: {", note), service, shut, only="published_but_shut")
    assert (len(told.findings), [each.reason for each in told.suppressed]) == (0, ["later"])


def test_an_annotation_of_a_namespace_is_about_that_namespace() -> None:
    note = namespace("shop", annotations=f"{KEY}: no_default_deny -- later")
    other = namespace("data")
    told = report(note + other + pod("a") + pod("b", "data"), policy("p", OPEN, "x"), only="no_default_deny")
    assert [each.object for each in told.findings] == ["Namespace data"]
    assert [each.object for each in told.suppressed] == ["Namespace shop"]


def test_two_copies_that_differ_in_the_annotation_do_not_contradict() -> None:
    note = namespace("shop", annotations=f"{KEY}: no_default_deny -- later")
    told = report(note, namespace("shop"), pod("a"), policy("p", OPEN))
    assert [each.code for each in told.suppressed] == ["no_default_deny"]


def test_what_suppresses_cannot_be_suppressed() -> None:
    text = policy("p", f"{OPEN}  # netpolmap:ignore opens_everything,suppression_without_reason")
    assert [each.code for each in report(text, CLOSED).findings] == ["suppression_without_reason"]
