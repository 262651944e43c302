"""Small clusters for the tables: two namespaces, a few workloads, and policies of any tier."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.analysis import Analysis, Assumptions, evaluate
from webapp.explain.verdict import ask
from webapp.manifests import Intake, SourceFile, read
from webapp.manifests.editing import edited
from webapp.model.ports import PortSet
from webapp.proposals.fixes import Fixes, fixes
from webapp.proposals.trial import Proposal
from webapp.proposals.world import World

WORLD = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: web}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, ports: [{containerPort: 9000}]}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}}
"""
CLOSED = """\
# nobody enters, nobody leaves
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: {namespace}
spec:
  podSelector: {{}}
  policyTypes: [{types}]
"""
SHOP_CLOSED = CLOSED.format(namespace="shop", types="Ingress, Egress")
DATA_CLOSED = CLOSED.format(namespace="data", types="Ingress, Egress")


@dataclass(frozen=True)
class Input:
    """A reading and what it means."""

    intake: Intake
    analysis: Analysis

    def fixes(self, source: str, destination: str, want: str = "") -> Fixes:
        return fixes(World(self.intake, self.analysis), ask(self.analysis, source, destination), want)

    def after(self, proposal: Proposal) -> Input:
        """Applied to the texts, and evaluated afresh."""
        intake = edited(self.intake, proposal.edits)
        return Input(intake, evaluate(intake, self.analysis.assumptions))

    def ports(self, source: str, destination: str) -> PortSet:
        (one,), (other,) = (self.analysis.resolve_peer(name).ids for name in (source, destination))
        return self.analysis.ports(one, other)[0]


def opened(*policies: str, world: str = WORLD, assumptions: Assumptions | None = None) -> Input:
    """The world in one file, and each policy in a file of its own."""
    files = [SourceFile("world.yaml", world.encode())]
    files += [SourceFile(f"policy-{number}.yaml", text.encode()) for number, text in enumerate(policies)]
    intake = read(files)
    return Input(intake, evaluate(intake, assumptions or Assumptions()))
