"""Deny by default for a namespace: only what other policies allow enters or leaves it, and names still resolve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.errors import NotFound
from webapp.insight.resolution import resolver_of
from webapp.manifests.writing import Json
from webapp.model.policy import Direction, Policy, Tier
from webapp.proposals.acts import add_policy
from webapp.proposals.bodies import network_policy, rule
from webapp.proposals.dns import dns_ports, dns_rules
from webapp.proposals.ends import workload_end
from webapp.proposals.fix import Act, Candidate, each_of
from webapp.proposals.trial import Proposal, proposal_of, run
from webapp.proposals.world import Declined, World

NAME = "default-deny"


def deny_by_default(world: World, namespaces: Sequence[str]) -> Proposal:
    """A policy for each namespace, of what it does not isolate yet; Declined if there is nothing left to do in any.
    NotFound for what is no namespace."""
    for namespace in namespaces:
        if namespace not in world.analysis.namespaces:
            raise NotFound(f'There is no namespace "{namespace}" in the input.')
    candidates, told = [], []
    for namespace in namespaces:
        try:
            candidates.append(_denial(world, namespace))
        except Declined as answer:
            told.append(answer.why)
    together = each_of(candidates)
    if together is None:
        raise Declined(" ".join(told))
    if len(candidates) > 1:
        title = f"Deny by default in {', '.join(namespaces)}, and let their pods resolve names"
        together = Candidate(title, together.acts, " ".join(filter(None, (together.note, *told))))
    return _tried(world, together)


def _denial(world: World, namespace: str) -> Candidate:
    there = deniers(world, namespace)
    missing = [direction for direction in Direction if direction not in there]
    rules, note = dns_rules(world, namespace)
    if not missing:
        return _only_names(world, namespace, there, rules, note)
    body = network_policy(NAME, namespace, {}, {way: rules if way is Direction.EGRESS else [] for way in missing})
    ways = " and ".join(str(direction) for direction in missing)
    names = ", but lets all ask the cluster's DNS" if Direction.EGRESS in missing else ""
    comment = f"Isolates all pods of {namespace} for {ways}{names}; other policies allow what is wanted."
    title = f"Deny by default in {namespace}: isolate all its pods for {ways}" + (
        ", and let them resolve names" if names else ""
    )
    acts = [add_policy(body, comment)]
    if Direction.INGRESS in missing:
        found = list(keeping_dns(world, namespace))
        acts += [act for act, _ in found]
        note = " ".join(filter(None, (note if names else "", *dict.fromkeys(text for _, text in found))))
    return Candidate(title, tuple(acts), note)


def keeping_dns(world: World, namespace: str) -> Iterator[tuple[Act, str]]:
    """Where the namespace holds the DNS itself, all must still be let in to ask it."""
    for identity, ports in dns_ports(world).items():
        workload = world.analysis.workload_by_id.get(identity)
        if workload is None or workload.namespace != namespace or workload.host_network:
            continue
        end = workload_end(world, (identity,))
        selector = world.namesakes.choose(end.ids, end.pods)
        rules: list[Json] = [rule(Direction.INGRESS, [], ports)]
        body = network_policy(f"{workload.name}-answers", namespace, selector.body(), {Direction.INGRESS: rules})
        act = add_policy(body, f"Lets everybody ask {end.text}, the cluster's DNS.")
        yield act, f"{end.text} is the cluster's DNS: allow what it asks others itself (resolvers outside, the API)."


def deniers(world: World, namespace: str) -> dict[Direction, Policy]:
    """The NetworkPolicies that isolate every pod of a namespace, one for each direction."""
    found: dict[Direction, Policy] = {}
    for policy in sorted(world.analysis.policies, key=lambda policy: sum(map(len, policy.rules.values()))):
        subject = policy.subject
        everyone = subject.namespace == namespace and (subject.pods is None or not subject.pods.requirements)
        if everyone and policy.tier is Tier.NETWORK_POLICY and not policy.set_aside and not policy.version:
            for direction in policy.rules:
                found.setdefault(direction, policy)
    return found


def _only_names(
    world: World, namespace: str, there: dict[Direction, Policy], rules: list[Json], note: str
) -> Candidate:
    """It is closed already: what may be missing is that its pods resolve names."""
    names = " and ".join(dict.fromkeys(policy.title for policy in there.values()))
    resolver = resolver_of(world.analysis)
    unable = [
        workload
        for workload in world.analysis.workloads
        if workload.namespace == namespace and resolver.verdict(workload) in ("blocked", "partial")
    ]
    if not unable:
        raise Declined(f"{namespace} denies by default already: all its pods are isolated both ways by {names}.")
    body = network_policy("allow-dns", namespace, {}, {Direction.EGRESS: rules})
    comment = f"Lets all pods of {namespace} ask the cluster's DNS, so that they find others by their names."
    title = f"Let all pods of {namespace} resolve names; {names} denies by default already"
    return Candidate(title, (add_policy(body, comment),), note)


def _tried(world: World, candidate: Candidate) -> Proposal:
    outcome = run(world, candidate)
    if outcome is None:
        raise Declined("The policy cannot be written for this input.")
    return proposal_of(candidate, outcome, outcome.changes.rows)
