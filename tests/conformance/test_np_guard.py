"""The corpus of known answers, where the folder that holds it lies beside the project."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"
NOT_EVALUATED_YET = "AdminNetworkPolicy,BaselineAdminNetworkPolicy"


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/conformance is not there")
def test_every_case_of_the_corpus_holds() -> None:
    command = shlex.join([sys.executable, "-m", "webapp"])
    done = subprocess.run(
        [sys.executable, str(SHARED / "compare.py"), "--without", NOT_EVALUATED_YET, "--command", command,
         str(SHARED / "np-guard")],
        capture_output=True, text=True, check=False, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    passed = int(done.stdout.splitlines()[-1].split()[0])
    assert passed >= 72
