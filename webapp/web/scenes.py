"""A scene as the page takes it: the picture, and the rows of its accessible twin."""

from __future__ import annotations

from webapp.graph.elements import Scene, SceneBox, SceneEdge, SceneNode
from webapp.graph.scope import Scope

EMPTY_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="1" height="1" viewBox="0 0 1 1" role="group"></svg>'
)
"""Stands where drawing failed."""


def scene_document(
    scene: Scene, svg: str, width: float, height: float, notes: tuple[str, ...], scope: Scope | None = None
) -> dict[str, object]:
    """Everything about a scene that the page needs (`Scene` in the API's description)."""
    folded = {node.namespace or node.label: True for node in scene.nodes if node.type == "namespace"}
    boxes = {box.namespace: box for box in scene.boxes}
    names = sorted({*folded, *boxes})
    document: dict[str, object] = {
        "svg": svg,
        "width": width,
        "height": height,
        "level": scene.level,
        "nodes": [node_document(node) for node in scene.nodes],
        "edges": [edge_document(edge) for edge in scene.edges],
        "namespaces": [
            {"name": name, "folded": name in folded, "foldable": name in scene.expanded, "note": _note(boxes.get(name))}
            for name in names
        ],
        "notes": [*scene.notes, *notes],
        "counts": dict(scene.counts),
    }
    if scope is None:
        return document
    aside = [edge_document(row) | {"aside": reason} for row, reason in scene.aside]
    return document | {"scope": scope_document(scope), "aside": aside}


def scope_document(scope: Scope) -> dict[str, object]:
    """What is shown, and what is not and why (`Scope` in the API's description)."""
    counts = scope.counts
    shown, known = counts.workloads
    return {
        "workloads": {"shown": shown, "all": known},
        "paths": {"shown": counts.shown, "elsewhere": counts.elsewhere, "filtered": counts.filtered},
        "hidden": counts.hidden,
        "notes": list(scope.notes),
    }


def node_document(node: SceneNode) -> dict[str, object]:
    """A workload, an external, or what stands for several."""
    return {
        "id": node.id,
        "label": node.label,
        "kind": node.kind,
        "namespace": node.namespace,
        "type": node.type,
        "isolated": {"ingress": node.isolated_ingress, "egress": node.isolated_egress},
        "state": {"ingress": node.ingress, "egress": node.egress},
        "pods": node.pods,
        "host_network": node.host_network,
        "open": node.open,
        "labels": dict(node.labels),
        "members": list(node.members),
        "lines": list(node.lines),
        "badges": list(node.badges),
        "group": node.group,
    }


def edge_document(edge: SceneEdge) -> dict[str, object]:
    """One row of the twin; ports as in `list -o json`, `{}` for none."""
    return {
        "source": edge.source,
        "destination": edge.destination,
        "verdict": edge.verdict,
        "blocked_at": edge.blocked_at,
        "ports": {} if edge.ports.is_empty else edge.ports.json(),
        "ports_text": "" if edge.ports.is_empty else edge.ports.text(),
        "unknown_ports": {} if edge.unknown_ports.is_empty else edge.unknown_ports.json(),
        "reasons": list(edge.reasons),
        "pairs": None if edge.pairs is None else {"allowed": edge.pairs[0], "all": edge.pairs[1]},
        "drawn": edge.drawn,
        "label": edge.label,
    }


def _note(box: SceneBox | None) -> str:
    return box.note if box else ""
