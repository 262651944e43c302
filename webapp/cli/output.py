"""`-o`, `--out`, `--pretty`: where an answer goes, and in which form."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from webapp.errors import InputError


def add_output(parser: argparse.ArgumentParser, formats: Sequence[str], default: str) -> None:
    parser.add_argument("-o", "--output", choices=formats, default=default, metavar="FORMAT",
                        help=f"one of {', '.join(formats)} (default {default})")  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument("--pretty", action="store_true", help="indent JSON")


@contextlib.contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """A text stream in UTF-8; the file is written in place, so that /dev/stdout works."""
    with open_binary_output(path) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=False)
        try:
            yield text
        finally:
            text.flush()
            text.detach()


@contextlib.contextmanager
def open_binary_output(path: str | None) -> Iterator[BinaryIO]:
    if path is None or path == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = Path(path).open("wb", buffering=1 << 16)  # noqa: SIM115
    except OSError as fault:
        raise InputError(f"{path} cannot be written: {fault.strerror}.") from fault
    with file:
        yield file


def write_json(document: object, stream: TextIO, *, pretty: bool) -> None:
    """A document on one line, or indented."""
    separators = None if pretty else (",", ":")
    json.dump(document, stream, indent=2 if pretty else None, separators=separators, ensure_ascii=False)
    stream.write("\n")
