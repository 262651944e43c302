"""An app in a test: its clock, its client, and a few manifests to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.web import create_app
from webapp.web.settings import Settings

API = "/api/v1"
BOUNDARY = "part-of-a-form"
SHOP = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: shop}
spec:
  replicas: 2
  template: {metadata: {labels: {app: frontend}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: database, namespace: shop}
spec:
  template: {metadata: {labels: {app: database}}, spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  policyTypes: [Ingress]
"""


@dataclass
class Ticks:
    """A clock that stands until it is moved, in seconds."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


Send = Callable[..., Any]
Client = Any
"""A Flask test client, whose answers hold JSON of any shape."""


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def settings() -> Settings:
    """Tests of a module may give others."""
    return Settings()


@pytest.fixture
def app(settings: Settings, ticks: Ticks) -> Flask:
    return create_app(settings, clock=ticks)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as opened:
        yield opened


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Post a text as the body; the answer."""

    def post(text: str | bytes = SHOP, kind: str = "application/yaml", **options: Any) -> Any:
        return client.post(f"{API}/workspaces", data=text, content_type=kind, **options)

    return post


@pytest.fixture
def workspace(send: Send) -> str:
    """The API address of a workspace that holds SHOP."""
    answer = send()
    assert answer.status_code == 201, answer.json
    return f"{API}/workspaces/{answer.json['id']}"


def form(*files: tuple[str, str | bytes]) -> dict[str, Any]:
    """Files as parts of a form, as browsers send them (a test client would put large ones on the disk)."""
    body = b""
    for name, text in files:
        shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{shown}"\r\n\r\n'.encode()
        body += (text.encode() if isinstance(text, str) else text) + b"\r\n"
    return {"data": body + f"--{BOUNDARY}--\r\n".encode(), "content_type": f"multipart/form-data; boundary={BOUNDARY}"}
