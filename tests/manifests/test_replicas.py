"""Replicas are evaluated by one of them; nothing that can be asked may show it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.analysis import Analysis, evaluate
from webapp.manifests import Intake, SourceFile, read
from webapp.manifests.editing import edited, joined, without
from webapp.manifests.replicas import Gathering, gather
from webapp.model.assumptions import Assumptions

Body = dict[str, Any]
POD_NAME = "statefulset.kubernetes.io/pod-name"


def _pod(name: str, owner: str = "ReplicaSet/web-1", address: str = "10.0.0.1", **more: Any) -> Body:
    kind, _, owner_name = owner.partition("/")
    references = [{"kind": kind, "name": owner_name, "controller": True}] if owner else []
    labels = more.pop("labels", {"app": "web", "pod-template-hash": "1"})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels, "ownerReferences": references},
        "spec": {"containers": [{"ports": more.pop("ports", [])}], **more},
        "status": {"podIPs": [{"ip": each} for each in address.split()], "phase": "Running"},
    }


def _policy(name: str, selector: Body, *cidrs: str) -> Body:
    ingress = [{"from": [{"ipBlock": {"cidr": cidr}}], "ports": [{"port": "http"}]} for cidr in cidrs]
    spec = {"podSelector": selector, "ingress": ingress}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}


def _read(bodies: Sequence[Body], name: str = "f.yaml") -> Intake:
    return read([SourceFile(name, "\n---\n".join(map(json.dumps, bodies)).encode())])


def _one_by_one(intake: Intake) -> Intake:
    return replace(intake, gathering=Gathering((), intake.documents))


def _all_of(analysis: Analysis) -> object:
    inventory = replace(analysis.inventory, stretches=())
    answers = list(analysis.connections()), list(analysis.unknowns())
    return inventory, analysis.workloads, analysis.members, analysis.problems, answers


def _same(intake: Intake, assumptions: Assumptions = Assumptions()) -> bool:  # noqa: B008
    return _all_of(evaluate(intake, assumptions)) == _all_of(evaluate(_one_by_one(intake), assumptions))


_FIRST = [_pod(f"first-{byte}", "Aaa/first", f"10.0.{byte}.9") for byte in (0, 1)]
"""The first pod of a vicinity is looked at, whatever it is: these leave others to be told by it."""
_WEB, _DB = {"app": "web", "pod-template-hash": "1"}, {"app": "db"}
_KINDS = (("ReplicaSet/web-1", _WEB), ("ReplicaSet/web-2", {**_WEB, "pod-template-hash": "2"}), ("StatefulSet/db", _DB))


@st.composite
def _workloads(draw: st.DrawFn) -> list[Body]:
    """Pods of a few owners; some are odd."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        owner, labels = draw(st.sampled_from(_KINDS))
        for _ in range(draw(st.integers(1, 4))):
            name = f"{number}-{draw(st.integers(0, 5))}"
            own = {POD_NAME: f"db-{name[-1]}"} if labels is _DB else {}
            odd = draw(st.integers(0, 9))
            pod = _pod(
                name,
                "Node/n" if odd == 1 else "" if odd == 2 else owner,
                draw(st.sampled_from(("10.0.1.2 fd00::1", "fd00::1", "fd01::1", "") if odd == 3 else _ADDRESSES)),
                labels={**labels, "app": "odd"} if odd == 4 else {**labels, **own},
                ports=[{"containerPort": 81 if odd == 5 else 80, "name": "http"}],
                hostNetwork=odd == 6,
                nodeName=draw(st.sampled_from(("n1", "n2"))),
            )
            pod["status"]["phase"] = "Succeeded" if odd == 7 else "Running"
            found.append(pod)
    return _FIRST + draw(st.permutations(found))


_ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.0.200", "10.0.1.1")
_POLICIES = st.lists(
    st.builds(
        _policy,
        st.sampled_from("xyz"),
        st.sampled_from(({}, {"matchLabels": {"app": "db"}}, {"matchLabels": {POD_NAME: "db-1"}})),
        st.sampled_from(("10.0.0.0/24", "10.0.0.1/32", "10.0.0.128/25", "fd00::/64")),
    ),
    max_size=3,
)
_OWNERS = st.lists(
    st.sampled_from((
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-1"}},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {
            "name": "web-1", "ownerReferences": [{"kind": "Rollout", "name": "r", "controller": True}]}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}},
    )),
    max_size=2,
)  # fmt: skip


@given(_workloads(), _POLICIES, _OWNERS, st.sampled_from(("pod", "node")))
def test_nothing_shows_that_replicas_are_taken_together(
    pods: list[Body], policies: list[Body], owners: list[Body], host_network: str
) -> None:
    intake = _read([*pods, *policies, *owners])
    assert _same(intake, replace(Assumptions(), host_network=host_network))


@given(_workloads(), _workloads(), _POLICIES)
def test_nor_in_readings_that_are_joined_and_edited(one: list[Body], other: list[Body], policies: list[Body]) -> None:
    both = joined([_read([*one, *policies], "a.yaml"), _read(other, "b.yaml")])
    assert _same(both)
    assert _same(without(both, {"NetworkPolicy/default/x"}))
    changed = "\n---\n".join(map(json.dumps, [*policies[:1], *other[:3]]))
    assert _same(edited(both, {"b.yaml": changed}))


def test_pods_of_one_owner_are_one_group_though_their_names_and_nodes_differ() -> None:
    labels = [{"app": "db", POD_NAME: name} for name in ("db-0", "db-1", "db-2")]
    pods = [
        _pod(each[POD_NAME], "StatefulSet/db", f"10.0.{number}.1", labels=each, nodeName=f"n{number}")
        for number, each in enumerate(labels)
    ]
    ((group,), others) = gather(_read([*pods[::-1], _policy("x", {})]).documents)
    assert [endpoint.pod_name for endpoint in group.endpoints] == ["db-0", "db-1", "db-2"]
    assert group.replicas.vicinities == ("10.0.0", "10.0.1", "10.0.2")
    assert group.replicas.varying == {POD_NAME}
    assert [document.kind for document in others] == ["NetworkPolicy"]


def test_what_is_given_twice_is_no_replica() -> None:
    pods = [_pod("a"), _pod("b"), _pod("a", address="10.0.0.2")]
    ((group,), others) = gather(_read(pods).documents)
    assert [endpoint.pod_name for endpoint in group.endpoints] == ["b"]
    assert [document.name for document in others] == ["a", "a"]


def test_replicas_that_policies_tell_apart_become_variants() -> None:
    labels = [{"app": "db", POD_NAME: name} for name in ("db-0", "db-1")]
    pods = [_pod(each[POD_NAME], "StatefulSet/db", labels=each) for each in labels]
    policy = _policy("x", {"matchLabels": {POD_NAME: "db-1"}})
    analysis = evaluate(_read([*_FIRST, *pods, policy]))
    assert [(each.id, each.isolated_ingress) for each in analysis.workloads if each.name == "db"] == [
        ("default/StatefulSet/db#1", False),
        ("default/StatefulSet/db#2", True),
    ]
