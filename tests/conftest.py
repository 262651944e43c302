"""What every test may use: reading YAML text as files of the input, and the profiles of hypothesis."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

# `ci` tries the same examples on every run, so that it never fails by chance; `dev` looks for new ones each time;
# `hunt` does so for long: HYPOTHESIS_PROFILE=hunt pytest tests/engine/test_oracle.py
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=_SLOW, print_blob=False)
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW, print_blob=True)
settings.register_profile("hunt", deadline=None, suppress_health_check=_SLOW, print_blob=True, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
