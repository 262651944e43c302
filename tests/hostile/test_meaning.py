"""Rows 9, 18, 19, 27 and 28 of the table of bad inputs: what odd fields mean, and odd names in what is given out."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from tests.export.parsers import read_dot, read_mermaid
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.explain.verdict import ask, verdict_document
from webapp.export import exporter
from webapp.graph.text import visible

NAMESPACES = "".join(
    f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n---\n"
    for name, labels in (("shop", "team: web"), ("other", ""))
)
PODS = "".join(
    f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {home}, labels: {{{labels}}}}}\n"
    f"spec: {{containers: [{{name: c}}]}}\nstatus: {{podIP: {address}}}\n---\n"
    for name, home, labels, address in (
        ("db", "shop", "app: db", "10.0.0.1"), ("web", "shop", "app: web, tier: front", "10.0.0.2"),
        ("job", "shop", "", "10.0.0.3"), ("far", "other", "app: web", "10.0.0.4"),
    )
)  # fmt: skip


def shop(spec: str) -> Analysis:
    """Pods web and job beside db, and far in another namespace, with one policy for db."""
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: db}}}}, {spec}}}\n"
    )
    return analyze([SourceFile("shop.yaml", (NAMESPACES + PODS + policy).encode())])


def verdict(analysis: Analysis, source: str, destination: str = "shop/db") -> object:
    return verdict_document(analysis, ask(analysis, source, destination))["verdict"]


# ---- rows 9 and 19: numbers and addresses that are none ------------------------------------------------------------


@pytest.mark.parametrize(
    ("port", "field", "says"),
    [
        ('"80"', "port", "Write 80 without quotes"),
        ("٣", "port", "neither a port number"),
        ('"8_0"', "port", "neither a port number"),
        ('" 80 "', "port", "neither a port number"),
        ("0", "port", "1-65535"),
        ("65536", "port", "1-65535"),
        ("-1", "port", "1-65535"),
        ("90, endPort: 80", "endPort", "below port"),
        ("http, endPort: 90", "endPort", "numeric port"),
        ("null, endPort: 90", "endPort", "without port"),
    ],
)
def test_row_9_what_is_no_port_is_refused_with_its_path(port: str, field: str, says: str) -> None:
    analysis = shop(f"ingress: [{{ports: [{{port: 81}}, {{port: {port}}}]}}]")
    (error,) = [problem for problem in analysis.problems if problem.severity == "error"]
    assert error.path == f"spec.ingress[0].ports[1].{field}"
    assert says in error.message
    for asked in ("shop/db:80", "shop/db:81", "shop/db:3", "shop/db:90"):
        assert verdict(analysis, "shop/web", asked) == "unknown", asked
    assert verdict(analysis, "shop/db", "shop/web") == "allowed"


@pytest.mark.parametrize(
    ("block", "path"),
    [
        ("cidr: 10.0.0.0/33", "cidr"),
        ("cidr: 1.2.3.4/255.0.0.0", "cidr"),
        ("cidr: 010.0.0.1/8", ""),
        ('cidr: "fe80::1%eth0/64"', "cidr"),
        ("cidr: 10.0.0.0", "cidr"),
        ("cidr: 10.0.0.0/24, except: [10.1.0.0/24]", "except[0]"),
        ("cidr: 10.0.0.0/24, except: [10.0.0.0/24]", "except[0]"),
        ('cidr: 10.0.0.0/8, except: ["fd00::/8"]', "except[0]"),
        ('cidr: "fd00::/8", except: [10.0.0.0/24]', "except[0]"),
    ],
)
def test_row_19_what_is_no_cidr_decides_nothing(block: str, path: str) -> None:
    """Leading zeros are taken by older API servers, so they are a warning, and mean what Kubernetes reads."""
    analysis = shop(f"ingress: [{{from: [{{ipBlock: {{{block}}}}}, {{ipBlock: {{cidr: 10.0.0.2/32}}}}]}}]")
    told = [(problem.severity, problem.path) for problem in analysis.problems if problem.severity != "info"]
    place = f"spec.ingress[0].from[0].ipBlock.{path or 'cidr'}"
    if path:
        assert told == [("error", place)]
        assert {verdict(analysis, source) for source in ("shop/web", "shop/job", "internet")} == {"unknown"}
    else:
        assert told == [("warning", place)]
        assert (verdict(analysis, "shop/job"), verdict(analysis, "203.0.113.1")) == ("allowed", "blocked")


# ---- row 18: what is absent, and what is empty ---------------------------------------------------------------------

NOT_IN = "matchExpressions: [{key: tier, operator: NotIn, values: [front]}]"


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (f"from: [{{podSelector: {{{NOT_IN}}}}}]", {"shop/job"}),
        (f"from: [{{podSelector: {{{NOT_IN}}}, namespaceSelector: {{}}}}]", {"shop/job", "other/far"}),
        (f"from: [{{namespaceSelector: {{{NOT_IN.replace('front', 'x')}}}}}]", {"shop/web", "shop/job", "other/far"}),
        (f"from: [{{namespaceSelector: {{{NOT_IN.replace('tier', 'team').replace('front', 'web')}}}}}]", {"other/far"}),
        ("from: [{podSelector: {}}]", {"shop/web", "shop/job"}),
        ("from: [{namespaceSelector: {}}]", {"shop/web", "shop/job", "other/far"}),
        ("from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]", {"shop/web", "other/far"}),
        ("from: [{namespaceSelector: null, podSelector: {matchLabels: {app: web}}}]", {"shop/web"}),
        ("from: []", {"shop/web", "shop/job", "other/far", "internet"}),
        ("", {"shop/web", "shop/job", "other/far", "internet"}),
    ],
)  # fmt: skip
def test_row_18_what_is_absent_and_what_is_empty(rule: str, allowed: set[str]) -> None:
    analysis = shop(f"ingress: [{{{rule}}}]")
    sources = ("shop/web", "shop/job", "other/far", "internet")
    assert {source: verdict(analysis, source) for source in sources} == {
        source: "allowed" if source in allowed else "blocked" for source in sources
    }


@pytest.mark.parametrize(("peer", "expected"), [("{}", "unknown"), ("null", "unknown")])
def test_row_18_an_empty_peer_is_no_peer(peer: str, expected: str) -> None:
    """`- {}` among rules allows all; among peers the API server refuses it."""
    analysis = shop(f"ingress: [{{from: [{peer}]}}]")
    assert "spec.ingress[0].from[0]" in [problem.path for problem in analysis.problems if problem.severity == "error"]
    assert verdict(analysis, "shop/web") == expected


# ---- rows 27 and 28: names in what is given out --------------------------------------------------------------------

NAMES = [
    "a]b", "a`b", "a\nb", "a%%b", "click n1 href", "classDef x", "a;b", "a->b", "a --> b", 'a"b', "end", "subgraph s0",
    "a|b", "a{b}", "a\\b", "#quot;", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\tx", "\rx", "a,b", "a\u2028b",
]  # fmt: skip


def named() -> Analysis:
    """A pod of each name, which may reach the next one only."""
    objects: list[dict[str, Any]] = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}]
    for number, name in enumerate(NAMES):
        labels = {"n": str(number)}
        objects.append({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "x", "labels": labels},
            "spec": {"containers": [{"name": "c"}]},
        })  # fmt: skip
        peer = {"podSelector": {"matchLabels": {"n": str(number - 1) if number else "none"}}}
        spec = {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress", "Egress"],
                "ingress": [{"from": [peer]}], "egress": [{"ports": [{"port": 80}]}]}  # fmt: skip
        objects.append({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": {"name": f"p{number}", "namespace": "x"}, "spec": spec,
        })  # fmt: skip
    return analyze([SourceFile("x.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}).encode())])


def written(name: str, analysis: Analysis) -> str:
    stream = io.StringIO()
    exporter(name).write(analysis, stream)
    return stream.getvalue()


def test_row_27_names_come_back_from_mermaid_and_dot() -> None:
    analysis = named()
    workloads = {f"x/Pod/{visible(name)}" for name in NAMES}
    rows = {(visible(row.source), visible(row.destination)) for row in analysis.connections()}
    assert {(f"x/Pod/{visible(a)}", f"x/Pod/{visible(b)}") for a, b in pairwise(NAMES)} <= rows
    dot = read_dot(written("dot", analysis))
    assert workloads <= set(dot.names.values())
    assert {(dot.names[a], dot.names[b]) for a, b, _ in dot.edges} == rows
    mermaid = read_mermaid(written("mermaid", analysis))
    ids = {
        number: f"x/Pod/{label.removesuffix(' (Pod)')}" if mermaid.groups[number] else label
        for number, label in mermaid.labels.items()
    }
    assert workloads <= set(ids.values())
    assert {(ids[a], ids[b]) for a, b, _ in mermaid.edges} == rows
    assert set(nx.read_graphml(io.BytesIO(_graphml(analysis))).edges) == rows


def _graphml(analysis: Analysis) -> bytes:
    stream = io.BytesIO()
    exporter("graphml").write(analysis, stream)
    return stream.getvalue()


def test_row_28_no_cell_is_a_formula_and_no_column_is_lost() -> None:
    analysis = named()
    header, *rows = list(csv.reader(io.StringIO(written("csv", analysis), newline="")))
    assert {len(row) for row in rows} == {len(header)}
    assert len(rows) == len(list(analysis.connections())) + len(list(analysis.unknowns()))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for row in rows for cell in row if "\n" in cell]


def test_row_28_a_namespace_that_begins_as_a_formula() -> None:
    """Ids begin with the namespace, so only there can a cell begin with it."""
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "namespace": "=1+1"},
        "spec": {"containers": []},
    }
    rows = list(csv.reader(io.StringIO(written("csv", analyze([SourceFile("x.json", json.dumps(pod).encode())])))))
    assert ["'=1+1/Pod/a", "internet", "allowed"] in [row[:3] for row in rows]
