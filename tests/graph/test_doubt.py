"""A workload that only a policy which is not understood may select is unknown, not open: manifests to picture."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from webapp.analysis import SourceFile, analyze
from webapp.graph.drawing import draw
from webapp.graph.elements import Scene, SceneNode
from webapp.graph.layout import lay_out
from webapp.graph.scene import build_scene

POD = "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {space}, labels: {{app: {name}}}}}}}"
SET_ASIDE = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bad, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{form: []}]}"""
NOT_EVALUATED = """apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: bad, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: web}}}"""
DENY_ALL = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}}"""


ADMIN = """apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: no-web}
spec:
  priority: 5
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  ingress: [{name: none, action: Deny, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]"""


def scene_of(*documents: str, pods: int = 1) -> Scene:
    """A web pod that the documents may select, and others that nothing selects."""
    known = [POD.format(name="web", space="shop")]
    known += [POD.format(name=f"free-{number}", space="other") for number in range(pods)]
    return build_scene(analyze([SourceFile("all.yaml", "\n---\n".join([*known, *documents]).encode())]))


def node_of(scene: Scene, identity: str) -> SceneNode:
    return next(node for node in scene.nodes if node.id == identity)


@pytest.mark.parametrize("policy", [SET_ASIDE, NOT_EVALUATED])
def test_it_is_not_said_to_be_open(policy: str) -> None:
    scene = scene_of(policy)
    web, free = node_of(scene, "shop/Pod/web"), node_of(scene, "other/Pod/free-0")
    assert web.doubtful
    assert not web.open
    assert "unknown" in web.lines[0]
    assert not any("open" in text for text in (*web.lines, *web.badges))
    assert free.open
    assert not free.doubtful
    assert not any("all can reach" in note for note in scene.notes)


def test_each_direction_by_itself() -> None:
    web = node_of(scene_of(SET_ASIDE), "shop/Pod/web")
    assert (web.ingress, web.egress) == ("unknown", "open")
    assert web.lines == ("Pod · ingress unknown",)
    both = node_of(scene_of(SET_ASIDE, DENY_ALL), "shop/Pod/web")
    assert (both.ingress, both.egress) == ("isolated", "open")


def test_the_picture_says_so() -> None:
    scene = scene_of(NOT_EVALUATED)
    markup = draw(scene, lay_out(scene), legend=True)
    groups = {g.get("data-node"): g for g in ElementTree.fromstring(markup).iter("{http://www.w3.org/2000/svg}g")}
    web = groups["shop/Pod/web"]
    assert (web.get("class") or "").split() == ["node", "workload", "doubtful"]
    assert "unknown whether a policy isolates it" in (web.get("aria-label") or "")
    assert (groups["other/Pod/free-0"].get("class") or "").split()[:3] == ["node", "workload", "open"]
    assert "unknown whether a policy isolates it</text>" in markup


def test_a_folded_namespace_counts_them() -> None:
    scene = scene_of(NOT_EVALUATED, pods=160)
    assert scene.level == "namespaces"
    assert node_of(scene, "shop/*").lines[0] == "1 workload · unknown"
    assert node_of(scene, "shop/*").doubtful
    assert node_of(scene, "other/*").lines[0] == "160 workloads · open"
    assert not [line for line in scene.lines if line.look == "open"]


def test_what_another_tier_limits_is_not_open_either() -> None:
    web = node_of(scene_of(ADMIN), "shop/Pod/web")
    assert (web.ingress, web.egress, web.open, web.doubtful) == ("limited", "open", False, False)
    assert web.lines == ("Pod · ingress limited",)
