"""On clusters of every kind: a fix that is offered, applied to the texts and evaluated afresh, does what it says."""

from __future__ import annotations

import difflib

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.random_clusters import RandomCluster, clusters, write, write_otherwise
from webapp.analysis import Analysis, Assumptions, evaluate
from webapp.diff import Change, compare, compare_among
from webapp.diff.ends import match_ends
from webapp.errors import InputError
from webapp.explain.verdict import ask
from webapp.manifests import Intake, SourceFile, read
from webapp.manifests.editing import edited, policy_files, policy_ids, without
from webapp.model.addresses import Network
from webapp.model.ports import NONE, PortSet
from webapp.proposals.asking import ports_of
from webapp.proposals.fixes import Fixes, fixes, pair_of
from webapp.proposals.generating import Connection, generate
from webapp.proposals.trial import Proposal
from webapp.proposals.world import Declined, World

PORTS = ("", ":80", ":8080", ":53/UDP", ":/TCP")


def opened(cluster: RandomCluster, *, otherwise: bool) -> tuple[Intake, Analysis]:
    files = write_otherwise(cluster.manifests, cluster.seed) if otherwise else write(cluster.manifests)
    intake = read(files)
    switches = cluster.switches
    assumptions = Assumptions(
        switches.host_network, switches.ipblock_pods, switches.pod_cidrs, switches.undeclared_namespaces,
        switches.ignore_dialects,
    )  # fmt: skip
    return intake, evaluate(intake, assumptions)


def ends(analysis: Analysis) -> tuple[list[str], list[str]]:
    """Everybody who can be asked about."""
    workloads = [workload.id for workload in analysis.workloads]
    return workloads, workloads + [part.id for part in analysis.externals[:3]] + ["10.0.0.7", "172.16.0.0/16"]


@settings(max_examples=max(40, settings().max_examples // 2))
@given(clusters(), st.data())
def test_every_fix_that_is_offered_does_what_its_rows_say(cluster: RandomCluster, data: st.DataObject) -> None:
    intake, analysis = opened(cluster, otherwise=data.draw(st.booleans()))
    workloads, everybody = ends(analysis)
    if not workloads:
        return
    pair = data.draw(st.permutations([data.draw(st.sampled_from(workloads)), data.draw(st.sampled_from(everybody))]))
    port = data.draw(st.sampled_from(PORTS))
    off = data.draw(st.sampled_from([(), *((each,) for each in sorted(policy_ids(intake))[:2])]))
    if off:
        intake = without(intake, off)
        analysis = evaluate(intake, analysis.assumptions)
    try:
        question = ask(analysis, pair[0], pair[1] + port)
    except InputError:
        return
    found = fixes(World(intake, analysis, off=off), question)
    assert len(found.proposals) <= 3
    assert bool(found.proposals) != bool(found.why_none)
    for proposal in found.proposals:
        check(intake, analysis, found, proposal, pair, off)


def check(
    intake: Intake, analysis: Analysis, found: Fixes, proposal: Proposal, pair: list[str], off: tuple[str, ...]
) -> None:
    after = without(edited(intake, proposal.edits), off)
    head = evaluate(after, analysis.assumptions)
    rows = compare(analysis, head).rows
    assert {row.id for row in proposal.rows} <= {row.id for row in rows}
    only_the_patch_is_different(intake, proposal)
    if any("#" in workload.id for side in (analysis, head) for workload in side.workloads):
        return  # which variant is which is told by the comparison alone
    meant = [ends_meant(analysis, head, text) for text in pair]

    def is_asked(row: Change) -> bool:
        return row.source in meant[0] and row.destination in meant[1]

    asked = [row for row in rows if is_asked(row)]
    if found.want == "open":
        for row in asked:
            assert row.cut_ports is NONE
            assert row.opened_ports - found.ports is NONE
    else:
        for row in asked:
            assert (row.after | row.after_unknown) & found.ports is NONE
            assert row.opened_ports is NONE
    assert asked
    told = {row for row in proposal.rows if not is_asked(row)}
    assert told == {row for row in rows if not is_asked(row)}


def ends_meant(base: Analysis, head: Analysis, text: str) -> set[str]:
    """The ends of a comparison that a name means: of addresses, all parts of them."""
    named = base.resolve_peer(text)
    matched = match_ends(base, head)
    ranges = {part.id: part.ranges for part in matched.externals}
    network = named.network
    return {
        end.id
        for end in matched.all
        if end.base in named.ids
        and (network is None or all(network.holds(Network(*each)) for each in ranges.get(end.id, ())))
    }


def only_the_patch_is_different(intake: Intake, proposal: Proposal) -> None:
    """Every line that is not added or taken away stands as it did, in its order."""
    before = {file.name: file.text for file in policy_files(intake)}
    for name, text in proposal.edits.items():
        old, new = before.get(name, "").split("\n"), text.split("\n")
        kept = sum(
            block.size for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        )
        if name in before:
            assert kept >= len(old) - 40
        for document in yaml.safe_load_all(text):
            assert document is None or "kind" in document or "items" in document


@settings(max_examples=max(40, settings().max_examples // 2))
@given(clusters(), clusters(), st.data())
def test_a_comparison_among_a_few_is_that_part_of_the_whole(
    one: RandomCluster, other: RandomCluster, data: st.DataObject
) -> None:
    """Even of unrelated clusters: all rows with one of the workloads, and no others."""
    intake, base = opened(one, otherwise=False)
    head = evaluate(without(intake, data.draw(st.sets(st.sampled_from(sorted(policy_ids(intake)) or ["-"])))))
    among = data.draw(st.sets(st.sampled_from([*(workload.id for workload in base.workloads), "-"])))
    whole = compare(base, head)
    found = compare_among(base, head, among)
    heads = {name: base_id for name, base_id in found.heads.items() if base_id in among or name in among}
    chosen = {name for name, base_id in found.origins.items() if base_id in among} | set(heads)
    wanted = [row for row in whole.rows if row.source in chosen or row.destination in chosen]
    if len(found.rows) != len(whole.rows):
        assert list(found.rows) == wanted
    assert other.manifests is not None


NAMES = ("shop", "data")
APPS = ("web", "api", "db", "cache")


Wish = tuple[str, list[tuple[str, str, str]]]
"""Manifests, and (source, destination, ports)."""


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """Workloads in two namespaces, some with the same labels, and what is wanted among them."""
    text = ""
    ids = []
    for namespace in NAMES:
        text += f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}}}\n---\n"
        for app in draw(st.lists(st.sampled_from(APPS), min_size=1, max_size=4, unique=True)):
            labels = draw(
                st.sampled_from((f"app: {app}", f"app: {app}, tier: x", "app: same, part: " + app, "app: web"))
            )
            text += (
                f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {app}, namespace: {namespace}}}\n"
                f"spec: {{replicas: {draw(st.sampled_from((1, 2)))}, template: {{metadata: {{labels: {{{labels}}}}}, "
                "spec: {containers: [{name: c}]}}}\n---\n"
            )
            ids.append(f"{namespace}/Deployment/{app}")
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), min_size=1, max_size=6, unique=True))
    return text, [(one, other, draw(st.sampled_from(("80", "443", "8000-8010")))) for one, other in pairs]


@settings(max_examples=max(40, settings().max_examples // 2))
@given(wishes())
def test_a_generated_set_allows_what_is_wanted_and_tells_what_else(
    given: tuple[str, list[tuple[str, str, str]]],
) -> None:

    text, wanted = given
    intake = read([SourceFile("all.yaml", text.encode())])
    analysis = evaluate(intake)
    world = World(intake, analysis)
    expected: dict[tuple[str, str], PortSet] = {}
    connections = []
    for source, destination, ports in wanted:
        try:
            pair = pair_of(world, ask(analysis, source, destination))
        except Declined:
            continue
        connections.append(Connection(pair.source, pair.destination, ports_of({"TCP": ports})))
        expected[source, destination] = expected.get((source, destination), NONE) | ports_of({"TCP": ports})
    found = generate(world, connections)
    head = evaluate(edited(intake, found.proposal.edits))
    concerned = {end.namespace for each in connections for end in (each.source, each.destination)}
    told = {(row.source, row.destination): row.after for row in found.extra}
    assert not found.missing
    for connection in head.connections():
        inside = {each.split("/")[0] for each in (connection.source, connection.destination)} & concerned
        if inside:
            pair_ids = (connection.source, connection.destination)
            allowed = told.get(pair_ids, expected.get(pair_ids, NONE))
            assert connection.ports is allowed
    for pair_ids, all_ports in expected.items():
        workload = head.workload_by_id[pair_ids[0]]
        if pair_ids[0] != pair_ids[1] or workload.reaches_itself:
            assert all_ports - head.ports(*pair_ids)[0] is NONE
    if found.extra:
        assert any("No label tells" in note for note in found.notes)
