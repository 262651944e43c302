"""Every format: complete, the same each time, and hostile text stays text (design/reliability.md §5, rows 26 to 28)."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.parsers import read_dot, read_mermaid
from tests.graph.fake import DNS, FakeAnalysis, FakeExternal, FakeWorkload, generated, seed, shop, tcp
from webapp.export import exporter, format_names
from webapp.export.csv import COLUMNS, neutral
from webapp.graph.graphviz import lay_out_dot
from webapp.graph.text import visible
from webapp.graph.wording import port_pill
from webapp.model.ports import ALL, PortSet

HOSTILE = (
    "<script>alert(1)</script>", '"onload="alert(1)', "javascript:alert(1)", "</script>", "a\u2028b", "{{7*7}}",
    "\u202egnp.exe", "]", "`code`", "line\nbreak", "%% comment", 'click n1 href "http://x"', "classDef x fill:#f00",
    "a;b", "a --> b", "a->b", "a|b", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "\tx", "\\N\\G", "\\", "end",
    "#quot;", "&amp;", "]]>", "\x00\x1b[31m", "漢字 käse ☺", "1. list", "- item", "subgraph", "\u200b", "x" * 300,
)  # fmt: skip
OURS = [name for name in format_names() if name != "json"]


def hostile(texts: tuple[str, ...] = HOSTILE) -> Any:
    analysis = FakeAnalysis()
    analysis.externals = (FakeExternal("internet"), FakeExternal("<b>10.0.0.0/8</b>"))
    rows = []
    for number, text in enumerate(texts):
        identity = f"{text}/Deployment/{text}"
        workload = FakeWorkload(
            identity, text, "Deployment", text, {text: text}, number % 3, isolated_ingress=True, isolated_egress=True
        )
        rows.append(workload)
    analysis.workloads = tuple(sorted(rows, key=lambda w: w.id))
    ids = [w.id for w in analysis.workloads]
    for source, destination in zip(ids, [*ids[1:], ids[0]], strict=True):
        analysis.allow(source, destination, tcp(80, 443))
    analysis.allow("<b>10.0.0.0/8</b>", ids[0], DNS)
    if len(ids) > 3:
        analysis.doubts[ids[0], ids[2]] = (tcp(22), ("address_unknown",))
    return analysis


def written(name: str, analysis: Any, **options: Any) -> bytes:
    module = exporter(name)
    stream: Any = io.BytesIO() if module.BINARY else io.StringIO()
    module.write(analysis, stream, **options)
    value = stream.getvalue()
    return value if isinstance(value, bytes) else value.encode()


@pytest.mark.parametrize("name", OURS)
def test_modules_tell_what_they_are(name: str) -> None:
    module = exporter(name)
    assert name == module.NAME
    assert isinstance(module.BINARY, bool)
    assert module.__doc__


@pytest.mark.parametrize("name", [name for name in OURS if name != "png"])
@pytest.mark.parametrize("analysis", [seed, FakeAnalysis, lambda: generated(12, 15), hostile])
def test_same_input_same_bytes(name: str, analysis: Any) -> None:
    assert written(name, analysis()) == written(name, analysis())


@pytest.mark.parametrize("name", OURS)
def test_a_filter_is_obeyed(name: str) -> None:
    whole, part = written(name, shop()), written(name, shop(), keep=lambda s, d: "redis" in s + d)
    assert len(part) < len(whole)


@pytest.mark.parametrize("name", [name for name in OURS if name != "png"])
def test_no_control_or_bidi_character_is_written(name: str) -> None:
    text = written(name, hostile()).decode()
    assert all(c.isprintable() or c == "\n" for c in text)


def edges_of(analysis: Any) -> list[tuple[str, str, str]]:
    rows = [(visible(c.source), visible(c.destination), port_pill(c.ports)) for c in analysis.connections()]
    return sorted(rows + [(visible(u.source), visible(u.destination), "?") for u in analysis.unknowns()])


@pytest.mark.parametrize("make", [seed, shop, hostile])
def test_dot_parses_back_to_the_same_graph(make: Any) -> None:
    analysis = make()
    text = written("dot", analysis).decode()
    drawn = read_dot(text)
    assert sorted((drawn.names[a], drawn.names[b], label) for a, b, label in drawn.edges) == edges_of(analysis)
    assert set(drawn.names.values()) == {visible(p.id) for p in (*analysis.workloads, *analysis.externals)}
    assert set(drawn.groups.values()) - {""} == {visible(w.namespace) for w in analysis.workloads}
    # and Graphviz itself reads it so
    answer = lay_out_dot(text)
    nodes = [o for o in answer["objects"] if "nodes" not in o]
    assert len(nodes) == len(drawn.names)
    assert len(answer["edges"]) == len(drawn.edges)


@pytest.mark.parametrize("make", [seed, shop, hostile])
def test_mermaid_parses_back_to_the_same_graph(make: Any) -> None:
    analysis = make()
    drawn = read_mermaid(written("mermaid", analysis).decode())
    label_of = {visible(e.id): visible(e.id) for e in analysis.externals}
    for w in analysis.workloads:
        pods = "" if w.pods == 1 else f" ×{w.pods}"
        label_of[visible(w.id)] = f"{visible(w.name)} ({w.kind}{pods})"
    found = sorted((drawn.labels[a], drawn.labels[b], label) for a, b, label in drawn.edges)
    assert found == sorted((label_of[a], label_of[b], label) for a, b, label in edges_of(analysis))
    assert sorted(drawn.labels.values()) == sorted(label_of.values())


@settings(max_examples=60)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4, unique_by=visible))
def test_any_text_survives_dot_and_mermaid(texts: list[str]) -> None:
    analysis = hostile(tuple(text.replace("/", "|") for text in texts))
    dot, mermaid = read_dot(written("dot", analysis).decode()), read_mermaid(written("mermaid", analysis).decode())
    assert sorted((dot.names[a], dot.names[b], label) for a, b, label in dot.edges) == edges_of(analysis)
    assert len(mermaid.edges) == len(dot.edges)
    ElementTree.fromstring(written("svg", analysis).decode())


@pytest.mark.parametrize("make", [seed, shop, hostile])
def test_graphml_reads_back(make: Any) -> None:
    analysis = make()
    graph = nx.read_graphml(io.BytesIO(written("graphml", analysis)))
    pairs = {(visible(c.source), visible(c.destination)) for c in analysis.connections()}
    pairs |= {(visible(u.source), visible(u.destination)) for u in analysis.unknowns()}
    assert set(graph.edges) == pairs
    assert set(graph.nodes) == {visible(p.id) for p in (*analysis.workloads, *analysis.externals)}


@pytest.mark.parametrize("make", [seed, shop, hostile])
def test_csv_keeps_its_columns_and_has_no_formula(make: Any) -> None:
    analysis = make()
    rows = list(csv.reader(io.StringIO(written("csv", analysis).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    pairs = {(c.source, c.destination) for c in analysis.connections()} | set(analysis.doubts)
    assert sorted((r[0], r[1]) for r in rows[1:]) == sorted((neutral(s), neutral(d)) for s, d in pairs)


def test_csv_says_allowed_and_unknown_of_one_pair_in_one_row() -> None:
    analysis = FakeAnalysis()
    a, b = analysis.add("x/a", isolated="ie"), analysis.add("x/b", isolated="ie")
    analysis.allow(a, b, tcp(80, 22))
    analysis.doubts[a, b] = (tcp(22), ("address_unknown",))
    rows = [row for row in csv.reader(io.StringIO(written("csv", analysis).decode())) if row[:2] == [a, b]]
    assert rows == [[a, b, "partial", "TCP 80", "TCP 22", "address_unknown"]]


def test_csv_holds_sources_and_pairs_of_which_nothing_is_certain() -> None:
    analysis = FakeAnalysis()
    a, b, c = (analysis.add(f"x/{name}", isolated="ie") for name in "abc")
    analysis.allow(b, c, ALL)
    analysis.doubts |= {pair: (tcp(22), ("address_unknown",)) for pair in ((a, b), (b, a), (c, a))}
    rows = list(csv.reader(io.StringIO(written("csv", analysis).decode())))
    unsure = ["unknown", "", "TCP 22", "address_unknown"]
    assert rows[1:] == [[a, b, *unsure], [b, a, *unsure], [b, c, "allowed", "all ports", "", ""], [c, a, *unsure]]
    kept = io.StringIO()
    exporter("csv").write(analysis, kept, keep=lambda source, destination: destination == c)
    assert list(csv.reader(io.StringIO(kept.getvalue())))[1:] == [[b, c, "allowed", "all ports", "", ""]]


def test_svg_shows_hostile_text_as_text() -> None:
    markup = written("svg", hostile()).decode()
    root = ElementTree.fromstring(markup)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "rect", "path", "circle", "polygon", "text", "title", "desc"}
    shown = {element.text for element in root.iter() if element.tag.endswith("text")}
    for text in ("<script>alert(1)</script>", "{{7*7}}", "漢字 käse ☺", "\\u202egnp.exe", "line\\u000abreak"):
        assert text in shown
    assert "<script" not in markup


def test_table_is_aligned_and_plain() -> None:
    text = written("table", shop()).decode()
    lines = text.split("\n")
    start = lines[0].index("DESTINATION")
    assert all(line[start - 2 : start] == "  " for line in lines[1:20])
    assert "\x1b" not in text
    assert "UNKNOWN FROM" in text
    assert "undeclared_namespace_labels" in lines[-2]
    assert "\x1b[1m" in written("table", shop(), colour=True).decode()


def test_png_is_a_picture() -> None:
    data = written("png", seed())
    assert data.startswith(b"\x89PNG")
    assert len(data) > 20_000
    assert data == written("png", seed())


def test_whole_graphs_are_never_cut() -> None:
    analysis = generated(12, 15)
    count = sum(1 for _ in analysis.connections())
    assert count > 1_500 or count == len(list(analysis.connections()))
    assert len(read_dot(written("dot", analysis).decode()).edges) == count
    assert len(read_mermaid(written("mermaid", analysis).decode()).edges) == count
    assert len(written("csv", analysis).decode().strip().split("\n")) == count + 1


@pytest.mark.parametrize(
    ("ports", "pill"),
    [
        (ALL, "all ports"),
        (tcp(8080), "8080/TCP"),
        (DNS, "53/TCP+UDP"),
        (PortSet.single("TCP", 8000, 8100), "8000–8100/TCP"),
        (tcp(80) | PortSet.single("UDP", 53), "80/TCP · 53/UDP"),
        (tcp(1, 3, 5, 7, 9), "5 ports"),
        (PortSet.whole("TCP"), "all TCP"),
    ],
)
def test_pills(ports: PortSet, pill: str) -> None:
    assert port_pill(ports) == pill
