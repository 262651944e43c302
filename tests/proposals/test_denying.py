"""Deny by default: what is closed, and that names still resolve."""

from __future__ import annotations

import pytest

from tests.proposals.world import CLOSED, SHOP_CLOSED, WORLD, Input, opened
from webapp.errors import NotFound
from webapp.insight.resolution import resolver_of
from webapp.proposals.denying import deny_by_default
from webapp.proposals.trial import Proposal
from webapp.proposals.world import Declined, World

OPENSHIFT = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: openshift-dns}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: dns-default, namespace: openshift-dns}
spec:
  template:
    metadata: {labels: {dns.operator.openshift.io/daemonset-dns: default}}
    spec:
      containers:
      - name: c
        ports: [{name: dns, containerPort: 5353, protocol: UDP}, {name: dns-tcp, containerPort: 5353}]
---
apiVersion: v1
kind: Service
metadata: {name: dns-default, namespace: openshift-dns}
spec:
  selector: {dns.operator.openshift.io/daemonset-dns: default}
  ports: [{name: dns, port: 53, protocol: UDP, targetPort: dns}, {name: dns-tcp, port: 53, targetPort: dns-tcp}]
"""


def denied(given: Input, *namespaces: str) -> Proposal:
    return deny_by_default(World(given.intake, given.analysis), namespaces)


def resolves(given: Input) -> set[str]:
    resolver = resolver_of(given.analysis)
    return {workload.name for workload in given.analysis.workloads if resolver.verdict(workload) == "allowed"}


def test_everything_is_closed_but_names() -> None:
    given = opened(world=WORLD + OPENSHIFT)
    proposal = denied(given, "shop")
    assert proposal.opened == 0
    assert "5353" in proposal.text
    after = given.after(proposal)
    assert {"web", "api"} <= resolves(after)
    assert all(w.isolated_ingress and w.isolated_egress for w in after.analysis.workloads if w.namespace == "shop")
    assert after.ports("web", "api").is_empty
    assert not after.ports("web", "openshift-dns/dns-default").contains("TCP", 8080)


def test_the_usual_dns_is_meant_where_the_input_shows_none() -> None:
    proposal = denied(opened(), "shop")
    assert "k8s-app: kube-dns" in proposal.text
    assert "kube-system" in proposal.note


def test_the_namespace_of_the_dns_still_answers_everybody() -> None:
    given = opened(world=WORLD + OPENSHIFT)
    after = given.after(denied(given, "openshift-dns"))
    assert {"web", "api", "db"} <= resolves(after)
    assert not after.ports("web", "openshift-dns/dns-default").contains("TCP", 8080)


def test_only_what_is_missing_is_written() -> None:
    given = opened(CLOSED.format(namespace="shop", types="Ingress"))
    proposal = denied(given, "shop")
    assert "policyTypes: [Egress]" in proposal.text


def test_what_is_denied_already_is_said_and_names_are_offered() -> None:
    given = opened(SHOP_CLOSED, world=WORLD + OPENSHIFT)
    names = denied(given, "shop")
    assert "resolve names" in names.title
    after = given.after(names)
    assert {"web", "api"} <= resolves(after)
    with pytest.raises(Declined, match="NetworkPolicy shop/closed"):
        denied(after, "shop")


def test_several_namespaces_at_once_each_in_its_file() -> None:
    given = opened()
    proposal = denied(given, "data", "shop")
    assert len(proposal.edits) == 2
    after = given.after(proposal)
    assert all(workload.isolated_ingress and workload.isolated_egress for workload in after.analysis.workloads)
    partly = opened(CLOSED.format(namespace="shop", types="Ingress, Egress"))
    assert "shop/closed" in denied(partly, "data", "shop").note or "shop" in denied(partly, "data", "shop").title
    with pytest.raises(NotFound):
        denied(given, "shop", "nowhere")
