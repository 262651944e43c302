"""Ways in: who is published, through whom, and whether policies let that traffic in."""

# ruff: noqa: E501  (one row of a table, one entry: wrapped lines read worse)

from __future__ import annotations

from typing import Any

import pytest

from tests.insight.cluster import (
    analysed,
    custom,
    deployment,
    ingress,
    lets_in,
    lets_out,
    namespace,
    pod,
    service,
    spaced,
)
from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.explain.facts import entries_document
from webapp.export.connections import connections_document
from webapp.insight.entries import Way, ways_in

GATEWAY = "gateway.networking.k8s.io/v1"
SHOP = (
    namespace("shop"),
    namespace("edge"),
    pod("shop/web", "app: web", "{name: http, containerPort: 8080}"),
    service("shop/web", "{name: http, port: 80, targetPort: http}", "app: web"),
)
NGINX = deployment("edge/ingress-nginx-controller", "app.kubernetes.io/name: ingress-nginx")
FROM_EDGE = lets_in("shop/web", "web", f"{{from: [{spaced('edge')}]}}")
DENY = lets_in("shop/web", "web", "")
WEB = ingress("shop/web", "web:80")


def only(analysis: Analysis) -> Way:
    (way,) = ways_in(analysis).ways
    return way


def told(way: Way) -> tuple[object, ...]:
    return way.via, way.known_by, way.verdict, way.reason


EDGE = ("edge/Deployment/ingress-nginx-controller",)


@pytest.mark.parametrize(
    ("policy", "verdict", "reason"),
    [("", "allowed", ""), (FROM_EDGE, "allowed", ""), (DENY, "blocked", "no_rule_matches"),
     (lets_out("edge/out", "x", ""), "allowed", ""),
     (lets_in("shop/web", "web", f"{{from: [{spaced('edge')}], ports: [{{port: 80}}]}}"), "blocked", "no_rule_matches")],
)  # fmt: skip
def test_a_published_workload_and_what_policies_say(policy: str, verdict: str, reason: str) -> None:
    way = only(analysed(*SHOP, NGINX, WEB, *filter(None, [policy])))
    assert told(way) == (EDGE, "labels", verdict, reason)
    assert (way.workload, way.service, way.ports.json()) == ("shop/Pod/web", "svc/shop/web", {"TCP": "8080"})


def test_the_way_and_its_block_are_told_with_policy_and_place() -> None:
    document: Any = entries_document(analysed(*SHOP, NGINX, WEB, DENY), placed=True)
    (entry,) = document["entries"]
    assert (entry["object"], entry["verdict"], entry["hosts"]) == ("Ingress shop/web", "blocked", ["shop.example.com"])
    assert [policy["name"] for policy in entry["policies"]] == ["web"]
    assert entry["source"]["file"] == "world.yaml"
    assert entry["source"]["line"] > 0
    assert entry["policies"][0]["source"]["line"] > 0


def test_list_tells_no_places_so_that_the_order_of_documents_does_not_matter() -> None:
    objects = [*SHOP, NGINX, WEB, DENY, service("shop/np", "{port: 80}", "app: web", "type: NodePort"),
               lets_out("shop/out", "web", "")]  # fmt: skip
    one, other = (connections_document(analysed(*order)) for order in (objects, objects[::-1]))
    assert len(one["entries"]) == 2  # type: ignore[arg-type]
    assert {key: one[key] for key in one if key != "problems"} == {
        key: other[key] for key in other if key != "problems"
    }


def test_some_ports_are_partly_let_in() -> None:
    two = service("shop/web", "{name: a, port: 80, targetPort: http}, {name: b, port: 81}", "app: web")
    limited = lets_in("shop/web", "web", "{ports: [{port: 81}]}")
    way = only(analysed(SHOP[0], SHOP[1], SHOP[2], two, NGINX, ingress("shop/web", "web:a web:b"), limited))
    assert (way.verdict, way.ports.json(), way.allowed.json()) == ("partial", {"TCP": "81,8080"}, {"TCP": "81"})


@pytest.mark.parametrize(
    ("backend", "reason"),
    [("web:8080", "names_target_port"), ("web:81", "no_service_port"), ("gone:80", "no_service"), ("none:80", "no_backend"),
     ("odd:80", "target_port_absent")],
)  # fmt: skip
def test_a_broken_way_is_said(backend: str, reason: str) -> None:
    none = service("shop/none", "{port: 80}", "app: nobody")
    odd = service("shop/odd", "{port: 80, targetPort: grpc}", "app: web")
    way = only(analysed(*SHOP, none, odd, NGINX, ingress("shop/web", backend)))
    assert (way.workload, way.verdict, way.reason) == ("", "blocked", reason)


def test_an_object_given_twice_differently_is_unknown() -> None:
    assert told(only(analysed(*SHOP, NGINX, WEB, ingress("shop/web", "web:http")))) == (
        EDGE, "labels", "unknown", "duplicate_object",
    )  # fmt: skip


# ---- who carries the traffic ----------------------------------------------------------------------------------


def test_no_controller_known_is_said_and_no_pod_is_made_up() -> None:
    assert told(only(analysed(*SHOP, WEB, FROM_EDGE))) == (None, "", "unknown", "controller_unknown")
    unlabelled = lets_in("shop/web", "web", "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {}}}]}")
    assert told(only(analysed(*SHOP, WEB, unlabelled))) == (None, "", "unknown", "controller_unknown")


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("", "allowed"), (lets_in("shop/web", "web", "{}"), "allowed"), (DENY, "blocked"),
     (lets_in("shop/web", "web", "{from: [{podSelector: {}}]}"), "unknown"),
     (lets_in("shop/web", "web", "{ports: [{port: 9}]}"), "blocked")],
)  # fmt: skip
def test_what_holds_for_everyone_needs_no_controller(policy: str, verdict: str) -> None:
    way = only(analysed(*SHOP, WEB, *filter(None, [policy])))
    assert (way.via, way.verdict) == (None, verdict)


MARKS = [
    "app.kubernetes.io/name: traefik", "app.kubernetes.io/name: haproxy-ingress", "app.kubernetes.io/name: kong",
    "app: envoy", "istio: ingressgateway", "app.kubernetes.io/name: nginx-ingress", "app: istio-ingressgateway",
]  # fmt: skip


@pytest.mark.parametrize("labels", MARKS)
def test_controllers_are_known_by_their_labels(labels: str) -> None:
    way = only(analysed(*SHOP, deployment("edge/c", labels), WEB, FROM_EDGE))
    assert told(way) == (("edge/Deployment/c",), "labels", "allowed", "")


def test_helpers_of_a_controller_carry_no_traffic() -> None:
    hook = "app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: admission-webhook"
    assert only(analysed(*SHOP, deployment("edge/hook", hook), WEB)).via is None
    assert only(analysed(*SHOP, deployment("edge/hook", MARKS[0], kind="Job"), WEB)).via is None


TRAEFIK = deployment("edge/traefik", MARKS[0])


@pytest.mark.parametrize(
    ("spec", "more", "via"),
    [
        ("ingressClassName: nginx", (), "ingress-nginx-controller"),
        ("ingressClassName: traefik", (), "traefik"),
        ("ingressClassName: own",
         (custom("networking.k8s.io/v1", "IngressClass", "own", "controller: traefik.io/ingress-controller"),), "traefik"),
        ("", (custom("networking.k8s.io/v1", "IngressClass", "own", "controller: k8s.io/ingress-nginx",
                     ", annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}"),), "ingress-nginx-controller"),
    ],
)  # fmt: skip
def test_the_class_tells_which_controller(spec: str, more: tuple[str, ...], via: str) -> None:
    way = only(analysed(*SHOP, NGINX, TRAEFIK, *more, ingress("shop/web", "web:80", spec)))
    assert (way.via, way.known_by) == ((f"edge/Deployment/{via}",), "class")


def test_a_class_of_a_controller_that_is_not_known() -> None:
    own = custom("networking.k8s.io/v1", "IngressClass", "own", "controller: example.com/mine")
    way = only(analysed(*SHOP, NGINX, own, FROM_EDGE, ingress("shop/web", "web:80", "ingressClassName: own")))
    assert told(way) == (None, "", "unknown", "controller_unknown")


def test_two_controllers_of_which_one_is_let_in() -> None:
    nginx_only = lets_in(
        "shop/web",
        "web",
        f"{{from: [{spaced('edge')[:-1]}, podSelector: {{matchLabels: {{app.kubernetes.io/name: traefik}}}}}}]}}",
    )
    way = only(analysed(*SHOP, NGINX, TRAEFIK, WEB, nginx_only))
    assert (way.verdict, way.reason, len(way.via or ())) == ("unknown", "controllers_differ", 2)


def test_a_load_balancer_of_the_cloud_comes_from_outside() -> None:
    alb = ingress("shop/web", "web:80", "ingressClassName: alb")
    block = lets_in("shop/web", "web", "{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}")
    assert told(only(analysed(*SHOP, alb, block))) == (None, "class", "unknown", "controller_outside")
    assert only(analysed(*SHOP, alb)).verdict == "allowed"
    assert only(analysed(*SHOP, alb, FROM_EDGE)).verdict == "blocked"


@pytest.mark.parametrize(
    ("choice", "via", "verdict"),
    [
        ("edge", EDGE, "allowed"),
        ("edge/ingress-nginx-controller", EDGE, "allowed"),
        ("edge/Deployment/ingress-nginx-controller", EDGE, "allowed"),
        ("edge/app.kubernetes.io/name=ingress-nginx", EDGE, "allowed"),
        ("shop", ("shop/Pod/web",), "allowed"),
        ("elsewhere", None, "blocked"),
        ("elsewhere/app=proxy", None, "blocked"),
        ("edge/app=proxy", None, "allowed"),
    ],
)
def test_a_chosen_controller(choice: str, via: tuple[str, ...] | None, verdict: str) -> None:
    analysis = analysed(*SHOP, NGINX, WEB, FROM_EDGE, ingress_controllers=(choice,))
    way = only(analysis)
    assert (way.via, way.known_by, way.verdict) == (via, "chosen", verdict)
    assert ("controller_absent" in way.notes) == (via is None)
    assert analysis.assumptions_document()["ingress_controllers"] == [choice]


def test_labels_that_were_not_told_of_an_absent_controller_stay_unknown() -> None:
    wants = lets_in("shop/web", "web", "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: proxy}}}]}")
    assert only(analysed(*SHOP, WEB, wants, ingress_controllers=("far",))).verdict == "unknown"
    assert only(analysed(*SHOP, WEB, wants, ingress_controllers=("far/app=proxy",))).verdict == "allowed"
    assert only(analysed(*SHOP, WEB, wants, ingress_controllers=("far/app=other",))).verdict == "blocked"


@pytest.mark.parametrize("choice", ["edge/nobody", "/x", "edge/", "edge/a=b,c", ""])
def test_a_choice_that_cannot_be_understood(choice: str) -> None:
    with pytest.raises(InputError):
        ways_in(analysed(*SHOP, NGINX, WEB, ingress_controllers=(choice,)))


# ---- routes ---------------------------------------------------------------------------------------------------


def test_a_gateway_has_pods_of_its_own() -> None:
    route = custom(
        GATEWAY,
        "HTTPRoute",
        "shop/r",
        "parentRefs: [{name: g, namespace: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]",
    )
    made = deployment("edge/g-istio", "gateway.networking.k8s.io/gateway-name: g")
    gateway = custom(GATEWAY, "Gateway", "edge/g", "gatewayClassName: istio")
    way = only(analysed(*SHOP, NGINX, made, gateway, route, FROM_EDGE))
    assert (way.kind, *told(way)) == ("HTTPRoute", ("edge/Deployment/g-istio",), "gateway", "allowed", "")
    by_class = (custom(GATEWAY, "GatewayClass", "istio", "controllerName: traefik.io/gateway-controller"), TRAEFIK)
    assert told(only(analysed(*SHOP, NGINX, *by_class, gateway, route)))[:2] == (("edge/Deployment/traefik",), "class")


@pytest.mark.parametrize("kind", ["TCPRoute", "GRPCRoute", "TLSRoute"])
def test_other_routes(kind: str) -> None:
    route = custom(
        GATEWAY,
        kind,
        "edge/r",
        "parentRefs: [{name: g}], rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]",
    )
    way = only(analysed(*SHOP, TRAEFIK, route))
    assert (way.kind, way.workload, way.ports.json(), way.notes) == (
        kind,
        "shop/Pod/web",
        {"TCP": "8080"},
        ("reference_grant",),
    )


def test_a_udp_route_leads_to_udp_ports_only() -> None:
    route = custom(
        GATEWAY, "UDPRoute", "shop/r", "parentRefs: [{name: g}], rules: [{backendRefs: [{name: web, port: 80}]}]"
    )
    assert only(analysed(*SHOP, TRAEFIK, route)).reason == "no_service_port"


@pytest.mark.parametrize(
    ("port", "ports", "reason"),
    [("", "8080", ""), (", port: {targetPort: 8080}", "8080", ""), (", port: {targetPort: http}", "8080", ""),
     (", port: {targetPort: 80}", "", "no_service_port")],
)  # fmt: skip
def test_a_route_of_openshift_names_the_ports_of_pods(port: str, ports: str, reason: str) -> None:
    router = deployment("edge/router", "ingresscontroller.operator.openshift.io/deployment-ingresscontroller: default")
    route = custom("route.openshift.io/v1", "Route", "shop/r", f"to: {{kind: Service, name: web}}{port}")
    way = only(analysed(*SHOP, NGINX, router, route))
    assert (way.via, way.reason) == (("edge/Deployment/router",), reason)
    assert way.ports.json() == ({"TCP": ports} if ports else {})


# ---- straight from outside ------------------------------------------------------------------------------------

OPEN = lets_in("shop/web", "web", "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}")


@pytest.mark.parametrize(
    ("more", "policy", "through", "verdict"),
    [
        ("type: NodePort", OPEN, "node_port", "allowed"),
        ("type: NodePort", FROM_EDGE, "node_port", "blocked"),
        ("type: LoadBalancer", OPEN, "load_balancer", "allowed"),
        ("type: LoadBalancer", DENY, "load_balancer", "blocked"),
        ("externalIPs: [192.0.2.7]", OPEN, "external_ip", "allowed"),
        ("type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24]",
         lets_in("shop/web", "web", "{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}"), "load_balancer", "allowed"),
        ("type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]",
         lets_in("shop/web", "web", "{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}"), "load_balancer", "blocked"),
    ],
)  # fmt: skip
def test_services_that_lead_straight_in(more: str, policy: str, through: str, verdict: str) -> None:
    published = service("shop/web", "{port: 80, targetPort: http}", "app: web", more)
    way = only(analysed(*SHOP[:3], published, policy))
    assert (way.through, way.verdict, way.via, way.workload) == (through, verdict, None, "shop/Pod/web")
    assert way.notes == ("source_address",)


def test_a_cluster_ip_is_no_way_in() -> None:
    assert ways_in(analysed(*SHOP)).ways == ()


# ---- what nobody publishes ------------------------------------------------------------------------------------


def test_open_to_the_internet_and_published_by_nobody() -> None:
    more = (pod("shop/loose", "app: loose"), pod("shop/ruled", "app: ruled"), pod("shop/shut", "app: shut"))
    ruled = lets_in("shop/ruled", "ruled", "{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 22}]}")
    host = pod("shop/host", "app: host", spec="hostNetwork: true")
    found = ways_in(analysed(*SHOP, *more, host, ruled, lets_in("shop/shut", "shut", ""), WEB, NGINX, DENY))
    assert [(each.workload, each.ports.json(), each.isolated) for each in found.unpublished] == [
        ("edge/Deployment/ingress-nginx-controller", "all", False), ("shop/Pod/loose", "all", False),
        ("shop/Pod/ruled", {"TCP": "22"}, True),
    ]  # fmt: skip
    assert [(way.workload, way.verdict) for way in found.ways] == [("shop/Pod/web", "blocked")]
