"""The exposure reports of another analyzer, which were made from the same manifests (conformance, CONVENTIONS §8).

Compared are all of its statements: what goes for the entire cluster, for pods by their labels, for addresses, and what
is not protected. Where its conventions differ, this is how they are met:

- It leaves out pods of which the manifests hold an example. So what we say beyond it must be about such pods.
- It gives a selector the ports of that selector's own rules; we give what such pods really get, with the rules of
  every other selector that they fit too. In the cases of `IMPLIED` that is more.
- It takes a missing namespaceSelector or podSelector of an AdminNetworkPolicy for {}; an API server refuses such a
  policy, so we say UNKNOWN. In the cases of `INCOMPLETE` the missing ones are written out before we read them.
- It leaves out the addresses of an end of which there is nothing to say about pods.
- It names ReplicaSets, we the Deployments behind them.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from webapp.analysis import Analysis, Assumptions, analyze
from webapp.insight.exposure import Exposure, Peers, exposure
from webapp.insight.regions import NAME
from webapp.insight.selectors import Shape, Values, matches, shape_of
from webapp.manifests import COMMAND_LINE_BUDGET
from webapp.manifests.sources import open_paths
from webapp.model.labels import Requirement, Selector
from webapp.model.ports import ALL, NONE, PROTOCOLS, PortSet
from webapp.model.source import SourceFile

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "np-guard"
CASES = sorted(path.parent.name for path in CORPUS.glob("*/exposure.txt")) if CORPUS.is_dir() else []
ASSUMED = Assumptions("pod", "never", undeclared_namespaces="unlabelled")

IMPLIED = {
    "exposure_test_real_namespace_without_real_pod": "namespace ns1 has the label x=xval",
    "exposure_test_with_different_rules_3": "pods without app are pods whose app is not x",
    "exposure_test_with_different_rules_3_with_matching_pod": "pods without app are pods whose app is not x",
    "exposure_test_with_different_rules_4": "pods whose role is not w, x, y or z are pods whose role is not x or y",
}
INCOMPLETE = frozenset({
    "exposure_test_with_anp_12", "exposure_test_with_anp_14", "exposure_test_with_anp_15", "exposure_test_with_anp_16",
})  # fmt: skip

Place = tuple[str, str]
"""A workload as the report names it, and `ingress` or `egress`."""


@dataclass(frozen=True)
class Said:
    """What a report says of some pods."""

    namespaces: tuple[tuple[str, Values], ...]
    pods: tuple[tuple[str, Values], ...]
    ports: PortSet
    names: frozenset[str]

    def is_part_of(self, other: Said) -> bool:
        """Whether the other one is about the same pods, with these ports and more."""
        same = (self.namespaces, self.pods, self.names) == (other.namespaces, other.pods, other.names)
        return same and self.ports - other.ports is NONE


def test_the_corpus_is_all_there() -> None:
    if CORPUS.is_dir():
        assert len(CASES) > 40
        assert {*IMPLIED, *INCOMPLETE} <= set(CASES)


@pytest.mark.parametrize("case", CASES or [pytest.param("", marks=pytest.mark.skip("the corpus is not beside us"))])
def test_the_same_is_said(case: str) -> None:
    theirs, outside, unprotected = parsed((CORPUS / case / "exposure.txt").read_text(encoding="utf-8"))
    files, problems = open_paths([str(CORPUS / case / "manifests")], COMMAND_LINE_BUDGET)
    read = [completed(file) for file in files] if case in INCOMPLETE else files
    analysis = analyze(read, ASSUMED, problems=problems)
    ours: dict[Place, set[Said]] = {}
    addresses: dict[Place, dict[tuple[int, int], PortSet]] = {}
    open_ends: set[Place] = set()
    for told in exposure(analysis):
        assert told.complete
        place = (standing(analysis, told.workload), str(told.direction))
        general, *others = told.peers
        ours[place] = {said_by_us(peers) for peers in others}
        if general.ports is not NONE or general.names:
            ours[place].add(said_by_us(general))
        addresses[place] = ranges_of(analysis, told)
        if not told.protected:
            open_ends.add(place)
    assert open_ends == unprotected
    assert {place: listed for place, listed in addresses.items() if listed and ours[place]} == outside
    for place, said in ours.items():
        expected = theirs.pop(place, set())
        beyond = {each for each in said - expected if not is_there(analysis, each)}
        if case in IMPLIED:
            beyond = {each for each in beyond if not any(other.is_part_of(each) for other in expected)}
        for each in expected:
            assert each in said or (case in IMPLIED and any(each.is_part_of(other) for other in said)), place
        assert not beyond, place
    assert not theirs


def standing(analysis: Analysis, identity: str) -> str:
    """The name of a workload in the reports, a Deployment for its ReplicaSet."""
    workload = analysis.workload_by_id[identity]
    return f"{workload.namespace}/{workload.name}[{workload.kind}]"


def completed(file: SourceFile) -> SourceFile:
    """The file with the selectors of AdminNetworkPolicies that are taken for {} written out."""

    def walk(node: Any, key: str = "") -> None:
        if key == "pods" and isinstance(node, dict):
            node.setdefault("namespaceSelector", {})
            node.setdefault("podSelector", {})
        children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for name, child in children:
            walk(child, str(name))

    documents = list(yaml.safe_load_all(file.data))
    for document in documents:
        if document and document.get("kind") in ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy"):
            walk(document)
    return SourceFile(file.name, yaml.safe_dump_all(documents).encode())


def said_by_us(peers: Peers) -> Said:
    assert peers.unknown_ports is NONE
    assert not peers.denied_names
    names = frozenset(name for name, _ in peers.names)
    return Said(frozen(peers.region.namespaces), frozen(peers.region.pods), peers.ports, names)


def frozen(shape: Shape) -> tuple[tuple[str, Values], ...]:
    return tuple(sorted(shape.items()))


def is_there(analysis: Analysis, said: Said) -> bool:
    """Whether a workload of the manifests is such a pod."""
    return any(
        matches(dict(said.namespaces), analysis.namespaces[w.namespace].labels.known)
        and matches(dict(said.pods), w.labels)
        for w in analysis.workloads
    )


def ranges_of(analysis: Analysis, told: Exposure) -> dict[tuple[int, int], PortSet]:
    """IPv4 ranges with their ports, neighbours of equal ports joined."""
    ranges = {part.id: part.ranges for part in analysis.externals}
    pieces = [
        (first, last, address.ports)
        for address in told.addresses
        for family, first, last in ranges[address.id]
        if family == 4 and address.ports is not NONE
    ]
    return joined(pieces)


def joined(pieces: list[tuple[int, int, PortSet]]) -> dict[tuple[int, int], PortSet]:
    found: list[tuple[int, int, PortSet]] = []
    for first, last, ports in sorted(pieces, key=lambda piece: piece[:2]):
        if found and found[-1][2] is ports and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last, ports)
        else:
            found.append((first, last, ports))
    return {(first, last): ports for first, last, ports in found}


# ---------------------------------------------------------------- the grammar of its reports

_LINE = re.compile(r"(\S+)\s+(=>|<=)\s+(.+) : (.*)")
_OPEN = re.compile(r"(\S+) is not protected on (Ingress|Egress)")
_TERM = re.compile(r"\{Key:([^,]+),Operator:(\w+),Values:\[([^\]]*)\],\}|([^=,{}]+)=([^,{}]*)")
_RANGE = re.compile(r"([0-9.]+)-([0-9.]+)\[External\]")


def parsed(
    text: str,
) -> tuple[dict[Place, set[Said]], dict[Place, dict[tuple[int, int], PortSet]], set[Place]]:
    """What is said of pods, of addresses, and which ends are not protected."""
    said: dict[Place, set[Said]] = {}
    pieces: dict[Place, list[tuple[int, int, PortSet]]] = {}
    unprotected: set[Place] = set()
    for line in text.partition("Exposure Analysis Result:")[2].splitlines():
        if match := _OPEN.match(line):
            unprotected.add((owner(match[1]), match[2].lower()))
        elif match := _LINE.match(line):
            place = (owner(match[1]), "egress" if match[2] == "=>" else "ingress")
            ports, names = connection(match[4])
            outside = _RANGE.match(match[3])
            if outside:
                first, last = (int(ipaddress.ip_address(part)) for part in outside.groups())
                pieces.setdefault(place, []).append((first, last, ports))
            else:
                namespaces, pods = peer(match[3])
                said.setdefault(place, set()).add(Said(frozen(namespaces), frozen(pods), ports, names))
    return said, {place: joined(listed) for place, listed in pieces.items()}, unprotected


def owner(name: str) -> str:
    return re.sub(r"-[a-z0-9]{8,10}\[ReplicaSet\]", "[Deployment]", name)


def connection(text: str) -> tuple[PortSet, frozenset[str]]:
    """``TCP 80,http``, ``All Connections``, ``No Connections``, or names alone (` local-port`)."""
    if text == "All Connections":
        return ALL, frozenset()
    ports, names, protocol = NONE, set(), "TCP"
    for item in re.split(r"[ ,]+", "" if text == "No Connections" else text.strip()):
        if item in PROTOCOLS:
            protocol = item
        elif re.fullmatch(r"[0-9]+(-[0-9]+)?", item):
            first, _, last = item.partition("-")
            ports |= PortSet.single(protocol, int(first), int(last or first))
        elif item:
            names.add(item)
    return ports, frozenset(names)


def peer(text: str) -> tuple[Shape, Shape]:
    if text == "entire-cluster":
        return {}, {}
    namespaces, _, pods = re.fullmatch(r"(\[[^/]*?(?:\{.*\})?\]|[^\[/]+)(/)(\[.*\])", text).groups()  # type: ignore[union-attr]
    if namespaces.startswith("["):
        return selector(namespaces), selector(pods)
    return {NAME: Values(frozenset((namespaces,)), others=False, absent=False)}, selector(pods)


def selector(text: str) -> Shape:
    """``[pod with {app=x,{Key:role,Operator:In,Values:[a b],}}]``, ``[all pods]``."""
    terms = []
    for key, operator, values, label, value in _TERM.findall(text.partition("{")[2]):
        terms.append(Requirement(key, operator, tuple(values.split())) if key else Requirement(label, "In", (value,)))
    shape = shape_of(Selector(tuple(terms)))
    assert shape is not None
    return shape
