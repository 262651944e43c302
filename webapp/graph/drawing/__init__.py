"""A scene and its layout -> SVG text, with presentation attributes only."""

from webapp.graph.drawing.picture import draw

__all__ = ["draw"]
