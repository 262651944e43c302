"""Objects that are given more than once with different content: all pairs, variants and `why` agree about them."""

from __future__ import annotations

from tests.corner_cases.world import deployment, documents, namespace, np, pod
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.explain.verdict import ask, verdict_document

OWNER = (
    "labels: {%s, pod-template-hash: h1}, "
    "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-h1, controller: true}]}"
)
HTTP = "{name: http, containerPort: %d}"


def given(*objects: str) -> Analysis:
    return analyze([SourceFile("x.yaml", documents([namespace("x"), *objects]).encode())])


def replica(name: str, labels: str, ip: str) -> str:
    """A pod of the Deployment x/web."""
    return pod(f"x/{name}", ip=ip).replace("labels: {}}", OWNER % labels)


def pairs(analysis: Analysis) -> dict[tuple[str, str], tuple[object, object]]:
    """(allowed, unknown) of each listed pair."""
    allowed = {(row.source, row.destination): row.ports.json() for row in analysis.connections()}
    unknown = {(row.source, row.destination): row.ports.json() for row in analysis.unknowns()}
    return {pair: (allowed.get(pair), unknown.get(pair)) for pair in {*allowed, *unknown}}


def test_all_pairs_are_the_single_questions() -> None:
    analysis = given(
        pod("x/a", "pod: a", ip="10.0.0.1"), pod("x/a", "pod: b", ip="10.0.0.2", ports=HTTP % 80),
        deployment("x/web", "pod: b", replicas=2, ports=HTTP % 80), deployment("x/web", "pod: c", ports=HTTP % 8080),
        pod("x/six", "pod: d", ip="fd00::1"), pod("x/six", "pod: d", ip="10.0.0.3"), pod("x/z", "pod: z"),
        np("ingress: [{ports: [{port: http}, {port: 1, endPort: 100}]}]", subject="b"),
        np("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/30}}]}]", types="Egress", subject="z", name="out"),
    )  # fmt: skip
    listed = pairs(analysis)
    names = [*(w.id for w in analysis.workloads), *(part.id for part in analysis.externals)]
    for source in names:
        for destination in names:
            outside = len({source, destination} & set(analysis.workload_by_id)) == 0
            alone = source == destination and not outside and not analysis.workload_by_id[source].reaches_itself
            if outside or alone:
                assert (source, destination) not in listed
                continue
            one = tuple(None if ports.is_empty else ports.json() for ports in analysis.ports(source, destination))
            assert listed.get((source, destination), (None, None)) == one, (source, destination)
            trace = analysis.decide(source, destination)
            assert (trace.ports, trace.unknown_ports) == analysis.ports(source, destination)
    reasons = {(row.source, row.destination): row.reasons for row in analysis.unknowns()}
    assert reasons["x/Pod/z", "x/Deployment/web"] == ("address_unknown", "duplicate_object")
    assert reasons["x/Pod/z", "x/Pod/six"] == ("duplicate_object",)
    assert {reason for found in reasons.values() for reason in found} == {"address_unknown", "duplicate_object"}


def test_what_no_policy_tells_apart_is_one() -> None:
    analysis = given(pod("x/a", "pod: a", ip="10.0.0.1"), pod("x/a", "pod: b", ip="10.0.0.2"), pod("x/b"))
    assert [(w.id, w.pods, w.labels, w.addresses) for w in analysis.workloads] == [
        ("x/Pod/a", 1, {}, ("10.0.0.1", "10.0.0.2")), ("x/Pod/b", 1, {}, ()),
    ]  # fmt: skip
    assert not list(analysis.unknowns())
    assert [problem.code for problem in analysis.problems] == ["no_policies", "duplicate_object"]


def test_a_replica_that_contradicts_itself_is_a_variant_of_its_own() -> None:
    replicas = [replica("one", "pod: a", "10.0.0.1"), replica("two", "pod: a", "10.0.0.2")]
    analysis = given(*replicas, replica("two", "pod: b", "10.0.0.2"), replica("three", "pod: b", "10.0.0.3"), np())
    variants = {w.labels.get("pod", "?"): w for w in analysis.workloads}
    assert {label: (w.owner_id, w.pods, w.isolated_ingress) for label, w in variants.items()} == {
        "a": ("x/Deployment/web", 1, True), "b": ("x/Deployment/web", 1, False), "?": ("x/Deployment/web", 1, False),
    }  # fmt: skip
    verdicts = {}
    for label, workload in variants.items():
        allowed, unknown = analysis.ports("internet", workload.id)
        verdicts[label] = (allowed.is_empty, unknown.is_empty)
    assert verdicts == {"a": (True, True), "b": (False, True), "?": (True, False)}
    alike = given(*replicas, replica("two", "pod: b", "10.0.0.2"))
    assert [(w.id, w.pods) for w in alike.workloads] == [("x/Deployment/web", 2)]


def test_why_names_the_contradiction_where_each_end_agrees_but_not_on_a_port() -> None:
    analysis = given(
        pod("x/a", "pod: a", ports=HTTP % 80), pod("x/a", "pod: a", ports=HTTP % 8080), pod("x/b"),
        np("ingress: [{ports: [{port: http}]}]"),
    )  # fmt: skip
    document = verdict_document(analysis, ask(analysis, "x/b", "x/a"))
    assert (document["verdict"], document["ports"], document["unknown_ports"]) == ("unknown", {}, {"TCP": "80,8080"})
    for end in ("egress", "ingress"):
        side = document[end]
        assert isinstance(side, dict)
        assert side["steps"][-1]["reason"] == "duplicate_object"
    single = verdict_document(analysis, ask(analysis, "x/b", "x/a:80"))
    assert isinstance(single["egress"], dict)
    assert isinstance(single["ingress"], dict)
    assert (single["egress"]["verdict"], single["ingress"]["verdict"]) == ("allowed", "unknown")
