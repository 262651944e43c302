"""Expectation files become Expectations. A file with a mistake is refused: a test that is not run must not pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.errors import InputError
from webapp.manifests.budget import Budget
from webapp.manifests.plain import read_values
from webapp.manifests.scalars import Value
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence
from webapp.model.ports import ALL, LAST_PORT, PROTOCOLS, PortSet
from webapp.model.source import SourceFile, SourceRef

_KEYS = ("from", "to", "ports", "allowed", "blocked", "nothing_else", "note")
_PORTS = re.compile(r"(?:(?P<protocol>[A-Za-z]+)(?:/(?P<numbers>[0-9, -]+))?|(?P<bare>[0-9, -]+))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One statement about connections.

    ``source``, ``destination``: as written, names or patterns of workloads such as ``staging/*``; "" (of nothing_else
    only) is anyone, inside or outside. ``ports``: None if none are listed.
    ``wanted``: "allowed", "blocked" or "nothing_else" (all that is allowed between the ends is stated by an
    expectation of this file that it is allowed).
    """

    source: str
    destination: str
    wanted: str
    place: SourceRef
    ports: PortSet | None = None
    note: str = ""

    def __str__(self) -> str:
        ports = f" on {self.ports.text()}" if self.ports is not None else ""
        wanted = "nothing else allowed" if self.wanted == "nothing_else" else self.wanted
        return f"{self.source or 'anyone'} -> {self.destination or 'anyone'}{ports}: {wanted}"


def read_expectations(files: Iterable[SourceFile], budget: Budget) -> list[Expectation]:
    """All expectations of the files, in their order. InputError with the place of the first mistake, and for none."""
    found = [each for file in files for each in _of_file(file, budget)]
    if not found:
        raise InputError("There is no expectation in the file. Write a list under the key expect.")
    return found


def _of_file(file: SourceFile, budget: Budget) -> Iterator[Expectation]:
    for number, root in read_values(file, budget):
        items = root.get("expect") if isinstance(root, Mapping) else None
        place = SourceRef(file.name, number, root.line, root.column)
        if not isinstance(root, Mapping) or not isinstance(items, Sequence):
            raise _mistake(place, "a list under the key expect is missing")
        for key in root:
            if key != "expect":
                raise _mistake(place, f'"{key}" is no key of an expectation file', "Only expect may stand here.")
        for item in items:
            yield _expectation(item, SourceRef(file.name, number, item.line, item.column))


def _expectation(item: Node, place: SourceRef) -> Expectation:
    if not isinstance(item, Mapping):
        raise _mistake(place, "an expectation must be a mapping", "Write {from: ..., to: ..., allowed: true}.")
    for key in item:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            advice = f"Did you mean {near[0]}?" if near else f"There are {', '.join(_KEYS)}."
            raise _mistake(_at(item[key], place), f'"{key}" is no key of an expectation', advice)
    wanted = [key for key in ("allowed", "blocked", "nothing_else") if key in item]
    if len(wanted) != 1 or _value(item, wanted[0]) is not True:
        raise _mistake(place, "it must say one of allowed: true, blocked: true and nothing_else: true")
    closed = wanted[0] == "nothing_else"
    ends = ["" if closed and key not in item else _end(item, key, place) for key in ("from", "to")]
    if closed and "ports" in item:
        raise _mistake(_at(item["ports"], place), "nothing_else is about all ports", "Leave ports out.")
    ports = _ports(item["ports"], _at(item["ports"], place)) if "ports" in item else None
    note = _value(item, "note")
    return Expectation(ends[0], ends[1], wanted[0], place, ports, "" if note is None else str(note))


def _end(item: Mapping, key: str, place: SourceRef) -> str:
    value = _value(item, key)
    if not isinstance(value, str) or not value:
        raise _mistake(_at(item.get(key), place), f"{key} must name a workload, an address or internet")
    return value


def _ports(node: Node, place: SourceRef) -> PortSet:
    """``TCP/80,443``, ``UDP``, ``8000-8100`` (TCP), or a list of these."""
    texts = [each for each in node if isinstance(each, Scalar)] if isinstance(node, Sequence) else [node]
    ports = PortSet.of()
    for each in texts:
        text = str(each.resolve()) if isinstance(each, Scalar) else ""
        ports |= _port_set(text, place)
    if ports.is_empty:
        raise _mistake(place, "no port is listed", "Leave ports out, or write TCP/8080.")
    return ports


def _port_set(text: str, place: SourceRef) -> PortSet:
    if text == "all":
        return ALL
    match = _PORTS.fullmatch(text.strip())
    protocol = ((match["protocol"] if match else None) or "TCP").upper()
    if match is None or protocol not in PROTOCOLS:
        raise _mistake(place, f'"{text}" is no list of ports', "Write TCP/80,443 or UDP/53.")
    numbers = match["numbers"] or match["bare"]
    if numbers is None:
        return PortSet.whole(protocol)
    ports = PortSet.of()
    for part in numbers.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        bounds = (int(first or 0), int(last or first or 0))
        if not 1 <= bounds[0] <= bounds[1] <= LAST_PORT:
            raise _mistake(place, f'"{part}" is no port', f"Ports are 1 to {LAST_PORT}; a range is 8000-8100.")
        ports |= PortSet.single(protocol, *bounds)
    return ports


def _value(item: Mapping, key: str) -> Value:
    node = item.get(key)
    return node.resolve() if isinstance(node, Scalar) else None


def _at(node: Node | None, place: SourceRef) -> SourceRef:
    return place if node is None else SourceRef(place.file, place.document, node.line, node.column)


def _mistake(place: SourceRef, what: str, advice: str = "") -> InputError:
    return InputError(f"{place} — {what}. {advice}".rstrip())
