"""Mistakes and risks in policies: one file a rule in `rules`, each proved by the engine and silent where it cannot be.

>>> from webapp.analysis import SourceFile, analyze
>>> from webapp.lint import lint
>>> lint(analyze([SourceFile("empty.yaml", b"")]))
()
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from webapp.analysis import Analysis
from webapp.lint.context import Context
from webapp.lint.finding import RANKS, Finding, Sighting, dotted
from webapp.lint.registry import Rule, all_rules
from webapp.lint.report import Report
from webapp.lint.suppression import suppression_of

__all__ = ["RANKS", "Finding", "Report", "lint", "review"]


def lint(analysis: Analysis) -> tuple[Finding, ...]:
    """What all rules find, without what is suppressed."""
    return review(analysis).findings


def review(analysis: Analysis, only: Collection[str] = (), skip: Collection[str] = ()) -> Report:
    """What the rules find. ``only``, ``skip``: codes of rules; without ``only`` all of them are asked."""
    chosen = [rule for rule in all_rules() if (not only or rule.code in only) and rule.code not in skip]
    context = _context(analysis)
    found = sorted(_found(context, chosen), key=Finding.sort_key)
    return Report(
        tuple(finding for finding in found if finding.reason is None),
        tuple(finding for finding in found if finding.reason is not None),
        frozenset(code for rule in chosen for code in rule.tells),
    )


def _context(analysis: Analysis) -> Context:
    """One for each analysis."""
    kept = analysis.kept.get(Context)
    if kept is None:
        kept = analysis.kept[Context] = Context(analysis)
    assert isinstance(kept, Context)
    return kept


def _found(context: Context, chosen: Collection[Rule]) -> Iterator[Finding]:
    if not context.analysis.policies:
        return
    for rule in chosen:
        for sighting in rule.find(context):
            yield _finding(context, rule, sighting)


def _finding(context: Context, rule: Rule, sighting: Sighting) -> Finding:
    policy = sighting.policy
    suppression = suppression_of(rule.code, sighting, context.suppressions) if rule.suppressible else None
    return Finding(
        sighting.severity or rule.severity, rule.code, sighting.message,
        sighting.object or (policy.title if policy is not None else ""),
        sighting.source or (context.place(policy, sighting.path) if policy is not None else None),
        dotted(sighting.path), sighting.related,
        suppression.reason if suppression is not None else None,
        suppression.source if suppression is not None else None,
    )  # fmt: skip
