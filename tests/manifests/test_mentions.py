"""Of an environment only the names of Services of the input are kept."""

from __future__ import annotations

import pytest

from tests.manifests.reading import read_text
from webapp.analysis import evaluate
from webapp.manifests.mentions import hosts_of
from webapp.model.service import Mention

SERVICES = "".join(
    f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n"
    for namespace, name in (("shop", "orders"), ("data", "db"), ("data", "orders"))
)
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: checkout, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: x}}}}
    spec:
      containers:
      - name: c
        env:
        - {{name: FIRST, valueFrom: {{secretKeyRef: {{name: s, key: value}}}}}}
        - name: URL
          value: {value}
"""
SECRET = "sup3rs3cret"
ORDERS, DB = Mention("shop", "orders"), Mention("data", "db")
TABLE = {
    "orders": (ORDERS,),
    "orders:8080": (Mention("shop", "orders", 8080),),
    "http://orders/path": (ORDERS,),
    "http://orders:80": (Mention("shop", "orders", 80),),
    "orders.data": (Mention("data", "orders"),),
    "db.data": (DB,),
    "db.data.svc": (DB,),
    "db.data.svc.cluster.local.": (DB,),
    "db-0.db.data.svc.cluster.local:5432": (Mention("data", "db", 5432),),
    f"postgres://user:{SECRET}@db.data.svc:5432/x?sslmode=off": (Mention("data", "db", 5432),),
    "jdbc:postgresql://db.data:5432/x": (Mention("data", "db", 5432),),
    "db.data:9092,orders.shop:9093": (Mention("data", "db", 9092), Mention("shop", "orders", 9093)),
    "ORDERS.shop": (ORDERS,),
    "db": (),
    "orders.example.com": (),
    "xorders": (),
    "please ask orders": (ORDERS,),
    "orders:99999": (ORDERS,),
    SECRET: (),
    f"user:orders@{SECRET}": (),
    f"http://orders@{SECRET}:80/": (),
    f"http://{SECRET}/orders": (),
}


def told(text: str) -> tuple[Mention, ...]:
    (document,) = [each for each in read_text(text).documents if each.kind == "Deployment"]
    return document.mentions


@pytest.mark.parametrize("value", TABLE)
def test_names_of_services_are_kept(value: str) -> None:
    text = SERVICES + DEPLOYMENT.format(value=f'"{value}"')
    for written in (
        text,
        DEPLOYMENT.format(value=f'"{value}"') + "---\n" + SERVICES,
        kind_last(text),
        f"a: &a 1\n---\n{text}",
    ):
        assert told(written) == TABLE[value]


def kind_last(text: str) -> str:
    """The kind is read after the environment."""
    return text.replace("kind: Deployment\n", "") + "kind: Deployment\n"


def test_nothing_else_stays_in_memory() -> None:
    values = [f"postgres://u:{SECRET}@db.data/x", SECRET, f"orders,{SECRET}", "x" * 5_000 + SECRET]
    for value in values:
        for text in (
            SERVICES + DEPLOYMENT.format(value=f'"{value}"'),
            kind_last(SERVICES + DEPLOYMENT.format(value=f'"{value}"')),
        ):
            held = repr(read_text(text))
            assert SECRET not in held
            assert not any(host.partition(":")[0] in held for host in hosts_of(SECRET))


def test_without_services_nothing_is_kept_at_all() -> None:
    assert told(DEPLOYMENT.format(value='"orders:80"')) == ()


def test_it_does_not_make_objects_differ() -> None:
    """An object given twice is the same one, whatever its environment."""
    text = SERVICES + DEPLOYMENT.format(value='"orders"') + "---\n" + DEPLOYMENT.format(value='"db.data"')
    analysis = evaluate(read_text(text))
    assert "duplicate_object" not in {problem.code for problem in analysis.problems}
