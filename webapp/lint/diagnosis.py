"""Why a selector matches no pod: a slip, a namespace that is not meant, a dash too many. Each is told by one rule only.

Nothing is said where the input need not hold the pods: no namespace of that name, or no pod at all in the namespaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.covers import Compiled, Grant
from webapp.engine.spelling import is_slip
from webapp.insight.absent import NAME_LABEL
from webapp.lint.wording import peers_key
from webapp.model.labels import Labels, Match, Requirement, Selector
from webapp.model.miss import Path
from webapp.model.policy import Peer, Policy, Rule

NAME_KEYS = frozenset({"name", "namespace", "ns"})
"""Labels of namespaces that people take for the one that Kubernetes sets."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A term of a selector that a label one slip away would fit: ``meant_key``: ``meant_value``."""

    term: Requirement
    meant_key: str
    meant_value: str
    on_namespace: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``code``: of the rule that tells it. ``rule`` None: it is about whom the policy selects. ``path``: the field.
    ``pods``: columns that matter to it: where the pods are that may be meant."""

    code: str
    policy: Policy
    path: Path
    rule: Rule | None = None
    peer: Peer | None = None
    slip: Slip | None = None
    pods: int = 0
    on_hosts: bool = False


class Diagnostician:
    """Judges the selectors of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._coverage = analysis.coverage
        self._labels: dict[str, list[Labels]] = {}
        self._hosts: dict[str, list[Labels]] = {}
        for workload in analysis.workloads:
            into = self._hosts if workload.host_network else self._labels
            into.setdefault(workload.namespace, []).append(Labels(workload.labels))

    def all(self, policies: Iterable[Compiled]) -> Iterator[Diagnosis]:
        """Of the subjects and the peers of these NetworkPolicies."""
        for compiled in policies:
            subject = self._subject(compiled)
            if subject is not None:
                yield subject
            for grants in compiled.grants.values():
                for grant in grants:
                    yield from self._peers(compiled, grant)

    def _subject(self, compiled: Compiled) -> Diagnosis | None:
        policy = compiled.policy
        selector, home = policy.subject.pods, policy.namespace
        if compiled.possible or selector is None:
            return None
        path: Path = ("spec", "podSelector")
        if not self._labels.get(home) and not self._hosts.get(home):
            return None
        slip = slip_of(selector, self._labels.get(home, ()))
        if slip is not None:
            return Diagnosis("misspelt_label", policy, (*path, slip.term.key), slip=slip)
        return Diagnosis("policy_selects_nothing", policy, path, on_hosts=self._fits_host(selector, (home,)))

    def _peers(self, compiled: Compiled, grant: Grant) -> Iterator[Diagnosis]:
        for index, peer in enumerate(grant.rule.peers or ()):
            if peer.block is None and peer.nodes is None and peer.domain is None:
                found = self._peer(compiled.policy, grant.rule, index)
                if found is not None:
                    yield found

    def _peer(self, policy: Policy, rule: Rule, index: int) -> Diagnosis | None:
        assert rule.peers is not None
        peer = rule.peers[index]
        if any(self._coverage.peer(policy.namespace, peer)[1]):
            return None
        path: Path = ("spec", str(rule.direction), rule.index, peers_key(rule.direction), index)
        if peer.namespaces is None:
            return self._of_own_namespace(policy, rule, index, path)
        homes = [
            name for name, each in self._analysis.namespaces.items()
            if peer.namespaces.match(each.labels) is not Match.NO
        ]  # fmt: skip
        if not homes:
            return self._of_no_namespace(policy, rule, peer, path)
        unseen = not peer.namespaces.requirements
        if unseen or not any(self._labels.get(home) or self._hosts.get(home) for home in homes):
            return None
        return self._of_no_pod(policy, rule, peer, path, homes)

    def _of_no_namespace(self, policy: Policy, rule: Rule, peer: Peer, path: Path) -> Diagnosis | None:
        assert peer.namespaces is not None
        path = (*path, "namespaceSelector")
        terms, namespaces = peer.namespaces.requirements, self._analysis.namespaces
        if not terms or any(not each.labels.certain for each in namespaces.values()):
            return None
        used = {key for each in namespaces.values() for key in each.labels.known}
        for term in terms:
            named = [value for value in term.values if value in namespaces]
            if term.operator == "In" and term.key in NAME_KEYS - used and named:
                slip = Slip(term, NAME_LABEL, named[0], on_namespace=True)
                return Diagnosis("namespace_name_label", policy, (*path, term.key), rule, peer, slip)
        slip_found = slip_of(peer.namespaces, [each.labels for each in namespaces.values()], on_namespace=True)
        if slip_found is not None:
            return Diagnosis("misspelt_label", policy, (*path, slip_found.term.key), rule, peer, slip_found)
        if any(term.key == NAME_LABEL for term in terms):
            return None  # a namespace that the input does not hold
        return Diagnosis("peer_selects_nothing", policy, path, rule, peer)

    def _of_own_namespace(self, policy: Policy, rule: Rule, index: int, path: Path) -> Diagnosis | None:
        assert rule.peers is not None
        peer, home = rule.peers[index], policy.namespace
        if not self._labels.get(home) and not self._hosts.get(home):
            return None
        elsewhere = self._coverage.with_labels(peer.pods)[0]
        beside = self._namespaces_beside(rule.peers, index)
        if beside is not None:
            inside = self._coverage.in_namespaces(beside.namespaces)[1]
            if elsewhere & inside or not inside:
                return Diagnosis("and_or_lookalike", policy, path, rule, peer, pods=elsewhere & inside)
        found = self._of_no_pod(policy, rule, peer, path, (home,))
        if found.code == "peer_selects_nothing" and elsewhere and not found.on_hosts:
            return Diagnosis("pod_selector_elsewhere", policy, (*path, "podSelector"), rule, peer, pods=elsewhere)
        return found

    @staticmethod
    def _namespaces_beside(peers: Sequence[Peer], index: int) -> Peer | None:
        """The peer before it, or else after it, that is a namespaceSelector alone."""
        for number in (index - 1, index + 1):
            if 0 <= number < len(peers):
                peer = peers[number]
                if peer.namespaces is not None and peer.namespaces.requirements and peer.pods is None:
                    return peer
        return None

    def _of_no_pod(self, policy: Policy, rule: Rule, peer: Peer, path: Path, homes: Sequence[str]) -> Diagnosis:
        path = (*path, "podSelector")
        around = [labels for home in homes for labels in self._labels.get(home, ())]
        slip = slip_of(peer.pods, around) if peer.pods is not None else None
        if slip is not None:
            return Diagnosis("misspelt_label", policy, (*path, slip.term.key), rule, peer, slip)
        on_hosts = self._fits_host(peer.pods, homes)
        return Diagnosis("peer_selects_nothing", policy, path, rule, peer, on_hosts=on_hosts)

    def _fits_host(self, selector: Selector | None, homes: Sequence[str]) -> bool:
        """Whether it would match pods that are out of its reach, for they are on a node's network."""
        around = (labels for home in homes for labels in self._hosts.get(home, ()))
        return any(selector is None or selector.match(labels) is Match.YES for labels in around)


def slip_of(selector: Selector, around: Iterable[Labels], *, on_namespace: bool = False) -> Slip | None:
    """The one term that keeps a selector from matching some of these labels, if it is but a slip away."""
    found = set()
    for labels in around:
        failing = [term for term in selector.requirements if not term.holds(labels.known.get(term.key))]
        if len(failing) != 1 or failing[0].operator != "In":
            continue
        term, have = failing[0], labels.known.get(failing[0].key)
        if have is not None and any(is_slip(value, have) for value in term.values):
            found.add((term, term.key, have))
        elif have is None:
            for key, value in labels.known.items():
                if value in term.values and is_slip(term.key, key):
                    found.add((term, key, value))
    return Slip(*min(found), on_namespace) if found else None
