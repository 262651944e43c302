"""`why`: one question answered, as a document in the contract's form and as text."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.peers import Named, split_port
from webapp.explain.sentences import Sentence, blocked_at, headline, note_texts, side_sentences
from webapp.model.policy import Policy
from webapp.model.ports import NONE
from webapp.model.source import SourceRef
from webapp.model.verdict import Side, Step, Trace, Verdict

SCHEMA = "netpolmap/verdict/1"


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for whom; without ``port`` every port (of ``protocol``, if given)."""

    source: Named
    destination: Named
    protocol: str | None = None
    port: int | None = None


def ask(analysis: Analysis, source: str, destination: str) -> Question:
    """A question as people write it: ``SRC`` and ``DST[:PORT[/PROTO]]``; InputError if a name cannot be resolved."""
    peer, protocol, port = split_port(destination)
    return Question(analysis.resolve_peer(source), analysis.resolve_peer(peer), protocol, port)


def traces(analysis: Analysis, question: Question) -> list[Trace]:
    """One trace for each pair of parts or variants that the question covers."""
    family = question.source.family or question.destination.family
    return [
        analysis.decide(source, destination, question.protocol, question.port, family)
        for source in question.source.ids
        for destination in question.destination.ids
    ]


def verdict_of(answers: list[Trace]) -> Verdict:
    """Allowed only if every part is; else blocked if any part is; else unknown."""
    verdicts = {trace.verdict for trace in answers}
    if verdicts == {Verdict.ALLOWED}:
        return Verdict.ALLOWED
    return Verdict.BLOCKED if Verdict.BLOCKED in verdicts else Verdict.UNKNOWN


def verdict_document(analysis: Analysis, question: Question) -> dict[str, object]:
    """`why -o json`. With several parts (a cut CIDR, variants) the first part that decides stands at the top and
    ``parts`` holds all."""
    answers = traces(analysis, question)
    verdict = verdict_of(answers)
    deciding = next(trace for trace in answers if trace.verdict is verdict)
    document = _trace_document(deciding)
    if len(answers) > 1:
        ports, unknown = deciding.ports, deciding.unknown_ports
        document["parts"] = [_trace_document(trace) for trace in answers]
        if question.port is None:
            document |= {"ports": ports.json(), "unknown_ports": unknown.json()}
    document |= {"source": question.source.text, "destination": question.destination.text, "verdict": str(verdict)}
    document["assumptions"] = analysis.assumptions_document()
    return {"schema": SCHEMA, **document}


def empty_document(analysis: Analysis, source: str, destination: str) -> dict[str, object]:
    """The answer where nothing was read: no verdict, but what is wrong with the input."""
    return {
        "schema": SCHEMA,
        "source": source,
        "destination": destination,
        "verdict": str(Verdict.UNKNOWN),
        "problems": [
            {"severity": problem.severity, "code": problem.code, "message": problem.message}
            | (place_document(problem.source) if problem.source else {})
            for problem in analysis.problems
        ],
        "assumptions": analysis.assumptions_document(),
    }


def _trace_document(trace: Trace) -> dict[str, object]:
    document: dict[str, object] = {"source": trace.source, "destination": trace.destination}
    if trace.protocol:
        document["protocol"] = trace.protocol
    if trace.port is not None:
        document["port"] = trace.port
    document["verdict"] = str(trace.verdict)
    if trace.port is None:
        document["ports"] = {} if trace.ports is NONE else trace.ports.json()
        document["unknown_ports"] = {} if trace.unknown_ports is NONE else trace.unknown_ports.json()
    document["blocked_at"] = blocked_at(trace)
    document["egress"] = _side_document(trace.egress)
    document["ingress"] = _side_document(trace.ingress)
    document["sentences"] = {
        "headline": headline(trace),
        "egress": [_sentence_document(s) for s in side_sentences(trace.egress, trace.source)],
        "ingress": [_sentence_document(s) for s in side_sentences(trace.ingress, trace.destination)],
        "notes": note_texts(trace),
    }
    return document


def _side_document(side: Side) -> dict[str, object]:
    return {"verdict": str(side.verdict), "steps": [_step_document(step, side) for step in side.steps]}


def _step_document(step: Step, side: Side) -> dict[str, object]:
    document: dict[str, object] = {"tier": str(step.tier), "reason": step.reason}
    if step.rule is not None:
        document |= {
            "policy": policy_document(step.policies[0]),
            "direction": str(side.direction),
            "index": step.rule.index,
            "action": str(step.rule.action),
            "source": place_document(step.rule.source),
        }
        if step.rule.name:
            document["name"] = step.rule.name
    if step.policies:
        document["policies"] = [policy_document(policy) for policy in step.policies]
    if step.ports is not None and step.ports is not NONE:
        document["ports"] = step.ports.json()
    if step.detail:
        document["family"] = step.detail
    if step.attempts:
        document["attempts"] = [
            {
                "policy": policy_document(a.policy), "direction": str(side.direction), "index": a.rule.index,
                "reason": a.reason, "source": place_document(a.rule.source),
            }
            for a in step.attempts
        ]  # fmt: skip
    return document


def place_document(place: SourceRef) -> dict[str, object]:
    """Where something stands, in the contract's form."""
    return {"file": place.file, "document": place.document, "line": place.line}


def policy_document(policy: Policy) -> dict[str, object]:
    return {
        "kind": policy.kind,
        "namespace": policy.namespace,
        "name": policy.name,
        "source": place_document(policy.source),
    }


def _sentence_document(sentence: Sentence) -> dict[str, object]:
    policy = sentence.policy
    return {
        "text": sentence.text,
        "tone": sentence.tone,
        "code": sentence.code,
        "tier": str(sentence.tier),
        "policy": {"kind": policy.kind, "namespace": policy.namespace, "name": policy.name} if policy else None,
        "rule": sentence.rule,
        "source": place_document(sentence.source) if sentence.source else None,
        "details": [_sentence_document(detail) for detail in sentence.details],
    }


def verdict_text(analysis: Analysis, question: Question) -> str:
    """`why` for people: the verdict, then each end with its policies, rules and lines."""
    answers = traces(analysis, question)
    port = "" if question.port is None else f" on {question.port}/{question.protocol}"
    if question.port is None and question.protocol:
        port = f" on {question.protocol}"
    lines = [f"{str(verdict_of(answers)).upper()}  {question.source.text} -> {question.destination.text}{port}"]
    for trace in answers:
        if len(answers) > 1:
            lines += ["", f"{trace.source} -> {trace.destination}: {str(trace.verdict).upper()}"]
        lines += _trace_lines(trace)
    switches = analysis.assumptions
    assumed = (
        f"Assumed: hostNetwork pods as {switches.host_network}, ipBlock matches pods by {switches.ipblock_pods}, "
        f"pod CIDRs {', '.join(analysis.pod_cidrs) or 'not known'}, "
        f"labels of undeclared namespaces {switches.undeclared_namespaces}."
    )
    lines += ["", assumed]
    return "\n".join(lines) + "\n"


def _trace_lines(trace: Trace) -> list[str]:
    lines = [f"  {headline(trace)}"]
    if trace.port is None:
        lines.append(f"  allowed: {trace.ports.text()}")
        lines += [f"  unknown: {trace.unknown_ports.text()}"] if trace.unknown_ports is not NONE else []
    for title, side, name in (
        (f"Leaving {trace.source} (egress)", trace.egress, trace.source),
        (f"Entering {trace.destination} (ingress)", trace.ingress, trace.destination),
    ):
        lines += ["", f"{title}: {side.verdict}"]
        for sentence in side_sentences(side, name):
            lines += _sentence_lines(sentence, "  ")
    return lines + [f"  Note: {note}" for note in note_texts(trace)]


def _sentence_lines(sentence: Sentence, indent: str) -> list[str]:
    place = f"  [{sentence.source.file}:{sentence.source.line}]" if sentence.source else ""
    lines = [f"{indent}{sentence.text}{place}"]
    for detail in sentence.details:
        lines += _sentence_lines(detail, indent + "  - ")
    return lines
