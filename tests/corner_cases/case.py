"""A row of the table: a world, questions with their verdicts, and problems that must be reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.explain.verdict import ask, verdict_document

_QUESTION = re.compile(
    r"(?P<source>\S+) -> (?P<destination>\S+): (?P<verdict>allowed|blocked|unknown)"
    r"(?: at (?P<at>source|target|both))?(?: because (?P<reason>\w+))?"
)


@dataclass(frozen=True)
class Case:
    """One row of spec §11, or one world of a row that needs several (told apart by ``title``).

    ``objects``: the YAML documents of the whole input. ``questions``: ``SRC -> DST[:PORT[/PROTO]]: VERDICT``, with
    `` at source|target|both`` for the end that blocks and `` because CODE`` for a reason among its steps. Without a
    port, ``allowed`` means every port, ``blocked`` none, ``unknown`` every port unknown.
    ``problems``: paths that an error must name; ``warnings`` likewise for warnings.
    """

    number: int
    title: str
    objects: str
    questions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    switches: Assumptions = field(default_factory=Assumptions)

    @property
    def id(self) -> str:
        return f"case_{self.number:03}_{re.sub('[^a-z0-9]+', '_', self.title.lower()).strip('_')}"

    def analysis(self) -> Analysis:
        return analyze([SourceFile("world.yaml", self.objects.encode())], self.switches)

    def check(self) -> None:
        """Everything that the row states."""
        analysis = self.analysis()
        for question in self.questions:
            self._check_question(analysis, question)
        for severity, paths in (("error", self.problems), ("warning", self.warnings)):
            reported = [problem.path for problem in analysis.problems if problem.severity == severity]
            for path in paths:
                assert path in reported, f"no {severity} at {path}; reported are {reported}"
        if not self.problems:
            errors = [problem for problem in analysis.problems if problem.severity == "error"]
            assert not errors, f"unexpected: {errors}"

    def _check_question(self, analysis: Analysis, text: str) -> None:
        parts = _QUESTION.fullmatch(text)
        assert parts, f"not a question: {text}"
        expected, at, reason = parts["verdict"], parts["at"], parts["reason"]
        document = verdict_document(analysis, ask(analysis, parts["source"], parts["destination"]))
        assert document["verdict"] == expected, f"{text}: answered {document['verdict']}"
        if "ports" in document and expected != "blocked":
            assert document["ports" if expected == "allowed" else "unknown_ports"] == "all", text
        if at:
            assert document["blocked_at"] == at, f"{text}: blocked at {document['blocked_at']}"
        if reason:
            assert reason in reasons_in(document), f"{text}: reasons {reasons_in(document)}"


def reasons_in(document: object) -> set[str]:
    """Every reason code of a verdict, in steps and attempts."""
    if isinstance(document, dict):
        own = {document["reason"]} if isinstance(document.get("reason"), str) else set()
        return own.union(*map(reasons_in, document.values()))
    if isinstance(document, list):
        return set().union(*map(reasons_in, document))
    return set()
