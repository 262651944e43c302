"""Rows 40-60: ports, protocols, ranges, names."""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

from tests.corner_cases.case import Case
from tests.corner_cases.world import SERVED, documents, everyone, namespace, np, pod, world


def given(*objects: str) -> str:
    return documents([world(), *objects])


def opened(ports: str) -> str:
    """The world where x/a is open to everybody on these ports."""
    return given(np(f"ingress: [{{ports: [{ports}]}}]"))


def service(where: str, target: str, port: int = 80) -> str:
    home, _, name = where.partition("/")
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {home}}}\n"
        f"spec: {{selector: {{app: web}}, ports: [{{port: {port}, targetPort: {target}}}]}}\n"
    )


NAMED = documents([
    namespace("x"),
    namespace("y"),
    pod("x/a", "pod: a", ports="{name: http, containerPort: 8080}"),
    pod("x/b", "pod: b", ports="{name: http, containerPort: 9090}"),
    pod("y/c", "pod: c", ports=SERVED),
])  # fmt: skip
TWO_CONTAINERS = (
    "containers: [{name: one, image: i, ports: [{name: m, containerPort: 8080}]}, "
    "{name: two, image: i, ports: [{name: m, containerPort: 9090}]}]"
)
SIDECAR = "initContainers: [{name: s, image: i, restartPolicy: Always, ports: [{name: m, containerPort: 8080}]}]"
PLAIN_INIT = SIDECAR.replace("restartPolicy: Always, ", "")
WEB = documents(
    [world(), pod("x/web", "app: web", ports="{name: http, containerPort: 8080}"), service("x/web", "8080")]
)

CASES = (
    Case(40, "ports empty", opened(""), ("y/b -> x/a: allowed",)),
    Case(41, "one empty port", opened("{}"), (
        "y/b -> x/a:81/TCP: allowed", "y/b -> x/a:65535/TCP: allowed", "y/b -> x/a:80/UDP: blocked", "y/b -> x/a:1/SCTP: blocked",
    )),
    Case(42, "a protocol alone", opened("{protocol: UDP}"), (
        "y/b -> x/a:80/TCP: blocked", "y/b -> x/a:80/UDP: allowed", "y/b -> x/a:1/UDP: allowed", "y/b -> x/a:65535/UDP: allowed",
    )),
    Case(43, "TCP is the default", opened("{port: 80}"), ("y/b -> x/a:80/UDP: blocked", "y/b -> x/a:80/TCP: allowed")),
    Case(44, "UDP 81 is not TCP 81", opened("{port: 81, protocol: UDP}"), (
        "y/b -> x/a:81/TCP: blocked because port_mismatch", "y/b -> x/a:81/UDP: allowed",
    )),
    Case(45, "SCTP 81 is not TCP 81", opened("{port: 81, protocol: SCTP}"), ("y/b -> x/a:81/TCP: blocked", "y/b -> x/a:81/SCTP: allowed")),
    Case(46, "SCTP alone isolates", opened("{port: 80, protocol: SCTP}"), ("y/b -> x/a:81/TCP: blocked", "y/b -> x/a:80/TCP: blocked")),
    Case(47, "a range is inclusive", opened("{port: 53, endPort: 80}"), (
        "y/b -> x/a:52: blocked", "y/b -> x/a:53: allowed", "y/b -> x/a:80: allowed", "y/b -> x/a:81: blocked", "y/b -> x/a:60/UDP: blocked",
    )),
    Case(48, "endPort equals port", opened("{port: 80, endPort: 80}"), (
        "y/b -> x/a:80: allowed", "y/b -> x/a:79: blocked", "y/b -> x/a:81: blocked",
    )),
    Case(49, "endPort below port", opened("{port: 80, endPort: 79}"), ("y/b -> x/a:80: unknown because policy_set_aside",),
         problems=("spec.ingress[0].ports[0].endPort",)),
    Case(49, "endPort without port", opened("{endPort: 80}"), ("y/b -> x/a:80: unknown",), problems=("spec.ingress[0].ports[0].endPort",)),
    Case(49, "endPort with a name", opened("{port: serve-80-tcp, endPort: 81}"), ("y/b -> x/a:80: unknown",),
         problems=("spec.ingress[0].ports[0].endPort",)),
    Case(50, "a number in quotes is a bad name", opened('{port: "80"}'), (
        "y/b -> x/a:80: unknown because policy_set_aside", "y/b -> x/a:81: unknown",
    ), problems=("spec.ingress[0].ports[0].port",)),
    Case(51, "a name means what each pod calls so", documents([NAMED, everyone("ingress: [{ports: [{port: http}]}]")]), (
        "y/c -> x/a:8080: allowed", "y/c -> x/a:9090: blocked", "y/c -> x/b:9090: allowed", "y/c -> x/b:8080: blocked",
    )),
    Case(52, "an egress name is the destination's", documents([
        NAMED, everyone("egress: [{to: [{namespaceSelector: {}}], ports: [{port: http}]}]", types="Egress", home="y"),
    ]), ("y/c -> x/a:8080: allowed", "y/c -> x/a:9090: blocked at source", "y/c -> x/b:9090: allowed", "y/c -> x/b:80: blocked")),
    Case(53, "an egress name towards an address", documents([
        NAMED, everyone("egress: [{ports: [{port: http}]}]", types="Egress"),
    ]), ("x/a -> internet: blocked at source", "x/a -> x/b:9090: allowed", "x/a -> 203.0.113.7:8080: blocked")),
    Case(54, "a name of another protocol", opened("{port: serve-81-udp}"), (
        "y/b -> x/a:81/TCP: blocked because named_port_absent", "y/b -> x/a:81/UDP: blocked",
    )),
    Case(55, "a name that nobody serves", opened("{port: nobody}"), (
        "y/b -> x/a: blocked because named_port_absent", "internet -> x/a: blocked", "x/a -> y/b: allowed",
    )),
    Case(56, "a number that nobody declares", opened("{port: 7777}"), ("y/b -> x/a:7777: allowed", "y/b -> x/a:80: blocked")),
    Case(57, "one name in two containers", given(
        pod("x/m", "app: m").replace("containers: [{name: c, image: i, ports: []}]", TWO_CONTAINERS),
        everyone("ingress: [{ports: [{port: m}]}]"),
    ), ("y/b -> x/m:8080: allowed", "y/b -> x/m:9090: allowed", "y/b -> x/m:80: blocked")),
    Case(58, "a name of a sidecar", given(pod("x/m", spec=SIDECAR), everyone("ingress: [{ports: [{port: m}]}]")), (
        "y/b -> x/m:8080: allowed", "y/b -> x/m:80: blocked",
    )),
    Case(58, "a name of a plain init container", given(pod("x/m", spec=PLAIN_INIT), everyone("ingress: [{ports: [{port: m}]}]")), (
        "y/b -> x/m:8080: blocked",
    )),
    Case(59, "a policy sees the target port: 80 is not 8080", documents([WEB, everyone("ingress: [{ports: [{port: 80}]}]")]), (
        "y/b -> x/web:8080: blocked", "y/b -> x/web:80: allowed", "y/b -> svc/x/web:80: blocked at target",
    )),
    Case(59, "a policy sees the target port: 8080", documents([WEB, everyone("ingress: [{ports: [{port: 8080}]}]")]), (
        "y/b -> x/web:8080: allowed", "y/b -> x/web:80: blocked", "y/b -> svc/x/web:80: allowed",
    )),
    Case(60, "a pod without the name is no backend", documents([
        world(), pod("x/one", "app: web", ports="{name: http, containerPort: 8080}"), pod("x/two", "app: web"), service("x/web", "http"),
        everyone("ingress: [{ports: [{port: http}]}]"),
    ]), ("y/b -> x/one:8080: allowed", "y/b -> x/two:8080: blocked", "y/b -> svc/x/web:80: allowed")),
)  # fmt: skip
