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
from functools import cache, cached_property, partial

from webapp.dialects import compile_policies
from webapp.engine.ablation import Ablation
from webapp.engine.answers import Answers, Bundled, Doubled, Targets
from webapp.engine.columns import Columns, Place
from webapp.engine.coverage import Coverage
from webapp.engine.covers import blocks_of
from webapp.engine.decide import Decider, Question
from webapp.engine.deciding import Deciding
from webapp.engine.demand import Demand, demand_of
from webapp.engine.ends import Ends
from webapp.engine.externals import AddressSpace, External
from webapp.engine.facing import Facings
from webapp.engine.nearmiss import NearMisses
from webapp.engine.nodes import NodeIndex
from webapp.engine.peers import Named, resolve
from webapp.engine.reach import equal
from webapp.engine.rows import Rows
from webapp.engine.sides import Sides
from webapp.engine.size import check_size, check_work
from webapp.engine.versions import between, join_traces
from webapp.engine.workloads import Workload, standing, workloads_of
from webapp.errors import InputError
from webapp.manifests import COMMAND_LINE_BUDGET, Budget, Intake, SourceFile, inventory_of, read
from webapp.manifests.collector import paused_collector
from webapp.manifests.fieldplaces import FieldPlaces
from webapp.manifests.replicas import gather
from webapp.manifests.tree import Counts, PolicyText
from webapp.model.addresses import Block, Network, parse_cidr
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from webapp.model.endpoint import Endpoint, Inventory, Namespace
from webapp.model.miss import Miss, Nearest
from webapp.model.policy import Direction, Policy
from webapp.model.ports import PortSet
from webapp.model.problem import Problem
from webapp.model.snapshot import Snapshot
from webapp.model.verdict import Trace, Verdict

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
        groups, others = intake.gathering or gather(intake.documents)
        policies, policy_problems = compile_policies(others, assumptions.ignore_dialects)
        demand = demand_of(policies)
        inventory, inventory_problems = inventory_of(
            others,
            groups=groups,
            used_label_keys=demand.pod_keys,
            used_label_values=demand.pod_values,
            undeclared_namespaces=assumptions.undeclared_namespaces,
            extra_namespaces=frozenset(p.namespace for p in policies if p.namespace),
        )
        check_size(policies, inventory, intake.budget)
        networks = _pod_networks(assumptions, inventory)
        snapshot = Snapshot(
            inventory.namespaces, inventory.endpoints, policies, inventory.nodes, networks, assumptions,
            inventory.stretches,
        )  # fmt: skip
        problems = [*intake.problems, *policy_problems, *inventory_problems]
        if intake.counts.skipped_kinds:
            listed = ", ".join(f"{kind} {count}" for kind, count in sorted(intake.counts.skipped_kinds.items()))
            message = f"Objects of kinds that do not bear on connections were skipped: {listed}."
            problems.append(Problem("info", "kinds_skipped", message))
        if not policies:
            message = "No policy was read, so everything is open: every pod can reach every other and the internet."
            if intake.counts.not_understood:
                message = "No policy was read, but a document that was not understood may be one: see the problems."
            problems.append(Problem("info", "no_policies", message))
        return Analysis(snapshot, demand, intake, inventory, problems)


def _with_set_aside(counts: Counts, policies: Iterable[Policy]) -> Counts:
    """What became of the documents: a policy that had to be set aside was read, but not understood."""
    aside = sum(policy.set_aside == "policy_set_aside" for policy in policies)
    return replace(counts, not_understood=counts.not_understood + aside)


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


def _named(columns: Columns, rows: Rows) -> tuple[Workload, ...]:
    with paused_collector():
        return workloads_of(columns, rows)


class Analysis:
    """What the input means. Immutable; answers are computed once and shared."""

    def __init__(
        self, snapshot: Snapshot, demand: Demand, intake: Intake, inventory: Inventory, problems: Iterable[Problem]
    ) -> None:
        self.snapshot = snapshot
        self.inventory = inventory
        self._demand = demand
        self._intake_counts = intake.counts
        self.kept: dict[type, object] = {}  # what other rooms work out from it, once
        self._beside: dict[tuple[Endpoint, ...], Analysis] = {}
        self.counts = _with_set_aside(intake.counts, snapshot.policies)
        self.texts: dict[tuple[str, int], PolicyText] = intake.texts
        self.ignores = intake.ignores
        self.assumptions = snapshot.assumptions
        self.pod_cidrs = tuple(network.text() for network in snapshot.pod_networks)
        nodes = NodeIndex(snapshot.nodes)
        self.block_lists = frozenset(_block_lists(snapshot.policies, nodes))
        space = AddressSpace(self.block_lists)
        self._columns = Columns(snapshot, demand, space)
        self._rows = Rows(snapshot, self._columns, nodes)
        self._workloads = cache(partial(_named, self._columns, self._rows))  # no circle: it is gone with its last use
        check_work(self._rows, intake.budget)
        self.problems = tuple(sorted({*problems, *map(_tie, self._rows.ties())}, key=Problem.sort_key))
        self.externals: tuple[External, ...] = tuple(space.parts)
        self.policies: tuple[Policy, ...] = tuple(compiled.policy for compiled in self._rows.policies)

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Every workload, and every variant that policies can tell apart, sorted by id."""
        return self._workloads()

    @property
    def unread(self) -> int:
        """How many documents are not understood at all; each may be a policy. (One that is set aside is no such.)"""
        return self._intake_counts.not_understood

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
    def _places(self) -> dict[str, Place]:
        first = self._columns.class_count
        places = {workload.id: workload.place for workload in self.workloads}
        places.update((part.id, (first + number,)) for number, part in enumerate(self.externals))
        return places

    @cached_property
    def workload_by_id(self) -> dict[str, Workload]:
        return {workload.id: workload for workload in self.workloads}

    @cached_property
    def members(self) -> dict[str, list[Endpoint]]:
        """The pods, or templates, of each workload by its id."""
        names = {(w.namespace, w.kind, w.name, place): w.id for w in self.workloads for place in w.places}
        found: dict[str, list[Endpoint]] = {}
        for member, place in standing(self._columns):
            found.setdefault(names[member.namespace, member.kind, member.name, place], []).append(member)
        return found

    def beside(self, endpoints: tuple[Endpoint, ...], namespaces: tuple[Namespace, ...] = ()) -> Analysis:
        """The same policies and pods with pods that the input does not hold, for questions about these. Ids stay.

        ``namespaces``: theirs, where they are not in the input either."""
        found = self._beside.get(endpoints)
        if found is None:
            found = self._beside[endpoints] = self.with_hypothetical(endpoints, namespaces)
        return found

    def with_hypothetical(self, endpoints: Iterable[Endpoint], namespaces: Iterable[Namespace] = ()) -> Analysis:
        """As `beside`, for many pods: the answer is not kept."""
        known = {**{each.name: each for each in namespaces}, **self.snapshot.namespaces}
        snapshot = replace(self.snapshot, namespaces=known, endpoints=(*self.snapshot.endpoints, *endpoints))
        intake = Intake((), (), self._intake_counts, self.texts, COMMAND_LINE_BUDGET)
        return Analysis(snapshot, self._demand, intake, self.inventory, ())

    @cached_property
    def coverage(self) -> Coverage:
        """What each policy covers."""
        return Coverage(self._columns, self._rows)

    @cached_property
    def sides(self) -> Sides:
        """Each end of a connection by itself."""
        return Sides(self._columns, self._rows)

    @cached_property
    def ends(self) -> Ends:
        """Workloads and external parts, with the columns in which they stand."""
        return Ends(self._columns, self.workloads, self.externals)

    @cached_property
    def numbers_of(self) -> dict[str, list[int]]:
        """The numbers of the documents of each policy, in the order of asking, by its id."""
        found: dict[str, list[int]] = {}
        for number, policy in enumerate(self.policies):
            found.setdefault(policy.id, []).append(number)
        return found

    def ablation(self) -> Ablation:
        """How many pairs each policy changes. A new one each time, for it remembers much."""
        return Ablation(self._columns, self._rows, self.ends, self._facings)

    @cached_property
    def deciding(self) -> Deciding:
        """Which pairs each rule decides."""
        return Deciding(self._columns, self._rows, self._facings)

    @cached_property
    def _facings(self) -> Facings:
        return Facings(self._columns, self._rows)

    @cached_property
    def answers(self) -> Answers:
        """All pairs, in factored form."""
        with paused_collector():
            return Answers(self._columns, self._rows, self._workloads, self.externals)

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

    def possible_blocks(self) -> Iterator[Bundled]:
        """As `blocks`, with what is unknown taken for allowed."""
        return self.answers.possible_blocks()

    def joint_blocks(self) -> Iterator[Doubled]:
        """As `blocks`, every pair that is not wholly blocked: ``(sources, destinations, allowed, unknown)`` ports."""
        return self.answers.joint_blocks()

    @property
    def is_certain(self) -> bool:
        """Whether nothing is unknown."""
        return self.answers.is_certain

    def unknowns(self) -> Iterator[UnknownConnection]:
        """Every pair with ports of which nothing can be said, sorted."""
        for source, destination, ports, reasons in self.answers.unknowns():
            yield UnknownConnection(source, destination, ports, reasons)

    def unknown_by_source(self) -> Iterator[tuple[str, Targets]]:
        """The same as `by_source` does: what is not known of each source, sorted. Sources may share a list, in which
        the pair of a workload with itself stands even where there is none."""
        return self.answers.unknown_by_source()

    def ports(self, source: str, destination: str) -> tuple[PortSet, PortSet]:
        """``(allowed, unknown)`` ports of one ordered pair of ids; microseconds."""
        places = self._places
        allowed, unknown, _ = between(self._columns, self._rows, places[source], places[destination])
        return allowed, unknown

    def doubts(self, source: str, destination: str) -> tuple[str, ...]:
        """The reason codes of what is unknown between one ordered pair of ids, sorted."""
        places = self._places
        return tuple(sorted(between(self._columns, self._rows, places[source], places[destination])[2]))

    def decide(
        self,
        source: str,
        destination: str,
        protocol: str | None = None,
        port: int | None = None,
        family: int | None = None,
        *,
        through_service: bool = False,
    ) -> Trace:
        """The verdict of one question with the reasons of both ends. ``source`` and ``destination`` are ids; without
        ``port`` every port is asked for (of ``protocol``, if it is given). ``family``: 4 or 6 where an end is an
        address. ``through_service``: the connection comes by way of a Service, so it may come back to its pod."""
        ends = (source, destination)
        questions = [
            Question(leaving, entering, protocol, port, family)
            for leaving in self._places[source]
            for entering in self._places[destination]
        ]
        decider = Decider(self._columns, self._rows)
        workload = self.workload_by_id.get(source)
        if source == destination and workload is not None and not workload.reaches_itself:
            if not through_service:
                return decider.same_pod(questions[0], ends)
            own = [question for question in questions if question.source == question.destination]
            return join_traces([decider.hairpin(question, ends, ("hairpin",)) for question in own])
        notes = self._notes(source, destination)
        return join_traces([decider.trace(question, ends, notes) for question in questions])

    def external_at(self, family: int, value: int) -> External:
        """The part of the address space that holds an address."""
        return self.externals[self._columns.space.part_of(family, value)]

    def openness(self, workload: Workload, direction: Direction) -> Verdict:
        """ALLOWED: nothing is denied to it in this direction. BLOCKED: something is, by whichever tier. UNKNOWN: only a
        policy that was set aside, that is not evaluated, or that may select it might, so it cannot be called open."""
        everything = self._rows.open.low
        rows = [self._rows.of[direction][column] for column in workload.place]
        if all(equal(row.low, everything) for row in rows):
            return Verdict.ALLOWED
        return Verdict.UNKNOWN if any(equal(row.high, everything) for row in rows) else Verdict.BLOCKED

    def near_misses(self, trace: Trace, address: Network | None = None) -> dict[Direction, Nearest]:
        """The rules that come closest to allowing what a trace tells to be blocked, for each end that blocks; nothing
        for any other verdict. ``address``: the part of an external end that was asked for."""
        if trace.source not in self._places or trace.destination not in self._places:
            return {}  # a Service without backends
        ends = self._places[trace.source][0], self._places[trace.destination][0]
        pods = self._pod_of(trace.source), self._pod_of(trace.destination)
        found = self._near_misses.of(trace, ends, pods, address)
        return {
            direction: replace(nearest, misses=tuple(map(self._located, nearest.misses)))
            for direction, nearest in found.items()
        }

    @cached_property
    def _near_misses(self) -> NearMisses:
        return NearMisses(self._columns, self._rows, self.namespaces)

    def _pod_of(self, identity: str) -> Endpoint | None:
        """A pod of a workload; a class may hold those of others too, which differ in what no policy asks for."""
        workload = self.workload_by_id.get(identity)
        if workload is None:
            return None
        entry = self._columns.classes[workload.place[0]]
        if len(workload.place) == 1:
            return next(member for member in entry.members if member.workload_id == workload.owner_id)
        apart = (pod for pod, place in self._columns.versioned if place == workload.place)
        pod = next(pod for pod in apart if pod.workload_id == workload.owner_id)
        return pod._replace(labels=entry.labels)

    def _located(self, miss: Miss) -> Miss:
        """A miss with the places of the fields that fail."""
        source = miss.policy.source
        text = self.texts.get((source.file, source.document))
        if text is None:
            return miss
        places = FieldPlaces(text, source)
        gaps = tuple(replace(gap, source=places.of(gap.path)) for gap in miss.gaps)
        return replace(miss, gaps=gaps)

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
        as_node = self.assumptions.host_network == "node"
        if as_node and any(end is not None and end.host_network for end in ends):
            notes.append("host_network")
        if ends[1] is not None and ends[1].isolated_ingress:
            notes.append("node_traffic")
        return tuple(notes)


def _tie(policies: tuple[Policy, ...]) -> Problem:
    """Policies of which it is not defined which is asked first, where that makes a difference (spec §§6.3, 6.4)."""
    first, *others = sorted(policies, key=lambda policy: (policy.kind, policy.name, policy.version))
    names = ", ".join(f"{policy.kind} {policy.name} ({policy.source})" for policy in others)
    why = f"the same priority {first.order}" if len({p.order for p in policies}) == 1 else "no defined order"
    message = (
        f"{first.kind} {first.name} and {names} have {why} and say different things about the same connections. "
        "Which of them holds is not defined, so these are UNKNOWN. Give them different priorities."
    )
    return Problem(
        "warning", "ambiguous_priority", message, first.source, f"{first.kind} {first.name}", "spec.priority"
    )


def _block_lists(policies: Iterable[Policy], nodes: NodeIndex) -> Iterator[tuple[Block, ...]]:
    for policy in policies:
        for rules in policy.rules.values():
            for rule in rules:
                yield from blocks_of(rule, nodes)
