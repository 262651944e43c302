"""Selectors: the fewest labels that select these pods and no others."""

from __future__ import annotations

import pytest

from tests.proposals.world import opened
from webapp.proposals.selecting import Choice
from webapp.proposals.world import World


def chosen(pods: dict[str, str], *names: str) -> Choice:
    """Of pods by name, each with its labels in YAML, the selector of some."""
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
    for name, labels in pods.items():
        text += f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: x, labels: {{{labels}}}}}\n"
        text += "spec: {containers: [{name: c}]}\n"
    given = opened(world=text)
    ids = [f"x/Pod/{name}" for name in names]
    members = [pod for identity in ids for pod in given.analysis.members[identity]]
    return World(given.intake, given.analysis).namesakes.choose(ids, members)


@pytest.mark.parametrize(
    ("pods", "names", "body"),
    [
        ({"a": "app: a", "b": "app: b"}, "a", {"matchLabels": {"app": "a"}}),
        ({"a": "app: a"}, "a", {"matchLabels": {"app": "a"}}),
        ({"a": "zone: z, app: a", "b": "zone: y, app: b"}, "a", {"matchLabels": {"app": "a"}}),
        ({"a": "app: s, role: x", "b": "app: s, role: y", "c": "app: t, role: x"}, "a",
         {"matchLabels": {"app": "s", "role": "x"}}),
        ({"a": "app: a", "b": "app: b", "c": "app: c"}, "ab",
         {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}),
        ({"a": "app: s", "b": "app: s, track: canary"}, "a",
         {"matchLabels": {"app": "s"}, "matchExpressions": [{"key": "track", "operator": "DoesNotExist"}]}),
        ({"a": "", "b": "app: b"}, "a", {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}),
        ({"a": "pod-template-hash: h1, app: a", "b": "pod-template-hash: h2, app: b"}, "a",
         {"matchLabels": {"app": "a"}}),
        ({"a": '"app": "<img>", role: r', "b": "app: b"}, "a", {"matchLabels": {"role": "r"}}),
        ({"a": ""}, "a", {}),
    ],
)  # fmt: skip
def test_the_plainest_selector_is_found(pods: dict[str, str], names: str, body: object) -> None:
    choice = chosen(pods, *names)
    assert choice.body() == body
    assert choice.also == ()


def test_what_labels_cannot_tell_apart_is_said() -> None:
    choice = chosen({"a": "app: s", "b": "app: s", "c": "app: t"}, "a")
    assert choice.body() == {"matchLabels": {"app": "s"}}
    assert choice.also == ("x/Pod/b",)
