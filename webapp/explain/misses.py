"""Near misses as sentences and in JSON: the rule that came closest, and what it lacks."""

from __future__ import annotations

from webapp.explain.places import place_document, place_text, policy_document
from webapp.explain.sentences import requirement_text, short
from webapp.model.miss import Gap, Miss, Nearest, Path
from webapp.model.policy import Direction
from webapp.model.verdict import Trace


def near_document(near: dict[Direction, Nearest], direction: Direction, trace: Trace) -> dict[str, object]:
    """The near misses of one end, nearest first, and how many rules were compared; nothing unless it blocks."""
    nearest = near.get(direction)
    if nearest is None:
        return {}
    return {
        "near_misses": [_miss_document(miss, direction, trace) for miss in nearest.misses],
        "rules_compared": nearest.looked_at,
        "rules_in_question": nearest.rules,
    }


def _miss_document(miss: Miss, direction: Direction, trace: Trace) -> dict[str, object]:
    rule = miss.rule
    return {
        "text": _headline_of(miss),
        "policy": policy_document(miss.policy),
        "direction": str(rule.direction),
        "index": rule.index,
        **({"name": rule.name} if rule.name else {}),
        "source": place_document(rule.source),
        "lacks": [
            _gap_document(gap, text) for gap, text in zip(miss.gaps, _gap_texts(miss, direction, trace), strict=True)
        ],
    }


def _gap_document(gap: Gap, text: str) -> dict[str, object]:
    document: dict[str, object] = {"reason": gap.code, "text": text}
    term = gap.requirement
    if term is not None:
        document |= {"key": term.key, "operator": term.operator, "want": list(term.values), "have": gap.have}
    elif gap.want:
        document |= {"want": [gap.want], "have": gap.have}
    meant = {"key": gap.meant_key, "value": gap.meant_value}
    if any(meant.values()):
        document["did_you_mean"] = {name: word for name, word in meant.items() if word}
    document["path"] = _field_text(gap.path)
    if gap.source is not None:
        document["source"] = place_document(gap.source)
    return document


def near_lines(nearest: Nearest, direction: Direction, trace: Trace) -> list[str]:
    """The near misses of an end, each with its rule, its place and what it lacks."""
    lines = [f"  {text}" for text in [_count_text(nearest, direction)] if text]
    title = "Closest"
    for miss in nearest.misses:
        texts = _gap_texts(miss, direction, trace)
        if _is_one_sided(miss):
            lines.append(f"  One-sided: {_headline_of(miss)}{place_text(miss.rule.source)}")
        else:
            lines.append(f"  {title}: {_headline_of(miss)}{place_text(miss.rule.source)}")
            title = "Also near"
        for gap, text in zip(miss.gaps, texts, strict=True):
            lines.append(f"    - {text}{place_text(gap.source) if gap.source != miss.rule.source else ''}")
    return lines


def _headline_of(miss: Miss) -> str:
    """The rule in a few words."""
    rule = miss.rule
    name = f" ({rule.name})" if rule.name else ""
    return f"{miss.policy.title}, {rule.direction} rule {rule.index + 1}{name}"


def _gap_texts(miss: Miss, direction: Direction, trace: Trace) -> list[str]:
    """What the rule lacks, a sentence for each thing; ``direction``: the end of the trace that blocks."""
    ends = (trace.source, trace.destination)
    own, other = ends if direction is Direction.EGRESS else ends[::-1]
    return [_gap_text(gap, miss, own, other) for gap in miss.gaps]


def _is_one_sided(miss: Miss) -> bool:
    """Whether it is the rule of the other end, to which one at this end is missing."""
    return miss.gaps[0].code == "one_sided"


def _count_text(nearest: Nearest, direction: Direction) -> str:
    """What to say where nothing comes close, or not all was compared; '' if there is nothing to say."""
    if nearest.looked_at < nearest.rules:
        return f"Compared {nearest.looked_at:,} of {nearest.rules:,} rules, the likeliest first."
    if nearest.misses or not nearest.rules:
        return ""
    if nearest.rules == 1:
        return f"The one {direction} rule does not come close."
    return f"None of the {nearest.rules:,} {direction} rules comes close."


def _field_text(path: Path) -> str:
    """``spec.ingress[0].from[1].podSelector``, as problems name fields."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _gap_text(gap: Gap, miss: Miss, own: str, other: str) -> str:
    if gap.requirement is not None:
        return _term_text(gap, short(own), short(other))
    here = miss.rule.direction
    there = Direction.EGRESS if here is Direction.INGRESS else Direction.INGRESS
    text = _TEXTS[gap.code].format(
        want=gap.want, have=gap.have, own=short(own), other=short(other), where=_address(gap, other), here=here,
        there=there, type=here.capitalize(), speaker=short(other if here is Direction.INGRESS else own),
    )  # fmt: skip
    return text + (f' Did you mean "{gap.meant_value}"?' if gap.meant_value else "")


def _address(gap: Gap, other: str) -> str:
    """A pod with its address; an address that was asked for stands for itself."""
    name = short(other)
    if gap.have is None:
        return name
    return gap.have if name == other else f"{name} ({gap.have})"


_TEXTS = {
    "own_namespace_only": "It has no namespaceSelector, so it selects pods of namespace {want} only; {other} is in "
    "namespace {have}.",
    "both_selectors": "Its two selectors stand in one list item, so both must match.",
    "host_network_peer": "{other} uses the network of its node, so no selector matches it; an ipBlock with the address "
    "of the node would.",
    "port_mismatch": "It lists {want}; needed is {have}.",
    "protocol_mismatch": "It lists {want}; needed is {have}: the protocol does not fit.",
    "named_port_absent": "It lists {want}, a name that the destination does not declare.",
    "address_outside": "It lists {want}; {where} is outside.",
    "address_excepted": "It lists {want}; {where} is in the except.",
    "address_family": "It lists {want}; {where} is of the other address family.",
    "block_without_pods": "It lists addresses ({want}), which match no pod by the switch --ipblock-pods never.",
    "wrong_direction": "It would match if it were an {there} rule. As an {here} rule it speaks of connections that "
    "{speaker} opens; replies need no rule.",
    "direction_not_listed": "It is ignored: policyTypes does not list {type}.",
    "one_sided": "It allows this at {other}. What is missing is an {there} rule at {own}.",
    "policy_elsewhere": "The policy is in namespace {have}, where it selects no pod. In namespace {want} it would "
    "allow this.",
    "asked_later": "It would allow this, but the rule that denies it is asked first.",
}
_WHO = {
    "pod_label": "It wants pods with {want}", "namespace_label": "It wants namespaces with {want}",
    "subject_label": "The policy selects pods with {want}",
    "subject_namespace": "The policy selects namespaces with {want}",
}  # fmt: skip


def _term_text(gap: Gap, own: str, other: str) -> str:
    """A term of a selector: what it wants, what there is, and which spelling would do."""
    term = gap.requirement
    assert term is not None
    wants = _WHO[gap.code].format(want=requirement_text(term))
    if not term.key:
        return f"{wants}."
    who = own if gap.code.startswith("subject") else other
    if "namespace" in gap.code:
        who = f"namespace {who.partition('/')[0]}"
    has = f"no label {term.key}" if gap.have is None else f"{term.key}={gap.have}"
    guess = gap.meant_key or gap.meant_value
    if gap.meant_key and gap.meant_value:
        guess = f"{gap.meant_key}={gap.meant_value}"
    hint = f' Did you mean "{guess}"?' if guess else ""
    return f"{wants}; {who} has {has}.{hint}"
