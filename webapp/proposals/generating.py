"""A minimal set of policies from wanted connections: deny by default, names resolve, and exactly these are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.diff import Change
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.writing import Json
from webapp.model.policy import Direction, Tier
from webapp.model.ports import NONE, PortSet
from webapp.proposals.bodies import network_policy, peer_items, rule
from webapp.proposals.book import Book
from webapp.proposals.denying import NAME, keeping_dns
from webapp.proposals.dns import asks_for_names, dns_ports, dns_rules
from webapp.proposals.ends import End, outside_of
from webapp.proposals.fix import Candidate
from webapp.proposals.selecting import Choice
from webapp.proposals.trial import Outcome, Proposal, outcome_of, proposal_of
from webapp.proposals.world import Declined, World

FILE = "generated-policies"


@dataclass(frozen=True, slots=True)
class Connection:
    """What is wanted."""

    source: End
    destination: End
    ports: PortSet


@dataclass(frozen=True, slots=True)
class Generated:
    """A set of policies, and how it was checked: ``extra`` is allowed and was not wanted, ``missing`` wanted and not
    allowed (both as rows: wanted ports before, allowed ports after). ``names``: how many workloads may ask the DNS."""

    proposal: Proposal
    extra: tuple[Change, ...]
    missing: tuple[Change, ...]
    names: int
    notes: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return not self.extra and not self.missing


def generate(world: World, connections: Sequence[Connection], *, keep: bool = False) -> Generated:
    """``keep``: the NetworkPolicies of the namespaces concerned stay; else the set takes their place."""
    asked = len(connections)
    dns = dns_ports(world)
    connections = [each for each in connections if not asks_for_names(dns, each.destination.ids, each.ports)]
    if not connections:
        raise Declined("No connection is wanted but names, so there is nothing to allow.")
    ends = [end for each in connections for end in (each.source, each.destination)]
    namespaces = sorted({end.namespace for end in ends if not end.is_external})
    book, notes = world.book(), list(_said(world, ends))
    if not keep:
        notes += _cleared(world, book, namespaces)
    for namespace in namespaces:
        notes += _deny(world, book, namespace)
    for (identity, *_), sides in _by_workload(connections).items():
        _allow(world, book, sides, identity)
    book.gather(FILE)
    outcome = outcome_of(world, book)
    title = f"Allow exactly {asked} wanted connections in {', '.join(namespaces)}"
    proposal = proposal_of(Candidate(title, ()), outcome, outcome.changes.rows)
    extra, missing, names = _checked(world, outcome, connections, namespaces)
    return Generated(proposal, tuple(extra), tuple(missing), names, tuple(dict.fromkeys(filter(None, notes))))


Sides = dict[Direction, list[tuple[End, PortSet]]]


def _by_workload(connections: Iterable[Connection]) -> dict[tuple[str, ...], tuple[End, Sides]]:
    """Of each workload that a policy can select, whom it shall accept from and send to."""
    found: dict[tuple[str, ...], tuple[End, Sides]] = {}
    for each in connections:
        for end, direction, peer in (
            (each.destination, Direction.INGRESS, each.source),
            (each.source, Direction.EGRESS, each.destination),
        ):
            if end.selectable:
                sides = found.setdefault(end.ids, (end, {}))[1]
                sides.setdefault(direction, []).append((peer, each.ports))
    return dict(sorted(found.items()))


def _allow(world: World, book: Book, subject: tuple[End, Sides], identity: str) -> None:
    """One policy for a workload: its peers with the same ports share a rule."""
    end, sides = subject
    home = end.namespace
    rules: dict[Direction, list[Json]] = {}
    for direction in Direction:
        ports_of: dict[tuple[str, ...], tuple[End, PortSet]] = {}
        for peer, ports in sides.get(direction, ()):
            before = ports_of.get(peer.ids, (peer, NONE))[1]
            ports_of[peer.ids] = peer, before | ports
        by_ports: dict[PortSet, list[Json]] = {}
        for _, (peer, ports) in sorted(ports_of.items()):
            by_ports.setdefault(ports, []).extend(_peers(world, peer, home))
        listed: list[Json] = [rule(direction, peers, ports) for ports, peers in by_ports.items() if peers]
        if listed:
            rules[direction] = listed
    if rules:
        name = book.free_name("NetworkPolicy", home, f"allow-{identity.rsplit('/', 1)[-1]}")
        comment = f"What {end.text} may {' and '.join(_VERBS[direction] for direction in rules)}."
        book.add(network_policy(name, home, _selector(world, end).body(), rules), comment)


_VERBS = {Direction.INGRESS: "accept", Direction.EGRESS: "send"}


def _peers(world: World, peer: End, home: str) -> list[Json]:
    if peer.is_external:
        return peer_items(outside_of(world, peer), None, home)
    return peer_items(peer, _selector(world, peer) if peer.selectable else None, home)


def _selector(world: World, end: End) -> Choice:
    return world.namesakes.choose(end.ids, end.pods)


def _deny(world: World, book: Book, namespace: str) -> list[str]:
    rules, note = dns_rules(world, namespace)
    name = book.free_name("NetworkPolicy", namespace, NAME)
    comment = f"Isolates all pods of {namespace}, but lets them ask the cluster's DNS."
    body = network_policy(name, namespace, {}, {Direction.INGRESS: [], Direction.EGRESS: rules})
    book.add(body, comment)
    notes = [note]
    for act, text in keeping_dns(world, namespace):
        act(book)
        notes.append(text)
    return notes


def _cleared(world: World, book: Book, namespaces: Sequence[str]) -> Iterator[str]:
    """Take the NetworkPolicies of these namespaces away."""
    for policy in world.analysis.policies:
        if policy.tier is Tier.NETWORK_POLICY and policy.namespace in namespaces:
            try:
                book.remove(policy)
            except CannotEdit:
                yield f"{policy.title} stays: it cannot be taken out of its file. Remove it by hand."


def _said(world: World, ends: Iterable[End]) -> Iterator[str]:
    """What labels or policies cannot do."""
    for end in {end.ids: end for end in ends}.values():
        if end.is_external:
            continue
        if not end.selectable:
            yield f"{end.text} shares the network of its node: policies do not select it" + (
                "; it is named by its address." if end.blocks else ", and its address is not known."
            )
            continue
        also = _selector(world, end).also
        if also:
            more = f" and {len(also) - 3} more" if len(also) > 3 else ""
            yield f"No label tells {end.text} from {', '.join(also[:3])}{more}: what one may, the others may too."


# ---- the check -----------------------------------------------------------------------------------------------------


def _checked(
    world: World, outcome: Outcome, connections: Sequence[Connection], namespaces: Sequence[str]
) -> tuple[list[Change], list[Change], int]:
    """What is allowed in these namespaces and was not wanted, and the other way round; how many may ask the DNS."""
    head = outcome.head
    as_node = head.assumptions.host_network == "node"
    inside = {
        workload.id
        for workload in head.workloads
        if workload.namespace in namespaces and not (workload.host_network and as_node)
    }
    wanted = _Meaning(world, outcome, connections).pairs()
    found = _found(outcome, inside)
    dns = dns_ports(world)
    extra: list[Change] = []
    missing: list[Change] = []
    asking: set[str] = set()
    for source, destination in sorted({*wanted, *found}):
        ports = wanted.get((source, destination), NONE)
        allowed, unknown = found.get((source, destination), (NONE, NONE))
        names = dns.get(outcome.changes.heads.get(destination, destination), NONE)
        if names is not NONE:  # said, not counted
            asking |= {source} & inside if (allowed & names) is not NONE else set()
            allowed, unknown = allowed - (names - ports), unknown - (names - ports)
        if (allowed | unknown) - ports is not NONE:
            extra.append(Change(source, destination, ports, allowed | unknown))
        if ports - allowed is not NONE:
            missing.append(Change(source, destination, ports, allowed))
    return extra, missing, len(asking)


def _found(outcome: Outcome, inside: set[str]) -> dict[tuple[str, str], tuple[PortSet, PortSet]]:
    """What is allowed and what is unknown of every pair with an end in these namespaces."""
    head = outcome.head
    found = {
        (each.source, each.destination): (each.ports, NONE)
        for each in head.connections()
        if each.source in inside or each.destination in inside
    }
    for each in head.unknowns():
        if each.source in inside or each.destination in inside:
            pair = each.source, each.destination
            found[pair] = found.get(pair, (NONE, NONE))[0], each.ports
    return found


class _Meaning:
    """Which pairs of the outcome the wanted connections mean."""

    def __init__(self, world: World, outcome: Outcome, connections: Sequence[Connection]) -> None:
        self._origins = outcome.changes.heads
        self._head, self._connections = outcome.head, connections
        self._parts = {part.id: part.ranges[0] for part in outcome.head.externals}
        self._sources = [outside_of(world, each.source) for each in connections]
        self._destinations = [outside_of(world, each.destination) for each in connections]

    def pairs(self) -> dict[tuple[str, str], PortSet]:
        """What is wanted of each pair, but of a single pod and itself."""
        head = self._head
        everybody = [*(workload.id for workload in head.workloads), *(part.id for part in head.externals)]
        found: dict[tuple[str, str], PortSet] = {}
        for number, connection in enumerate(self._connections):
            sources = [end for end in everybody if self._is(end, self._sources[number])]
            destinations = [end for end in everybody if self._is(end, self._destinations[number])]
            for pair in ((one, other) for one in sources for other in destinations):
                workload = head.workload_by_id.get(pair[0])
                if pair[0] != pair[1] or workload is None or workload.reaches_itself:
                    found[pair] = found.get(pair, NONE) | connection.ports
        return found

    def _is(self, identity: str, end: End) -> bool:
        first = self._parts.get(identity)
        if first is None:
            return not end.is_external and self._origins.get(identity, identity) in end.ids
        family, address, _ = first
        return end.is_external and any(block.contains(family, address) for block in end.blocks)
