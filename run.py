"""One command from a fresh clone: `python3 run.py` serves a sample, `python3 run.py test` runs every check.

Needs Python 3.11+ and nothing else: it makes .venv, installs the project into it and starts. What follows
`python3 run.py` or `python3 run.py serve` is handed to `netpolmap serve` instead of the sample.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SAMPLE = ROOT / "samples" / "shop"


def main(arguments: list[str]) -> None:
    """Dispatch: `test`, or serve."""
    if sys.version_info < (3, 11):  # noqa: UP036  the file must still start on an older Python to say so
        sys.exit("netpolmap needs Python 3.11 or newer.")
    if arguments[:1] == ["test"]:
        install("dev")
        find_browser()
        check(arguments[1:])
    else:
        install("")
        serve(arguments[1:] if arguments[:1] == ["serve"] else arguments)


def install(extra: str) -> None:
    """Install the project editable, unless this was done and nothing it depends on has changed."""
    if not PYTHON.exists():
        print("Making .venv ...", flush=True)
        make_venv()
    stamp = VENV / f"netpolmap-{extra or 'run'}.stamp"
    if stamp.is_file() and stamp.read_text() == fingerprint():
        return
    print("Installing (the first time takes a minute) ...", flush=True)
    requirement = f"{ROOT}[{extra}]" if extra else str(ROOT)
    run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", requirement])
    stamp.write_text(fingerprint())


def make_venv() -> None:
    """Make .venv. Debian and Ubuntu keep the module in a package of its own."""
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv")


def fingerprint() -> str:
    """What the installation depends on: the project's metadata and the sources of the built files."""
    sys.path.insert(0, str(ROOT / "tools"))
    import assets

    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + (ROOT / "hatch_build.py").read_bytes())
    built = "built" if assets.is_fresh() else "stale"
    return f"{sys.version_info[:2]} {project.hexdigest()} {assets.fingerprint()} {built}"


def serve(arguments: list[str]) -> None:
    """Start the web app and become it, so that stopping this process stops the server."""
    become([PYTHON, "-m", "webapp", "serve", *(arguments or [str(SAMPLE), *open_page()])])


def open_page() -> list[str]:
    """Show the page in a browser only where a person sits in front of a desktop."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return ["--open"] if desktop and sys.stdout.isatty() else []


def find_browser() -> None:
    """See to a browser for the tests of the page; without one they are skipped, or fail where CI is set."""
    if os.environ.get("APP_BROWSER") or any(shutil.which(name) for name in BROWSERS):
        return
    if Path("/Applications/Google Chrome.app").exists() or any((playwright_folder()).glob("chromium*")):
        return
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing a browser for the tests (apt chromium) ...", flush=True)
        subprocess.run([apt, "update", "-qq"], check=False)
        done = subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
        if done.returncode == 0 and shutil.which("chromium"):
            return
    print(f"No browser found. For the tests of the page: {PYTHON} -m playwright install chromium", flush=True)


def playwright_folder() -> Path:
    """Where Playwright keeps the browsers that it has downloaded."""
    if os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"])
    caches = {"darwin": "Library/Caches", "win32": "AppData/Local"}
    return Path.home() / caches.get(sys.platform, ".cache") / "ms-playwright"


def check(pytest_arguments: list[str]) -> None:
    """Every check that CI runs; all of them run even when one fails."""
    commands: list[list[str | Path]] = [
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [PROGRAMS / "lint-imports"],
        *page_checks(),
        [PYTHON, "-m", "pytest", *pytest_arguments],
    ]
    failed = [command for command in commands if not passes(command)]
    for command in failed:
        print("FAILED:", shown(command), flush=True)
    if not failed:
        print("All checks passed.", flush=True)
    sys.exit(1 if failed else 0)


def page_checks() -> list[list[str | Path]]:
    """Types and unit tests of the page's modules, where npm is there to run them."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm not found: the page's own type check and unit tests are left out.", flush=True)
        return []
    if not (ROOT / "node_modules" / "typescript").exists():
        run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    return [[npm, "run", "--silent", "typecheck"], [npm, "test", "--silent"]]


def passes(command: list[str | Path]) -> bool:
    """Run one check and tell whether it passed."""
    print("\n$", shown(command), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def shown(command: list[str | Path]) -> str:
    """The command as a person would type it."""
    return " ".join(str(part).replace(f"{ROOT}{os.sep}", "") for part in command)


def run(command: list[str | Path]) -> None:
    """Run a step that must succeed."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(f"failed: {shown(command)}")


def become(command: list[str | Path]) -> None:
    """Replace this process where that exists (a killed parent would leave the server running)."""
    os.chdir(ROOT)
    if os.name == "posix":
        os.execv(command[0], [str(part) for part in command])
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
