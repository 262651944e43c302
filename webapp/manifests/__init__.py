"""Bytes become Documents, and Documents an Inventory. The only room that names yaml, zipfile and tarfile."""

from webapp.manifests.budget import COMMAND_LINE_BUDGET, REQUEST_BUDGET, Budget
from webapp.manifests.reader import read
from webapp.manifests.sources import open_paths
from webapp.manifests.tree import Counts, Document, Intake, PolicyText
from webapp.manifests.workloads import inventory_of
from webapp.model.source import SourceFile

__all__ = [
    "COMMAND_LINE_BUDGET", "REQUEST_BUDGET", "Budget", "Counts", "Document", "Intake", "PolicyText", "SourceFile",
    "inventory_of", "open_paths", "read",
]  # fmt: skip
