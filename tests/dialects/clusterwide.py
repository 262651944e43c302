"""Cluster-wide policies for tests: one sound policy of each kind, a line of it replaced, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.dialects import compile_policies
from webapp.manifests import SourceFile, read
from webapp.model.policy import Direction, Policy, Rule
from webapp.model.problem import Problem


@dataclass(frozen=True)
class Swap:
    """In a sound document, ``line`` (the first that begins so, blanks and dash apart) gives way to ``text``.

    A problem of ``code`` at ``path`` is expected in the line of ``text`` that ends in ``# here``, else in its first.
    """

    line: str
    text: str
    code: str
    path: str

    @property
    def id(self) -> str:
        return f"{self.code} {' '.join(self.text.split())[:60]}"

    def applied(self, document: str) -> tuple[str, int]:
        """The document with the fault in it, and the line where it is to be reported."""
        lines = document.splitlines()
        at = next(i for i, line in enumerate(lines) if line.strip().removeprefix("- ").startswith(self.line))
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        new = [indent + line for line in self.text.splitlines()]
        marked = [number for number, line in enumerate(new) if line.endswith("# here")]
        lines[at : at + 1] = new
        return "\n".join(lines) + "\n", at + 1 + (marked[0] if marked else 0)


def compiled(document: str) -> tuple[Policy, list[Problem]]:
    intake = read([SourceFile("p.yaml", document.encode())])
    (policy,), problems = compile_policies(intake.documents)
    return policy, [*intake.problems, *problems]


def rule_of(document: str, direction: Direction) -> Rule:
    """The first rule of a sound policy."""
    policy, problems = compiled(document)
    assert not policy.set_aside, problems
    return policy.rules[direction][0]


def check_set_aside(document: str, swap: Swap) -> None:
    """The fault is reported at its place, and none of the rules counts."""
    text, line = swap.applied(document)
    policy, problems = compiled(text)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert (swap.code, swap.path, line) in [(p.code, p.path, p.source.line if p.source else 0) for p in errors], errors
    assert policy.set_aside == "policy_set_aside"
    assert policy.rules
    assert not any(policy.rules.values())
    assert policy.subject.namespace is None
    assert policy.namespace == ""
    assert all(problem.object == f"{policy.kind} {policy.name}".strip() for problem in errors)


def check_accepted(document: str, swap: Swap) -> Policy:
    """The mistake is reported at its place as an error, and the policy is evaluated."""
    text, line = swap.applied(document)
    policy, problems = compiled(text)
    assert (swap.code, swap.path, line) in [
        (p.code, p.path, p.source.line if p.source else 0) for p in problems if p.severity == "error"
    ], problems
    assert not policy.set_aside
    return policy
