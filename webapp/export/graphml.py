"""`list -o graphml`: the whole graph for Gephi, yEd, networkx and others."""

from __future__ import annotations

from typing import BinaryIO

from webapp.analysis import Analysis
from webapp.graph.narrowing import Keep
from webapp.graph.network import flat_graph, write_graphml

NAME = "graphml"
BINARY = True


def write(analysis: Analysis, stream: BinaryIO, *, keep: Keep | None = None) -> None:
    """Write nodes and edges; edges have ``verdict``, ``ports``, ``unknown_ports``, ``reasons``."""
    write_graphml(flat_graph(analysis, keep), stream)
