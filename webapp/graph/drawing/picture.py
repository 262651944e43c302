"""The whole picture: ground, boxes, lines, cards, and for exports a title, notes, a legend and the version."""

from __future__ import annotations

from math import ceil

from webapp import __version__
from webapp.graph.drawing.legend import draw_legend
from webapp.graph.drawing.lines import draw_line, draw_pill
from webapp.graph.drawing.markup import Attribute, escaped, number, tag
from webapp.graph.drawing.nodes import draw_box, draw_node
from webapp.graph.drawing.palette import THEMES
from webapp.graph.drawing.pen import Pen
from webapp.graph.elements import Scene
from webapp.graph.places import Layout, PlacedLine
from webapp.graph.text import FONT_FAMILY
from webapp.graph.wording import plural

_ORDER = {"dns": 0, "open": 1, "unknown": 2, "allowed": 3, "blocked": 4}


def draw(
    scene: Scene,
    layout: Layout,
    theme: str = "light",
    *,
    legend: bool = False,
    interactive: bool = True,
    title: str = "Network policy map",
) -> str:
    """The picture as SVG text: equal input, equal bytes.

    ``theme``: light or dark. ``legend``: adds the title, the scene's notes, a legend of what is present, and the
    version (for exports). ``interactive``: cards can take the focus and lines have a wide invisible body to point at.
    Presentation attributes only: no style, script, link or foreign object.
    """
    pen = Pen(THEMES[theme])
    body = [draw_box(pen, box) for box in layout.boxes]
    lines = list(enumerate(sorted(layout.lines, key=_depth)))
    faint = layout.crowded
    drawn = [draw_line(pen, line, number, interactive=interactive, faint=faint) for number, line in lines]
    pills = [] if faint else [draw_pill(pen, line, number) for number, line in lines]
    body += [tag("g", {"class": "lines"}, *drawn), tag("g", {"class": "lines"}, *pills)]
    nodes = sorted(layout.nodes, key=lambda placed: (placed.frame.x, placed.frame.y))
    body += [draw_node(pen, n, focus=(-1 if i else 0) if interactive else None) for i, n in enumerate(nodes)]
    width, height = layout.width, layout.height
    if legend:
        foot, foot_width, foot_height = draw_legend(pen, scene, layout, title=title, top=height, version=__version__)
        body.append(foot)
        width, height = max(width, foot_width), height + foot_height
    # Whole pixels, or the last row would be half transparent.
    width, height = float(ceil(width)), float(ceil(height))
    ground = pen.rect(0, 0, width, height, 0, pen.paint("canvas", ""))
    return tag(
        "svg",
        _root(width, height, interactive=interactive, title=title, crowded=layout.crowded),
        tag("title", {}, escaped(title)),
        tag("desc", {}, escaped(summary(scene))),
        ground,
        tag("g", {"class": "scene"}, *body),
    )


def summary(scene: Scene) -> str:
    """The picture in a sentence or two."""
    counts = scene.counts
    blocked = sum(line.look == "blocked" for line in scene.lines)
    parts = [
        f"{plural(counts['workloads'], 'workload')}",
        f"{plural(counts['pairs_allowed'], 'allowed connection')}",
        f"{plural(counts['pairs_unknown'], 'unknown one')}" if counts["pairs_unknown"] else "",
        f"{plural(blocked, 'blocked path')} drawn" if blocked else "",
    ]
    return ", ".join(part for part in parts if part) + ". " + " ".join(scene.notes)


def _depth(placed: PlacedLine) -> tuple[bool, int]:
    """What is laid over the layout is drawn beneath its lines: it crosses them anywhere."""
    return placed.line.placed, _ORDER[placed.line.look]


def _root(width: float, height: float, *, interactive: bool, title: str, crowded: bool) -> dict[str, Attribute]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "diagram crowded" if crowded else "diagram",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "font-family": FONT_FAMILY,
        "role": "group" if interactive else "img",
        "aria-roledescription": "network diagram" if interactive else None,
        "aria-label": title,
    }
