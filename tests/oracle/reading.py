"""Reading fields of a plain dict as the API server does: what it would refuse is a `RejectedError`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from tests.oracle.addresses import Network, network

Json = dict[str, Any]
T = TypeVar("T")


class RejectedError(Exception):
    """The API server would not take this; the message is the path of the field."""


def demand(condition: bool, path: str) -> None:
    if not condition:
        raise RejectedError(path)


def attempt(read: Callable[[], T]) -> tuple[T | None, bool]:
    """What can be read, and whether it could."""
    try:
        return read(), True
    except RejectedError:
        return None, False


def fields(value: Any, path: str, *known: str) -> Json:
    """A mapping; null is an empty one. With ``known``, any other key is an error."""
    if value is None:
        return {}
    demand(isinstance(value, dict), path)
    demand(not known or set(value) <= set(known), path)
    return dict(value)


def items(value: Any, path: str) -> list[Any]:
    """A list; null is an empty one."""
    if value is None:
        return []
    demand(isinstance(value, list), path)
    return list(value)


def cidr(value: Any, path: str) -> Network:
    demand(isinstance(value, str), path)
    try:
        return network(value)
    except ValueError as fault:
        raise RejectedError(path) from fault


def is_integer(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def is_label(key: Any, value: Any = "") -> bool:
    """N16: keys are qualified names, values have the syntax of label values."""
    name = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
    label = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    key_fits = isinstance(key, str) and re.fullmatch(rf"({label}(\.{label})*/)?{name}", key) is not None
    return key_fits and isinstance(value, str) and re.fullmatch(f"({name})?", value) is not None
