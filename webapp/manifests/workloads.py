"""Documents become an Inventory: every workload once, as its live pods or as its template."""

from __future__ import annotations

from collections import abc
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

from webapp.manifests.cluster import namespace_of, node_of, pool_of, report_undeclared, undeclared
from webapp.manifests.content import content_order
from webapp.manifests.entries import ways_in
from webapp.manifests.fields import Reports, all_at, value_at
from webapp.manifests.kinds import PLANS, group_of
from webapp.manifests.owners import Owners, WorkloadKey, controller_of
from webapp.manifests.pods import Members, Pods
from webapp.manifests.replicas import Group
from webapp.manifests.services import service_of, slice_of
from webapp.manifests.templates import Demand, Templates
from webapp.manifests.tree import Document, Mapping, Scalar
from webapp.manifests.versions import Shelf, on_doubtful_nodes
from webapp.manifests.workload_kinds import KINDS
from webapp.model.endpoint import Endpoint, Inventory, Stretch
from webapp.model.problem import Problem

_NAME = itemgetter(Endpoint._fields.index("pod_name"))
_POD_NAME = itemgetter(Endpoint._fields.index("pod_name"), Endpoint._fields.index("addresses"))
_IPPOOL_GROUPS = ("crd.projectcalico.org", "projectcalico.org")
_SLICES = ("EndpointSlice", "Endpoints")
_WAYS_IN = frozenset(
    (group, kind)
    for group, kind in PLANS
    if group == "gateway.networking.k8s.io" or kind in ("Ingress", "IngressClass", "Route")
)
_CLUSTER_WIDE = frozenset(("Namespace", "Node", "IPPool"))


def inventory_of(
    documents: Iterable[Document],
    *,
    groups: abc.Sequence[Group] = (),
    used_label_keys: Collection[str] | None = None,
    used_label_values: abc.Mapping[str, Collection[str]] | None = None,
    undeclared_namespaces: str = "unknown",
    extra_namespaces: Collection[str] = (),
) -> tuple[Inventory, tuple[Problem, ...]]:
    """All that the documents hold besides policies, and what was wrong with it. The order of documents does not matter.

    `groups`: pods that are not among the documents, as `gather` found them.
    `used_label_keys`: pod labels that selectors ask for (None: any); labels that a controller adds at run time are
    given only then. `used_label_values`: for such keys the values that selectors mention; with them a StatefulSet of
    any size has only as many endpoints as selectors can tell apart. `undeclared_namespaces`: "unknown" or "unlabelled".
    `extra_namespaces`: used by policies.
    """
    demand = Demand(used_label_keys, used_label_values or {})
    return _Inventory(documents, groups, demand).take(undeclared_namespaces == "unlabelled", extra_namespaces)


class _Inventory:
    """Sorts the documents by what they are, then takes stock."""

    def __init__(self, documents: Iterable[Document], groups: abc.Sequence[Group], demand: Demand) -> None:
        self._reports = Reports()
        self._groups = groups
        self._pods, self._controllers, self._others = Shelf(), Shelf(), Shelf()
        self._around = Shelf()  # what leads to workloads; it uses no namespace of its own
        self._nameless: list[Document] = []
        self._sort(documents)
        self._owners = Owners(self._controllers.objects)
        self._demand = _with_services(demand, self._others)

    def _sort(self, documents: Iterable[Document]) -> None:
        places: dict[tuple[str, str], Shelf | None] = {}
        for document in documents:
            kind = document.kind
            try:
                place = places[document.api_version, kind]
            except KeyError:
                place = places[document.api_version, kind] = self._place(document)
            if place is None:
                continue
            if not document.name and place is self._pods:
                self._nameless.append(document)
                continue
            key = (document.namespace or "default", kind, document.name)
            first = place.objects.setdefault(key, document)
            if first is not document:
                place.again.setdefault(key, [first]).append(document)
        self._nameless.sort(key=content_order)
        for shelf in (self._pods, self._controllers, self._others, self._around):
            shelf.settle(self._reports)

    def _place(self, document: Document) -> Shelf | None:
        group, kind = group_of(document.api_version, document.kind), document.kind
        if (group, kind) in KINDS:
            return self._pods if kind == "Pod" else self._controllers
        if group == "" and kind in ("Namespace", "Node", "Service"):
            return self._others
        if (group, kind) in _WAYS_IN or kind in _SLICES:
            return self._around
        return self._others if kind == "IPPool" and group in _IPPOOL_GROUPS else None

    def take(self, unlabelled: bool, extra_namespaces: Collection[str]) -> tuple[Inventory, tuple[Problem, ...]]:
        others, around = (
            [shelf.versions_of(key) for key in sorted(shelf.objects)] for shelf in (self._others, self._around)
        )
        nodes = tuple(node_of(each, self._reports) for each in others if each[0].kind == "Node")
        pools = {
            block
            for each in others
            if each[0].kind == "IPPool"
            for one in each
            for block in pool_of(one, self._reports)
        }
        services = tuple(service_of(each, self._reports) for each in others if each[0].kind == "Service")
        slices = [slice_of(each[0]) for each in around if each[0].kind in _SLICES]
        entries = ways_in((each for each in around if each[0].kind not in _SLICES), self._reports)
        namespaces = {each[0].name: namespace_of(each, self._reports) for each in others if each[0].kind == "Namespace"}
        listed, stretches = self._endpoints(len(nodes))
        endpoints = tuple(on_doubtful_nodes(listed, nodes))
        missing = self._used_namespaces(extra_namespaces) - namespaces.keys()
        if missing:
            report_undeclared(self._users_of(missing), self._reports)
        namespaces |= {name: undeclared(name, unlabelled=unlabelled) for name in missing}
        blocks = pools | {block for node in nodes for block in node.pod_cidrs}
        inventory = Inventory(
            dict(sorted(namespaces.items())), endpoints, nodes, tuple(sorted(blocks)), services,
            tuple(each for each in slices if each is not None), entries, tuple(stretches),
        )  # fmt: skip
        return inventory, tuple(self._reports.problems)

    def _used_namespaces(self, extra: Collection[str]) -> set[str]:
        used = {*extra, *(each.namespace or "default" for each in self._nameless)}
        used.update(map(itemgetter(0), self._pods.objects), {group.key[0] for group in self._groups})
        for shelf in (self._controllers, self._others):
            used.update({namespace for namespace, kind, _ in shelf.objects if kind not in _CLUSTER_WIDE})
        return used

    def _users_of(self, namespaces: Collection[str]) -> dict[str, list[Document]]:
        """The objects in each of these namespaces; the first of replicas."""
        found: dict[str, list[Document]] = {name: [] for name in namespaces}
        for group in self._groups:
            if group.key[0] in found:
                found[group.key[0]].append(group.first)
        for shelf in (self._pods, self._controllers, self._others):
            for (namespace, kind, _), document in shelf.objects.items():
                if namespace in found and kind not in _CLUSTER_WIDE:
                    found[namespace].append(document)
        return found

    def _endpoints(self, nodes: int) -> tuple[list[Endpoint], list[Stretch]]:
        pods = Pods(self._owners, self._reports)
        again = self._pods.again
        for key, document in self._pods.objects.items():
            if again and key in again:
                pods.add_conflicting(again[key])
            else:
                pods.add(document)
        for document in self._nameless:
            pods.add(document)
        for group in self._groups:
            pods.add_replicas(group)
        templates = Templates(self._demand, nodes, self._reports)
        workloads = self._by_top_owner()
        order = _POD_NAME if self._nameless else _NAME  # no two pods of a workload have the same name
        found: list[Endpoint] = []
        stretches: list[Stretch] = []
        for top in sorted({**pods.replicas, **pods.members, **workloads}):  # no set: they are nearly in order already
            alike = pods.replicas.get(top)
            if alike is not None:
                endpoints, replicas = alike
                stretches.append((len(found), replicas))
                found += endpoints
                continue
            members = pods.members.get(top)
            if members is not None and members.live:
                found += sorted(members.live, key=order) if len(members.live) > 1 else members.live
                continue
            documents = workloads.get(top)
            if documents:
                for document in documents:
                    versions = self._controllers.versions_of((top[0], document.kind, document.name))
                    found += templates.expand(versions, top[1], top[2], completed=members is not None,
                                              referred=self._referred(document))  # fmt: skip
            elif members is not None:
                found += _judged_by_labels(members)
        return found, stretches

    def _by_top_owner(self) -> dict[WorkloadKey, list[Document]]:
        """The documents whose templates tell what a workload is: its own, or else those of what it made."""
        found: dict[WorkloadKey, list[Document]] = {}
        for key, document in sorted(self._controllers.objects.items(), key=itemgetter(0)):
            namespace, kind, name = key
            controller = controller_of(document)
            top = (namespace, *self._owners.top(namespace, kind, name, {})) if controller is not None else key
            if top == key or top not in self._controllers.objects:
                found.setdefault(top, []).append(document)
        for documents in found.values():
            if len(documents) > 1:
                running = [each for each in documents if value_at(each.body, "spec", "replicas") != 0]
                documents[:] = running or documents
        return found

    def _referred(self, document: Document) -> Document | None:
        """The workload whose template a Rollout uses."""
        kind, name = (
            value_at(document.body, "spec", "workloadRef", "kind"),
            value_at(document.body, "spec", "workloadRef", "name"),
        )
        key = (document.namespace or "default", str(kind), str(name))
        return self._controllers.objects.get(key) if kind and name else None


def _with_services(demand: Demand, others: Shelf) -> Demand:
    """What policies ask for, and what the selectors of Services do: a Service for one replica of a StatefulSet."""
    if demand.keys is None:
        return demand
    values: dict[str, Collection[str]] = dict(demand.values)
    documents = [each for key in others.objects if key[1] == "Service" for each in others.versions_of(key)]
    for selector in (each for document in documents for each in all_at(document.body, "spec", "selector")):
        for key, node in selector.items() if isinstance(selector, Mapping) else ():
            if isinstance(node, Scalar) and (key in values or key not in demand.keys):
                values[key] = {*values.get(key, ()), node.text}
    return Demand({*demand.keys, *values}, values)


def _judged_by_labels(members: Members) -> Iterator[Endpoint]:
    """A workload of which only completed pods are known: no addresses, no pods, each kind of labels once."""
    seen: set[object] = set()
    for pod in sorted(members.completed, key=_POD_NAME):
        template = _without_pods(pod)._replace(versions=tuple(map(_without_pods, pod.versions)))
        shape = template._replace(source=None, versions=tuple(each._replace(source=None) for each in template.versions))
        if shape not in seen:
            seen.add(shape)
            yield template


def _without_pods(pod: Endpoint) -> Endpoint:
    return pod._replace(addresses=(), pods=0, live=False, pod_name="", node="")
