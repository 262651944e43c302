"""Made-up clusters as a repository of manifests holds them: Deployments in namespaces of one size, and policies.

The same numbers always give the same bytes. Names, labels and the habits of the policies are those of
`benchmarks.cluster`; from the thirteenth workload of a namespace on, several are shards of one app: they have equal
labels but for a name that no policy asks for, so they are alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import policies
from benchmarks.cluster import PORTS, ROLES, STAGES, TEAMS, WEB_PORTS, App

SHARDS = 4
PLATFORM = ("kube-system", "monitoring", "ingress")
NODE = "apiVersion: v1\nkind: Node\nmetadata:\n  name: node-0\nspec:\n  podCIDR: 10.128.0.0/14\n"
"""It tells where pods live, so that address blocks are decided."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a cluster is."""

    workloads: int = 1_200
    namespaces: int = 40
    policies: int = 600


def make_deployments(shape: Shape = Shape(), seed: int = 1) -> str:
    """The manifests of a cluster, one YAML stream."""
    rng = random.Random(seed)  # noqa: S311  repeatable, not secret
    names = namespaces_of(shape)
    sizes = [len(range(index, shape.workloads, shape.namespaces)) for index in range(shape.namespaces)]
    apps = {name: list(_apps(rng, size)) for name, size in zip(names, sizes, strict=True)}
    documents = [NODE, *(_namespace(name, rng) for name in names)]
    documents += [_deployment(name, app, number) for name in names for number, app in enumerate(apps[name])]
    made = policies.make(rng, shape.policies, names, apps)
    documents += [_policy(name, spec, number) for number, (name, spec) in enumerate(made)]
    return "---\n".join(documents)


def namespaces_of(shape: Shape) -> list[str]:
    """The names of its namespaces."""
    return [*PLATFORM, *(f"app-{number:02}" for number in range(shape.namespaces - len(PLATFORM)))][: shape.namespaces]


def _apps(rng: random.Random, count: int) -> Iterator[App]:
    for number in range(count):
        shard = number - len(ROLES)
        if shard < 0:
            role, name, port = ROLES[number], ROLES[number], rng.choice(WEB_PORTS)
        elif shard % SHARDS == 0:
            role = rng.choice(ROLES)
            name, port = f"{role}-{shard // SHARDS}", rng.choice(WEB_PORTS)
        yield App(name, role, 1 + number % 3, PORTS.get(role) or ("http", port))


def _namespace(name: str, rng: random.Random) -> str:
    team, stage = ("platform", "prod") if name in PLATFORM else (rng.choice(TEAMS), rng.choice(STAGES))
    labels = f"{{kubernetes.io/metadata.name: {name}, team: {team}, stage: {stage}}}"
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels: {labels}\n"


def _deployment(namespace: str, app: App, number: int) -> str:
    name = app.name if number < len(ROLES) else f"{app.name}-{number:02}"
    port_name, port = app.port
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app: {app.name}
spec:
  replicas: {app.replicas}
  selector:
    matchLabels:
      app: {app.name}
      instance: {name}
  template:
    metadata:
      labels:
        app: {app.name}
        instance: {name}
        part-of: {namespace}
        tier: {app.role}
    spec:
      containers:
      - name: {app.name}
        image: registry.example.com/{namespace}/{app.name}:1.7.2
        ports:
        - containerPort: {port}
          name: {port_name}
        - containerPort: 9090
          name: metrics
"""


def _policy(namespace: str, spec: str, number: int) -> str:
    return f"""apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy-{number:04}
  namespace: {namespace}
spec:
{spec.replace(chr(10) + "  ", chr(10))[2:]}"""
