"""Analysis -> networkx graph -> what is drawn. The only room that names networkx and the layout engine."""

from webapp.graph.network import connectivity_graph, quotient_graph

__all__ = ["connectivity_graph", "quotient_graph"]
