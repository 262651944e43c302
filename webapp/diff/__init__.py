"""Two Analyses -> Changes: what a change of the input opens and cuts."""

from webapp.diff.changes import Change, Changes, compare

__all__ = ["Change", "Changes", "compare"]
