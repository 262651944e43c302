"""What a request asks for: query parameters -> values of the model. Bad ones are named, with what may stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.explain.verdict import Question, ask
from webapp.model.addresses import parse_cidr
from webapp.model.assumptions import Assumptions
from webapp.model.ports import LAST_PORT, PROTOCOLS
from webapp.web.drafts import WhatIf

Query = MultiDict[str, str]

CHOICES = {
    "host_network": ("node", "pod"),
    "ipblock_pods": ("address", "never"),
    "undeclared_namespaces": ("unknown", "unlabelled"),
}
LISTS = {"pod_cidr": "pod_cidrs", "ignore_dialect": "ignore_dialects", "ingress_controller": "ingress_controllers"}
"""Repeatable parameters, and the fields they fill."""
_MOST_VALUES = 200
_MOST_CHARACTERS = 2_000
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


def assumptions_of(query: Query, defaults: Assumptions) -> Assumptions:
    """The switches of a request; those that it does not name are as by default."""
    chosen: dict[str, object] = {}
    for name, choices in CHOICES.items():
        if name in query:
            chosen[name] = choice(query, name, choices)
    for name, field in LISTS.items():
        values = query.getlist(name)
        if len(values) > _MOST_VALUES or any(len(value) > _MOST_CHARACTERS for value in values):
            raise InputError(f"{name}: more than {_MOST_VALUES} values, or one that is too long.")
        if name == "pod_cidr":
            _check_cidrs(values)
        if values:
            chosen[field] = tuple(sorted({value for value in values if value}))
    return replace(defaults, **chosen)  # type: ignore[arg-type]


def what_if_of(query: Query) -> WhatIf:
    """Which draft of the policies is looked at, and without which of them."""
    ids = query.getlist("without")
    if len(ids) > _MOST_VALUES or any(len(each) > _MOST_CHARACTERS for each in [*ids, query.get("draft", "")]):
        raise InputError(f"without: more than {_MOST_VALUES} policies, or a name that is too long.")
    return WhatIf(query.get("draft", ""), frozenset(filter(None, ids)))


def _check_cidrs(values: Sequence[str]) -> None:
    """Told in the words of whoever filled in a field; the command line has its own."""
    for value in filter(None, values):
        try:
            parse_cidr(value)
        except ValueError as fault:
            message = f'"{value}" is not a range of addresses: {fault}. Write it like 10.244.0.0/16.'
            raise InputError(message, code="bad_pod_cidr") from fault


def choice(query: Query, name: str, choices: Sequence[str]) -> str:
    """One of a few words; the first is the default."""
    value = query.get(name, choices[0])
    if value not in choices:
        raise InputError(f"{name} must be {' or '.join(choices)}.", code="bad_parameter")
    return value


def text(query: Query, name: str) -> str:
    """A text that must be there and must not be endless."""
    value = query.get(name, "")
    if not value:
        raise InputError(f"The parameter {name} is missing.", code="bad_parameter")
    if len(value) > _MOST_CHARACTERS:
        raise InputError(f"The parameter {name} is too long.", code="bad_parameter")
    return value


def number(query: Query, name: str) -> int | None:
    """A whole number from 1, or None where it is not given."""
    value = query.get(name, "")
    if value and not _NUMBER.fullmatch(value):
        raise InputError(f"{name} must be a number from 1.", code="bad_parameter")
    return int(value) if value else None


def question_of(query: Query, analysis: Analysis) -> Question:
    """`source` and `destination` as people write them, `port` and `protocol`; a port may stand in `destination` too."""
    source, destination = text(query, "source"), text(query, "destination")
    port, protocol = query.get("port", ""), query.get("protocol", "").upper()
    if protocol and protocol not in PROTOCOLS:
        raise InputError(f"protocol must be {', '.join(sorted(PROTOCOLS))}.", code="bad_parameter")
    if not port and not protocol:
        return ask(analysis, source, destination)
    if port and not (_PORT.fullmatch(port) and int(port) <= LAST_PORT):
        raise InputError(f"port must be a number from 1 to {LAST_PORT}.", code="bad_parameter")
    if destination.startswith("svc/"):
        on = f":{port}" if port else ":"
        return ask(analysis, source, destination + (on + f"/{protocol}" if protocol else on))
    ends = analysis.resolve_peer(source), analysis.resolve_peer(destination)
    return Question(*ends, protocol or "TCP", int(port)) if port else Question(*ends, protocol, None)
