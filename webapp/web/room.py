"""How much of what has been worked out a workspace keeps."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.manifests.budget import MIB


@dataclass(frozen=True, slots=True)
class Room:
    """Numbers of evaluations and pictures, of the files as loaded and of each what-if; of drafts, and their bytes."""

    analyses: int = 4
    pictures: int = 24
    drafts: int = 12
    drafts_bytes: int = 64 * MIB
    draft_analyses: int = 2
    draft_pictures: int = 12


DEFAULT_ROOM = Room()
