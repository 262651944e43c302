"""What a scope shows: exactly the rows of `list -o json` that a reader would pick by hand, and the rest is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.random_clusters import RandomCluster, clusters, write
from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.errors import InputError
from webapp.export.connections import connections_document
from webapp.graph.choosing import pattern
from webapp.graph.presets import PRESETS, presets_of
from webapp.graph.scene import build_scene
from webapp.graph.scope import Scope, scope_of
from webapp.model.ports import NONE, PortSet

SAMPLES = Path(__file__).parents[2] / "samples"
Pair = tuple[str, str]


def sample(name: str) -> Analysis:
    files = sorted((SAMPLES / name).rglob("*.yaml"))
    return analyze([SourceFile(str(file.relative_to(SAMPLES)), file.read_bytes()) for file in files])


@pytest.fixture(scope="module")
def shop() -> Analysis:
    return sample("shop")


def scoped(analysis: Analysis, text: str, hide: tuple[str, ...] = ()) -> Scope:
    found = scope_of(analysis, text, hide)
    assert found is not None
    return found


def shown(analysis: Analysis, text: str, hide: tuple[str, ...] = ()) -> set[str]:
    """Short names of the workloads that are shown."""
    return {f"{w.namespace}/{w.name}" for w in scoped(analysis, text, hide).workloads}


@given(st.text("ab*", max_size=8), st.text("abAB", max_size=10))
def test_a_star_stands_for_any_characters(text: str, name: str) -> None:
    wanted = re.fullmatch(".*".join(map(re.escape, text.split("*"))), name, re.IGNORECASE)
    assert pattern(text)(name) == bool(wanted)


def test_many_stars_take_no_time() -> None:
    assert not pattern("*a" * 900 + "b")("a" * 2_000)


# ---- workloads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("ns:shop", lambda w: w["namespace"] == "shop"),
        ("ns:shop ns:data", lambda w: w["namespace"] in ("shop", "data")),
        ("ns:s*", lambda w: w["namespace"].startswith("s")),
        ("kind:statefulset", lambda w: w["kind"] == "StatefulSet"),
        ("kind:Deployment ns:shop", lambda w: w["kind"] == "Deployment" and w["namespace"] == "shop"),
        ("-ns:shop", lambda w: w["namespace"] != "shop"),
        ("ns:shop -name:checkout", lambda w: w["namespace"] == "shop" and w["name"] != "checkout"),
        ("name:shop/checkout", lambda w: w["id"] == "shop/Deployment/checkout"),
        ("name:*o*", lambda w: "o" in w["id"].lower()),
        ("label:app=checkout", lambda w: w["labels"].get("app") == "checkout"),
        ("label:app", lambda w: "app" in w["labels"]),
        ("-label:app", lambda w: "app" not in w["labels"]),
        ("PROM", lambda w: "prom" in w["id"] or any("prom" in f"{k}={v}" for k, v in w["labels"].items())),
        ("shop deployment", lambda w: all(word in (w["id"] + str(w["labels"])).lower() for word in ("shop", "deploy"))),
    ],
)  # fmt: skip
def test_workloads_are_chosen_by_what_they_are(shop: Analysis, text: str, test: Callable[[Any], bool]) -> None:
    wanted = {w["id"] for w in connections_document(shop)["workloads"] if test(w)}  # type: ignore[attr-defined]
    assert wanted
    assert {w.id for w in scoped(shop, text).workloads} == wanted


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("key", ["near", "reach", "reached-by"])
@pytest.mark.parametrize("subject", ["shop/Deployment/checkout", "internet"])
def test_workloads_are_chosen_by_whom_they_reach(shop: Analysis, key: str, subject: str, steps: int) -> None:
    rows = [(row.source, row.destination) for row in shop.connections()]
    rows += [(row.source, row.destination) for row in shop.unknowns()]
    workloads = {w.id for w in shop.workloads}

    def walk(place: int) -> set[str]:
        found: set[str] = set()
        frontier = {subject}
        for _ in range(steps):
            frontier = {pair[1 - place] for pair in rows if pair[place] in frontier and pair[0] != pair[1]}
            frontier -= found | {subject}
            found |= frontier
            frontier &= workloads  # addresses pass nothing on
        return found

    wanted = {"near": lambda: walk(0) | walk(1) | {subject}, "reach": lambda: walk(1), "reached-by": lambda: walk(0)}
    assert {w.id for w in scoped(shop, f'{key}:"{subject}" steps:{steps}').workloads} == wanted[key]() & workloads


def test_workloads_are_chosen_by_the_policies_that_select_them(shop: Analysis) -> None:
    assert shown(shop, "policy:NetworkPolicy/monitoring/prometheus") == {"monitoring/prometheus"}
    inside = {f"{w.namespace}/{w.name}" for w in shop.workloads if w.namespace == "monitoring" and not w.host_network}
    assert shown(shop, "policy:*/monitoring/*") == inside


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ns:shopp", ["Did you mean shop?", "data, ingress"]),
        ("kind:Deploymint", ["Did you mean Deployment?"]),
        ("policy:NetworkPolicy/shop/nothing", ["There are:"]),
        ("near:nobody", ["near:nobody", "Known are"]),
        ("reach:nobody*", ["no workload"]),
        ("near:svc/shop/catalog", ["Service"]),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(shop: Analysis, text: str, says: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        scope_of(shop, text)
    assert caught.value.code == "bad_filter"
    assert all(words in caught.value.message for words in says)


def test_a_pattern_that_matches_nothing_is_told_and_shows_nothing(shop: Analysis) -> None:
    found = scoped(shop, "name:nobody")
    assert found.workloads == ()
    assert "No workload matches name:nobody." in found.notes
    assert "Showing 0 of 23 workloads (filter)." in found.notes
    assert build_scene(shop, scope=found).nodes == ()


# ---- paths --------------------------------------------------------------------------------------------------


def ports_of(analysis: Analysis) -> dict[Pair, tuple[PortSet, PortSet]]:
    """All rows of the answer, allowed and unknown ports."""
    found = {(row.source, row.destination): (row.ports, NONE) for row in analysis.connections()}
    for row in analysis.unknowns():
        pair = (row.source, row.destination)
        found[pair] = (found.get(pair, (NONE, NONE))[0], row.ports)
    return found


def check(analysis: Analysis, text: str, hide: tuple[str, ...]) -> None:
    """The factored answer against one pair at a time."""
    scope = scope_of(analysis, text, hide)
    if scope is None:
        return
    inside = {w.id for w in analysis.workloads} & {w.id for w in choose_by_hand(analysis, scope)}
    inside |= {part.id for part in scope.externals}
    presets = presets_of(analysis, hide)
    wanted: dict[Pair, tuple[PortSet, PortSet]] = {}
    told = {"": 0, "filter": 0, "elsewhere": 0, **dict.fromkeys(hide, 0)}
    for pair, (allowed, unknown) in ports_of(analysis).items():
        if not inside.issuperset(pair):
            told["elsewhere"] += 1
        elif not scope.asked.paths.takes(allowed, unknown):
            told["filter"] += 1
        else:
            hider = next((p.name for p in presets if p.holds(*pair, allowed | unknown)), "")
            told[hider] += 1
            if not hider:
                wanted[pair] = allowed, unknown
    sure = {(row.source, row.destination): row.ports for row in scope.connections()}
    assert sure == {pair: allowed for pair, (allowed, _) in wanted.items() if allowed is not NONE}
    unsure = {(row.source, row.destination): row.ports for row in scope.unknowns()}
    assert unsure == {pair: unknown for pair, (_, unknown) in wanted.items() if unknown is not NONE}
    assert set(scope.paths()) == wanted.keys()
    counts = scope.counts
    assert (counts.shown, counts.filtered, counts.elsewhere) == (told[""], told["filter"], told["elsewhere"])
    assert counts.hidden == {name: told[name] for name in PRESETS if name in hide}
    scene = build_scene(analysis, scope=scope)
    drawn = {w.id for w in scope.workloads} | {part.id for part in scope.externals}
    rows = {(edge.source, edge.destination): edge for edge in scene.edges}
    assert {pair for pair, edge in rows.items() if edge.verdict != "blocked"} == wanted.keys()
    for pair, edge in rows.items():
        assert (edge.ports, edge.unknown_ports) == analysis.ports(*pair)
        assert drawn.issuperset(pair)
    for edge, reason in scene.aside:
        assert reason == scope.reason(edge.source, edge.destination, edge.ports, edge.unknown_ports) != ""
        assert (edge.ports, edge.unknown_ports) == analysis.ports(edge.source, edge.destination)


def choose_by_hand(analysis: Analysis, scope: Scope) -> list[Any]:
    """The workloads that terms about namespaces, kinds and names choose."""
    found = list(analysis.workloads)
    for key, read in (("ns", "namespace"), ("kind", "kind"), ("name", "name")):
        wanted = {term.value for term in scope.asked.of(key)}
        barred = {term.value for term in scope.asked.of(key, excluded=True)}
        found = [w for w in found if (not wanted or getattr(w, read) in wanted) and getattr(w, read) not in barred]
    return found


PATH_TERMS = (
    "verdict:allowed", "verdict:partial", "verdict:unknown", "verdict:blocked", "-verdict:unknown", "port:80",
    "port:53/UDP", "port:8080 verdict:blocked", "-port:80",
)  # fmt: skip


@given(clusters(), st.data())
@settings(max_examples=max(60, settings().max_examples // 2))
def test_random_clusters_are_narrowed_exactly(cluster: RandomCluster, data: st.DataObject) -> None:
    switches = cluster.switches
    analysis = analyze(write(cluster.manifests), Assumptions(host_network=switches.host_network))
    workloads = analysis.workloads
    terms = data.draw(st.lists(st.sampled_from(PATH_TERMS), max_size=1))
    for key in ("namespace", "kind", "name"):
        known = sorted({getattr(w, key) for w in workloads})
        chosen = data.draw(st.lists(st.sampled_from(known), max_size=2)) if known else []
        terms += [f"{ {'namespace': 'ns'}.get(key, key) }:{value}".replace(" ", "") for value in chosen]
    hide = tuple(data.draw(st.lists(st.sampled_from(sorted(PRESETS)), unique=True)))
    check(analysis, " ".join(terms), hide)


@pytest.mark.parametrize("name", ["shop", "production", "tiers", "production-open"])
@pytest.mark.parametrize("text", ["", "kind:Deployment", *PATH_TERMS])
def test_samples_are_narrowed_exactly(name: str, text: str) -> None:
    analysis = sample(name)
    for hide in ((), ("dns",), tuple(PRESETS)):
        check(analysis, text, hide)


def test_without_a_filter_the_scene_is_as_ever(shop: Analysis) -> None:
    assert scope_of(shop, "  ", ()) is None
    assert build_scene(shop, scope=None) == build_scene(shop)


def test_a_filter_that_takes_all_draws_the_same_lines(shop: Analysis) -> None:
    plain, scene = build_scene(shop), build_scene(shop, scope=scoped(shop, "name:*"))
    assert (scene.nodes, scene.lines, scene.edges) == (plain.nodes, plain.lines, plain.edges)
    assert scene.notes == ("Showing 23 of 23 workloads (filter).", *plain.notes)


def test_blocked_paths_are_drawn_where_the_filter_asks_for_them(shop: Analysis) -> None:
    scene = build_scene(shop, scope=scoped(shop, "verdict:blocked ns:shop"))
    assert scene.lines
    assert {line.verdict for line in scene.lines} == {"blocked"}


# ---- noise --------------------------------------------------------------------------------------------------


def hidden(analysis: Analysis, preset: str) -> set[tuple[str, str]]:
    scene = build_scene(analysis, scope=scoped(analysis, "", (preset,)))
    return {(edge.source, edge.destination) for edge, reason in scene.aside if reason == preset}


def test_name_resolution_is_hidden_and_nothing_else(shop: Analysis) -> None:
    found = hidden(shop, "dns")
    assert ("shop/Deployment/checkout", "kube-system/Deployment/coredns") in found
    dns = PortSet.single("UDP", 53) | PortSet.single("TCP", 53)
    assert all((shop.ports(*pair)[0] - dns).is_empty for pair in found)


def test_scrapes_are_hidden_and_nothing_else(shop: Analysis) -> None:
    found = hidden(shop, "metrics")
    assert {source for source, _ in found} == {"monitoring/StatefulSet/prometheus"}
    assert ("monitoring/StatefulSet/prometheus", "shop/Deployment/checkout") in found


def test_published_ways_in_are_hidden_and_what_is_merely_open_stays(shop: Analysis) -> None:
    found = hidden(shop, "ingress")
    assert ("ingress/Deployment/ingress-nginx", "shop/Deployment/storefront") in found
    assert ("internet", "ingress/Deployment/ingress-nginx") in found
    opened = {row.destination for row in shop.connections() if row.source == "internet"}
    assert opened - {destination for source, destination in found if source == "internet"}


def test_an_open_path_is_more_than_noise() -> None:
    assert not any(hidden(sample("production-open"), preset) for preset in PRESETS)


def test_hiding_is_told_and_counted(shop: Analysis) -> None:
    notes = scoped(shop, "", ("dns", "metrics")).notes
    counts = {name: len(hidden(shop, name)) for name in ("dns", "metrics")}
    assert notes == (f"{sum(counts.values())} paths hidden: DNS {counts['dns']}, metrics {counts['metrics']}.",)


def test_unknown_noise_is_refused(shop: Analysis) -> None:
    with pytest.raises(InputError, match="dns, metrics, ingress"):
        scope_of(shop, "", ("music",))


def test_an_address_range_is_left_out_by_its_name(shop: Analysis) -> None:
    scope = scoped(shop, "-name:internet")
    assert "internet" not in {part.id for part in scope.externals}
    assert len(scope.workloads) == len(shop.workloads)
    assert scope.counts.elsewhere == sum("internet" in pair for pair in ports_of(shop))
