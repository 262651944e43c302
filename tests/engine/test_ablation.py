"""What is counted for a policy is what an evaluation without it gives, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions
from webapp.analysis import Analysis, evaluate
from webapp.diff import compare
from webapp.engine.versions import between
from webapp.manifests import read
from webapp.manifests.editing import without
from webapp.model.endpoint import Endpoint
from webapp.model.ports import PortSet

Key = tuple[object, ...]


@given(clusters())
@settings(max_examples=settings().max_examples * 2)
def test_a_policy_changes_the_pairs_that_differ_without_it(cluster: RandomCluster) -> None:
    intake, switches = read(write(cluster.manifests)), assumptions(cluster)
    full = evaluate(intake, switches)
    ablation = full.ablation()
    for identity, numbers in full.numbers_of.items():
        rest = evaluate(without(intake, {identity}), switches)
        assert ablation.count(numbers) == len(set(differing(full, rest))), identity
        if same_ends(full, rest):
            assert ablation.count(numbers) == len(compare(rest, full).rows), identity
    everything = [number for numbers in full.numbers_of.values() for number in numbers]
    nothing = evaluate(without(intake, set(full.numbers_of)), switches)
    assert ablation.count(everything) == len(set(differing(full, nothing)))


def differing(full: Analysis, rest: Analysis) -> Iterator[tuple[str, str]]:
    """The pairs of the full input of which some pods have another answer in the rest."""
    owners = {key(pod): name for name, pods in rest.members.items() for pod in pods}
    parts = {part.id: part for part in full.externals}
    for source, destination in product(full.ends.all, full.ends.all):
        if (source.id in parts and destination.id in parts) or (source is destination and not source.plural):
            continue
        external = parts.get(source.id) or parts.get(destination.id)
        answers = set()
        for leaving, entering in product(standing(source.id, full, owners), standing(destination.id, full, owners)):
            if external is None:
                answers.add(rest.ports(leaving, entering))
            else:  # in the rest it may be part of one that has addresses of the other family too
                said = []
                for family, first in {family: first for family, first, _ in external.ranges}.items():
                    part = {external.id: rest.external_at(family, first).id}
                    said.append(in_family(rest, part.get(leaving, leaving), part.get(entering, entering), family))
                answers.add(joined(said))
        if answers != {full.ports(source.id, destination.id)}:
            yield source.id, destination.id


def standing(identity: str, full: Analysis, owners: dict[Key, str]) -> list[str]:
    """What an end of the full input is in the rest: the same pods."""
    return sorted({owners[key(pod)] for pod in full.members[identity]}) if identity in full.members else [identity]


def in_family(analysis: Analysis, source: str, destination: str, family: int) -> tuple[PortSet, PortSet]:
    places = analysis._places
    return between(analysis._columns, analysis._rows, places[source], places[destination], family)[:2]


def joined(answers: list[tuple[PortSet, PortSet]]) -> tuple[PortSet, PortSet]:
    """One family that passes is enough."""
    allowed = reduce(PortSet.__or__, [sure for sure, _ in answers])
    return allowed, reduce(PortSet.__or__, [unknown for _, unknown in answers]) - allowed


def key(pod: Endpoint) -> Key:
    return pod.workload_id, pod.pod_name, pod.source, pod.host_network, pod.ports, pod.addresses


def same_ends(full: Analysis, rest: Analysis) -> bool:
    return [end.id for end in full.ends.all] == [end.id for end in rest.ends.all]
