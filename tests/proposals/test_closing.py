"""Open pairs, and what closes them: exactly them, or with what it costs."""

from __future__ import annotations

import pytest

from tests.proposals.test_opening import anp, cnp, np
from tests.proposals.world import opened
from webapp.analysis import Assumptions
from webapp.model.ports import NONE

IN = "{{podSelector: {{}}, policyTypes: [Ingress], ingress: [{}]}}"
EVERYONE_IN_SHOP = "{namespaceSelector: {matchLabels: {team: web}}}"
TABLE = {
    "a rule of its own": (np("in", "data", IN.format(f"{{from: [{EVERYONE_IN_SHOP}]}}")), 1),
    "one peer among several": (
        np("in", "data", IN.format(
            "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}, "
            "{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}"
        )), 1,
    ),
    "two rules": (
        np("in", "data", IN.format(f"{{from: [{EVERYONE_IN_SHOP}]}}, {{from: [{{namespaceSelector: {{}}}}]}}")), 1,
    ),
    "one port among several": (
        np("in", "data", IN.format(f"{{from: [{EVERYONE_IN_SHOP}], ports: [{{port: 80}}, {{port: 5432}}]}}")), 1,
    ),
    "a range of ports": (
        np("in", "data", IN.format(f"{{from: [{EVERYONE_IN_SHOP}], ports: [{{port: 5000, endPort: 6000}}]}}")), 1,
    ),
    "a rule for everyone": (np("in", "data", IN.format("{}")), 3),
    "no policy at all": ("", 3),
    "an AdminNetworkPolicy that allows": (
        anp("AdminNetworkPolicy", 5, "subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]"),
        0,
    ),
    "a ClusterNetworkPolicy that accepts": (
        cnp("Admin", 5, "subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]"), 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_is_open_is_closed_and_nothing_is_opened(name: str) -> None:
    policy, most = TABLE[name]
    given = opened(*filter(None, [policy]))
    found = given.fixes("web", "db:5432")
    assert found.want == "close"
    assert found.proposals, found.why_none
    assert found.proposals[0].cut <= most, [row.id for row in found.proposals[0].rows]
    for proposal in found.proposals:
        assert proposal.opened == 0
        assert not given.after(proposal).ports("web", "db").contains("TCP", 5432)


def test_a_block_gets_an_exception() -> None:
    given = opened(
        np("out", "shop", "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}")
    )
    found = given.fixes("web", "10.1.0.0/16")
    first = found.proposals[0]
    assert "Except 10.1.0.0/16" in first.title
    assert "except: [10.1.0.0/16]" in first.text
    after = given.after(first)
    assert after.ports("web", "10.1.0.0/16") is NONE
    assert after.ports("web", "10.2.0.0/16") is not NONE


def test_an_open_end_is_isolated_and_keeps_the_rest() -> None:
    given = opened(assumptions=Assumptions(pod_cidrs=("10.244.0.0/16", "fd00::/64")))
    found = given.fixes("web", "db:5432")
    first = found.proposals[0]
    assert first.note == ""
    assert first.opened == 0
    after = given.after(first)
    assert after.ports("api", "db") is not NONE
    assert after.ports("internet", "db") is not NONE
    told = opened().fixes("web", "db:5432").proposals[0]
    assert "cut off" in told.note


def test_a_wide_peer_is_narrowed_by_a_label() -> None:
    given = opened(
        np("in", "data", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: web}}}]}]}")
    )
    narrowed = [p for p in given.fixes("web", "db:5432").proposals if p.title.startswith("Except")]
    assert narrowed
    assert "NotIn" in narrowed[0].text
    assert given.after(narrowed[0]).ports("api", "db") is not NONE


def test_the_last_rule_leaves_an_empty_list_that_still_isolates() -> None:
    given = opened(
        np("in", "data", IN.format("{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}"))
    )
    deleted = [p for p in given.fixes("web", "db:5432").proposals if p.title.startswith("Delete")]
    assert deleted
    assert "ingress: []" in deleted[0].text
