"""Events of libyaml become a tree: without recursion, under a budget, and without what the allow-list drops.

Why no loader of PyYAML: the C loader crashes the process on deep nesting, each walks into alias and merge bombs, and
none keeps the lines of values. Here depth is checked at its first excess, an alias is charged all that it stands
for, and what the plan of a kind does not name is passed over without being built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from webapp.manifests.budget import Budget
from webapp.manifests.care import MERGE, Care, over
from webapp.manifests.kinds import ENVIRONMENT, LEAF, OBJECTS, POLICY, UNDECIDED, Plan, plan_of
from webapp.manifests.mentions import hosts_of
from webapp.manifests.scalars import key_text, resolve_plain
from webapp.manifests.ticks import Fault, Ticks
from webapp.manifests.tree import Mapping, Scalar, Sequence

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, as indexes of characters, with the line (from 1) on which it begins."""

    start: int
    end: int
    line: int


@dataclass(slots=True)
class Tree:
    """A document that was composed. `holder` holds its root, which stands between `start` and `end` of the text.

    By `id` of the mapping of an object: `spans` of objects that are policies, or whose kind was not known in time to
    reduce them; `late` plans of objects of which a part was built before the kind was known.
    `refusals`: errors of objects that hold a value that is too long, which matter if the object is kept.
    `secrets`: stretches of the text that must not be kept.
    """

    number: int
    line: int
    start: int
    end: int = 0
    holder: Sequence = field(default_factory=Sequence)
    spans: dict[int, Span] = field(default_factory=dict)
    late: dict[int, Plan] = field(default_factory=dict)
    refusals: dict[int, Exception] = field(default_factory=dict)
    secrets: list[Span] = field(default_factory=list)
    has_duplicates: bool = False


class Composer:
    """Reads the documents of one text. `careful`: it may hold anchors, aliases, tags or merge keys.

    `number`, `line`, `index`: how many documents, lines and characters stand before the text in its file.
    `objects`: how many documents, items of lists included, were read before.
    Afterwards `number`, `line` (from 1) and `index` are those of the document being read, also when it could not be
    read to its end; `opened` tells whether its beginning was seen.
    """

    def __init__(self, source: bytes | str, budget: Budget, ticks: Ticks, *, careful: bool,
                 number: int = 0, line: int = 0, index: int = 0, objects: int = 0) -> None:  # fmt: skip
        self.number = number
        self.line = line + 1
        self.index = index
        self.opened = False
        self._budget = budget
        self._ticks = ticks
        self._careful = careful
        self._line_base = line + 1
        self._index_base = index
        self.objects = 0
        self._objects_before = objects
        self._most_objects = 10**12 if budget.documents is None else budget.documents - objects
        self._parser = yaml.CSafeLoader(source)
        self._names: dict[str, str] = {}
        self._plans: dict[tuple[str, str], Plan] = {}

    def trees(self) -> Iterator[Tree]:
        """The documents one by one. Raises `yaml.YAMLError`, `Fault` or `BudgetExceeded`."""
        events = self._ticks.spent_by(iter(self._parser.get_event, None))
        tree = None
        for event in events:
            kind = event.__class__
            if kind is DocumentStartEvent:
                first = event.start_mark
                if event.explicit:
                    self.line, self.index = first.line + self._line_base, first.index + self._index_base
                self.number += 1
                self.opened = True
                tree = Tree(self.number, self.line, self.index + (3 if event.explicit else 0))
                self._compose(events, tree)
            elif kind is DocumentEndEvent and tree is not None:
                tree.end = event.start_mark.index + self._index_base
                self.opened = False
                self.line = event.end_mark.line + self._line_base
                self.index = event.end_mark.index + self._index_base
                yield tree
            elif kind is StreamEndEvent:
                return
        raise self._ticks.error()

    def _compose(self, events: Iterator[Any], tree: Tree) -> None:
        """The one loop over events: all that the root of a document holds. Long, because calls would cost more than it.

        `plan` is that of the open list or mapping, `child` that of the value at hand.
        """
        careful, base = self._careful, self._line_base
        care = Care(self._budget, self._ticks, self.fault) if careful else None
        known_names: dict[str, str] = {} if careful else self._names
        deepest = self._budget.depth or 10**9
        longest = self._budget.scalar_bytes or 10**12
        marks: dict[int, Any] = {}
        stack: list[tuple[Any, Any, bool, bool]] = []
        current: Any = tree.holder
        plan: Any = UNDECIDED
        child: Any
        in_mapping = marked = False
        key = ""
        for event in events:
            kind = event.__class__
            if in_mapping:
                if kind is ScalarEvent:
                    key = known_names.get(event.value) or self._key(event, care)
                    if plan.__class__ is dict:
                        child = plan.get(key)
                        if child is None:
                            self._pass_over(events, deepest - len(stack))
                            continue
                        if child is ENVIRONMENT:
                            current[key] = self._environment(events, event, deepest - len(stack))
                            continue
                    else:
                        child = plan.inner if plan is not UNDECIDED or key != "items" else OBJECTS
                    key_mark = event.start_mark
                    event = next(events, None)
                    kind = event.__class__
                elif kind is not MappingEndEvent:
                    raise self.fault("bad_key", "a key is itself a list, a mapping or an alias. The "
                                                "document is left out. "
                                     "Write a plain name.", event)  # fmt: skip
            else:
                child = plan

            if kind is ScalarEvent:
                mark = event.start_mark
                text = event.value
                if len(text) > longest:
                    holders = [id(current), *(id(each[0]) for each in reversed(stack))]
                    holder = next((each for each in holders if each in marks), 0)
                    tree.refusals[holder] = over(self._budget, "scalar_bytes", len(text), event, self.fault)
                    text = ""
                node: Any = Scalar(text, event.implicit[0], mark.line + base, mark.column + 1)
            elif kind is MappingStartEvent:
                mark = event.start_mark
                node = Mapping(mark.line + base, mark.column + 1)
            elif kind is SequenceStartEvent:
                mark = event.start_mark
                node = Sequence(mark.line + base, mark.column + 1)
            elif kind is AliasEvent and care is not None:
                node = care.alias(event)
            elif event is None:
                return
            else:
                if in_mapping and (plan is POLICY or plan is UNDECIDED):
                    tree.spans[id(current)] = self._object_span(marks[id(current)], event)
                closed = current
                current, plan, in_mapping, marked = stack.pop()
                if care is not None:
                    care.close(closed, current)
                if not stack:
                    return
                continue

            if care is not None and kind is not AliasEvent:
                care.note(event, node)
            if not in_mapping:
                current.append(node)
            elif key is MERGE and care is not None:
                if kind is MappingStartEvent or kind is SequenceStartEvent:
                    care.merge_later(node, event)
                else:
                    care.merge(current, node, event)
            elif key in current and not (care is not None and care.overrides(current, key)):
                tree.has_duplicates = True
                if not current.duplicates:
                    current.duplicates = []
                current.duplicates.append((key, key_mark.line + base, key_mark.column + 1, node))
            else:
                current[key] = node
                if marked:
                    current.key_marks[key] = (key_mark.line + base, key_mark.column + 1)
                    if key == LAST_APPLIED and kind is ScalarEvent:
                        tree.secrets.append(self._span(mark.index, event.end_mark.index, mark.line))
                    elif plan is UNDECIDED and not careful and (key == "kind" or key == "apiVersion"):
                        plan = self._decide(current, tree)
                        marked = plan is UNDECIDED or plan is POLICY

            if kind is ScalarEvent or kind is AliasEvent:
                if not stack:
                    return
                continue
            if len(stack) >= deepest:
                raise over(self._budget, "depth", deepest + 1, event, self.fault)
            stack.append((current, plan, in_mapping, marked))
            current = node
            in_mapping = kind is MappingStartEvent
            if in_mapping:
                plan = child
                marked = plan.__class__ is not dict and plan.marked
                if marked:
                    node.key_marks = {}
                    if plan is UNDECIDED:
                        marks[id(node)] = event
                        self.objects += 1
                        if self.objects > self._most_objects:
                            raise self._budget.exceeded("documents", self.objects + self._objects_before)
            else:
                plan = LEAF if child is UNDECIDED else UNDECIDED if child is OBJECTS else child

    def _pass_over(self, events: Iterator[Any], room: int) -> None:
        """Go past one value that is not kept, however big, without building it. `room`: levels that are left."""
        depth = 0
        for event in events:
            kind = event.__class__
            if kind is ScalarEvent:
                if not depth:
                    return
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                depth += 1
                if depth > room:
                    raise over(self._budget, "depth", (self._budget.depth or 0) + 1, event, self.fault)
            else:
                depth -= 1
                if depth <= 0:
                    return

    def _environment(self, events: Iterator[Any], key: Any, room: int) -> Sequence:
        """Go past the environment of a container; of its values only `hosts_of` is kept."""
        line, column = key.start_mark.line + self._line_base, key.start_mark.column + 1
        found = Sequence(line, column)
        depth = 0
        name: str | None = None
        for event in events:
            kind = event.__class__
            if kind is ScalarEvent:
                if not depth:
                    break
                if depth == 2:
                    if name == "value":
                        found += [Scalar(host, False, line, column) for host in hosts_of(event.value)]
                    name = event.value if name is None else None
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                depth += 1
                name = None
                if depth > room:
                    raise over(self._budget, "depth", (self._budget.depth or 0) + 1, event, self.fault)
            else:
                depth -= 1
                name = None
                if depth <= 0:
                    break
        return found

    def _key(self, event: Any, care: Care | None) -> str:
        """A key as text, the way Kubernetes' reader makes it a string."""
        text: str = event.value
        if care is not None:
            as_string = care.key(event)
            if as_string is not None:
                return as_string
        value = resolve_plain(text)
        if value == text and text != "<<":
            self._names[text] = text
            return text
        if not event.implicit[0] and event.tag is None:
            return text
        if text == "<<":
            return MERGE
        name = key_text(value)
        if name is None:
            shown = text[:40] or "nothing"
            raise self.fault("bad_key", f'"{shown}" cannot be a key. The document is left out. Write a name.', event)
        return name

    def _decide(self, body: Mapping, tree: Tree) -> Plan:
        """The plan of an object, once both its kind and its apiVersion have been read."""
        kind, version = body.get("kind"), body.get("apiVersion")
        if not isinstance(kind, Scalar) or not isinstance(version, Scalar):
            return UNDECIDED
        known = self._plans.get((version.text, kind.text))
        if known is None:
            known = self._plans[version.text, kind.text] = plan_of(version.text, kind.text)
        if len(body) > 2 and known is not POLICY:
            tree.late[id(body)] = known
        return known

    def _span(self, start: int, end: int, line: int) -> Span:
        return Span(start + self._index_base, end + self._index_base, line + self._line_base)

    def _object_span(self, start: Any, end: Any) -> Span:
        """In block style an object takes whole lines."""
        mark = start.start_mark
        return self._span(mark.index - (0 if start.flow_style else mark.column), end.end_mark.index, mark.line)

    def fault(self, code: str, message: str, event: Any) -> Fault:
        """The error that gives up the document at this event."""
        mark = event.start_mark
        return Fault(code, message, mark.line + self._line_base, mark.column + 1)
