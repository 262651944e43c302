"""Files, folders, archives and standard input."""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.manifests.reading import POD, codes
from webapp.errors import BudgetExceeded, InputError
from webapp.manifests import COMMAND_LINE_BUDGET, REQUEST_BUDGET, SourceFile, open_paths, read
from webapp.manifests.archive import label


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(entries: Mapping[str, str], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
    return buffer.getvalue()


def names(files: tuple[SourceFile, ...]) -> list[str]:
    return [file.name for file in files]


def test_a_folder_is_read_recursively_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "sub/c.json", "sub/deep/d.YAML", "notes.txt", ".hidden/e.yaml", ".git.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(POD % "x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    files, problems = open_paths([str(tmp_path)])
    assert [Path(name).relative_to(tmp_path).as_posix() for name in names(files)] == [
        "a.yml", "b.yaml", "sub/c.json", "sub/deep/d.YAML",
    ]  # fmt: skip
    assert problems == ()


def test_what_cannot_be_read_in_a_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a.yaml").write_text(POD % "a")
    files, problems = open_paths([str(tmp_path)])
    assert (len(files), codes(problems)) == (1, ["unreadable_file"])
    assert read(files, problems=problems).counts.not_understood == 1


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_paths([str(tmp_path / "missing.yaml")])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a: b")))
    assert open_paths(["-"])[0] == (SourceFile("stdin", b"a: b"),)


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.zip", zipped({"b.yaml": POD % "b", "d/a.yaml": POD % "a", "readme.md": "no"})),
     ("x.tgz", tarred({"b.yaml": POD % "b", "d/a.yaml": POD % "a", "readme.md": "no"})),
     ("x.tar.gz", tarred({"b.yaml": POD % "b", "d/a.yaml": POD % "a"})),
     ("x.tar", tarred({"b.yaml": POD % "b", "d/a.yaml": POD % "a"}, "w")),
     ("stdin", tarred({"b.yaml": POD % "b", "d/a.yaml": POD % "a"}))],
)  # fmt: skip
def test_archives(name: str, data: bytes) -> None:
    intake = read([SourceFile(name, data)], REQUEST_BUDGET)
    assert [(d.name, d.source.file) for d in intake.documents] == [("b", f"{name}/b.yaml"), ("a", f"{name}/d/a.yaml")]
    assert intake.problems == ()


def test_a_broken_archive_is_a_problem() -> None:
    data = tarred({"a.yaml": POD % "a"})
    for name, content in (("x.zip", b"PK\x03\x04 no"), ("x.tgz", data[:40]), ("x.tar", b"no"), ("x.tgz", b"no")):
        intake = read([SourceFile(name, content), SourceFile("b.yaml", (POD % "b").encode())])
        assert codes(intake.problems) == ["bad_archive"]
        assert [document.name for document in intake.documents] == ["b"]
        assert intake.counts.not_understood == 1


def test_bytes_are_limited() -> None:
    budget = COMMAND_LINE_BUDGET.with_max_bytes(100)
    read([SourceFile("a.yaml", b"#" * 100)], budget)
    with pytest.raises(BudgetExceeded) as caught:
        read([SourceFile("a.yaml", b"#" * 60), SourceFile("b.yaml", b"#" * 41)], budget)
    assert (caught.value.limit_name, caught.value.limit, caught.value.measured) == ("max_bytes", 100, 101)
    with pytest.raises(BudgetExceeded, match="one file"):
        read([SourceFile("a.yaml", b"#" * 11)], replace(REQUEST_BUDGET, file_bytes=10))


def test_names_are_labels() -> None:
    assert label("a/b.yaml") == "a/b.yaml"
    assert label("a\x1b[31m\u202e\n.yaml") == "a\\x1b[31m\\u202e\\n.yaml"
    assert len(label("x" * 5000 + ".yaml")) <= 200
    assert label("x" * 5000 + ".yaml").endswith(".yaml")
