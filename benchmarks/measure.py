"""Clocks and scales: CPU time of a call, of a whole process, and the memory of nested values."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


def cpu_seconds(work: Callable[[], Result], repeats: int = 1) -> tuple[float, Result]:
    """The best CPU time of several runs, and the last result. The garbage collector is off, for both sides alike: it
    only adds noise, and most of it to the baseline."""
    best, result = float("inf"), None
    for _ in range(repeats):
        result = None  # the memory of the run before is given back first
        gc.collect()
        gc.disable()
        try:
            begin = time.process_time()
            result = work()
            best = min(best, time.process_time() - begin)
        finally:
            gc.enable()
    return best, result  # type: ignore[return-value]


def each_seconds(work: Callable[[int], object], times: int, repeats: int = 5) -> float:
    """CPU time of one of many short calls; ``work`` is given the number of the call."""

    def loop() -> None:
        for number in range(times):
            work(number)

    return cpu_seconds(loop, repeats)[0] / times


def process_cpu_seconds(command: Sequence[str], repeats: int = 1) -> float:
    """The best CPU time (user and system) of a whole process whose output is thrown away."""
    best = float("inf")
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


def deep_bytes(root: object) -> int:
    """The memory of a value and all that it holds, shared parts counted once."""
    seen: set[int] = set()
    pending = [root]
    total = 0
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        total += sys.getsizeof(value)
        if isinstance(value, dict):
            pending.extend(value.keys())
            pending.extend(value.values())
        elif isinstance(value, (list, tuple, set, frozenset)):
            pending.extend(value)
        elif not isinstance(value, (str, bytes, int, float, type)):
            pending.extend(_attributes(value))
    return total


def _attributes(value: object) -> list[object]:
    names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    slots = [getattr(value, name) for name in names if hasattr(value, name)]
    return slots + list(getattr(value, "__dict__", {}).values())
