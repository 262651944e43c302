"""Policies of the Admin and Baseline tiers (spec §§5, 6): their rules are asked in order, and the first that matches
decides. The APIs differ in few things, which a `Shape` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from webapp.dialects._clusterpeers import SOURCES, decode_peers, decode_subject, widened
from webapp.dialects._crdfields import choice_of, fields_of, integer_of, items_of, required
from webapp.dialects._decoding import Decoding, is_null, is_port_name
from webapp.dialects._metadata import read_metadata
from webapp.manifests import tree
from webapp.manifests.tree import Node
from webapp.model.policy import Action, Direction, Peer, Policy, Rule, Subject, Tier
from webapp.model.ports import ALL, LAST_PORT, NONE, PROTOCOLS, PortSet

GROUP = "policy.networking.k8s.io"

_ASIDE = "policy_set_aside"
_TOP = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})
_TIERS = {str(tier): tier for tier in (Tier.ADMIN, Tier.BASELINE)}
_PEERS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}
_LAST_PRIORITY = 1000
_LONGEST_NAME = 100
_SPEC_HINTS = {
    "podSelector": "Write subject: {pods: {namespaceSelector: {}, podSelector: {…}}}.",
    "namespaceSelector": "Write subject: {namespaces: {…}}.",
    "policyTypes": "A direction applies where it has rules. Remove it.",
    "tier": "The kind says the tier here; spec.tier belongs to ClusterNetworkPolicy.",
    "priority": "A BaselineAdminNetworkPolicy has none, as there is only one.",
}

PortItem = Callable[[Decoding, Node, str], PortSet | None]
"""Decodes one item of `ports` or `protocols`. None: its meaning is not known, and the rule fails closed."""


@dataclass(frozen=True)
class Shape:
    """What tells one API from another.

    ``tier``: None where spec.tier says it. ``most``: how many rules, peers and port items a list takes.
    ``destinations``: the peers of egress. ``ports``: the field of a rule, and ``port_item`` decodes what is in it.
    ``both_selectors``: `pods` must name the namespaces too. ``networks_take_names``: whether a server may accept a
    named port together with networks. ``hints``: for fields of a rule that other APIs have.
    """

    version: str
    tier: Tier | None
    has_priority: bool
    actions: Mapping[str, Action]
    most: int
    destinations: frozenset[str]
    ports: str
    port_item: PortItem
    both_selectors: bool
    networks_take_names: bool
    hints: Mapping[str, str]

    @property
    def fields(self) -> frozenset[str]:
        """Those of spec."""
        of_tier = set() if self.tier else {"tier"}
        return frozenset({"subject", *Direction, *of_tier, *({"priority"} if self.has_priority else ())})


def compile_policy(decoding: Decoding, shape: Shape) -> Policy:
    """The policy; set aside whole if the API server would refuse it, then with the widest subject and directions that
    it may mean (contract, "Set aside")."""
    document = decoding.document
    decoding.mapping(document.body, "", _TOP)
    _check_scope(decoding, read_metadata(decoding))
    spec = _readable_spec(decoding, shape.version)
    if spec is None:
        return Policy(
            document.kind, "", document.name, shape.tier or Tier.ADMIN, Subject(None, None),
            dict.fromkeys(Direction, ()), document.source, _ASIDE,
        )  # fmt: skip
    fields = fields_of(decoding, spec, "spec", shape.fields, _SPEC_HINTS) or {}
    tier = shape.tier or _tier(decoding, fields, spec) or Tier.ADMIN
    order = _priority(decoding, fields, spec) if shape.has_priority else 0
    subject = _subject(decoding, shape, fields, spec)
    rules = {way: _rules(decoding, shape, way, fields[way]) for way in Direction if way in fields}
    policy = Policy(
        document.kind, "", document.name, tier, subject, {way: found for way, found in rules.items() if found},
        document.source, order=order,
    )  # fmt: skip
    return _set_aside(policy, shape, spec) if decoding.broken else policy


def _set_aside(policy: Policy, shape: Shape, spec: tree.Mapping) -> Policy:
    """Without rules, in the directions in which it has some or may have them under a misspelt or doubled key; what is
    doubled is taken as wide as it can be meant."""
    doubled = {key for key, *_ in spec.duplicates}
    misspelt = not spec.keys() <= shape.fields
    return policy._replace(
        tier=shape.tier or Tier.ADMIN if "tier" in doubled else policy.tier,
        order=0 if "priority" in doubled else policy.order,
        subject=Subject(None, None) if "subject" in doubled else widened(policy.subject),
        rules={way: () for way in Direction if misspelt or way in doubled or not _is_empty(spec.get(way))},
        set_aside=_ASIDE,
    )


def named_port(decoding: Decoding, node: Node, path: str) -> PortSet | None:
    """A port by its name, of whatever protocol the destination pod has it. None if the name is empty (row 113)."""
    name = decoding.string(node, path)
    if name is None:
        return NONE
    if not name:
        message = (
            "The name of the port is empty. The API server takes it, and it means nothing: as the API asks, a rule "
            "that allows then matches nothing, and any other denies everything in its direction."
        )
        decoding.report("error", "named_port_empty", message, node, path)
        return None
    if not is_port_name(name):
        message = f'No pod can have a port of the name "{name[:40]}", so this matches nothing.'
        decoding.report("error", "port_name_unmatched", message, node, path)
    return PortSet.of(names=[(name, protocol) for protocol in PROTOCOLS])


def port_number(decoding: Decoding, fields: Mapping[str, Node], key: str, owner: Node, path: str) -> int | None:
    """A required number of a port. None after a fault."""
    node = required(decoding, fields, key, owner, path)
    return integer_of(decoding, node, f"{path}.{key}", 1, LAST_PORT, "port_out_of_range")


def _readable_spec(decoding: Decoding, version: str) -> tree.Mapping | None:
    """The spec, if there is one and its shape is known. None after a fault. A document without a group, which the
    reader has reported, is read as one of the version that is known."""
    body, given = decoding.document.body, decoding.document.api_version
    if "/" in given and given != f"{GROUP}/{version}":
        message = f"{decoding.document.kind} is known as {GROUP}/{version}; what {given[:80]} means is not."
        decoding.fault("version_unknown", message, body.get("apiVersion"), "apiVersion")
        return None
    spec = body.get("spec")
    if any(key == "spec" for key, *_ in body.duplicates):
        return None
    if spec is None or is_null(spec):
        decoding.fault("required_field", "spec is required.", spec or body, "spec")
        return None
    if not isinstance(spec, tree.Mapping):
        decoding.wrong_type(spec, "spec", "a mapping")
        return None
    return spec


def _check_scope(decoding: Decoding, metadata: tree.Mapping | None) -> None:
    if metadata is not None and not is_null(metadata.get("namespace")):
        message = f"A {decoding.document.kind} is of the whole cluster; its metadata.namespace is ignored. Remove it."
        decoding.report("warning", "namespace_ignored", message, metadata["namespace"], "metadata.namespace")


def _tier(decoding: Decoding, fields: Mapping[str, Node], spec: Node) -> Tier | None:
    node = required(decoding, fields, "tier", spec, "spec")
    return choice_of(decoding, node, "spec.tier", _TIERS, "tier_invalid")


def _priority(decoding: Decoding, fields: Mapping[str, Node], spec: Node) -> int:
    node = required(decoding, fields, "priority", spec, "spec")
    return integer_of(decoding, node, "spec.priority", 0, _LAST_PRIORITY, "priority_out_of_range") or 0


def _subject(decoding: Decoding, shape: Shape, fields: Mapping[str, Node], spec: Node) -> Subject:
    node = required(decoding, fields, "subject", spec, "spec")
    if node is None:
        return Subject(None, None)
    return decode_subject(decoding, node, both_selectors=shape.both_selectors)


def _is_empty(node: Node | None) -> bool:
    return is_null(node) or (isinstance(node, tree.Sequence) and not node)


def _rules(decoding: Decoding, shape: Shape, direction: Direction, node: Node) -> tuple[Rule, ...]:
    listed = items_of(decoding, node, f"spec.{direction}", shape.most, least=0)
    return tuple(
        _rule(decoding, shape, direction, index, item, f"spec.{direction}[{index}]")
        for index, item in enumerate(listed)
    )  # fmt: skip


def _rule(decoding: Decoding, shape: Shape, direction: Direction, index: int, node: Node, path: str) -> Rule:
    key, source = _PEERS[direction], decoding.place(node)
    hints = {**shape.hints, _PEERS[_other(direction)]: f"A rule of {direction} has {key}."}
    fields = fields_of(decoding, node, path, frozenset({"name", "action", key, shape.ports}), hints)
    if fields is None:
        return Rule(direction, index, (), NONE, source)
    name = _name(decoding, fields.get("name"), f"{path}.name")
    given = required(decoding, fields, "action", node, path)
    action = choice_of(decoding, given, f"{path}.action", shape.actions, "action_invalid", _ACTION_HINTS)
    peers = _peers(decoding, shape, required(decoding, fields, key, node, path), f"{path}.{key}", direction, action)
    where = f"{path}.{shape.ports}"
    ports = _ports(decoding, shape, fields.get(shape.ports), where)
    if ports is None or ports.names:
        _check_names(decoding, shape, peers, fields.get(shape.ports), where)
    if ports is None:  # fail closed (spec §6.1)
        if action is not Action.ALLOW:
            return Rule(direction, index, None, ALL, source, Action.DENY, name)
        ports = NONE
    return Rule(direction, index, tuple(peers), ports, source, action or Action.DENY, name)


_ACTION_HINTS = {
    "Allow": "A ClusterNetworkPolicy says Accept.",
    "Accept": "In v1alpha1 it is Allow.",
    "Pass": "A BaselineAdminNetworkPolicy has no Pass: leave the rule out, or allow.",
}


def _other(direction: Direction) -> Direction:
    return Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS


def _name(decoding: Decoding, node: Node | None, path: str) -> str:
    name = decoding.string(node, path) or ""
    if len(name) > _LONGEST_NAME:
        message = f"The name has {len(name)} characters; at most {_LONGEST_NAME} are taken."
        decoding.fault("rule_name_too_long", message, node, path)
    return name


def _peers(
    decoding: Decoding, shape: Shape, node: Node | None, path: str, direction: Direction, action: Action | None
) -> list[Peer]:
    if node is None:
        return []
    known = SOURCES if direction is Direction.INGRESS else shape.destinations
    found: list[Peer] = []
    for index, item in enumerate(items_of(decoding, node, path, shape.most)):
        where = f"{path}[{index}]"
        found += decode_peers(decoding, item, where, known, action, both_selectors=shape.both_selectors)
    return found


def _ports(decoding: Decoding, shape: Shape, node: Node | None, path: str) -> PortSet | None:
    """The ports of a rule, all if it names none. None if one of them is not understood."""
    if node is None:
        return ALL
    listed = items_of(decoding, node, path, shape.most)
    sets = [shape.port_item(decoding, item, f"{path}[{index}]") for index, item in enumerate(listed)]
    ports = NONE
    for one in sets:
        if one is None:
            return None
        ports |= one
    return ports


def _check_names(decoding: Decoding, shape: Shape, peers: Sequence[Peer], node: Node | None, path: str) -> None:
    """Of a rule with a named port: addresses, nodes and domain names have none (A8)."""
    if all(_is_of_pods(peer) for peer in peers):
        return
    message = "A named port beside networks, nodes or domainNames: only pods have named ports."
    if shape.networks_take_names and all(peer.block or _is_of_pods(peer) for peer in peers):
        message += (
            " A server with the experimental channel of the API refuses it; on others the networks match only pods "
            "that have a port of this name. Use a number."
        )
        decoding.report("error", "named_port_of_networks", message, node, path)
    else:
        decoding.fault("named_port_of_networks", f"{message} Use a number, or a rule of its own.", node, path)


def _is_of_pods(peer: Peer) -> bool:
    return peer.block is None and peer.nodes is None and peer.domain is None
