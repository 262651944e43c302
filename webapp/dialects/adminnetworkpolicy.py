"""policy.networking.k8s.io/v1alpha1 (spec §5): AdminNetworkPolicy, and the one BaselineAdminNetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from webapp.dialects._clustertiers import GROUP, Shape, compile_policy, named_port, port_number
from webapp.dialects._crdfields import fields_of, only_field
from webapp.dialects._decoding import Decoding
from webapp.manifests import tree
from webapp.manifests.tree import Node
from webapp.model.policy import Action, Policy, Tier
from webapp.model.ports import NONE, PROTOCOLS, PortSet

KINDS = {(GROUP, "AdminNetworkPolicy"), (GROUP, "BaselineAdminNetworkPolicy")}

_FORMS = {
    "portNumber": frozenset({"protocol", "port"}),
    "portRange": frozenset({"protocol", "start", "end"}),
    "namedPort": frozenset[str](),
}
_NUMBER = "Write portNumber: {protocol: TCP, port: 80}, or portRange: {protocol: TCP, start: 8000, end: 8100}."
_ITEM_HINTS = {
    **dict.fromkeys(("protocol", "port", "endPort", "tcp", "udp", "sctp"), _NUMBER),
    "destinationNamedPort": "That is ClusterNetworkPolicy; here it is namedPort.",
}


def compile_document(decoding: Decoding) -> Policy:
    """An AdminNetworkPolicy is of the Admin tier with its priority; the baseline is the last of the Baseline tier."""
    if decoding.document.kind == "AdminNetworkPolicy":
        return compile_policy(decoding, _ADMIN)
    name = decoding.document.name
    if name != "default":
        message = f'The one BaselineAdminNetworkPolicy of a cluster is called "default", not "{name[:80]}". Rename it.'
        metadata = decoding.document.body.get("metadata")
        at = metadata.get("name", metadata) if isinstance(metadata, tree.Mapping) else metadata
        decoding.fault("baseline_name", message, at, "metadata.name")
    return compile_policy(decoding, _BASELINE)


def _port_item(decoding: Decoding, node: Node, path: str) -> PortSet | None:
    only = only_field(decoding, node, path, frozenset(_FORMS), _ITEM_HINTS)
    if only is None:
        return NONE
    key, value = only
    path = f"{path}.{key}"
    if key == "namedPort":
        return named_port(decoding, value, path)
    fields = fields_of(decoding, value, path, _FORMS[key])
    if fields is None:
        return NONE
    protocol = _protocol(decoding, fields.get("protocol"), f"{path}.protocol")
    if key == "portNumber":
        number = port_number(decoding, fields, "port", value, path)
        return PortSet.single(protocol, number) if number and protocol else NONE
    start = port_number(decoding, fields, "start", value, path)
    end = port_number(decoding, fields, "end", value, path)
    if start is None or end is None:
        return NONE
    if start > end:
        message = f"The range begins at {start} and ends at {end}, so it matches nothing; the API server takes it."
        decoding.report("error", "port_range_empty", message, value, path)
        return NONE
    return PortSet.single(protocol, start, end) if protocol else NONE


def _protocol(decoding: Decoding, node: Node | None, path: str) -> str | None:
    """TCP if none is given. None if it is no protocol: the API server does not check it, and it matches nothing."""
    text = "TCP" if node is None else decoding.string(node, path)
    if text is None or text in PROTOCOLS:
        return text
    message = (
        f'"{text[:40]}" is not a protocol; the API server does not check this, and it matches nothing. '
        "Write TCP, UDP or SCTP, in capital letters."
    )
    decoding.report("error", "protocol_matches_nothing", message, node, path)
    return None


_ACTIONS: Final[Mapping[str, Action]] = {str(action): action for action in Action}
_ADMIN: Final = Shape(
    version="v1alpha1",
    tier=Tier.ADMIN,
    has_priority=True,
    actions=_ACTIONS,
    most=100,
    destinations=frozenset({"namespaces", "pods", "networks", "nodes", "domainNames"}),
    ports="ports",
    port_item=_port_item,
    both_selectors=True,
    networks_take_names=False,
    hints={"protocols": f"That is ClusterNetworkPolicy; here it is ports. {_NUMBER}"},
)
_BASELINE: Final = replace(
    _ADMIN,
    tier=Tier.BASELINE,
    has_priority=False,
    actions={"Allow": Action.ALLOW, "Deny": Action.DENY},
    destinations=_ADMIN.destinations - {"domainNames"},
)
