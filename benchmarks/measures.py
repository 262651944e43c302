"""What is measured on a cluster of one size: both sides of each ratio, in one run."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks import naive
from benchmarks.cluster import make_cluster, namespace_names
from benchmarks.measure import cpu_seconds, deep_bytes, each_seconds, process_cpu_seconds
from benchmarks.tiers import admin_policies
from webapp.analysis import Analysis, SourceFile, evaluate
from webapp.graph.network import quotient_graph
from webapp.insight.policies import changes
from webapp.manifests import COMMAND_LINE_BUDGET, Intake, read

Numbers = dict[str, float]
QUESTIONS = 500
LOAD_YAML = "import sys, yaml; list(yaml.load_all(open(sys.argv[1]), Loader=yaml.CSafeLoader))"
LOAD_YAML_UNCOLLECTED = "import gc; gc.disable(); " + LOAD_YAML


def measure(pods: int, repeats: int, *, whole_process: bool) -> Numbers:
    """All numbers of one size: seconds of CPU, bytes, counts."""
    cluster = make_cluster(pods)
    text = cluster.yaml()
    found: Numbers = {"pods": pods, "policies": cluster.policies, "yaml_bytes": len(text)}
    found |= _baseline(text, repeats)
    analysis, ours = _engine(text.encode(), repeats)
    found |= ours
    if pods <= 10_000:
        found["changes"] = cpu_seconds(lambda: dict(changes(analysis)))[0]
    found["query"] = _query(analysis, pods)
    found |= _answer(analysis)
    if pods <= 10_000:
        found |= _tiers(pods, text, found["evaluate"], repeats)
    found["dense"] = _dense(int(found["workloads"] + found["externals"]), int(found["port_atoms"]), repeats)
    if whole_process:
        found |= _processes(text, repeats)
    return found


def _baseline(text: str, repeats: int) -> Numbers:
    loaded, documents = cpu_seconds(lambda: list(yaml.load_all(text, Loader=yaml.CSafeLoader)), repeats)
    items: list[dict[str, Any]] = documents[0]["items"]
    pods = [item for item in items if item["kind"] == "Pod"]
    policies = [item for item in items if item["kind"] == "NetworkPolicy"]
    as_json = json.dumps(documents)
    return {
        "load_yaml": loaded,
        "load_json": cpu_seconds(lambda: json.loads(as_json), repeats)[0],
        "naive_query": _naive_query(items, pods, policies),
        "port_atoms": _port_atoms(pods, policies),
        "parsed_bytes": deep_bytes(documents),
    }


def _naive_query(items: list[dict[str, Any]], pods: list[dict[str, Any]], policies: list[dict[str, Any]]) -> float:
    labels = {i["metadata"]["name"]: i["metadata"]["labels"] for i in items if i["kind"] == "Namespace"}
    rng = random.Random(2)  # noqa: S311
    asked = [(rng.choice(pods), rng.choice(pods)) for _ in range(QUESTIONS)]
    times = max(20, min(QUESTIONS, 200_000 // len(policies)))
    return each_seconds(lambda n: naive.is_allowed(*asked[n], "TCP", 8080, policies, labels), times, repeats=3)


def _port_atoms(pods: list[dict[str, Any]], policies: list[dict[str, Any]]) -> int:
    """How many stretches of ports the rules can tell apart, of all protocols; names as the pods declare them."""
    declared: dict[str, set[int]] = {}
    for pod in pods:
        for port in pod["spec"]["containers"][0]["ports"]:
            declared.setdefault(port["name"], set()).add(port["containerPort"])
    bounds: set[tuple[str, int]] = set()
    for policy in policies:
        for rule in (*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ())):
            for port in rule.get("ports", ()):
                for number in declared.get(port["port"], {port["port"]}):
                    bounds.add((port["protocol"], number))
                    bounds.add((port["protocol"], port.get("endPort", number) + 1))
    return len(bounds) + 3


def _engine(data: bytes, repeats: int) -> tuple[Analysis, Numbers]:
    files = [SourceFile("cluster.yaml", data)]
    reading, intake = cpu_seconds(lambda: read(files, COMMAND_LINE_BUDGET), repeats)
    evaluating = folding = float("inf")
    for _ in range(repeats):
        before, analysis = cpu_seconds(lambda: evaluate(intake))
        after, _answers = cpu_seconds(_fold(analysis))
        evaluating, folding = min(evaluating, before + after), min(folding, after)
    numbers: Numbers = {"read": reading, "evaluate": evaluating, "fold": folding}
    return analysis, numbers | {"problems": len(analysis.problems), "documents": _documents(intake)}


def _tiers(pods: int, text: str, without: float, repeats: int) -> Numbers:
    """Evaluating the same cluster with a hundred admin policies above its own."""
    with_tiers = f"{text}{admin_policies(namespace_names(pods))}"
    _, ours = _engine(with_tiers.encode(), repeats)
    return {"evaluate_tiers": ours["evaluate"], "evaluate_without_tiers": without}


def _fold(analysis: Analysis) -> Callable[[], object]:
    return lambda: analysis.answers


def _documents(intake: Intake) -> int:
    return len(intake.documents)


def _query(analysis: Analysis, pods: int) -> float:
    rng = random.Random(pods)  # noqa: S311
    ids = [workload.id for workload in analysis.workloads]
    asked = [(rng.choice(ids), rng.choice(ids)) for _ in range(QUESTIONS)]
    analysis.ports(*asked[0])  # what is kept between questions is made once
    return each_seconds(lambda number: analysis.ports(*asked[number]), QUESTIONS)


def _answer(analysis: Analysis) -> Numbers:
    return {
        "workloads": len(analysis.workloads),
        "externals": len(analysis.externals),
        "rows": sum(len(sources) * len(destinations) for sources, destinations, _ in analysis.blocks()),
        "quotient_edges": quotient_graph(analysis).number_of_edges(),
        "answer_bytes": deep_bytes([analysis.answers.pairs.groups, analysis.answers.pairs.allowed]),
    }


def _dense(columns: int, atoms: int, repeats: int) -> float:
    """One AND of two packed square matrices for each port atom; the answers are not even kept."""
    width = -(-columns // 64)
    rng = np.random.default_rng(1)
    leaving, entering = (rng.integers(0, 2**63, (columns, width), dtype=np.uint64) for _ in range(2))
    met = np.empty_like(leaving)

    def fold() -> None:
        for _ in range(atoms):
            np.bitwise_and(leaving, entering, out=met)

    return cpu_seconds(fold, repeats)[0]


def _processes(text: str, repeats: int) -> Numbers:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cluster.yaml")
        path.write_text(text)
        commands = {
            "process_list": [sys.executable, "-m", "webapp", "list", str(path), "-o", "json"],
            "process_yaml": [sys.executable, "-c", LOAD_YAML, str(path)],
            "process_yaml_uncollected": [sys.executable, "-c", LOAD_YAML_UNCOLLECTED, str(path)],
        }
        return {name: process_cpu_seconds(command, min(repeats, 3)) for name, command in commands.items()}


def profile(pods: int) -> Iterator[str]:
    """Where the time goes: the 25 dearest functions of reading, and of evaluating."""
    import cProfile
    import io
    import pstats

    data = make_cluster(pods).yaml().encode()
    intake: list[Intake] = []
    steps: list[tuple[str, Callable[[], object]]] = [
        ("reading", lambda: intake.append(read([SourceFile("cluster.yaml", data)], COMMAND_LINE_BUDGET))),
        ("evaluating", lambda: evaluate(intake[0]).answers),
    ]
    for name, step in steps:
        profiler = cProfile.Profile()
        profiler.runcall(step)
        out = io.StringIO()
        pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats(25)
        yield f"== {name}\n{out.getvalue()}"
