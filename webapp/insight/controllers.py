"""Who carries the traffic of a way in: chosen by the user, else guessed by class and labels, else not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.insight.absent import SOME_POD, controller_id, some_pod_in
from webapp.insight.families import FAMILIES, GATEWAY_NAME, Family
from webapp.model.entry import Entry

_NO_PROXY = ("Job", "CronJob")


@dataclass(frozen=True, slots=True)
class Carriers:
    """``sources``: the ids whose traffic is judged; ``perhaps``: others of which one may carry it, so that what they
    reach is not blocked for certain; ``pods``: those of the sources that are workloads of the input.

    ``known_by``: ``chosen``, ``class``, ``gateway``, ``labels``, or '' if no controller is known. ``absent``: the
    reason code where a source is no pod of the input, and ids are those of `webapp.insight.absent`.
    """

    sources: tuple[str, ...]
    pods: tuple[str, ...] = ()
    known_by: str = ""
    absent: str = ""
    perhaps: tuple[str, ...] = ()


class Controllers:
    """The ingress controllers of an input. InputError where a choice cannot be understood."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._ways = analysis.inventory.ways_in
        self._outside = tuple(part.id for part in analysis.externals)
        self._classes = {(each.kind, each.name): each for each in self._ways.classes}
        self._gateways = {(each.namespace, each.name): each for each in self._ways.gateways}
        self._chosen = self._choose(analysis.assumptions.ingress_controllers)
        self._found = {
            family.name: tuple(w.id for w in analysis.workloads if w.kind not in _NO_PROXY and family.marks(w.labels))
            for family in FAMILIES
        }

    def of(self, entry: Entry) -> Carriers:
        """Who carries the traffic of this way in."""
        if self._chosen is not None:
            return self._chosen
        made = self._made_for(entry.gateways)
        if made:
            return Carriers(made, made, "gateway")
        families, known_by = self._families(entry)
        if families and all(family.outside for family in families):
            return Carriers(self._outside, (), known_by, "controller_outside")
        pods = tuple(sorted({name for family in families for name in self._found[family.name]}))
        if pods:
            return Carriers(pods, pods, known_by)
        inside = tuple(sorted({some_pod_in(ref.namespace) for ref in entry.backends}))
        return Carriers((SOME_POD, *self._outside), (), "", "controller_unknown", inside)

    # ---- chosen ---------------------------------------------------------------------------------------------

    def _choose(self, texts: Iterable[str]) -> Carriers | None:
        sources: list[str] = []
        pods: list[str] = []
        for number, text in enumerate(texts, 1):
            found = self._named(text)
            pods += found
            sources += found or [controller_id(text, number)]
        if not sources:
            return None
        absent = "controller_absent" if len(pods) < len(sources) else ""
        return Carriers(tuple(sorted(set(sources))), tuple(sorted(set(pods))), "chosen", absent)

    def _named(self, text: str) -> list[str]:
        """The workloads that ``NAMESPACE``, ``NAMESPACE/NAME`` or ``NAMESPACE/key=value,…`` means; none if the input
        holds no such pods, but for a name, which must be there."""
        namespace, slash, rest = text.partition("/")
        terms = [each.split("=", 1) for each in rest.split(",")]
        if not namespace or (slash and not rest) or ("=" in rest and any(len(each) != 2 for each in terms)):
            raise InputError(
                f'"{text}" is no ingress controller. Write NAMESPACE, NAMESPACE/NAME or NAMESPACE/key=value.'
            )
        inside = [w for w in self._analysis.workloads if w.namespace == namespace]
        if not rest:
            return [w.id for w in inside]
        if "=" in rest:
            return [w.id for w in inside if all(w.labels.get(key) == value for key, value in terms)]
        found = [w.id for w in inside if rest in (w.name, f"{w.kind}/{w.name}")]
        if not found:
            known = ", ".join(w.owner_id for w in inside[:12]) or "none there"
            raise InputError(
                f'"{text}" is not a workload of the input (in {namespace}: {known}). For a controller that the input '
                "does not hold write NAMESPACE or NAMESPACE/key=value."
            )
        return found

    # ---- guessed --------------------------------------------------------------------------------------------

    def _made_for(self, gateways: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The pods that were made for a Gateway, in its namespace."""
        return tuple(
            w.id
            for namespace, name in gateways
            for w in self._analysis.workloads
            if w.namespace == namespace and w.labels.get(GATEWAY_NAME) == name
        )

    def _families(self, entry: Entry) -> tuple[list[Family], str]:
        if entry.kind == "Route":
            return [family for family in FAMILIES if family.routes], "labels"
        kind = "IngressClass" if entry.kind == "Ingress" else "GatewayClass"
        names = self._class_names(entry, kind)
        known = [self._classes[kind, name].controller for name in names if (kind, name) in self._classes]
        if known:
            told = [family for family in FAMILIES if any(c.startswith(family.controllers) for c in known)]
            return told, "class"
        named = [family for family in FAMILIES if any(name in family.classes for name in names)]
        if named:
            return named, "class"
        return [family for family in FAMILIES if not family.outside and not family.routes], "labels"

    def _class_names(self, entry: Entry, kind: str) -> list[str]:
        if entry.kind != "Ingress":
            return [self._gateways[each].class_name for each in entry.gateways if each in self._gateways]
        if entry.class_name:
            return [entry.class_name]
        return [each.name for each in self._ways.classes if each.kind == kind and each.default]
