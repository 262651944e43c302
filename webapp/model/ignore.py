"""What people write at an object about findings of the lint that they know and accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from webapp.model.source import SourceRef

ANNOTATION: Final = "netpolmap/ignore"
"""`netpolmap/ignore: CODE[,CODE] -- reason`: the one annotation that is kept of objects that are no policies."""


@dataclass(frozen=True, slots=True, order=True)
class Ignore:
    """The value of that annotation, as it was written, and the object that has it."""

    kind: str
    namespace: str
    name: str
    text: str
    source: SourceRef
