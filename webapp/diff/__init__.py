"""Two Analyses -> Changes: what a change of the input opens and cuts."""

from webapp.diff.changes import Change, Changes, compare
from webapp.diff.document import diff_document
from webapp.diff.near import Difference, compare_among

__all__ = ["Change", "Changes", "Difference", "compare", "compare_among", "diff_document"]
