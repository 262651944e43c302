"""Policies as documents: the list of all, one with its rules, and those that speak of a workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.analysis import Analysis
from webapp.explain.facts import ports_document
from webapp.explain.places import place_document
from webapp.explain.sentences import peers_text
from webapp.insight.policies import (
    Block,
    Outline,
    RuleOutline,
    changed,
    mentioning,
    outline,
    outlines,
    pairs_in,
    rules_of,
    selecting,
)
from webapp.manifests.fieldplaces import FieldPlaces
from webapp.model.policy import Action, Direction, Policy, Rule
from webapp.model.source import SourceRef

_MOST_IDS = 20_000
"""In the pairs of one answer; more are counted, not listed."""
_VERBS = {Action.ALLOW: "Allows", Action.DENY: "Denies", Action.PASS: "Passes on"}


def policies_document(
    analysis: Analysis, counts: Mapping[str, int], switched_off: Iterable[Outline] = ()
) -> dict[str, object]:
    """All policies, and those that are switched off. ``counts``: how many verdicts each changes, as far as known."""
    rows = [_row(each, counts.get(each.id), on=True) for each in outlines(analysis)]
    rows += [_row(each, None, on=False) for each in switched_off]
    return {"policies": rows, "counted": len(counts) == len(analysis.numbers_of)}


def policy_card(analysis: Analysis, identity: str) -> dict[str, object]:
    """One policy with its rules, and the pairs that it changes. KeyError if there is none."""
    told = outline(analysis, identity)
    count, blocks = changed(analysis, identity)
    plural = _plural(analysis)
    return {
        **_row(told, count, on=True),
        "selected": list(told.selected),
        "may_select": list(told.may_select),
        "sources": [place_document(policy.source) for policy in told.documents],
        "rule_list": [_rule_row(each, plural) for each in rules_of(analysis, identity)],
        "changed": {"pairs": count, **_blocks(blocks)},
    }


def about_document(analysis: Analysis, identity: str) -> dict[str, object]:
    """The policies that select a workload, and the rules of all policies that mention it."""
    chosen = selecting(analysis, identity) if identity in analysis.workload_by_id else []
    rows = []
    for each in chosen:
        told = outline(analysis, each)
        rules = [rule for way in Direction for rule in told.first.rules.get(way, ())]
        rows.append({
            **_row(told, None, on=True), "certain": identity in told.selected,
            "rule_list": [_rule(told.first, rule) for rule in rules],
        })  # fmt: skip
    return {
        "selected_by": rows,
        "mentioned_by": [
            {"policy": policy.id, "certain": certain, **_rule(policy, rule)}
            for policy, rule, certain in mentioning(analysis, identity)
        ],
    }


def decides_document(analysis: Analysis, file: str, document: int, line: int) -> dict[str, object]:
    """The pairs that the rule at a line decides; where none is, those that the policy there changes."""
    policy = _policy_at(analysis, file, document, line)
    if policy is None:
        return {"policy": None, "rule": None, "pairs": 0, "blocks": [], "truncated": False}
    rule = _rule_at(analysis, policy, line)
    if rule is None:
        count, blocks = changed(analysis, policy.id)
        return {"policy": policy.id, "rule": None, "pairs": count, **_blocks(blocks)}
    told = next(each for each in rules_of(analysis, policy.id) if each.rule is rule)
    place = {"direction": str(rule.direction), "index": rule.index}
    return {"policy": policy.id, "rule": place, **_decides(told, _plural(analysis))}


def rule_text(policy: Policy, rule: Rule) -> str:
    """``Allows TCP 80 from pods with app=web of namespace shop``."""
    way = "from" if rule.direction is Direction.INGRESS else "to"
    return f"{_VERBS[rule.action]} {rule.ports.text()} {way} {peers_text(rule, policy)}"


def _row(told: Outline, count: int | None, *, on: bool) -> dict[str, object]:
    policy = told.first
    marks = [*told.marks, *(["adds_nothing"] if count == 0 else [])]
    return {
        "id": told.id, "kind": policy.kind, "namespace": policy.namespace, "name": policy.name,
        "tier": str(policy.tier), "order": policy.order, "source": place_document(policy.source),
        "directions": [str(way) for way in told.directions], "isolates": [str(way) for way in told.isolates],
        "selects": len(told.selected) + len(told.may_select), "rules": told.rules, "changes": count, "marks": marks,
        "on": on,
    }  # fmt: skip


def _rule_row(told: RuleOutline, plural: frozenset[str]) -> dict[str, object]:
    return {
        **_rule(told.policy, told.rule),
        "matches": list(told.matches),
        "may_match": list(told.may_match),
        "decides": _decides(told, plural),
    }


def _rule(policy: Policy, rule: Rule) -> dict[str, object]:
    numbers = {} if rule.ports.names else {"ports": ports_document(rule.ports)}
    return {
        "direction": str(rule.direction), "index": rule.index, "name": rule.name, "action": str(rule.action),
        "text": rule_text(policy, rule), "source": place_document(rule.source), **numbers,
    }  # fmt: skip


def _decides(told: RuleOutline, plural: frozenset[str]) -> dict[str, object]:
    return {"pairs": pairs_in(told.decides, plural), **_blocks(told.decides)}


def _blocks(blocks: Iterable[Block]) -> dict[str, object]:
    """As many as may be listed."""
    listed: list[dict[str, object]] = []
    ids = 0
    for sources, destinations in blocks:
        ids += len(sources) + len(destinations)
        if ids > _MOST_IDS:
            return {"blocks": listed, "truncated": True}
        listed.append({"sources": list(sources), "destinations": list(destinations)})
    return {"blocks": listed, "truncated": False}


def _plural(analysis: Analysis) -> frozenset[str]:
    return frozenset(each.id for each in analysis.ends.all if each.plural)


def _policy_at(analysis: Analysis, file: str, document: int, line: int) -> Policy | None:
    """The last policy of a document that begins at a line or before it: a document may be a List."""
    here = [
        policy
        for policy in analysis.policies
        if (policy.source.file, policy.source.document) == (file, document) and policy.source.line <= line
    ]
    return max(here, key=lambda policy: (policy.source.line, policy.source.column), default=None)


def _rule_at(analysis: Analysis, policy: Policy, line: int) -> Rule | None:
    """The rule that a line belongs to; None if it belongs to none, or to several."""
    source: SourceRef = policy.source
    text = analysis.texts.get((source.file, source.document))
    if text is None:
        return None
    places = {path[:3] for path in FieldPlaces(text, source).at(line) if len(path) > 2 and path[0] == "spec"}
    rules = [rule for way in Direction for rule in policy.rules.get(way, ())]
    found = [rule for rule in rules if ("spec", str(rule.direction), rule.index) in places]
    return found[0] if len(found) == 1 else None
