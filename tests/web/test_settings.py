"""Every setting is a variable of the environment, stands in the documentation, and is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.errors import InputError
from webapp.web.settings import DEFAULT_SETTINGS, settings_of, settings_table

DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"


def test_the_environment_changes_settings_and_limits() -> None:
    made = settings_of({
        "NETPOLMAP_WORKSPACE_HOURS": "0.5", "NETPOLMAP_TRUSTED_HOSTS": "a.example, b.example",
        "NETPOLMAP_UPLOADS_PER_MINUTE": "0", "NETPOLMAP_DEPTH": "10", "PATH": "/bin",
        "NETPOLMAP_PORT": "tcp://10.0.0.1:80", "NETPOLMAP_SERVICE_HOST": "10.0.0.1",
    })  # fmt: skip
    assert made.workspace_hours == 0.5
    assert made.trusted_hosts == ("a.example", "b.example")
    assert made.budget.uploads_per_minute is None
    assert made.budget.depth == 10
    assert settings_of({}) == DEFAULT_SETTINGS


@pytest.mark.parametrize(
    ("variable", "text"),
    [("DEPTH", "many"), ("DEPTH", "-1"), ("DEPTH", "1.5"), ("WORKSPACE_HOURS", "nan"), ("WORKSPACE_HOURS", "inf"),
     ("WORKSPACE_HOUR", "1"), ("PROXIES", "")],
)  # fmt: skip
def test_what_is_no_setting_or_no_number_is_refused(variable: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        settings_of({f"NETPOLMAP_{variable}": text})
    assert f"NETPOLMAP_{variable}" in refused.value.message


def test_every_setting_is_documented_with_its_value() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for variable, value, meaning in settings_table():
        if variable != "NETPOLMAP_CONCURRENT_ANALYSES":  # depends on the machine
            assert f"| `{variable}` | {value} | {meaning} |" in text
