"""Selectors over many labelled things at once: an inverted index from (key, value) to a set of columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from webapp.engine.bits import from_indices
from webapp.model.labels import Labels, Match, Requirement, Selector


class LabelIndex:
    """Answers ``match(selector)`` with two sets: those that match for certain, and those that match or may.

    ``keys`` are the label keys that any selector asks for; other labels are not indexed.
    ``universe`` holds the columns that selectors can match at all.
    """

    def __init__(self, labels: Sequence[Labels], keys: Iterable[str], universe: int) -> None:
        self._labels = labels
        self._universe = universe
        self._columns: dict[str, dict[str, list[int]]] = {}
        self._unsure: dict[str, int] = {}
        self._bits: dict[tuple[str, str], int] = {}
        self._present: dict[str, int] = {}
        self._answers: dict[int, tuple[Selector, tuple[int, int]]] = {}
        for key in sorted(keys):
            by_value: dict[str, list[int]] = {}
            unsure = []
            for column, entry in enumerate(labels):
                value = entry.known.get(key)
                if value is not None:
                    columns = by_value.get(value)
                    if columns is None:
                        by_value[value] = [column]
                    else:
                        columns.append(column)
                elif entry.open or key in entry.unknown:
                    unsure.append(column)
            self._columns[key] = by_value
            self._present[key] = from_indices([column for columns in by_value.values() for column in columns])
            if unsure:
                self._unsure[key] = from_indices(unsure)

    def match(self, selector: Selector | None) -> tuple[int, int]:
        """``(certain, possible)`` columns; None selects everything."""
        if selector is None or not selector.requirements:
            return self._universe, self._universe
        entry = self._answers.get(id(selector))
        if entry is None:
            entry = self._answers[id(selector)] = (selector, self._match(selector))  # kept alive: its id is the key
        return entry[1]

    def occurs(self, key: str, value: str) -> bool:
        """Whether anything has this label for certain."""
        return value in self._columns.get(key, ())

    def _match(self, selector: Selector) -> tuple[int, int]:
        found = self._universe
        unsure = 0
        for requirement in selector.requirements:
            unsure |= self._unsure.get(requirement.key, 0)
            found &= self._holds(requirement)
        unsure &= self._universe
        if not unsure:
            return found, found
        certain = found & ~unsure
        possible = certain
        rest = unsure
        while rest:
            bit = rest & -rest
            rest ^= bit
            outcome = selector.match(self._labels[bit.bit_length() - 1])
            if outcome is not Match.NO:
                possible |= bit
                if outcome is Match.YES:
                    certain |= bit
        return certain, possible

    def _holds(self, requirement: Requirement) -> int:
        key = requirement.key
        present = self._present.get(key, 0)
        if requirement.operator == "Exists":
            return present
        if requirement.operator == "DoesNotExist":
            return self._universe & ~present
        listed = 0
        for value in requirement.values:
            listed |= self._value(key, value)
        return listed if requirement.operator == "In" else self._universe & ~listed

    def _value(self, key: str, value: str) -> int:
        pair = (key, value)
        bits = self._bits.get(pair)
        if bits is None:
            bits = self._bits[pair] = from_indices(self._columns.get(key, {}).get(value, ()))
        return bits
