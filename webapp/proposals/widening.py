"""A rule that nearly matched, widened by what it lacks: a port, a peer, a value, or a letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from webapp.engine.spelling import is_slip
from webapp.manifests import splicing
from webapp.manifests.outline import Value
from webapp.manifests.splicing import CannotEdit
from webapp.model.miss import Gap, Miss
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.verdict import Trace
from webapp.proposals.acts import Path, changing, insert
from webapp.proposals.bodies import PEERS, TYPES, peer_items, port_items
from webapp.proposals.ends import End
from webapp.proposals.fix import Act, Candidate, Pair
from webapp.proposals.selecting import Choice
from webapp.proposals.world import World

_MOST = 2
_LABELS = ("pod_label", "namespace_label", "subject_label")
_PEERS = (
    "pod_label", "namespace_label", "own_namespace_only", "both_selectors", "host_network_peer", "address_outside",
    "address_family", "block_without_pods",
)  # fmt: skip
_PORTS = ("port_mismatch", "protocol_mismatch", "named_port_absent")


def widened(
    world: World, pair: Pair, direction: Direction, other: Choice | None, traces: Sequence[Trace]
) -> Iterator[Candidate]:
    """From the nearest misses of the first pair that is blocked."""
    address = pair.source.within or pair.destination.within
    nearest = world.analysis.near_misses(traces[0], address).get(direction)
    found = (_mended(pair, direction, other, miss) for miss in (nearest.misses if nearest else ()))
    yield from islice((candidate for candidate in found if candidate is not None), _MOST)


def _mended(pair: Pair, direction: Direction, other: Choice | None, miss: Miss) -> Candidate | None:
    """None where it lacks what cannot be given without opening much else."""
    policy, rule = miss.policy, miss.rule
    if policy.tier is not Tier.NETWORK_POLICY or policy.set_aside or policy.version:
        return None
    peer = pair.source if direction is Direction.INGRESS else pair.destination
    at: Path = ("spec", str(direction), rule.index)
    where = f"rule {rule.index + 1} of {policy.title}"
    acts: list[Act] = []
    words: list[str] = []
    rest = list(miss.gaps)
    for gap in miss.gaps:
        slip = _slip(policy, gap)
        if slip is not None:
            act, wrong = slip
            acts.append(act)
            words.append(f"write {gap.meant_value} for {wrong}")
            rest.remove(gap)
    codes = {gap.code for gap in rest}
    if codes == {"direction_not_listed"}:
        acts.append(insert(policy, ("spec", "policyTypes"), TYPES[direction]))
        words.append(f"list {TYPES[direction]} among the policyTypes")
    elif codes and codes <= set(_PORTS):
        acts += [insert(policy, (*at, "ports"), item) for item in port_items(pair.ports)]
        words.append(f"allow {pair.ports.text()}")
    elif codes and codes <= set(_PEERS) and not acts:
        value = _value(policy, rest, peer)
        acts += [value] if value else _peers(policy, (*at, PEERS[direction]), peer, other)
        words.append(f"allow {peer.text}")
    elif codes:
        return None
    return Candidate(f"Widen {where}: {' and '.join(words)}", tuple(acts)) if acts else None


def _peers(policy: Policy, path: Path, peer: End, other: Choice | None) -> list[Act]:
    return [insert(policy, path, item) for item in peer_items(peer, other, policy.namespace)]


def _slip(policy: Policy, gap: Gap) -> tuple[Act, str] | None:
    """Mend the spelling of a value, where that is what is wrong; and the value that was written."""
    term = gap.requirement
    if gap.code not in _LABELS or term is None or not gap.meant_value or gap.meant_key or term.operator != "In":
        return None
    wrong = [value for value in term.values if is_slip(value, gap.meant_value)]
    if len(wrong) != 1:
        return None
    return _at_label(policy, gap, wrong[0], gap.meant_value), wrong[0]


def _at_label(policy: Policy, gap: Gap, old: str, new: str) -> Act:
    *selector, key = gap.path

    def splice(text: str, root: Value) -> str:
        places: list[Path] = [(*selector, "matchLabels", key)]
        expressions = root.at(*selector, "matchExpressions")
        for index, expression in enumerate(expressions.items if expressions is not None else ()):
            values = expression.at("values")
            if expression.words().get("key") == key and values is not None:
                places += [(*selector, "matchExpressions", index, "values", n) for n in range(len(values.items))]
        for place in places:
            found = root.at(*place)
            if found is not None and found.kind == "scalar" and found.text == old:
                return splicing.replace_scalar(text, root, place, new)
        raise CannotEdit

    return changing(policy, splice)


def _value(policy: Policy, gaps: Sequence[Gap], peer: End) -> Act | None:
    """One value more in the list of an expression, where that is all that a rule lacks."""
    gap = gaps[0]
    term = gap.requirement
    values = {workload.labels.get(term.key) for workload in peer.workloads} if term is not None else set()
    value = values.pop() if len(values) == 1 else None
    if len(gaps) != 1 or gap.code != "pod_label" or term is None or term.operator != "In" or value is None:
        return None
    if len(term.values) < 2:
        return None
    *selector, key = gap.path
    wanted = value

    def splice(text: str, root: Value) -> str:
        expressions = root.at(*selector, "matchExpressions")
        for index, expression in enumerate(expressions.items if expressions is not None else ()):
            if expression.words().get("key") == key:
                path = (*selector, "matchExpressions", index, "values")
                return splicing.insert_item(text, root, path, wanted)
        raise CannotEdit

    return changing(policy, splice)
