"""What the samples and their README tell is what the engine finds."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from webapp.analysis import Analysis, SourceFile, analyze

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NAMES = ("production-open", "production", "production-literal", "tiers", "shop")

FRONTEND = "production/Deployment/frontend"
API = "production/Deployment/backend-api"
DATABASE = "production/StatefulSet/database"
PAYMENT = "production/Deployment/payment-service"
RUNNER = "staging/Deployment/test-runner"
COREDNS = "kube-system/Deployment/coredns"
DNS = {"TCP": "53", "UDP": "53"}


@cache
def sample(name: str) -> Analysis:
    folder = SAMPLES / name
    files = sorted(path for path in folder.rglob("*.yaml"))
    return analyze([SourceFile(str(path.relative_to(folder)), path.read_bytes()) for path in files])


def allowed(name: str) -> dict[tuple[str, str], object]:
    return {(c.source, c.destination): c.ports.json() for c in sample(name).connections()}


@pytest.mark.parametrize("name", NAMES)
def test_describes_itself(name: str) -> None:
    about = tomllib.loads((SAMPLES / name / "sample.toml").read_text(encoding="utf-8"))
    assert about.keys() == {"title", "description", "order"}
    assert f"`{name}`" in (SAMPLES / "README.md").read_text(encoding="utf-8")


def test_no_sample_is_forgotten() -> None:
    assert {folder.name for folder in SAMPLES.iterdir() if (folder / "sample.toml").is_file()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_is_without_problems(name: str) -> None:
    assert [p for p in sample(name).problems if p.code != "no_policies"] == []
    assert sample(name).counts.not_understood == 0


@pytest.mark.parametrize("name", NAMES[:3])
def test_nothing_is_unknown_in_production(name: str) -> None:
    assert list(sample(name).unknowns()) == []


def test_open_production_is_open() -> None:
    analysis = sample("production-open")
    ids = {workload.id for workload in analysis.workloads}
    pairs = allowed("production-open")
    assert len(ids) == 6
    assert set(pairs.values()) == {"all"}
    for a in ids:
        assert (a, "internet") in pairs
        assert ("internet", a) in pairs
        assert all((a, b) in pairs for b in ids if a != b)


def test_production_is_the_picture_and_nothing_else() -> None:
    expected: dict[tuple[str, str], object] = {
        (FRONTEND, API): {"TCP": "8080"},
        (API, DATABASE): {"TCP": "5432"},
        (RUNNER, API): {"TCP": "8080"},
    }
    expected |= {(pod, COREDNS): DNS for pod in (FRONTEND, API, DATABASE, PAYMENT)}
    found = allowed("production")
    inside = {pair: ports for pair, ports in found.items() if any(end.startswith("production/") for end in pair)}
    assert inside == expected


@pytest.mark.parametrize(
    ("source", "destination", "port"),
    [(FRONTEND, DATABASE, 5432), (FRONTEND, PAYMENT, 8443), (API, "internet", 443), (DATABASE, API, 5432)],
)
def test_production_blocks(source: str, destination: str, port: int) -> None:
    assert verdict("production", source, destination, port) == "blocked"


def test_literal_production_is_blocked_at_the_source() -> None:
    trace = sample("production-literal").decide(FRONTEND, API, "TCP", 8080)
    assert (trace.verdict.value, trace.egress.verdict.value, trace.ingress.verdict.value) == (
        "blocked", "blocked", "allowed",
    )  # fmt: skip


def test_literal_database_egress_opens_a_door_that_replies_never_need() -> None:
    trace = sample("production-literal").decide(DATABASE, API, "TCP", 5432)
    assert (trace.egress.verdict.value, trace.ingress.verdict.value) == ("allowed", "blocked")
    assert verdict("production-literal", API, DATABASE, 5432) == "blocked"
    assert allowed("production-literal")[RUNNER, API] == "all"


SHOP = {
    ("internet", "ingress/Deployment/ingress-nginx"): {"TCP": "80,443"},
    ("ingress/Deployment/ingress-nginx", "shop/Deployment/storefront"): {"TCP": "8080"},
    ("ingress/Deployment/ingress-nginx", "monitoring/Deployment/grafana"): {"TCP": "3000"},
    ("ingress/Deployment/ingress-nginx", "192.168.10.10"): {"TCP": "6443"},
    ("shop/Deployment/storefront", "shop/Deployment/catalog"): {"TCP": "9000"},
    ("shop/Deployment/storefront", "shop/Deployment/cart"): {"TCP": "8080"},
    ("shop/Deployment/storefront", "shop/StatefulSet/search"): {"TCP": "9200"},
    ("shop/StatefulSet/search", "shop/StatefulSet/search"): {"TCP": "9300-9305"},
    ("shop/Deployment/checkout", "payments/Deployment/payment-service"): {"TCP": "8443"},
    ("shop/Deployment/checkout", "data/StatefulSet/orders-db"): {"TCP": "5432"},
    ("shop/Deployment/cart", "data/StatefulSet/cart-cache"): {"TCP": "6379"},
    ("shop/Deployment/catalog", "data/StatefulSet/catalog-db"): {"TCP": "5432"},
    ("payments/Deployment/payment-service", "payments/Deployment/fraud-check"): {"TCP": "8080"},
    ("payments/Deployment/payment-service", "payments/Deployment/ledger"): {"TCP": "9000"},
    ("payments/Deployment/ledger", "data/StatefulSet/ledger-db"): {"TCP": "5432"},
    ("payments/CronJob/settlement", "payments/Deployment/ledger"): {"TCP": "9000"},
    ("data/CronJob/backup", "data/StatefulSet/orders-db"): {"TCP": "5432"},
    ("data/CronJob/backup", "internet"): {"TCP": "443"},
    ("data/StatefulSet/events", "data/StatefulSet/events"): {"TCP": "9092-9093"},
    ("monitoring/StatefulSet/prometheus", "shop/Deployment/cart"): {"TCP": "9464"},
    ("monitoring/StatefulSet/prometheus", "payments/Deployment/ledger"): {"TCP": "9100"},
    ("monitoring/StatefulSet/prometheus", "192.168.10.11"): {"TCP": "9100"},
    ("monitoring/StatefulSet/prometheus", "ingress/Deployment/ingress-nginx"): {"TCP": "10254"},
    ("monitoring/StatefulSet/prometheus", "monitoring/StatefulSet/alertmanager"): {"TCP": "9093"},
    ("monitoring/StatefulSet/alertmanager", "monitoring/StatefulSet/alertmanager"): {"TCP": "9094", "UDP": "9094"},
    ("shop/Deployment/cart", COREDNS): DNS,
    ("marketing/Deployment/newsletter", "internet"): "all",
    ("internet", "marketing/Deployment/newsletter"): "all",
}


@pytest.mark.parametrize(("source", "destination"), SHOP)
def test_shop_allows(source: str, destination: str) -> None:
    source, destination = (identity("shop", end) for end in (source, destination))
    found = allowed("shop")
    key = next(k for k in SHOP if (identity("shop", k[0]), identity("shop", k[1])) == (source, destination))
    assert found[source, destination] == SHOP[key]


@pytest.mark.parametrize(
    ("source", "destination", "port", "blocked_at"),
    [
        ("shop/Deployment/recommendations", "shop/Deployment/catalog", 9000, ["ingress"]),
        ("shop/Deployment/checkout", "data/StatefulSet/events", 9092, ["ingress"]),
        ("shop/Deployment/checkout", "payments/Deployment/fraud-check", 8080, ["ingress"]),
        ("monitoring/Deployment/grafana", "monitoring/StatefulSet/prometheus", 9090, ["egress"]),
        ("monitoring/Deployment/grafana", "monitoring/StatefulSet/prometheus", 9091, ["ingress"]),
        ("data/CronJob/backup", COREDNS, 53, ["egress"]),
    ],
)
def test_shop_mistakes(source: str, destination: str, port: int, blocked_at: list[str]) -> None:
    trace = sample("shop").decide(source, destination, "TCP", port)
    sides = {"egress": trace.egress, "ingress": trace.ingress}
    assert trace.verdict.value == "blocked"
    assert [name for name, side in sides.items() if side.verdict.value == "blocked"] == blocked_at


def test_payment_provider_range_without_its_test_system() -> None:
    payment = "payments/Deployment/payment-service"
    assert verdict("shop", payment, identity("shop", "203.0.113.5"), 443) == "allowed"
    assert verdict("shop", payment, identity("shop", "203.0.113.200"), 443) == "blocked"
    assert verdict("shop", payment, "internet", 443) == "blocked"


def test_shop_knows_where_its_pods_live() -> None:
    """The pod CIDR decides every question of an address range, that of the node's own network apart."""
    analysis = sample("shop")
    assert analysis.pod_cidrs
    exporter = "monitoring/DaemonSet/node-exporter"
    assert all(exporter in (unknown.source, unknown.destination) for unknown in analysis.unknowns())


def test_open_workloads_of_the_shop() -> None:
    unpoliced = {w.id for w in sample("shop").workloads if not (w.isolated_ingress or w.isolated_egress)}
    assert unpoliced == {COREDNS, "marketing/Deployment/newsletter", "monitoring/DaemonSet/node-exporter"}


def verdict(name: str, source: str, destination: str, port: int) -> str:
    return sample(name).decide(source, destination, "TCP", port).verdict.value


def identity(name: str, text: str) -> str:
    """The id of a workload, or of the part that an address belongs to."""
    return text if "/" in text else sample(name).resolve_peer(text).ids[0]


def test_tiers_decide_in_their_order() -> None:
    found = allowed("tiers")
    prometheus, orders, vault, batch = (
        "monitoring/Deployment/prometheus", "orders/Deployment/orders", "vault/StatefulSet/vault",
        "legacy/Deployment/batch",
    )  # fmt: skip
    metrics = {"TCP": "9102"}
    inside = {pair: ports for pair, ports in found.items() if pair[0].count("/") == pair[1].count("/") == 2}
    assert inside == {
        (prometheus, orders): metrics,
        (prometheus, vault): metrics,
        (prometheus, batch): metrics,  # Admin accepts
        (orders, vault): {"TCP": "8200"},  # Admin passes it on, a NetworkPolicy allows
        (orders, orders): "all",
        (orders, batch): "all",
        (orders, prometheus): "all",  # the baseline accepts shop
    }  # fmt: skip  (the vault calls nobody: Admin denies)
    assert not any(target == "169.254.169.254/32" for _, target in found)
    assert not any(source == vault for source, _ in found)
    assert list(sample("tiers").unknowns()) == []


def test_an_admin_rule_is_not_undone_by_a_network_policy() -> None:
    trace = sample("tiers").decide("legacy/Deployment/batch", "vault/StatefulSet/vault", "TCP", 8200)
    (step,) = trace.ingress.steps
    assert (str(step.tier), step.reason, step.policies[0].name) == ("Admin", "rule_denies", "sensitive-data")
