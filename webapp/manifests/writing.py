"""Values become YAML as a person would write it: block style, no more quotes than are needed, the same text always."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final, TypeAlias

from webapp.manifests.scalars import resolve_plain

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json]"

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*", re.ASCII)
_V4_BLOCK: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}", re.ASCII)
_NEVER_PLAIN: Final = frozenset(("y", "Y", "n", "N"))
"""Booleans to some readers of YAML."""
_LONGEST_COMMENT: Final = 300
_WIDTH: Final = 88


def document(value: Mapping[str, Json], comment: str = "") -> str:
    """A YAML document, under lines that say what it is for."""
    head = "".join(f"# {line}\n" for line in wrap(printable(comment), _WIDTH))
    return head + "".join(f"{line}\n" for line in block(value))


def block(value: Json, *, compact: bool = False) -> Iterator[str]:
    """The lines of a value in block style, not indented. Empty lists and mappings are written in brackets.
    ``compact``: the dashes of a list stand under its key."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _field(scalar(key), inner, compact=compact)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for item in value:
            first, *rest = block(item, compact=compact)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield flow(value)


def _field(key: str, value: Json, *, compact: bool) -> Iterator[str]:
    if isinstance(value, str | int) or not value or _is_words(value):
        yield f"{key}: {flow(value)}"
        return
    yield f"{key}:"
    indent = "" if compact and not isinstance(value, Mapping) else "  "
    yield from (f"{indent}{line}" for line in block(value, compact=compact))


def _is_words(value: Json) -> bool:
    """A short list of scalars stands on one line."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return len(value) <= 4 and all(isinstance(item, str | int) and len(str(item)) <= 24 for item in value)


def flow(value: Json, *, as_json: bool = False) -> str:
    """A value on one line; ``as_json``: so that a document in JSON stays JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _json(value) if as_json else scalar(value)
    space = "" if as_json else " "
    if isinstance(value, Mapping):
        fields = [f"{flow(key, as_json=as_json)}:{space}{flow(inner, as_json=as_json)}" for key, inner in value.items()]
        return "{" + f",{space}".join(fields) + "}"
    return "[" + f",{space}".join(flow(item, as_json=as_json) for item in value) + "]"


def scalar(text: str) -> str:
    """A text as a scalar: bare where every reader takes it for the same text, else in double quotes."""
    if _V4_BLOCK.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and text not in _NEVER_PLAIN and isinstance(resolve_plain(text), str):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02X}" if number < 256 else f"\\u{number:04X}" if number < 65536 else f"\\U{number:08X}"


def _json(text: str) -> str:
    """A text in JSON that YAML takes as well."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() or ord(each) > 0xFFFF else f"\\u{ord(each):04x}" for each in written)


def printable(text: str) -> str:
    """A comment of one line."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= _LONGEST_COMMENT else f"{shown[:_LONGEST_COMMENT]}…"
