"""networking.k8s.io/v1 NetworkPolicy (spec §§2-3, §10.1): allow rules that add up; whom one selects is isolated."""

from __future__ import annotations

from functools import lru_cache

from webapp.dialects._decoding import Decoding, is_null, is_port_name, is_subdomain, nearest, value_of
from webapp.dialects._labelselectors import decode_selector, usual_selector
from webapp.dialects._metadata import read_metadata
from webapp.manifests.scalars import resolve_plain
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence
from webapp.model.addresses import Block, Network, has_odd_spelling, parse_cidr
from webapp.model.policy import Direction, Peer, Policy, Rule, Subject, Tier
from webapp.model.ports import ALL, LAST_PORT, NONE, PROTOCOLS, PortSet

KINDS = {("networking.k8s.io", "NetworkPolicy")}

_TOP = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})
_SPEC = frozenset({"podSelector", "policyTypes", "ingress", "egress"})
_PEER = frozenset({"podSelector", "namespaceSelector", "ipBlock"})
_SELECTORS = _PEER - {"ipBlock"}
_BLOCK = frozenset({"cidr", "except"})
_PORT = frozenset({"protocol", "port", "endPort"})
_RULE = {Direction.INGRESS: frozenset({"from", "ports"}), Direction.EGRESS: frozenset({"to", "ports"})}
_PEERS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}
_PATHS = {Direction.INGRESS: "spec.ingress", Direction.EGRESS: "spec.egress"}
_BOTH = frozenset(Direction)
_INGRESS = frozenset({Direction.INGRESS})
_TYPES = {"Ingress": Direction.INGRESS, "Egress": Direction.EGRESS}


def compile_document(decoding: Decoding) -> Policy:
    """The policy; set aside whole if the API server would reject it, then with the widest subject and directions
    that it may mean (contract, "Set aside")."""
    document = decoding.document
    body = document.body
    if document.usual and is_subdomain(document.name):
        namespace: str | None = document.namespace
    else:
        decoding.mapping(body, "", _TOP)
        namespace = _namespace(decoding)
    doubled = bool(body.duplicates) and any(key == "spec" for key, *_ in body.duplicates)
    subject, rules, widest, unlisted = _spec(decoding, Mapping() if doubled else body.get("spec"), namespace)
    aside = ""
    if decoding.broken:
        aside, rules, unlisted = "policy_set_aside", {way: () for way in Direction if doubled or way in widest}, {}
        subject = Subject(namespace, None) if doubled else subject
    return Policy(
        document.kind, namespace or "", document.name, Tier.NETWORK_POLICY, subject, rules, document.source, aside,
        group=decoding.group, unlisted=unlisted,
    )  # fmt: skip


def _namespace(decoding: Decoding) -> str | None:
    """The namespace; None if it cannot be read."""
    metadata = read_metadata(decoding)
    if metadata is None:
        return None
    given = metadata.get("namespace")
    namespace = decoding.string(given, "metadata.namespace")
    if any(key == "namespace" for key, *_ in metadata.duplicates):
        decoding.faults += 1
        return None
    if given is not None and not is_null(given) and namespace is None:
        return None
    if not namespace:
        message = 'No namespace is given. It is taken as "default". Set metadata.namespace to be sure.'
        decoding.report("info", "namespace_missing", message, metadata if metadata else None, "metadata.namespace")
    return namespace or "default"


_ByDirection = dict[Direction, tuple[Rule, ...]]


def _spec(
    decoding: Decoding, node: Node | None, namespace: str | None
) -> tuple[Subject, _ByDirection, frozenset[Direction], _ByDirection]:
    """The subject, the rules, the directions that the policy may be meant for if it must be set aside, and the rules
    that policyTypes leaves out. What cannot be read, or may stand under a misspelt or doubled key, is taken as wide as
    it can be meant."""
    spec = decoding.mapping(node, "spec", _SPEC)
    if spec is None:
        return Subject(namespace, None), {}, _BOTH, {}
    doubled = {key for key, *_ in spec.duplicates} if spec.duplicates else set()
    misspelt = not spec.keys() <= _SPEC
    selector = decoding.once(decode_selector, spec.get("podSelector"), "spec.podSelector")
    if "podSelector" in doubled:
        selector = None
    before = decoding.faults
    listed = decoding.once(_types, spec.get("policyTypes"), "spec.policyTypes")
    directions = _implied(spec) if listed is None else listed
    sure = decoding.faults == before and "policyTypes" not in doubled
    if listed is None:
        sure = sure and not misspelt and "egress" not in doubled and _is_list(spec.get("egress"))
    rules: _ByDirection = {}
    unlisted: _ByDirection = {}
    for direction, path in _PATHS.items():
        node = spec.get(direction)
        compiled = () if node is None else _rules(decoding, direction, node, path, ignored=direction not in directions)
        if direction in directions:
            rules[direction] = compiled
        elif compiled:
            unlisted[direction] = compiled
    return Subject(namespace, selector), rules, directions if sure else _BOTH, unlisted


def _is_list(node: Node | None) -> bool:
    return is_null(node) or isinstance(node, Sequence)


def _rules(
    decoding: Decoding, direction: Direction, node: Node | None, path: str, *, ignored: bool
) -> tuple[Rule, ...]:
    listed = decoding.sequence(node, path)
    if listed and ignored:
        name = direction.capitalize()
        message = (
            f"policyTypes does not list {name}, so these {direction} rules are ignored. Add {name} if they are meant."
        )
        decoding.report("warning", "rules_ignored", message, listed, path)
    return tuple([_rule(decoding, direction, index, item, f"{path}[{index}]") for index, item in enumerate(listed)])


def _types(decoding: Decoding, node: Node | None, path: str) -> frozenset[Direction] | None:
    """The directions of policyTypes (spec §3.1); None if it is missing or empty."""
    listed = decoding.sequence(node, path)
    if not listed:
        return None
    if len(listed) > 2:
        message = "More than two policyTypes are given. List Ingress and Egress at most once each."
        decoding.fault("policy_types_invalid", message, listed, path)
        return _BOTH
    found = set()
    for index, item in enumerate(listed):
        text = decoding.string(item, f"{path}[{index}]")
        if text in _TYPES:
            found.add(_TYPES[text])
        else:
            message = f'"{text or ""}" is not a policy type. Write Ingress or Egress, with a capital letter.'
            decoding.fault("policy_types_invalid", message, item, f"{path}[{index}]", nearest(text or "", _TYPES))
    return frozenset(found)


def _implied(spec: Mapping) -> frozenset[Direction]:
    """The directions without policyTypes; `egress: []` adds nothing."""
    egress = spec.get("egress")
    return _BOTH if isinstance(egress, Sequence) and egress else _INGRESS


def _rule(decoding: Decoding, direction: Direction, index: int, node: Node, path: str) -> Rule:
    if is_null(node):
        message = f"This {direction} rule is empty (a bare dash), so it allows everything. Remove it if it is a slip."
        decoding.report("warning", "empty_rule_allows_all", message, node, path)
    mapping = decoding.mapping(node, path, _RULE[direction])
    source = decoding.place(node)
    if mapping is None:
        return Rule(direction, index, (), NONE, source)
    key = _PEERS[direction]
    peers = decoding.once(_peers, mapping.get(key), f"{path}.{key}")
    ports = decoding.once(_ports, mapping.get("ports"), f"{path}.ports")
    return Rule(direction, index, peers or None, ports, source)


def _peers(decoding: Decoding, node: Node | None, path: str) -> tuple[Peer, ...]:
    listed = decoding.sequence(node, path)
    return tuple([_usual_peer(item) or _peer(decoding, item, f"{path}[{i}]") for i, item in enumerate(listed)])


def _ports(decoding: Decoding, node: Node | None, path: str) -> PortSet:
    listed = decoding.sequence(node, path)
    ports = NONE if listed else ALL
    for i, item in enumerate(listed):
        ports |= _usual_port(item) or _port(decoding, item, f"{path}[{i}]")
    return ports


def _usual_peer(node: Node) -> Peer | None:
    """A peer of nothing but sound selectors; None leaves it to the thorough way."""
    if type(node) is not Mapping or node.duplicates or not node or not node.keys() <= _SELECTORS:
        return None
    pods, namespaces = node.get("podSelector"), node.get("namespaceSelector")
    pod_selector, namespace_selector = usual_selector(pods), usual_selector(namespaces)
    if (pods is not None and pod_selector is None) or (namespaces is not None and namespace_selector is None):
        return None
    return Peer(namespace_selector, pod_selector, None)


def _peer(decoding: Decoding, node: Node, path: str) -> Peer:
    mapping = decoding.mapping(node, path, _PEER)
    if mapping is None:
        return Peer(None, None, None)
    pods = decode_selector(decoding, mapping.get("podSelector"), f"{path}.podSelector")
    namespaces = decode_selector(decoding, mapping.get("namespaceSelector"), f"{path}.namespaceSelector")
    block = mapping.get("ipBlock")
    if is_null(block):
        if is_null(mapping.get("podSelector")) and is_null(mapping.get("namespaceSelector")):
            message = (
                "Nothing is set here; a peer needs podSelector, namespaceSelector or ipBlock. For everyone, leave "
            )
            message += "the whole list out; for all pods of this namespace write podSelector: {}."
            decoding.fault("peer_missing", message, node, path)
        return Peer(namespaces, pods, None)
    if pods is not None or namespaces is not None:
        message = (
            'ipBlock cannot be combined with podSelector or namespaceSelector in one peer. Make it a second "- " entry.'
        )
        decoding.fault("peer_combined", message, node, f"{path}.ipBlock")
    return Peer(None, None, _block(decoding, block, f"{path}.ipBlock"))


def _block(decoding: Decoding, node: Node | None, path: str) -> Block | None:
    mapping = decoding.mapping(node, path, _BLOCK)
    if mapping is None:
        return None
    network = _network(decoding, mapping.get("cidr"), f"{path}.cidr", node)
    listed = decoding.sequence(mapping.get("except"), f"{path}.except")
    excepts = []
    for index, item in enumerate(listed):
        hole = _network(decoding, item, f"{path}.except[{index}]", item)
        if hole and network:
            if not network.holds(hole) or hole == network:
                message = f"{hole.text()} must be a strict subset of cidr {network.text()}. Put it right or remove it."
                decoding.fault("except_outside_cidr", message, item, f"{path}.except[{index}]")
            else:
                excepts.append(hole)
    return Block(network, tuple(sorted(set(excepts)))) if network else None


def _network(decoding: Decoding, node: Node | None, path: str, at: Node | None) -> Network | None:
    text = decoding.string(node, path)
    if not text:
        if is_null(node) or text == "":
            decoding.fault("cidr_missing", "A CIDR is required here, such as 10.0.0.0/8.", at, path)
        return None
    try:
        network = parse_cidr(text)
    except ValueError as fault:
        message = f'"{text[:60]}" is not a CIDR: {fault}. Write address/prefix, such as 10.0.0.0/8 or 2001:db8::/32.'
        decoding.fault("cidr_invalid", message, node, path)
        return None
    if has_odd_spelling(text):
        message = f'"{text}" is read as {network.text()}; newer API servers refuse it. Write {network.text()}.'
        decoding.report("warning", "cidr_odd_spelling", message, node, path, network.text())
    return network


def _port(decoding: Decoding, node: Node, path: str) -> PortSet:
    mapping = decoding.mapping(node, path, _PORT)
    if mapping is None:
        return NONE
    given = mapping.get("protocol")
    protocol = "TCP" if is_null(given) else decoding.string(given, f"{path}.protocol")
    if protocol is None:
        return NONE
    if protocol not in PROTOCOLS:
        message = f'"{protocol[:40]}" is not a protocol of a NetworkPolicy. Write TCP, UDP or SCTP, in capital letters.'
        decoding.fault("protocol_invalid", message, given, f"{path}.protocol", nearest(protocol, PROTOCOLS))
        return NONE
    port, last = mapping.get("port"), mapping.get("endPort")
    if is_null(port):
        if not is_null(last):
            message = "endPort may not be given without port. Write port: FIRST and endPort: LAST."
            decoding.fault("end_port_without_port", message, last, f"{path}.endPort")
        return PortSet.whole(protocol)
    number = _port_number(decoding, port, f"{path}.port")
    if isinstance(number, str):
        if not is_null(last):
            message = f'endPort needs a numeric port, found the name "{number}". Use numbers for a range.'
            decoding.fault("end_port_with_name", message, last, f"{path}.endPort")
        return PortSet.of(names=[(number, protocol)])
    if number is None or is_null(last):
        return _single(protocol, number, number) if number else NONE
    end = decoding.integer(last, f"{path}.endPort")
    if end is None:
        return NONE
    if not number <= end <= LAST_PORT:
        what = f"endPort {end} is below port {number}" if end < number else f"endPort {end} is over {LAST_PORT}"
        decoding.fault("end_port_invalid", f"{what}. Write port: FIRST and endPort: LAST.", last, f"{path}.endPort")
        return NONE
    return _single(protocol, number, end)


def _usual_port(node: Node) -> PortSet | None:
    """The ports of a sound number or name with a protocol; None leaves it to the thorough way."""
    if type(node) is not Mapping or node.duplicates or not node.keys() <= _PORT or "endPort" in node:
        return None
    port, protocol = node.get("port"), node.get("protocol")
    if type(port) is not Scalar or (protocol is not None and type(protocol) is not Scalar):
        return None
    return _of_port(port.text, port.plain, protocol.text if protocol else "TCP")


@lru_cache(maxsize=1 << 12)
def _of_port(text: str, plain: bool, protocol: str) -> PortSet | None:
    if protocol not in PROTOCOLS:
        return None
    value = resolve_plain(text) if plain else text
    if isinstance(value, str):
        return PortSet.of(names=[(value, protocol)]) if is_port_name(value) else None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LAST_PORT:
        return None
    return PortSet.single(protocol, value)


@lru_cache(maxsize=1 << 12)
def _single(protocol: str, first: int, last: int) -> PortSet:
    return PortSet.single(protocol, first, last)


def _port_number(decoding: Decoding, node: Node | None, path: str) -> int | str | None:
    """A number 1-65535 or a valid port name; quoted digits are a name, and not a valid one (N6)."""
    value = value_of(node) if type(node) is Scalar else node
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 80.0 becomes 80 on the way to JSON
    if isinstance(value, bool) or not isinstance(value, int | str):
        decoding.wrong_type(node, path, "a port number or a port name")
        return None
    if isinstance(value, int):
        if 1 <= value <= LAST_PORT:
            return value
        message = f"{node.text[:40] if isinstance(node, Scalar) else value} is not a port: it must be 1-65535."
        decoding.fault("port_out_of_range", message, node, path)
        return None
    if is_port_name(value):
        return value
    shown = value if len(value) <= 40 else value[:40] + "…"
    first, dash, last = value.partition("-")
    hint = instead = ""
    if dash and first.isascii() and first.isdigit() and last.isascii() and last.isdigit():
        hint = f" For a range write port: {first} and endPort: {last}."
        instead = f"{first}\nendPort: {last}"
    elif value.isascii() and value.isdigit():
        hint = f" Write {value} without quotes for the number."
        instead = value
    message = (
        f'"{shown}" is neither a port number (1-65535) nor a port name (at most 15 of a-z, 0-9, -, with a letter).'
    )
    decoding.fault("port_name_invalid", message + hint, node, path, instead)
    return None
