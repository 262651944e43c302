"""Small changes to the text of a document that leave everything else as it is, byte by byte.

Each takes the text, its outline (`outline.py`) or a value of it, and gives the new text; `CannotEdit` where the place
is written in a way that is not sure to be understood.
"""

from __future__ import annotations

from collections.abc import Iterable

from webapp.manifests.outline import Value, outline
from webapp.manifests.writing import Json, block, flow, scalar

STEP = 2
"""By how many columns what is inside of something is indented."""


class CannotEdit(Exception):  # noqa: N818 - no error: an answer
    """The change cannot be made in this text."""


def outlined(text: str) -> Value:
    """The outline of a text that was changed."""
    root = outline(text)
    if root is None:
        raise CannotEdit
    return root


def insert_item(text: str, root: Value, path: tuple[str | int, ...], item: Json, index: int | None = None) -> str:
    """An item into the list at a path, before the one at ``index``, or at its end. A list that is not there is made,
    if the mapping that would hold it is."""
    found = root.at(*path)
    *above, key = path
    if found is None or (found.kind == "scalar" and not found.text):
        holder = root.at(*above)
        if holder is None or holder.kind != "mapping" or not isinstance(key, str) or key in holder.fields:
            raise CannotEdit
        return insert_field(text, root, tuple(above), key, [item])
    if found.kind != "list":
        raise CannotEdit
    as_json = _is_json(text, root)
    if found.flow:
        return _into_flow(text, root, path, found, item, index, as_json=as_json)
    return _into_block(text, root, found, item, index)


def insert_field(text: str, root: Value, path: tuple[str | int, ...], key: str, value: Json) -> str:
    """A new field at the end of the mapping at a path."""
    holder = root.at(*path)
    if holder is None or holder.kind != "mapping" or key in holder.fields:
        raise CannotEdit
    as_json = _is_json(text, root)
    if holder.flow:
        written = flow({key: value}, as_json=as_json)[1:-1]
        last = max((each.end for each in holder.fields.values()), default=0)
        if not holder.fields:
            return text[: holder.start + 1] + written + text[holder.end - 1 :]
        comma = ", " if not as_json or " " in text[holder.start : holder.end] else ","
        return text[:last] + comma + written + text[last:]
    first = next(iter(holder.fields))
    lines = block({key: value}, compact=_is_compact(text, root))
    return _after_line(text, holder.end, lines, _column(text, holder.keys[first][0]))


def remove_item(text: str, root: Value, path: tuple[str | int, ...], index: int) -> str:
    """Without one item of a list; a list that holds nothing more becomes `[]`."""
    found = root.at(*path)
    if found is None or found.kind != "list" or index >= len(found.items):
        raise CannotEdit
    items = found.items
    if len(items) == 1:
        return _emptied(text, root, path, found)
    if found.flow:
        if index:
            return text[: items[index - 1].end] + text[items[index].end :]
        return text[: items[0].start] + text[items[1].start :]
    start = _above(text, _dash_line(text, items[index]))
    if index + 1 < len(items):
        return text[:start] + text[_above(text, _dash_line(text, items[index + 1])) :]
    end = _line_end(text, items[index].end)
    return text[:start] + text[end:]


def replace_scalar(text: str, root: Value, path: tuple[str | int, ...], value: str) -> str:
    """Another text in the place of a scalar."""
    found = root.at(*path)
    if found is None or found.kind != "scalar" or "\n" in text[found.start : found.end]:
        raise CannotEdit
    written = flow(value, as_json=True) if _is_json(text, root) else scalar(value)
    return text[: found.start] + written + text[found.end :]


# ---- lists in brackets ---------------------------------------------------------------------------------------


def _into_flow(
    text: str, root: Value, path: tuple[str | int, ...], found: Value, item: Json, index: int | None, *, as_json: bool
) -> str:
    written = flow(item, as_json=as_json)
    if not found.items:
        holder = root.at(*path[:-1])
        rest = text[found.end : _line_end(text, found.end)].strip()
        if holder is not None and holder.kind == "mapping" and not holder.flow and not rest:
            compact = _is_compact(text, root)
            column = _column(text, holder.keys[str(path[-1])][0]) + (0 if compact else STEP)
            lines = _indented(block([item], compact=compact), column)
            return text[: found.start].rstrip(" ") + "\n" + lines.rstrip("\n") + text[found.end :]
        return text[: found.start + 1] + written + text[found.end - 1 :]
    before = len(found.items) if index is None else min(index, len(found.items))
    spread = _own_line(text, found.items[-1].start)
    compact = as_json and "\n" not in text and ", " not in text[found.start : found.end]
    comma = f",\n{spread}" if spread is not None else "," if compact else ", "
    if before == len(found.items):
        end = found.items[-1].end
        return text[:end] + comma + written + text[end:]
    start = found.items[before].start
    return text[:start] + written + comma + text[start:]


def _own_line(text: str, start: int) -> str | None:
    """What an item is indented by, if it begins its line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return before if "\n" in text[:start] and not before.strip() else None


# ---- lists with dashes ---------------------------------------------------------------------------------------


def _into_block(text: str, root: Value, found: Value, item: Json, index: int | None) -> str:
    column = _column(text, _dash(text, found.items[0]))
    lines = block([item], compact=_is_compact(text, root))
    if index is None or index >= len(found.items):
        return _after_line(text, found.items[-1].end, lines, column)
    start = _above(text, _dash_line(text, found.items[index]))
    return text[:start] + _indented(lines, column) + text[start:]


def _emptied(text: str, root: Value, path: tuple[str | int, ...], found: Value) -> str:
    if found.flow:
        return text[: found.start + 1] + text[found.end - 1 :]
    holder = root.at(*path[:-1])
    key = str(path[-1])
    if holder is None or holder.kind != "mapping":
        raise CannotEdit
    colon = text.index(":", holder.keys[key][1])
    return text[: colon + 1] + " []" + text[found.end :]


def _dash(text: str, item: Value) -> int:
    at = text.rfind("-", 0, item.start if item.start < item.end else item.start + 1)
    if at < 0 or text[at + 1 : item.start].strip():
        raise CannotEdit
    return at


def _dash_line(text: str, item: Value) -> int:
    """Where the line of an item begins; it must hold nothing before its dash."""
    dash = _dash(text, item)
    start = text.rfind("\n", 0, dash) + 1
    if text[start:dash].strip():
        raise CannotEdit
    return start


def _above(text: str, start: int) -> int:
    """Where the comment lines that belong to a line begin: those right above it, indented as it is."""
    indent = len(text[start:]) - len(text[start:].lstrip(" "))
    while start:
        previous = text.rfind("\n", 0, start - 1) + 1
        line = text[previous:start]
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) != indent:
            break
        start = previous
    return start


def _after_line(text: str, end: int, lines: Iterable[str], column: int) -> str:
    """Lines after the one on which something ends."""
    at = _line_end(text, end)
    written = _indented(lines, column)
    if at == len(text) and not text.endswith("\n"):
        return f"{text}\n{written}"
    return text[:at] + written + text[at:]


def _line_end(text: str, end: int) -> int:
    """Where the next line begins."""
    if end and text[end - 1] == "\n":
        return end
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1


def _indented(lines: Iterable[str], column: int) -> str:
    return "".join(f"{' ' * column}{line}\n" for line in lines)


def _column(text: str, index: int) -> int:
    return index - (text.rfind("\n", 0, index) + 1)


def _is_compact(text: str, root: Value) -> bool:
    """Whether the dashes of its lists stand under the keys, as `kubectl` writes them."""
    pending = [root]
    while pending:
        holder = pending.pop()
        for key, value in holder.fields.items():
            if value.kind == "list" and not value.flow and value.items:
                return _column(text, _dash(text, value.items[0])) == _column(text, holder.keys[key][0])
        pending += [*holder.fields.values(), *holder.items]
    return False


def _is_json(text: str, root: Value) -> bool:
    """Whether the document is in JSON: its first key is in quotes, in braces."""
    first = next(iter(root.keys.values()), None)
    return root.flow and first is not None and text[first[0]] == '"'
