"""Documents -> Policy. One file a policy API: `KINDS`, the (group, kind) pairs it reads, and `compile_document`.

No dialect knows another, nor the engine. A bad document never raises; it is set aside and reported.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from functools import cache

from webapp.dialects._decoding import Decoding, Made
from webapp.manifests.content import content_of, content_order
from webapp.manifests.kinds import CLUSTER_WIDE
from webapp.manifests.tree import Document
from webapp.model.policy import Direction, Policy, Subject, Tier
from webapp.model.problem import Problem
from webapp.registry import modules_of

Compile = Callable[[Decoding], Policy]


@cache
def compilers() -> dict[tuple[str, str], Compile]:
    """(API group, kind) -> the function that compiles it, from every file of this folder that declares `KINDS`."""
    import webapp.dialects

    found: dict[tuple[str, str], Compile] = {}
    for module in modules_of(webapp.dialects):
        for kind in getattr(module, "KINDS", ()):
            found[kind] = module.compile_document
    return found


def compile_policies(
    documents: Iterable[Document], ignored_kinds: Collection[str] = ()
) -> tuple[tuple[Policy, ...], tuple[Problem, ...]]:
    """All policies of the input in the common form, and what is wrong with them.

    ``ignored_kinds``: kinds of APIs that are not evaluated and shall be left out (`--ignore-dialect`).
    """
    known = compilers()
    kinds = {kind for _, kind in known}
    policies: list[Policy] = []
    problems: list[Problem] = []
    unevaluated: dict[str, list[Policy]] = {}
    relevant = [(document.group, document) for document in documents if document.kind in kinds]
    made: Made = {}
    for group, copies in _by_identity(pair for pair in relevant if (pair[0], pair[1].kind) in known):
        versions = _versions(known[group, copies[0].kind], group, copies, made)
        for number, (policy, found) in enumerate(versions):
            problems += found
            if policy.set_aside == "dialect_not_evaluated":
                unevaluated.setdefault(policy.kind, []).append(policy)
                if policy.kind in ignored_kinds:
                    continue
            policies.append(policy._replace(version=number + 1) if len(versions) > 1 else policy)
        if len(versions) > 1:
            problems.append(_duplicate(copies, len(versions)))
    problems += [_not_evaluated(kind, found, kind in ignored_kinds) for kind, found in sorted(unevaluated.items())]
    return tuple(policies), tuple(problems)


def _versions(
    compile_document: Compile, group: str, copies: list[Document], made: Made
) -> list[tuple[Policy, list[Problem]]]:
    """What a policy may be, with the problems of each: one, but where its documents differ in what they mean. Which
    of several alike ones stands for them is decided by content, never by place."""
    if len(copies) == 1:
        return [_compile(compile_document, Decoding(copies[0], group, made))]
    found: dict[tuple[str, ...], tuple[Policy, list[Problem]]] = {}
    for document in sorted(copies, key=content_order):
        policy, problems = _compile(compile_document, Decoding(document, group, made))
        spec, selected = content_of(document.body.get("spec")), repr((policy.subject, sorted(policy.rules)))
        found.setdefault((spec, policy.set_aside, policy.namespace, selected), (policy, problems))
    return [found[meaning] for meaning in sorted(found)]


def _compile(compile_document: Compile, decoding: Decoding) -> tuple[Policy, list[Problem]]:
    document, group = decoding.document, decoding.group
    try:
        policy = compile_document(decoding)
        return policy if policy.group == group else policy._replace(group=group), decoding.problems
    except Exception:  # one document must not take the others with it (reliability.md row 40)
        fault = uuid.uuid4().hex[:8]
        message = f"This policy could not be compiled (internal, id {fault}). It is set aside. Please report it."
        decoding.report("error", "internal", message, None, "")
        both = dict.fromkeys(Direction, ())
        tier = Tier.ADMIN if document.kind in CLUSTER_WIDE else Tier.NETWORK_POLICY
        policy = Policy(
            document.kind, _home(document), document.name, tier, Subject(None, None), both,
            document.source, set_aside="policy_set_aside", group=group,
        )  # fmt: skip
        return policy, decoding.problems


def _by_identity(documents: Iterable[tuple[str, Document]]) -> Iterable[tuple[str, list[Document]]]:
    """The documents of each object."""
    found: dict[tuple[str, str, str, str], list[Document]] = {}
    for group, document in documents:
        found.setdefault((group, document.kind, _home(document), document.name), []).append(document)
    for (group, *_), same_name in found.items():
        yield group, same_name


def _home(document: Document) -> str:
    """The namespace that it lives in; '' if it is of the whole cluster."""
    return "" if document.kind in CLUSTER_WIDE else document.namespace or "default"


def _duplicate(copies: list[Document], versions: int) -> Problem:
    first = min(copies, key=lambda document: document.source)
    places = "; ".join(str(source) for source in sorted(document.source for document in copies))
    home = _home(first)
    name = f"{first.kind} {home}/{first.name}" if home else f"{first.kind} {first.name}"
    message = (
        f"{name} is given {versions} times with different content ({places}). Which one is meant cannot be told; "
        "where they differ, verdicts are UNKNOWN. Keep one."
    )
    return Problem("error", "duplicate_object", message, first.source, name)


def _not_evaluated(kind: str, found: list[Policy], ignored: bool) -> Problem:
    count = f"{len(found)} {kind}" + ("" if len(found) == 1 else " objects")
    first = min(found, key=lambda policy: policy.source)
    if ignored:
        message = f"{count} left out, as asked (--ignore-dialect {kind}). The verdicts do not speak of them."
        return Problem("warning", "dialect_ignored", message, first.source, kind)
    message = (
        f"{count} read but not evaluated yet. Verdicts about the pods that they may select are UNKNOWN. "
        f"To go on without them use --ignore-dialect {kind}."
    )
    return Problem("warning", "dialect_not_evaluated", message, first.source, kind)
