"""What a picture is made of: nodes, boxes, rows (every pair that is told) and lines (what is drawn for them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from webapp.model.ports import NONE, PortSet

EVERYTHING = "everything"
"""The id of the node that stands for all others: open workloads have one line to it instead of one to each."""


def _no_labels() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SceneNode:
    """A workload, a group of workloads that are alike, an external (or several that behave alike), a folded
    namespace, or `EVERYTHING`.

    ``lines``: small texts under the name. ``badges``: short marks. ``members``: the ids it stands for.
    ``ingress``, ``egress``: how all members stand (`webapp.graph.facts.States`), "" where they differ. ``open``: all
    are open both ways, ``partly_open``: some are; ``doubtful``: some are unknown.
    ``group``: the id of the card that would stand for it and those that are alike, where that has been opened.
    ``drawn``: False for an external that has rows, but no line. ``split``: drawn twice, at the left where its
    connections begin and at the right where connections to it end.
    """

    id: str
    type: str
    label: str
    kind: str = ""
    namespace: str = ""
    lines: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    ingress: str = ""
    egress: str = ""
    open: bool = False
    partly_open: bool = False
    doubtful: bool = False
    pods: int = 0
    host_network: bool = False
    labels: Mapping[str, str] = field(default_factory=_no_labels, hash=False)
    members: tuple[str, ...] = ()
    split: bool = False
    drawn: bool = True
    group: str = ""

    @property
    def isolated_ingress(self) -> bool:
        """NetworkPolicies isolate all members for ingress."""
        return self.ingress == "isolated"

    @property
    def isolated_egress(self) -> bool:
        """NetworkPolicies isolate all members for egress."""
        return self.egress == "isolated"


@dataclass(frozen=True, slots=True)
class SceneBox:
    """A namespace with the nodes inside; ``note`` says what is true of all of them and therefore not drawn."""

    namespace: str
    nodes: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SceneEdge:
    """One ordered pair of nodes and its verdict: a row of the accessible twin.

    ``verdict``: allowed (every port), partial, unknown, blocked. ``blocked_at``: source, target, both, or "".
    ``pairs``: for folded namespaces (pairs with an allowed port, all pairs). ``drawn``: some line shows it.
    """

    source: str
    destination: str
    verdict: str
    ports: PortSet = NONE
    unknown_ports: PortSet = NONE
    blocked_at: str = ""
    reasons: tuple[str, ...] = ()
    pairs: tuple[int, int] | None = None
    drawn: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An end of a line: a node, or the box of a namespace."""

    id: str
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn for one row, or for several that are alike (`rows`, as pairs of ids; empty towards EVERYTHING).

    ``look``: allowed, open (no policy at either end), dns, blocked, unknown. ``doors``: what stands at each end: key
    (a rule opened it), ring (no policy), bar (closed) or "". ``pairs``: how many pairs of workloads it stands for.
    ``both_ways``: an arrow at each end.
    ``placed``: takes part in the layout; the others are laid over it, so that showing them moves nothing.
    """

    tail: Anchor
    head: Anchor
    look: str
    label: str = ""
    doors: tuple[str, str] = ("", "")
    rows: tuple[tuple[str, str], ...] = ()
    verdict: str = "allowed"
    blocked_at: str = ""
    ports: PortSet = NONE
    pairs: int = 1
    both_ways: bool = False
    placed: bool = True
    title: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn of an analysis. Equal input gives an equal scene.

    ``level``: workloads or namespaces. ``edges``: all rows, sorted by (source, destination). ``notes``: sentences that
    say what is folded, capped or left out. ``skeleton``: the lines that the layout is made for, drawn or not.
    ``aside``: rows between these nodes that are not wholly blocked and not shown, with the reason why (a preset, or
    ``filter``).
    """

    level: str
    nodes: tuple[SceneNode, ...]
    boxes: tuple[SceneBox, ...]
    edges: tuple[SceneEdge, ...]
    lines: tuple[Line, ...]
    hidden: tuple[Line, ...]
    notes: tuple[str, ...]
    counts: Mapping[str, int]
    expanded: tuple[str, ...] = ()
    aside: tuple[tuple[SceneEdge, str], ...] = ()
