"""Typed decoding of one policy document. Every fault keeps its path and its line, and none raises.

A fault marks the document as ``broken``: its policy is set aside, because a bad field must never widen a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from webapp.manifests.scalars import Value, resolve_plain
from webapp.manifests.tree import Document, Mapping, Node, Scalar, Sequence
from webapp.model.problem import Problem, Severity
from webapp.model.source import SourceRef

Result = TypeVar("Result")
_TAIL = "The policy is set aside: what it would allow or close is UNKNOWN."
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", re.ASCII)
_PORT_NAME = re.compile(r"(?=[-0-9]*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?", re.ASCII)
_NO_HINTS: Map[str, str] = MappingProxyType({})
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)


@lru_cache(maxsize=1 << 15)
def is_subdomain(text: str) -> bool:
    """A DNS-1123 subdomain: names of objects, prefixes of label keys."""
    return len(text) <= 253 and _SUBDOMAIN.fullmatch(text) is not None


@lru_cache(maxsize=1 << 15)
def is_label_key(text: str) -> bool:
    """A qualified name: ``[prefix/]name``."""
    prefix, slash, name = text.rpartition("/")
    return len(name) <= 63 and _NAME.fullmatch(name) is not None and (not slash or is_subdomain(prefix))


@lru_cache(maxsize=1 << 15)
def is_label_value(text: str) -> bool:
    return text == "" or (len(text) <= 63 and _NAME.fullmatch(text) is not None)


def is_port_name(text: str) -> bool:
    """An IANA service name, as ports of containers are called (N6)."""
    return _PORT_NAME.fullmatch(text) is not None and "--" not in text


def is_null(node: Node | None) -> bool:
    """Missing and null are the same for every field of a policy (spec §1.1)."""
    return node is None or (type(node) is Scalar and value_of(node) is None)


def value_of(node: Scalar) -> Value:
    """Its resolved value."""
    return _resolved(node.text) if node.plain else node.text


_resolved = lru_cache(maxsize=1 << 14)(resolve_plain)


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """A question that offers the nearest of the known words, or ''."""
    near = nearest(text, known)
    return f'Did you mean "{near}"?' if near else ""


def nearest(text: str, known: Iterable[str]) -> str:
    """The nearest of the known words, or ''."""
    words = list(known)
    alike = [word for word in words if word.lower() == text.lower()] or get_close_matches(text, words, 1, 0.6)
    return alike[0] if alike else ""


Made = dict[tuple[object, int], Any]
"""What a function made of a list or mapping, by the function and `alike` of the node."""


class Decoding:
    """Decodes one document of an API group; collects its problems; knows whether the policy must be set aside.

    ``made``: what was made of parts of other documents, to be used for equal parts again.
    """

    __slots__ = ("_made", "document", "faults", "group", "problems")

    def __init__(self, document: Document, group: str, made: Made) -> None:
        self.document = document
        self.group = group
        self._made = made
        self.problems: list[Problem] = []
        self.faults = 0

    @property
    def broken(self) -> bool:
        """Whether anything was found that sets the policy aside."""
        return self.faults > 0

    def place(self, node: Node | tuple[int, int] | None) -> SourceRef:
        """Where a node stands."""
        source = self.document.source
        if node is None:
            return source
        line, column = node if isinstance(node, tuple) else (node.line, node.column)
        file, document, _, _ = source
        return SourceRef(file, document, line, column)

    def report(
        self,
        severity: Severity,
        code: str,
        message: str,
        at: Node | tuple[int, int] | None,
        path: str,
        instead: str = "",
    ) -> None:
        document = self.document
        name = "/".join(part for part in (document.namespace, document.name) if part)
        title = " ".join(part for part in (document.kind, name) if part)
        self.problems.append(Problem(severity, code, message, self.place(at), title, path, instead))

    def fault(self, code: str, message: str, at: Node | tuple[int, int] | None, path: str, instead: str = "") -> None:
        """An error that the API server would reject: the policy will be set aside. ``instead``: see `Problem`."""
        self.faults += 1
        self.report("error", code, f"{message} {_TAIL}", at, path, instead)

    def once(self, make: Callable[[Decoding, Node | None, str], Result], node: Node | None, path: str) -> Result:
        """What a function makes of a node and its path. Equal nodes without problems have it done once for all; so it
        must not depend on anything else."""
        alike = None if node is None or isinstance(node, Scalar) else node.alike
        if alike is None:
            return make(self, node, path)
        key = (make, alike)
        if key in self._made:
            found: Result = self._made[key]
            return found
        before = len(self.problems)
        found = make(self, node, path)
        if len(self.problems) == before and not self.broken:
            self._made[key] = found
        return found

    def mapping(
        self, node: Node | None, path: str, fields: frozenset[str], hints: Map[str, str] = _NO_HINTS
    ) -> Mapping | None:
        """A mapping with none but these fields; null is an empty one; None if it is something else, after a fault.

        ``hints``: for a field that does not exist here, what to write instead, where that is known.
        """
        if type(node) is Mapping and not node.duplicates and node.keys() <= fields:
            return node  # as nearly all are
        if is_null(node):
            return Mapping()
        if not isinstance(node, Mapping):
            self.wrong_type(node, path, "a mapping")
            return None
        if any(path or key != "status" for key, *_ in node.duplicates):
            self.faults += 1  # the reader has reported each duplicate key
        if not node.keys() <= fields:
            for key in node.keys() - fields:
                hint = hints.get(key) or did_you_mean(key, fields) or f"Known here: {', '.join(sorted(fields))}."
                at = node.key_marks.get(key, (node.line, node.column))
                message = f'The field "{key}" does not exist here. {hint}'
                instead = "" if key in hints else nearest(key, fields - node.keys())
                self.fault("unknown_field", message, at, _join(path, key), instead)
        return node

    def sequence(self, node: Node | None, path: str) -> Sequence:
        """A list; null is an empty one, and so is anything else, after a fault."""
        if type(node) is Sequence:
            return node
        if is_null(node):
            return Sequence()
        if not isinstance(node, Sequence):
            self.wrong_type(node, path, "a list")
            return Sequence()
        return node

    def string(self, node: Node | None, path: str) -> str | None:
        """A string; None where it is missing, null or, after a fault, something else."""
        if node is None:
            return None
        value = value_of(node) if type(node) is Scalar else node
        if value is None or isinstance(value, str):
            return value
        self.wrong_type(node, path, "a string")
        return None

    def integer(self, node: Node | None, path: str) -> int | None:
        if node is None:
            return None
        value = value_of(node) if type(node) is Scalar else node
        if isinstance(value, float) and value.is_integer():
            return int(value)  # 80.0 becomes 80 on the way to JSON
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.wrong_type(node, path, "a whole number")
        return None

    def string_map(self, node: Node | None, path: str) -> dict[str, str]:
        """Labels, annotations: a map of strings, where a null value is the empty string; others are left out."""
        if is_null(node):
            return {}
        if not isinstance(node, Mapping):
            self.wrong_type(node, path, "a mapping")
            return {}
        if node.duplicates and path.startswith("spec"):
            self.faults += 1
        found = {}
        for key, value in node.items():
            text = self.string(value, f"{path}.{key}")
            if text is not None or is_null(value):
                found[key] = text or ""
        return found

    def wrong_type(self, node: Node | None, path: str, wanted: str) -> None:
        instead = ""
        seen = "a list" if isinstance(node, Sequence) else "a mapping" if isinstance(node, Mapping) else None
        if isinstance(node, Scalar):
            value = node.resolve()
            kind = {bool: "a boolean", int: "a number", float: "a number", str: "a string"}.get(type(value), "null")
            shown = node.text if len(node.text) <= 60 else node.text[:60] + "…"
            seen = f"{kind} ({shown})"
            if wanted == "a string" and kind != "null":
                wanted = f'a string (write "{shown}" in quotes)'
                instead = f'"{shown}"' if shown == node.text else ""
        self.fault("wrong_type", f"This is {seen}, where Kubernetes expects {wanted}.", node, path, instead)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
