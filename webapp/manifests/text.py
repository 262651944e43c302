"""The bytes of a file become text that is safe to give to the parser, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BEFORE_TOKEN = frozenset(b" \t\r\n[]{},:\"'-?")
_NEEDS_CARE = (re.compile(rb"&[0-9A-Za-z_-]"), re.compile(rb"\*[0-9A-Za-z_-]"), re.compile(rb"!"))
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LONE = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_BOUNDARY = re.compile(r"(?:\A|(?<=[\n\r\x85\u2028\u2029]))---(?=[ \t\r\n]|\Z)")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NOT_UTF_8 = re.compile("[\0\udc80-\udcff]")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SOMETHING = re.compile(r"^[ \t]*[^#\s%]", re.MULTILINE)


def decode(data: bytes) -> str:
    """Bytes as text, without a byte order mark and without the surrogate pairs of JSON.

    What is not UTF-8 becomes characters that `bad_character` finds, so that one bad document leaves the others alone.
    """
    if data.startswith(_UTF_16_OR_32):
        return "\0"
    data = data.removeprefix(_BOM)
    text = data.decode("utf-8", errors="surrogateescape")
    if "\\u" in text and text.lstrip()[:1] in ("{", "["):
        text = _PAIR.sub(_join_pair, text)
        text = _LONE.sub(r"\1\\uFFFD", text)
    return text


def _join_pair(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def bad_character(text: str) -> tuple[int, str] | None:
    """The first character that YAML does not allow, as (index, name): "" where it is not even UTF-8 text."""
    match = _NOT_UTF_8.search(text) or _FORBIDDEN.search(text)
    if match is None:
        return None
    character = match[0]
    return match.start(), "" if _NOT_UTF_8.match(character) else f"U+{ord(character):04X}"


def needs_care(data: bytes) -> bool:
    """Whether there may be an anchor, an alias, a tag or a merge key. Sound: False means that there is none."""
    if b"<<" in data:
        return True
    for pattern in _NEEDS_CARE:
        for match in pattern.finditer(data):
            start = match.start()
            if start == 0 or data[start - 1] in _BEFORE_TOKEN:
                return True
    return False


@dataclass(frozen=True, slots=True)
class Chunk:
    """One document of a text by itself. `line` and `index` count the lines and characters before it."""

    text: str
    line: int
    index: int


def split(text: str, start: int, line: int) -> list[Chunk]:
    """The text from an index on, one chunk for each `---` at the beginning of a line."""
    starts = [match.start() for match in _BOUNDARY.finditer(text, start)]
    if not starts or (starts[0] > start and _SOMETHING.search(text[start : starts[0]])):
        starts.insert(0, start)
    elif starts[0] > start:
        starts[0] = start
    chunks = []
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[begin:end]
        chunks.append(Chunk(piece, line, begin))
        line += count_lines(piece)
    return chunks


def count_lines(text: str) -> int:
    """How many line breaks there are, by the rules of YAML 1.1."""
    if text.isascii() and "\r" not in text:
        return text.count("\n")
    return sum(1 for _ in _BREAK.finditer(text))


def line_start(text: str, line: int) -> int:
    """The index at which a line (from 1) begins."""
    position = 0
    for number, match in enumerate(_BREAK.finditer(text), start=2):
        if number > line:
            break
        position = match.end()
    return position


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of an index."""
    before = text[:index]
    line = count_lines(before)
    column = index - line_start(text, line + 1) + 1
    return line + 1, column
