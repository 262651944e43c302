"""Pods that the input does not hold, and of which something can be said all the same: they stand beside the others
and are judged by the same rows. What is not known of them stays unknown."""

from __future__ import annotations

from webapp.analysis import Analysis
from webapp.model.endpoint import Endpoint, NamedPort, Namespace
from webapp.model.labels import Labels

NAME_LABEL = "kubernetes.io/metadata.name"
_KIND = "Absent"
_NOWHERE = "(unknown)"
"""The namespace of a pod of which not even that is known; no namespace can have that name."""
SOME_POD = f"{_NOWHERE}/{_KIND}/pod"
"""The id of a pod of which nothing is known: what holds for it holds for every pod that is not in the input."""
_ANY_DNS = tuple(
    NamedPort(name, protocol, number)
    for protocol, names in (("UDP", ("dns", "dns-udp", "udp-53")), ("TCP", ("dns-tcp", "tcp-53")))
    for name in names
    for number in (53, 5353)
)
"""The names under which distributions put the ports of their DNS, for it may be the pod of which nothing is known."""
CLUSTER_DNS = f"kube-system/{_KIND}/kube-dns"
"""The id of the DNS that most clusters have, where the input does not hold it."""


def some_pod_in(namespace: str) -> str:
    """The id of a pod of which only its namespace is known; there is one for each namespace that publishes."""
    return f"{namespace}/{_KIND}/pod"


def beside(analysis: Analysis) -> Analysis:
    """The analysis with the absent pods: `SOME_POD`, one of each namespace that publishes, `CLUSTER_DNS`, and the
    controllers that were chosen."""
    dns = (NamedPort("dns", "UDP", 53), NamedPort("dns-tcp", "TCP", 53))
    pods = [
        Endpoint(_NOWHERE, _KIND, "pod", Labels({}, open=True), _ANY_DNS),
        Endpoint("kube-system", _KIND, "kube-dns", Labels({"k8s-app": "kube-dns"}, open=True), dns),
    ]
    entries = analysis.inventory.ways_in.entries
    publishing = sorted({ref.namespace for entry in entries for ref in entry.backends})
    pods += [Endpoint(namespace, _KIND, "pod", Labels({}, open=True)) for namespace in publishing]
    for number, text in enumerate(analysis.assumptions.ingress_controllers, 1):
        namespace, _, rest = text.partition("/")
        labels = dict(each.split("=", 1) for each in rest.split(",") if "=" in each)
        pods.append(Endpoint(namespace, _KIND, f"controller-{number}", Labels(labels, open=True)))
    unlabelled = analysis.assumptions.undeclared_namespaces == "unlabelled"
    namespaces = [Namespace(_NOWHERE, Labels({}, open=True), False)]
    namespaces += [
        Namespace(pod.namespace, Labels({NAME_LABEL: pod.namespace}, open=not unlabelled), False) for pod in pods[1:]
    ]
    return analysis.beside(tuple(pods), tuple(namespaces))


def controller_id(text: str, number: int) -> str:
    """The id of a chosen controller that the input does not hold; ``number`` from 1, in the order of the choice."""
    return f"{text.partition('/')[0]}/{_KIND}/controller-{number}"
