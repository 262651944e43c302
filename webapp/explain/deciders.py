"""Which policies and rules decide a path, in a few words an end: what the table says beside each row."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.analysis import Analysis
from webapp.explain.codes import CODES
from webapp.explain.places import policy_document
from webapp.model.policy import Policy
from webapp.model.verdict import Side, Step, Verdict


def deciders_document(analysis: Analysis, source: str, destination: str) -> dict[str, object]:
    """Both ends of a pair of ids. Each has the rules that allow it, or else what blocks it or leaves it open."""
    known = analysis.workload_by_id
    trace = analysis.decide(source, destination)
    ends = {"egress": (source, trace.egress), "ingress": (destination, trace.ingress)}
    return {
        "source": source,
        "destination": destination,
        **{name: list(_told(side)) if end in known else [] for name, (end, side) in ends.items()},
    }


def _told(side: Side) -> Iterator[dict[str, object]]:
    told = set()
    for step in _deciding(side):
        for each in _of_step(step):
            if each["text"] not in told:
                told.add(each["text"])
                yield each


def _deciding(side: Side) -> list[Step]:
    """The steps from which the verdict of an end follows: those that allow, else those in doubt, else what blocks."""
    if side.steps[-1].joint:
        return [side.steps[-1]]
    for outcome in (Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.BLOCKED):
        found = [step for step in side.steps if step.outcome is outcome]
        if found:
            return found
    return [side.steps[-1]]


def _of_step(step: Step) -> Iterator[dict[str, object]]:
    if step.rule is not None and step.policies:
        rule = f"rule {step.rule.index + 1}" + (f" ({step.rule.name})" if step.rule.name else "")
        yield _named(step, step.policies[0], f"{_name(step.policies[0])} {rule}") | {"index": step.rule.index}
        return
    for policy in step.policies:
        yield _named(step, policy, _name(policy))
    if not step.policies:
        yield {"reason": step.reason, "text": _WORDS.get(step.reason) or CODES.get(step.reason, step.reason)}


_WORDS = {"not_isolated": "not isolated", "host_network": "host network, no policy selects it"}


def _named(step: Step, policy: Policy, text: str) -> dict[str, object]:
    return {"reason": step.reason, "text": text, "policy": policy_document(policy), "id": policy.id}


def _name(policy: Policy) -> str:
    return f"{policy.namespace}/{policy.name}" if policy.namespace else f"{policy.kind} {policy.name}"
