"""The policies of a made-up cluster, in the habits that real clusters show."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.cluster import App

HABITS = ("closed",) * 5 + ("entrance",) * 3 + ("apps", "open")
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
DENY_BOTH = "    podSelector: {}\n    policyTypes:\n    - Ingress\n    - Egress\n"
DENY_INGRESS = "    podSelector: {}\n    policyTypes:\n    - Ingress\n"
ALLOW_DNS = """    egress:
    - ports:
      - port: 53
        protocol: UDP
      - port: 53
        protocol: TCP
      to:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: kube-system
    podSelector: {}
    policyTypes:
    - Egress
"""
ALLOW_SCRAPE = """    ingress:
    - from:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: monitoring
        podSelector:
          matchLabels:
            tier: web
      ports:
      - port: metrics
        protocol: TCP
    podSelector: {}
    policyTypes:
    - Ingress
"""
BASICS = {"closed": (DENY_BOTH, ALLOW_DNS, ALLOW_SCRAPE), "entrance": (DENY_INGRESS, ALLOW_SCRAPE), "apps": ()}


Far = tuple[str, "list[App]"]  # another namespace and what runs there


def make(
    rng: random.Random, wanted: int, names: Sequence[str], apps: dict[str, list[App]]
) -> Iterator[tuple[str, str]]:
    """``wanted`` policies as (namespace, YAML of the spec)."""
    habits = {name: "open" if name == "kube-system" else rng.choice(HABITS) for name in names}
    if all(habit == "open" for habit in habits.values()):
        habits[names[-1]] = "closed"
    policed = [name for name in names if habits[name] != "open"]
    made = 0
    for name in policed:
        for text in BASICS[habits[name]]:
            if made < wanted:
                made += 1
                yield name, text
    writers = {
        "closed": (_pair_in, _pair_in, _pair_out, _pair_out, _far_in, _far_out, _team_in, _internet_out, _partner_out),
        "entrance": (_pair_in, _pair_in, _far_in, _far_in, _team_in, _stage_in, _block_in),
        "apps": (_pair_in, _far_in, _team_in, _internet_out),
    }
    while made < wanted:
        name = policed[made % len(policed)]
        writer: Callable[[random.Random, list[App], Far], str] = rng.choice(writers[habits[name]])
        made += 1
        far = rng.choice(names)
        yield name, writer(rng, apps[name], (far, apps[far]))


def _subject(app: App) -> str:
    return f"    podSelector:\n      matchLabels:\n        app: {app.name}\n"


def _port(rng: random.Random, app: App) -> str:
    name, number = app.port
    port = name if rng.random() < 0.4 else str(number)
    return f"      ports:\n      - port: {port}\n        protocol: TCP\n"


def _two(rng: random.Random, apps: list[App]) -> tuple[App, App]:
    return rng.choice(apps), rng.choice(apps)


def _pair_in(rng: random.Random, apps: list[App], far: Far) -> str:
    server, client = _two(rng, apps)
    return (
        f"    ingress:\n    - from:\n      - podSelector:\n          matchLabels:\n            app: {client.name}\n"
        + _port(rng, server) + _subject(server) + "    policyTypes:\n    - Ingress\n"
    )  # fmt: skip


def _pair_out(rng: random.Random, apps: list[App], far: Far) -> str:
    client, server = _two(rng, apps)
    peer = (
        "      to:\n      - podSelector:\n          matchExpressions:\n          - key: app\n            operator: In\n"
        f"            values:\n            - {server.name}\n            - {rng.choice(apps).name}\n"
    )
    return "    egress:\n    -" + _port(rng, server)[5:] + peer + _subject(client) + "    policyTypes:\n    - Egress\n"


def _far_in(rng: random.Random, apps: list[App], far: Far) -> str:
    server = rng.choice(apps)
    return (
        "    ingress:\n    - from:\n" + _far_peer(rng, far) + _port(rng, server)
        + _subject(server) + "    policyTypes:\n    - Ingress\n"
    )  # fmt: skip


def _far_out(rng: random.Random, apps: list[App], far: Far) -> str:
    head = "    egress:\n    -" + _port(rng, rng.choice(far[1]))[5:] + "      to:\n"
    return head + _far_peer(rng, far) + _subject(rng.choice(apps)) + "    policyTypes:\n    - Egress\n"


def _far_peer(rng: random.Random, far: Far) -> str:
    return (
        "      - namespaceSelector:\n          matchLabels:\n"
        f"            kubernetes.io/metadata.name: {far[0]}\n        podSelector:\n          matchLabels:\n"
        f"            tier: {rng.choice(far[1]).role}\n"
    )


def _team_in(rng: random.Random, apps: list[App], far: Far) -> str:
    server = rng.choice(apps)
    return (
        "    ingress:\n    - from:\n      - namespaceSelector:\n          matchLabels:\n"
        f"            team: team-{rng.randrange(20)}\n        podSelector:\n          matchLabels:\n"
        f"            tier: {rng.choice(('web', 'api', 'gateway'))}\n"
        + _port(rng, server) + _subject(server) + "    policyTypes:\n    - Ingress\n"
    )  # fmt: skip


def _stage_in(rng: random.Random, apps: list[App], far: Far) -> str:
    server = rng.choice(apps)
    return (
        "    ingress:\n    - from:\n      - namespaceSelector:\n          matchExpressions:\n          - key: stage\n"
        "            operator: NotIn\n            values:\n            - dev\n            - prod\n"
        + _port(rng, server) + _subject(server) + "    policyTypes:\n    - Ingress\n"
    )  # fmt: skip


def _block_in(rng: random.Random, apps: list[App], far: Far) -> str:
    server = rng.choice(apps)
    return (
        f"    ingress:\n    - from:\n      - ipBlock:\n          cidr: 172.16.{rng.randrange(8)}.0/24\n"
        + _port(rng, server) + _subject(server) + "    policyTypes:\n    - Ingress\n"
    )  # fmt: skip


def _internet_out(rng: random.Random, apps: list[App], far: Far) -> str:
    excepts = "".join(f"          - {block}\n" for block in PRIVATE)
    return (
        "    egress:\n    - ports:\n      - port: 443\n        protocol: TCP\n      to:\n      - ipBlock:\n"
        f"          cidr: 0.0.0.0/0\n          except:\n{excepts}"
        + _subject(rng.choice(apps)) + "    policyTypes:\n    - Egress\n"
    )  # fmt: skip


def _partner_out(rng: random.Random, apps: list[App], far: Far) -> str:
    return (
        "    egress:\n    - ports:\n      - endPort: 8490\n        port: 8443\n        protocol: TCP\n      to:\n"
        f"      - ipBlock:\n          cidr: 203.0.113.{rng.randrange(16) * 16}/28\n"
        + _subject(rng.choice(apps)) + "    policyTypes:\n    - Egress\n"
    )  # fmt: skip
