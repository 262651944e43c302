"""Where the files that are not Python lie: in the package (an installed wheel) or beside it (the source tree)."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
TREE = PACKAGE.parent
NOT_BUILT = "The page has not been built yet. Run `python3 run.py`, or `python3 tools/assets.py` in the source tree."


def folder(name: str) -> Path:
    """The folder of that name: "static", "templates" or "samples".

    Raises FileNotFoundError with the way out when this installation has no such folder.
    """
    shipped = PACKAGE / name
    if shipped.is_dir():
        return shipped
    if (TREE / "pyproject.toml").is_file() and (TREE / name).is_dir():
        return TREE / name
    raise FileNotFoundError(f"This installation of netpolmap lacks its folder {name!r}: install it again.")


def static_folder() -> Path:
    """The folder served under /static/. Raises FileNotFoundError if the page's scripts have not been built."""
    static = folder("static")
    if not (static / "dist" / "workspace.js").is_file():
        raise FileNotFoundError(NOT_BUILT)
    return static


def templates_folder() -> Path:
    """The folder of the page's templates."""
    return folder("templates")


def samples_folder() -> Path:
    """The folder of the samples, one folder each."""
    return folder("samples")


def assets_version() -> str:
    """A short hash that changes with the built scripts; empty if nothing has been built."""
    version = folder("static") / "dist" / "version.txt"
    return version.read_text().strip() if version.is_file() else ""
