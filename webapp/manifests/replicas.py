"""Pods that are replicas of each other, taken together when they have been read: a cluster has four of each, or forty,
and evaluating it, again for every change, looks at one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from webapp.manifests.digest import OF_ONE_POD, Owner
from webapp.manifests.owners import WorkloadKey
from webapp.manifests.tree import Document
from webapp.model.addresses import Vicinity, vicinity_of
from webapp.model.endpoint import Endpoint, Replicas


class Group(NamedTuple):
    """Replicas, by name; none of them is given twice. `key`: what they belong to, if their owner is what it seems (see
    `PodFacts`). `first`: the document of the first."""

    key: WorkloadKey
    owner: Owner
    first: Document
    endpoints: list[Endpoint]
    replicas: Replicas


class Gathering(NamedTuple):
    """The documents of a reading: `groups` of replicas, and all `others`."""

    groups: tuple[Group, ...]
    others: tuple[Document, ...]


def gather(documents: Sequence[Document]) -> Gathering:
    """Find the replicas among documents."""
    again = _given_again(documents)
    groups: dict[int, list[Document]] = {}
    others: list[Document] = []
    for document in documents:
        number = document.facts.replica if document.facts is not None else None
        if number is None or (again and _key(document) in again):
            others.append(document)
        else:
            groups.setdefault(number, []).append(document)
    known: dict[Vicinity, Vicinity] = {}
    return Gathering(tuple([_group(group, known) for group in groups.values()]), tuple(others))


def _given_again(documents: Iterable[Document]) -> frozenset[tuple[str, str]]:
    """The pods that are given more than once."""
    keys = [_key(document) for document in documents if document.kind == "Pod"]
    if len(set(keys)) == len(keys):
        return frozenset()
    return frozenset(key for key, times in Counter(keys).items() if times > 1)


def _key(document: Document) -> tuple[str, str]:
    return document.namespace or "default", document.name


def _group(documents: list[Document], known: dict[Vicinity, Vicinity]) -> Group:
    documents.sort(key=_name_of)
    first = documents[0]
    facts = [each.facts for each in documents if each.facts is not None]
    endpoint, owner = facts[0].endpoint, facts[0].owner
    endpoints = [each.endpoint for each in facts]
    vicinities = tuple(dict.fromkeys([known.setdefault(each, each) for each in map(_vicinity, endpoints)]))
    varying = OF_ONE_POD & endpoint.labels.known.keys()
    assert owner is not None  # only such pods are numbered
    replicas = Replicas(len(facts), endpoint.namespace, endpoint.labels, endpoint.ports, vicinities, varying)
    return Group(endpoint[:3], owner, first, endpoints, replicas)


def _vicinity(endpoint: Endpoint) -> Vicinity:
    return vicinity_of(endpoint.addresses)


def _name_of(document: Document) -> str:
    return document.name
