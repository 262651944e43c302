"""What the README shows runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from webapp.cli import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_python_block(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    ports, path, reached_by = capsys.readouterr().out.splitlines()
    assert ports == "TCP 8080"
    assert path == str([
        "production/Deployment/frontend", "production/Deployment/backend-api", "production/StatefulSet/database",
    ])  # fmt: skip
    assert reached_by == str(["production/Deployment/backend-api"])


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"netpolmap (list|why) ", line)]


@pytest.mark.parametrize("command", commands())
def test_command(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)[1:]
    if "--out" in words:
        place = words.index("--out") + 1
        words[place] = str(tmp_path / words[place])
    assert main(words) == (1 if "production/database:5432" in words else 0)  # the one that is blocked
    assert all(file.stat().st_size for file in tmp_path.iterdir())


def test_the_examples_of_verdicts_are_what_is_printed(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs/reading-verdicts.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ netpolmap (.*?)\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    for command, shown in blocks:
        assert main(shlex.split(command)) == (1 if command.startswith("why") else 0)
        assert shown in capfdbinary.readouterr().out.decode()


def test_links_lead_somewhere() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120
