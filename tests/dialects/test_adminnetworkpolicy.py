"""AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1 in the common form, and their faults (spec §§5, 10.2)."""

from __future__ import annotations

import pytest

from tests.dialects.clusterwide import Swap, check_accepted, check_set_aside, compiled, rule_of
from webapp.dialects._crdselectors import NOTHING
from webapp.model.addresses import Block, parse_cidr
from webapp.model.labels import EVERYTHING, Requirement, Selector
from webapp.model.policy import Action, Direction, Peer, Subject, Tier
from webapp.model.ports import ALL, NONE, PROTOCOLS, PortSet

ADMIN = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: fence
spec:
  priority: 30
  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: b}}}}
  ingress:
  - name: from c
    action: Pass
    from:
    - namespaces: {matchLabels: {team: c}}
    - pods: {namespaceSelector: {matchLabels: {team: c}}, podSelector: {matchLabels: {app: d}}}
    ports:
    - portNumber: {port: 80}
    - portRange: {protocol: UDP, start: 8000, end: 8100}
    - namedPort: web
  egress:
  - action: Deny
    to:
    - networks: [10.0.0.0/8]
    - nodes: {matchLabels: {role: worker}}
  - action: Allow
    to: [{domainNames: [a.example.org]}]
"""
BASELINE = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata:
  name: default
spec:
  subject: {namespaces: {}}
  ingress:
  - action: Allow
    from:
    - namespaces: {matchLabels: {team: c}}
    ports:
    - portNumber: {protocol: SCTP, port: 80}
  - action: Deny
    from: [{namespaces: {}}]
  egress:
  - action: Deny
    to: [{networks: [10.0.0.0/8]}, {nodes: {}}]
"""
"""Every field there is. Faults replace single lines."""

PEER = "spec.ingress[0].from[0]"
ITEM = "spec.ingress[0].ports[0]"
TO = "spec.egress[0].to[0]"


def labels(**pairs: str) -> Selector:
    return Selector(tuple(sorted(Requirement(key, "In", (value,)) for key, value in pairs.items())))


def test_a_sound_admin_policy_in_the_common_form() -> None:
    policy, problems = compiled(ADMIN)
    assert not problems
    assert (policy.tier, policy.order, policy.namespace, policy.set_aside) == (Tier.ADMIN, 30, "", "")
    assert policy.subject == Subject(None, labels(app="b"), EVERYTHING)
    (ingress,), (deny, allow) = policy.rules[Direction.INGRESS], policy.rules[Direction.EGRESS]
    assert (ingress.index, ingress.name, ingress.action, ingress.source.line) == (0, "from c", Action.PASS, 9)
    assert ingress.peers == (Peer(labels(team="c"), None), Peer(labels(team="c"), labels(app="d")))
    assert ingress.ports is PortSet.of(
        [*PortSet.single("TCP", 80).spans, *PortSet.single("UDP", 8000, 8100).spans],
        [("web", protocol) for protocol in PROTOCOLS],
    )
    assert (deny.action, deny.ports, deny.source.line) == (Action.DENY, ALL, 19)
    assert deny.peers == (
        Peer(None, None, Block(parse_cidr("10.0.0.0/8"))), Peer(None, None, nodes=labels(role="worker")),
    )  # fmt: skip
    assert (allow.action, allow.peers) == (Action.ALLOW, (Peer(None, None, domain="a.example.org"),))


def test_a_sound_baseline_policy_in_the_common_form() -> None:
    policy, problems = compiled(BASELINE)
    assert not problems
    assert (policy.kind, policy.tier, policy.order) == ("BaselineAdminNetworkPolicy", Tier.BASELINE, 0)
    assert policy.subject == Subject(None, None, EVERYTHING)
    assert [(rule.index, rule.action) for rule in policy.rules[Direction.INGRESS]] == [
        (0, Action.ALLOW), (1, Action.DENY),
    ]  # fmt: skip
    assert policy.rules[Direction.INGRESS][0].ports is PortSet.single("SCTP", 80)
    assert policy.rules[Direction.EGRESS][0].peers == (
        Peer(None, None, Block(parse_cidr("10.0.0.0/8"))), Peer(None, None, nodes=EVERYTHING),
    )  # fmt: skip


ADMIN_FAULTS = [
    Swap("priority:", "priority: null", "required_field", "spec.priority"),
    Swap("priority:", "priority: 1001", "priority_out_of_range", "spec.priority"),
    Swap("priority:", "priority: -1", "priority_out_of_range", "spec.priority"),
    Swap("priority:", "priority: 1\ntier: Admin # here", "unknown_field", "spec.tier"),
    Swap("subject:", "subject: null", "required_field", "spec.subject"),
    Swap("subject:", "subject: {}", "exactly_one_field", "spec.subject"),
    Swap("subject:", "subject: {pods: {podSelector: {}}}", "required_field", "spec.subject.pods.namespaceSelector"),
    Swap("subject:", "subject: {pods: {namespaceSelector: {}}}", "required_field", "spec.subject.pods.podSelector"),
    Swap("pods: {namespaceSelector: {matchLabels", "- pods: {namespaceSelector: null, podSelector: {}}",
         "required_field", "spec.ingress[0].from[1].pods.namespaceSelector"),
    Swap("action: Pass", "action: Accept", "action_invalid", "spec.ingress[0].action"),
    Swap("action: Pass", "action: pass", "action_invalid", "spec.ingress[0].action"),
    Swap("namespaces:", "- {}", "exactly_one_field", PEER),
    Swap("namespaces:", "- {namespaces: null}", "exactly_one_field", PEER),
    Swap("namespaces:", "- namespaces: {namespaceSelector: {matchLabels: {team: c}}}", "old_shape",
         f"{PEER}.namespaces.namespaceSelector"),
    Swap("namespaces:", "- namespaces: {sameLabels: [team]}", "old_shape", f"{PEER}.namespaces.sameLabels"),
    Swap("namespaces:", "- pods:\n    namespaces: {notSameLabels: [team]} # here\n    podSelector: {}", "old_shape",
         f"{PEER}.pods.namespaces"),
    Swap("namespaces:", "- networks: [10.0.0.0/8]", "unknown_field", f"{PEER}.networks"),
    Swap("namespaces:", "- domainNames: [a.b]", "unknown_field", f"{PEER}.domainNames"),
    Swap("portNumber:", "- {}", "exactly_one_field", ITEM),
    Swap("portNumber:", "-", "null_item", ITEM),
    Swap("portNumber:", "- {portNumber: {port: 80}, namedPort: web}", "exactly_one_field", ITEM),
    Swap("portNumber:", "- portNumber: {protocol: TCP}", "required_field", f"{ITEM}.portNumber.port"),
    Swap("portNumber:", "- portNumber: {port: 0}", "port_out_of_range", f"{ITEM}.portNumber.port"),
    Swap("portNumber:", "- portNumber: {port: 65536}", "port_out_of_range", f"{ITEM}.portNumber.port"),
    Swap("portNumber:", '- portNumber: {port: "80"}', "wrong_type", f"{ITEM}.portNumber.port"),
    Swap("portNumber:", "- portNumber: {port: 80, endPort: 90}", "unknown_field", f"{ITEM}.portNumber.endPort"),
    Swap("portNumber:", "- portNumber: {port: 80, protocol: 6}", "wrong_type", f"{ITEM}.portNumber.protocol"),
    Swap("portNumber:", "- portRange: {start: 1}", "required_field", f"{ITEM}.portRange.end"),
    Swap("portNumber:", "- portRange: {start: 0, end: 5}", "port_out_of_range", f"{ITEM}.portRange.start"),
    Swap("portNumber:", "- portRange: {start: 1, end: 65536}", "port_out_of_range", f"{ITEM}.portRange.end"),
    Swap("portNumber:", "- {protocol: TCP, port: 80}", "unknown_field", f"{ITEM}.protocol"),
    Swap("portNumber:", "- tcp: {destinationPort: {number: 80}}", "unknown_field", f"{ITEM}.tcp"),
    Swap("portNumber:", "- destinationNamedPort: web", "unknown_field", f"{ITEM}.destinationNamedPort"),
    Swap("ports:", "protocols:", "unknown_field", "spec.ingress[0].protocols"),
    Swap("ports:", "ports: []\nx:", "list_size", "spec.ingress[0].ports"),
    Swap("to: [", f"to: [{', '.join(['{namespaces: {}}'] * 101)}]", "list_size", "spec.egress[1].to"),
    Swap("networks:", "- networks: [10.0.0.0/8, 10.0.0.0/8]", "duplicate_item", f"{TO}.networks[1]"),
    Swap("networks:", "- networks: [zc00::/8]", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", f"- networks: [{', '.join(f'10.{i}.0.0/16' for i in range(26))}]", "list_size",
         f"{TO}.networks"),
    # a named port exists in the experimental channel only, and that refuses it beside these (A8)
    Swap("nodes:", "ports: [{namedPort: web}]", "named_port_of_networks", "spec.egress[0].ports"),
    Swap("to: [", "to: [{domainNames: [a.b]}]\nports: [{namedPort: web}] # here", "named_port_of_networks",
         "spec.egress[1].ports"),
    Swap("to: [", "to: [{domainNames: [localhost]}]", "domain_name_invalid", "spec.egress[1].to[0].domainNames[0]"),
    Swap("apiVersion:", "apiVersion: policy.networking.k8s.io/v1alpha2", "version_unknown", "apiVersion"),
    Swap("apiVersion:", "apiVersion: policy.networking.k8s.io/v1", "version_unknown", "apiVersion"),
]  # fmt: skip
BASELINE_FAULTS = [
    Swap("name: default", "name: foo", "baseline_name", "metadata.name"),
    Swap("name: default", "name: ''", "baseline_name", "metadata.name"),
    Swap("subject:", "priority: 1\nsubject: {namespaces: {}}", "unknown_field", "spec.priority"),
    Swap("action: Allow", "- action: Pass", "action_invalid", "spec.ingress[0].action"),
    Swap("to: [", "to: [{domainNames: [a.b]}]", "unknown_field", f"{TO}.domainNames"),
    Swap("namespaces:", "- nodes: {}", "unknown_field", f"{PEER}.nodes"),
    Swap("apiVersion:", "apiVersion: policy.networking.k8s.io/v1alpha2", "version_unknown", "apiVersion"),
]


@pytest.mark.parametrize("swap", [pytest.param(swap, id=swap.id) for swap in ADMIN_FAULTS])
def test_what_the_api_server_refuses_of_an_admin_policy(swap: Swap) -> None:
    check_set_aside(ADMIN, swap)


@pytest.mark.parametrize("swap", [pytest.param(swap, id=swap.id) for swap in BASELINE_FAULTS])
def test_what_the_api_server_refuses_of_a_baseline_policy(swap: Swap) -> None:
    check_set_aside(BASELINE, swap)


@pytest.mark.parametrize(
    ("document", "line", "text", "hint"),
    [
        (ADMIN, "action: Pass", "action: Accept", "In v1alpha1 it is Allow"),
        (BASELINE, "action: Allow", "- action: Pass", "has no Pass"),
        (BASELINE, "subject:", "priority: 1\nsubject: {namespaces: {}}", "has none"),
        (BASELINE, "to: [", "to: [{domainNames: [a.b]}]", "takes none"),
        (BASELINE, "name: default", "name: foo", 'is called "default", not "foo"'),
        (ADMIN, "ports:", "protocols:", "here it is ports"),
        (ADMIN, "portNumber:", "- {protocol: TCP, port: 80}", "Write portNumber"),
        (ADMIN, "portNumber:", "- portnumber: {port: 80}", 'mean "portNumber"'),
        (ADMIN, "priority:", "priority: 1\ntier: Admin", "belongs to ClusterNetworkPolicy"),
        (ADMIN, "namespaces:", "- namespaces: {namespaceSelector: {}}", "would be every namespace"),
        (ADMIN, "apiVersion:", "apiVersion: policy.networking.k8s.io/v1", "known as policy.networking.k8s.io/v1alpha1"),
    ],
)
def test_a_fault_says_what_to_write(document: str, line: str, text: str, hint: str) -> None:
    _, problems = compiled(Swap(line, text, "", "").applied(document)[0])
    assert any(hint in problem.message for problem in problems), problems


def test_without_an_api_version_it_is_read_as_the_one_that_there_is() -> None:
    policy, problems = compiled(ADMIN.partition("\n")[2])
    assert not policy.set_aside
    (problem,) = problems
    assert problem.code == "wrong_api_version"
    assert "apiVersion: policy.networking.k8s.io/v1alpha1" in problem.message


def test_a_baseline_policy_of_another_name_may_select_what_it_says() -> None:
    """Row 116."""
    policy, _ = compiled(Swap("name: default", "name: foo", "", "").applied(BASELINE)[0])
    assert policy.subject == Subject(None, None, EVERYTHING)
    assert set(policy.rules) == set(Direction)
    assert policy.tier is Tier.BASELINE


@pytest.mark.parametrize("protocol", ["tcp", "ICMP", "", "TCP ", "6"])
@pytest.mark.parametrize("item", ["portNumber: {{protocol: '{}', port: 80}}",
                                  "portRange: {{protocol: '{}', start: 1, end: 9}}"])  # fmt: skip
def test_a_protocol_that_is_none_matches_nothing(item: str, protocol: str) -> None:
    """Row 126: the API server does not check it."""
    path = f"{ITEM}.{item.partition(':')[0]}.protocol"
    swap = Swap("portNumber:", f"- {item.format(protocol)}", "protocol_matches_nothing", path)
    rule = check_accepted(ADMIN, swap).rules[Direction.INGRESS][0]
    assert rule.ports is PortSet.of(PortSet.single("UDP", 8000, 8100).spans, [("web", each) for each in PROTOCOLS])


def test_a_rule_with_nothing_but_such_a_port_matches_nothing_and_not_everything() -> None:
    text = "- portNumber: {protocol: sctp, port: 80}"
    swap = Swap("portNumber:", text, "protocol_matches_nothing", f"{ITEM}.portNumber.protocol")
    assert check_accepted(BASELINE, swap).rules[Direction.INGRESS][0].ports is NONE


@pytest.mark.parametrize("given", ["port: 80", "port: 80, protocol: null", "port: 80, protocol: TCP", "port: 80.0"])
def test_tcp_is_the_default(given: str) -> None:
    document, _ = Swap("portNumber:", f"- portNumber: {{{given}}}", "", "").applied(BASELINE)
    assert rule_of(document, Direction.INGRESS).ports is PortSet.single("TCP", 80)


@pytest.mark.parametrize(
    ("given", "ports"),
    [
        ("start: 80, end: 80", PortSet.single("TCP", 80)),
        ("start: 1, end: 65535, protocol: UDP", PortSet.whole("UDP")),
    ],
)
def test_ranges(given: str, ports: PortSet) -> None:
    """Row 112: a range of one port is one port here."""
    document, _ = Swap("portNumber:", f"- portRange: {{{given}}}", "", "").applied(BASELINE)
    assert rule_of(document, Direction.INGRESS).ports is ports


def test_a_range_that_ends_before_it_begins_is_empty() -> None:
    text = "- portRange: {start: 81, end: 80}"
    swap = Swap("portNumber:", text, "port_range_empty", f"{ITEM}.portRange")
    assert check_accepted(BASELINE, swap).rules[Direction.INGRESS][0].ports is NONE


@pytest.mark.parametrize("instead", ["", "ports: null"])
@pytest.mark.parametrize("document", [ADMIN, BASELINE])
def test_without_ports_a_rule_is_of_all_of_them(document: str, instead: str) -> None:
    items = ("- portNumber", "- portRange", "- namedPort")
    kept = "\n".join(line for line in document.splitlines() if not line.strip().startswith(items))
    assert rule_of(kept.replace("ports:", instead, 1), Direction.INGRESS).ports is ALL


def test_an_empty_named_port_fails_closed() -> None:
    swap = Swap("namedPort:", "- namedPort: ''", "named_port_empty", "spec.ingress[0].ports[2].namedPort")
    (rule,) = check_accepted(ADMIN, swap).rules[Direction.INGRESS]
    assert (rule.action, rule.peers, rule.ports, rule.name) == (Action.DENY, None, ALL, "from c")
    document, _ = Swap("action: Pass", "action: Allow", "", "").applied(ADMIN)
    (rule,) = check_accepted(document, swap).rules[Direction.INGRESS]
    assert (rule.action, rule.ports) == (Action.ALLOW, NONE)


def test_a_selector_that_does_not_convert_matches_nothing() -> None:
    selector = "{matchExpressions: [{key: a, operator: in, values: [b]}]}"
    swap = Swap("subject:", f"subject: {{pods: {{namespaceSelector: {selector}, podSelector: {{}}}}}}",
                "selector_matches_nothing",
                "spec.subject.pods.namespaceSelector.matchExpressions[0].operator")  # fmt: skip
    assert check_accepted(ADMIN, swap).subject == Subject(None, EVERYTHING, NOTHING)


def test_a_domain_name_under_deny_is_kept_and_reported() -> None:
    swap = Swap("action: Allow", "- action: Deny\n  to: [{domainNames: [a.b]}] # here\n- action: Deny",
                "domain_name_not_allowed", "spec.egress[1].to[0].domainNames")  # fmt: skip
    rule = check_accepted(ADMIN, swap).rules[Direction.EGRESS][1]
    assert (rule.action, rule.peers) == (Action.DENY, (Peer(None, None, domain="a.b"),))


def test_a_hundred_rules_are_taken_and_a_hundred_and_one_are_not() -> None:
    head = BASELINE.partition("egress:")[0]
    rule = "{action: Deny, to: [{namespaces: {}}]}"
    policy, problems = compiled(f"{head}egress: [{', '.join([rule] * 100)}]\n")
    assert (len(policy.rules[Direction.EGRESS]), problems) == (100, [])
    policy, problems = compiled(f"{head}egress: [{', '.join([rule] * 101)}]\n")
    assert policy.set_aside
    assert [(problem.code, problem.path) for problem in problems] == [("list_size", "spec.egress")]
