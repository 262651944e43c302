"""The scripts of the GitHub Action and the GitLab template, run on a real repository, against a host of our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.diff.test_changes import WORLD, policy

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "integrations"
ALLOW = policy("{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}")
DENY = policy("{podSelector: {}, policyTypes: [Ingress]}", "deny")


def _git(folder: Path, *words: str) -> None:
    me = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *me, *words], cwd=folder, check=True, capture_output=True)


def _commit(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", name)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A branch that opens a port, and main, which went on meanwhile."""
    _git(tmp_path, "init", "-q", "-b", "main")
    _commit(tmp_path, "deploy/world.yaml", WORLD + DENY)
    _git(tmp_path, "checkout", "-q", "-b", "change")
    _commit(tmp_path, "deploy/allow.yaml", ALLOW)
    _git(tmp_path, "checkout", "-q", "main")
    _commit(tmp_path, "deploy/other.yaml", policy("{podSelector: {}, policyTypes: [Egress]}", "sealed"))
    _git(tmp_path, "checkout", "-q", "change")
    return tmp_path


def _review(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": paths, "HOME": str(folder), "NETPOLMAP_LINT_FAIL_ON": "never", **settings}
    return subprocess.run(
        ["bash", str(SCRIPTS / "review.sh")], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_what_the_branch_opens_fails_and_what_main_did_meanwhile_is_not_its_fault(repository: Path) -> None:
    done = _review(repository, NETPOLMAP_BASE="main", NETPOLMAP_PATH="deploy")
    assert done.returncode == 1, done.stderr
    report = json.loads((repository / "netpolmap-report" / "diff.json").read_text())
    assert {row["id"] for row in report["opened"]} == {"x/Deployment/b>x/Deployment/a", "x/Deployment/a>x/Deployment/a"}
    assert report["cut"] == []
    causes = {cause["source"]["file"] for row in report["opened"] for cause in row["causes"]}
    assert causes == {"deploy/allow.yaml"}
    assert (repository / "netpolmap-report" / "diff.md").read_text().startswith("<!-- netpolmap diff -->\n")
    assert "<!doctype html>" in (repository / "netpolmap-report" / "diff.html").read_text()
    sarif = json.loads((repository / "netpolmap-report" / "lint.sarif").read_text())
    assert sarif["version"] == "2.1.0"


def test_only_what_is_to_fail_fails(repository: Path) -> None:
    assert _review(repository, NETPOLMAP_BASE="main", NETPOLMAP_PATH="deploy", NETPOLMAP_FAIL_ON="cut").returncode == 0
    both = _review(repository, NETPOLMAP_BASE="main", NETPOLMAP_PATH="deploy", NETPOLMAP_FAIL_ON="cut,opened")
    assert both.returncode == 1


def test_a_folder_that_is_new_is_compared_with_nothing(repository: Path) -> None:
    _commit(repository, "new/world.yaml", WORLD)
    done = _review(repository, NETPOLMAP_BASE="main", NETPOLMAP_PATH="new")
    assert done.returncode == 1, done.stderr
    report = json.loads((repository / "netpolmap-report" / "diff.json").read_text())
    assert report["added_workloads"] == ["x/Deployment/a", "x/Deployment/b"]


def test_rendered_folders_are_compared_as_they_are(repository: Path) -> None:
    (repository / "before.yaml").write_text(WORLD)
    (repository / "after.yaml").write_text(WORLD)
    done = _review(repository, NETPOLMAP_BASE_PATH="before.yaml", NETPOLMAP_HEAD_PATH="after.yaml")
    assert done.returncode == 0, done.stderr


def test_a_clone_without_history_is_told(repository: Path) -> None:
    done = _review(repository, NETPOLMAP_BASE="origin/main", NETPOLMAP_PATH="deploy")
    assert done.returncode == 2
    assert "fetch-depth: 0" in done.stderr


class _Comments(BaseHTTPRequestHandler):
    """As much of a host as the script needs."""

    comments: list[dict[str, Any]]
    headers_seen: list[str]

    def _answer(self, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> str:
        text: str = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        return text

    def do_GET(self) -> None:
        page = int(self.path.rpartition("=")[2])
        self._answer(self.comments[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        self.headers_seen.append(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
        self.comments.append({"id": len(self.comments) + 1, "body": self._body()})
        self._answer(self.comments[-1])

    def do_PATCH(self) -> None:
        identity = int(self.path.rpartition("/")[2])
        self.comments[identity - 1]["body"] = self._body()
        self._answer(self.comments[identity - 1])

    def do_PUT(self) -> None:
        self.do_PATCH()

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence."""


@pytest.fixture
def host() -> Iterator[tuple[str, type[_Comments]]]:
    handler = type("Comments", (_Comments,), {"comments": [], "headers_seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()
    server.server_close()
    thread.join()


def _comment(report: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, str(SCRIPTS / "comment.py"), str(report), *words]
    return subprocess.run(
        call, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_there_is_one_comment_however_often_it_is_posted(
    name: str, host: tuple[str, type[_Comments]], tmp_path: Path
) -> None:
    address, handler = host
    report = tmp_path / "diff.md"
    environment = (
        {"GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": address, "GITHUB_TOKEN": "t", "NETPOLMAP_PULL_REQUEST": "7"}
        if name == "github"
        else {"CI_API_V4_URL": address, "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7", "NETPOLMAP_TOKEN": "t"}
    )
    handler.comments += [{"id": n, "body": "other"} for n in range(1, 121)]
    report.write_text("<!-- netpolmap diff -->\nfirst\n")
    assert _comment(report, **environment).stdout == "comment created\n"
    report.write_text("<!-- netpolmap diff -->\nsecond\n")
    assert _comment(report, "--link", "all=http://x/?a=b", **environment).stdout == "comment updated\n"
    (mine,) = [each["body"] for each in handler.comments if each["body"] != "other"]
    assert mine == "<!-- netpolmap diff -->\nsecond\n\n[all](http://x/?a=b)\n"
    assert handler.headers_seen == ["Bearer t" if name == "github" else "t"]


def test_what_is_missing_is_told_and_a_host_that_is_away_is_no_crash(tmp_path: Path) -> None:
    report = tmp_path / "diff.md"
    report.write_text("<!-- netpolmap diff -->\nfirst\n")
    assert "is not set" in _comment(report).stderr
    away = {
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_TOKEN": "t",
        "NETPOLMAP_PULL_REQUEST": "7",
    }
    done = _comment(report, **away)
    assert done.returncode == 1
    assert "could not be posted" in done.stderr


def test_the_action_and_the_template_call_these_scripts() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    script = (SCRIPTS / "review.sh").read_text()
    settings = {
        name for step in action["runs"]["steps"] for name in step.get("env", {}) if name.startswith("NETPOLMAP_")
    }
    assert settings - {"NETPOLMAP_PULL_REQUEST"} <= {word for word in settings if word in script}
    inputs = {f"inputs.{name}" for name in action["inputs"]}
    assert all(name in (ROOT / "action.yml").read_text() for name in inputs)
    template = yaml.safe_load((SCRIPTS / "netpolmap.gitlab-ci.yml").read_text())
    assert template["netpolmap"]["variables"]["GIT_DEPTH"] == "0"
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hooks[0]["entry"] == "netpolmap lint"
