"""The picture: well-formed, plain, complete, the same each time, with hooks for the page."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.graph.fake import generated, seed, shop
from webapp.graph.drawing import draw
from webapp.graph.drawing.palette import DARK, LIGHT, stylesheet
from webapp.graph.layout import lay_out
from webapp.graph.scene import build_scene

PLAIN = {"svg", "g", "rect", "path", "circle", "polygon", "text", "title", "desc"}
SPACE = "{http://www.w3.org/2000/svg}"


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("analysis", [seed(), shop(), generated(12, 15)], ids=["seed", "shop", "folded"])
def test_markup_is_plain(analysis: object, theme: str) -> None:
    scene = build_scene(analysis)  # type: ignore[arg-type]
    for legend in (True, False):
        root = parse(draw(scene, lay_out(scene), theme, legend=legend, interactive=not legend))
        for element in root.iter():
            assert element.tag.removeprefix(SPACE) in PLAIN
            assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)
        assert root.findall(f"{SPACE}rect")[0].get("class") == "f-canvas"


def test_equal_input_gives_equal_bytes() -> None:
    scenes = [build_scene(shop()), build_scene(shop())]
    assert draw(scenes[0], lay_out(scenes[0])) == draw(scenes[1], lay_out(scenes[1]))


def test_the_page_finds_its_hooks() -> None:
    scene = build_scene(seed())
    root = parse(draw(scene, lay_out(scene)))
    groups = list(root.iter(f"{SPACE}g"))
    assert {g.get("data-node") for g in groups} >= {w.id for w in seed().workloads}
    rows = {(e.source, e.destination): e for e in scene.edges}
    for group in groups:
        if edge := group.get("data-edge"):
            row = rows[tuple(edge.split(">"))]  # type: ignore[index]
            assert row.drawn
            assert group.get("data-verdict") == row.verdict
            assert (group.get("data-blocked-at") or "") == row.blocked_at
    assert {g.get("data-namespace") for g in groups} >= {"production", "staging", "kube-system"}
    focusable = [g for g in groups if g.get("tabindex") == "0"]
    assert len(focusable) == 1
    named = [g for g in groups if g.get("data-node")]
    assert all(g.get("aria-label") and g.get("role") == "button" for g in named)


def test_an_export_is_complete() -> None:
    scene = build_scene(seed())
    markup = draw(scene, lay_out(scene), legend=True, interactive=False, title="Shop & co")
    assert "tabindex" not in markup
    assert "<title>Shop &amp; co</title>" in markup
    assert "a rule opens this end" in markup
    assert "netpolmap " in markup


def test_every_colour_has_its_role() -> None:
    """So that a page can put its theme over a picture."""
    scene = build_scene(shop())
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        for element in parse(draw(scene, lay_out(scene), theme)).iter():
            classes = (element.get("class") or "").split()
            for name, prefix in (("fill", "f-"), ("stroke", "s-")):
                colour = element.get(name)
                if colour not in (None, "none"):
                    assert [palette[c[2:]] for c in classes if c.startswith(prefix)] == [colour]
    assert LIGHT.keys() == DARK.keys()
    assert ".map .s-blocked{stroke:#ff5c5c}" in stylesheet("dark", ".map")


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrasts(palette: dict[str, str]) -> None:
    for ground in ("canvas", "box", "card", "tab", "badge"):
        assert _contrast(palette["ink"], palette[ground]) >= 7
        assert _contrast(palette["muted"], palette[ground]) >= 4.5
    for ground in ("canvas", "box"):
        for line in ("allowed", "open", "blocked", "unknown", "card-edge"):
            assert _contrast(palette[line], palette[ground]) >= (2.5 if line == "card-edge" else 3)
