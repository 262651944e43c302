"""ClusterNetworkPolicy v1alpha2 in the common form, and its faults with path, code and line (spec §§6.1, 10.2)."""

from __future__ import annotations

import pytest

from tests.dialects.clusterwide import Swap, check_accepted, check_set_aside, compiled, rule_of
from webapp.dialects._crdselectors import NOTHING
from webapp.model.addresses import Block, parse_cidr
from webapp.model.labels import EVERYTHING, Labels, Match, Requirement, Selector
from webapp.model.policy import Action, Direction, Peer, Subject, Tier
from webapp.model.ports import ALL, NONE, PROTOCOLS, PortSet

SOUND = """\
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: fence
spec:
  tier: Baseline
  priority: 7
  subject: {pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: b}}}}
  ingress:
  - name: from c
    action: Accept
    from:
    - namespaces: {matchLabels: {team: c}}
    - pods: {podSelector: {matchLabels: {app: d}}}
    protocols:
    - tcp: {destinationPort: {number: 80}}
    - udp: {destinationPort: {range: {start: 8000, end: 8100}}}
    - destinationNamedPort: web
  egress:
  - action: Deny
    to:
    - networks: [10.0.0.0/8, "2001:db8::/32"]
    - nodes: {matchLabels: {role: worker}}
  - action: Accept
    to: [{domainNames: ["*.Example.org.", example.com]}]
"""
"""Every field there is. Faults replace single lines of it."""

PEER = "spec.ingress[0].from[0]"
ITEM = "spec.ingress[0].protocols[0]"
TO = "spec.egress[0].to[0]"
SUBJECT = "spec.subject"


def labels(**pairs: str) -> Selector:
    return Selector(tuple(sorted(Requirement(key, "In", (value,)) for key, value in pairs.items())))


def test_a_sound_policy_in_the_common_form() -> None:
    policy, problems = compiled(SOUND)
    assert not problems
    assert (policy.tier, policy.order, policy.namespace, policy.name, policy.set_aside) == (
        Tier.BASELINE, 7, "", "fence", "",
    )  # fmt: skip
    assert policy.subject == Subject(None, labels(app="b"), labels(team="a"))
    (ingress,), (deny, accept) = policy.rules[Direction.INGRESS], policy.rules[Direction.EGRESS]
    assert (ingress.index, ingress.name, ingress.action, ingress.source.line) == (0, "from c", Action.ALLOW, 10)
    assert ingress.peers == (Peer(labels(team="c"), None), Peer(EVERYTHING, labels(app="d")))
    assert ingress.ports is PortSet.of(
        [*PortSet.single("TCP", 80).spans, *PortSet.single("UDP", 8000, 8100).spans],
        [("web", protocol) for protocol in PROTOCOLS],
    )
    assert (deny.index, deny.action, deny.ports, deny.source.line) == (0, Action.DENY, ALL, 20)
    assert deny.peers == (
        Peer(None, None, Block(parse_cidr("10.0.0.0/8"))),
        Peer(None, None, Block(parse_cidr("2001:db8::/32"))),
        Peer(None, None, nodes=labels(role="worker")),
    )
    assert (accept.index, accept.action, accept.source.line) == (1, Action.ALLOW, 24)
    assert accept.peers == (Peer(None, None, domain="*.example.org"), Peer(None, None, domain="example.com"))


FAULTS = [
    # A1: what is required
    Swap("tier:", "tier: null", "required_field", "spec.tier"),
    Swap("priority:", "priority: null", "required_field", "spec.priority"),
    Swap("action: Accept", "action: null", "required_field", "spec.ingress[0].action"),
    Swap("pods: {podSelector", "- pods: {namespaceSelector: {}}", "required_field",
         "spec.ingress[0].from[1].pods.podSelector"),
    Swap("namespaces:", "- namespaces: {matchExpressions: [{operator: Exists}]}", "required_field",
         f"{PEER}.namespaces.matchExpressions[0].key"),
    Swap("udp:", "- udp: {destinationPort: {range: {start: 8000}}}", "required_field",
         "spec.ingress[0].protocols[1].udp.destinationPort.range.end"),
    # A2: words and numbers
    Swap("tier:", "tier: admin", "tier_invalid", "spec.tier"),
    Swap("tier:", "tier: NetworkPolicy", "tier_invalid", "spec.tier"),
    Swap("priority:", "priority: 1001", "priority_out_of_range", "spec.priority"),
    Swap("priority:", "priority: -1", "priority_out_of_range", "spec.priority"),
    Swap("priority:", "priority: '7'", "wrong_type", "spec.priority"),
    Swap("priority:", "priority: 7.5", "wrong_type", "spec.priority"),
    Swap("priority:", "priority: .inf", "wrong_type", "spec.priority"),
    Swap("priority:", f"priority: {'9' * 30}", "priority_out_of_range", "spec.priority"),
    Swap("priority:", f"priority: {'9' * 5000}", "wrong_type", "spec.priority"),
    Swap("action: Accept", "action: Allow", "action_invalid", "spec.ingress[0].action"),
    Swap("action: Accept", "action: accept", "action_invalid", "spec.ingress[0].action"),
    Swap("action: Accept", "action: true", "wrong_type", "spec.ingress[0].action"),
    # A3: exactly one
    Swap("subject:", "subject: {}", "exactly_one_field", SUBJECT),
    Swap("subject:", "subject: {namespaces: null}", "exactly_one_field", SUBJECT),
    Swap("subject:", "subject: {namespaces: {}, pods: {podSelector: {}}}", "exactly_one_field", SUBJECT),
    Swap("namespaces:", "- {}", "exactly_one_field", PEER),
    Swap("namespaces:", "- {namespaces: {}, pods: {podSelector: {}}}", "exactly_one_field", PEER),
    Swap("tcp:", "- {}", "exactly_one_field", ITEM),
    Swap("tcp:", "- {destinationNamedPort: a, tcp: {destinationPort: {number: 1}}}", "exactly_one_field", ITEM),
    Swap("tcp:", "- tcp: {destinationPort: {}}", "exactly_one_field", f"{ITEM}.tcp.destinationPort"),
    Swap("tcp:", "- tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}", "exactly_one_field",
         f"{ITEM}.tcp.destinationPort"),
    # A4: sizes
    Swap("to: [", "to: []", "list_size", "spec.egress[1].to"),
    Swap("protocols:", "protocols: []\nx:", "list_size", "spec.ingress[0].protocols"),
    Swap("networks:", "- networks: []", "list_size", f"{TO}.networks"),
    Swap("networks:", f"- networks: [{', '.join(f'10.{i}.0.0/16' for i in range(26))}]", "list_size",
         f"{TO}.networks"),
    Swap("to: [", f"to: [{', '.join(['{namespaces: {}}'] * 26)}]", "list_size", "spec.egress[1].to"),
    Swap("name: from c", f"- name: {'n' * 101}", "rule_name_too_long", "spec.ingress[0].name"),
    # A5: networks
    Swap("networks:", "- networks: [10.0.0.0/8, 10.0.0.0/8]", "duplicate_item", f"{TO}.networks[1]"),
    Swap("networks:", "- networks: [10.0.0.1]", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: [10.0.0.0/33]", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: [010.0.0.0/8]", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: ['::ffff:10.0.0.0/104']", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: ['0000:0000:0000:0000:0000:0000:255.255.255.255/128']", "cidr_invalid",
         f"{TO}.networks[0]"),
    Swap("networks:", "- networks: ['fe80::%eth0/64']", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: ['']", "cidr_invalid", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: [null]", "null_item", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: [10]", "wrong_type", f"{TO}.networks[0]"),
    Swap("networks:", "- networks: 10.0.0.0/8", "wrong_type", f"{TO}.networks"),
    # A6: ports
    Swap("tcp:", "- tcp: {}", "protocol_without_port", f"{ITEM}.tcp"),
    Swap("tcp:", "- tcp: {destinationPort: {number: 0}}", "port_out_of_range", f"{ITEM}.tcp.destinationPort.number"),
    Swap("tcp:", "- tcp: {destinationPort: {number: 65536}}", "port_out_of_range",
         f"{ITEM}.tcp.destinationPort.number"),
    Swap("tcp:", "- tcp: {destinationPort: {number: '80'}}", "wrong_type", f"{ITEM}.tcp.destinationPort.number"),
    Swap("tcp:", "- tcp: {destinationPort: {range: {start: 80, end: 80}}}", "port_range_invalid",
         f"{ITEM}.tcp.destinationPort.range"),
    Swap("tcp:", "- tcp: {destinationPort: {range: {start: 81, end: 80}}}", "port_range_invalid",
         f"{ITEM}.tcp.destinationPort.range"),
    Swap("tcp:", "- tcp: {destinationPort: {range: {start: 0, end: 80}}}", "port_out_of_range",
         f"{ITEM}.tcp.destinationPort.range.start"),
    # A8: no channel of the API takes a named port for nodes or domain names
    Swap("nodes:", "- nodes: {}\nprotocols: [{destinationNamedPort: web}] # here", "named_port_of_networks",
         "spec.egress[0].protocols"),
    Swap("to: [", "to: [{domainNames: [a.b]}]\nprotocols: [{destinationNamedPort: web}] # here",
         "named_port_of_networks", "spec.egress[1].protocols"),
    Swap("nodes:", "- nodes: {}\nprotocols: [{destinationNamedPort: ''}] # here", "named_port_of_networks",
         "spec.egress[0].protocols"),
    # A9: domain names
    *(
        Swap("to: [", f"to: [{{domainNames: ['{name}']}}]", "domain_name_invalid",
             "spec.egress[1].to[0].domainNames[0]")
        for name in ("*", "*.", "com", "*.com", "**.x.y", "a*.x.y", "x.*.y", "a..b", "-a.b", "a-.b", "a.b:80", "a b.c",
                     "", ".a.b", "ä.b", "a.b..")
    ),
    Swap("to: [", "to: [{domainNames: [a.b, a.b]}]", "duplicate_item", "spec.egress[1].to[0].domainNames[1]"),
    # null items of lists, other types
    Swap("namespaces:", "-", "null_item", PEER),
    Swap("tcp:", "- null", "null_item", ITEM),
    Swap("namespaces:", "- namespaces: {matchExpressions: [null]}", "null_item",
         f"{PEER}.namespaces.matchExpressions[0]"),
    Swap("namespaces:", "- namespaces: {matchExpressions: [{key: a, operator: In, values: [null]}]}", "null_item",
         f"{PEER}.namespaces.matchExpressions[0].values[0]"),
    Swap("namespaces:", "- namespaces: {matchLabels: {a: 1}}", "wrong_type", f"{PEER}.namespaces.matchLabels.a"),
    Swap("namespaces:", "- namespaces: {matchLabels: [a]}", "wrong_type", f"{PEER}.namespaces.matchLabels"),
    Swap("namespaces:", "- namespaces: []", "wrong_type", f"{PEER}.namespaces"),
    Swap("namespaces:", "- team", "wrong_type", PEER),
    Swap("subject:", "subject: everything", "wrong_type", SUBJECT),
    Swap("destinationNamedPort:", "- destinationNamedPort: 80", "wrong_type",
         "spec.ingress[0].protocols[2].destinationNamedPort"),
    # unknown and doubled keys
    Swap("priority:", "priority: 7\npolicyTypes: [Ingress] # here", "unknown_field", "spec.policyTypes"),
    Swap("protocols:", "ports:", "unknown_field", "spec.ingress[0].ports"),
    Swap("namespaces:", "- podSelector: {}", "unknown_field", f"{PEER}.podSelector"),
    Swap("namespaces:", "- networks: [10.0.0.0/8]", "unknown_field", f"{PEER}.networks"),
    Swap("networks:", "- ipBlock: {cidr: 10.0.0.0/8}", "unknown_field", f"{TO}.ipBlock"),
    Swap("to: [", "from: [{namespaces: {}}]", "unknown_field", "spec.egress[1].from"),
    Swap("tcp:", "- {protocol: TCP, port: 80}", "unknown_field", f"{ITEM}.port"),
    Swap("tcp:", "- portNumber: {protocol: TCP, port: 80}", "unknown_field", f"{ITEM}.portNumber"),
    Swap("tcp:", "- tcp: {number: 80}", "unknown_field", f"{ITEM}.tcp.number"),
    Swap("destinationNamedPort:", "- namedPort: web", "unknown_field", "spec.ingress[0].protocols[2].namedPort"),
    Swap("pods: {podSelector", "- pods: {podSelector: {}, podselector: {}}", "unknown_field",
         "spec.ingress[0].from[1].pods.podselector"),
    Swap("priority:", "priority: 7\npriority: 7 # here", "duplicate_key", "spec.priority"),
    Swap("name: fence", "name: fence\nlabels: {a: 1} # here", "wrong_type", "metadata.labels.a"),
    # the shape of v0.1.1
    Swap("namespaces:", "- namespaces:\n    namespaceSelector: {} # here", "old_shape",
         f"{PEER}.namespaces.namespaceSelector"),
    Swap("namespaces:", "- namespaces: {sameLabels: [a]}", "old_shape", f"{PEER}.namespaces.sameLabels"),
    Swap("namespaces:", "- namespaces: {notSameLabels: [a]}", "old_shape", f"{PEER}.namespaces.notSameLabels"),
    Swap("networks:", "- pods: {namespaces: {namespaceSelector: {}}, podSelector: {}}", "old_shape",
         f"{TO}.pods.namespaces"),
    # versions that are not known
    Swap("apiVersion:", "apiVersion: policy.networking.k8s.io/v1alpha1", "version_unknown", "apiVersion"),
    Swap("apiVersion:", "apiVersion: policy.networking.k8s.io/v2", "version_unknown", "apiVersion"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("tier:", "spec.tier"), ("priority:", "spec.priority"), ("subject:", "spec.subject"),
        ("action: Accept", "spec.ingress[0].action"), ("to: [", "spec.egress[1].to"),
    ],
)  # fmt: skip
def test_what_is_missing_is_reported_where_it_should_stand(line: str, missing: str) -> None:
    policy, (problem,) = compiled(Swap(line, "", "", "").applied(SOUND)[0])
    assert policy.set_aside
    assert (problem.code, problem.path) == ("required_field", missing)
    assert problem.source is not None
    owner = missing.rpartition(".")[0]
    assert problem.source.line in {"spec": (6, 7), "spec.ingress[0]": (10,), "spec.egress[1]": (24,)}[owner]


@pytest.mark.parametrize("swap", [pytest.param(swap, id=swap.id) for swap in FAULTS])
def test_what_the_api_server_refuses_is_set_aside_with_path_and_line(swap: Swap) -> None:
    check_set_aside(SOUND, swap)


@pytest.mark.parametrize(
    ("line", "text", "hint"),
    [
        ("action: Accept", "action: Allow", "says Accept"),
        ("action: Accept", "action: accept", 'mean "Accept"'),
        ("protocols:", "ports:", "here it is protocols"),
        ("tcp:", "- portNumber: {port: 80}", "tcp: {destinationPort: {number: 80}}"),
        ("tcp:", "- tcp: {}", "range: {start: 1, end: 65535}"),
        ("namespaces:", "- podSelector: {}", "pods: {namespaceSelector"),
        ("namespaces:", "- nodes: {}", "Sources are pods"),
        ("networks:", "- ipBlock: {cidr: 10.0.0.0/8}", "networks: [10.0.0.0/8]"),
        ("networks:", "- network: [10.0.0.0/8]", 'mean "networks"'),
        ("to: [", "form: []", 'Known here: action, name, protocols, to'),
        ("subject:", "podSelector: {}", "subject: {pods:"),
    ],
)  # fmt: skip
def test_a_fault_says_what_to_write(line: str, text: str, hint: str) -> None:
    document, _ = Swap(line, text, "", "").applied(SOUND)
    _, problems = compiled(document)
    assert any(hint in problem.message for problem in problems), problems


BOTH = {Direction.INGRESS, Direction.EGRESS}
WHOLE = Subject(None, None)


@pytest.mark.parametrize(
    ("spec", "subject", "directions"),
    [
        ("{subject: {namespaces: {matchLabels: {a: b}}}, ingress: [{}]}",
         Subject(None, None, labels(a="b")), {Direction.INGRESS}),
        ("{subject: {namespaces: {matchLabels: {a: b}}}, ingress: [], egress: [{}]}",
         Subject(None, None, labels(a="b")), {Direction.EGRESS}),
        ("{subject: {namespaces: {matchLabels: {a: b}}}, ingres: [{}]}", Subject(None, None, labels(a="b")), BOTH),
        ("{subject: {namespaces: {matchLabels: {a: b}}}, egress: everyone}",
         Subject(None, None, labels(a="b")), {Direction.EGRESS}),
        ("{subject: {pods: {podSelector: {matchLabels: {a: b}}}}, egress: [{}]}",
         Subject(None, labels(a="b"), EVERYTHING), {Direction.EGRESS}),
        ("{subject: {pods: {namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: 1}}}, egress: [{}]}",
         Subject(None, None, labels(a="b")), {Direction.EGRESS}),
        ("{subject: {pods: {namespaceSelector: [], podSelector: {matchLabels: {c: d}}}}, egress: [{}]}",
         Subject(None, labels(c="d")), {Direction.EGRESS}),
        ("{subject: {pods: {podSelector: {matchLabels: {a: b}}, namespaceSelecter: {}}}, egress: [{}]}",
         WHOLE, {Direction.EGRESS}),
        ("{subject: {namespaces: {matchLabel: {a: b}}}, egress: [{}]}", WHOLE, {Direction.EGRESS}),
        ("{subject: {namespaces: {matchLabels: {a: b}}, pods: {podSelector: {}}}, egress: [{}]}",
         WHOLE, {Direction.EGRESS}),
        ("{subject: {namespaces: {matchExpressions: [{key: a, operator: in}]}}, egress: [{}]}",
         WHOLE, {Direction.EGRESS}),
        ("{egress: [{}]}", WHOLE, {Direction.EGRESS}),
        ("null", WHOLE, BOTH),
        ("[]", WHOLE, BOTH),
        ("everything", WHOLE, BOTH),
    ],
)  # fmt: skip
def test_what_is_set_aside_may_select_no_less_than_was_meant(
    spec: str, subject: Subject, directions: set[Direction]
) -> None:
    head = SOUND.partition("spec:")[0]
    policy, _ = compiled(f"{head}spec: {spec}\n")
    assert policy.set_aside
    assert policy.subject == subject
    assert set(policy.rules) == directions
    assert policy.tier is Tier.ADMIN


@pytest.mark.parametrize(
    ("line", "text", "tier", "order"),
    [
        ("tier:", "tier: Baseline\ntier: Admin", Tier.ADMIN, 7),
        ("tier:", "tier: [Baseline]", Tier.ADMIN, 7),
        ("priority:", "priority: 7\npriority: 900", Tier.BASELINE, 0),
        ("action: Accept", "action: Allow", Tier.BASELINE, 7),
    ],
)
def test_what_is_set_aside_is_of_the_tier_and_the_place_that_it_may_have(
    line: str, text: str, tier: Tier, order: int
) -> None:
    policy, _ = compiled(Swap(line, text, "", "").applied(SOUND)[0])
    assert policy.set_aside
    assert (policy.tier, policy.order) == (tier, order)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("subject:", "subject: {namespaces: {matchLabels: {a: b}}}\nsubject: {namespaces: {}}"),
        ("subject:", "subject: {namespaces: {matchLabels: {a: b}}, namespaces: {}}"),
        ("subject:", "subject: {namespaces: {matchLabels: {a: b}, matchLabels: {}}}"),
        ("subject:", "subject: {namespaces: {matchLabels: {a: b, a: c}}}"),
    ],
)
def test_a_subject_with_a_key_given_twice_is_the_whole_cluster(line: str, text: str) -> None:
    policy, problems = compiled(Swap(line, text, "", "").applied(SOUND)[0])
    assert policy.set_aside
    assert policy.subject == WHOLE
    assert [problem.code for problem in problems] == ["duplicate_key"]


def test_a_spec_given_twice_may_mean_anything() -> None:
    policy, _ = compiled(f"{SOUND}spec: {{tier: Admin}}\n")
    assert policy.set_aside
    assert policy.subject == WHOLE
    assert set(policy.rules) == BOTH
    assert policy.tier is Tier.ADMIN


NOTHING_MATCHES = [
    ("{matchExpressions: [{key: a, operator: in, values: [b]}]}", "matchExpressions[0].operator"),
    ("{matchExpressions: [{key: a, operator: Gt, values: ['1']}]}", "matchExpressions[0].operator"),
    ("{matchExpressions: [{key: a, operator: ''}]}", "matchExpressions[0].operator"),
    ("{matchExpressions: [{key: a, operator: In}]}", "matchExpressions[0].values"),
    ("{matchExpressions: [{key: a, operator: In, values: []}]}", "matchExpressions[0].values"),
    ("{matchExpressions: [{key: a, operator: NotIn, values: null}]}", "matchExpressions[0].values"),
    ("{matchExpressions: [{key: a, operator: Exists, values: [b]}]}", "matchExpressions[0].values"),
    ("{matchExpressions: [{key: a, operator: DoesNotExist, values: ['']}]}", "matchExpressions[0].values"),
    ("{matchExpressions: [{key: '', operator: Exists}]}", "matchExpressions[0]"),
    ("{matchExpressions: [{key: a b, operator: Exists}]}", "matchExpressions[0]"),
    ("{matchExpressions: [{key: a, operator: NotIn, values: [b, 'c d']}]}", "matchExpressions[0]"),
    ("{matchLabels: {a/b/c: d}}", "matchLabels.a/b/c"),
    ("{matchLabels: {a: 'b c'}}", "matchLabels.a"),
    ("{matchLabels: {app: d}, matchExpressions: [{key: a, operator: In}]}", "matchExpressions[0].values"),
]


@pytest.mark.parametrize(("selector", "path"), NOTHING_MATCHES)
def test_a_selector_that_does_not_convert_matches_nothing(selector: str, path: str) -> None:
    """Spec §2, rows 36 and 37: the API server takes it."""
    swap = Swap("namespaces:", f"- namespaces: {selector}", "selector_matches_nothing", f"{PEER}.namespaces.{path}")
    policy = check_accepted(SOUND, swap)
    peers = policy.rules[Direction.INGRESS][0].peers
    assert peers is not None
    assert peers[0] == Peer(NOTHING, None)
    assert len(peers) == 2
    swap = Swap("subject:", f"subject: {{namespaces: {selector}}}", swap.code, f"{SUBJECT}.namespaces.{path}")
    assert check_accepted(SOUND, swap).subject == Subject(None, None, NOTHING)
    swap = Swap("nodes:", f"- nodes: {selector}", swap.code, f"spec.egress[0].to[1].nodes.{path}")
    assert check_accepted(SOUND, swap).rules[Direction.EGRESS][0].peers[-1:] == (Peer(None, None, nodes=NOTHING),)  # type: ignore[index]


@pytest.mark.parametrize("known", [Labels({}), Labels({"": ""}), Labels({"a": "b"}), Labels({}, open=True)])
def test_nothing_matches_no_labels_whatever_they_are(known: Labels) -> None:
    assert NOTHING.match(known) is Match.NO


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{}", EVERYTHING),
        ("{matchLabels: null, matchExpressions: null}", EVERYTHING),
        ("{matchExpressions: []}", EVERYTHING),
        ("{matchLabels: {a: ''}}", labels(a="")),
        ("{matchExpressions: [{key: a, operator: NotIn, values: [c, b, c]}]}",
         Selector((Requirement("a", "NotIn", ("b", "c")),))),
        ("{matchExpressions: [{key: a, operator: Exists, values: []}, {key: b, operator: DoesNotExist}]}",
         Selector((Requirement("a", "Exists"), Requirement("b", "DoesNotExist")))),
    ],
)  # fmt: skip
def test_sound_selectors(selector: str, expected: Selector) -> None:
    document, _ = Swap("namespaces:", f"- namespaces: {selector}", "", "").applied(SOUND)
    policy, problems = compiled(document)
    assert not problems
    assert policy.rules[Direction.INGRESS][0].peers[0] == Peer(expected, None)  # type: ignore[index]


def test_a_null_label_is_dropped_and_reported() -> None:
    """Row 109."""
    swap = Swap("nodes:", "- nodes: {matchLabels: {role: null}}", "null_label_dropped",
                "spec.egress[0].to[1].nodes.matchLabels.role")  # fmt: skip
    policy = check_accepted(SOUND, swap)
    assert policy.rules[Direction.EGRESS][0].peers[-1] == Peer(None, None, nodes=EVERYTHING)  # type: ignore[index]


@pytest.mark.parametrize("action", ["Deny", "Pass"])
def test_an_empty_named_port_fails_closed_as_a_deny_of_everything(action: str) -> None:
    """Row 113, spec §6.1: as one that is not understood."""
    document, _ = Swap("action: Accept", f"action: {action}", "", "").applied(SOUND)
    swap = Swap("destinationNamedPort:", '- destinationNamedPort: ""', "named_port_empty",
                "spec.ingress[0].protocols[2].destinationNamedPort")  # fmt: skip
    (rule,) = check_accepted(document, swap).rules[Direction.INGRESS]
    assert (rule.action, rule.peers, rule.ports, rule.name) == (Action.DENY, None, ALL, "from c")


def test_an_empty_named_port_accepts_nothing() -> None:
    swap = Swap("destinationNamedPort:", '- destinationNamedPort: ""', "named_port_empty",
                "spec.ingress[0].protocols[2].destinationNamedPort")  # fmt: skip
    (rule,) = check_accepted(SOUND, swap).rules[Direction.INGRESS]
    assert (rule.action, rule.ports) == (Action.ALLOW, NONE)


@pytest.mark.parametrize("name", ["HTTP", "80", "a-name-of-sixteen", "a--b"])
def test_a_port_name_that_no_pod_can_have_is_reported(name: str) -> None:
    swap = Swap("destinationNamedPort:", f'- destinationNamedPort: "{name}"', "port_name_unmatched",
                "spec.ingress[0].protocols[2].destinationNamedPort")  # fmt: skip
    (rule,) = check_accepted(SOUND, swap).rules[Direction.INGRESS]
    assert rule.ports.contains("TCP", 80)
    assert not rule.ports.contains("TCP", 81)


def test_networks_with_a_named_port_match_by_the_name_only() -> None:
    """Row 114: one channel of the API takes it."""
    swap = Swap("nodes:", "protocols: [{destinationNamedPort: dns}]", "named_port_of_networks",
                "spec.egress[0].protocols")  # fmt: skip
    rule = check_accepted(SOUND, swap).rules[Direction.EGRESS][0]
    assert rule.peers == (
        Peer(None, None, Block(parse_cidr("10.0.0.0/8"))), Peer(None, None, Block(parse_cidr("2001:db8::/32"))),
    )  # fmt: skip
    assert rule.ports is PortSet.of(names=[("dns", protocol) for protocol in PROTOCOLS])


@pytest.mark.parametrize(("action", "meant"), [("Deny", Action.DENY), ("Pass", Action.PASS)])
def test_a_domain_name_that_is_not_accepted_keeps_its_action(action: str, meant: Action) -> None:
    """Row 122."""
    swap = Swap("action: Deny", f"- action: {action}\n  to: [{{domainNames: [A.b]}}] # here\n- action: Deny",
                "domain_name_not_allowed", "spec.egress[0].to[0].domainNames")  # fmt: skip
    rule = check_accepted(SOUND, swap).rules[Direction.EGRESS][0]
    assert (rule.action, rule.peers) == (meant, (Peer(None, None, domain="a.b"),))


@pytest.mark.parametrize(
    ("spec", "rules"),
    [
        ("ingress: null, egress: null", {}),
        ("ingress: [], egress: []", {}),
        ("ingress: [{action: Pass, from: [{namespaces: {}}], protocols: null, name: null}]", {Direction.INGRESS: 1}),
        (f"egress: [{', '.join(['{action: Deny, to: [{pods: {podSelector: {}}}]}'] * 25)}]", {Direction.EGRESS: 25}),
    ],
)
def test_a_direction_without_rules_has_no_part(spec: str, rules: dict[Direction, int]) -> None:
    head = SOUND.partition("spec:")[0]
    policy, problems = compiled(f"{head}spec: {{tier: Admin, priority: 0, subject: {{namespaces: {{}}}}, {spec}}}\n")
    assert not problems
    assert {direction: len(found) for direction, found in policy.rules.items()} == rules
    assert (policy.tier, policy.order) == (Tier.ADMIN, 0)


def test_twenty_six_rules_are_too_many() -> None:
    rules = ", ".join(["{action: Deny, to: [{namespaces: {}}]}"] * 26)
    head = SOUND.partition("egress:")[0]
    policy, problems = compiled(f"{head}egress: [{rules}]\n")
    assert policy.set_aside
    assert [(problem.code, problem.path) for problem in problems] == [("list_size", "spec.egress")]


def test_the_whole_range_is_every_port_of_the_protocol() -> None:
    text = "- tcp: {destinationPort: {range: {start: 1, end: 65535}}}"
    document, _ = Swap("tcp:", text, "", "").applied(SOUND)
    assert PortSet.whole("TCP") & PortSet.of(rule_of(document, Direction.INGRESS).ports.spans) is PortSet.whole("TCP")


def test_host_bits_are_masked_and_reported() -> None:
    document, line = Swap("networks:", "- networks: [10.1.2.3/8]", "", "").applied(SOUND)
    policy, (problem,) = compiled(document)
    assert (problem.severity, problem.code, problem.source and problem.source.line) == (
        "warning", "cidr_odd_spelling", line,
    )  # fmt: skip
    assert policy.rules[Direction.EGRESS][0].peers[0] == Peer(None, None, Block(parse_cidr("10.0.0.0/8")))  # type: ignore[index]


def test_a_namespace_is_ignored() -> None:
    document, line = Swap("name: fence", "name: fence\nnamespace: x # here", "", "").applied(SOUND)
    policy, (problem,) = compiled(document)
    assert (problem.severity, problem.code, problem.path) == ("warning", "namespace_ignored", "metadata.namespace")
    assert problem.source is not None
    assert problem.source.line == line
    assert (policy.namespace, policy.set_aside) == ("", "")


def test_the_same_name_with_different_content_names_no_namespace() -> None:
    from webapp.dialects import compile_policies
    from webapp.manifests import SourceFile, read

    other = SOUND.replace("priority: 7", "priority: 8").replace("name: fence", "name: fence\n  namespace: x")
    intake = read([SourceFile("p.yaml", f"{SOUND}---\n{other}".encode())])
    policies, problems = compile_policies(intake.documents)
    assert [policy.version for policy in policies] == [1, 2]
    assert [p.object for p in problems if p.code == "duplicate_object"] == ["ClusterNetworkPolicy fence"]
