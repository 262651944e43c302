"""`why`: one question answered, as a document in the contract's form and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from webapp.analysis import Analysis
from webapp.engine.peers import Named, split_port
from webapp.explain.facts import resolution_document, resolution_text
from webapp.explain.misses import near_document, near_lines
from webapp.explain.places import place_document, place_text, policy_document
from webapp.explain.sentences import Sentence, blocked_at, headline, note_texts, side_sentences
from webapp.explain.services import reached, service_document, service_lines, service_port_document, service_port_text
from webapp.insight.calls import PREFIX as SERVICE_PREFIX
from webapp.insight.calls import Asked, Call, calls
from webapp.insight.calls import asked as asked_service
from webapp.insight.calls import verdict_of as verdict_of_calls
from webapp.insight.resolution import resolver_of
from webapp.model.addresses import Network, network_of
from webapp.model.miss import Nearest
from webapp.model.policy import Direction
from webapp.model.ports import NONE
from webapp.model.verdict import Side, Step, Trace, Verdict, all_of

SCHEMA = "netpolmap/verdict/1"
Near = dict[Direction, Nearest]
UNREAD = "{count} of the input could not be understood. If a policy is among them, the answer may differ."
_MOST_DETAILS = 12
"""Text lists this many policies and rules beneath a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for whom; without ``port`` every port (of ``protocol``, if given). ``service``: by way of which."""

    source: Named
    destination: Named
    protocol: str | None = None
    port: int | None = None
    service: Asked | None = None

    @property
    def address(self) -> Network | None:
        """The addresses that are asked for, if one end is that."""
        return self.source.network or self.destination.network


def ask(analysis: Analysis, source: str, destination: str) -> Question:
    """A question as people write it: ``SRC`` and ``DST[:PORT[/PROTO]]``; InputError if a name cannot be resolved."""
    if destination.startswith(SERVICE_PREFIX):
        return ask_service(analysis, source, destination)
    peer, protocol, port = split_port(destination)
    return Question(analysis.resolve_peer(source), analysis.resolve_peer(peer), protocol, port)


def ask_service(analysis: Analysis, source: str, destination: str) -> Question:
    """The same for ``svc/NAMESPACE/NAME[:PORT[/PROTO]]``."""
    asked = asked_service(analysis, destination)
    port = asked.port if isinstance(asked.port, int) else None
    return Question(
        analysis.resolve_peer(source), Named(asked.service.id, (), False), asked.protocol, port, service=asked
    )


def traces(analysis: Analysis, question: Question) -> list[Trace]:
    """One trace for each pair of parts, variants or backends that the question covers."""
    if question.service is not None:
        return [call.trace for call in calls_of(analysis, question)]
    family = question.source.family or question.destination.family
    return [
        analysis.decide(source, destination, question.protocol, question.port, family)
        for source in question.source.ids
        for destination in question.destination.ids
    ]


def verdict_of(answers: list[Trace]) -> Verdict:
    """Allowed only if every part is; else blocked if any part is; else unknown."""
    return all_of([trace.verdict for trace in answers])


def calls_of(analysis: Analysis, question: Question) -> list[Call]:
    """The backends that a question about a Service covers."""
    assert question.service is not None
    return calls(analysis, question.source.ids, question.service, question.source.family)


def outcome(analysis: Analysis, question: Question) -> Verdict:
    """The verdict of the whole question."""
    if question.service is not None:
        return verdict_of_calls(calls_of(analysis, question), question.service)
    return verdict_of(traces(analysis, question))


def verdict_document(analysis: Analysis, question: Question) -> dict[str, object]:
    """`why -o json`. With several parts (a cut CIDR, variants) the first part that decides stands at the top and
    ``parts`` holds all."""
    if question.service is not None:
        return _service_verdict(analysis, question, question.service)
    answers = traces(analysis, question)
    near_of = partial(analysis.near_misses, address=question.address)
    verdict = verdict_of(answers)
    deciding = next(trace for trace in answers if trace.verdict is verdict)
    document = _trace_document(deciding, near_of(deciding), _notes(analysis, question, answers))
    document |= _dns_document(analysis, deciding)
    if len(answers) > 1:
        ports, unknown = deciding.ports, deciding.unknown_ports
        document["parts"] = [_trace_document(trace, near_of(trace)) for trace in answers]
        if question.port is None:
            document |= {"ports": ports.json(), "unknown_ports": unknown.json()}
    document |= {"source": question.source.text, "destination": question.destination.text, "verdict": str(verdict)}
    document["assumptions"] = analysis.assumptions_document()
    return {"schema": SCHEMA, **document}


def _service_verdict(analysis: Analysis, question: Question, asked: Asked) -> dict[str, object]:
    """The document of a question about a Service: the first backend that decides, and ``parts`` with all of them."""
    found = calls_of(analysis, question)
    verdict = verdict_of_calls(found, asked)
    deciding = next((call for call in found if call.trace.verdict is verdict), found[0])
    near_of = partial(analysis.near_misses, address=question.address)
    notes = [*unread_notes(analysis), *_dns_notes(analysis, [call.trace for call in found])]
    document = _trace_document(deciding.trace, near_of(deciding.trace), notes) | _dns_document(analysis, deciding.trace)
    document["service"] = service_document(asked, found)
    document["parts"] = [
        _trace_document(call.trace, near_of(call.trace)) | {"service_port": service_port_document(call.port)}
        for call in found
    ]
    document |= {"source": question.source.text, "destination": question.destination.text, "verdict": str(verdict)}
    if question.port is None and asked.port is None:
        document.pop("port", None)
        document.pop("protocol", None)
        document |= {"ports": reached(found, Verdict.ALLOWED), "unknown_ports": reached(found, Verdict.UNKNOWN)}
    else:
        document["protocol"] = deciding.port.protocol
        document |= {"port": deciding.port.number} if deciding.port.number else {}
    document["assumptions"] = analysis.assumptions_document()
    return {"schema": SCHEMA, **document}


def _dns_document(analysis: Analysis, trace: Trace) -> dict[str, object]:
    """Whether the source may resolve names, if it is a workload: who cannot never comes to ask for another."""
    workload = analysis.workload_by_id.get(trace.source)
    return {} if workload is None else {"dns": resolution_document(resolver_of(analysis).of(workload), placed=True)}


def _notes(analysis: Analysis, question: Question, answers: list[Trace]) -> list[str]:
    """What is worth knowing beside the answer: addresses that belong to pods, names that cannot be resolved."""
    return [*unread_notes(analysis), *_pods_at(analysis, question), *_dns_notes(analysis, answers)]


def unread_notes(analysis: Analysis) -> list[str]:
    """That something of the input could not be read, and may be what decides."""
    return [UNREAD.format(count=_documents(analysis.unread))] if analysis.unread else []


def _documents(count: int) -> str:
    return "One document" if count == 1 else f"{count:,} documents"


def _pods_at(analysis: Analysis, question: Question) -> list[str]:
    """A sentence for each address that was asked for and belongs to pods: their own policies were not asked."""
    notes = []
    for end in (question.source, question.destination):
        if end.network is None:
            continue
        owners = [
            workload.id
            for workload in analysis.workloads
            if any(end.network.holds(network_of(text)) for text in workload.addresses)
        ]
        if owners:
            more = f" and {len(owners) - 3} more" if len(owners) > 3 else ""
            notes.append(
                f"{end.text} is taken as an address outside of the cluster, and it belongs to {', '.join(owners[:3])}"
                f"{more}. Ask by that name, so that its own policies are asked too."
            )
    return notes


def _dns_notes(analysis: Analysis, answers: list[Trace]) -> list[str]:
    """A sentence for each source that cannot resolve names, unless it asks for the DNS itself."""
    resolver = resolver_of(analysis)
    notes = []
    for source in dict.fromkeys(trace.source for trace in answers):
        workload = analysis.workload_by_id.get(source)
        asks_for_names = any(t.source == source and t.destination not in resolver.servers for t in answers)
        if workload is None or not asks_for_names:
            continue
        found = resolver.of(workload)
        if found.verdict in ("blocked", "partial"):
            failing = "cannot resolve names" if found.verdict == "blocked" else "may fail to resolve names"
            notes.append(f"{source} {failing}: {resolution_text(found)}.")
    return notes


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


def _trace_document(trace: Trace, near: Near, notes: Sequence[str] = ()) -> dict[str, object]:
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
    for side in (trace.egress, trace.ingress):
        document[str(side.direction)] = _side_document(side) | near_document(near, side.direction, trace)
    document["sentences"] = {
        "headline": headline(trace),
        "egress": [_sentence_document(s) for s in side_sentences(trace.egress, trace.source)],
        "ingress": [_sentence_document(s) for s in side_sentences(trace.ingress, trace.destination)],
        "notes": [*note_texts(trace), *notes],
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
    verdict = outcome(analysis, question)
    port = "" if question.port is None else f" on {question.port}/{question.protocol}"
    if question.port is None and question.protocol:
        port = f" on {question.protocol}"
    if question.service is not None:
        port = service_port_text(question.service)
    lines = [f"{str(verdict).upper()}  {question.source.text} -> {question.destination.text}{port}"]
    if question.service is not None:
        lines += service_lines(question.service, calls_of(analysis, question))
    for trace in answers:
        if len(answers) > 1:
            on = f":{trace.port}" if question.service is not None and trace.port else ""
            lines += ["", f"{trace.source} -> {trace.destination}{on}: {str(trace.verdict).upper()}"]
        near = analysis.near_misses(trace, question.address)
        lines += [] if trace.destination.startswith(SERVICE_PREFIX) else _trace_lines(trace, near)
    switches = analysis.assumptions
    assumed = (
        f"Assumed: hostNetwork pods as {switches.host_network}, ipBlock matches pods by {switches.ipblock_pods}, "
        f"pod CIDRs {', '.join(analysis.pod_cidrs) or 'not known'}, "
        f"labels of undeclared namespaces {switches.undeclared_namespaces}."
    )
    if switches.ingress_controllers:
        assumed += f" Ingress controllers: {', '.join(switches.ingress_controllers)}."
    notes = [f"  Note: {note}" for note in _notes(analysis, question, answers)]
    lines += ["", *notes] if notes else []
    lines += ["", assumed]
    return "\n".join(lines) + "\n"


def _trace_lines(trace: Trace, near: Near) -> list[str]:
    lines = [f"  {headline(trace)}"]
    if trace.port is None:
        lines.append(f"  allowed: {trace.ports.text()}")
        lines += [f"  unknown: {trace.unknown_ports.text()}"] if trace.unknown_ports is not NONE else []
    for title, side, name in (
        (f"Leaving {trace.source} (egress)", trace.egress, trace.source),
        (f"Entering {trace.destination} (ingress)", trace.ingress, trace.destination),
    ):
        lines += ["", f"{title}: {side.verdict}"]
        nearest = near.get(side.direction, Nearest())
        for sentence in side_sentences(side, name):
            lines += _sentence_lines(_without(sentence, nearest), "  ")
        lines += near_lines(nearest, side.direction, trace)
    return lines + [f"  Note: {note}" for note in note_texts(trace)]


def _without(sentence: Sentence, nearest: Nearest) -> Sentence:
    """A sentence less the rules that are told as near misses; a long list of others is cut."""
    told = {(id(miss.policy), miss.rule.index) for miss in nearest.misses}
    kept = tuple(detail for detail in sentence.details if (id(detail.policy), detail.rule) not in told)
    if len(kept) > _MOST_DETAILS:
        more = f"and {len(kept) - _MOST_DETAILS:,} more (all of them: -o json)"
        kept = (*kept[:_MOST_DETAILS], Sentence(more, sentence.tone, sentence.code))
    return replace(sentence, details=kept)


def _sentence_lines(sentence: Sentence, indent: str) -> list[str]:
    lines = [f"{indent}{sentence.text}{place_text(sentence.source)}"]
    for detail in sentence.details:
        lines += _sentence_lines(detail, indent + "  - ")
    return lines
