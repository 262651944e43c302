"""One workspace: the documents that were read, and what has been worked out from them so far. In memory only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace

from webapp.analysis import Analysis, evaluate
from webapp.diff import Changes, compare
from webapp.manifests.tree import Intake
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from webapp.model.problem import Problem
from webapp.web.contents import Contents, weigh
from webapp.web.drafts import Drafts
from webapp.web.gate import Gate
from webapp.web.room import DEFAULT_ROOM, Room
from webapp.web.shelf import Shelf

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
        self._drafts = self._holding(0, intake, ())

    @property
    def drafts(self) -> Drafts:
        """What is shown now, and its what-ifs. Take it once for a request: it may be replaced at any moment."""
        return self._drafts

    @property
    def contents(self) -> Contents:
        """What is shown now, as it was loaded."""
        return self._drafts.loaded.contents

    def replace(self, intake: Intake | None, problems: tuple[Problem, ...] = ()) -> None:
        """Show a new reading, or (None) the last one with problems beside it. The generation grows by one.

        What cannot be evaluated is raised and not shown.
        """
        with self._lock:
            now = self.contents
            if intake is None:
                contents = replace(now, generation=now.generation + 1, problems=problems)
                self._drafts = self._with_drafts(contents)
                return
            new = self._holding(now.generation + 1, intake, problems)
            self.analysis(new.loaded.contents, self.defaults)
            self._drafts = new

    def _holding(self, generation: int, intake: Intake, problems: tuple[Problem, ...]) -> Drafts:
        size_bytes = weigh(intake.documents, (text.text for text in intake.texts.values()))
        shelves: tuple[Shelf[Analysis], Shelf[bytes]] = Shelf(self._room.analyses), Shelf(self._room.pictures)
        return self._with_drafts(Contents(generation, intake, size_bytes, problems, *shelves))

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
