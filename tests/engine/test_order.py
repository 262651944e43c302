"""The same objects in whatever order give the same answer: nothing is decided by which of them is met first or last."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from tests.corner_cases.world import deployment, namespace, node, np, pod, policy
from webapp.analysis import SourceFile, analyze
from webapp.export.connections import connections_document

OWNED = "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web-h1, namespace: x, ownerReferences: [%s]}\n"
OWNER = "{apiVersion: apps/v1, kind: Deployment, name: %s, controller: true}"
NAMELESS = "apiVersion: v1\nkind: Pod\nmetadata: {namespace: x, labels: {pod: %s}}\nspec: {containers: [{name: c}]}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: w, namespace: x}\nspec: {selector: {pod: %s}}\n"
KNATIVE = (
    "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: w, namespace: x}\n"
    "spec: {template: {metadata: {labels: {pod: %s}}, spec: {containers: [{name: c}]}}}\n"
)
BROKEN_LABEL = np(name="p").replace("namespace: x}", "namespace: x, labels: {a: 1}}")
ON_HOST = pod("x/h", spec="hostNetwork: true, nodeName: n1")
TO_NODE = np("egress: [{to: [{ipBlock: {cidr: 192.168.0.1/32}}]}]", types="Egress")

INPUTS = {
    "an undeclared namespace": [pod("x/z"), deployment("x/b"), OWNED % (OWNER % "b"), deployment("x/c")],
    "a namespace left out": [
        pod("default/a"), pod("default/a").replace("namespace: default, ", ""), np(home="default"),
    ],
    "other labels": [namespace("x"), pod("x/a", "pod: a"), pod("x/a", "pod: b"), np("ingress: [{}]")],
    "other owners": [namespace("x"), OWNED % (OWNER % "web"), OWNED % (OWNER % "other"), pod("x/a")],
    "other addresses of a pod": [pod("x/a", ip="10.0.0.1"), pod("x/a", ip="10.0.0.2"), pod("x/a"), np()],
    "other addresses of a node": [
        node("n1", "192.168.0.1"), node("n1", "192.168.0.2"), ON_HOST, pod("x/a", "pod: a"), TO_NODE,
    ],
    "a doubled label": [pod("x/a", "pod: a, pod: b"), pod("x/a", "pod: a, pod: c"), np()],
    "pods without a name": [NAMELESS % "a", NAMELESS % "b", NAMELESS % "c", np()],
    "one kind of two groups": [KNATIVE % "a", KNATIVE % "b", SERVICE % "a", SERVICE % "b", np()],
    "a policy with a bad label": [pod("x/a", "pod: a"), np(name="p"), BROKEN_LABEL],
    "a policy in default": [
        np(home="default"), np(home="default").replace(", namespace: default", ""), pod("default/a"),
    ],
    "other mistakes": [pod("x/a"), policy("podSelector: {a: b}", name="p"), policy("policyTypes: [x]", name="p")],
}  # fmt: skip


def answer(documents: tuple[str, ...]) -> tuple[str, list[tuple[str, ...]]]:
    """All but the positions of problems, which messages may name, too."""
    document = connections_document(analyze([SourceFile("x.yaml", "---\n".join(documents).encode())]))
    problems = document.pop("problems")
    assert isinstance(problems, list)
    told = [
        (p["severity"], p["code"], p.get("object", ""), p.get("path", ""), re.sub("[0-9]+", "n", p["message"]))
        for p in problems
    ]
    return json.dumps(document), sorted(told)


@pytest.mark.parametrize("documents", [pytest.param(INPUTS[name], id=name) for name in INPUTS])
def test_every_order_gives_the_same_answer(documents: list[str]) -> None:
    first = answer(tuple(documents))
    for order in itertools.permutations(documents):
        assert answer(order) == first
