"""`list -o mermaid`: the whole graph as a flowchart for Markdown. Ids are ours; foreign text is only in quoted labels,
and there every character that Mermaid could read as its own is an entity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from webapp.analysis import Analysis
from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.text import visible
from webapp.graph.wording import port_pill, replicas

if TYPE_CHECKING:
    from webapp.engine.workloads import Workload

NAME = "mermaid"
BINARY = False
_UNSAFE = re.compile(r"[^A-Za-z0-9 ./,-]|^[./, -]|(?<![a-z0-9])-|-(?![a-z0-9])|(?<=[0-9])\.(?= )")


def write(analysis: Analysis, stream: TextIO, *, keep: Keep | None = None) -> None:
    """Write every allowed pair as an arrow with its ports, and every unknown one as a dotted arrow."""
    view = Narrowed(analysis, keep)
    stream.write("flowchart LR\n")
    numbers: dict[str, str] = {}
    members: dict[str, list[Workload]] = {}
    for workload in view.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    for index, (namespace, workloads) in enumerate(sorted(members.items())):
        stream.write(f"  subgraph s{index}[{quoted(namespace)}]\n")
        for workload in workloads:
            name = numbers[workload.id] = f"n{len(numbers)}"
            label = quoted(f"{workload.name} ({workload.kind}{replicas(workload.pods)})")
            stream.write(f"    {name}[{label}]\n")
        stream.write("  end\n")
    for external in view.externals:
        name = numbers[external.id] = f"n{len(numbers)}"
        stream.write(f"  {name}{{{{{quoted(external.id)}}}}}\n")
    for row in view.connections():
        label = quoted(port_pill(row.ports))
        stream.write(f"  {numbers[row.source]} -->|{label}| {numbers[row.destination]}\n")
    for unsure in view.unknowns():
        stream.write(f"  {numbers[unsure.source]} -.->|{quoted('?')}| {numbers[unsure.destination]}\n")


def quoted(text: str) -> str:
    """A label: between quotes, with entities for all that is not a letter, a digit or plain punctuation."""
    return '"' + _UNSAFE.sub(lambda found: f"#{ord(found.group())};", visible(text)) + '"'
