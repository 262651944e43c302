"""A published workload that is blocked, and one that is open to the Internet unpublished, are seen at once."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from webapp.analysis import Analysis, SourceFile, analyze
from webapp.graph.drawing import draw
from webapp.graph.layout import lay_out
from webapp.graph.marks import counted, kind_of, marks_of, role_of
from webapp.graph.scene import build_scene

POD = """apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {space}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: c, ports: [{{containerPort: 8080}}]}}]}}"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {space}}}
spec: {{type: {type}, selector: {{app: {app}}}, ports: [{{port: {port}, targetPort: 8080}}]}}"""
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [Ingress], ingress: [{rule}]}}"""
FROM_ALL = "{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 8080}]}"


def analysis_of(*documents: str) -> Analysis:
    return analyze([SourceFile("all.yaml", "\n---\n".join(documents).encode())])


def shut() -> str:
    return POD.format(name="shut", space="shop")


def published(app: str, *, kind: str = "NodePort", name: str = "") -> str:
    return SERVICE.format(name=name or app, space="shop", type=kind, app=app, port=80)


def badges(analysis: Analysis) -> dict[str, tuple[str, ...]]:
    return {node.id: node.badges for node in build_scene(analysis).nodes if node.type == "workload"}


def test_a_published_workload_that_nobody_reaches() -> None:
    found = badges(analysis_of(shut(), published("shut"), POLICY.format(name="shut", rule="")))
    assert "published, blocked" in found["shop/Pod/shut"]


def test_not_so_where_policies_let_it_in() -> None:
    found = badges(analysis_of(shut(), published("shut"), POLICY.format(name="shut", rule=FROM_ALL)))
    assert found["shop/Pod/shut"] == ()


def test_not_so_where_nothing_publishes_it() -> None:
    found = badges(analysis_of(shut(), published("shut", kind="ClusterIP"), POLICY.format(name="shut", rule="")))
    assert found["shop/Pod/shut"] == ()


def test_one_of_two_ways_is_blocked() -> None:
    other = SERVICE.format(name="other", space="shop", type="NodePort", app="shut", port=81).replace("8080", "9090")
    found = badges(analysis_of(shut(), published("shut"), other, POLICY.format(name="shut", rule=FROM_ALL)))
    assert found["shop/Pod/shut"] == ("way in blocked",)


@pytest.mark.parametrize("policy", ["", POLICY.format(name="bare", rule=FROM_ALL)])
def test_open_to_the_internet_and_not_published(policy: str) -> None:
    bare = POD.format(name="bare", space="shop")
    found = badges(analysis_of(bare, shut(), POLICY.format(name="shut", rule=""), *filter(None, [policy])))
    assert found == {"shop/Pod/bare": ("open to Internet",), "shop/Pod/shut": ()}


def test_no_badge_says_of_all_what_a_note_says_once() -> None:
    scene = build_scene(analysis_of(shut(), POD.format(name="bare", space="shop")))
    assert {node.badges for node in scene.nodes if node.type == "workload"} == {()}
    assert any("No policy isolates any workload" in note for note in scene.notes)


def test_folded_namespaces_count_them_and_unfolded_cards_have_them() -> None:
    pods = [POD.format(name=f"free-{n}", space="other") for n in range(160)]
    analysis = analysis_of(*pods, shut(), published("shut"), POLICY.format(name="shut", rule=""))
    nodes = {node.id: node for node in build_scene(analysis).nodes}
    assert "1 published, blocked" in nodes["shop/*"].badges
    assert "160 open to Internet" in nodes["other/*"].badges
    unfolded = {node.id: node for node in build_scene(analysis, expand=["shop"]).nodes}
    assert "published, blocked" in unfolded["shop/Pod/shut"].badges


def test_the_picture_and_its_legend_say_it_in_words() -> None:
    bare = POD.format(name="bare", space="shop")
    scene = build_scene(analysis_of(bare, shut(), published("shut"), POLICY.format(name="shut", rule="")))
    root = ElementTree.fromstring(draw(scene, lay_out(scene), legend=True, interactive=False))
    groups = {g.get("data-node"): g for g in root.iter("{http://www.w3.org/2000/svg}g")}
    assert "shut" in (groups["shop/Pod/shut"].get("class") or "").split()
    assert "published, but policies let nothing in" in (groups["shop/Pod/shut"].get("aria-label") or "")
    assert "nothing publishes it" in (groups["shop/Pod/bare"].get("aria-label") or "")
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"published, blocked", "open to Internet"} <= set(texts)
    assert any(text.startswith("published, blocked: ") for text in texts)


def test_marks_are_read_once_and_counted() -> None:
    analysis = analysis_of(shut(), published("shut"), POLICY.format(name="shut", rule=""))
    assert marks_of(analysis) is marks_of(analysis)
    assert counted(marks_of(analysis), ["shop/Pod/shut", "shop/Pod/nobody"]) == ("1 published, blocked",)
    assert [kind_of(text) for text in ("1,200 open to Internet", "no DNS", "host network", "a no DNS", "? to 5")] == [
        "bare", "mute", "", "", "",
    ]  # fmt: skip
    assert role_of("way in blocked") == "blocked"
