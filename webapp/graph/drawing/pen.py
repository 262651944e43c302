"""The pen: shapes in the colours of one theme."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.graph.curves import Point, Spline
from webapp.graph.drawing.markup import Attribute, escaped, path_data, polygon, tag
from webapp.graph.drawing.palette import Palette


@dataclass(frozen=True, slots=True)
class Pen:
    """Every shape names roles of the palette, not colours; "" or None is no colour."""

    palette: Palette

    def paint(self, fill: str, stroke: str, width: float = 1.2, dash: str | None = None) -> dict[str, Attribute]:
        """The presentation attributes and classes for a fill and a stroke."""
        classes = " ".join([f"f-{fill}"] * bool(fill) + [f"s-{stroke}"] * bool(stroke))
        return {
            "class": classes or None,
            "fill": self.palette[fill] if fill else "none",
            "stroke": self.palette[stroke] if stroke else None,
            "stroke-width": width if stroke else None,
            "stroke-dasharray": dash,
        }

    def rect(self, x: float, y: float, width: float, height: float, radius: float, paint: dict[str, Attribute]) -> str:
        return tag("rect", {"x": x, "y": y, "width": width, "height": height, "rx": radius, **paint})

    def text(
        self, x: float, y: float, text: str, size: float, role: str, *,
        bold: bool = False, anchor: str | None = None, kind: str = "",
    ) -> str:  # fmt: skip
        """``kind``: a class by which the page knows it."""
        attributes: dict[str, Attribute] = {
            "x": x,
            "y": y,
            "font-size": size,
            "font-weight": "600" if bold else None,
            "text-anchor": anchor,
            "class": f"f-{role} {kind}" if kind else f"f-{role}",
            "fill": self.palette[role],
        }
        return tag("text", attributes, escaped(text))

    def curve(
        self, spline: Spline, stroke: str, width: float, dash: str | None = None, opacity: float | None = None
    ) -> str:
        return tag(
            "path",
            {
                "d": path_data(spline),
                **self.paint("", stroke, width, dash),
                "stroke-linecap": "round" if dash in ("0.1 5", "0.1 4") else None,
                "opacity": f"{opacity:g}" if opacity is not None else None,
            },
        )

    def shape(self, data: str, paint: dict[str, Attribute]) -> str:
        return tag("path", {"d": data, **paint, "stroke-linecap": "round", "stroke-linejoin": "round"})

    def polygon(self, points: list[Point], paint: dict[str, Attribute]) -> str:
        return tag("polygon", {"points": polygon(points), **paint, "stroke-linejoin": "round"})

    def circle(self, centre: Point, radius: float, paint: dict[str, Attribute]) -> str:
        return tag("circle", {"cx": centre[0], "cy": centre[1], "r": radius, **paint})
