"""`list -o dot`: the whole graph for Graphviz, a cluster a namespace. Ids are ours; foreign text is only in labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from webapp.analysis import Analysis
from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.text import visible
from webapp.graph.wording import port_pill, replicas

if TYPE_CHECKING:
    from webapp.engine.workloads import Workload

NAME = "dot"
BINARY = False


def write(analysis: Analysis, stream: TextIO, *, keep: Keep | None = None) -> None:
    """Write every allowed pair as an edge with its ports, and every unknown one as a dotted edge. ``tooltip`` of a
    node is its id."""
    view = Narrowed(analysis, keep)
    stream.write("digraph netpolmap {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n")
    numbers: dict[str, str] = {}
    members: dict[str, list[Workload]] = {}
    for workload in view.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    for index, (namespace, workloads) in enumerate(sorted(members.items())):
        stream.write(f"  subgraph cluster_{index} {{\n    label={quoted(namespace)};\n")
        for workload in workloads:
            label = (workload.name, workload.kind + replicas(workload.pods))
            stream.write(f"    {_node(numbers, workload.id, label)};\n")
        stream.write("  }\n")
    for external in view.externals:
        stream.write(f"  {_node(numbers, external.id, (external.id,), ', shape=hexagon')};\n")
    for row in view.connections():
        ends = f"{numbers[row.source]} -> {numbers[row.destination]}"
        stream.write(f"  {ends} [label={quoted(port_pill(row.ports))}, tooltip={quoted(row.ports.text())}];\n")
    for unsure in view.unknowns():
        ends = f"{numbers[unsure.source]} -> {numbers[unsure.destination]}"
        told = quoted(unsure.ports.text())
        stream.write(f'  {ends} [label="?", style=dotted, color=gray40, arrowhead=empty, tooltip={told}];\n')
    stream.write("}\n")


def _node(numbers: dict[str, str], identity: str, label: Sequence[str], more: str = "") -> str:
    name = numbers[identity] = f"n{len(numbers)}"
    text = "\\n".join(quoted(line)[1:-1] for line in label)
    return f'{name} [label="{text}", tooltip={quoted(identity)}{more}]'


def quoted(text: str) -> str:
    """A DOT string: backslashes doubled (labels know escapes such as ``\\N``), quotes escaped, no line ends."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
