"""Exposure as a document, and in words (`list --exposure`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from webapp.explain.places import place_document, policy_document
from webapp.explain.sentences import selector_text
from webapp.insight.exposure import Because, Exposure, Peers
from webapp.insight.regions import NAME
from webapp.insight.selectors import Shape, selector_of
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortName, PortSet

_OPENINGS = {Direction.INGRESS: "accepts from", Direction.EGRESS: "may send to"}
_SAYS = {"rule_allows": "", "rule_denies": " denies", "rule_passes": " passes"}
HEADING = "EXPOSURE: what each workload's own policies say of pods that are not in the input, and of addresses"
READING = (
    "A pod that fits several lines differs from any pod in every way that they do; a line for fewer pods goes first."
)
INCOMPLETE = "More selectors meet here than are combined: pods that several of these lines fit may differ."


# ---- the document -------------------------------------------------------------------------------------------


def exposure_documents(told: Iterable[Exposure]) -> list[dict[str, object]]:
    """One item for each end of a workload. Ends of which the same is said share their lists."""
    shared: dict[int, tuple[Exposure, dict[str, object]]] = {}
    documents = []
    for each in told:
        entry = shared.get(id(each.peers))
        if entry is None:
            said: dict[str, object] = {
                "peers": [_peers_document(peers) for peers in each.peers],
                "addresses": [
                    {"id": address.id, "ports": _json(address.ports)}
                    | ({} if address.unknown_ports is NONE else {"unknown_ports": address.unknown_ports.json()})
                    for address in each.addresses
                ],
            }
            entry = shared[id(each.peers)] = (each, said)
        documents.append({
            "workload": each.workload, "direction": str(each.direction), "protected": each.protected,
            "complete": each.complete, **entry[1],
        })  # fmt: skip
    return documents


def _peers_document(peers: Peers) -> dict[str, object]:
    document: dict[str, object] = {
        "text": peers_text(peers),
        "namespaces": {"name": peers.namespace} if peers.namespace is not None else _selector(peers.region.namespaces),
        "pods": _selector(peers.region.pods),
        "ports": _json(peers.ports),
        "unknown_ports": _json(peers.unknown_ports),
        "names": _names(peers.names),
        "reasons": [_because_document(because) for because in peers.reasons],
    }
    if peers.denied is not NONE:
        document["denied"] = peers.denied.json()
    for key, names in (("unknown_names", peers.unknown_names), ("denied_names", peers.denied_names)):
        if names:
            document[key] = _names(names)
    return document


def _selector(shape: Shape) -> object:
    """As Kubernetes writes it; ``"any"`` for what matches everything."""
    requirements = selector_of(shape).requirements
    if not requirements:
        return "any"
    alone = {r.key for r in requirements if r.operator == "In" and len(r.values) == 1}
    document: dict[str, object] = {}
    if alone:
        document["matchLabels"] = {r.key: r.values[0] for r in requirements if r.key in alone}
    rest = [r for r in requirements if r.key not in alone]
    if rest:
        document["matchExpressions"] = [
            {"key": r.key, "operator": r.operator} | ({"values": list(r.values)} if r.values else {}) for r in rest
        ]
    return document


def _because_document(because: Because) -> dict[str, object]:
    document: dict[str, object] = {
        "reason": because.reason,
        "tier": str(because.tier),
        "policy": policy_document(because.policy),
        "source": place_document(because.rule.source if because.rule else because.policy.source),
    }
    if because.rule is not None:
        rule = because.rule
        document |= {"direction": str(rule.direction), "index": rule.index, "action": str(rule.action)}
    return document


def _json(ports: PortSet) -> object:
    return {} if ports is NONE else ports.json()


def _names(names: Iterable[PortName]) -> list[str]:
    return [f"{name}/{protocol}" for name, protocol in names]


# ---- words --------------------------------------------------------------------------------------------------


def exposure_lines(told: Iterable[Exposure]) -> Iterator[str]:
    """The report for a terminal: workload by workload, what it accepts and where it may send, and why."""
    yield from (HEADING, READING)
    workload = None
    for each in told:
        if each.workload != workload:
            workload = each.workload
            yield from ("", workload)
        opening = f"  {_OPENINGS[each.direction]:<12}"
        if not each.protected:
            yield f"{opening}  everyone, all ports: no policy selects it"
            continue
        rows = [(peers_text(p), ports_text(p), reasons_text(p.reasons)) for p in each.peers]
        rows += [(a.id, _known_and_unknown(a.ports, a.unknown_ports), "") for a in each.addresses]
        widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
        for number, (peers, ports, reasons) in enumerate(rows):
            lead = opening if number == 0 else " " * len(opening)
            yield f"{lead}  {peers:<{widths[0]}}  {ports:<{widths[1]}}  {reasons}".rstrip()
        if not each.complete:
            yield f"{' ' * len(opening)}  {INCOMPLETE}"


def peers_text(peers: Peers) -> str:
    """``pods with app=web in namespaces with team=a``."""
    pods = selector_text(selector_of(peers.region.pods))
    if peers.namespace is not None:
        where = f"namespace {peers.namespace}"
    elif peers.region.namespaces:
        where = f"namespaces with {selector_text(selector_of(peers.region.namespaces))}"
    else:
        return f"pods with {pods} in any namespace" if pods else "any pod of the cluster"
    where = where.replace(f"{NAME}=", "name ")
    return f"pods with {pods} in {where}" if pods else f"any pod in {where}"


def ports_text(peers: Peers) -> str:
    """The ports, those that are open by name, what is unknown, and what any other pod has and these have not."""
    names = " and ".join(_names(peers.names))
    known = peers.ports.text() if peers.ports is not NONE or not names else ""
    parts = [", and ".join(part for part in (known, f"ports named {names}" if names else "") if part)]
    if peers.unknown_ports is not NONE:
        parts.append(f"unknown: {peers.unknown_ports.text()}")
    if peers.unknown_names:
        parts.append(f"unknown: ports named {' and '.join(_names(peers.unknown_names))}")
    if peers.denied_names:
        parts.append(f"not ports named {' and '.join(_names(peers.denied_names))}")
    return "; ".join(parts)


def reasons_text(reasons: Iterable[Because]) -> str:
    """Policies and rules with their lines; of policies that only isolate, their names."""
    return ", ".join(dict.fromkeys(map(_because_text, reasons)))


def _because_text(because: Because) -> str:
    rule, policy = because.rule, because.policy
    if rule is None:
        return policy.title
    says = _SAYS.get(because.reason, " perhaps")
    return f"{policy.title}{says} by rule {rule.index + 1} ({rule.source.file}:{rule.source.line})"


def _known_and_unknown(ports: PortSet, unknown: PortSet) -> str:
    if unknown is NONE:
        return ports.text()
    return f"unknown: {unknown.text()}" if ports is NONE else f"{ports.text()}; unknown: {unknown.text()}"
