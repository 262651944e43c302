"""Chains of connections as documents and as text: what leads where, hop by hop, and which policies would cut it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.explain.codes import CODES
from webapp.explain.places import place_document, place_text, policy_document
from webapp.explain.sentences import short
from webapp.explain.verdict import Question
from webapp.graph.paths import Hop, shortest_chain
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Side, Step, Trace, Verdict

SCHEMA = "netpolmap/path/1"
_NO_POLICY_ACTS = {
    "not_a_pod": "{name} is an address, so no policy acts here.",
    "host_network": "{name} uses the network of its node, so no policy selects it.",
}
_OPEN = "No policy isolates {name} for {direction}: add one."


@dataclass(frozen=True, slots=True)
class Link:
    """A hop with the verdict of both its ends."""

    hop: Hop
    trace: Trace

    @property
    def verdict(self) -> Verdict:
        return Verdict.UNKNOWN if self.hop.ports is NONE else Verdict.ALLOWED


def chain_of(analysis: Analysis, question: Question) -> list[Link] | None:
    """The links of the shortest chain; None if there is none. InputError for a Service."""
    if question.service is not None:
        name = question.destination.text
        raise InputError(f'"{name}" is a Service. A chain leads to workloads and addresses: name what is behind it.')
    asked = _asked(question)
    hops = shortest_chain(analysis, question.source.ids, question.destination.ids, asked)
    if hops is None:
        return None
    return [Link(hop, analysis.decide(hop.source, hop.destination)) for hop in hops]


def verdict_of_chain(links: Sequence[Link] | None) -> Verdict:
    """Allowed if every hop is; blocked if there is no chain."""
    if links is None:
        return Verdict.BLOCKED
    return Verdict.ALLOWED if all(link.verdict is Verdict.ALLOWED for link in links) else Verdict.UNKNOWN


def path_document(analysis: Analysis, question: Question, links: Sequence[Link] | None) -> dict[str, object]:
    """`why --path -o json`."""
    document: dict[str, object] = {
        "schema": SCHEMA, "source": question.source.text, "destination": question.destination.text,
    }  # fmt: skip
    if question.protocol:
        document["protocol"] = question.protocol
    if question.port is not None:
        document["port"] = question.port
    return document | {
        "verdict": str(verdict_of_chain(links)),
        "hops": [_hop_document(link) for link in links or ()],
        "summary": _summary(question, links),
        "assumptions": analysis.assumptions_document(),
    }


def path_text(question: Question, links: Sequence[Link] | None) -> str:
    """`why --path` for people."""
    port = f" on {question.port or 'any port'}/{question.protocol}" if question.protocol else ""
    lines = [f"{str(verdict_of_chain(links)).upper()}  {question.source.text} -> {question.destination.text}{port}"]
    for number, link in enumerate(links or (), 1):
        hop = link.hop
        ports = hop.ports.text() if link.verdict is Verdict.ALLOWED else f"unknown: {hop.unknown.text()}"
        lines += ["", f"{number}. {hop.source} -> {hop.destination}  {ports}"]
        for title, side in (("leaves", link.trace.egress), ("enters", link.trace.ingress)):
            lines += [f"   {title}: {text}{place}" for text, place in _side_texts(link, side)]
    return "\n".join([*lines, "", *_summary(question, links)]) + "\n"


def _asked(question: Question) -> PortSet:
    if question.protocol is None:
        return ALL
    if question.port is None:
        return PortSet.whole(question.protocol)
    return PortSet.single(question.protocol, question.port)


def _hop_document(link: Link) -> dict[str, object]:
    hop = link.hop
    return {
        "source": hop.source,
        "destination": hop.destination,
        "verdict": str(link.verdict),
        "ports": hop.ports.json(),
        "unknown_ports": hop.unknown.json(),
        "only_way": hop.only_way,
        "egress": _side_document(link, link.trace.egress),
        "ingress": _side_document(link, link.trace.ingress),
    }


def _side_document(link: Link, side: Side) -> dict[str, object]:
    """``open``: no policy stands in the way; ``rules``: those that allow the hop, or may do so."""
    steps = _opening(link, side)
    return {
        "open": not any(step.policies for step in steps),
        "reasons": sorted({step.reason for step in steps}),
        "rules": [
            {
                "policy": policy_document(step.policies[0]), "index": step.rule.index, "action": str(step.rule.action),
                "source": place_document(step.rule.source), **({"name": step.rule.name} if step.rule.name else {}),
            }
            for step in steps
            if step.rule is not None
        ],
        "policies": [policy_document(policy) for step in steps if step.rule is None for policy in step.policies],
        "sentences": [text for text, _ in _side_texts(link, side)],
    }  # fmt: skip


def _opening(link: Link, side: Side) -> list[Step]:
    """The steps by which this end lets the hop pass, or may do so."""
    wanted = link.hop.ports | link.hop.unknown
    passing = [step for step in side.steps if step.outcome in (Verdict.ALLOWED, Verdict.UNKNOWN)]
    passing = [step for step in passing if step.reason != "no_rule_matches"]  # its doubt is a step of its own
    return [step for step in passing if step.ports is None or step.ports & wanted is not NONE]


def _side_texts(link: Link, side: Side) -> list[tuple[str, str]]:
    """What would have to change at this end to cut the hop, each with its place."""
    name = short(link.hop.source if side is link.trace.egress else link.hop.destination)
    texts: list[tuple[str, str]] = []
    for step in _opening(link, side):
        if step.rule is not None:
            named = f" ({step.rule.name})" if step.rule.name else ""
            verb = "allows" if step.outcome is Verdict.ALLOWED else "may allow"
            text = f"{step.policies[0].title}, {side.direction} rule {step.rule.index + 1}{named} {verb} it."
            texts.append((text, place_text(step.rule.source)))
        elif step.policies:
            listed = ", ".join(policy.title for policy in step.policies[:3])
            more = f" and {len(step.policies) - 3} more" if len(step.policies) > 3 else ""
            text = f"It depends on {listed}{more}. {CODES[step.reason]}"
            texts.append((text, place_text(step.policies[0].source)))
        elif step.outcome is Verdict.UNKNOWN:
            texts.append((f"It is not known at {name}. {CODES[step.reason]}", ""))
        else:
            texts.append((_NO_POLICY_ACTS.get(step.reason, _OPEN).format(name=name, direction=side.direction), ""))
    return texts


def _summary(question: Question, links: Sequence[Link] | None) -> list[str]:
    """In a few sentences: how long the chain is, and what cuts it."""
    source, destination = question.source.text, question.destination.text
    if links is None:
        return [f"No chain of connections leads from {source} to {destination}."]
    if not links:
        return [f"The chain begins and ends at {destination}, so no connection is needed."]
    count = f"{len(links)} hop{'' if len(links) == 1 else 's'}"
    said = [f"The shortest chain has {count}."]
    unsure = [str(number) for number, link in enumerate(links, 1) if link.verdict is Verdict.UNKNOWN]
    if unsure:
        said = [f"No chain is allowed throughout. The shortest that may be has {count}; unknown: {_listed(unsure)}."]
    only = [str(number) for number, link in enumerate(links, 1) if link.hop.only_way]
    said.append("To cut a hop, close one of its ends.")
    if only:
        every = "every chain uses it" if len(only) == 1 else "every chain uses each of them"
        said.append(f"Cutting hop {_listed(only, 'or')} is enough: {every}.")
    else:
        said.append("No single hop cuts all chains: there are others that go round each of these.")
    return said


def _listed(numbers: Sequence[str], word: str = "and") -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} {word} {numbers[-1]}"
