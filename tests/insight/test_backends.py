"""`why SRC svc/NAMESPACE/NAME[:PORT]`: backends, target ports, and what is said where there is none (spec §4.5)."""

# ruff: noqa: E501  (one row of a table, one entry: wrapped lines read worse)

from __future__ import annotations

from typing import Any

import pytest

from tests.insight.cluster import analysed, custom, deployment, lets_in, lets_out, namespace, pod, policy, service
from webapp.analysis import Analysis
from webapp.cli import main
from webapp.errors import InputError
from webapp.explain.verdict import ask, verdict_document, verdict_text

HTTP = "{name: http, containerPort: 8080}"
BASE = (
    namespace("x"),
    pod("x/src", "app: src"),
    pod("x/one", "app: web, n: one", HTTP),
    pod("x/two", "app: web, n: two", "{name: http, containerPort: 9090}"),
    pod("x/mute", "app: web, n: mute"),
    lets_in("x/web", "web", "{ports: [{port: 8080}]}"),
)


def asked(analysis: Analysis, source: str, destination: str) -> dict[str, Any]:
    return verdict_document(analysis, ask(analysis, source, destination))


def parts(document: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    return [(part["destination"], part.get("port"), part["verdict"]) for part in document["parts"]]


def tally(document: dict[str, Any]) -> str:
    backends: str = document["service"]["backends"]
    return backends


@pytest.mark.parametrize(
    ("ports", "port", "verdict", "found", "backends"),
    [
        ("{port: 8080}", "8080", "allowed", [("mute", 8080), ("one", 8080), ("two", 8080)], "all"),
        ("{port: 80, targetPort: 8080}", "80", "allowed", [("mute", 8080), ("one", 8080), ("two", 8080)], "all"),
        ("{port: 80, targetPort: http}", "80", "blocked", [("one", 8080), ("two", 9090)], "some"),
        ("{name: web, port: 80, targetPort: http}", "web", "blocked", [("one", 8080), ("two", 9090)], "some"),
        ("{port: 80, targetPort: 81}", "80", "blocked", [("mute", 81), ("one", 81), ("two", 81)], "none"),
        ("{port: 80, targetPort: 0}", "80", "blocked", [("mute", 80), ("one", 80), ("two", 80)], "none"),
    ],
)
def test_target_ports(ports: str, port: str, verdict: str, found: list[tuple[str, int]], backends: str) -> None:
    analysis = analysed(*BASE, service("x/web", ports, "app: web"))
    document = asked(analysis, "x/src", f"svc/x/web:{port}")
    assert (document["verdict"], tally(document)) == (verdict, backends)
    assert [(destination, number) for destination, number, _ in parts(document)] == [
        (f"x/Pod/{name}", number) for name, number in found
    ]
    for destination, number, answer in parts(document):
        assert answer == asked(analysis, "x/src", f"{destination}:{number}")["verdict"]


@pytest.mark.parametrize(
    ("ports", "selector", "port", "reason"),
    [
        ("{port: 80}", "app: nobody", "80", "no_backend"),
        ("{port: 80}", "app: web", "81", "no_service_port"),
        ("{port: 80}", "app: web", "http", "no_service_port"),
        ("{port: 80, targetPort: 8080}", "app: web", "8080", "names_target_port"),
        ("{port: 80, targetPort: http}", "app: web", "8080", "names_target_port"),
        ("{port: 80, targetPort: http}", "app: web", "http", "names_target_port"),
        ("{port: 80, targetPort: grpc}", "app: web", "80", "target_port_absent"),
        ("{port: 80, targetPort: http, protocol: UDP}", "app: web", "80", "target_port_absent"),
    ],
)
def test_no_backend_is_said_with_its_reason(ports: str, selector: str, port: str, reason: str) -> None:
    analysis = analysed(*BASE, service("x/web", ports, selector))
    question = ask(analysis, "x/src", f"svc/x/web:{port}")
    document: Any = verdict_document(analysis, question)
    assert (document["verdict"], tally(document)) == ("blocked", "none")
    assert document["egress"]["steps"][-1]["reason"] == document["service"]["ports"][0]["reason"] == reason
    assert verdict_text(analysis, question).startswith("BLOCKED")


def test_the_first_container_port_of_a_name_wins_and_sidecars_count() -> None:
    sidecar = "initContainers: [{name: s, image: i, restartPolicy: Always, ports: [{name: side, containerPort: 7}]}]"
    two = "{name: b, containerPort: 2}, {name: http, containerPort: 9}"
    analysis = analysed(
        namespace("x"), pod("x/src"),
        pod("x/p", "app: web", f"{two}, {{name: http, containerPort: 8}}", spec=sidecar),
        service("x/web", "{port: 80, targetPort: http}, {name: side, port: 81, targetPort: side}", "app: web"),
    )  # fmt: skip
    assert parts(asked(analysis, "x/src", "svc/x/web:80")) == [("x/Pod/p", 9, "allowed")]
    assert parts(asked(analysis, "x/src", "svc/x/web:side")) == [("x/Pod/p", 7, "allowed")]


def test_without_a_port_every_port_is_asked_for() -> None:
    ports = "{name: a, port: 80, targetPort: 8080}, {name: b, port: 81}, {name: c, port: 82, targetPort: http}"
    document = asked(analysed(*BASE, service("x/web", ports, "app: web")), "x/src", "svc/x/web")
    assert (document["verdict"], document["ports"], document["unknown_ports"]) == ("allowed", {"TCP": "80"}, {})
    assert [(p["port"], p["verdict"], p["backends"]) for p in document["service"]["ports"]] == [
        (80, "allowed", "all"), (81, "blocked", "none"), (82, "blocked", "some"),
    ]  # fmt: skip
    assert "port" not in document


def test_protocols() -> None:
    ports = "{name: dns, port: 53, protocol: UDP, targetPort: 5353}, {name: tcp, port: 53, targetPort: 5354}"
    both = analysed(*BASE, service("x/dns", ports, "n: one"))
    assert parts(asked(both, "x/src", "svc/x/dns:53"))[0][1] == 5354
    assert parts(asked(both, "x/src", "svc/x/dns:53/UDP"))[0][1] == 5353
    single = analysed(*BASE, service("x/dns", "{port: 53, protocol: UDP}", "n: one"))
    assert asked(single, "x/src", "svc/x/dns:53")["protocol"] == "UDP"


def test_a_headless_service_translates_nothing_but_names() -> None:
    headless = service("x/web", "{name: web, port: 80, targetPort: http}", "n: one", "clusterIP: None")
    analysis = analysed(*BASE, headless)
    assert parts(asked(analysis, "x/src", "svc/x/web:80")) == [("x/Pod/one", 80, "blocked")]
    assert parts(asked(analysis, "x/src", "svc/x/web:8080")) == [("x/Pod/one", 8080, "allowed")]
    assert parts(asked(analysis, "x/src", "svc/x/web:web")) == [("x/Pod/one", 8080, "allowed")]
    assert any("headless" in note for note in asked(analysis, "x/src", "svc/x/web:80")["sentences"]["notes"])
    bare = analysed(*BASE, service("x/web", "", "n: one", "clusterIP: None"))
    assert asked(bare, "x/src", "svc/x/web")["ports"] == {"TCP": "8080"}


SLICE = (
    "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
    "metadata: {name: web-1, namespace: x, labels: {kubernetes.io/service-name: web}}\n"
    "endpoints: [{addresses: [%s]}]\nports: [{name: '', port: 8080}]\n"
)
ENDPOINTS = (
    "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: x}\n"
    "subsets: [{addresses: [{ip: %s}], ports: [{port: 8080}]}]\n"
)


@pytest.mark.parametrize("form", [SLICE, ENDPOINTS])
@pytest.mark.parametrize(
    ("address", "destination"), [("10.1.2.3", "x/Pod/far"), ("203.0.113.7", "internet")], ids=["a pod", "outside"]
)
def test_a_service_without_a_selector_leads_to_its_addresses(form: str, address: str, destination: str) -> None:
    far = pod("x/far", status="podIP: 10.1.2.3")
    analysis = analysed(*BASE, far, service("x/web", "{port: 80}"), form % address)
    assert parts(asked(analysis, "x/src", "svc/x/web:80")) == [(destination, 8080, "allowed")]


def test_a_service_without_selector_and_addresses_is_unknown() -> None:
    document = asked(analysed(*BASE, service("x/web", "{port: 80}")), "x/src", "svc/x/web:80")
    assert (document["verdict"], document["egress"]["steps"][-1]["reason"]) == ("unknown", "no_endpoints")


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [("{}", "allowed"), ("", "blocked"), ("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}", "unknown")],
)
def test_an_external_name_may_be_any_address(rules: str, verdict: str) -> None:
    named = custom("v1", "Service", "x/out", "type: ExternalName, externalName: db.example.com")
    analysis = analysed(*BASE, named, lets_out("x/out", "src", rules))
    assert asked(analysis, "x/src", "svc/x/out:5432")["verdict"] == verdict


def test_an_external_name_in_the_cluster_is_that_service() -> None:
    alias = custom("v1", "Service", "x/alias", "type: ExternalName, externalName: web.x.svc.cluster.local")
    loop = custom("v1", "Service", "x/loop", "type: ExternalName, externalName: loop.x.svc")
    analysis = analysed(*BASE, alias, loop, service("x/web", "{port: 80, targetPort: 8080}", "n: one"))
    assert parts(asked(analysis, "x/src", "svc/x/alias:80")) == [("x/Pod/one", 8080, "allowed")]
    assert asked(analysis, "x/src", "svc/x/loop:80")["verdict"] == "allowed"


def test_labels_that_are_not_known_make_a_backend_unknown() -> None:
    web = deployment("x/hash", "app: hash")
    analysis = analysed(*BASE, web, service("x/web", "{port: 80}", "pod-template-hash: abc"))
    document = asked(analysis, "x/src", "svc/x/web:80")
    assert (document["verdict"], document["parts"][0]["egress"]["steps"][-1]["reason"]) == ("unknown", "labels_unknown")


def test_a_service_for_one_replica_of_a_stateful_set() -> None:
    chosen = "statefulset.kubernetes.io/pod-name: db-1"
    db = deployment("x/db", "app: db", replicas=3, kind="StatefulSet")
    analysis = analysed(*BASE, db, service("x/one", "{port: 5432}", chosen))
    assert parts(asked(analysis, "x/src", "svc/x/one:5432")) == [("x/StatefulSet/db", 5432, "allowed")]
    gone = analysed(*BASE, db, service("x/one", "{port: 5432}", chosen.replace("db-1", "db-7")))
    assert asked(gone, "x/src", "svc/x/one:5432")["verdict"] == "blocked"


def test_pods_that_run_count_before_workloads_without_any() -> None:
    idle, busy = deployment("x/idle", "app: s", replicas=0), deployment("x/busy", "app: s")
    chosen = service("x/s", "{port: 80}", "app: s")
    assert [d for d, _, _ in parts(asked(analysed(*BASE, idle, busy, chosen), "x/src", "svc/x/s:80"))] == [
        "x/Deployment/busy"
    ]
    assert [d for d, _, _ in parts(asked(analysed(*BASE, idle, chosen), "x/src", "svc/x/s:80"))] == [
        "x/Deployment/idle"
    ]


def test_each_variant_is_a_backend_of_its_own() -> None:
    variants = analysed(
        namespace("x"), pod("x/src", "app: src"),
        *(pod(f"x/w-{n}", f"app: web, v: v{n}, pod-template-hash: h{n}").replace(
            "labels:", f"ownerReferences: [{{kind: ReplicaSet, name: w-h{n}, controller: true}}], labels:", 1) for n in (1, 2)),
        policy("x/v1", "podSelector: {matchLabels: {v: v1}}, policyTypes: [Ingress]"),
        service("x/web", "{port: 80}", "app: web"),
    )  # fmt: skip
    document = asked(variants, "x/src", "svc/x/web:80")
    assert parts(document) == [("x/Deployment/w#1", 80, "blocked"), ("x/Deployment/w#2", 80, "allowed")]
    assert (document["verdict"], tally(document)) == ("blocked", "some")


@pytest.mark.parametrize(("replicas", "verdict"), [(1, "allowed"), (2, "blocked")])
def test_a_pod_that_meets_itself_through_a_service(replicas: int, verdict: str) -> None:
    web = deployment("x/loop", "app: loop", replicas=replicas)
    deny = lets_in("x/deny", "loop", "")
    document = asked(analysed(*BASE, web, deny, service("x/l", "{port: 80}", "app: loop")), "x/loop", "svc/x/l:80")
    assert document["verdict"] == verdict
    assert any("itself through the Service" in note for note in document["parts"][0]["sentences"]["notes"])


@pytest.mark.parametrize(
    ("more", "note"),
    [("", "not_published"), ("type: NodePort", "source_address"), ("type: LoadBalancer", "source_address"),
     ("type: NodePort, externalTrafficPolicy: Local", "")],
)  # fmt: skip
def test_who_asks_from_outside_is_told_how_the_service_is_reached(more: str, note: str) -> None:
    from webapp.explain.codes import NOTES

    document = asked(
        analysed(*BASE, service("x/web", "{port: 80, targetPort: 8080}", "n: one", more)), "internet", "svc/x/web:80"
    )
    told = set(document["parts"][0]["sentences"]["notes"])
    assert document["verdict"] == "allowed"
    assert told & {NOTES["not_published"], NOTES["source_address"]} == ({NOTES[note]} if note else set())


@pytest.mark.parametrize(
    ("text", "says"),
    [("svc/x/nope:80", "Known are: svc/x/web"), ("svc/x", "svc/NAMESPACE/NAME:PORT"), ("svc/x/web:0", "1-65535"),
     ("svc/x/web:99999999999999999999", "1-65535"), ("svc/x/web:80/ICMP", "TCP, UDP or SCTP"), ("svc//web:80", "svc/")],
)  # fmt: skip
def test_bad_names(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        ask(analysed(*BASE, service("x/web", "{port: 80}", "app: web")), "x/src", text)


def test_a_service_is_no_source() -> None:
    with pytest.raises(InputError, match="no end of a connection"):
        ask(analysed(*BASE, service("x/web", "{port: 80}", "app: web")), "svc/x/web", "x/one")


def test_a_service_given_twice_differently_is_unknown() -> None:
    twice = (service("x/web", "{port: 80}", "n: one"), service("x/web", "{port: 80}", "n: two"))
    document = asked(analysed(*BASE, *twice), "x/src", "svc/x/web:80")
    assert (document["verdict"], document["egress"]["steps"][-1]["reason"]) == ("unknown", "duplicate_object")


@pytest.mark.parametrize(
    ("labels", "port", "found"),
    [
        (("app: s, v: one", "app: s, v: two"), "8080", [(8080, "allowed")]),
        (("app: s", "app: other"), "8080", [(8080, "unknown")]),
        (("app: s", "app: s"), "http", [(80, "unknown"), (81, "unknown")]),
    ],
    ids=["both are backends", "one of them may be", "on a port that is not known"],
)
def test_a_pod_given_twice_differently(labels: tuple[str, str], port: str, found: list[tuple[int, str]]) -> None:
    versions = [
        pod("x/s", text, f"{{name: http, containerPort: {number}}}")
        for text, number in zip(labels, (80, 81), strict=True)
    ]
    analysis = analysed(*BASE, *versions, service("x/s", f"{{port: 1, targetPort: {port}}}", "app: s"))
    assert parts(asked(analysis, "x/src", "svc/x/s:1")) == [("x/Pod/s", number, verdict) for number, verdict in found]


@pytest.mark.parametrize(("port", "status"), [("80", 0), ("81", 1), ("82", 3), ("nope", 1)])
def test_exit_statuses(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], port: str, status: int
) -> None:
    ports = "{name: a, port: 80, targetPort: 8080}, {name: b, port: 81}"
    unsure = service("x/unsure", "{port: 82}")
    path = tmp_path_factory.mktemp("svc") / "w.yaml"
    path.write_text("---\n".join([*BASE, service("x/web", ports, "n: one"), unsure]), encoding="utf-8")
    name = "unsure" if port == "82" else "web"
    assert main(["why", "x/src", f"svc/x/{name}:{port}", str(path)]) == status
    assert capsys.readouterr().out.startswith(("ALLOWED", "BLOCKED", "UNKNOWN")[(0, 1, 3).index(status)])


@pytest.mark.parametrize(
    ("families", "verdict"), [("[IPv4]", "blocked"), ("[IPv6]", "allowed"), ("[IPv4, IPv6]", "allowed")]
)
def test_a_service_of_one_family_is_asked_over_that_family(families: str, verdict: str) -> None:
    def dual(name: str, app: str) -> str:
        return pod(name, f"app: {app}", status=f'podIPs: [{{ip: 10.0.0.{len(app)}}}, {{ip: "fd00::{len(app)}"}}]')

    analysis = analysed(
        namespace("x"), dual("x/src", "src"), dual("x/web", "website"),
        service("x/web", "{port: 80}", "app: website", f"ipFamilies: {families}"),
        lets_in("x/web", "website", "{from: [{ipBlock: {cidr: 'fd00::/8'}}]}"),
    )  # fmt: skip
    assert asked(analysis, "x/src", "svc/x/web:80")["verdict"] == verdict
