"""Documents -> Policy. One file a policy API: `KINDS`, the (group, kind) pairs it reads, and `compile_document`.

No dialect knows another, nor the engine. A bad document never raises; it is set aside and reported.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cache

from webapp.dialects._decoding import Decoding
from webapp.manifests.kinds import CLUSTER_WIDE
from webapp.manifests.tree import Document, Node
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
    for group, versions in _by_identity(pair for pair in relevant if (pair[0], pair[1].kind) in known):
        for number, document in enumerate(versions):
            policy = replace(_compile(known[group, document.kind], document, problems), group=group)
            if policy.set_aside == "dialect_not_evaluated":
                unevaluated.setdefault(policy.kind, []).append(policy)
                if policy.kind in ignored_kinds:
                    continue
            policies.append(replace(policy, version=number + 1) if len(versions) > 1 else policy)
        if len(versions) > 1:
            problems.append(_duplicate(versions))
    problems += [_not_evaluated(kind, found, kind in ignored_kinds) for kind, found in sorted(unevaluated.items())]
    return tuple(policies), tuple(problems)


def _compile(compile_document: Compile, document: Document, problems: list[Problem]) -> Policy:
    decoding = Decoding(document)
    try:
        return compile_document(decoding)
    except Exception:  # one document must not take the others with it (reliability.md row 40)
        fault = uuid.uuid4().hex[:8]
        message = f"This policy could not be compiled (internal, id {fault}). It is set aside. Please report it."
        decoding.report("error", "internal", message, None, "")
        both = dict.fromkeys(Direction, ())
        tier = Tier.ADMIN if document.kind in CLUSTER_WIDE else Tier.NETWORK_POLICY
        return Policy(
            document.kind, _home(document), document.name, tier, Subject(None, None), both,
            document.source, set_aside="policy_set_aside",
        )  # fmt: skip
    finally:
        problems += decoding.problems


def _by_identity(documents: Iterable[tuple[str, Document]]) -> Iterable[tuple[str, list[Document]]]:
    """The documents of each object, one for each different content; the first place stands for equal ones."""
    found: dict[tuple[str, str, str, str], list[Document]] = {}
    for group, document in documents:
        found.setdefault((group, document.kind, _home(document), document.name), []).append(document)
    for (group, *_), same_name in found.items():
        if len(same_name) == 1:
            yield group, same_name
            continue
        distinct: list[Document] = []
        for document in sorted(same_name, key=lambda d: d.source):
            if not any(_same(document, other) for other in distinct):
                distinct.append(document)
        yield group, sorted(distinct, key=lambda d: (d.api_version, repr(_plain(d.body.get("spec")))))


def _home(document: Document) -> str:
    """The namespace that it lives in; '' if it is of the whole cluster."""
    return "" if document.kind in CLUSTER_WIDE else document.namespace or "default"


def _same(a: Document, b: Document) -> bool:
    return a.api_version == b.api_version and _plain(a.body.get("spec")) == _plain(b.body.get("spec"))


def _plain(node: Node | None) -> object:
    """The content of a tree in an order of its own, duplicates of keys included."""
    if node is None:
        return None
    if isinstance(node, dict):
        twice = [(key, repr(_plain(value))) for key, _, _, value in node.duplicates]
        return sorted(((key, _plain(value)) for key, value in node.items()), key=lambda item: item[0]), twice
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return node.resolve(), type(node.resolve()).__name__


def _duplicate(versions: list[Document]) -> Problem:
    places = "; ".join(str(document.source) for document in sorted(versions, key=lambda d: d.source))
    first = min(versions, key=lambda d: d.source)
    home = _home(first)
    name = f"{first.kind} {home}/{first.name}" if home else f"{first.kind} {first.name}"
    message = (
        f"{name} is given {len(versions)} times with different content ({places}). Which one is meant cannot be told; "
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
