"""The one doorway: files in, an `Analysis` out. Command line, pages, lessons and tests all enter here.

>>> from webapp.analysis import analyze
>>> from webapp.manifests import SourceFile
>>> analysis = analyze([SourceFile("pod.yaml", b"{apiVersion: v1, kind: Pod, metadata: {name: a}}")])
>>> [workload.id for workload in analysis.workloads]
['default/Pod/a']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from webapp.dialects import compile_policies
from webapp.engine.answers import Answers, Bundled, Targets
from webapp.engine.columns import Columns, Demand, demand_of
from webapp.engine.covers import blocks_of
from webapp.engine.decide import Decider, Question
from webapp.engine.externals import AddressSpace, External
from webapp.engine.nodes import NodeIndex
from webapp.engine.pairs import unknown_between
from webapp.engine.peers import Named, resolve
from webapp.engine.rows import Rows
from webapp.engine.sides import Sides
from webapp.engine.size import check_size, check_work
from webapp.engine.workloads import Workload, workloads_of
from webapp.errors import InputError
from webapp.manifests import COMMAND_LINE_BUDGET, Budget, Intake, SourceFile, inventory_of, read
from webapp.manifests.collector import paused_collector
from webapp.manifests.tree import Counts, PolicyText
from webapp.model.addresses import Block, Network, parse_cidr
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from webapp.model.endpoint import Endpoint, Inventory, Namespace
from webapp.model.policy import Policy
from webapp.model.ports import PortSet
from webapp.model.problem import Problem
from webapp.model.snapshot import Snapshot
from webapp.model.verdict import Trace

__all__ = [
    "DEFAULT_ASSUMPTIONS",
    "Analysis",
    "Assumptions",
    "Connection",
    "SourceFile",
    "UnknownConnection",
    "analyze",
    "evaluate",
]


@dataclass(frozen=True, slots=True)
class Connection:
    """The ports that are allowed from one workload or external part to another."""

    source: str
    destination: str
    ports: PortSet


@dataclass(frozen=True, slots=True)
class UnknownConnection:
    """The ports of a pair of which nothing can be said, and the codes of the reasons why."""

    source: str
    destination: str
    ports: PortSet
    reasons: tuple[str, ...]


def analyze(
    files: Iterable[SourceFile],
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    budget: Budget = COMMAND_LINE_BUDGET,
    problems: Iterable[Problem] = (),
) -> Analysis:
    """Read, compile and evaluate. Bad documents become problems; `BudgetExceeded` is raised where a limit is passed.

    ``problems`` are those met while the files were fetched.
    """
    return evaluate(read(files, budget, problems=problems), assumptions)


def evaluate(intake: Intake, assumptions: Assumptions = DEFAULT_ASSUMPTIONS) -> Analysis:
    """Everything after reading: the model and the rows. All pairs are folded when they are first asked for."""
    with paused_collector():
        policies, policy_problems = compile_policies(intake.documents, assumptions.ignore_dialects)
        demand = demand_of(policies)
        inventory, inventory_problems = inventory_of(
            intake.documents,
            used_label_keys=demand.pod_keys,
            used_label_values=demand.pod_values,
            undeclared_namespaces=assumptions.undeclared_namespaces,
            extra_namespaces=frozenset(p.namespace for p in policies if p.namespace),
        )
        check_size(policies, inventory, intake.budget)
        networks = _pod_networks(assumptions, inventory)
        snapshot = Snapshot(inventory.namespaces, inventory.endpoints, policies, inventory.nodes, networks, assumptions)
        problems = [*intake.problems, *policy_problems, *inventory_problems]
        if intake.counts.skipped_kinds:
            listed = ", ".join(f"{kind} {count}" for kind, count in sorted(intake.counts.skipped_kinds.items()))
            message = f"Objects of kinds that do not bear on connections were skipped: {listed}."
            problems.append(Problem("info", "kinds_skipped", message))
        if not policies:
            message = "No policy was read, so everything is open: every pod can reach every other and the internet."
            problems.append(Problem("info", "no_policies", message))
        return Analysis(snapshot, demand, intake, inventory, problems)


def _pod_networks(assumptions: Assumptions, inventory: Inventory) -> tuple[Network, ...]:
    """Where pods live: the switch if it is given, else what Nodes and IP pools say; neighbours joined."""
    found: list[Network] = []
    for text in assumptions.pod_cidrs or inventory.pod_cidrs:
        try:
            found.append(parse_cidr(text))
        except ValueError as fault:
            if assumptions.pod_cidrs:
                raise InputError(f'--pod-cidr "{text}" is not a CIDR: {fault}. Write it like 10.244.0.0/16.') from fault
    return tuple(_collapsed(found))


def _collapsed(networks: list[Network]) -> Iterator[Network]:
    """The same addresses in as few CIDRs as possible (each node has its own; together they are one block)."""
    pending = sorted(set(networks))
    stack: list[Network] = []
    for network in pending:
        if stack and stack[-1].holds(network):
            continue
        stack.append(network)
        while len(stack) > 1:
            a, b = stack[-2:]
            size = a.last - a.first + 1
            if a.family != b.family or b.last - b.first + 1 != size or a.last + 1 != b.first or a.first % (2 * size):
                break
            stack[-2:] = [Network(a.family, a.first, b.last)]
    yield from stack


class Analysis:
    """What the input means. Immutable; answers are computed once and shared."""

    def __init__(
        self, snapshot: Snapshot, demand: Demand, intake: Intake, inventory: Inventory, problems: Iterable[Problem]
    ) -> None:
        self.snapshot = snapshot
        self._intake = intake
        self._demand = demand
        self.inventory = inventory
        self.counts: Counts = intake.counts
        self.texts: dict[tuple[str, int], PolicyText] = intake.texts
        self.assumptions = snapshot.assumptions
        self.pod_cidrs = tuple(network.text() for network in snapshot.pod_networks)
        nodes = NodeIndex(snapshot.nodes)
        space = AddressSpace(_block_lists(snapshot.policies, nodes))
        self._columns = Columns(snapshot, demand, space)
        self._rows = Rows(snapshot, self._columns, nodes)
        check_work(self._rows, intake.budget)
        self.problems = tuple(sorted({*problems, *map(_tie, self._rows.ties())}, key=Problem.sort_key))
        self.externals: tuple[External, ...] = tuple(space.parts)
        self.policies: tuple[Policy, ...] = tuple(compiled.policy for compiled in self._rows.policies)

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Every workload, and every variant that policies can tell apart, sorted by id."""
        return workloads_of(self._columns, self._rows)

    @property
    def is_empty(self) -> bool:
        """Neither a workload nor a policy was read."""
        return not self.snapshot.endpoints and not self.policies

    def assumptions_document(self) -> dict[str, object]:
        """The switches in the contract's form, with the pod CIDRs that are in force."""
        return {**self.assumptions.json(), "pod_cidrs": list(self.pod_cidrs)}

    @property
    def namespaces(self) -> dict[str, Namespace]:
        return self.snapshot.namespaces

    @cached_property
    def _columns_of(self) -> dict[str, int]:
        first = self._columns.class_count
        places = {workload.id: workload.column for workload in self.workloads}
        places.update((part.id, first + number) for number, part in enumerate(self.externals))
        return places

    @cached_property
    def workload_by_id(self) -> dict[str, Workload]:
        return {workload.id: workload for workload in self.workloads}

    @cached_property
    def answers(self) -> Answers:
        """All pairs, in factored form."""
        with paused_collector():
            return Answers(self._columns, self._rows, lambda: self.workloads, self.externals)

    def by_source(self) -> Iterator[tuple[str, Targets, int | None]]:
        """What each source may reach, for large answers: ``(source, targets, own)``, sorted. ``targets`` is a sorted
        list of (destination, ports) that sources may share; ``own`` is the place in it to leave out, or None."""
        return self.answers.by_source()

    def connections(self) -> Iterator[Connection]:
        """Every pair with an allowed port, sorted by source and destination."""
        for source, targets, own in self.answers.by_source():
            for place, (destination, ports) in enumerate(targets):
                if place != own:
                    yield Connection(source, destination, ports)

    def blocks(self) -> Iterator[Bundled]:
        """The same in factored form: ``(sources, destinations, ports)``, every pair of the two lists being allowed
        these ports (a workload to itself only if it has, or may have, several pods)."""
        return self.answers.blocks()

    def unknowns(self) -> Iterator[UnknownConnection]:
        """Every pair with ports of which nothing can be said, sorted."""
        for source, destination, ports, reasons in self.answers.unknowns():
            yield UnknownConnection(source, destination, ports, reasons)

    def ports(self, source: str, destination: str) -> tuple[PortSet, PortSet]:
        """``(allowed, unknown)`` ports of one ordered pair of ids; microseconds."""
        places = self._columns_of
        allowed, unknown, _ = unknown_between(self._columns, self._rows, places[source], places[destination])
        return allowed, unknown

    def decide(
        self,
        source: str,
        destination: str,
        protocol: str | None = None,
        port: int | None = None,
        family: int | None = None,
    ) -> Trace:
        """The verdict of one question with the reasons of both ends. ``source`` and ``destination`` are ids; without
        ``port`` every port is asked for (of ``protocol``, if it is given). ``family``: 4 or 6 where an end is an
        address."""
        places = self._columns_of
        question = Question(places[source], places[destination], protocol, port, family)
        decider = Decider(self._columns, self._rows)
        workload = self.workload_by_id.get(source)
        if source == destination and workload is not None and not workload.reaches_itself:
            return decider.same_pod(question, (source, destination))
        return decider.trace(question, (source, destination), self._notes(source, destination))

    @cached_property
    def sides(self) -> Sides:
        """Each end of a connection by itself."""
        return Sides(self._columns, self._rows)

    def with_hypothetical(self, endpoints: Iterable[Endpoint], namespaces: Iterable[Namespace] = ()) -> Analysis:
        """What would be if there were these pods too, in namespaces of the input or in ``namespaces``. Of the pods of
        the input there is one for all that no policy can tell apart."""
        known = [entry.members[0] for entry in self._columns.classes]
        snapshot = replace(
            self.snapshot,
            namespaces=self.snapshot.namespaces | {namespace.name: namespace for namespace in namespaces},
            endpoints=(*known, *endpoints),
        )
        unbounded = replace(
            self._intake, budget=replace(self._intake.budget, work_units=None)
        )  # nobody folds its pairs
        return Analysis(snapshot, self._demand, unbounded, self.inventory, self.problems)

    def resolve_peer(self, text: str) -> Named:
        """The workloads or external parts that a person names (contract, "Names"); InputError lists candidates."""
        return resolve(text, self.workloads, self.externals, self._columns.space)

    def _notes(self, source: str, destination: str) -> tuple[str, ...]:
        """Codes of facts beside the verdict; explain/ has the sentences."""
        notes = []
        if source == destination and source in self.workload_by_id:
            notes.append("replicas")
        ends = [self.workload_by_id.get(source), self.workload_by_id.get(destination)]
        if any(end is not None and end.pods == 0 for end in ends):
            notes.append("no_running_pod")
        if any(end is not None and end.host_network for end in ends):
            notes.append("host_network")
        if ends[1] is not None and ends[1].isolated_ingress:
            notes.append("node_traffic")
        return tuple(notes)


def _tie(policies: tuple[Policy, ...]) -> Problem:
    """Policies of which it is not defined which is asked first, where that makes a difference (spec §§6.3, 6.4)."""
    *others, last = sorted(policies, key=lambda policy: policy.source)
    names = ", ".join(f"{policy.kind} {policy.name} ({policy.source})" for policy in others)
    why = f"the same priority {last.order}" if len({p.order for p in policies}) == 1 else "no defined order"
    message = (
        f"{last.kind} {last.name} and {names} have {why} and say different things about the same connections. "
        "Which of them holds is not defined, so these are UNKNOWN. Give them different priorities."
    )
    return Problem("warning", "ambiguous_priority", message, last.source, f"{last.kind} {last.name}", "spec.priority")


def _block_lists(policies: Iterable[Policy], nodes: NodeIndex) -> Iterator[tuple[Block, ...]]:
    for policy in policies:
        for rules in policy.rules.values():
            for rule in rules:
                yield from blocks_of(rule, nodes)
