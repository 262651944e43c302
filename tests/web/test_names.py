"""Who can be asked about, by name."""

from __future__ import annotations

from tests.web.conftest import API, SHOP, Client

SERVICES = """
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: frontend}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody, namespace: archive}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
"""


def test_services_can_be_asked_for_by_the_names_that_are_offered(client: Client) -> None:
    made = client.post(f"{API}/workspaces", data=SHOP + SERVICES, content_type="application/yaml")
    base = f"{API}/workspaces/{made.json['id']}"
    names = client.get(f"{base}/names").json
    assert names["services"] == ["svc/archive/nobody", "svc/shop/web"]
    answers = {
        name: client.get(f"{base}/why", query_string={"source": "shop/Deployment/database", "destination": name}).json
        for name in names["services"]
    }
    assert answers["svc/shop/web"]["service"]["backends"] == "all"
    assert [part["destination"] for part in answers["svc/shop/web"]["parts"]] == ["shop/Deployment/frontend"]
    assert [port["reason"] for port in answers["svc/archive/nobody"]["service"]["ports"]] == ["no_backend"]


def test_an_input_without_services_offers_none(client: Client, workspace: str) -> None:
    assert client.get(f"{workspace}/names").json["services"] == []
