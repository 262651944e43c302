"""Which kinds of objects matter, and which of their fields are kept: an allow-list, and nothing else is.

A plan is a tree of keys. A mapping in the document keeps the keys that stand in its plan; lists are passed through,
their items have the plan of the list. `LEAF` keeps a value without anything inside, `WHOLE` all that is inside.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from webapp.model.ignore import ANNOTATION


class Everything:
    """A plan that keeps all. `inner` is the plan of what is inside; `marked`: keys keep their places, for problems."""

    __slots__ = ("inner", "marked")

    def __init__(self, *, marked: bool, inner: Everything | None = None) -> None:
        self.inner = inner or self
        self.marked = marked


WHOLE: Final = Everything(marked=False)
INSIDE: Final = Everything(marked=True)
POLICY: Final = Everything(marked=True, inner=INSIDE)
"""The plan of a policy document."""
UNDECIDED: Final = Everything(marked=True, inner=INSIDE)
"""The plan of an object until its kind has been read."""
OBJECTS: Final = Everything(marked=True, inner=UNDECIDED)
"""The plan of the items of a `List`."""
Plan: TypeAlias = "dict[str, Plan] | Everything"
LEAF: Final[dict[str, Plan]] = {}


def _leaves(*names: str) -> dict[str, Plan]:
    return dict.fromkeys(names, LEAF)


_METADATA: dict[str, Plan] = {
    **_leaves("name", "namespace", "generateName"),
    "labels": WHOLE,
    "ownerReferences": _leaves("kind", "name", "controller"),
    "annotations": _leaves(ANNOTATION),
}
_HEAD: dict[str, Plan] = {**_leaves("apiVersion", "kind"), "metadata": _METADATA}
ENVIRONMENT: Final[dict[str, Plan]] = {"value": LEAF}
"""The plan of `env`: no value is kept, only what `mentions` makes of it on the way."""
_PORTS = _leaves("name", "containerPort", "protocol")
_POD_SPEC: dict[str, Plan] = {
    "containers": {**_leaves("name"), "ports": _PORTS, "env": ENVIRONMENT},
    "initContainers": {**_leaves("name", "restartPolicy"), "ports": _PORTS, "env": ENVIRONMENT},
    **_leaves("hostNetwork", "nodeName", "serviceAccountName"),
}
_TEMPLATE: dict[str, Plan] = {"metadata": {"labels": WHOLE}, "spec": _POD_SPEC}
_JOB_SPEC: dict[str, Plan] = {"template": _TEMPLATE, **_leaves("parallelism", "suspend")}
_WORKLOAD_SPEC: dict[str, Plan] = {"template": _TEMPLATE, "ordinals": _leaves("start"), **_leaves("replicas")}


def _object(**parts: Plan) -> dict[str, Plan]:
    return {**_HEAD, **parts}


_POD = _object(spec=_POD_SPEC, status={**_leaves("phase", "podIP"), "podIPs": _leaves("ip")})
_WORKLOAD = _object(spec=_WORKLOAD_SPEC)
_JOB = _object(spec=_JOB_SPEC)
_CRONJOB = _object(spec={"jobTemplate": {"spec": _JOB_SPEC}, **_leaves("suspend")})
_NODE = _object(spec=_leaves("podCIDR", "podCIDRs"), status={"addresses": _leaves("type", "address")})
_SERVICE = _object(
    spec={
        **_leaves("type", "clusterIP", "clusterIPs", "externalName", "externalIPs", "loadBalancerSourceRanges"),
        **_leaves("externalTrafficPolicy", "ipFamilies"),
        "selector": WHOLE,
        "ports": _leaves("name", "protocol", "port", "targetPort", "nodePort"),
    }
)
_TARGET_REF = _leaves("kind", "name", "namespace")
_SLICE = _object(
    endpoints={**_leaves("addresses"), "targetRef": _TARGET_REF, "conditions": _leaves("ready")},
    ports=_leaves("name", "protocol", "port"),
)
_SERVICE_ENDPOINTS = _object(
    subsets={
        "addresses": {**_leaves("ip"), "targetRef": _TARGET_REF},
        "ports": _leaves("name", "protocol", "port"),
    }
)
_INGRESS_BACKEND: dict[str, Plan] = {
    "service": {**_leaves("name"), "port": _leaves("number", "name")},
    "resource": _leaves("kind"),
    **_leaves("serviceName", "servicePort"),
}
_INGRESS = _object(
    metadata={**_METADATA, "annotations": _leaves(ANNOTATION, "kubernetes.io/ingress.class")},
    spec={
        **_leaves("ingressClassName"),
        "defaultBackend": _INGRESS_BACKEND,
        "backend": _INGRESS_BACKEND,
        "rules": {**_leaves("host"), "http": {"paths": {"backend": _INGRESS_BACKEND}}},
    },
)
"""Without tls, which names Secrets."""
_INGRESS_CLASS = _object(
    metadata={**_METADATA, "annotations": _leaves(ANNOTATION, "ingressclass.kubernetes.io/is-default-class")},
    spec=_leaves("controller"),
)
_ROUTE_TARGET = _leaves("kind", "name", "weight")
_ROUTE = _object(
    spec={
        **_leaves("host"),
        "to": _ROUTE_TARGET,
        "alternateBackends": _ROUTE_TARGET,
        "port": _leaves("targetPort"),
    }
)
"""Without tls, which may hold a private key."""
_GATEWAY_ROUTE = _object(
    spec={
        **_leaves("hostnames"),
        "parentRefs": _leaves("group", "kind", "namespace", "name"),
        "rules": {"backendRefs": _leaves("group", "kind", "namespace", "name", "port", "weight")},
    }
)
_ROLLOUT = _object(spec={**_WORKLOAD_SPEC, "workloadRef": _leaves("apiVersion", "kind", "name")})
_VIRTUAL_MACHINE_SPEC: dict[str, Plan] = {"template": _TEMPLATE, **_leaves("running", "runStrategy", "replicas")}

SKIPPED: Final = _leaves("apiVersion", "kind")
"""For kinds that are only counted (Secret and ConfigMap among them)."""
LIST: Final[dict[str, Plan]] = {**_leaves("apiVersion", "kind"), "items": OBJECTS}

_OLD_APPS = ("apps", "extensions")

PLANS: Final[dict[tuple[str, str], dict[str, Plan]]] = {
    ("", "Pod"): _POD,
    ("", "Namespace"): _HEAD,
    ("", "Node"): _NODE,
    ("", "Service"): _SERVICE,
    ("", "Endpoints"): _SERVICE_ENDPOINTS,
    ("discovery.k8s.io", "EndpointSlice"): _SLICE,
    ("", "ReplicationController"): _WORKLOAD,
    **{(group, kind): _WORKLOAD for group in _OLD_APPS for kind in ("Deployment", "ReplicaSet", "DaemonSet")},
    ("apps", "StatefulSet"): _WORKLOAD,
    ("batch", "Job"): _JOB,
    ("batch", "CronJob"): _CRONJOB,
    ("apps.openshift.io", "DeploymentConfig"): _WORKLOAD,
    ("argoproj.io", "Rollout"): _ROLLOUT,
    ("serving.knative.dev", "Service"): _WORKLOAD,
    ("kubevirt.io", "VirtualMachine"): _object(spec=_VIRTUAL_MACHINE_SPEC),
    ("networking.k8s.io", "Ingress"): _INGRESS,
    ("extensions", "Ingress"): _INGRESS,
    ("networking.k8s.io", "IngressClass"): _INGRESS_CLASS,
    ("route.openshift.io", "Route"): _ROUTE,
    ("gateway.networking.k8s.io", "Gateway"): _object(spec=_leaves("gatewayClassName")),
    ("gateway.networking.k8s.io", "GatewayClass"): _object(spec=_leaves("controllerName")),
    **{
        ("gateway.networking.k8s.io", kind): _GATEWAY_ROUTE
        for kind in ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
    },
    ("crd.projectcalico.org", "IPPool"): _object(spec=_leaves("cidr", "disabled")),
    ("projectcalico.org", "IPPool"): _object(spec=_leaves("cidr", "disabled")),
}

_CALICO = (
    "NetworkPolicy", "GlobalNetworkPolicy", "StagedNetworkPolicy", "StagedGlobalNetworkPolicy",
    "StagedKubernetesNetworkPolicy", "NetworkSet", "GlobalNetworkSet", "Tier",
)  # fmt: skip
_ANTREA = ("NetworkPolicy", "ClusterNetworkPolicy", "Tier", "Group", "ClusterGroup")

POLICIES: Final[dict[str, tuple[str, ...]]] = {
    "networking.k8s.io": ("NetworkPolicy",),
    "extensions": ("NetworkPolicy",),
    "policy.networking.k8s.io": ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"),
    "projectcalico.org": _CALICO,
    "crd.projectcalico.org": _CALICO,
    "cilium.io": ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "CiliumCIDRGroup"),
    "crd.antrea.io": _ANTREA,
    "security.antrea.tanzu.vmware.com": _ANTREA,
    "core.antrea.tanzu.vmware.com": _ANTREA,
    "k8s.ovn.org": ("EgressFirewall",),
    "network.openshift.io": ("EgressNetworkPolicy",),
    "k8s.cni.cncf.io": ("MultiNetworkPolicy",),
    "networking.gke.io": ("FQDNNetworkPolicy",),
    "networking.k8s.aws": ("ClusterNetworkPolicy", "ApplicationNetworkPolicy"),
    "vpcresources.k8s.aws": ("SecurityGroupPolicy",),
}
"""Kinds kept whole, with their text: policies, and what policies of the same API refer to."""

CLUSTER_WIDE: Final = frozenset({
    "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy",
    "GlobalNetworkPolicy", "CiliumClusterwideNetworkPolicy",
})  # fmt: skip
"""Kinds of policies that live in no namespace."""

_CORE = frozenset(kind for group, kind in PLANS if not group)
_HOME: dict[str, str] = {
    **{kind: group for group, kind in reversed(PLANS) if group and kind not in _CORE},
    **{kind: group for group in ("policy.networking.k8s.io", "networking.k8s.io") for kind in POLICIES[group]},
}
"""The group in which a kind is found; for objects that do not say it."""
_FOLDED = {kind.casefold(): kind for kind in (*_CORE, *_HOME)}


def group_of(api_version: str, kind: str) -> str:
    """The API group: of what is written, or, if that has none, the one in which the kind is found."""
    group = api_version.rpartition("/")[0]
    return group or ("" if kind in _CORE else _HOME.get(kind, ""))


def version_of(kind: str) -> str:
    """The version of its API that a kind has; for what to write where none is given."""
    return {
        "AdminNetworkPolicy": "v1alpha1",
        "BaselineAdminNetworkPolicy": "v1alpha1",
        "ClusterNetworkPolicy": "v1alpha2",
    }.get(kind, "v1")


def meant(kind: str) -> str | None:
    """The known kind that a kind is, but for upper and lower case."""
    known = _FOLDED.get(kind.casefold())
    return known if known != kind else None


def is_policy(group: str, kind: str) -> bool:
    """Whether it is a network policy, or belongs to one, of an API that is known (evaluated or not)."""
    return kind in POLICIES.get(group, ())


def plan_of(api_version: str, kind: str) -> Plan:
    """What is kept of an object of this kind."""
    group = group_of(api_version, kind)
    if is_policy(group, kind):
        return POLICY
    known = PLANS.get((group, kind))
    if known is not None:
        return known
    return LIST if kind.endswith("List") else SKIPPED
