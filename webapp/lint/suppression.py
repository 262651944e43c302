"""What people wrote about findings that they know: an annotation at an object, or a comment in the text of a policy.

metadata: {annotations: {netpolmap/ignore: "CODE, CODE -- the reason"}}
# netpolmap:ignore CODE the reason
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.lint.finding import Sighting
from webapp.lint.texts import Texts
from webapp.model.ignore import Ignore
from webapp.model.policy import Policy
from webapp.model.source import SourceRef

_CODES = re.compile(r"\s*(?P<codes>[a-z0-9_]+(?:\s*,\s*[a-z0-9_]+)*)(?P<rest>.*)", re.DOTALL)
_MARK = re.compile(r"(?:^|\s)#\s*netpolmap:ignore(?P<text>(?:\s[^\n]*)?)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Suppression:
    """``codes`` that are not to be told of an object, and why. It stands in a ``policy``, or at a namespace or a
    workload of that ``kind`` and name."""

    codes: tuple[str, ...]
    reason: str
    source: SourceRef
    policy: Policy | None = None
    kind: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def object(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {place}"

    @property
    def workload(self) -> str:
        """The id of the workload that it stands at, if it is one."""
        return f"{self.namespace or 'default'}/{self.kind}/{self.name}"


def suppression_of(code: str, sighting: Sighting, suppressions: Sequence[Suppression]) -> Suppression | None:
    """What suppresses a sighting: it stands in the policy, at the namespace, or at every one of the workloads of which
    the sighting speaks."""
    own = [each for each in suppressions if code in each.codes]
    policy = sighting.policy.identity if sighting.policy is not None else None
    for each in own:
        if each.policy is not None and each.policy.identity == policy:
            return each
        if each.policy is None and each.kind == "Namespace" and each.name == sighting.namespace:
            return each
    accepted = {each.workload: each for each in own if each.policy is None}
    spoken_of = {workload.partition("#")[0] for workload in sighting.workloads}
    return accepted[min(spoken_of)] if spoken_of and spoken_of <= accepted.keys() else None


def suppressions_of(analysis: Analysis, texts: Texts) -> Iterator[Suppression]:
    """All of an input, those of policies that are set aside included."""
    policies = {(p.kind, p.namespace, p.name): p for p in analysis.policies}
    for ignore in analysis.ignores:
        yield _of_annotation(ignore, policies)
    for policy in analysis.policies:
        yield from _of_comments(policy, texts)


def _of_annotation(ignore: Ignore, policies: dict[tuple[str, str, str], Policy]) -> Suppression:
    codes, reason = parse(ignore.text)
    policy = policies.get((ignore.kind, ignore.namespace, ignore.name)) or policies.get(
        (ignore.kind, ignore.namespace or "default", ignore.name)
    )
    return Suppression(codes, reason, ignore.source, policy, ignore.kind, ignore.namespace, ignore.name)


def _of_comments(policy: Policy, texts: Texts) -> Iterator[Suppression]:
    source = policy.source
    kept = texts.of(source)
    if kept is None or "netpolmap:ignore" not in kept.text:
        return
    for mark in _MARK.finditer(kept.text):
        codes, reason = parse(mark["text"])
        at = kept.first_line + kept.text.count("\n", 0, mark.start("text"))
        place = SourceRef(source.file, source.document, at)
        yield Suppression(codes, reason, place, policy, policy.kind, policy.namespace, policy.name)


def parse(text: str) -> tuple[tuple[str, ...], str]:
    """``CODE[,CODE] [--] reason`` -> codes and reason; either may be missing."""
    found = _CODES.fullmatch(text)
    if found is None:
        return (), text.strip(" \t-")
    codes = tuple(code.strip() for code in found["codes"].split(","))
    return codes, " ".join(found["rest"].strip(" \t\n-–—:").split())
