"""The sentences of a trace, each with its code, its policy and the line that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webapp.explain.codes import CODES, NOTES
from webapp.model.labels import Requirement, Selector
from webapp.model.policy import Direction, Peer, Policy, Rule, Tier
from webapp.model.source import SourceRef
from webapp.model.verdict import Attempt, Side, Step, Trace, Verdict

_TONES = {Verdict.ALLOWED: "key", Verdict.BLOCKED: "bar", Verdict.UNKNOWN: "unknown"}
_ENDS = {"source": "source", "target": "destination", "both": "both ends"}
_OPEN = frozenset({"not_isolated", "not_a_pod", "host_network", "same_pod", "default_allows"})
_SAYS = {"rule_allows": "allows it", "rule_denies": "denies it", "rule_passes": "passes it on to the next tier"}
_GOES_ON = "on"
_NOWHERE = {
    "no_backend": "No backend", "target_port_absent": "No backend", "no_service_port": "No such port of the Service",
    "names_target_port": "Not a port of the Service",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """``tone``: open, key, bar or unknown: the door at this end; ``on``: the next tier is asked. ``rule`` counts from
    0."""

    text: str
    tone: str
    code: str
    policy: Policy | None = None
    rule: int | None = None
    source: SourceRef | None = None
    details: tuple[Sentence, ...] = ()
    tier: Tier = Tier.DEFAULT


def headline(trace: Trace) -> str:
    """The verdict in a few words, for a chip."""
    if trace.verdict is Verdict.ALLOWED:
        opened = {step.reason for side in (trace.egress, trace.ingress) for step in side.steps}
        if "same_pod" in opened:
            return "Allowed (same pod)"
        if not opened - _OPEN:
            return "Allowed (not isolated)"
        if trace.port is None and not trace.ports.is_all:
            return "Some ports allowed"
        return "Allowed"
    if trace.verdict is Verdict.UNKNOWN:
        return "Unknown"
    reasons = {step.reason for side in (trace.egress, trace.ingress) for step in side.steps}
    for reason, words in _NOWHERE.items():
        if reason in reasons:
            return words
    if "no_common_port" in reasons:
        return "No common port"
    if "no_common_family" in reasons:
        return "No common address family"
    return f"Blocked at {_ENDS[blocked_at(trace)]}"


def blocked_at(trace: Trace) -> str:
    """``source``, ``target``, ``both`` or '': the end whose side blocks."""
    if trace.verdict is not Verdict.BLOCKED or trace.egress.steps[-1].reason in _NOWHERE:
        return ""
    out, into = trace.egress.verdict is Verdict.BLOCKED, trace.ingress.verdict is Verdict.BLOCKED
    return "both" if out == into else "source" if out else "target"


def side_sentences(side: Side, name: str) -> list[Sentence]:
    """What one end says; ``name`` is the id of the end that it is about."""
    return [replace(_sentence(step, side.direction, short(name)), tier=step.tier) for step in side.steps]


def short(name: str) -> str:
    """``production/frontend`` for ``production/Deployment/frontend``; external ids stay."""
    parts = name.split("/")
    return f"{parts[0]}/{parts[2]}" if len(parts) == 3 and " " not in name else name


def note_texts(trace: Trace) -> list[str]:
    return [NOTES[note] for note in trace.notes]


def _sentence(step: Step, direction: Direction, name: str) -> Sentence:
    tone = "open" if step.reason in _OPEN else _TONES[step.outcome] if step.outcome else _GOES_ON
    policy = step.policies[0] if step.policies else None
    if step.rule is not None and policy is not None:
        return Sentence(_ruled(step, step.rule, policy, direction), tone, step.reason, policy, step.rule.index,
                        step.rule.source)  # fmt: skip
    if step.reason == "no_rule_matches":
        return _not_matched(step, direction, name) if step.tier is Tier.NETWORK_POLICY else _went_on(step, direction)
    if step.reason == "not_isolated":
        then = "so this side is open" if step.outcome else "so the next tier is asked"
        return Sentence(f"No NetworkPolicy isolates {name} for {direction}, {then}.", tone, step.reason)
    details = tuple(Sentence(p.title, tone, step.reason, p, None, p.source) for p in step.policies)
    return Sentence(CODES[step.reason], tone, step.reason, policy, None, policy.source if policy else None, details)


def _ruled(step: Step, rule: Rule, policy: Policy, direction: Direction) -> str:
    """What the rule says that decides, passes, or may do so."""
    ports = step.ports.text() if step.ports is not None else ""
    ports += f" over {step.detail} only" if step.detail else ""
    place = f"{direction} rule {rule.index + 1}" + (f" ({rule.name})" if rule.name else "")
    if step.reason in _SAYS:
        return f"{policy.title} {_SAYS[step.reason]}: {place}, {ports}."
    return f"{policy.title} may {rule.action.lower()} it: {place}, {ports}. {CODES[step.reason]}"


def _went_on(step: Step, direction: Direction) -> Sentence:
    """An admin or baseline tier in which no rule matched."""
    count = len(step.policies)
    which = step.policies[0].title if count == 1 else f"{count} policies"
    tried = tuple(_attempt(attempt, direction) for attempt in step.attempts)
    text = f"{which} of the {step.tier} tier: no {direction} rule matches, so the next tier is asked."
    first = step.policies[0]
    return Sentence(text, _GOES_ON, step.reason, first, None, first.source, tried)


def _not_matched(step: Step, direction: Direction, name: str) -> Sentence:
    count = len(step.policies)
    which = step.policies[0].title + " isolates" if count == 1 else f"{count} policies isolate"
    rules = sum(len(policy.rules.get(direction, ())) for policy in step.policies)
    what = {0: "and allows nothing", 1: "and its one rule does not match"}.get(
        rules, f"and none of {rules} rules matches"
    )
    if count > 1 and rules == 0:
        what = "and allow nothing"
    elif count > 1 and rules == 1:
        what = "and their one rule does not match"
    isolating = tuple(
        Sentence(f"{p.title} isolates it", "bar", "no_rule_matches", p, None, p.source) for p in step.policies
    )
    tried = tuple(_attempt(attempt, direction) for attempt in step.attempts)
    first = next((p for p in step.policies if not p.rules.get(direction)), step.policies[0] if step.policies else None)
    text = f"{which} {name} for {direction}, {what}."
    return Sentence(text, "bar", step.reason, first, None, first.source if first else None, isolating + tried)


def _attempt(attempt: Attempt, direction: Direction) -> Sentence:
    rule = attempt.rule
    why = {
        "port_mismatch": f"lists {rule.ports.text()} only",
        "named_port_absent": f"wants {rule.ports.text()}, a name that the destination does not declare",
        "namespace_mismatch": f"wants {peers_text(rule, attempt.policy)}",
        "peer_mismatch": f"wants {peers_text(rule, attempt.policy)}",
    }.get(attempt.reason, CODES.get(attempt.reason, attempt.reason))
    text = f"{attempt.policy.title}, {direction} rule {rule.index + 1}, {why}"
    return Sentence(text, "bar", attempt.reason, attempt.policy, rule.index, rule.source)


def peers_text(rule: Rule, policy: Policy) -> str:
    """Whom a rule speaks of, in a few words."""
    if rule.peers is None:
        return "everyone"
    return " or ".join(_peer_text(peer, policy) for peer in rule.peers)


def _peer_text(peer: Peer, policy: Policy) -> str:
    if peer.block is not None:
        return f"addresses in {peer.block.text()}"
    if peer.nodes is not None:
        return f"nodes with {selector_text(peer.nodes)}" if peer.nodes.requirements else "all nodes"
    if peer.domain is not None:
        return f"the domain name {peer.domain}"
    pods = "all pods" if peer.pods is None or not peer.pods.requirements else f"pods with {selector_text(peer.pods)}"
    if peer.namespaces is None and policy.namespace:
        return f"{pods} of namespace {policy.namespace}"
    if peer.namespaces is None or not peer.namespaces.requirements:
        return f"{pods} of any namespace"
    return f"{pods} of namespaces with {selector_text(peer.namespaces)}"


def selector_text(selector: Selector) -> str:
    """``app=db, tier in (a, b)``; what a selector that matches nothing says."""
    return ", ".join(requirement_text(requirement) for requirement in selector.requirements)


def requirement_text(requirement: Requirement) -> str:
    """One term of a selector."""
    key, values = requirement.key, requirement.values
    if requirement.operator == "In" and not values:
        return "labels that nothing has"
    if requirement.operator == "In" and len(values) == 1:
        return f"{key}={values[0]}"
    if requirement.operator == "Exists":
        return key
    if requirement.operator == "DoesNotExist":
        return f"no {key}"
    return f"{key} {'in' if requirement.operator == 'In' else 'not in'} ({', '.join(values)})"
