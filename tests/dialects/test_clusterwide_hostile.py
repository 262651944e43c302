"""Every value of a sound cluster-wide policy replaced by values that are none: nothing raises, and nothing widens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.dialects.clusterwide import compiled
from tests.dialects.test_adminnetworkpolicy import ADMIN, BASELINE
from tests.dialects.test_clusternetworkpolicy import SOUND
from webapp.model.policy import Direction, Peer, Policy
from webapp.model.ports import ALL

Json = Any
Path = tuple[str | int, ...]

HOSTILE: tuple[Json, ...] = (
    None, True, 0, -1, 1.5, 10**40, "", " ", "x" * 5_000, "*", "‮", "٣", "10.0.0.0/8", "Deny",
    [], [None], [[]], [{}], {}, {"": None}, {"namespaces": {}}, {"matchLabels": {"a": None}}, {"a" * 900: 1},
    [{"namespaces": {}}], [{"tcp": {}}],
)  # fmt: skip


def paths(node: Json, path: Path = ()) -> Iterator[Path]:
    """To every value inside, containers too."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def replaced(node: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    copy: Json = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


def items(node: Json) -> list[Json]:
    return node if isinstance(node, list) else []


def check_not_wider(policy: Policy, spec: Json) -> None:
    """An accepted policy speaks of no more than what is written."""
    assert policy.subject.namespaces is not None
    assert bool(spec.get("ingress")) == (Direction.INGRESS in policy.rules)
    assert bool(spec.get("egress")) == (Direction.EGRESS in policy.rules)
    for direction, rules in policy.rules.items():
        written = items(spec[direction])
        assert len(rules) == len(written)
        for rule, given in zip(rules, written, strict=True):
            ports = given.get("protocols", given.get("ports"))
            if rule.peers is None:
                assert any("" in item.values() for item in ports)  # an empty named port: fails closed
                continue
            assert rule.peers
            assert Peer(None, None) not in rule.peers
            assert str(rule.action) == {"Accept": "Allow"}.get(given["action"], given["action"])
            assert (rule.ports is ALL) == (ports is None)


@pytest.mark.parametrize("document", [SOUND, ADMIN, BASELINE], ids=["cnp", "anp", "banp"])
def test_a_value_that_is_none_of_its_field_is_a_fault_or_changes_nothing_else(document: str) -> None:
    sound = yaml.safe_load(document)
    accepted = 0
    for path in paths(sound["spec"], ("spec",)):
        for value in HOSTILE:
            given = replaced(sound, path, value)
            policy, problems = compiled(json.dumps(given))
            codes = {problem.code for problem in problems}
            assert "internal" not in codes, (path, value, problems)
            if policy.set_aside:
                assert any(problem.severity == "error" for problem in problems), (path, value)
                assert not any(policy.rules.values())
            else:
                accepted += 1
                check_not_wider(policy, given["spec"])
    assert accepted > 30
    assert not compiled(json.dumps(sound))[0].set_aside
