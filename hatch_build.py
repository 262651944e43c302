"""Build hook: bundles the page before an sdist, a wheel or an editable install is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))
import assets

SHIPPED_FOLDERS = ("static/css", "static/dist", "static/img", "templates", "samples", "integrations")


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs tools/assets.py, and puts the folders beside the package into the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, only when something is to be built and the machine has none (PEP 517 asks for this)."""
        return [] if assets.is_fresh() or assets.node_on_path() else [assets.NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build. An editable install finds the folders in the source tree, so nothing is copied for it."""
        assets.build()
        if version != "editable" and self.target_name == "wheel":
            for folder in SHIPPED_FOLDERS:
                if (assets.ROOT / folder).is_dir():
                    build_data["force_include"][str(assets.ROOT / folder)] = f"webapp/{folder}"
