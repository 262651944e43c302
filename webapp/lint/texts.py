"""The text of each policy by itself: of a `List` with thousands it would take long to look through all for each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from webapp.analysis import Analysis
from webapp.manifests.tree import PolicyText
from webapp.model.source import SourceRef


def _first_lines(text: PolicyText) -> Iterator[int]:
    """Where each policy of a list begins, in the file."""
    line, before = text.first_line, 0
    for start, _ in text.starts:
        line += text.text.count("\n", before, start)
        before = start
        yield line


class Texts:
    """The kept texts of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._kept = analysis.texts
        self._split: dict[tuple[str, int], tuple[list[str], list[int]]] = {}

    def of(self, source: SourceRef) -> PolicyText | None:
        """The lines of the policy that stands there; None if its text was not kept."""
        key = (source.file, source.document)
        kept = self._kept.get(key)
        if kept is None or source.line < kept.first_line:
            return None
        if not kept.starts:
            return kept
        if key not in self._split:
            self._split[key] = kept.text.split("\n"), list(_first_lines(kept))
        lines, starts = self._split[key]
        following = bisect_right(starts, source.line)
        end = starts[following] - kept.first_line + 1 if following < len(starts) else len(lines)
        return PolicyText(source.line, "\n".join(lines[source.line - kept.first_line : end]) + "\n")
