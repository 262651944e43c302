"""Sets of ports: exact for every port of TCP, UDP and SCTP, interned so that equal sets are one object.

A port is the integer ``protocol index * 65536 + number``. Port 0 does not exist, so 65535/TCP and 1/UDP are never
neighbours and a canonical list of spans never joins two protocols. A set may also hold port *names*, which stay
symbolic until the destination pod is known (spec/kubernetes.md §3.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from weakref import WeakValueDictionary

PROTOCOLS: Final = ("TCP", "UDP", "SCTP")
LAST_PORT: Final = 65535
_PLANE: Final = 65536

Span = tuple[int, int]
PortName = tuple[str, str]
"""(name, protocol): a port that only the destination pod can resolve."""


class PortSet:
    """An immutable set of ports; equal sets are the same object, so ``is``, ``==`` and hashing are pointer-fast.

    ``spans``: ascending disjoint inclusive spans of encoded ports, neighbours joined.
    ``names``: port names not yet resolved; empty in every answer.
    """

    __slots__ = ("__weakref__", "names", "spans")
    spans: tuple[Span, ...]
    names: frozenset[PortName]

    @staticmethod
    def of(spans: Iterable[Span] = (), names: Iterable[PortName] = ()) -> PortSet:
        """The set of these encoded spans (any order, overlaps allowed) and names."""
        return _intern(_canonical(spans), frozenset(names))

    @staticmethod
    def single(protocol: str, first: int = 1, last: int | None = None) -> PortSet:
        """Ports ``first``..``last`` (inclusive; only ``first`` without it) of one protocol."""
        base = PROTOCOLS.index(protocol) * _PLANE
        return _intern(((base + first, base + (first if last is None else last)),), _NO_NAMES)

    @staticmethod
    def whole(protocol: str) -> PortSet:
        """Every port of one protocol."""
        return PortSet.single(protocol, 1, LAST_PORT)

    @property
    def is_empty(self) -> bool:
        return not self.spans and not self.names

    @property
    def is_all(self) -> bool:
        """True for every port of all three protocols."""
        return self is ALL

    def __and__(self, other: PortSet) -> PortSet:
        return self if self is other else _intersect(self, other)

    def __or__(self, other: PortSet) -> PortSet:
        return self if self is other else _unite(self, other)

    def __sub__(self, other: PortSet) -> PortSet:
        return NONE if self is other else _subtract(self, other)

    def contains(self, protocol: str, number: int) -> bool:
        """Whether this numeric port is in the set (names never count)."""
        port = PROTOCOLS.index(protocol) * _PLANE + number
        return any(first <= port <= last for first, last in self.spans)

    def by_protocol(self) -> dict[str, list[Span]]:
        """{protocol: [(first, last), ...]} in plain port numbers, protocols without a port left out."""
        answer: dict[str, list[Span]] = {}
        for first, last in self.spans:
            answer.setdefault(PROTOCOLS[first // _PLANE], []).append((first % _PLANE, last % _PLANE))
        return answer

    def json(self) -> str | dict[str, str]:
        """The contract's form: ``"all"`` or ``{"TCP": "80,8000-8100"}``."""
        if self is ALL:
            return "all"
        return {protocol: ",".join(map(_span_text, spans)) for protocol, spans in self.by_protocol().items()}

    def text(self) -> str:
        """For people: ``all ports``, ``TCP 80, 8000-8100; UDP 53``; names as they are written."""
        if self is ALL:
            return "all ports"
        parts = [f"{p} {', '.join(map(_span_text, s))}" for p, s in self.by_protocol().items()]
        parts = [part.replace(f" 1-{LAST_PORT}", " all ports") for part in parts]
        parts += [f"{protocol} {name}" for name, protocol in sorted(self.names)]
        return "; ".join(parts) or "no port"

    def __repr__(self) -> str:
        return f"PortSet({self.text()})"

    def __reduce__(self) -> tuple[object, ...]:
        return PortSet.of, (self.spans, self.names)


_NO_NAMES: Final[frozenset[PortName]] = frozenset()
_interned: WeakValueDictionary[tuple[tuple[Span, ...], frozenset[PortName]], PortSet] = WeakValueDictionary()


def _intern(spans: tuple[Span, ...], names: frozenset[PortName]) -> PortSet:
    key = (spans, names)
    known = _interned.get(key)
    if known is None:
        known = PortSet()
        known.spans, known.names = key
        known = _interned.setdefault(key, known)
    return known


def _canonical(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            if last > joined[-1][1]:
                joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


# Bounded caches: a long-running server must not grow with every upload.
@lru_cache(maxsize=1 << 16)
def _intersect(a: PortSet, b: PortSet) -> PortSet:
    if a.names or b.names:
        raise ValueError("resolve port names before intersecting")
    out: list[Span] = []
    i = j = 0
    while i < len(a.spans) and j < len(b.spans):
        first, last = max(a.spans[i][0], b.spans[j][0]), min(a.spans[i][1], b.spans[j][1])
        if first <= last:
            out.append((first, last))
        if a.spans[i][1] < b.spans[j][1]:
            i += 1
        else:
            j += 1
    return _intern(tuple(out), _NO_NAMES)


@lru_cache(maxsize=1 << 16)
def _unite(a: PortSet, b: PortSet) -> PortSet:
    return _intern(_canonical(a.spans + b.spans), a.names | b.names)


@lru_cache(maxsize=1 << 16)
def _subtract(a: PortSet, b: PortSet) -> PortSet:
    out: list[Span] = []
    for first, last in a.spans:
        for low, high in b.spans:
            if high < first or low > last:
                continue
            if low > first:
                out.append((first, low - 1))
            first = high + 1
            if first > last:
                break
        if first <= last:
            out.append((first, last))
    return _intern(tuple(out), a.names - b.names)


def _span_text(span: Span) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


NONE: Final = PortSet.of()
ALL: Final = PortSet.of((i * _PLANE + 1, i * _PLANE + LAST_PORT) for i in range(len(PROTOCOLS)))
