"""How much there is to evaluate, measured before it is paid for (design/reliability.md, "Bounded")."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.rows import Rows
from webapp.manifests.budget import Budget
from webapp.model.endpoint import Inventory
from webapp.model.labels import Selector
from webapp.model.policy import Direction, Policy, Rule


def check_size(policies: tuple[Policy, ...], inventory: Inventory, budget: Budget) -> None:
    """Raise `BudgetExceeded` if there are more workloads, policies, rules, blocks or selector terms than are taken."""
    if budget.workloads is not None:
        budget.check("workloads", len({endpoint[:3] for endpoint in inventory.endpoints}))
    budget.check("policies", len(policies))
    budget.check("rules", sum(len(listed) for policy in policies for listed in policy.rules.values()))
    if budget.cidrs is None and budget.selector_values is None and budget.selector_expressions is None:
        return
    for policy in policies:
        budget.check("cidrs", sum(_blocks(rule) for rule in _rules(policy)))
        for selector in _selectors(policy):
            budget.check("selector_expressions", len(selector.requirements))
            budget.check("selector_values", max((len(r.values) for r in selector.requirements), default=0))


def check_work(rows: Rows, budget: Budget) -> None:
    """Raise `BudgetExceeded` if folding all pairs would take more steps than are taken: distinct pairs of rows."""
    counts = [len({id(row) for row in rows.of[direction]}) for direction in Direction]
    budget.check("work_units", counts[0] * counts[1])


def _rules(policy: Policy) -> Iterator[Rule]:
    for listed in policy.rules.values():
        yield from listed


def _blocks(rule: Rule) -> int:
    return sum(1 + len(peer.block.excepts) for peer in rule.peers or () if peer.block is not None)


def _selectors(policy: Policy) -> Iterator[Selector]:
    peers = [peer for rule in _rules(policy) for peer in rule.peers or ()]
    candidates = [policy.subject.pods, policy.subject.namespaces]
    candidates += [selector for peer in peers for selector in (peer.pods, peer.namespaces, peer.nodes)]
    return (selector for selector in candidates if selector is not None)
