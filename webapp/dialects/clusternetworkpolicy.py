"""policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy (spec §6), of the Admin or the Baseline tier."""

from __future__ import annotations

from typing import Final

from webapp.dialects._clustertiers import GROUP, Shape, compile_policy, named_port, port_number
from webapp.dialects._crdfields import fields_of, integer_of, only_field
from webapp.dialects._decoding import Decoding
from webapp.manifests.tree import Node
from webapp.model.policy import Action, Policy
from webapp.model.ports import LAST_PORT, NONE, PortSet

KINDS = {(GROUP, "ClusterNetworkPolicy")}

_PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "sctp": "SCTP"}
_ITEM = frozenset({*_PROTOCOLS, "destinationNamedPort"})
_PROTOCOL = frozenset({"destinationPort"})
_PORT = frozenset({"number", "range"})
_RANGE = frozenset({"start", "end"})
_NUMBER = "Write tcp: {destinationPort: {number: 80}}, or udp or sctp."
_ITEM_HINTS = {
    **dict.fromkeys(("protocol", "port", "endPort", "portNumber", "portRange", "TCP", "UDP", "SCTP"), _NUMBER),
    "namedPort": "That is v1alpha1; here it is destinationNamedPort.",
}
_PORT_HINTS = dict.fromkeys(("number", "range", "port"), "Write destinationPort: {number: 80}.")


def compile_document(decoding: Decoding) -> Policy:
    """The tier and the priority are those of its spec."""
    return compile_policy(decoding, _SHAPE)


def _protocol_item(decoding: Decoding, node: Node, path: str) -> PortSet | None:
    only = only_field(decoding, node, path, _ITEM, _ITEM_HINTS)
    if only is None:
        return NONE
    key, value = only
    path = f"{path}.{key}"
    if key == "destinationNamedPort":
        return named_port(decoding, value, path)
    before = decoding.faults
    fields = fields_of(decoding, value, path, _PROTOCOL, _PORT_HINTS)
    if fields is None or decoding.faults > before:
        return NONE
    if "destinationPort" not in fields:
        message = (
            f"{key} without a port is refused by the API server. For every port write "
            f"{key}: {{destinationPort: {{range: {{start: 1, end: {LAST_PORT}}}}}}}."
        )
        decoding.fault("protocol_without_port", message, value, path)
        return NONE
    return _destination_port(decoding, _PROTOCOLS[key], fields["destinationPort"], f"{path}.destinationPort")


def _destination_port(decoding: Decoding, protocol: str, node: Node, path: str) -> PortSet:
    only = only_field(decoding, node, path, _PORT)
    if only is None:
        return NONE
    key, value = only
    path = f"{path}.{key}"
    if key == "number":
        number = integer_of(decoding, value, path, 1, LAST_PORT, "port_out_of_range")
        return PortSet.single(protocol, number) if number else NONE
    fields = fields_of(decoding, value, path, _RANGE)
    if fields is None:
        return NONE
    start = port_number(decoding, fields, "start", value, path)
    end = port_number(decoding, fields, "end", value, path)
    if start is None or end is None:
        return NONE
    if start >= end:
        message = f"The start of a range must be below its end, found {start} and {end}."
        one = f" For one port write destinationPort: {{number: {start}}}." if start == end else ""
        decoding.fault("port_range_invalid", message + one, value, path)
        return NONE
    return PortSet.single(protocol, start, end)


_SHAPE: Final = Shape(
    version="v1alpha2",
    tier=None,
    has_priority=True,
    actions={"Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS},
    most=25,
    destinations=frozenset({"namespaces", "pods", "networks", "nodes", "domainNames"}),
    ports="protocols",
    port_item=_protocol_item,
    both_selectors=False,
    networks_take_names=True,
    hints={"ports": f"That is v1alpha1; here it is protocols. {_NUMBER}"},
)
