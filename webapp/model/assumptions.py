"""The switches for what the specs leave to implementations; every answer carries them (contract, `assumptions`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How to read what Kubernetes leaves open.

    ``host_network``: ``node`` (hostNetwork pods are traffic of their node) or ``pod``.
    ``ipblock_pods``: ``address`` (an ipBlock matches a pod by its address) or ``never``.
    ``pod_cidrs``: where pods without a known address live; empty takes them from Nodes and IP pools.
    ``undeclared_namespaces``: ``unknown`` or ``unlabelled`` (only the name label).
    ``ignore_dialects``: kinds whose policies are left out although they are not evaluated.
    ``ingress_controllers``: who carries the traffic of Ingresses and routes, as ``NAMESPACE``, ``NAMESPACE/NAME`` or
    ``NAMESPACE/key=value,…``; empty guesses.
    """

    host_network: str = "node"
    ipblock_pods: str = "address"
    pod_cidrs: tuple[str, ...] = ()
    undeclared_namespaces: str = "unknown"
    ignore_dialects: tuple[str, ...] = ()
    ingress_controllers: tuple[str, ...] = ()

    def json(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "host_network": self.host_network,
            "ipblock_pods": self.ipblock_pods,
            "pod_cidrs": list(self.pod_cidrs),
            "undeclared_namespaces": self.undeclared_namespaces,
        }
        if self.ignore_dialects:
            answer["ignore_dialects"] = sorted(self.ignore_dialects)
        if self.ingress_controllers:
            answer["ingress_controllers"] = sorted(self.ingress_controllers)
        return answer


DEFAULT_ASSUMPTIONS = Assumptions()
