"""Chains of connections against a naive search over the rows of `list -o json`."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.export.connections import connections_document
from webapp.graph.paths import Hop, Reached, blast_radius, shortest_chain
from webapp.model.ports import ALL, NONE, PortSet

SAMPLES = Path(__file__).parent.parent.parent / "samples"
Edges = dict[tuple[str, str], PortSet]
TCP_80 = PortSet.single("TCP", 80)


def sample(name: str) -> Analysis:
    files = sorted((SAMPLES / name).rglob("*.yaml"))
    return analyze([SourceFile(path.name, path.read_bytes()) for path in files])


def read_ports(written: str | dict[str, str]) -> PortSet:
    """The ports of a row as they stand in JSON."""
    if isinstance(written, str):
        return ALL
    ports = NONE
    for protocol, spans in written.items():
        for span in spans.split(","):
            first, _, last = span.partition("-")
            ports |= PortSet.single(protocol, int(first), int(last or first))
    return ports


@dataclass
class Naive:
    """The rows as a graph of pairs. ``inner``: who passes a chain on."""

    allowed: Edges
    possible: Edges
    inner: set[str]
    ids: list[str]

    @staticmethod
    def of(analysis: Analysis) -> Naive:
        document: Any = connections_document(analysis)
        edges: list[Edges] = [{}, {}]
        for number, names in enumerate((("connections",), ("connections", "unknown"))):
            for row in (row for name in names for row in document[name]):
                pair = row["source"], row["destination"]
                edges[number][pair] = edges[number].get(pair, NONE) | read_ports(row["ports"])
        inner = {workload["id"] for workload in document["workloads"]}
        return Naive(edges[0], edges[1], inner, sorted(inner | {part["id"] for part in document["externals"]}))

    def chain(self, edges: Edges, source: str, destination: str, asked: PortSet) -> list[str] | None:
        """The first by name of all shortest chains."""
        shortest: list[list[str]] = []
        waiting = deque([[source]])
        depth: dict[str, int] = {source: 1}
        while waiting:
            chain = waiting.popleft()
            if shortest and len(chain) >= len(shortest[0]):
                break
            for (tail, head), ports in edges.items():
                if tail != chain[-1]:
                    continue
                if head == destination and ports & asked is not NONE:
                    shortest.append([*chain, head])
                elif head in self.inner and head != destination and depth.get(head, 99) > len(chain):
                    depth.setdefault(head, len(chain) + 1)
                    if depth[head] == len(chain) + 1:
                        waiting.append([*chain, head])
        return min(shortest, default=None)

    def reach(self, edges: Edges, start: str, steps: int | None) -> dict[str, tuple[int, PortSet, str]]:
        """Whom a chain leads to: steps, the ports of the last hop, the first neighbour before it."""
        found: dict[str, tuple[int, PortSet, str]] = {}
        known, frontier, depth = {start}, {start}, 0
        while frontier and (steps is None or depth < steps):
            depth += 1
            fresh: dict[str, tuple[int, PortSet, str]] = {}
            for (tail, head), ports in edges.items():
                if tail in frontier and head not in known:
                    _, before, via = fresh.get(head, (depth, NONE, tail))
                    fresh[head] = depth, before | ports, min(via, tail)
            found |= fresh
            known |= set(fresh)
            frontier = set(fresh) & self.inner
        return found


def check_chain(analysis: Analysis, naive: Naive, source: str, destination: str, asked: PortSet) -> None:
    hops = shortest_chain(analysis, [source], [destination], asked)
    edges = naive.allowed
    expected = naive.chain(edges, source, destination, asked)
    if expected is None:
        edges = naive.possible
        expected = naive.chain(edges, source, destination, asked)
    assert (None if hops is None else ids_of(hops)) == expected
    for hop in hops or ():
        wanted = asked if hop.destination == destination else ALL
        pair = hop.source, hop.destination
        assert hop.ports == naive.allowed.get(pair, NONE) & wanted
        assert hop.ports | hop.unknown == naive.possible[pair] & wanted
        rest = {each: ports for each, ports in edges.items() if each != pair}
        assert hop.only_way == (naive.chain(rest, source, destination, asked) is None), pair


def ids_of(hops: list[Hop]) -> list[str]:
    return [hops[0].source, *(hop.destination for hop in hops)]


def check_radius(analysis: Analysis, naive: Naive, start: str, steps: int | None) -> None:
    for backwards in (False, True):
        found, unsure = blast_radius(analysis, [start], steps, backwards=backwards)
        ways = [edges if not backwards else turned(edges) for edges in (naive.allowed, naive.possible)]
        certain, possible = (naive.reach(edges, start, steps) for edges in ways)
        assert as_table(found) == certain
        assert as_table(unsure) == {each: entry for each, entry in possible.items() if each not in certain}
        for listed in (found, unsure):
            assert [(each.steps, each.id) for each in listed] == sorted((each.steps, each.id) for each in listed)


def as_table(listed: list[Reached]) -> dict[str, tuple[int, PortSet, str]]:
    return {each.id: (each.steps, each.ports, each.via) for each in listed}


def turned(edges: Edges) -> Edges:
    return {(head, tail): ports for (tail, head), ports in edges.items()}


@given(clusters())
@settings(max_examples=max(50, settings().max_examples // 2))
def test_chains_are_those_of_a_naive_search(cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    naive = Naive.of(analysis)
    for source in naive.ids:
        check_radius(analysis, naive, source, None)
        check_radius(analysis, naive, source, 1 + cluster.seed % 3)
        for destination in naive.ids:
            if source != destination:
                check_chain(analysis, naive, source, destination, TCP_80 if cluster.seed % 2 else ALL)


@pytest.mark.parametrize("name", ["shop", "production", "production-open", "production-literal"])
def test_chains_of_the_samples(name: str) -> None:
    analysis = sample(name)
    naive = Naive.of(analysis)
    for source in naive.ids:
        check_radius(analysis, naive, source, None)
        for destination in naive.ids[::3]:
            if source != destination:
                check_chain(analysis, naive, source, destination, ALL)


def test_the_shop_is_four_hops_deep() -> None:
    hops = shortest_chain(sample("shop"), ["internet"], ["data/StatefulSet/orders-db"])
    assert hops is not None
    assert [(hop.source.split("/")[-1], hop.ports.text(), hop.only_way) for hop in hops] == [
        ("internet", "TCP 80, 443", False), ("ingress-nginx", "TCP 8080", True), ("storefront", "TCP 8080", True),
        ("checkout", "TCP 5432", True),
    ]  # fmt: skip


THROUGH_THE_WORLD = """
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, labels: {app: b}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out}
spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in}
spec: {podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}
"""


def test_addresses_pass_nothing_on() -> None:
    """a may reach an address, which may reach b; that makes no way from a to b."""
    pods = THROUGH_THE_WORLD.replace("kind: Pod\n", "kind: Pod\nstatus: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}\n")
    analysis = analyze([SourceFile("world.yaml", pods.encode())])
    a, b, part = "default/Pod/a", "default/Pod/b", "192.0.2.0/24"
    assert shortest_chain(analysis, [a], [part])
    assert shortest_chain(analysis, [part], [b])
    assert shortest_chain(analysis, [a], [b]) is None
    assert [each.id for each in blast_radius(analysis, [a])[0]] == [part]


def test_an_end_that_is_its_own_destination_needs_no_hop() -> None:
    frontend = ["production/Deployment/frontend"]
    assert shortest_chain(sample("production"), frontend, frontend) == []
