"""Nodes of a scene from what the analysis knows about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from webapp.graph.elements import EVERYTHING, SceneBox, SceneNode
from webapp.graph.facts import Facts, States
from webapp.graph.marks import MUTE, counted
from webapp.graph.wording import plural, replicas
from webapp.model.policy import Direction

if TYPE_CHECKING:
    from webapp.engine.externals import External
    from webapp.engine.workloads import Workload


MOST_NAMED = 4
MOST_CHARACTERS = 22
"""So many of the workloads of a card are named on it, and no more letters than this."""


def workload_node(workload: Workload, facts: Facts, badges: tuple[str, ...] = ()) -> SceneNode:
    """A card: name, kind, replicas, isolation, and marks for what a reader should know."""
    ingress, egress = facts.ingress(workload.id), facts.egress(workload.id)
    resolves = "DNS" if "DNS" in badges else ""
    told = (workload.kind + replicas(workload.pods), _state_words(ingress, egress), resolves)
    return SceneNode(
        id=workload.id,
        type="workload",
        label=workload.name,
        kind=workload.kind,
        namespace=workload.namespace,
        lines=(" · ".join(filter(None, told)),),
        badges=tuple(_badges(workload, facts, tuple(badge for badge in badges if badge != "DNS"))),
        ingress=ingress,
        egress=egress,
        open=ingress == egress == "open",
        doubtful="unknown" in (ingress, egress),
        pods=workload.pods,
        host_network=workload.host_network,
        labels=workload.labels,
        members=(workload.id,),
    )


def card_node(
    identity: str, members: Sequence[Workload], facts: Facts, badges: tuple[str, ...], group: str = ""
) -> SceneNode:
    """A workload, or several that are alike on one card: what it says is true of each. ``group``: see `SceneNode`."""
    node = workload_node(members[0], facts, badges)
    if len(members) == 1:
        return replace(node, group=group)
    kinds = sorted({w.kind for w in members})
    told = (kinds[0] if len(kinds) == 1 else plural(len(kinds), "kind"), _state_words(node.ingress, node.egress))
    resolves = "DNS" if "DNS" in badges else ""
    return replace(
        node,
        id=identity,
        type="group",
        label=f"{len(members):,} alike: {_first_names([w.name for w in members])}",
        kind=kinds[0] if len(kinds) == 1 else "",
        lines=(" · ".join(filter(None, (*told, resolves))),),
        pods=sum(w.pods for w in members),
        labels={},
        members=tuple(w.id for w in members),
    )


def _first_names(names: Sequence[str]) -> str:
    """``a, b, c``, or the first of many."""
    told = names[0]
    for count, name in enumerate(names[1:], 1):
        if len(told) + len(name) > MOST_CHARACTERS or count == MOST_NAMED:
            return f"{told}, …"
        told = f"{told}, {name}"
    return told


def _state_words(ingress: str, egress: str) -> str:
    """What stands on the card of a workload that NetworkPolicies do not isolate both ways."""
    if ingress == egress:
        return "" if ingress == "isolated" else ingress
    told = {"ingress": ingress, "egress": egress}.items()
    return ", ".join(f"{direction} {state}" for direction, state in told if state in ("limited", "unknown"))


def _badges(workload: Workload, facts: Facts, told: tuple[str, ...]) -> list[str]:
    badges = ["host network"] if workload.host_network else []
    badges += told
    if mark := facts.marks.get(workload.id):
        badges.append(mark)
    if facts.resolver.verdict(workload) == "blocked":
        badges.append(MUTE)
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


def namespace_node(
    namespace: str, members: Sequence[Workload], states: States, note: str, marks: Mapping[str, str]
) -> SceneNode:
    """A folded namespace, ``production/*``, with how many of its workloads are open, or may be, or have a mark."""
    ways = [(states[Direction.INGRESS][w.id], states[Direction.EGRESS][w.id]) for w in members]
    opened, unknown = ways.count(("open", "open")), sum("unknown" in way for way in ways)
    told = (plural(len(ways), "workload"), _share(opened, len(ways), "open"), _share(unknown, len(ways), "unknown"))
    ingress, egress = ({way[place] for way in ways} for place in (0, 1))
    return SceneNode(
        id=f"{namespace}/*",
        type="namespace",
        label=namespace,
        kind="namespace",
        namespace=namespace,
        lines=tuple(filter(None, (" · ".join(filter(None, told)), note))),
        badges=counted(marks, (w.id for w in members)),
        ingress=ingress.pop() if len(ingress) == 1 else "",
        egress=egress.pop() if len(egress) == 1 else "",
        open=opened == len(ways),
        partly_open=opened > 0,
        doubtful=unknown > 0,
        pods=sum(w.pods for w in members),
        members=tuple(w.id for w in members),
    )


def _share(count: int, all_of: int, word: str) -> str:
    """``open``, ``3 open``, or nothing."""
    return word if count == all_of else f"{count:,} {word}" if count else ""


def box_of(namespace: str, ids: tuple[str, ...], note: str) -> SceneBox:
    """The box of a namespace."""
    return SceneBox(namespace, ids, note)
