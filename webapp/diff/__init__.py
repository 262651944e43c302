"""Two Analyses -> Changes: what a change of the input opens and cuts."""

from webapp.diff.changes import Change, Changes, compare
from webapp.diff.document import diff_document

__all__ = ["Change", "Changes", "compare", "diff_document"]
