"""A rule that allows too much, narrowed: fewer ports, fewer peers, an exception, or taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.manifests import splicing
from webapp.manifests.outline import Value
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.writing import Json
from webapp.model.addresses import Block, Network
from webapp.model.labels import Match
from webapp.model.policy import Direction, Peer, Policy, Rule
from webapp.model.ports import NONE, PortSet
from webapp.proposals.acts import Path, changing, remove
from webapp.proposals.bodies import PEERS, block_item, port_items
from webapp.proposals.ends import NAME_LABEL, End
from webapp.proposals.fix import Act, Candidate, Pair
from webapp.proposals.opening import ends_of
from webapp.proposals.world import World

_EVERYWHERE = (Network(4, 0, (1 << 32) - 1), Network(6, 0, (1 << 128) - 1))


def narrower(world: World, pair: Pair, direction: Direction, policy: Policy, rule: Rule) -> Iterator[Candidate]:
    """Each way to keep one rule from allowing the pair, those that cut least first."""
    if policy.set_aside or policy.version:
        return
    _, end = ends_of(pair, direction)
    at: Path = ("spec", str(direction), rule.index)
    where = f"rule {rule.index + 1} of {policy.title}"
    listed = PEERS[direction]
    matching = _matching(world, policy, rule, end)
    spared = [_sparing(world, policy, (*at, listed, index), peer, end) for index, peer in matching]
    if spared and all(act is not None for act in spared):
        yield Candidate(f"Except {end.text} from {where}", tuple(act for act in spared if act is not None))
    if not rule.ports.names and rule.ports - pair.ports is not NONE and rule.ports & pair.ports is not NONE:
        kept = rule.ports - pair.ports
        yield Candidate(f"Allow only {kept.text()} in {where}", (_ports(policy, at, kept),))
    if rule.peers is None:
        peers, cost = everyone_but(world, end, policy.namespace)
        if peers:
            yield Candidate(f"Name everyone but {end.text} in {where}", (_listing(policy, at, listed, peers),), cost)
    elif matching and len(matching) < len(rule.peers):
        acts = tuple(remove(policy, (*at, listed), index) for index, _ in reversed(matching))
        yield Candidate(f"Take {end.text} out of {where}", acts)
    yield Candidate(f"Delete {where}", (remove(policy, at[:-1], rule.index),))


def everyone_but(world: World, end: End, home: str) -> tuple[list[Json], str]:
    """Peers that mean everyone else, and what that costs."""
    if end.is_external or not end.selectable:
        return _all_pods_and_others(world, end)
    choice = world.namesakes.choose(end.ids, end.pods)
    if len(choice.terms) != 1 or len(choice.terms[0].values) != 1 or choice.also:
        elsewhere: Json = {"namespaceSelector": _not_named(end.namespace)}
        return [elsewhere, *_outside(world)], _cost(world, f"All others of {end.namespace} are cut off too.")
    term = choice.terms[0]
    others: dict[str, Json] = {
        "podSelector": {"matchExpressions": [{"key": term.key, "operator": "NotIn", "values": list(term.values)}]}
    }
    if end.namespace != home:
        others = {"namespaceSelector": {"matchLabels": {NAME_LABEL: end.namespace}}, **others}
    return [others, {"namespaceSelector": _not_named(end.namespace)}, *_outside(world)], _cost(world, "")


def _cost(world: World, text: str) -> str:
    known = {network.family for network in world.analysis.snapshot.pod_networks}
    missing = [f"IPv{network.family}" for network in _EVERYWHERE if network.family not in known]
    lost = (
        f"{' and '.join(missing)} addresses outside the cluster are cut off: where pods live there is not known, so no "
        "ipBlock can leave them out."
    )
    return " ".join(filter(None, (text, lost if missing else "")))


def _not_named(namespace: str) -> Json:
    return {"matchExpressions": [{"key": NAME_LABEL, "operator": "NotIn", "values": [namespace]}]}


def _outside(world: World) -> list[Json]:
    """Every address that is no pod's; of a family in which pods may have any address, nothing."""
    pods = world.analysis.snapshot.pod_networks
    found: list[Json] = []
    for network in _EVERYWHERE:
        holes = tuple(sorted(each for each in pods if network.holds(each)))
        found += [block_item(Block(network, holes))] if holes else []
    return found


def _all_pods_and_others(world: World, end: End) -> tuple[list[Json], str]:
    """All pods, and the addresses that are not those of the end."""
    holes: dict[int, list[Network]] = {4: [], 6: []}
    rest: list[Json] = [{"namespaceSelector": {}}]
    for block in end.blocks:
        if block.excepts or block.network.is_family:
            rest += [block_item(Block(hole)) for hole in block.excepts]
            holes.pop(block.network.family, None)
        elif block.network.family in holes:
            holes[block.network.family].append(block.network)
    rest += [
        block_item(Block(network, tuple(sorted(holes[network.family]))))
        for network in _EVERYWHERE
        if network.family in holes
    ]
    return rest, ""


# ---- one rule ------------------------------------------------------------------------------------------------------


def _matching(world: World, policy: Policy, rule: Rule, end: End) -> list[tuple[int, Peer]]:
    """The peers of a rule that (may) mean the end; the trial tells whether these were all."""
    found = []
    for index, peer in enumerate(rule.peers or ()):
        if peer.block is not None:
            meets = any(peer.block.network.meets(block.network) for block in end.blocks) or not end.is_external
        else:
            meets = bool(end.workloads) and _matches(world, policy, peer, end)
        if meets:
            found.append((index, peer))
    return found


def _matches(world: World, policy: Policy, peer: Peer, end: End) -> bool:
    if peer.nodes is not None or peer.domain is not None:
        return False
    if peer.namespaces is None:
        around = end.namespace == policy.namespace
    else:
        around = peer.namespaces.match(world.analysis.namespaces[end.namespace].labels) is not Match.NO
    return around and any(peer.pods is None or peer.pods.match(pod.labels) is not Match.NO for pod in end.pods)


def _sparing(world: World, policy: Policy, path: Path, peer: Peer, end: End) -> Act | None:
    """An exception in one peer."""
    if peer.block is not None:
        return _excepting(policy, path, peer.block, end)
    scope = _scope(world, policy, peer)
    for key in _keys(end):
        values = {pod.labels.known.get(key) for pod in end.pods}
        shared = [
            identity for identity in scope - set(end.ids)
            if any(pod.labels.known.get(key) in values for pod in world.analysis.members[identity])
        ]  # fmt: skip
        if None not in values and not shared and scope - set(end.ids):
            return _not_in(policy, path, key, sorted(value for value in values if value is not None))
    return None


def _keys(end: End) -> list[str]:
    """The labels that all pods of the end have, the most telling first."""
    first, *rest = end.pods
    usual = ("app.kubernetes.io/name", "app", "k8s-app", "name", "component", "role")
    shared = [key for key in first.labels.known if all(key in pod.labels.known for pod in rest)]
    return sorted(shared, key=lambda key: (usual.index(key) if key in usual else len(usual), key))


def _scope(world: World, policy: Policy, peer: Peer) -> set[str]:
    """The workloads that a peer means."""
    namespaces = world.analysis.namespaces
    if peer.namespaces is None:
        return world.namesakes.matched(policy.namespace, peer.pods)
    return {
        identity
        for name, namespace in namespaces.items()
        if peer.namespaces.match(namespace.labels) is not Match.NO
        for identity in world.namesakes.matched(name, peer.pods)
    }


def _not_in(policy: Policy, path: Path, key: str, values: Sequence[str]) -> Act:
    term: Json = {"key": key, "operator": "NotIn", "values": list(values)}

    def splice(text: str, root: Value) -> str:
        peer = root.at(*path)
        if peer is None or peer.kind != "mapping":
            raise CannotEdit
        selector = peer.at("podSelector")
        if selector is None:
            return splicing.insert_field(text, root, path, "podSelector", {"matchExpressions": [term]})
        return splicing.insert_item(text, root, (*path, "podSelector", "matchExpressions"), term)

    return changing(policy, splice)


def _excepting(policy: Policy, path: Path, block: Block, end: End) -> Act | None:
    if not end.is_external or any(each.excepts for each in end.blocks):
        return None
    holes = [each.network for each in end.blocks if block.network.meets(each.network)]
    if not holes or any(not block.network.holds(hole) or hole == block.network for hole in holes):
        return None

    def splice(text: str, root: Value) -> str:
        for hole in holes:
            text = splicing.insert_item(text, splicing.outlined(text), (*path, "ipBlock", "except"), hole.text())
        return text

    return changing(policy, splice)


def _ports(policy: Policy, at: Path, kept: PortSet) -> Act:
    """The ports of a rule, written anew as far as they change."""

    def splice(text: str, root: Value) -> str:
        listed = root.at(*at, "ports")
        if listed is None or not listed.items:
            items = port_items(kept)
            return splicing.insert_field(text, root, at, "ports", items)
        gone = [index for index, item in enumerate(listed.items) if _ports_of(item) & kept is not _ports_of(item)]
        left = NONE
        for index, item in enumerate(listed.items):
            left |= NONE if index in gone else _ports_of(item)
        for port in port_items(kept - left):
            text = splicing.insert_item(text, splicing.outlined(text), (*at, "ports"), port)
        for index in reversed(gone):
            text = splicing.remove_item(text, splicing.outlined(text), (*at, "ports"), index)
        return text

    return changing(policy, splice)


def _ports_of(item: Value) -> PortSet:
    words = item.words()
    protocol = words.get("protocol") or "TCP"
    try:
        if "port" not in words:
            return PortSet.whole(protocol)
        first = int(words["port"])
        return PortSet.single(protocol, first, int(words.get("endPort") or first))
    except ValueError:
        raise CannotEdit from None


def _listing(policy: Policy, at: Path, key: str, peers: Sequence[Json]) -> Act:
    def splice(text: str, root: Value) -> str:
        if root.at(*at, key) is None:
            return splicing.insert_field(text, root, at, key, list(peers))
        for item in peers:
            text = splicing.insert_item(text, splicing.outlined(text), (*at, key), item)
        return text

    return changing(policy, splice)
