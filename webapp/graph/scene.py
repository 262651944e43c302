"""An analysis -> what is drawn of it, grouped when it grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from webapp.errors import InputError
from webapp.graph.elements import Scene
from webapp.graph.facts import Pair, read_facts
from webapp.graph.namespace_level import namespace_scene
from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.scope import Scope
from webapp.graph.wording import plural
from webapp.graph.workload_level import workload_scene

if TYPE_CHECKING:
    from webapp.analysis import Analysis

FOLD_ABOVE = 150
"""Above so many workloads each namespace is one node until it is expanded."""
BLOCKED_MODES = ("auto", "none", "selection", "all")


def build_scene(
    analysis: Analysis,
    *,
    blocked: str = "auto",
    selected: str | None = None,
    expand: Iterable[str] = (),
    keep: Keep | None = None,
    told: Iterable[Pair] = (),
    scope: Scope | None = None,
) -> Scene:
    """What is drawn of an analysis.

    ``blocked``: which blocked paths are drawn. ``auto``: in a scene of up to 15 workloads those that a reader would ask
    about (`webapp.graph.questions`), in larger ones those of the selected node; ``none``; ``selection``: those of the
    selected node; ``all``: up to 200, a note tells of the rest. None of them moves a node.
    ``selected``: the id of a node. ``expand``: the namespaces (``*``: all) whose workloads are drawn although the
    scene is folded; in those of many workloads the ones that are alike are one node, but for the groups that are named
    here too.
    ``keep``: only pairs that it takes, and the workloads that have such a pair. ``scope``: only what it shows; where
    its filter asks for blocked paths, ``auto`` draws them like ``all``.
    ``told``: pairs that are drawn where they are blocked, in a scene of workloads, unless ``blocked`` is ``none``.
    Above `FOLD_ABOVE` shown workloads the level is ``namespaces``. At most 400 nodes and 1,500 lines are drawn; what is
    left out is counted in the scene's notes.
    """
    if blocked not in BLOCKED_MODES:
        raise InputError(f"blocked must be one of {', '.join(BLOCKED_MODES)}, not {blocked!r}.")
    view = scope or Narrowed(analysis, keep)
    if scope is not None and blocked == "auto" and scope.asked.paths.asks_for_blocked:
        blocked = "all"
    if len(view.workloads) > FOLD_ABOVE:
        scene = namespace_scene(view, blocked=blocked, selected=selected, expand=frozenset(expand))
    else:
        scene = workload_scene(read_facts(view), blocked=blocked, selected=selected, told=frozenset(told))
    return replace(scene, notes=(*_unread(analysis.unread), *scene.notes))


def _unread(count: int) -> tuple[str, ...]:
    """What cannot be in the picture, and may be a policy."""
    if not count:
        return ()
    return (f"{plural(count, 'document')} could not be understood. If a policy is among them, the picture may differ.",)
