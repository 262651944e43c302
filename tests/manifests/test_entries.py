"""Ingress, Gateway API, Route, Services: what is read of them, what is a problem, and what is not kept."""

# ruff: noqa: E501  (one row of a table, one entry: wrapped lines read worse)

from __future__ import annotations

import pytest

from tests.insight.cluster import custom, ingress, service
from tests.manifests.reading import read_text
from webapp.manifests import inventory_of
from webapp.model.endpoint import Inventory
from webapp.model.entry import BackendRef, Entry
from webapp.model.problem import Problem

GATEWAY = "gateway.networking.k8s.io/v1"


def inventory(text: str) -> tuple[Inventory, tuple[Problem, ...]]:
    found, problems = inventory_of(read_text(text).documents)
    return found, tuple(problem for problem in problems if problem.code != "undeclared_namespace")


def entry(text: str) -> Entry:
    found, problems = inventory(text)
    assert problems == ()
    (only,) = found.ways_in.entries
    return only


def leads(found: Entry) -> list[tuple[str, str, int | str | None]]:
    return [(each.namespace, each.service, each.port) for each in found.backends]


def test_an_ingress() -> None:
    text = ingress(
        "n/i", "a:80 b:http a:80", "ingressClassName: nginx, defaultBackend: {service: {name: d, port: {number: 9}}}"
    )
    found = entry(text)
    assert leads(found) == [("n", "d", 9), ("n", "a", 80), ("n", "b", "http")]
    assert (found.class_name, found.hosts, found.gateways) == ("nginx", ("shop.example.com",), ())
    assert found.backends[1].source is not None
    assert found.backends[1].source.line == 4


@pytest.mark.parametrize("version", ["extensions/v1beta1", "networking.k8s.io/v1beta1"])
def test_an_ingress_of_a_beta(version: str) -> None:
    spec = "backend: {serviceName: d, servicePort: 9}, rules: [{http: {paths: [{backend: {serviceName: a, servicePort: web}}]}}]"
    meta = ", annotations: {kubernetes.io/ingress.class: traefik}"
    found = entry(custom(version, "Ingress", "n/i", spec, meta))
    assert (leads(found), found.class_name) == ([("n", "d", 9), ("n", "a", "web")], "traefik")


@pytest.mark.parametrize(
    ("kind", "protocol"),
    [("HTTPRoute", "TCP"), ("GRPCRoute", "TCP"), ("TCPRoute", "TCP"), ("TLSRoute", "TCP"), ("UDPRoute", "UDP")],
)
def test_routes_of_the_gateway_api(kind: str, protocol: str) -> None:
    spec = (
        "parentRefs: [{name: g, namespace: infra}, {name: own}, {kind: Service, name: mesh}], rules: [{backendRefs: "
        "[{name: a, port: 80}, {name: b, namespace: o, port: 81}, {name: off, port: 1, weight: 0}, "
        "{kind: Bucket, group: x.io, name: c}]}]"
    )
    found = entry(custom(GATEWAY, kind, "n/r", spec))
    assert leads(found) == [("n", "a", 80), ("o", "b", 81)]
    assert (found.gateways, found.protocol) == ((("infra", "g"), ("n", "own")), protocol)


def test_a_route_of_openshift() -> None:
    spec = (
        "host: h.example.com, to: {kind: Service, name: a}, port: {targetPort: 8080}, alternateBackends: "
        "[{kind: Service, name: b, weight: 1}, {kind: Service, name: off, weight: 0}]"
    )
    found = entry(custom("route.openshift.io/v1", "Route", "n/r", spec))
    assert leads(found) == [("n", "a", 8080), ("n", "b", 8080)]
    assert all(each.by_target for each in found.backends)
    named = entry(custom("route.openshift.io/v1", "Route", "n/r", spec.replace("8080", "http")))
    assert named.backends[0] == BackendRef("n", "a", "http", False, named.backends[0].source)


def test_classes_and_gateways() -> None:
    marked = ", annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}"
    found, problems = inventory("---\n".join([
        custom("networking.k8s.io/v1", "IngressClass", "nginx", "controller: k8s.io/ingress-nginx", marked),
        custom(GATEWAY, "GatewayClass", "istio", "controllerName: istio.io/gateway-controller"),
        custom(GATEWAY, "Gateway", "infra/g", "gatewayClassName: istio"),
    ]))  # fmt: skip
    classes = [(each.kind, each.name, each.controller, each.default) for each in found.ways_in.classes]
    assert classes == [
        ("GatewayClass", "istio", "istio.io/gateway-controller", False),
        ("IngressClass", "nginx", "k8s.io/ingress-nginx", True),
    ]
    assert [(g.namespace, g.name, g.class_name) for g in found.ways_in.gateways] == [("infra", "g", "istio")]
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (custom("networking.k8s.io/v1", "Ingress", "n/i", "rules: [{http: {paths: [{path: /}]}}]"),
         "spec.rules[0].http.paths[0].backend"),
        (custom("networking.k8s.io/v1", "Ingress", "n/i", "defaultBackend: {service: {name: a}}"), "spec.defaultBackend"),
        (custom("networking.k8s.io/v1", "Ingress", "n/i", "").replace("{}", "[]"), "spec"),
        (custom(GATEWAY, "HTTPRoute", "n/r", "rules: [{backendRefs: [{port: 80}]}]"), "spec.rules[0].backendRefs[0]"),
        (custom(GATEWAY, "HTTPRoute", "n/r", "rules: [{backendRefs: [{name: a}]}]"), "spec.rules[0].backendRefs[0]"),
        (custom("route.openshift.io/v1", "Route", "n/r", "to: {kind: Service}"), "spec.to"),
        (custom("route.openshift.io/v1", "Route", "n/r", "to: {name: a}, alternateBackends: [{}]"),
         "spec.alternateBackends[0]"),
    ],
)  # fmt: skip
def test_a_backend_that_leads_nowhere_is_a_problem(text: str, path: str) -> None:
    _, problems = inventory(text)
    assert [(problem.severity, problem.code, problem.path) for problem in problems] == [("error", "bad_entry", path)]


@pytest.mark.parametrize(
    ("port", "code", "path"),
    [
        ("{port: 0}", "bad_port", "spec.ports[0].port"), ("{port: '80'}", "bad_port", "spec.ports[0].port"),
        ("{port: 70000}", "bad_port", "spec.ports[0].port"), ("{name: a}", "bad_port", "spec.ports[0]"),
        ("x", "bad_port", "spec.ports[0]"), ("{port: 80, protocol: tcp}", "bad_protocol", "spec.ports[0].protocol"),
        ("{port: 80, targetPort: '8080'}", "bad_port", "spec.ports[0].targetPort"),
        ("{port: 80, targetPort: 70000}", "bad_port", "spec.ports[0].targetPort"),
        ("{port: 80, targetPort: [1]}", "bad_port", "spec.ports[0].targetPort"),
    ],
)  # fmt: skip
def test_a_bad_port_of_a_service_is_a_problem_and_the_others_stay(port: str, code: str, path: str) -> None:
    found, problems = inventory(service("n/s", f"{port}, {{port: 81}}", "app: a"))
    assert [each.number for each in found.services[0].ports] == [81]
    assert [(problem.code, problem.path) for problem in problems] == [(code, path)]


def test_more_about_services() -> None:
    more = (
        "type: LoadBalancer, externalTrafficPolicy: Local, externalIPs: [192.0.2.1, nonsense], "
        "loadBalancerSourceRanges: [198.51.100.0/24, 1.2.3.4]"
    )
    found, problems = inventory(service("n/s", "{port: 80, nodePort: 30080}", "app: 1", more))
    (only,) = found.services
    assert (only.type, only.local, only.external_ips, only.ranges) == (
        "LoadBalancer", True, ("192.0.2.1",), ("198.51.100.0/24",),
    )  # fmt: skip
    assert (only.ports[0].node_port, only.id, only.selector) == (30080, "svc/n/s", {"app": "1"})
    assert sorted(problem.code for problem in problems) == ["bad_address", "bad_cidr", "wrong_type"]


def test_what_is_secret_or_useless_is_not_kept() -> None:
    secret = "SECRET-TEXT"
    tls = f"tls: {{key: {secret}, certificate: {secret}}}"
    text = "---\n".join([
        custom("route.openshift.io/v1", "Route", "n/r", f"to: {{name: a}}, {tls}", f", annotations: {{a: {secret}}}"),
        custom("networking.k8s.io/v1", "Ingress", "n/i",
               f"tls: [{{secretName: {secret}}}], defaultBackend: {{service: {{name: a, port: {{number: 1}}}}}}",
               f", annotations: {{nginx.ingress.kubernetes.io/auth: {secret}}}"),
        custom(GATEWAY, "HTTPRoute", "n/h",
               f"rules: [{{filters: [{{headers: {secret}}}], backendRefs: [{{name: a, port: 1}}]}}]"),
        custom(GATEWAY, "Gateway", "n/g", f"listeners: [{{tls: {{certificateRefs: [{{name: {secret}}}]}}}}]"),
        custom("v1", "Service", "n/s", f"ports: [], healthCheck: {secret}", f", annotations: {{a: {secret}}}"),
    ])  # fmt: skip
    intake = read_text(text)
    assert len(intake.documents) == 5
    assert secret not in repr([document.body for document in intake.documents])


def test_odd_objects_never_raise() -> None:
    odd = ["", "~", "1", "[]", "{}", "[1]", "{a: 1}", "'x'", "[[]]", "[{}]", "[{a: [b]}]", "[~]", ".nan"]
    paths = [
        "spec: %s", "spec: {rules: %s}", "spec: {rules: [{http: %s}]}", "spec: {rules: [{http: {paths: %s}}]}",
        "spec: {rules: [{http: {paths: [{backend: %s}]}}]}", "spec: {rules: [{http: {paths: [{backend: {service: %s}}]}}]}",
        "spec: {defaultBackend: %s}", "spec: {rules: [{backendRefs: %s}]}", "spec: {rules: [{backendRefs: [{name: a, port: %s}]}]}",
        "spec: {parentRefs: %s}", "spec: {hostnames: %s}", "spec: {to: %s}", "spec: {to: {name: a}, port: %s}",
        "spec: {to: {name: %s}, port: {targetPort: %s}}", "spec: {alternateBackends: %s}", "spec: {controller: %s}",
        "spec: {selector: %s}", "spec: {selector: {a: %s}}", "spec: {ports: %s}", "spec: {ports: [{port: %s}]}",
        "spec: {ports: [{port: 1, targetPort: %s}]}", "spec: {externalIPs: %s}", "spec: {clusterIPs: %s}",
        "spec: {loadBalancerSourceRanges: %s}", "spec: {externalName: %s}", "subsets: %s", "subsets: [{addresses: %s}]",
        "subsets: [{addresses: [{ip: %s}], ports: %s}]", "endpoints: %s", "endpoints: [{addresses: %s}]", "ports: %s",
        "metadata: {name: a, labels: {kubernetes.io/service-name: %s}}",
    ]  # fmt: skip
    kinds = [
        "networking.k8s.io/v1 Ingress", "networking.k8s.io/v1 IngressClass", f"{GATEWAY} HTTPRoute", f"{GATEWAY} Gateway",
        "route.openshift.io/v1 Route", "v1 Service", "v1 Endpoints", "discovery.k8s.io/v1 EndpointSlice",
    ]  # fmt: skip
    for kind in kinds:
        version, name = kind.split()
        text = "".join(
            f"---\napiVersion: {version}\nkind: {name}\n{path.replace('%s', value)}\n"
            for path in paths
            for value in odd
        )
        intake = read_text(text)
        assert intake.counts.not_understood == 0
        inventory_of(intake.documents)
