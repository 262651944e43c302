#!/usr/bin/env python3
"""Post a report as the one comment of a pull or merge request, or update the comment that is there already.

    comment.py FILE [--link TEXT=URL]

The first line of FILE is the marker by which the comment is found again. Where to post comes from the environment that
GitHub Actions (GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_TOKEN, NETPOLMAP_PULL_REQUEST) or GitLab CI (CI_API_V4_URL,
CI_PROJECT_ID, CI_MERGE_REQUEST_IID, NETPOLMAP_TOKEN) gives. Python's standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SECONDS = 30
_PAGE = 100
_MOST_PAGES = 20
_LONGEST = {"github": 65_000, "gitlab": 900_000}


class Host:
    """The comments of one request on a host: `listed`, `create`, `update`."""

    def __init__(self, name: str, comments: str, one: str, headers: Mapping[str, str]) -> None:
        self.name, self._comments, self._one, self._headers = name, comments, one, dict(headers)

    def find(self, marker: str) -> str | None:
        """The id of the comment that begins with the marker."""
        for page in range(1, _MOST_PAGES + 1):
            found = self._call("GET", f"{self._comments}?per_page={_PAGE}&page={page}")
            for comment in found:
                if str(comment.get("body", "")).startswith(marker):
                    return str(comment["id"])
            if len(found) < _PAGE:
                break
        return None

    def create(self, body: str) -> None:
        self._call("POST", self._comments, body)

    def update(self, identity: str, body: str) -> None:
        self._call("PATCH" if self.name == "github" else "PUT", f"{self._one}/{identity}", body)

    def _call(self, method: str, address: str, body: str | None = None) -> Any:
        data = None if body is None else json.dumps({"body": body}).encode()
        headers = {**self._headers, "Content-Type": "application/json", "User-Agent": "netpolmap"}
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 (the host's own API)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return json.load(answer)


def host_of(environment: Mapping[str, str]) -> Host:
    """The request that this job runs for. SystemExit tells what is missing."""
    if "GITHUB_REPOSITORY" in environment:
        pull_request = _required(environment, "NETPOLMAP_PULL_REQUEST")
        base = f"{environment.get('GITHUB_API_URL', 'https://api.github.com')}/repos/{environment['GITHUB_REPOSITORY']}"
        headers = {
            "Authorization": f"Bearer {_required(environment, 'GITHUB_TOKEN')}",
            "Accept": "application/vnd.github+json",
        }
        return Host("github", f"{base}/issues/{pull_request}/comments", f"{base}/issues/comments", headers)
    base = f"{_required(environment, 'CI_API_V4_URL')}/projects/{_required(environment, 'CI_PROJECT_ID')}"
    notes = f"{base}/merge_requests/{_required(environment, 'CI_MERGE_REQUEST_IID')}/notes"
    return Host("gitlab", notes, notes, {"PRIVATE-TOKEN": _required(environment, "NETPOLMAP_TOKEN")})


def post(host: Host, report: str, links: Mapping[str, str]) -> str:
    """Create the comment or update it; returns which of both."""
    marker = report.partition("\n")[0]
    if not marker.startswith("<!--"):
        raise SystemExit("comment.py: the first line of the report must be its marker, <!-- … -->.")
    tail = "".join(f"\n[{text}]({address})\n" for text, address in links.items())
    room = _LONGEST[host.name] - len(tail)
    if len(report) > room:
        report = report[:room].rpartition("\n")[0] + "\n\n… cut: the whole report is in the artifact.\n"
    known = host.find(marker)
    if known is None:
        host.create(report + tail)
        return "created"
    host.update(known, report + tail)
    return "updated"


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SystemExit(f"comment.py: {name} is not set.")
    return value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--link", action="append", default=[], metavar="TEXT=URL")
    options = parser.parse_args()
    links = dict(each.partition("=")[::2] for each in options.link if "=" in each)
    try:
        print("comment", post(host_of(os.environ), options.file.read_text(encoding="utf-8"), links))
    except urllib.error.URLError as fault:
        print(f"comment.py: the comment could not be posted: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
