"""Changes of one policy, to be made in a book."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.manifests import splicing
from webapp.manifests.outline import Value
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.writing import Json
from webapp.model.policy import Policy
from webapp.proposals.book import Book, Splice
from webapp.proposals.fix import Act

Path = tuple[str | int, ...]


def changing(policy: Policy, splice: Splice) -> Act:
    return lambda book: book.change(policy, splice)


def add_policy(body: Mapping[str, Json], comment: str) -> Act:
    """A new policy; its name is made a free one."""

    def act(book: Book) -> None:
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        namespace = str(metadata.get("namespace", ""))
        name = book.free_name(str(body["kind"]), namespace, str(metadata["name"]))
        book.add({**body, "metadata": {**metadata, "name": name}}, comment)

    return act


def remove_policy(policy: Policy) -> Act:
    return lambda book: book.remove(policy)


def insert(policy: Policy, path: Path, item: Json, index: int | None = None) -> Act:
    """An item into a list, which is made if it is not there."""
    return changing(policy, lambda text, root: splicing.insert_item(text, root, path, item, index))


def insert_field(policy: Policy, path: Path, key: str, value: Json) -> Act:
    return changing(policy, lambda text, root: splicing.insert_field(text, root, path, key, value))


def remove(policy: Policy, path: Path, index: int) -> Act:
    return changing(policy, lambda text, root: splicing.remove_item(text, root, path, index))


def replace(policy: Policy, path: Path, old: str, new: str) -> Act:
    """Another text in the place of a scalar, which must be what it was taken for."""

    def splice(text: str, root: Value) -> str:
        found = root.at(*path)
        if found is None or found.text != old:
            raise CannotEdit
        return splicing.replace_scalar(text, root, path, new)

    return changing(policy, splice)
