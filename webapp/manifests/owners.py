"""Who made a pod: the chain of controller references, followed upward while the owner can be known (spec §8.2)."""

from __future__ import annotations

from collections.abc import Mapping as AbcMapping

from webapp.manifests.fields import all_at, value_at
from webapp.manifests.kinds import group_of
from webapp.manifests.tree import Document, Mapping, Sequence
from webapp.manifests.workload_kinds import KINDS

WorkloadKey = tuple[str, str, str]
"""Namespace, kind, name."""

_HASHED = (("pod-template-hash", "Deployment"), ("rollouts-pod-template-hash", "Rollout"))
"""Labels whose value ends the name of a ReplicaSet, and the kind that made it."""
_FOLLOWED = frozenset(kind for _, kind in KINDS) - {"Pod", "Service"}
_SAME_NAME = {"VirtualMachineInstance": "VirtualMachine"}


def is_workload(document: Document) -> bool:
    """Whether it is a pod or makes pods."""
    return (group_of(document.api_version, document.kind), document.kind) in KINDS


def controller_of(document: Document) -> tuple[str, str] | None:
    """Kind and name of the owner marked `controller: true`. A node is no owner: a static pod stands alone."""
    metadata = document.body.get("metadata")
    if not document.has_duplicates and not (isinstance(metadata, Mapping) and "ownerReferences" in metadata):
        return None
    for references in all_at(document.body, "metadata", "ownerReferences"):
        for reference in references if isinstance(references, Sequence) else ():
            if value_at(reference, "controller") is True:
                kind, name = value_at(reference, "kind"), value_at(reference, "name")
                if isinstance(kind, str) and name is not None and kind != "Node":
                    return kind, str(name)
    return None


class Owners:
    """The controllers of the input, by namespace, kind and name."""

    def __init__(self, controllers: AbcMapping[WorkloadKey, Document]) -> None:
        self._controllers = controllers
        self._namespaces = {namespace for namespace, _, _ in controllers}

    def are_in(self, namespace: str) -> bool:
        """Whether there are any in a namespace. If not, who made a pod is what the pod itself tells."""
        return namespace in self._namespaces

    def top(self, namespace: str, kind: str, name: str, labels: AbcMapping[str, str]) -> tuple[str, str]:
        """Kind and name of the top owner, beginning with a pod's own one. `labels` are those of the pod."""
        passed: list[tuple[str, str]] = []
        while True:
            document = self._controllers.get((namespace, kind, name))
            above = controller_of(document) if document is not None else self._inferred(namespace, kind, name, labels)
            if above is None or above[0] not in _FOLLOWED:
                return kind, name
            passed.append((kind, name))
            if above in passed:
                return min(passed)
            kind, name = above

    def _inferred(self, namespace: str, kind: str, name: str, labels: AbcMapping[str, str]) -> tuple[str, str] | None:
        """The owner of something that is not in the input, from what its pods tell."""
        if kind == "ReplicaSet":
            for label, owner in _HASHED:
                ending = labels.get(label)
                if ending and name.endswith(f"-{ending}") and len(name) > len(ending) + 1:
                    return owner, name[: -len(ending) - 1]
        elif kind == "ReplicationController":
            config = labels.get("deploymentconfig", "")
            if config and name.startswith(f"{config}-"):
                return "DeploymentConfig", config
        elif kind in _SAME_NAME and (namespace, _SAME_NAME[kind], name) in self._controllers:
            return _SAME_NAME[kind], name
        return None
