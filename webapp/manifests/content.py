"""What an object says, apart from where it stands: for objects that are given more than once."""

from __future__ import annotations

from operator import itemgetter

from webapp.manifests.tree import Document, Mapping, Node, Sequence

_KEY = itemgetter(0)


def content_of(node: Node | None) -> str:
    """A text that is equal for equal content and sorts by nothing else; keys that appear twice are part of it."""
    return repr(_plain(node))


def content_order(document: Document) -> tuple[str, str]:
    """An order of documents that only their content decides."""
    return document.title, content_of(document.body)


def _plain(node: Node | None) -> object:
    if node is None:
        return None
    if isinstance(node, Mapping):
        twice = [(key, _plain(value)) for key, _, _, value in node.duplicates]
        return [(key, _plain(value)) for key, value in sorted(node.items(), key=_KEY)], twice
    if isinstance(node, Sequence):
        return [_plain(each) for each in node]
    value = node.resolve()
    return type(value).__name__, repr(value)
