"""One workspace: the documents that were read, and what has been worked out from them so far. In memory only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace
from itertools import count

from webapp.analysis import Analysis, evaluate
from webapp.diff import Changes, compare
from webapp.manifests.tree import Intake
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from webapp.model.problem import Problem
from webapp.web.contents import Contents
from webapp.web.drafts import Drafts
from webapp.web.gate import Gate
from webapp.web.room import DEFAULT_ROOM, Room
from webapp.web.shelf import Shelf
from webapp.web.sources import Source, Sources

Evaluate = Callable[[Intake, Assumptions], Analysis]


class Workspace:
    """What a visitor looks at, under an id that nobody can guess.

    ``defaults``: the switches where a request names none. ``name``: what people see. ``watched``: its files are looked
    at again and again, so `generation` may grow. ``room``: how much of what is worked out is kept.
    """

    def __init__(
        self,
        identity: str,
        name: str,
        intake: Intake,
        gate: Gate,
        *,
        defaults: Assumptions = DEFAULT_ASSUMPTIONS,
        watched: bool = False,
        room: Room = DEFAULT_ROOM,
        evaluate: Evaluate = evaluate,
    ) -> None:
        self.id = identity
        self.name = name
        self.defaults = defaults
        self.watched = watched
        self._gate = gate
        self._room = room
        self._evaluate = evaluate
        self._lock = threading.Lock()
        self._numbers = count(2)
        self._sources = Sources((Source(1, name, intake, watched),), intake.budget)
        self._drafts = self._holding(0, self._sources, ())

    @property
    def drafts(self) -> Drafts:
        """What is shown now, and its what-ifs. Take it once for a request: it may be replaced at any moment."""
        return self._drafts

    @property
    def contents(self) -> Contents:
        """What is shown now, as it was loaded."""
        return self._drafts.loaded.contents

    @property
    def sources(self) -> Sources:
        """The readings that are shown side by side."""
        return self._sources

    def new_source(self) -> int:
        """A number for another source, never given twice."""
        return next(self._numbers)

    def add(self, source: Source) -> None:
        """Show another reading beside the others. The generation grows by one; what cannot be evaluated is raised and
        not shown."""
        with self._lock:
            self._show(self._sources.adding(source), self.contents.problems)

    def remove(self, identity: int) -> None:
        """Show the others only. `NotFound` and InputError as in `Sources.removing`."""
        with self._lock:
            self._show(self._sources.removing(identity), self.contents.problems)

    def replace(self, intake: Intake | None, problems: tuple[Problem, ...] = ()) -> None:
        """Show a new reading of the files that it was made with, or (None) the last one with problems beside it. The
        generation grows by one.

        What cannot be evaluated is raised and not shown.
        """
        with self._lock:
            if intake is not None:
                self._show(self._sources.reading(intake), problems)
                return
            now = self.contents
            self._drafts = self._with_drafts(replace(now, generation=now.generation + 1, problems=problems))

    def _show(self, sources: Sources, problems: tuple[Problem, ...]) -> None:
        new = self._holding(self.contents.generation + 1, sources, problems)
        self.analysis(new.loaded.contents, self.defaults)
        self._sources, self._drafts = sources, new

    def _holding(self, generation: int, sources: Sources, problems: tuple[Problem, ...]) -> Drafts:
        shelves: tuple[Shelf[Analysis], Shelf[bytes]] = Shelf(self._room.analyses), Shelf(self._room.pictures)
        return self._with_drafts(Contents(generation, sources.joined(), sources.size_bytes, problems, *shelves))

    def _with_drafts(self, loaded: Contents) -> Drafts:
        room = self._room

        def hold(intake: Intake, size_bytes: int) -> Contents:
            shelves: tuple[Shelf[Analysis], Shelf[bytes]] = Shelf(room.draft_analyses), Shelf(room.draft_pictures)
            return Contents(loaded.generation, intake, size_bytes, loaded.problems, *shelves)

        return Drafts(loaded, hold, room.drafts, room.drafts_bytes)

    def analysis(self, contents: Contents, assumptions: Assumptions) -> Analysis:
        """The evaluation under these switches; made once, however many ask for it."""

        def make() -> Analysis:
            with self._gate:
                return self._evaluate(contents.intake, assumptions)

        return contents.analyses.get(assumptions, make)

    def changes(self, contents: Contents, base: Analysis, head: Analysis) -> Changes:
        """What differs between the files as loaded and these contents, both under the same switches; made once."""

        def make() -> Changes:
            with self._gate:
                return compare(base, head)

        return contents.changes.get(head.assumptions, make)

    def picture(self, contents: Contents, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """A picture by what it depends on; made once."""

        def guarded() -> bytes:
            with self._gate:
                return make()

        return contents.pictures.get(key, guarded)

    @property
    def size_bytes(self) -> int:
        """About how much memory it holds."""
        return self._drafts.size_bytes
