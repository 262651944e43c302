"""Files that change are shown anew; broken ones never take away what was understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.conftest import API, SHOP, Client
from webapp.cli.serve import loader, name_of
from webapp.errors import InputError
from webapp.manifests import COMMAND_LINE_BUDGET
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS
from webapp.web import create_app
from webapp.web.gate import Gate
from webapp.web.watch import Watcher
from webapp.web.workspace import Workspace


class Watched:
    """A folder with SHOP in it, its workspace, and who watches it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "shop.yaml"
        self.file.write_text(SHOP)
        load = loader([str(folder)], COMMAND_LINE_BUDGET)
        self.workspace = Workspace("id", "shop", load(), Gate(1, 0, 0), watched=True)
        self.lines: list[str] = []
        self.watcher = Watcher([str(folder)], self.workspace, load, 1, self.lines.append)

    def state(self) -> tuple[int, int, set[str]]:
        """Generation, workloads, codes of problems."""
        contents = self.workspace.contents
        analysis = self.workspace.analysis(contents, DEFAULT_ASSUMPTIONS)
        return contents.generation, len(analysis.workloads), {p.code for p in (*contents.problems, *analysis.problems)}


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_nothing_changed_nothing_read(watched: Watched) -> None:
    assert not watched.watcher.look()
    assert watched.state() == (0, 2, set())


def test_a_change_and_a_new_file_are_read(watched: Watched) -> None:
    watched.file.write_text(SHOP.replace("name: database", "name: store"))
    assert watched.watcher.look()
    (watched.file.parent / "sub").mkdir()
    (watched.file.parent / "sub" / "more.yml").write_text("{apiVersion: v1, kind: Pod, metadata: {name: x}}")
    (watched.file.parent / "notes.txt").write_text("not read")
    assert watched.watcher.look()
    assert not watched.watcher.look()
    assert watched.state()[:2] == (2, 3)
    assert len(watched.lines) == 2


def test_one_broken_file_is_a_problem_beside_the_others(watched: Watched) -> None:
    (watched.file.parent / "broken.yaml").write_text("a: [")
    assert watched.watcher.look()
    assert watched.state() == (1, 2, {"yaml_syntax"})


def test_the_last_good_reading_stays_where_nothing_can_be_read(watched: Watched) -> None:
    watched.file.write_text("kind: [")
    assert watched.watcher.look()
    assert watched.state() == (1, 2, {"stale", "yaml_syntax"})
    watched.file.write_text(SHOP)
    assert watched.watcher.look()
    assert watched.state() == (2, 2, set())


def test_a_path_that_goes_is_said(watched: Watched) -> None:
    watched.file.unlink()
    watched.file.parent.rmdir()
    assert watched.watcher.look()
    assert watched.state() == (1, 2, {"stale"})


def test_a_fault_of_ours_does_not_end_the_watch(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(watched.workspace, "_evaluate", lambda intake, assumptions: 1 // 0)
        watched.file.write_text(SHOP + "\n# changed\n")
        assert watched.watcher.look()
    assert watched.state() == (1, 2, {"stale", "internal"})


def test_the_page_hears_of_it(watched: Watched) -> None:
    client: Client = create_app(opened=watched.workspace).test_client()
    assert 'data-watch="true"' in client.get("/").text
    assert 'data-workspace="id"' in client.get("/").text
    assert "drop-zone" in client.get("/?new=1").text
    assert client.get(f"{API}/workspaces/id/summary").json["generation"] == 0
    watched.file.write_text("kind: [")
    watched.watcher.look()
    summary = client.get(f"{API}/workspaces/id/summary").json
    assert summary["generation"] == 1
    assert "stale" in {problem["code"] for problem in summary["problems"]}


def test_links_that_lead_back_end(watched: Watched) -> None:
    (watched.file.parent / "loop").symlink_to(watched.file.parent)
    watched.watcher.look()
    assert watched.state()[1] == 2


def test_missing_paths_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        loader([str(tmp_path / "nope")], COMMAND_LINE_BUDGET)()


def test_names_of_workspaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    assert [name_of(paths) for paths in (["a/b.yaml"], ["."], ["-"], ["a", "b"], ["x/"])] == [
        "b.yaml", "shop", "standard input", "2 paths", "x",
    ]  # fmt: skip
