"""The conformance corpus beside the project, if it is there: 175 folders of manifests with their connections."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CONFORMANCE = PROJECT.parent / "shared" / "conformance"


@pytest.mark.slow
@pytest.mark.skipif(not (CONFORMANCE / "np-guard").is_dir(), reason="the conformance corpus is not beside the project")
def test_the_corpus_of_np_guard() -> None:
    comparison = subprocess.run(
        [
            sys.executable, str(CONFORMANCE / "compare.py"), "--command", f"{sys.executable} -m webapp",
            str(CONFORMANCE / "np-guard"),
        ],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert comparison.returncode == 0, f"{comparison.stdout}\n{comparison.stderr}"
