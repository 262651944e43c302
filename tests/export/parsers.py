"""Small readers of what the exporters write, for tests: labels and edges come back as they went in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Edge = tuple[str, str, str]


@dataclass
class Drawn:
    """Node id in the file -> label, group of each node, and edges (from, to, label)."""

    labels: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)


_DOT_STRING = r'"((?:[^"\\]|\\.)*)"'
_DOT_NODE = re.compile(rf"(n\d+) \[label={_DOT_STRING}, tooltip={_DOT_STRING}(, shape=hexagon)?\];")
_DOT_EDGE = re.compile(rf"(n\d+) -> (n\d+) \[label={_DOT_STRING}[^\n]*\];")
_DOT_LABEL = re.compile(rf"label={_DOT_STRING};")


def read_dot(text: str) -> Drawn:
    drawn, group = Drawn(), ""
    lines = text.split("\n")
    assert lines[0] == "digraph netpolmap {"
    assert lines[-2:] == ["}", ""]
    for line in (line.strip() for line in lines[3:-2]):
        if line.startswith("subgraph cluster_") or line == "}":
            group = ""
        elif found := _DOT_LABEL.fullmatch(line):
            group = _undot(found[1])
        elif found := _DOT_NODE.fullmatch(line):
            drawn.labels[found[1]] = _undot(found[2])
            drawn.names[found[1]] = _undot(found[3])
            drawn.groups[found[1]] = group
        else:
            edge = _DOT_EDGE.fullmatch(line)
            assert edge, line
            drawn.edges.append((edge[1], edge[2], _undot(edge[3])))
    return drawn


def _undot(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


_SAFE = r'"((?:[A-Za-z0-9 ./,-]|#\d+;)*)"'
_MERMAID = {
    "group": re.compile(rf"  subgraph (s\d+)\[{_SAFE}\]"),
    "node": re.compile(rf"    (n\d+)\[{_SAFE}\]"),
    "external": re.compile(rf"  (n\d+)\{{\{{{_SAFE}\}}\}}"),
    "edge": re.compile(rf"  (n\d+) -(?:->|\.->)\|{_SAFE}\| (n\d+)"),
}


def read_mermaid(text: str) -> Drawn:
    drawn, group = Drawn(), ""
    lines = text.split("\n")
    assert lines[0] == "flowchart LR"
    for line in lines[1:-1]:
        kind, found = next(
            ((kind, found) for kind, form in _MERMAID.items() if (found := form.fullmatch(line))), ("", None)
        )
        if found is None:
            assert line == "  end", line
            group = ""
        elif kind == "group":
            group = _unentity(found[2])
        elif kind == "edge":
            drawn.edges.append((found[1], found[3], _unentity(found[2])))
        else:
            drawn.labels[found[1]] = _unentity(found[2])
            drawn.groups[found[1]] = group
    return drawn


def _unentity(text: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)
