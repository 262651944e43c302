"""What the lint says of the samples, and that it has something sound to say of every input of the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.analysis import Analysis, analyze
from webapp.lint import review
from webapp.manifests import COMMAND_LINE_BUDGET, open_paths

PROJECT = Path(__file__).resolve().parents[2]
CORPUS = PROJECT.parent / "shared" / "conformance" / "np-guard"


def read(folder: Path) -> Analysis:
    files, _ = open_paths([str(folder)], COMMAND_LINE_BUDGET)
    return analyze(files)


@pytest.mark.parametrize(("sample", "expected"), [
    ("production", {("no_default_deny", "Namespace staging")}),
    ("production-open", set()),
    ("production-literal", {
        ("no_default_deny", "Namespace staging"),
        ("one_sided_allow", "NetworkPolicy production/allow-frontend-to-api"),
        ("one_sided_allow", "NetworkPolicy production/database-egress"),
    }),
    ("shop", {
        ("egress_without_dns", "NetworkPolicy data/backup-out"),
        ("no_default_deny", "Namespace marketing"),
        ("one_sided_allow", "NetworkPolicy monitoring/grafana"),
        ("one_sided_allow", "NetworkPolicy shop/checkout"),
        ("one_sided_allow", "NetworkPolicy shop/recommendations"),
        ("pod_selector_elsewhere", "NetworkPolicy payments/fraud-check"),
    }),
    ("tiers", {("denied_by_admin", "NetworkPolicy vault/vault-for-batch")}),
])  # fmt: skip
def test_warnings_and_errors_of_the_samples(sample: str, expected: set[tuple[str, str]]) -> None:
    found = [each for each in review(read(PROJECT / "samples" / sample)).findings if each.severity != "info"]
    assert {(each.code, each.object) for each in found} == expected
    assert len(found) == len(expected)


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the conformance corpus is not beside the project")
def test_the_rules_take_every_input_of_the_corpus() -> None:
    """None fails, all findings have a place and are told once."""
    for folder in sorted(CORPUS.iterdir()):
        if not (folder / "manifests").is_dir():
            continue
        found = review(read(folder / "manifests")).findings
        keys = [(each.code, each.object, each.path) for each in found]
        assert len(keys) == len(set(keys)), folder.name
        assert all(each.source is not None and each.object and each.message for each in found), folder.name
