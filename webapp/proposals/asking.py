"""Wanted connections as requests name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from webapp.errors import InputError
from webapp.explain.verdict import Question, ask
from webapp.model.ports import ALL, LAST_PORT, NONE, PROTOCOLS, PortSet
from webapp.proposals.fixes import pair_of
from webapp.proposals.generating import Connection
from webapp.proposals.world import Declined, World

MOST = 2_000
_SPAN = re.compile(r"([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?", re.ASCII)


def connections_of(world: World, wanted: object) -> list[Connection]:
    """``[{"source", "destination", "ports"}]``, the ports in the contract's form, or none for what the destination
    declares; InputError for what cannot be understood."""
    if not isinstance(wanted, list) or len(wanted) > MOST:
        raise InputError(f"wanted must be a list of up to {MOST:,} connections.", code="bad_parameter")
    return [connection for each in wanted for connection in _connections(world, each)]


def _connections(world: World, given: object) -> Iterator[Connection]:
    names = (given.get("source"), given.get("destination")) if isinstance(given, Mapping) else (None, None)
    if not isinstance(given, Mapping) or not all(isinstance(name, str) and name for name in names):
        raise InputError('Each wanted connection needs "source" and "destination".', code="bad_parameter")
    question = ask(world.analysis, str(names[0]), str(names[1]))
    told = given.get("ports")
    ports = None if told in (None, "", {}) else ports_of(told)
    try:
        pair = pair_of(world, Question(question.source, question.destination, service=question.service))
    except Declined as answer:
        raise InputError(f"{names[0]} to {names[1]}: {answer.why}", code="bad_connection") from answer
    yield Connection(pair.source, pair.destination, pair.ports if ports is None else ports)


def ports_of(given: Any) -> PortSet:
    """``"all"`` or ``{"TCP": "80,8000-8100"}``."""
    if given == "all":
        return ALL
    if not isinstance(given, Mapping) or not given.keys() <= set(PROTOCOLS):
        raise InputError('ports must be "all" or lists by protocol: {"TCP": "80,443"}.', code="bad_parameter")
    ports = NONE
    for protocol, text in given.items():
        for piece in str(text).split(","):
            found = _SPAN.fullmatch(piece.strip())
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
            if not 0 < first <= last <= LAST_PORT:
                raise InputError(f'"{piece[:40]}" is neither a port nor a range of ports.', code="bad_parameter")
            ports |= PortSet.single(protocol, first, last)
    return ports
