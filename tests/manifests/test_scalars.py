"""Plain scalars resolve as Kubernetes' own YAML reader resolves them."""

from __future__ import annotations

import math

import pytest

from webapp.manifests.scalars import key_text, resolve_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True), ("No", False), ("ON", True), ("off", False), ("true", True), ("tRue", "tRue"),
        ("", None), ("~", None), ("null", None), ("NULL", None), ("nUll", "nUll"),
        ("80", 80), ("+7", 7), ("-3", -3), ("0777", 511), ("0o17", 15), ("0x1F", 31), ("-0b11", -3), ("1_000", 1000),
        ("08", 8.0), ("0o8", "0o8"), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1e400", "1e400"),
        ("12:30:45", "12:30:45"), ("2001-01-01", "2001-01-01"), ("1.2.3.4", "1.2.3.4"), ("٣", "٣"), ("8 0", "8 0"),
        ("-", "-"), ("--", "--"), (".", "."), ("0x", "0x"), ("_1", "_1"), ("1__", 1), ("+.inf", math.inf), ("y", "y"),
    ],
)  # fmt: skip
def test_plain_scalars(text: str, value: object) -> None:
    resolved = resolve_plain(text)
    assert (resolved, type(resolved)) == (value, type(value))


def test_endless_digits_cost_nothing() -> None:
    assert resolve_plain("9" * 100_000) == math.inf
    assert resolve_plain("-0x" + "f" * 100_000) == -math.inf
    assert isinstance(resolve_plain("9" * 90), int)


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (80, "80"), (2**63, None), (None, None), (1.5, "1.5"), (1e21, "1e+21"), (0.1, "0.1"),
     (math.nan, ".nan"), (math.inf, ".inf"), (1e-7, "1e-07"), ("a", "a")],
)  # fmt: skip
def test_keys_become_texts(value: object, text: str | None) -> None:
    assert key_text(value) == text  # type: ignore[arg-type]
