"""The kinds that make pods, as data (spec §8.1): where the template is, how many copies, which labels are added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from webapp.model.labels import ANYTHING, PRESENT

NAME: Final = "name of the workload"
"""As the value of a run-time label: the name of the workload itself."""
RunTimeLabels = Mapping[str, "str | tuple[str | None, ...] | None"]
"""Key to `NAME` where the value can be computed, else what `Labels.unknown` says of it."""


@dataclass(frozen=True, slots=True)
class WorkloadKind:
    """How a kind makes pods. Paths lead through mappings of the body.

    `copies` leads to the number of pods (1 if absent). `stops`: path and values that mean that there are none.
    `growing`: there may be more pods than counted. `ordinal`: replicas are numbered, and their labels tell which.
    """

    template: tuple[str, ...] = ("spec", "template")
    copies: tuple[str, ...] = ("spec", "replicas")
    stops: tuple[tuple[tuple[str, ...], str], ...] = ()
    run_time: RunTimeLabels = field(default_factory=dict)
    growing: bool = False
    per_node: bool = False
    ordinal: bool = False


POD_NAME: Final = "statefulset.kubernetes.io/pod-name"
POD_INDEX: Final = "apps.kubernetes.io/pod-index"

_REVISION: RunTimeLabels = {"controller-revision-hash": PRESENT}
_OF_JOB: RunTimeLabels = {
    "controller-uid": PRESENT,
    "batch.kubernetes.io/controller-uid": PRESENT,
    "batch.kubernetes.io/job-completion-index": ANYTHING,
}
_JOB_LABELS: RunTimeLabels = {**_OF_JOB, "job-name": NAME, "batch.kubernetes.io/job-name": NAME}
_CRONJOB_LABELS: RunTimeLabels = {**_OF_JOB, "job-name": PRESENT, "batch.kubernetes.io/job-name": PRESENT}
_KNATIVE = "serving.knative.dev/"
_KNATIVE_LABELS: RunTimeLabels = {
    _KNATIVE + "service": NAME,
    _KNATIVE + "configuration": NAME,
    **dict.fromkeys([_KNATIVE + "revision", _KNATIVE + "revisionUID", _KNATIVE + "serviceUID",
                     _KNATIVE + "configurationUID", _KNATIVE + "configurationGeneration", "app"], PRESENT),
}  # fmt: skip
_VIRTUAL_MACHINE_LABELS: RunTimeLabels = {
    "kubevirt.io": ("virt-launcher",), "vm.kubevirt.io/name": NAME, "kubevirt.io/created-by": PRESENT,
    "kubevirt.io/nodeName": ANYTHING,
}  # fmt: skip

_TEMPLATED = WorkloadKind()
_DEPLOYMENT = WorkloadKind(run_time={"pod-template-hash": PRESENT})
_DAEMONSET = WorkloadKind(
    copies=(), run_time={**_REVISION, "pod-template-generation": ANYTHING}, growing=True, per_node=True
)

KINDS: Final[dict[tuple[str, str], WorkloadKind]] = {
    ("", "Pod"): WorkloadKind(template=(), copies=()),
    ("apps", "Deployment"): _DEPLOYMENT,
    ("extensions", "Deployment"): _DEPLOYMENT,
    ("apps", "ReplicaSet"): _TEMPLATED,
    ("extensions", "ReplicaSet"): _TEMPLATED,
    ("", "ReplicationController"): _TEMPLATED,
    ("apps", "StatefulSet"): WorkloadKind(run_time=_REVISION, ordinal=True),
    ("apps", "DaemonSet"): _DAEMONSET,
    ("extensions", "DaemonSet"): _DAEMONSET,
    ("batch", "Job"): WorkloadKind(
        copies=("spec", "parallelism"), stops=((("spec", "suspend"), "true"),), run_time=_JOB_LABELS
    ),
    ("batch", "CronJob"): WorkloadKind(
        template=("spec", "jobTemplate", "spec", "template"),
        copies=("spec", "jobTemplate", "spec", "parallelism"),
        stops=((("spec", "suspend"), "true"), (("spec", "jobTemplate", "spec", "suspend"), "true")),
        run_time=_CRONJOB_LABELS,
    ),
    ("apps.openshift.io", "DeploymentConfig"): WorkloadKind(run_time={"deployment": PRESENT, "deploymentconfig": NAME}),
    ("argoproj.io", "Rollout"): WorkloadKind(run_time={"rollouts-pod-template-hash": PRESENT}),
    ("serving.knative.dev", "Service"): WorkloadKind(copies=(), run_time=_KNATIVE_LABELS, growing=True),
    ("kubevirt.io", "VirtualMachine"): WorkloadKind(
        copies=(),
        stops=((("spec", "running"), "false"), (("spec", "runStrategy"), "Halted")),
        run_time=_VIRTUAL_MACHINE_LABELS,
    ),
}
