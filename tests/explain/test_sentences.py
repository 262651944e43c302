"""Each reason code has a sentence, and is reached by a fixture; a verdict follows from its steps."""

from typing import Any

import pytest

from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.explain.codes import CODES
from webapp.explain.sentences import headline, side_sentences
from webapp.explain.verdict import ask, traces, verdict_document, verdict_text
from webapp.insight.entries import ways_in
from webapp.insight.resolution import resolver_of

PODS = """
apiVersion: v1
kind: Namespace
metadata: {name: x}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x, labels: {app: a}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: x, labels: {app: b}}
---
apiVersion: v1
kind: Pod
metadata: {name: v4, namespace: x, labels: {app: v4}}
status: {podIP: 10.0.0.4, podIPs: [{ip: 10.0.0.4}]}
---
apiVersion: v1
kind: Pod
metadata: {name: v6, namespace: x, labels: {app: v6}}
status: {podIP: "fd00::6", podIPs: [{ip: "fd00::6"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: host, namespace: x, labels: {app: host}}
spec: {hostNetwork: true}
---
apiVersion: v1
kind: Pod
metadata: {name: far, namespace: undeclared, labels: {app: far}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tpl, namespace: x}
spec: {replicas: 2, template: {metadata: {labels: {app: tpl}}}}
"""


def policy(spec: str, name: str = "p", extra: str = "") -> str:
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: x}}\nspec: {spec}\n{extra}"
    )


A_80 = "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"


def from_peer(peer: str) -> str:
    """The policy of a, for another peer."""
    return policy(A_80.replace("{podSelector: {}}", peer))


OUT_81 = "{podSelector: {matchLabels: {app: b}}, policyTypes: [Egress], egress: [{ports: [{port: 81}]}]}"
FAMILIES = (
    '{podSelector: {matchLabels: {app: b}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
    '{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}',
)  # fmt: skip
CILIUM = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: x}\nspec: {}\n"


def admin(rules: str, name: str = "cnp", tier: str = "Admin", subject: str = "namespaces: {}") -> str:
    """A ClusterNetworkPolicy of priority 1; ``rules`` is its list of ingress or egress rules."""
    return (
        "---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n"
        f"metadata: {{name: {name}}}\nspec: {{tier: {tier}, priority: 1, subject: {{{subject}}}, {rules}}}\n"
    )


def from_all(action: str) -> str:
    return f"ingress: [{{action: {action}, from: [{{namespaces: {{}}}}]}}]"


def to_peer(peer: str) -> str:
    return f"egress: [{{action: Deny, to: [{{{peer}}}]}}]"


FIXTURES = {
    "rule_denies": (PODS + admin(from_all("Deny")), "b", "a:80"),
    "rule_passes": (PODS + admin(from_all("Pass")), "b", "a:80"),
    "default_allows": (PODS + admin(from_all("Pass"), tier="Baseline"), "b", "a:80"),
    "ambiguous_priority": (PODS + admin(from_all("Deny")) + admin(from_all("Accept"), "other"), "b", "a:80"),
    "domain_name": (PODS + admin(to_peer("domainNames: [a.example]")), "b", "internet:80"),
    "node_unknown": (PODS + admin(to_peer("nodes: {matchLabels: {zone: a}}")), "b", "host:80"),
    "not_isolated": (PODS, "b", "a:80"),
    "rule_allows": (PODS + policy(A_80), "b", "a:80"),
    "no_rule_matches": (PODS + policy("{}"), "b", "a:80"),
    "port_mismatch": (PODS + policy(A_80), "b", "a:81"),
    "peer_mismatch": (PODS + from_peer("{podSelector: {matchLabels: {app: z}}}"), "b", "a:80"),
    "namespace_mismatch": (PODS + policy(A_80), "far", "a:80"),
    "named_port_absent": (PODS + policy(A_80.replace("port: 80", "port: db")), "b", "a:80"),
    "no_common_port": (PODS + policy(A_80) + policy(OUT_81, "q"), "b", "a"),
    "same_pod": (PODS + policy("{}"), "a", "a:80"),
    "host_network": (PODS, "host", "a:80"),
    "not_a_pod": (PODS, "internet", "a:80"),
    "no_common_family": (PODS, "v4", "v6:80"),
    "no_common_family of rules": (PODS + policy(FAMILIES[0]) + policy(FAMILIES[1], "q"), "b", "a:80"),
    "undeclared_namespace_labels": (
        PODS + from_peer("{namespaceSelector: {matchLabels: {team: t}}}"), "far", "a:80",
    ),
    "labels_unknown": (
        PODS + from_peer("{podSelector: {matchLabels: {pod-template-hash: h}}}"), "tpl", "a:80",
    ),
    "address_unknown": (PODS + from_peer("{ipBlock: {cidr: 10.0.0.0/8}}"), "b", "a:80"),
    "policy_set_aside": (PODS + policy(A_80.replace("port: 80", "port: 0")), "b", "a:80"),
    "dialect_not_evaluated": (PODS + CILIUM, "b", "a:80"),
    "duplicate_object": (PODS + policy(A_80) + policy(A_80.replace("80", "81")), "b", "a:80"),
}  # fmt: skip


def analysed(text: str) -> Analysis:
    return analyze([SourceFile("world.yaml", text.encode())], Assumptions())


SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: x}\nspec: "
SERVICE_FIXTURES = {
    "no_backend": ("{selector: {app: nobody}, ports: [{port: 80}]}", "80"),
    "no_endpoints": ("{ports: [{port: 80}]}", "80"),
    "no_service_port": ("{selector: {app: a}, ports: [{port: 80}]}", "81"),
    "names_target_port": ("{selector: {app: a}, ports: [{port: 80, targetPort: 8080}]}", "8080"),
    "target_port_absent": ("{selector: {app: b}, ports: [{port: 80, targetPort: web}]}", "80"),
    "external_name": ("{type: ExternalName, externalName: example.com}", "80"),
}
"""Reasons why a Service leads nowhere, or is not known to: its spec, and the port that b asks for."""
FROM_BLOCK = "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: 9.0.0.0/8}}]}]}"
OUT_BLOCK = (
    "{podSelector: {matchLabels: {app: b}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 9.0.0.0/8}}]}]}"
)


@pytest.mark.parametrize(("code", "fixture"), SERVICE_FIXTURES.items())
def test_each_code_of_services_is_reached_and_said(code: str, fixture: tuple[str, str]) -> None:
    spec, port = fixture
    analysis = analysed(PODS + SERVICE + spec + "\n" + policy(OUT_BLOCK))
    question = ask(analysis, "b", f"svc/x/s:{port}")
    (trace,) = traces(analysis, question)
    assert {sentence.code for sentence in side_sentences(trace.egress, trace.source)} == {code}
    assert CODES[code] in verdict_text(analysis, question)
    assert headline(trace)


WAYS = {
    "no_service": ("to: {name: gone}", "", ""),
    "controller_unknown": ("to: {name: s}", A_80, ""),
    "controllers_differ": ("to: {name: s}", A_80, "router: 1"),
    "controller_outside": ("ingressClassName: alb, defaultBackend: {service: {name: s, port: {number: 80}}}",
                           FROM_BLOCK, ""),
}  # fmt: skip
"""Reasons about ways in: the spec of a Route or an Ingress, a policy, and labels of a router (a second one is far)."""


@pytest.mark.parametrize(("code", "fixture"), WAYS.items())
def test_each_code_of_ways_in_is_reached(code: str, fixture: tuple[str, str, str]) -> None:
    spec, rules, router = fixture
    kind = "networking.k8s.io/v1\nkind: Ingress" if "Backend" in spec else "route.openshift.io/v1\nkind: Route"
    text = PODS + SERVICE + "{selector: {app: a}, ports: [{port: 80}]}\n" + (policy(rules) if rules else "")
    text += f"---\napiVersion: {kind}\nmetadata: {{name: r, namespace: x}}\nspec: {{{spec}}}\n"
    for namespace in ("x", "undeclared") if router else ():
        text += (
            f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: r, namespace: {namespace}, labels: {{router: r}}}}\n"
        )
    assert [way.reason for way in ways_in(analysed(text)).ways] == [code]


def test_each_code_of_name_resolution_is_reached() -> None:
    labels = "{k8s-app: kube-dns, n: %s}"
    dns = f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: %s, namespace: kube-system, labels: {labels}}}\n"
    service = SERVICE.replace("name: s, namespace: x", "name: kube-dns, namespace: kube-system")
    peer = "{namespaceSelector: {}, podSelector: {matchLabels: {n: one}}}"
    out = f"{{podSelector: {{matchLabels: {{app: b}}}}, policyTypes: [Egress], egress: [{{to: [{peer}]}}]}}"
    udp = "{selector: {n: one}, ports: [{port: 53, protocol: UDP}]}\n"
    whole = "{selector: {k8s-app: kube-dns}, ports: [{port: 53, protocol: UDP}, {name: t, port: 53}]}\n"
    worlds = {
        "is_dns": (PODS + dns % ("d", "one"), "kube-system/Pod/d"),
        "dns_not_in_input": (PODS + policy(out), "x/Pod/b"),
        "some_dns_only": (PODS + dns % ("d", "one") + dns % ("e", "two") + service + whole + policy(out), "x/Pod/b"),
        "dns_protocol_absent": (
            PODS + dns % ("d", "one") + service + udp, "x/Pod/b",
        ),
    }  # fmt: skip
    for code, (text, workload) in worlds.items():
        analysis = analysed(text)
        assert resolver_of(analysis).of(analysis.workload_by_id[workload]).reason == code
    assert set(worlds) <= set(CODES)


@pytest.mark.parametrize(("code", "fixture"), FIXTURES.items())
def test_each_code_is_reached_and_said(code: str, fixture: tuple[str, str, str]) -> None:
    text, source, destination = fixture
    analysis = analysed(text)
    question = ask(analysis, source, destination)
    (trace,) = traces(analysis, question)
    sentences = [*side_sentences(trace.egress, trace.source), *side_sentences(trace.ingress, trace.destination)]
    codes = {sentence.code for sentence in sentences} | {d.code for s in sentences for d in s.details}
    assert code.partition(" ")[0] in codes
    assert all(sentence.text for sentence in sentences)
    assert headline(trace)
    assert verdict_text(analysis, question).startswith(str(trace.verdict).upper())
    allowed, unknown = analysis.ports(trace.source, trace.destination)
    if trace.port is not None and code != "same_pod":
        protocol = trace.protocol or "TCP"
        expected = "allowed" if allowed.contains(protocol, trace.port) else "unknown" if unknown.contains(
            protocol, trace.port) else "blocked"  # fmt: skip
        assert str(trace.verdict) == expected


def test_every_code_has_a_fixture() -> None:
    told_elsewhere = {*SERVICE_FIXTURES, *WAYS, "is_dns", "dns_not_in_input", "some_dns_only", "dns_protocol_absent"}
    assert {name.partition(" ")[0] for name in FIXTURES} | told_elsewhere == set(CODES)


def test_an_answer_tells_that_something_could_not_be_read() -> None:
    pods = "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}}\n"
    for text, told in ((pods, False), (pods + "---\na:\n\tb: c\n", True)):
        analysis = analyze([SourceFile("f.yaml", text.encode())])
        document = verdict_document(analysis, ask(analysis, "a", "b"))
        sentences: Any = document["sentences"]
        assert any("could not be understood" in note for note in sentences["notes"]) is told
