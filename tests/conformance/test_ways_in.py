"""The corpus about Ingress and Route: what its unlabelled controller reaches is what we say of that controller.

CONVENTIONS.md, P8: the controller is one pod without labels in a namespace that has only its name label. It is given
here as a manifest, and chosen by the switch. Rows of which §5 says that they leave Kubernetes are left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.analysis import Assumptions, SourceFile, analyze
from webapp.insight.entries import ways_in
from webapp.model.ports import NONE, PortSet

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "np-guard"
CONTROLLER = b"""
apiVersion: v1
kind: Namespace
metadata: {name: ingress-controller-ns}
---
apiVersion: v1
kind: Pod
metadata: {name: controller, namespace: ingress-controller-ns}
spec: {containers: [{name: c, image: i}]}
"""
SWITCHES = Assumptions(
    host_network="pod", ipblock_pods="never", undeclared_namespaces="unlabelled",
    ingress_controllers=("ingress-controller-ns",),
)  # fmt: skip
TARGET_PORTS: dict[str, dict[str, Any]] = {
    "k8s_ingress_test_new": {"default/details-v1[Deployment]": {"TCP": "9080"}},
    "onlineboutique_workloads_with_ingress": {},
}
"""Cases (tag `ingress-port-may-be-target-port`) in which an Ingress names a target port, and what is left of their
rows: only Service ports count, so that backend leads nowhere. (Pods are told by their Deployment.)"""
KINDS = {"Ingress", "Route"}


def cases() -> list[Path]:
    """The folders with Ingresses or Routes and an expectation."""
    found = []
    for case in sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []:
        about = json.loads((case / "meta.json").read_text()) if (case / "meta.json").is_file() else {}
        if KINDS & set(about.get("kinds") or {}) and (case / "expected.json").is_file():
            found.append(case)
    return found


def expected(case: Path) -> dict[str, Any]:
    rows = json.loads((case / "expected.json").read_text())
    return {row["dst"]: row["conn"] for row in rows if row["src"] == "{ingress-controller}"}


def found(case: Path) -> tuple[dict[str, Any], set[str]]:
    """What the controller reaches, by the names of the corpus; and the reasons why ways lead nowhere."""
    files = [
        SourceFile(str(path.relative_to(case)), path.read_bytes())
        for path in sorted((case / "manifests").rglob("*"))
        if path.suffix in (".yaml", ".yml", ".json")
    ]
    analysis = analyze([*files, SourceFile("controller.yaml", CONTROLLER)], SWITCHES)
    reached: dict[str, PortSet] = {}
    ways = [way for way in ways_in(analysis).ways if way.through == "controller"]
    for way in ways:
        assert way.unknown is NONE
        if way.allowed is not NONE:
            workload = analysis.workload_by_id[way.workload]
            name = f"{workload.namespace}/{workload.name}[{workload.kind}]"
            reached[name] = reached.get(name, NONE) | way.allowed
    return {name: ports.json() for name, ports in reached.items()}, {way.reason for way in ways if not way.workload}


needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the conformance corpus is not beside the project")


@needs_corpus
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_an_unlabelled_controller_reaches(case: Path) -> None:
    wanted = TARGET_PORTS.get(case.name, expected(case))
    assert found(case) == (wanted, {"names_target_port"} if case.name in TARGET_PORTS else set())


@needs_corpus
def test_the_corpus_has_these_cases() -> None:
    assert len(cases()) >= 9
    assert sum(len(expected(case)) for case in cases()) >= 12
