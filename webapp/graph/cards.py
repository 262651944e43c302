"""Nodes of a scene from what the analysis knows about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from webapp.graph.elements import EVERYTHING, SceneBox, SceneNode
from webapp.graph.facts import Facts
from webapp.graph.wording import plural, ranges_line, replicas
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import External, Workload

_LOOKUP = PortSet.single("UDP", 53)


def workload_node(workload: Workload, facts: Facts, *, dns_badge: bool) -> SceneNode:
    """A card: name, kind, replicas, isolation, and marks for what a reader should know."""
    return SceneNode(
        id=workload.id,
        type="workload",
        label=workload.name,
        kind=workload.kind,
        namespace=workload.namespace,
        lines=(workload.kind + replicas(workload.pods),),
        badges=tuple(_badges(workload, facts, dns_badge)),
        isolated_ingress=workload.isolated_ingress,
        isolated_egress=workload.isolated_egress,
        pods=workload.pods,
        host_network=workload.host_network,
        labels=workload.labels,
        members=(workload.id,),
    )


def _badges(workload: Workload, facts: Facts, dns_badge: bool) -> list[str]:
    badges = []
    if workload.host_network:
        badges.append("host network")
    if dns_badge:
        badges.append("DNS")
    elif _cannot_resolve(workload, facts):
        badges.append("no DNS")
    return badges


def _cannot_resolve(workload: Workload, facts: Facts) -> bool:
    """Egress is isolated, the cluster's resolver is in the input, and asking it is not allowed."""
    if not workload.isolated_egress or not facts.resolvers or workload.id in facts.resolvers:
        return False
    pairs = [(workload.id, resolver) for resolver in facts.resolvers]
    if any(pair in facts.unknown for pair in pairs):
        return False
    return all((facts.allowed.get(pair, NONE) & _LOOKUP).is_empty for pair in pairs)


def external_node(identity: str, group: Sequence[External], *, split: bool) -> SceneNode:
    """A hexagon: the internet, or an address range; several that have the same connections are one."""
    names = [external.id for external in group]
    label = "Internet" if identity == "internet" else "Internet (IPv6)" if identity == "internet-v6" else identity
    if identity == "internet":
        others = tuple(name for name in names if name not in ("internet", "internet-v6"))
        lines = ("all other addresses",) if len(group) == 1 else (f"and {ranges_line(others)}",) if others else ()
    elif len(group) > 1:
        lines = (f"and {ranges_line(tuple(names[1:]))}",)
    else:
        lines = ("addresses",)
    return SceneNode(identity, "external", label, "external", lines=lines, members=tuple(names), split=split)


def everything_node() -> SceneNode:
    """The one node that stands for all others at the lines of open workloads."""
    return SceneNode(EVERYTHING, "everything", "Everything", lines=("all that may connect",))


def namespace_node(namespace: str, members: Sequence[Workload], note: str) -> SceneNode:
    """A folded namespace, ``production/*``."""
    return SceneNode(
        id=f"{namespace}/*",
        type="namespace",
        label=namespace,
        kind="namespace",
        namespace=namespace,
        lines=tuple(line for line in (plural(len(members), "workload"), note) if line),
        isolated_ingress=all(w.isolated_ingress for w in members),
        isolated_egress=all(w.isolated_egress for w in members),
        pods=sum(w.pods for w in members),
        members=tuple(w.id for w in members),
    )


def box_of(namespace: str, ids: tuple[str, ...], note: str) -> SceneBox:
    """The box of a namespace."""
    return SceneBox(namespace, ids, note)
