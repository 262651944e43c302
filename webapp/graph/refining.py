"""What a first layout teaches the second: which lines cannot run from left to right, and in which order lines should
leave and enter the edge of a card, so that they neither make loops nor lie on top of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Places = Mapping[int, int]
"""{number of a line: its place at the edge of a card, from the top}."""
_FAN = 60.0
"""How far from a card (in points) it shows which way its lines go."""


def _none() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hints:
    """``free``: the lines that need not leave at the right and enter at the left. ``tails``, ``heads``: the places of
    the others; ``sizes``: how many places a glyph (by its name) has at its left and at its right, if several."""

    free: frozenset[int] = frozenset()
    tails: Places = field(default_factory=_none, hash=False)
    heads: Places = field(default_factory=_none, hash=False)
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=_none, hash=False)

    @property
    def is_empty(self) -> bool:
        """Whether a second layout would be the first one."""
        return not self.free and not self.sizes


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class _Run:
    """A line of the first layout: its number, the names of the glyphs at its ends, and its points."""

    number: int
    tail: str
    head: str
    points: tuple[tuple[float, float], ...]


def learn(answer: dict[str, Any], boxed: tuple[frozenset[int], frozenset[int]]) -> Hints:
    """From the answer of the layout engine. ``boxed``: the lines that begin, and that end, at a box, not at a card."""
    names: dict[int, str] = {}
    sides: dict[str, tuple[float, float]] = {}
    for item in answer.get("objects", ()):
        if "pos" in item:
            across, half = _numbers(item["pos"])[0], float(item["width"]) * 36
            names[item["_gvid"]] = item["name"]
            sides[item["name"]] = across - half, across + half
    runs = [_run(edge, names) for edge in answer.get("edges", ()) if "id" in edge]
    free = frozenset(run.number for run in runs if sides[run.head][0] < sides[run.tail][1])
    kept = [run for run in runs if run.number not in free]
    tails = [(run.tail, _height(run, sides[run.tail][1]), run) for run in kept if run.number not in boxed[0]]
    heads = [(run.head, _height(run, sides[run.head][0]), run) for run in kept if run.number not in boxed[1]]
    right, left = Counter(name for name, _, _ in tails), Counter(name for name, _, _ in heads)
    sizes = {name: (left[name], right[name]) for name in {*left, *right} if max(left[name], right[name]) > 1}
    return Hints(free, _places(tails, sizes), _places(heads, sizes), sizes)


def _run(edge: dict[str, Any], names: Mapping[int, str]) -> _Run:
    pairs = (pair for pair in edge["pos"].split() if pair[0] not in "se")
    points = tuple((x, y) for x, y in (_numbers(pair) for pair in pairs))
    return _Run(int(edge["id"][1:]), names[edge["tail"]], names[edge["head"]], points)


def _height(run: _Run, side: float) -> float:
    """How high a line runs a little away from the edge of a card."""
    near = min(run.points, key=lambda point: abs(abs(point[0] - side) - _FAN))
    return near[1]


def _places(ends: Iterable[tuple[str, float, _Run]], sizes: Mapping[str, tuple[int, int]]) -> dict[int, int]:
    """From top to bottom at each card that has several: y grows upwards."""
    at: dict[str, list[tuple[float, float, int]]] = {}
    for name, height, run in ends:
        if name in sizes:
            other = run.points[-1] if name == run.tail else run.points[0]
            at.setdefault(name, []).append((-height, -other[1], run.number))
    return {number: place for listed in at.values() for place, (_, _, number) in enumerate(sorted(listed))}


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
