"""What must not be kept is gone before anything else sees it: from trees, texts, problems and names."""

from __future__ import annotations

import pytest

from tests.manifests.reading import inventory, read_text
from webapp.manifests.tree import Intake, Mapping, Node, Scalar, Sequence

CANARY = "s3cr3t-canary"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
POD = f"""\
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {{note: {CANARY}, {LAST_APPLIED}: '{CANARY}'}}
  labels: {{app: a}}
  managedFields: [{{manager: {CANARY}}}]
spec:
  serviceAccountName: reader
  containers:
  - name: c
    image: {CANARY}
    args: [--password={CANARY}]
    env: [{{name: PASSWORD, value: {CANARY}}}]
    ports: [{{containerPort: 80, name: http, hostIP: {CANARY}}}]
  volumes: [{{name: {CANARY}}}]
status:
  podIP: 10.0.0.1
  message: {CANARY}
"""
POLICY = f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: np
  annotations:
    keep: this
    {LAST_APPLIED}: |
      {{"password": "{CANARY}",
       "more": 1}}
    after: that
  managedFields:
  - manager: kubectl
spec:
  podSelector: {{}}
"""
SECRETS = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: s}}
data: {{password: {CANARY}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {CANARY}}}
"""


def words(intake: Intake) -> str:
    """Everything that an intake holds, as one text."""
    found: list[str] = [str(problem) for problem in intake.problems] + [text.text for text in intake.texts.values()]
    pending: list[Node] = [document.body for document in intake.documents]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            found.append(node.text)
        elif isinstance(node, Sequence):
            pending += node
        else:
            found += node
            pending += [*node.values(), *(each[3] for each in node.duplicates)]
    found += [str(document.facts) + document.name for document in intake.documents]
    return "\n".join(found) + str(intake.counts)


def kind_last(text: str) -> str:
    """The same object with its kind at the end, so that all of it is read before the kind is known."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[2:] + lines[:2])


@pytest.mark.parametrize(
    "text", [POD, SECRETS, POLICY, POD + f"spec: {{x: {CANARY}}}\n", f"kind: Pod\nsecret: {CANARY}\n"]
)
@pytest.mark.parametrize(
    "write", [str, kind_last, lambda text: "x: &a 1\n" + text, lambda text: text + f"---\n- {CANARY}\n"]
)
def test_no_canary_is_left(text: str, write: object) -> None:
    intake = read_text(write(text))  # type: ignore[operator]
    assert CANARY not in words(intake)


def test_no_canary_is_left_in_lists() -> None:
    items = "".join("- " + part.strip().replace("\n", "\n  ") + "\n" for part in (POD, *SECRETS.split("---\n"), POLICY))
    for text in (f"kind: List\napiVersion: v1\nitems:\n{items}", f"items:\n{items}kind: List\napiVersion: v1\n"):
        intake = read_text(text)
        assert [document.kind for document in intake.documents] == ["Pod", "NetworkPolicy"]
        assert CANARY not in words(intake)


def test_pods_keep_what_policies_need() -> None:
    (pod,) = inventory(POD)[0].endpoints
    assert pod.labels.known == {"app": "a"}
    assert [(port.name, port.number) for port in pod.ports] == [("http", 80)]
    assert pod.addresses == ("10.0.0.1",)


def test_text_of_a_policy_loses_the_copy_and_keeps_its_lines() -> None:
    intake = read_text(POLICY)
    text = intake.texts["x.yaml", 1].text
    kept = [
        line for line in POLICY.splitlines() if LAST_APPLIED not in line and CANARY not in line and "more" not in line
    ]
    lines = text.splitlines()
    assert [line for line in lines if line in kept] == kept
    assert len(lines) == len(POLICY.splitlines())
    (again,) = read_text(text).documents
    assert again.name == "np"
    metadata = intake.documents[0].body["metadata"]
    assert isinstance(metadata, Mapping)
    assert list(metadata) == ["name", "annotations"]
    assert list(metadata["annotations"]) == ["keep", "after"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "group", ["crd.projectcalico.org/v1", "projectcalico.org/v3", "cilium.io/v2", "policy.networking.k8s.io/v1alpha2"]
)
def test_policies_of_other_apis_are_kept_with_their_text(group: str) -> None:
    kind = {"cilium.io/v2": "CiliumNetworkPolicy", "policy.networking.k8s.io/v1alpha2": "ClusterNetworkPolicy"}
    head = f"apiVersion: {group}\nkind: {kind.get(group, 'GlobalNetworkPolicy')}\n"
    text = head + "metadata: {name: a}\nspec: {deep: {x: 1}}\n"
    intake = read_text(text)
    assert intake.texts["x.yaml", 1].text == text
    assert "deep" in intake.documents[0].body["spec"]  # type: ignore[operator]


@pytest.mark.parametrize("kind", ["Pod", "Namespace", "Service", "Deployment", "Ingress"])
def test_the_one_annotation_for_the_lint_is_kept_apart_and_no_other(kind: str) -> None:
    text = (
        f"apiVersion: {'apps/v1' if kind == 'Deployment' else 'networking.k8s.io/v1' if kind == 'Ingress' else 'v1'}\n"
        f"kind: {kind}\nmetadata:\n  name: a\n  namespace: n\n  annotations:\n    note: {CANARY}\n"
        f"    netpolmap/ignore: no_default_deny -- because\n    netpolmap/ignored: {CANARY}\n"
    )
    intake = read_text(text)
    assert CANARY not in repr(intake)
    assert [(each.kind, each.name, each.text, each.source.line) for each in intake.ignores] == [
        (kind, "a", "no_default_deny -- because", 8)
    ]
    (document,) = intake.documents
    assert "annotations" not in repr(document.body["metadata"]), "two copies that differ in it say the same"
