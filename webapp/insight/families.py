"""Ingress controllers that are known by what they put on their pods and write into their classes: data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NAME_KEYS: Final = ("app.kubernetes.io/name", "app", "k8s-app")
"""The labels under which a program stands with its name."""
GATEWAY_NAME: Final = "gateway.networking.k8s.io/gateway-name"
"""On pods that a controller made for a Gateway."""
ANY: Final = "*"
_COMPONENT: Final = "app.kubernetes.io/component"
_HELPERS: Final = frozenset({"admission-webhook", "default-backend", "defaultbackend", "webhook", "certgen"})
"""Components beside a controller that carry no traffic."""


@dataclass(frozen=True, slots=True)
class Family:
    """``controllers``: how the `controller` of its classes begins; ``classes``: names by which its class usually goes;
    ``names``: what stands under one of `NAME_KEYS`; ``labels``: other marks, `ANY` for every value. ``outside``: its
    traffic comes from addresses, not from pods. ``routes``: it serves OpenShift's Routes."""

    name: str
    controllers: tuple[str, ...]
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: tuple[Mapping[str, str], ...] = ()
    outside: bool = False
    routes: bool = False

    def marks(self, labels: Mapping[str, str]) -> bool:
        """Whether these are the labels of pods that carry its traffic."""
        if labels.get(_COMPONENT) in _HELPERS:
            return False
        return any(labels.get(key) in self.names for key in NAME_KEYS) or any(
            all(key in labels and value in (ANY, labels[key]) for key, value in wanted.items())
            for wanted in self.labels
        )


FAMILIES: Final = (
    Family("ingress-nginx", ("k8s.io/ingress-nginx",), ("nginx",), ("ingress-nginx", "nginx-ingress-microk8s")),
    Family("nginx", ("nginx.org/", "gateway.nginx.org/"), ("nginx",),
           ("nginx-ingress", "nginx-ingress-controller", "nginx-gateway", "nginx-gateway-fabric")),
    Family("traefik", ("traefik.io/",), ("traefik",), ("traefik",)),
    Family("haproxy", ("haproxy-ingress.github.io/", "haproxy.org/"), ("haproxy",),
           ("haproxy-ingress", "haproxy-ingress-controller", "kubernetes-ingress")),
    Family("kong", ("ingress-controllers.konghq.com/", "konghq.com/"), ("kong",),
           ("kong", "ingress-kong", "proxy-kong")),
    Family("contour", ("projectcontour.io/",), ("contour",), ("envoy",),
           ({"app.kubernetes.io/name": "contour", _COMPONENT: "envoy"},)),
    Family("istio", ("istio.io/",), ("istio",), ("istio-ingressgateway", "istio-ingress"),
           ({"istio": "ingressgateway"}, {"istio": "ingress"})),
    Family("envoy-gateway", ("gateway.envoyproxy.io/",), ("envoy", "eg"), (),
           ({"app.kubernetes.io/managed-by": "envoy-gateway"},)),
    Family("openshift-router", ("openshift.io/",), ("openshift-default",), ("router-default",),
           ({"ingresscontroller.operator.openshift.io/deployment-ingresscontroller": ANY}, {"router": ANY}),
           routes=True),
    Family("cloud", ("ingress.k8s.aws/", "gateway.k8s.aws/", "networking.gke.io/", "k8s.io/ingress-gce",
                     "azure/application-gateway", "azure.alb.io/", "alb.networking.azure.io/", "io.cilium/"),
           ("alb", "gce", "gce-internal", "azure-application-gateway", "azure/application-gateway", "cilium"),
           outside=True),
)  # fmt: skip
