"""How long the page waits for what it shows of a large cluster: `python -m benchmarks.scopes`.

Milliseconds by HTTP but without a network, the first time and again; the cluster is that of `benchmarks.cluster`.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.cluster import make_cluster
from webapp.web.app import create_app

Address = tuple[str, dict[str, Any]]


def addresses(workload: str, peer: str) -> Iterator[tuple[str, Address]]:
    """What is asked for, by what people would call it."""
    namespace = workload.split("/")[0]
    yield "scene, all", ("scene", {})
    for text in (f"ns:{namespace}", f"near:{workload}", f"near:{workload} steps:2", "port:5432", "verdict:blocked"):
        yield f"scene, {text}", ("scene", {"filter": text})
    yield "scene, noise hidden", ("scene", {"hide": ["dns", "metrics", "ingress"]})
    window = {"rows": "0-39", "columns": "0-39"}
    yield "matrix, folded, 40 x 40", ("matrix", window)
    yield "matrix, folded, another window", ("matrix", {"rows": "40-79", "columns": "80-119"})
    yield "matrix, all workloads, 40 x 40", ("matrix", {"rows": "1000-1039", "columns": "2000-2039", "expand": "*"})
    yield "matrix, folded, on port 5432", ("matrix", {**window, "port": "5432"})
    yield "find, kind:StatefulSet", ("find", {"filter": "kind:StatefulSet"})
    yield "one question, with its reasons", ("why", {"source": workload, "destination": peer, "port": "5432"})
    yield "rules of 60 rows", ("deciders", {"source": [workload] * 60, "destination": [peer] * 60})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scopes", description=__doc__)
    parser.add_argument("--pods", type=int, default=10_000)
    client = create_app().test_client()
    body = {"files": (io.BytesIO(make_cluster(parser.parse_args().pods).yaml().encode()), "cluster.yaml")}
    made = client.post("/api/v1/workspaces", data=body)
    base = f"/api/v1/workspaces/{made.get_json()['id']}"
    names = client.get(f"{base}/names").get_json()["workloads"]
    print(f"{len(names):,} workloads")
    for name, (path, query) in addresses(names[len(names) // 2], names[len(names) // 3]):
        times = []
        for _ in range(2):
            began = time.perf_counter()
            answer = client.get(f"{base}/{path}", query_string=query)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
        print(f"{name:60} {times[0]:8.0f} {times[1]:8.1f} ms {len(answer.data) / 1000:10,.0f} kB")


if __name__ == "__main__":
    main()
