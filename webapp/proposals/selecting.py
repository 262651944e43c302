"""The fewest labels that tell pods from all others of their namespace, as a selector that a person would write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from webapp.analysis import Analysis
from webapp.manifests.writing import Json
from webapp.model.endpoint import Endpoint
from webapp.model.labels import Labels, Match, Requirement, Selector

_USUAL = (
    "app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/instance", "name", "app.kubernetes.io/component",
    "component", "role", "tier", "service", "run",
)  # fmt: skip
"""Keys by which people tell their workloads apart, those of most meaning first."""
_UNSTEADY = (
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index", "controller-uid", "job-name", "rollouts-pod-template-hash", "batch.kubernetes.io/",
    "version", "app.kubernetes.io/version", "helm.sh/", "app.kubernetes.io/managed-by", "chart", "heritage", "release",
)  # fmt: skip
"""Keys (or their beginnings) whose values change from one rollout to the next, or that all share."""
_KEY = re.compile(r"(?:[a-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?", re.ASCII)
"""What an API server takes in a selector."""
_MOST_LABELS = 3
_MOST_KEYS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A selector, and whom it selects too although it should not: ids of workloads. ``selects_all``: it is empty."""

    terms: tuple[Requirement, ...]
    also: tuple[str, ...] = ()

    @property
    def selector(self) -> Selector:
        return Selector(self.terms)

    def body(self) -> dict[str, Json]:
        """As it stands in a policy."""
        return selector_body(self.terms)


def selector_body(terms: Iterable[Requirement]) -> dict[str, Json]:
    """Terms as a LabelSelector; equalities as matchLabels."""
    labels: dict[str, Json] = {}
    expressions: list[Json] = []
    for term in terms:
        if term.operator == "In" and len(term.values) == 1:
            labels[term.key] = term.values[0]
        else:
            values: dict[str, Json] = {"values": list(term.values)} if term.values else {}
            expressions.append({"key": term.key, "operator": term.operator, **values})
    body: dict[str, Json] = {}
    if labels:
        body["matchLabels"] = labels
    if expressions:
        body["matchExpressions"] = expressions
    return body


class Namesakes:
    """The pods of each namespace by their labels: all that a selector can see of them."""

    def __init__(self, analysis: Analysis) -> None:
        self._as_node = analysis.assumptions.host_network == "node"
        self._found: dict[str, dict[Labels, set[str]]] = {}
        for identity, members in analysis.members.items():
            for member in members:
                if not (member.host_network and self._as_node):
                    for version in member.versions or (member,):
                        self._found.setdefault(member.namespace, {}).setdefault(version.labels, set()).add(identity)
        self._choices: dict[tuple[str, ...], Choice] = {}

    def choose(self, ids: Sequence[str], pods: Sequence[Endpoint]) -> Choice:
        """The plainest selector of these pods, all of one namespace; exact if labels allow it."""
        key = tuple(sorted(ids))
        if key not in self._choices:
            wanted = {version.labels for pod in pods for version in pod.versions or (pod,)}
            others = {
                labels: owners - set(ids)
                for labels, owners in self._found.get(pods[0].namespace, {}).items()
                if owners - set(ids)
            }
            self._choices[key] = _choose(wanted, others)
        return self._choices[key]

    def matched(self, namespace: str, selector: Selector | None) -> set[str]:
        """The workloads of a namespace that a selector matches, or may match."""
        return {
            owner
            for labels, owners in self._found.get(namespace, {}).items()
            if selector is None or selector.match(labels) is not Match.NO
            for owner in owners
        }


def _choose(wanted: set[Labels], others: Mapping[Labels, set[str]]) -> Choice:
    common = _common(wanted)
    best: Choice | None = None
    for terms in _plain(common):
        choice = Choice(terms, _caught(terms, others))
        if not choice.also:
            return choice
        if best is None or len(choice.also) < len(best.also):
            best = choice
    for terms in _with_expressions(wanted, common, others):
        if all(Selector(terms).match(labels) is Match.YES for labels in wanted):
            choice = Choice(terms, _caught(terms, others))
            if not choice.also:
                return choice
            if best is None or len(choice.also) < len(best.also):
                best = choice
    return best or Choice((), _caught((), others))


def _common(wanted: set[Labels]) -> dict[str, str]:
    """Labels that all of them certainly have, the most telling first."""
    first, *rest = wanted
    shared = {
        key: value
        for key, value in first.known.items()
        if _is_usable(key, value) and all(each.known.get(key) == value for each in rest)
    }
    rank = {key: place for place, key in enumerate(_USUAL)}
    keys = sorted(shared, key=lambda key: (rank.get(key, len(rank)), len(key), key))
    return {key: shared[key] for key in keys[:_MOST_KEYS]}


def _is_usable(key: str, value: str) -> bool:
    """Whether a selector may ask for it, and will still find it after the next rollout."""
    return not key.startswith(_UNSTEADY) and bool(_KEY.fullmatch(key)) and bool(_VALUE.fullmatch(value))


def _plain(common: Mapping[str, str]) -> Iterator[tuple[Requirement, ...]]:
    for count in range(1, _MOST_LABELS + 1):
        for keys in combinations(common, count):
            yield tuple(Requirement(key, "In", (common[key],)) for key in keys)


def _with_expressions(
    wanted: set[Labels], common: Mapping[str, str], others: Mapping[Labels, set[str]]
) -> Iterator[tuple[Requirement, ...]]:
    """One key of which any of several values will do, or a label that others have and these have not."""
    first, *rest = wanted
    keys = [key for key, value in first.known.items() if _is_usable(key, value) and all(key in e.known for e in rest)]
    for key in sorted(keys):
        values = tuple(sorted({each.known[key] for each in wanted}))
        if len(values) > 1:
            yield (Requirement(key, "In", values),)
    foreign = sorted({key for labels in others for key, value in labels.known.items() if _is_usable(key, value)})
    for count in (1, 2, 0):  # with a label of its own it means nothing else that may come
        for keys_of in combinations(common, count):
            base = tuple(Requirement(key, "In", (common[key],)) for key in keys_of)
            caught = [labels for labels in others if Selector(base).match(labels) is not Match.NO]
            for key in foreign:
                if all(key in labels.known for labels in caught):
                    if not any(key in labels.known or key in labels.unknown for labels in wanted):
                        yield (*base, Requirement(key, "DoesNotExist"))
                    values = tuple(sorted({labels.known[key] for labels in caught}))
                    yield (*base, Requirement(key, "NotIn", values))


def _caught(terms: tuple[Requirement, ...], others: Mapping[Labels, set[str]]) -> tuple[str, ...]:
    selector = Selector(terms)
    return tuple(sorted({
        owner for labels, owners in others.items() if selector.match(labels) is not Match.NO for owner in owners
    }))  # fmt: skip
