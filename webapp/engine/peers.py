"""What a person means by a name: a workload, all its variants, an external part, an address or a CIDR."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.engine.externals import AddressSpace, External
from webapp.engine.workloads import Workload
from webapp.errors import InputError
from webapp.model.addresses import BITS, Network, parse_address, parse_cidr
from webapp.model.ports import LAST_PORT, PROTOCOLS

_MOST_CANDIDATES = 12
_PORT = re.compile(r"(?P<peer>.*):(?P<port>[0-9]{1,5})?(?:/(?P<protocol>[A-Za-z]+))?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: ``ids`` of workloads (several: variants) or of external parts (several: a CIDR that
    policies cut). ``text`` is the name to show; ``family`` (4 or 6) that of an address or a CIDR, ``network`` what it
    stands for."""

    text: str
    ids: tuple[str, ...]
    external: bool
    family: int | None = None
    network: Network | None = None


def resolve(text: str, workloads: Sequence[Workload], externals: Sequence[External], space: AddressSpace) -> Named:
    """The contract's ids and short forms; InputError lists the candidates of a name that is unknown or ambiguous."""
    if any(part.id == text for part in externals):
        return Named(text, (text,), True)
    network = _network(text)
    if network is not None:
        return Named(
            text.strip("[]"),
            tuple(externals[number].id for number in space.parts_within(network)),
            True,
            network.family,
            network,
        )
    if text.startswith("svc/"):
        raise InputError(
            f'"{text}" is a Service, which is no end of a connection. Only DST of `why` may be one; ask about the '
            "workload behind it."
        )
    found = [w for w in workloads if text in (w.id, w.owner_id)]
    if not found:
        bare, _, variant = text.partition("#")
        found = [w for w in workloads if bare in (f"{w.namespace}/{w.name}", w.name)]
        found = [w for w in found if not variant or w.id.endswith(f"#{variant}")]
    owners = sorted({w.owner_id for w in found})
    if len(owners) == 1:
        return Named(found[0].id if len(found) == 1 else owners[0], tuple(sorted(w.id for w in found)), False)
    if owners:
        raise InputError(f'"{text}" is ambiguous. It may mean: {_listed(owners)}. Write NAMESPACE/KIND/NAME.')
    raise InputError(f'"{text}" is not a workload of the input, nor an address. {_hint(text, workloads, externals)}')


def split_port(text: str) -> tuple[str, str | None, int | None]:
    """``DST[:PORT[/PROTO]]`` -> (peer, protocol or None, port or None); ``[IPv6]:port`` for addresses with colons."""
    if _network(text) is not None:
        return text, None, None
    match = _PORT.fullmatch(text)
    if match is None or (match["port"] is None and match["protocol"] is None):
        return text, None, None
    protocol = (match["protocol"] or "TCP").upper()
    if protocol not in PROTOCOLS:
        raise InputError(f'"{match["protocol"]}" is not a protocol. Write TCP, UDP or SCTP: DST:53/UDP.')
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= LAST_PORT:
        raise InputError(f"{port} is not a port: it must be 1-{LAST_PORT}.")
    return match["peer"], protocol, port


def _network(text: str) -> Network | None:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        if "/" in bare:
            return parse_cidr(bare)
        family, value = parse_address(bare)
    except ValueError:
        return None
    assert family in BITS
    return Network(family, value, value)


def _hint(text: str, workloads: Sequence[Workload], externals: Sequence[External]) -> str:
    names: dict[str, str] = {}
    for workload in workloads:
        for form in (workload.name, f"{workload.namespace}/{workload.name}", workload.id):
            names.setdefault(form, workload.id)
    near = get_close_matches(text, names, 5, 0.6)
    if near:
        return f"Did you mean {_listed(sorted({names[form] for form in near}))}?"
    known = [workload.id for workload in workloads] + [part.id for part in externals]
    return f"Known are: {_listed(known)}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_CANDIDATES
    return ", ".join(names[:_MOST_CANDIDATES]) + (f" and {more} more" if more > 0 else "")
