"""The contract's switches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switches:
    """Under the names of `webapp.analysis.Assumptions`."""

    host_network: str = "node"
    ipblock_pods: str = "address"
    pod_cidrs: tuple[str, ...] = ()
    undeclared_namespaces: str = "unknown"
    ignore_dialects: tuple[str, ...] = ()


DEFAULTS = Switches()
