"""Nodes of a scene from what the analysis knows about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from webapp.graph.elements import EVERYTHING, SceneBox, SceneNode
from webapp.graph.facts import Facts
from webapp.graph.wording import plural, replicas

if TYPE_CHECKING:
    from webapp.engine.externals import External
    from webapp.engine.workloads import Workload


def workload_node(workload: Workload, facts: Facts, badges: tuple[str, ...] = ()) -> SceneNode:
    """A card: name, kind, replicas, isolation, and marks for what a reader should know."""
    return SceneNode(
        id=workload.id,
        type="workload",
        label=workload.name,
        kind=workload.kind,
        namespace=workload.namespace,
        lines=(workload.kind + replicas(workload.pods) + (" · open" if _is_open(workload) else ""),),
        badges=tuple(_badges(workload, facts, badges)),
        isolated_ingress=workload.isolated_ingress,
        isolated_egress=workload.isolated_egress,
        pods=workload.pods,
        host_network=workload.host_network,
        labels=workload.labels,
        members=(workload.id,),
    )


def _is_open(workload: Workload) -> bool:
    return not workload.isolated_ingress and not workload.isolated_egress


def _badges(workload: Workload, facts: Facts, told: tuple[str, ...]) -> list[str]:
    badges = ["host network"] if workload.host_network else []
    badges += told
    if "DNS" not in told and facts.resolver.verdict(workload) == "blocked":
        badges.append("no DNS")
    return badges


def external_node(external: External, parts: int, *, split: bool, drawn: bool = True) -> SceneNode:
    """A hexagon: the internet, or an address range. ``parts``: how many there are. ``drawn``: it has a line."""
    label, _, rest = external.id.partition(" except ")
    line = f"except {rest}" if rest else "addresses"
    if external.id in ("internet", "internet-v6"):
        label = "Internet" if external.id == "internet" else "Internet (IPv6)"
        line = "all addresses outside" if parts == 1 else "all other addresses"
    members = (external.id,)
    return SceneNode(
        external.id, "external", label, "external", lines=(line,), members=members, split=split, drawn=drawn
    )


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
