"""What an editor of policies may offer."""

from __future__ import annotations

from tests.web.conftest import API, SHOP, Client

MORE = """
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: edge, labels: {app: web, tier: "1"}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: edge}
spec: {selector: {app: web}, ports: [{port: 443, targetPort: http}, {port: 81}, {port: 82, targetPort: 8443}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: edge}
spec: {podSelector: {}, ingress: [{ports: [{port: 5432}, {port: 1000, endPort: 2000}, {protocol: UDP}]}]}
"""


def test_it_knows_what_the_manifests_know(client: Client) -> None:
    made = client.post(f"{API}/workspaces", data=SHOP + MORE, content_type="application/yaml")
    vocabulary = client.get(f"{API}/workspaces/{made.json['id']}/vocabulary").json
    assert vocabulary == {
        "labels": {"app": ["database", "frontend", "web"], "tier": ["1"]},
        "namespaces": {
            "edge": {"kubernetes.io/metadata.name": "edge"},
            "shop": {"kubernetes.io/metadata.name": "shop", "team": "web"},
        },
        "ports": [81, 5432, 8080, 8443, 9090],
        "port_names": ["http", "metrics"],
    }


def test_it_knows_what_a_draft_names(client: Client, workspace: str) -> None:
    text = "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: x, namespace: shop}\n"
    text += "spec: {podSelector: {}, ingress: [{ports: [{port: 7777}]}]}\n"
    token = client.post(f"{workspace}/drafts", json={"files": {"new.yaml": text}}).json["draft"]
    assert 7777 not in client.get(f"{workspace}/vocabulary").json["ports"]
    assert 7777 in client.get(f"{workspace}/vocabulary?draft={token}").json["ports"]
