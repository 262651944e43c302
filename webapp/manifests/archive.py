"""Zip and tar archives, read in memory. Nothing is unpacked to disk; names are labels for people, never paths.

The sizes that an archive declares are not believed: each entry is read up to one byte more than is allowed.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from webapp.manifests.budget import MIB, Budget
from webapp.model.problem import Problem
from webapp.model.source import SourceFile, SourceRef

MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
_OTHER_ARCHIVES = (".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar")
_LONGEST_NAME = 200
_SMALL_BYTES = MIB
_UNREADABLE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
               RuntimeError, OverflowError, IndexError, KeyError)  # fmt: skip


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive that is read."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def is_packed(file: SourceFile) -> bool:
    """Whether a file is an archive: by its name, or by its content where the name says nothing."""
    data = file.data
    magic = data[:4] == b"PK\x03\x04" or data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar"
    return is_archive(file.name) or (magic and not is_manifest(file.name))


def is_manifest(name: str) -> bool:
    """Whether a name is that of a file that may hold manifests."""
    return name.lower().endswith(MANIFEST_SUFFIXES)


def label(name: str) -> str:
    """A name that is safe to show: control, bidirectional and invisible characters escaped, the middle cut if long."""
    shown = "".join(
        each
        if each.isprintable() and unicodedata.category(each) != "Cf"
        else each.encode("unicode_escape", "replace").decode()
        for each in name[: 4 * _LONGEST_NAME]
    )
    if len(shown) <= _LONGEST_NAME and len(name) <= 4 * _LONGEST_NAME:
        return shown
    half = _LONGEST_NAME // 2
    return f"{shown[:half]}…{label_end(name)}"


def label_end(name: str) -> str:
    """The end of a long name."""
    return "".join(each if each.isprintable() and unicodedata.category(each) != "Cf" else "?" for each in name[-60:])


def unpack(archive: SourceFile, budget: Budget, problems: list[Problem]) -> list[SourceFile]:
    """The manifests in an archive, sorted by name. What cannot be read is a problem; a passed limit raises."""
    name, data = label(archive.name), archive.data
    files: list[SourceFile] = []
    meter = _Meter(len(data), budget)
    try:
        entries = _zip_entries if data[:2] == b"PK" else _tar_entries
        for entry, content in entries(name, data, meter, problems):
            files.append(SourceFile(f"{name}/{label(entry)}", content))
    except _UNREADABLE as error:
        reason = str(error)[:120] or type(error).__name__
        message = f"this archive cannot be read ({label(reason)}). What was read until there is used. Pack it again."
        problems.append(_problem("bad_archive", message, name))
    return sorted(files, key=lambda file: file.name)


def _problem(code: str, message: str, name: str) -> Problem:
    return Problem("error", code, message, SourceRef(name, 1, 1, 1))


class _Meter:
    """What the entries of one archive unpack to, against the budget."""

    def __init__(self, packed_bytes: int, budget: Budget) -> None:
        self._packed_bytes = max(1, packed_bytes)
        self._budget = budget
        self._entries = 0
        self._unpacked_bytes = 0

    def count_entry(self) -> None:
        self._entries += 1
        self._budget.check("archive_entries", self._entries)

    def count_bytes(self, size_bytes: int) -> None:
        """So many more bytes came out of the archive."""
        self._unpacked_bytes += size_bytes
        self._budget.check("max_bytes", self._unpacked_bytes)
        if self._unpacked_bytes > _SMALL_BYTES:
            self._budget.check("archive_ratio", -(-self._unpacked_bytes // self._packed_bytes))

    def read(self, stream: IO[bytes]) -> bytes:
        """All of an entry, its bytes counted; `BudgetExceeded` one byte after a limit."""
        room = self._room()
        content = stream.read() if room is None else stream.read(room + 1)
        self._budget.check("file_bytes", len(content))
        self.count_bytes(len(content))
        return content

    def read_entry(self, stream: IO[bytes]) -> bytes:
        """All of an entry whose bytes are counted elsewhere."""
        limit = self._budget.file_bytes
        content = stream.read() if limit is None else stream.read(limit + 1)
        self._budget.check("file_bytes", len(content))
        return content

    def _room(self) -> int | None:
        limits = [self._budget.file_bytes]
        if self._budget.max_bytes is not None:
            limits.append(self._budget.max_bytes - self._unpacked_bytes)
        if self._budget.archive_ratio is not None:
            most = max(_SMALL_BYTES, self._budget.archive_ratio * self._packed_bytes)
            limits.append(most - self._unpacked_bytes)
        known = [limit for limit in limits if limit is not None]
        return max(0, min(known)) if known else None


def _wanted(archive: str, entry: str, problems: list[Problem]) -> bool:
    """Whether an entry may hold manifests; an archive inside an archive is a problem."""
    if is_archive(entry) or entry.lower().endswith(_OTHER_ARCHIVES):
        message = "this is an archive inside an archive. It is not opened. Unpack it and load its files."
        problems.append(_problem("nested_archive", message, f"{archive}/{label(entry)}"))
        return False
    return is_manifest(entry)


def _zip_entries(archive: str, data: bytes, meter: _Meter, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for info in opened.infolist():
            meter.count_entry()
            if info.is_dir() or not _wanted(archive, info.filename, problems):
                continue
            if info.flag_bits & 0x1:
                message = "this entry is encrypted. It is left out. Pack the archive without a password."
                problems.append(_problem("encrypted_entry", message, f"{archive}/{label(info.filename)}"))
                continue
            mode = info.external_attr >> 16
            if mode and (mode & 0o170000) not in (0, 0o100000):
                problems.append(_link(archive, info.filename))
                continue
            try:
                with opened.open(info) as stream:
                    content = meter.read(stream)
            except _UNREADABLE as error:
                reason = label(str(error)[:120]) or type(error).__name__
                message = f"this entry cannot be read ({reason}). It is left out. Pack it again."
                problems.append(_problem("bad_archive", message, f"{archive}/{label(info.filename)}"))
                continue
            yield info.filename, content


def _tar_entries(archive: str, data: bytes, meter: _Meter, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Entries in their order. The archive is read as a stream, so that every byte is metered, those passed over too."""
    packed: IO[bytes] = io.BytesIO(data)
    stream = _Metered(cast(IO[bytes], gzip.GzipFile(fileobj=packed)) if data[:2] == b"\x1f\x8b" else packed, meter)
    with tarfile.open(fileobj=stream, mode="r|") as opened:  # type: ignore[call-overload]
        for member in opened:
            meter.count_entry()
            if member.isdir() or not _wanted(archive, member.name, problems):
                continue
            content = opened.extractfile(member) if member.isreg() else None
            if content is None:
                problems.append(_link(archive, member.name))
                continue
            yield member.name, meter.read_entry(content)


class _Metered:
    """A stream of which every byte is counted."""

    def __init__(self, stream: IO[bytes], meter: _Meter) -> None:
        self._stream, self._meter = stream, meter

    def read(self, size: int) -> bytes:
        content = self._stream.read(size)
        self._meter.count_bytes(len(content))
        return content


def _link(archive: str, entry: str) -> Problem:
    message = "this is a link or a device, not a file. It is left out. Pack the file itself."
    return _problem("not_a_file", message, f"{archive}/{label(entry)}")
