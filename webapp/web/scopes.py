"""What a request wants to see of an analysis, and what is not shown of it, as the page takes it."""

from __future__ import annotations

from collections import Counter

from flask import request

from webapp.analysis import Analysis
from webapp.explain.facts import ports_document
from webapp.graph.filters import KEYS, STEPS, VERDICTS, port_of
from webapp.graph.matrix import Cell, Matrix
from webapp.graph.presets import PRESETS
from webapp.graph.scope import Scope, scope_of
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortSet
from webapp.web.scenes import node_document, scope_document
from webapp.web.services import services

MOST_OFFERED = 200
"""So many values of one key are offered; more are found by typing what the filter itself checks."""


def asked_scope(analysis: Analysis) -> Scope | None:
    """The parameters `filter` and `hide` (repeatable); None where they leave nothing out."""
    hide = [word for value in request.args.getlist("hide") for word in value.split(",") if word]
    with services().gate:
        return scope_of(analysis, request.args.get("filter", ""), hide)


def matrix_document(matrix: Matrix, rows: range, columns: range, scope: Scope | None) -> dict[str, object]:
    """One window. Cells that are alike are told once, in ``kinds``; ``cells`` has their numbers, row by row."""
    sources = [matrix.ids[place] for place in rows]
    destinations = [matrix.ids[place] for place in columns]
    kinds: dict[Cell, int] = {}
    cells = [[kinds.setdefault(matrix.cell(s, d), len(kinds)) for d in destinations] for s in sources]
    document: dict[str, object] = {
        "size": len(matrix.ids),
        "folds": matrix.folds,
        "rows": {"first": rows.start, "nodes": [node_document(node) for node in matrix.heads(sources)]},
        "columns": {"first": columns.start, "nodes": [node_document(node) for node in matrix.heads(destinations)]},
        "kinds": [_cell_document(cell) for cell in kinds],
        "cells": cells,
        "places": {name: matrix.place_of.get(request.args.get(name, "")) for name in ("source", "destination")},
        "notes": list(matrix.notes),
    }
    return document if scope is None else document | {"scope": scope_document(scope)}


def _cell_document(cell: Cell) -> dict[str, object]:
    document: dict[str, object] = {
        "verdict": cell.verdict,
        "blocked_at": cell.blocked_at,
        "ports": ports_document(cell.ports),
        "ports_text": "" if cell.ports is NONE else cell.ports.text(),
        "unknown_ports": ports_document(cell.unknown_ports),
        "aside": cell.aside,
    }
    if cell.pairs is not None:
        document["pairs"] = dict(zip(("allowed", "unknown", "all"), cell.pairs, strict=True))
    return document


def filter_words_document(analysis: Analysis) -> dict[str, object]:
    """What may stand in a filter for this input: every key with its meaning and its values, the most used first."""
    labels: Counter[str] = Counter()
    for workload in analysis.workloads:
        labels.update(list(workload.labels))
        labels.update(f"{key}={value}" for key, value in workload.labels.items())
    values = {
        "ns": Counter(w.namespace for w in analysis.workloads),
        "kind": Counter(w.kind for w in analysis.workloads),
        "label": labels,
        "policy": Counter(policy.id for policy in analysis.policies),
        "port": _ports(analysis),
    }
    fixed = {"verdict": VERDICTS, "steps": STEPS}
    return {
        "keys": [
            {"key": key, "about": about, "values": list(fixed.get(key, ())) or _most(values.get(key, Counter()))}
            for key, about in KEYS.items()
        ],
        "presets": [{"name": name, "title": title} for name, title in PRESETS.items()],
    }


def _most(found: Counter[str]) -> list[str]:
    return sorted(found, key=lambda value: (-found[value], value))[:MOST_OFFERED]


def _ports(analysis: Analysis) -> Counter[str]:
    """The single ports that workloads declare or rules name, as a filter writes them."""
    found = Counter(_port_text(protocol, number) for w in analysis.workloads for _, protocol, number in w.ports)
    for policy in analysis.policies:
        for direction in Direction:
            for rule in policy.rules.get(direction, ()):
                for protocol, spans in rule.ports.by_protocol().items():
                    found.update(_port_text(protocol, first) for first, last in spans if first == last)
    return found


def _port_text(protocol: str, number: int) -> str:
    return str(number) if protocol == "TCP" else f"{number}/{protocol}"


def asked_port() -> PortSet:
    """The parameter `port` (5432, 53/UDP); NONE without it."""
    text = request.args.get("port", "")
    return port_of(text) if text else NONE
