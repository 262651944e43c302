"""`diff -o svg`: what is opened and cut as a picture, in the signs of the map: an arrow, or a path that stops."""

from __future__ import annotations

from types import MappingProxyType
from typing import TextIO

from webapp.diff.review import Entry, Review
from webapp.graph.drawing import draw
from webapp.graph.elements import Anchor, Line, Scene, SceneBox, SceneEdge, SceneNode
from webapp.graph.layout import lay_out
from webapp.graph.wording import plural, port_pill, replicas
from webapp.model.ports import ALL, PortSet
from webapp.reports.words import SIGNS, counts_text

MOST_LINES = 150


def write(review: Review, stream: TextIO) -> None:
    """The picture with its legend; what is not drawn is counted in it."""
    stream.write(picture(review) + "\n")


def picture(review: Review, theme: str = "light") -> str:
    """As SVG."""
    scene = _scene(review)
    return draw(scene, lay_out(scene), theme, legend=True, interactive=False, title="What the change opens and cuts")


def _scene(review: Review) -> Scene:
    shown = [entry for entry in review.entries if entry.kind in ("opened", "cut", "changed")][:MOST_LINES]
    ids = sorted({end for entry in shown for end in (entry.row.source, entry.row.destination)})
    nodes = tuple(_node(review, identity) for identity in ids)
    spaces = sorted({node.namespace for node in nodes if node.type == "workload"})
    boxes = tuple(SceneBox(space, tuple(n.id for n in nodes if n.namespace == space)) for space in spaces)
    notes = [counts_text(review)]
    if len(shown) < len(review.entries):
        notes.append(f"{len(shown)} of {plural(len(review.entries), 'difference')} are drawn.")
    return Scene(
        level="workloads",
        nodes=nodes,
        boxes=boxes,
        edges=tuple(_edge(entry) for entry in sorted(shown, key=lambda e: (e.row.source, e.row.destination))),
        lines=tuple(_line(entry) for entry in shown),
        hidden=(),
        notes=tuple(notes),
        counts=MappingProxyType(_counts(review)),
    )


def _counts(review: Review) -> dict[str, int]:
    """Of head, as the foot of every picture tells them."""
    pairs = sum(1 for _ in review.head.connections())
    unsure = sum(1 for _ in review.head.unknowns())
    return {"workloads": len(review.head.workloads), "pairs_allowed": pairs, "pairs_unknown": unsure}


def _node(review: Review, identity: str) -> SceneNode:
    end = next(end for end in review.changes.ends if end.id == identity)
    workload = review.head.workload_by_id.get(end.head) or review.base.workload_by_id.get(end.base)
    if workload is None:
        return SceneNode(identity, "external", identity, members=(identity,))
    badges = ("new",) if not end.base else ("gone",) if not end.head else ()
    ingress, egress = ("isolated" if shut else "open" for shut in (workload.isolated_ingress, workload.isolated_egress))
    return SceneNode(
        identity, "workload", workload.name, workload.kind, workload.namespace, badges=badges, pods=workload.pods,
        lines=(workload.kind + replicas(workload.pods),), members=(identity,), ingress=ingress, egress=egress,
    )  # fmt: skip


def _ports(entry: Entry) -> PortSet:
    return entry.row.cut_ports if entry.row.opened_ports.is_empty else entry.row.opened_ports


def _line(entry: Entry) -> Line:
    cut = entry.row.opened_ports.is_empty
    ends = Anchor(entry.row.source), Anchor(entry.row.destination)
    label = f"{SIGNS[entry.kind]} {port_pill(_ports(entry))}"
    rows = ((entry.row.source, entry.row.destination),)
    if cut:
        return Line(*ends, "blocked", label, ("", "bar"), rows, "blocked", "target", _ports(entry))
    verdict = "allowed" if entry.row.after is ALL else "partial"
    return Line(*ends, "allowed", label, ("", ""), rows, verdict, "", _ports(entry))


def _edge(entry: Entry) -> SceneEdge:
    row = entry.row
    verdict = "blocked" if row.after.is_empty else "allowed" if row.after is ALL else "partial"
    return SceneEdge(row.source, row.destination, verdict, row.after, drawn=True, label=port_pill(_ports(entry)))
