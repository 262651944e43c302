"""The ends of connections in two analyses, matched: the same workload, the same part of the address space."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.externals import AddressSpace, External
from webapp.engine.workloads import Workload
from webapp.model.addresses import FAMILIES


@dataclass(frozen=True, slots=True)
class End:
    """One end under its id in the comparison, and its ids in both analyses ('' where it does not exist).

    ``plural``: in each of them, whether it stands for more than one pod, so that it can reach itself."""

    id: str
    base: str
    head: str
    plural: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Ends:
    """All ends, sorted by id. ``externals`` are the common refinement of the address parts of both sides."""

    all: tuple[End, ...]
    externals: tuple[External, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def match_ends(base: Analysis, head: Analysis) -> Ends:
    """Match workloads by owner and, where policies tell its pods apart, by labels, ports and addresses (contract)."""
    before, after = _by_owner(base.workloads), _by_owner(head.workloads)
    pairs = [pair for owner in sorted({*before, *after}) for pair in _matched(before[owner], after[owner])]
    ends = [_end(old, new) for old, new in pairs if new is not None]
    taken = {end.id for end in ends}
    ends += [_gone(old, taken) for old, new in pairs if old is not None and new is None]
    externals = _refined(base, head)
    ends += [_external(part, base, head) for part in externals]
    return Ends(
        tuple(sorted(ends, key=lambda end: end.id)),
        tuple(externals),
        tuple(sorted(new.id for old, new in pairs if new is not None and old is None)),
        tuple(sorted(old.id for old, new in pairs if old is not None and new is None)),
    )


def _by_owner(workloads: Iterable[Workload]) -> defaultdict[str, list[Workload]]:
    found: defaultdict[str, list[Workload]] = defaultdict(list)
    for workload in workloads:
        found[workload.owner_id].append(workload)
    return found


def _matched(
    before: Sequence[Workload], after: Sequence[Workload]
) -> Iterable[tuple[Workload | None, Workload | None]]:
    """Variants of one owner. Where only one side has variants, the single one stands for each of the other's."""
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    if len(before) == 1 and after:
        return [(before[0], new) for new in after]
    if len(after) == 1 and before:
        return [(old, after[0]) for old in before]
    left = list(after)
    pairs: list[tuple[Workload | None, Workload | None]] = []
    unmatched: list[Workload] = []
    for old in before:
        same = next((new for new in left if _traits(new) == _traits(old)), None)
        if same is None:
            unmatched.append(old)
        else:
            left.remove(same)
            pairs.append((old, same))
    for old in unmatched:
        same = next((new for new in left if new.labels == old.labels), None)
        if same is not None:
            left.remove(same)
        pairs.append((old, same))
    return [*pairs, *((None, new) for new in left)]


def _traits(workload: Workload) -> tuple[object, ...]:
    return workload.labels, workload.ports, workload.addresses


def _end(old: Workload | None, new: Workload | None) -> End:
    """Under the id of the side that tells more variants apart, the later one if both do alike."""
    ids = [each.id for each in (old, new) if each is not None]
    numbered = [identity for identity in ids if "#" in identity]
    return End(
        (numbered or ids)[-1], old.id if old else "", new.id if new else "",
        (old is not None and old.reaches_itself, new is not None and new.reaches_itself),
    )  # fmt: skip


def _gone(old: Workload, taken: set[str]) -> End:
    """A workload or variant that is no more; another variant may have its number now."""
    return End(f"{old.id} (before)" if old.id in taken else old.id, old.id, "", (old.reaches_itself, False))


def _refined(base: Analysis, head: Analysis) -> list[External]:
    """The parts that the policies of both sides together tell apart."""
    parts: list[External] = []
    for part in AddressSpace([*base.block_lists, *head.block_lists]).parts:
        by_family = [External(part.id, tuple(r for r in part.ranges if r[0] == family)) for family in FAMILIES]
        halves = [half for half in by_family if half.ranges]
        if len({(end.base, end.head) for end in (_external(half, base, head) for half in halves)}) == 1:
            parts.append(part)
        else:  # the largest parts of both families together are not one part on each side
            parts += [External("internet-v6" if half.ranges[0][0] == 6 else half.id, half.ranges) for half in halves]
    return parts


def _external(part: External, base: Analysis, head: Analysis) -> End:
    family, first, _ = part.ranges[0]
    return End(part.id, base.external_at(family, first).id, head.external_at(family, first).id)
