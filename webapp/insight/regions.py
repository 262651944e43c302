"""Which pods a peer of a rule may stand for, also such as are not in the input: namespaces by labels, pods by labels.

Of a namespace of the input the labels are known once for all; every other namespace may have any labels, but its name
is in the label `kubernetes.io/metadata.name`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from webapp.engine.bits import from_indices, indices
from webapp.insight import selectors
from webapp.insight.selectors import EVERYTHING, PRESENT, Shape, Values, shape_of
from webapp.model.endpoint import Namespace
from webapp.model.labels import Match, Selector
from webapp.model.policy import Peer

NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """Pods whose labels fit ``pods``, in one of the ``known`` namespaces (bits) or in another one that fits ``others``
    (None: in no other). ``namespaces`` is the namespace selector as it is written. The regions of one atlas that are
    made of selectors are equal if they are the same object; parts of them (`without`) are not."""

    known: int
    others: Shape | None
    pods: Shape
    namespaces: Shape


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that might be: its labels, and its namespace by name; without one, in a new namespace of these labels."""

    namespace: str | None
    namespace_labels: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]


class Atlas:
    """Makes regions out of selectors, over the namespaces of one input. ``fresh``: a value that no selector names."""

    def __init__(self, namespaces: Mapping[str, Namespace], fresh: str) -> None:
        self._fresh = fresh
        self._known = sorted(name for name, namespace in namespaces.items() if namespace.labels.certain)
        self._number = {name: number for number, name in enumerate(self._known)}
        self._labels = [namespaces[name].labels for name in self._known]
        self._regions: dict[object, Region] = {}
        self._of_selectors: dict[tuple[int, int, str], tuple[Peer, Region | None]] = {}
        self._places: dict[int, tuple[Selector, tuple[int, Shape | None]]] = {}
        self._relations: dict[tuple[Region, Region], bool] = {}
        self.everything = Region((1 << len(self._known)) - 1, {NAME: PRESENT}, EVERYTHING, EVERYTHING)
        self._regions[_key(self.everything)] = self.everything

    # ---- regions --------------------------------------------------------------------------------------------

    def region_of(self, peer: Peer, namespace: str) -> Region | None:
        """The pods that a peer of a policy in ``namespace`` matches; None if there can be none."""
        key = (id(peer.namespaces), id(peer.pods), namespace if peer.namespaces is None else "")
        entry = self._of_selectors.get(key)
        if entry is None:
            entry = self._of_selectors[key] = (peer, self._region(peer, namespace))  # kept alive: its ids are the key
        return entry[1]

    def _region(self, peer: Peer, namespace: str) -> Region | None:
        pods = shape_of(peer.pods)
        if peer.namespaces is None:
            spelled: Shape | None = {NAME: Values(frozenset((namespace,)), others=False, absent=False)}
            number = self._number.get(namespace)
            known, others = (0, spelled) if number is None else (1 << number, None)
        else:
            spelled = shape_of(peer.namespaces)
            known, others = self._places_of(peer.namespaces, spelled)
        if pods is None or spelled is None:
            return None
        return self._intern(known, others, pods, spelled)

    def _places_of(self, selector: Selector, spelled: Shape | None) -> tuple[int, Shape | None]:
        entry = self._places.get(id(selector))
        if entry is None:
            entry = self._places[id(selector)] = (selector, self._places_in(selector, spelled))
        return entry[1]

    def _places_in(self, selector: Selector, spelled: Shape | None) -> tuple[int, Shape | None]:
        if spelled is None:
            return 0, None
        named = spelled.get(NAME, PRESENT)
        candidates: Iterable[int] = range(len(self._known))
        if not named.others:
            candidates = sorted(self._number[name] for name in named.listed if name in self._number)
        known = from_indices(n for n in candidates if selector.match(self._labels[n]) is Match.YES)
        unlisted = Values(named.listed.difference(self._number), named.others, absent=False)
        return known, None if unlisted.is_empty else {**spelled, NAME: unlisted}

    def _intern(self, known: int, others: Shape | None, pods: Shape, namespaces: Shape) -> Region | None:
        if not known and others is None:
            return None
        region = Region(known, others, pods, namespaces)
        return self._regions.setdefault(_key(region), region)

    def meet(self, a: Region, b: Region) -> Region | None:
        """The pods that are in both; None if there can be none."""
        both = self.shared(a, b)
        return None if both is None else self._intern(both.known, both.others, both.pods, both.namespaces)

    @staticmethod
    def shared(a: Region, b: Region) -> Region | None:
        """The same, where ``a`` may be a part."""
        pods = selectors.meet(a.pods, b.pods)
        namespaces = selectors.meet(a.namespaces, b.namespaces)
        if pods is None or namespaces is None:
            return None
        others = None if a.others is None or b.others is None else selectors.meet(a.others, b.others)
        known = a.known & b.known
        return Region(known, others, pods, namespaces) if known or others is not None else None

    def implies(self, a: Region, b: Region) -> bool:
        """Whether every pod of ``a`` is one of ``b``."""
        if a is b:
            return True
        answer = self._relations.get((a, b))
        if answer is None:
            answer = self._relations[a, b] = _implies(a, b)
        return answer

    def narrowness(self, region: Region) -> tuple[int, int]:
        """Greater for a region that implies another one, and is not implied by it."""
        others = (1, 0) if region.others is None else (0, selectors.narrowness(region.others))
        return others[0], others[1] + selectors.narrowness(region.pods) - region.known.bit_count()

    def without(self, a: Region, b: Region) -> Iterator[Region]:
        """Regions that make up together what is in ``a`` and not in ``b``; they may overlap."""
        for pods in selectors.without(a.pods, b.pods):
            yield Region(a.known, a.others, pods, a.namespaces)
        known = a.known & ~b.known
        if b.others is None or a.others is None:
            if known or a.others is not None:
                yield Region(known, a.others, a.pods, a.namespaces)
            return
        for others in selectors.without(a.others, b.others):
            yield Region(0, others, a.pods, a.namespaces)
        if known:
            yield Region(known, None, a.pods, a.namespaces)

    def only_namespace(self, region: Region) -> str | None:
        """The name of the one namespace in which all pods of a region are, if there is one and its name says all."""
        if region.others is None:
            return self._known[region.known.bit_length() - 1] if region.known.bit_count() == 1 else None
        named = region.others[NAME]
        if region.known or len(region.others) > 1 or named.others or len(named.listed) > 1:
            return None
        return next(iter(named.listed))

    # ---- pods -----------------------------------------------------------------------------------------------

    def choose(self, region: Region) -> Pod:
        """A pod of a region, as bare as may be: no label where it may be missing, a value of no selector where any
        will do, a new namespace where that is possible."""
        labels = self._bare(region.pods)
        if region.others is None:
            return Pod(self._known[indices(region.known)[0]], (), labels)
        named = region.others[NAME]
        fitting = self._bare({key: values for key, values in region.others.items() if key != NAME})
        return Pod(None if named.others else min(named.listed), fitting, labels)

    def _bare(self, shape: Shape) -> tuple[tuple[str, str], ...]:
        present = {key: values for key, values in shape.items() if not values.absent}
        return tuple((key, self._fresh if v.others else min(v.listed)) for key, v in sorted(present.items()))

    def holds(self, region: Region, pod: Pod) -> bool:
        """Whether a pod is in a region for certain."""
        number = self._number.get(pod.namespace or "")
        if number is not None:
            if not region.known >> number & 1:
                return False
        elif region.others is None or not selectors.matches(
            region.others, {NAME: pod.namespace or self._fresh, **dict(pod.namespace_labels)}
        ):
            return False
        return selectors.matches(region.pods, dict(pod.labels))


def _key(region: Region) -> object:
    others = None if region.others is None else frozenset(region.others.items())
    return region.known, others, frozenset(region.pods.items())


def _implies(a: Region, b: Region) -> bool:
    if a.known & ~b.known or (a.others is not None and b.others is None):
        return False
    inside = a.others is None or b.others is None or selectors.implies(a.others, b.others)
    return inside and selectors.implies(a.pods, b.pods)
