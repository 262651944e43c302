"""Thousands of pods: grouped, or refused with an estimate, and either within ten seconds."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from webapp.web.app import create_app

MOST_SECONDS = 10.0


def pod(name: str, labels: str, namespace: str = "all") -> str:
    return (
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}}}, "
        f"status: {{podIP: 10.0.0.1}}}}"
    )


def policy(name: str, subject: str, peer: str, namespace: str = "all") -> str:
    source = f"{{podSelector: {{matchLabels: {{{peer}}}}}}}"
    spec = f"{{podSelector: {{matchLabels: {{{subject}}}}}, ingress: [{{from: [{source}]}}]}}"
    return (
        f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: {namespace}}}, "
        f"spec: {spec}}}"
    )


def alike() -> list[str]:
    return [pod(f"p{n}", "app: web") for n in range(5_000)] + [policy("one", "app: web", "app: web")]


def different() -> list[str]:
    pods = [pod(f"p{n}", f"app: a{n}") for n in range(5_000)]
    return pods + [policy(f"n{n}", f"app: a{n}", f"app: a{(n * 7 + 1) % 5_000}") for n in range(5_000)]


def policed() -> list[str]:
    rng = random.Random(7)
    pods = [pod(f"p{n}", f"app: a{n}, tier: t{n % 40}", f"ns-{n % 25}") for n in range(5_000)]
    return pods + [
        policy(f"n{n}", f"tier: t{rng.randrange(40)}", f"tier: t{rng.randrange(40)}", f"ns-{n % 25}")
        for n in range(2_000)
    ]


@pytest.mark.parametrize("documents", [alike, different, policed])
def test_thousands_are_grouped_or_refused_in_time(documents: Any) -> None:
    text = "\n---\n".join(documents()).encode()
    client: Any = create_app().test_client()
    began = time.process_time()
    answer = client.post("/api/v1/workspaces", data=text, content_type="text/plain")
    if answer.status_code == 422:
        error = answer.json["error"]
        assert {"limit", "actual"} <= error["details"].keys(), error
    else:
        assert answer.status_code == 201, answer.json
        base = "/api/v1/workspaces/" + answer.json["url"].split("/w/")[1]
        scene = client.get(f"{base}/scene?expand=*").json
        assert scene["level"] == "namespaces"
        assert sum(len(node["members"]) for node in scene["nodes"] if node["type"] != "external") == 5_000
        assert scene["counts"]["drawn_nodes"] <= 400
        assert scene["counts"]["drawn_edges"] <= 1_500
    assert time.process_time() - began < MOST_SECONDS
