"""Policies, rules, peers and ports as they stand in manifests, for each API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from webapp.manifests.writing import Json
from webapp.model.addresses import Block
from webapp.model.labels import Requirement
from webapp.model.policy import Direction, Tier
from webapp.model.ports import ALL, LAST_PORT, PortSet
from webapp.proposals.ends import NAME_LABEL, End
from webapp.proposals.selecting import Choice, selector_body

Body = dict[str, Json]
PEERS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}
TYPES = {Direction.INGRESS: "Ingress", Direction.EGRESS: "Egress"}


# ---- NetworkPolicy ---------------------------------------------------------------------------------------------


def network_policy(
    name: str, namespace: str, selector: Body, rules: Mapping[Direction, Sequence[Json]]
) -> dict[str, Json]:
    """It isolates in each direction that ``rules`` has."""
    spec: Body = {"podSelector": selector, "policyTypes": [TYPES[direction] for direction in rules]}
    spec |= {str(direction): list(listed) for direction, listed in rules.items() if listed}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def rule(direction: Direction, peers: Sequence[Json], ports: PortSet) -> Body:
    """A rule of a NetworkPolicy; without peers it speaks of everyone."""
    listed = port_items(ports)
    return {**({PEERS[direction]: list(peers)} if peers else {}), **({"ports": listed} if listed else {})}


def port_items(ports: PortSet) -> list[Json]:
    """Nothing for every port."""
    if ports is ALL:
        return []
    items: list[Json] = []
    for protocol, spans in ports.by_protocol().items():
        for first, last in spans:
            item: Body = {"protocol": protocol}
            if (first, last) != (1, LAST_PORT):
                item |= {"port": first} | ({"endPort": last} if last > first else {})
            items.append(item)
    return items


def peer_items(end: End, choice: Choice | None, home: str) -> list[Json]:
    """The peers of a rule that mean this end, in a policy of the namespace ``home``."""
    if choice is None:
        return [block_item(block) for block in end.blocks]
    pods: Body = {"podSelector": choice.body()}
    if end.namespace == home:
        return [pods]
    return [{"namespaceSelector": named(end.namespace), **(pods if choice.terms else {})}]


def block_item(block: Block) -> Body:
    holes: list[Json] = [hole.text() for hole in block.excepts]
    return {"ipBlock": {"cidr": block.network.text(), **({"except": holes} if holes else {})}}


def named(namespace: str) -> Body:
    """The selector of one namespace."""
    return {"matchLabels": {NAME_LABEL: namespace}}


# ---- policies of the whole cluster -------------------------------------------------------------------------------


def cluster_policy(kind: str, name: str, priority: int, subject: Json, tier: Tier) -> dict[str, Json]:
    """An AdminNetworkPolicy or a ClusterNetworkPolicy without rules."""
    new = kind == "ClusterNetworkPolicy"
    spec: Body = {**({"tier": str(tier)} if new else {}), "priority": priority, "subject": subject}
    version = "v1alpha2" if new else "v1alpha1"
    return {
        "apiVersion": f"policy.networking.k8s.io/{version}",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


def cluster_rule(kind: str, direction: Direction, action: str, name: str, peers: list[Json], ports: PortSet) -> Body:
    """``action``: Allow, Deny or Pass; a ClusterNetworkPolicy says Accept for Allow."""
    new = kind == "ClusterNetworkPolicy"
    word = "Accept" if new and action == "Allow" else action
    listed = cluster_ports(ports, new=new)
    field: Body = {("protocols" if new else "ports"): listed} if listed else {}
    return {"name": name, "action": word, PEERS[direction]: peers, **field}


def cluster_peers(end: End, choice: Choice | None, direction: Direction) -> list[Json]:
    """Nothing where these APIs cannot name the end."""
    if choice is not None:
        return [{"pods": cluster_pods(end.namespace, choice.terms)}]
    if direction is Direction.INGRESS or any(block.excepts for block in end.blocks) or not end.blocks:
        return []
    return [{"networks": [block.network.text() for block in end.blocks]}]


def cluster_pods(namespace: str, terms: Iterable[Requirement]) -> Body:
    return {"namespaceSelector": named(namespace), "podSelector": selector_body(terms)}


def cluster_ports(ports: PortSet, *, new: bool) -> list[Json]:
    if ports is ALL:
        return []
    return [
        _new_port(protocol, first, last) if new else _old_port(protocol, first, last)
        for protocol, spans in ports.by_protocol().items()
        for first, last in spans
    ]


def _old_port(protocol: str, first: int, last: int) -> Json:
    if first == last:
        return {"portNumber": {"protocol": protocol, "port": first}}
    return {"portRange": {"protocol": protocol, "start": first, "end": last}}


def _new_port(protocol: str, first: int, last: int) -> Json:
    port: Json = {"number": first} if first == last else {"range": {"start": first, "end": last}}
    return {protocol.lower(): {"destinationPort": port}}
