"""Made-up clusters of any size, as `kubectl get ns,nodes,pods,netpol -A -o yaml` would print them.

The same size and seed always give the same bytes. Namespaces hold about fifty pods each; a fifth as many policies as
pods (up to 10,000) are spread over them in the habits that real clusters show: closed both ways, closed for ingress,
single apps closed, or no policy at all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks import policies

PODS_PER_NAMESPACE = 50
PODS_PER_NODE = 100
MOST_POLICIES = 10_000
ROLES = ("web", "api", "worker", "db", "cache", "queue", "auth", "search", "mail", "report", "gateway", "sync")
TEAMS = tuple(f"team-{number}" for number in range(20))
STAGES = ("prod", "prod", "prod", "staging", "dev")
REPLICAS = (1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 6, 8, 10)
STATEFUL = frozenset({"db", "cache", "queue", "search"})
WEB_PORTS = (
    8080,
    8080,
    8080,
    8080,
    3000,
    4000,
    5000,
    7000,
    7070,
    8000,
    8001,
    8008,
    8081,
    8082,
    8088,
    8090,
    8888,
    9000,
    9001,
)
PORTS = {"db": ("postgres", 5432), "cache": ("redis", 6379), "queue": ("amqp", 5672), "search": ("http", 9200)}


@dataclass(frozen=True, slots=True)
class App:
    """One workload of a namespace."""

    name: str
    role: str
    replicas: int
    port: tuple[str, int]


@dataclass(slots=True)
class Cluster:
    """A generated cluster: ``items`` are the YAML texts of its objects, in kubectl's order."""

    pods: int
    workloads: int = 0
    policies: int = 0
    items: list[str] = field(default_factory=list)

    def yaml(self) -> str:
        """One `kind: List`, as kubectl prints it."""
        return "apiVersion: v1\nitems:\n" + "".join(self.items) + 'kind: List\nmetadata:\n  resourceVersion: ""\n'


def namespace_names(pods: int) -> list[str]:
    """The namespaces of a cluster of so many pods."""
    count = max(3, pods // PODS_PER_NAMESPACE)
    return ["kube-system", "monitoring", "ingress", *(f"app-{number:04}" for number in range(count - 3))]


def make_cluster(pods: int, seed: int = 1) -> Cluster:
    """A cluster of exactly so many pods."""
    rng = random.Random(seed)  # noqa: S311  repeatable, not secret
    names = namespace_names(pods)
    count = len(names)
    cluster = Cluster(pods)
    labels = {name: _namespace_labels(name, rng) for name in names}
    cluster.items += [_namespace(name, labels[name]) for name in names]
    cluster.items += [_node(number) for number in range(-(-pods // PODS_PER_NODE))]
    apps = {name: list(_apps(rng, pods // count + (index < pods % count))) for index, name in enumerate(names)}
    numbers = iter(range(pods))
    for name in names:
        for app in apps[name]:
            cluster.workloads += 1
            cluster.items += [_pod(name, app, ordinal, next(numbers), rng) for ordinal in range(app.replicas)]
    wanted = min(MOST_POLICIES, pods // 5)
    for name, text in policies.make(rng, wanted, names, apps):
        cluster.policies += 1
        cluster.items.append(_policy(name, text, cluster.policies))
    return cluster


def _apps(rng: random.Random, pods: int) -> Iterator[App]:
    number = 0
    while pods > 0:
        role = ROLES[number % len(ROLES)] if number < len(ROLES) else rng.choice(ROLES)
        replicas = min(pods, rng.choice(REPLICAS))
        name = role if number < len(ROLES) else f"{role}-{number}"
        yield App(name, role, replicas, PORTS.get(role) or ("http", rng.choice(WEB_PORTS)))
        pods -= replicas
        number += 1


def _namespace_labels(name: str, rng: random.Random) -> dict[str, str]:
    labels = {"kubernetes.io/metadata.name": name, "team": rng.choice(TEAMS), "stage": rng.choice(STAGES)}
    if not name.startswith("app-"):
        labels |= {"team": "platform", "stage": "prod"}
    return labels


def _lines(labels: dict[str, str], indent: int) -> str:
    return "".join(f"{' ' * indent}{key}: {value}\n" for key, value in labels.items())


def _namespace(name: str, labels: dict[str, str]) -> str:
    return (
        "- apiVersion: v1\n  kind: Namespace\n  metadata:\n"
        '    creationTimestamp: "2025-03-01T08:00:00Z"\n    labels:\n' + _lines(labels, 6) + f"    name: {name}\n"
        "  spec:\n    finalizers:\n    - kubernetes\n  status:\n    phase: Active\n"
    )


def _node(number: int) -> str:
    return f"""- apiVersion: v1
  kind: Node
  metadata:
    labels:
      kubernetes.io/hostname: node-{number}
    name: node-{number}
  spec:
    podCIDR: {_node_block(number)}.0/24
    podCIDRs:
    - {_node_block(number)}.0/24
  status:
    addresses:
    - address: 172.16.{number >> 8}.{number & 255}
      type: InternalIP
    - address: node-{number}
      type: Hostname
"""


def _node_block(node: int) -> str:
    return f"10.{128 + (node >> 8)}.{node & 255}"


def _pod(namespace: str, app: App, ordinal: int, number: int, rng: random.Random) -> str:
    node, place = divmod(number, PODS_PER_NODE)
    address = f"{_node_block(node)}.{place + 2}"
    uid = f"{rng.getrandbits(32):08x}-0000-4000-8000-{number:012x}"
    hashed = f"{(number - ordinal) * 2654435761 % 2**32:08x}"
    labels = {"app": app.name, "part-of": namespace, "tier": app.role}
    if app.role in STATEFUL:
        name, owner, owner_kind = f"{app.name}-{ordinal}", app.name, "StatefulSet"
        labels |= {
            "apps.kubernetes.io/pod-index": f'"{ordinal}"',
            "controller-revision-hash": f"{app.name}-{hashed}",
            "statefulset.kubernetes.io/pod-name": name,
        }
    else:
        owner, owner_kind = f"{app.name}-{hashed}", "ReplicaSet"
        name = f"{owner}-{rng.getrandbits(20):05x}"
        labels["pod-template-hash"] = f'"{hashed}"'
    port_name, port = app.port
    return f"""- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      example.com/restarted-at: "2025-03-01T09:30:00Z"
    creationTimestamp: "2025-03-01T09:30:04Z"
    generateName: {owner}-
    labels:
{_lines(labels, 6)}    name: {name}
    namespace: {namespace}
    ownerReferences:
    - apiVersion: apps/v1
      controller: true
      kind: {owner_kind}
      name: {owner}
      uid: {uid}
    resourceVersion: "{100000 + number}"
    uid: {uid}
  spec:
    containers:
    - env:
      - name: LOG_LEVEL
        value: info
      - name: POD_IP
        valueFrom:
          fieldRef:
            apiVersion: v1
            fieldPath: status.podIP
      image: registry.example.com/{namespace}/{app.name}:1.7.2
      imagePullPolicy: IfNotPresent
      name: {app.name}
      ports:
      - containerPort: {port}
        name: {port_name}
        protocol: TCP
      - containerPort: 9090
        name: metrics
        protocol: TCP
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
    nodeName: node-{node}
    restartPolicy: Always
    serviceAccountName: {app.name}
  status:
    phase: Running
    podIP: {address}
    podIPs:
    - ip: {address}
"""


def _policy(namespace: str, text: str, number: int) -> str:
    name = f"policy-{number:05}"
    return f"""- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    annotations:
      example.com/owner: platform
    creationTimestamp: "2025-03-01T08:10:00Z"
    generation: 1
    name: {name}
    namespace: {namespace}
    resourceVersion: "{50000 + number}"
    uid: 00000000-0000-4000-8000-{number:012x}
  spec:
{text}"""
