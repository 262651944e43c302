"""Whom a policy selects, and whether a rule matches a packet (spec §7.3)."""

from __future__ import annotations

from collections.abc import Iterable

from tests.oracle.addresses import Address, Block, Network, share_held
from tests.oracle.certainty import Labels, Match, Selector, selects, sure
from tests.oracle.cluster import Cluster, Pod
from tests.oracle.policies import Peer, Policy, PortItem, Rule, Subject
from tests.oracle.switches import Switches

End = Pod | Address


class Matching:
    """Matches in one cluster under one setting of the switches."""

    def __init__(self, cluster: Cluster, pod_networks: list[Network], switches: Switches) -> None:
        self.cluster = cluster
        self.pod_networks = pod_networks
        self.switches = switches

    def applies(self, policy: Policy, direction: str, pod: Pod) -> Match:
        subject = policy.subject
        if direction not in policy.directions or subject.namespace not in (None, pod.namespace):
            return Match.NO
        return Match.NO if self.is_node_like(pod) else self._is_subject(subject, pod)

    def is_node_like(self, end: End) -> bool:
        """hostNetwork pods are traffic of a node, unless the switch says that they are like any pod."""
        return isinstance(end, Pod) and end.host and self.switches.host_network == "node"

    def peers(self, policy: Policy, rule: Rule, end: End, family: int) -> Match:
        """Whether a rule is about this other end. Of a NetworkPolicy, without peers it is about all."""
        if not rule.peers:
            return Match.YES
        return max(self._peer(policy, peer, end, family) for peer in rule.peers)

    def ports(self, rule: Rule, destination: End, protocol: str, port: int) -> bool:
        return not rule.ports or any(self._port(item, destination, protocol, port) for item in rule.ports)

    # ------------------------------------------------------------ one item

    def _is_subject(self, subject: Subject, pod: Pod) -> Match:
        return min(self._in_namespaces(subject.namespaces, pod), selects(subject.pods, [pod.labels]))

    def _in_namespaces(self, selector: Selector, pod: Pod) -> Match:
        return selects(selector, self.cluster.namespaces[pod.namespace].labels)

    def _port(self, item: PortItem, destination: End, protocol: str, port: int) -> bool:
        """A name means what the destination pod calls so; where that is no pod, it means nothing (spec §3.5)."""
        if item.protocol not in ("", protocol):
            return False
        if not item.name:
            return item.first <= port <= item.last
        is_pod = isinstance(destination, Pod) and not self.is_node_like(destination)
        return is_pod and isinstance(destination, Pod) and (item.name, protocol, port) in destination.named_ports

    def _peer(self, policy: Policy, peer: Peer, end: End, family: int) -> Match:
        if peer.blocks:
            return max(self._block(block, end, family) for block in peer.blocks)
        if peer.nodes is not None:
            return self._nodes(peer.nodes, end)
        if peer.domain_names:  # no name of an address is known; the addresses of pods and nodes have none (NPEP-133)
            return Match.NO if isinstance(end, Pod) else Match.MAYBE
        if not isinstance(end, Pod) or self.is_node_like(end):
            return Match.NO
        answers = [sure(end.namespace == policy.subject.namespace)]
        if peer.namespaces is not None:
            answers = [self._in_namespaces(peer.namespaces, end)]
        if peer.pods is not None:
            answers.append(selects(peer.pods, [end.labels]))
        return min(answers)

    def _nodes(self, selector: Selector, end: End) -> Match:
        """The network of a node: its hostNetwork pods, and its addresses. A node that is not known has any labels."""
        if not isinstance(end, Pod):
            labels: Iterable[Labels] = [n.labels for n in self.cluster.nodes.values() if end in n.addresses]
        elif self.is_node_like(end):
            labels = [end.node.labels if end.node else Labels({}, open=True)]
        else:
            labels = []
        return max((selects(selector, [each]) for each in labels), default=Match.NO)

    def _block(self, block: Block, end: End, family: int) -> Match:
        if block.family != family:
            return Match.NO
        if not isinstance(end, Pod):
            return sure(block.holds(end))
        if self.switches.ipblock_pods == "never" and not self.is_node_like(end):
            return Match.NO
        if end.addresses:
            return sure(any(block.holds(address) for address in end.addresses))
        if block.is_whole_family:
            return Match.YES
        if end.host or not self.pod_networks:  # a node's address is not from the pod CIDR, whatever the switch says
            return Match.MAYBE
        some, every = share_held(block, self.pod_networks)
        return Match.YES if every else Match.MAYBE if some else Match.NO
