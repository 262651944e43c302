"""The engine against the naive oracle on random odd clusters: the same verdict for every packet.

Each cluster is asked about every ordered pair, pods with pods and pods with addresses, on the ports where an answer
can change; then all pairs at once against single questions, and the same objects in another order and form.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write, write_otherwise
from tests.oracle import ALLOWED, BLOCKED, UNKNOWN, Match, Oracle, Pod
from tests.oracle.addresses import Address, representatives
from tests.oracle.policies import EGRESS, INGRESS, PROTOCOLS
from webapp.analysis import Analysis, Assumptions, analyze
from webapp.explain.verdict import ask, verdict_document
from webapp.export.connections import connections_document

Question = tuple[str, int]
"""A protocol and a port."""

CLUSTERS = max(600, settings().max_examples)
"""At least; the profile `hunt` tries more. About one in ten that hypothesis makes is there twice."""


@given(clusters())
@settings(max_examples=CLUSTERS)
def test_every_packet_has_the_verdict_of_the_oracle(cluster: RandomCluster) -> None:
    oracle = Oracle(cluster.manifests, cluster.switches)
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    dice = random.Random(cluster.seed)
    questions = list(boundary_questions(oracle))
    standing = standing_pods(oracle, analysis)
    assert {pod.workload for pod in oracle.pods} == {workload.owner_id for workload in analysis.workloads}
    check_isolation(oracle, analysis, standing)
    check_variants(oracle, standing, dice.sample(questions, min(8, len(questions))))
    check_partition(oracle, analysis)
    for source, source_id in standing.items():
        for destination, destination_id in standing.items():
            if source is destination and not analysis.workload_by_id[source_id].reaches_itself:
                continue
            compare(oracle, analysis, (source, destination), (source_id, destination_id), questions)
        for part in analysis.externals:
            few = dice.sample(questions, min(12, len(questions)))
            addresses = addresses_in(part.ranges, oracle)
            compare_part(oracle, analysis, source, source_id, part.id, addresses, few)


@given(clusters())
@settings(max_examples=CLUSTERS // 2)
def test_all_pairs_are_the_single_questions_in_any_order(cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    dice = random.Random(cluster.seed)
    allowed = {(row.source, row.destination): row.ports for row in analysis.connections()}
    unknown = {(row.source, row.destination): row.ports for row in analysis.unknowns()}
    for pair in listed_pairs(analysis):
        one_allowed, one_unknown = analysis.ports(*pair)
        assert allowed.pop(pair, None) == (None if one_allowed.is_empty else one_allowed), pair
        assert unknown.pop(pair, None) == (None if one_unknown.is_empty else one_unknown), pair
        protocol, port = dice.choice(PROTOCOLS), dice.choice((53, 80, 81, 8080))
        trace = analysis.decide(*pair, protocol, port)
        assert str(trace.verdict) == verdict_in(one_allowed, one_unknown, protocol, port), (pair, protocol, port)
    assert not allowed
    assert not unknown
    again = analyze(write_otherwise(cluster.manifests, cluster.seed), assumptions(cluster))
    assert without_problems(again) == without_problems(analysis)
    assert reported(again) == reported(analysis)


@given(clusters())
@settings(max_examples=CLUSTERS // 4)
def test_an_address_is_asked_for_as_it_stands(cluster: RandomCluster) -> None:
    """`why` between a pod and single addresses, which a part of the address space may hold together with others."""
    oracle = Oracle(cluster.manifests, cluster.switches)
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    dice = random.Random(cluster.seed)
    standing = standing_pods(oracle, analysis)
    addresses = [address for family in (4, 6) for address in representatives(oracle.blocks, family)]
    for pod, identity in dice.sample(sorted(standing.items(), key=lambda item: item[1]), min(3, len(standing))):
        for address in dice.sample(addresses, min(6, len(addresses))):
            protocol, port = dice.choice(PROTOCOLS), dice.choice((53, 80, 8080))
            host = f"[{address}]" if address.version == 6 else str(address)
            ends: list[tuple[Pod | Address, Pod | Address, str, str]] = [
                (pod, address, identity, f"{host}:{port}/{protocol}"),
                (address, pod, str(address), f"{identity}:{port}/{protocol}"),
            ]
            for source, destination, from_text, to_text in ends:
                ours = verdict_document(analysis, ask(analysis, from_text, to_text))["verdict"]
                expected = oracle.decide(source, destination, protocol, port)
                if ours == UNKNOWN and pod.others:
                    continue
                assert ours == expected, f"{from_text} -> {to_text}: engine {ours}, oracle {expected}"


@given(clusters())
@settings(max_examples=CLUSTERS // 4)
def test_why_says_what_the_pair_says(cluster: RandomCluster) -> None:
    """The document of `why`: its verdict is that of the pair, its sides make the verdict, and its steps make a side."""
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    pairs = list(listed_pairs(analysis))
    dice = random.Random(cluster.seed)
    for source, destination in dice.sample(pairs, min(8, len(pairs))):
        protocol, port = dice.choice(PROTOCOLS), dice.choice((53, 80, 8080))
        allowed, unknown = analysis.ports(source, destination)
        whole = ALLOWED if not allowed.is_empty else BLOCKED if unknown.is_empty else UNKNOWN
        assert verdict_document(analysis, ask(analysis, source, destination))["verdict"] == whole
        host = f"[{destination}]" if ":" in destination and "/" not in destination else destination
        document: dict[str, Any] = verdict_document(analysis, ask(analysis, source, f"{host}:{port}/{protocol}"))
        sides = {document[side]["verdict"] for side in ("egress", "ingress")}
        worst = BLOCKED if BLOCKED in sides else UNKNOWN if UNKNOWN in sides else ALLOWED
        assert document["verdict"] == worst == verdict_in(allowed, unknown, protocol, port)
        for side in ("egress", "ingress"):
            check_ladder(document[side], f"{source} -> {destination} {protocol}/{port}, {side}")


# ---------------------------------------------------------------- comparing


def compare(
    oracle: Oracle, analysis: Analysis, ends: tuple[Pod, Pod], ids: tuple[str, str], questions: list[Question]
) -> None:
    allowed, unknown = analysis.ports(*ids)
    for protocol, port in questions:
        ours = verdict_in(allowed, unknown, protocol, port)
        expected = oracle.decide(*ends, protocol, port, same_instance=False)
        if ours == UNKNOWN and (ends[0].others or ends[1].others):
            continue  # an object that is given twice: more may be UNKNOWN than differs, nothing may be wrong
        assert ours == expected, f"{ids[0]} -> {ids[1]} {protocol}/{port}: engine {ours}, oracle {expected}"


def compare_part(
    oracle: Oracle,
    analysis: Analysis,
    pod: Pod,
    identity: str,
    part: str,
    addresses: list[Address],
    questions: list[Question],
) -> None:
    """A part of the address space against each of its sampled addresses. A part of both families is allowed what one
    of them is; addresses of one family must agree, or the part holds what policies tell apart."""
    for outward in (True, False):
        allowed, unknown = analysis.ports(*((identity, part) if outward else (part, identity)))
        for protocol, port in questions:
            verdicts: dict[int, set[str]] = {4: set(), 6: set()}
            for address in addresses:
                source, destination = (pod, address) if outward else (address, pod)
                verdicts[address.version].add(oracle.decide(source, destination, protocol, port))
            asked = f"{identity} {'to' if outward else 'from'} {part} {protocol}/{port}"
            assert all(len(same_family) <= 1 for same_family in verdicts.values()), f"{asked}: one part, {verdicts}"
            seen = set().union(*verdicts.values())
            expected = ALLOWED if ALLOWED in seen else UNKNOWN if UNKNOWN in seen else BLOCKED
            ours = verdict_in(allowed, unknown, protocol, port)
            if ours == UNKNOWN and pod.others:
                continue
            assert ours == expected, f"{asked}: engine {ours}, oracle {expected}"


RUNGS = ("Admin", "NetworkPolicy", "Baseline", "default")
OPEN_ENDS = {"default_allows", "same_pod", "host_network", "not_a_pod", "not_isolated"}
DOUBTS = {
    "undeclared_namespace_labels", "labels_unknown", "address_unknown", "policy_set_aside", "dialect_not_evaluated",
    "ambiguous_priority", "domain_name", "node_unknown", "duplicate_object",
}  # fmt: skip


def check_ladder(side: dict[str, Any], asked: str) -> None:
    """The steps stand in the order of tiers, and whoever reads them from the top comes to the verdict; where a step
    is in doubt, or about one address family only, to either verdict or to none."""
    steps = side["steps"]
    places = [RUNGS.index(step["tier"]) for step in steps]
    assert places == sorted(places), f"{asked}: {steps}"
    doubts = {step["reason"] for step in steps} & DOUBTS
    if side["verdict"] == UNKNOWN:
        assert doubts, f"{asked}: unknown without a doubt: {steps}"
    if not doubts and not any(step.get("family") for step in steps):
        assert read_ladder(steps) == side["verdict"], f"{asked}: {side['verdict']}, {steps}"


def read_ladder(steps: list[dict[str, Any]]) -> str:
    for step in steps:
        in_order = step["tier"] in ("Admin", "Baseline")
        if step["reason"] == "rule_allows":
            return ALLOWED
        if step["reason"] in ("rule_denies", "no_common_family") or (
            step["reason"] == "no_rule_matches" and not in_order
        ):
            return BLOCKED
        assert step["reason"] in OPEN_ENDS | {"rule_passes", "no_rule_matches"}, step
    return ALLOWED


def verdict_in(allowed: Any, unknown: Any, protocol: str, port: int) -> str:
    is_allowed, is_unknown = allowed.contains(protocol, port), unknown.contains(protocol, port)
    assert not (is_allowed and is_unknown)
    return ALLOWED if is_allowed else UNKNOWN if is_unknown else BLOCKED


def standing_pods(oracle: Oracle, analysis: Analysis) -> dict[Pod, str]:
    """Each pod of the oracle with the id of a workload that stands for it.

    Which pods a variant holds is not in the answer, only the first of them (its source) and their number. So: a
    workload without variants stands for all its pods; a variant for its first, and for every pod of the same owner
    that the oracle cannot tell from that one.
    """
    by_owner: dict[str, list[Pod]] = {}
    for pod in oracle.pods:
        by_owner.setdefault(pod.workload, []).append(pod)
    answer: dict[Pod, str] = {}
    for owner, pods in by_owner.items():
        variants = [workload for workload in analysis.workloads if workload.owner_id == owner]
        assert sum(v.pods for v in variants) == sum(pod.pods for pod in pods), owner
        if len(variants) == 1:
            answer.update(dict.fromkeys(pods, variants[0].id))
            continue
        documents = {workload.source.document - 1: workload.id for workload in variants if workload.source}
        assert len(documents) == len(variants)
        answer.update({pod: documents[pod.number] for pod in pods if pod.number in documents})
    return answer


def check_isolation(oracle: Oracle, analysis: Analysis, standing: dict[Pod, str]) -> None:
    """``isolated`` is true where a policy certainly applies."""
    for pod, identity in standing.items():
        workload = analysis.workload_by_id[identity]
        if not pod.others:
            assert workload.isolated_ingress == (oracle.is_isolated(pod, INGRESS) is Match.YES), identity
            assert workload.isolated_egress == (oracle.is_isolated(pod, EGRESS) is Match.YES), identity


def check_variants(oracle: Oracle, standing: dict[Pod, str], questions: list[Question]) -> None:
    """A pod that is the first of no variant has the verdicts of one that is: nothing was folded that differs."""

    def verdicts(pod: Pod) -> list[str]:
        ends = [(pod, other) for other in standing] + [(other, pod) for other in standing]
        return [oracle.decide(*pair, *question, same_instance=False) for pair in ends for question in questions]

    for pod in oracle.pods:
        if pod not in standing and not pod.others:
            alike = [verdicts(first) for first in standing if first.workload == pod.workload]
            assert verdicts(pod) in alike, f"{pod} is like no variant of its workload"


def check_partition(oracle: Oracle, analysis: Analysis) -> None:
    """Each address is in one part."""
    for family in (4, 6):
        spans = [(first, last) for part in analysis.externals for f, first, last in part.ranges if f == family]
        for address in representatives(oracle.blocks, family):
            assert sum(first <= int(address) <= last for first, last in spans) == 1, address


def addresses_in(ranges: Any, oracle: Oracle) -> list[Address]:
    found = []
    for family, first, last in ranges:
        everywhere = representatives(oracle.blocks, family)
        found += [address for address in everywhere if first <= int(address) <= last]
    assert found
    return found


def boundary_questions(oracle: Oracle) -> Iterator[Question]:
    """For each protocol the ports at which some answer may change, and their neighbours."""
    bounds = {number for pod in oracle.pods for _, _, number in pod.named_ports}
    for policy in oracle.policies:
        for rules in policy.rules.values():
            bounds |= {bound for rule in rules for item in rule.ports for bound in (item.first, item.last)}
    near = {number + step for number in bounds for step in (-1, 0, 1)}
    for number in sorted(n for n in near | {1, 443, 65535} if 1 <= n <= 65535):
        for protocol in PROTOCOLS:
            yield protocol, number


def listed_pairs(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Every ordered pair that an answer may hold: never external to external, one pod to itself, or twice."""
    workloads = [workload.id for workload in analysis.workloads]
    parts = [part.id for part in analysis.externals]
    for source in workloads:
        for destination in workloads:
            if source != destination or analysis.workload_by_id[source].reaches_itself:
                yield source, destination
        for part in parts:
            yield source, part
            yield part, source


def assumptions(cluster: RandomCluster) -> Assumptions:
    switches = cluster.switches
    return Assumptions(
        switches.host_network,
        switches.ipblock_pods,
        switches.pod_cidrs,
        switches.undeclared_namespaces,
        switches.ignore_dialects,
    )


def reported(analysis: Analysis) -> list[tuple[str, ...]]:
    """All problems but for their places, which messages may name, too."""
    return sorted((p.severity, p.code, p.object, p.path) for p in analysis.problems)


def without_problems(analysis: Analysis) -> str:
    document = connections_document(analysis)
    del document["problems"]
    return json.dumps(document, sort_keys=True)
