"""What a plain scalar means to Kubernetes' own YAML reader (sigs.k8s.io/yaml over its fork of go-yaml v2).

Booleans include `yes`, `no`, `on` and `off`; `0777` is octal; a date is a string; there are no sexagesimals.

One deviation: `y` and `n` stay texts. go-yaml v2 makes booleans of them too, so that no object in a cluster can come
from a file that holds one unquoted; but other writers of YAML do not quote them, and where one stands as a label
(`axis: y`) a text is meant.
"""

from __future__ import annotations

import math
import re
import struct
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | None

_TRUE = ("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_NULL = ("", "~", "null", "Null", "NULL")
_WORDS: dict[str, Value] = (
    dict.fromkeys(_TRUE, True)
    | dict.fromkeys(_FALSE, False)
    | dict.fromkeys(_NULL, None)
    | dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan)
    | dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf)
    | dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf)
)

_NUMBER_STARTS = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_BASED = re.compile(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LONGEST_EXACT_DIGITS = 100
"""A longer integer is out of every range there is, so it becomes infinite: reading its digits would be quadratic."""


def resolve_plain(text: str) -> Value:
    """The value of a plain scalar: None, bool, int, float or str."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    number = _number(text if text[0] == "." else text.replace("_", ""))
    return text if number is None else number


def _number(digits: str) -> int | float | None:
    if _DECIMAL.match(digits):
        return int(digits) if len(digits) <= _LONGEST_EXACT_DIGITS else _endless(digits)
    based = _BASED.match(digits)
    if based:
        if len(digits) > _LONGEST_EXACT_DIGITS:
            return _endless(digits)
        sign, hexadecimal, octal, binary = based.groups()
        number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(binary, 2)
        return -number if sign == "-" else number
    if _FLOAT.match(digits):
        value = float(digits)
        return None if math.isinf(value) else value
    return None


def _endless(digits: str) -> float:
    return -math.inf if digits.startswith("-") else math.inf


def key_text(value: Value) -> str | None:
    """How a mapping key that is not a string becomes one; None if it cannot be a key (null, huge numbers)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -(2**63) <= value < 2**63 else None
    if isinstance(value, float):
        return _float_key(value)
    return None


def _float_key(value: float) -> str:
    """The shortest decimal that gives the same 32-bit float, in Go's `g` notation."""
    if math.isnan(value):
        return ".nan"
    try:
        single = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        single = math.copysign(math.inf, value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    for digits in range(1, 10):
        text = f"{single:.{digits - 1}e}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == single:
            break
    exponent = int(text.partition("e")[2])
    if exponent < -4 or exponent >= 21:
        mantissa, _, _ = text.partition("e")
        return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return f"{float(text):.{max(0, digits - 1 - exponent)}f}"
