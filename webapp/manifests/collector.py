"""Loading makes many objects and no garbage, so the garbage collector only costs: four to six times as much."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """No collection inside; afterwards as it was."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_ALLOCATIONS, _YOUNG, _MIDDLE = 10_000, 10, 5
"""Half a million objects more between two full collections: some edits of a cluster of 500 workloads."""


def settle() -> None:
    """No later collection walks over what is there by now, nor gives any of it back: for a process that ends with its
    answer."""
    gc.freeze()


def relax_collector() -> None:
    """For a process that keeps much for long: look for garbage seldom. To be called before anything is loaded, for
    what is there by now stays."""
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, _YOUNG, _MIDDLE)
