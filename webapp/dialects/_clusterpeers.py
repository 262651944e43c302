"""Whom a cluster-wide policy selects and whom its rules speak of (spec §§5, 6.1): pods by selectors, and for egress
addresses, nodes and domain names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from webapp.dialects._crdfields import fields_of, items_of, only_field, required, text_of
from webapp.dialects._crdselectors import NOTHING, decode_selector
from webapp.dialects._decoding import Decoding
from webapp.manifests.tree import Mapping, Node
from webapp.model.addresses import Block, has_odd_spelling, parse_address, parse_cidr
from webapp.model.labels import EVERYTHING, Selector
from webapp.model.policy import Action, Peer, Subject

T = TypeVar("T")
SOURCES = frozenset({"namespaces", "pods"})
_PODS = frozenset({"namespaceSelector", "podSelector"})
_OLD_NAMESPACES = frozenset({"namespaceSelector", "sameLabels", "notSameLabels"})
_LISTED = 25
"""How many networks, or domain names, one peer takes (A4)."""
_LONGEST_CIDR = 43
_LABEL = "[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+{_LABEL}\.?", re.ASCII)
_NOT_HERE = {
    "podSelector": "Write pods: {namespaceSelector: {}, podSelector: {…}}.",
    "namespaceSelector": "Write namespaces: {matchLabels: {…}}, or pods: {namespaceSelector: …, podSelector: …}.",
    "ipBlock": "Write networks: [10.0.0.0/8] in a rule of egress; it has no except.",
    "domainNames": "A BaselineAdminNetworkPolicy takes none: write networks, or an AdminNetworkPolicy.",
}
_NO_SOURCE = dict.fromkeys(("networks", "nodes", "domainNames"), "Sources are pods only: write namespaces or pods.")


def decode_subject(decoding: Decoding, node: Node, *, both_selectors: bool) -> Subject:
    """Whom the policy selects, as wide as it may be meant where that cannot be read.

    ``both_selectors``: `pods` must have a namespaceSelector too; else its absence means all namespaces.
    """
    only = only_field(decoding, node, "spec.subject", SOURCES)
    if only is None:
        return Subject(None, None)
    key, value = only
    if key == "namespaces":
        return Subject(None, None, decode_selector(decoding, value, "spec.subject.namespaces"))
    namespaces, pods = _pods(decoding, value, "spec.subject.pods", both_selectors)
    return Subject(None, pods, namespaces)


def widened(subject: Subject) -> Subject:
    """The subject of a policy that is set aside: a selector that matches nothing by mistake may be meant otherwise."""
    pods = None if subject.pods is NOTHING else subject.pods
    return Subject(None, pods, None if subject.namespaces is NOTHING else subject.namespaces)


def decode_peers(
    decoding: Decoding, node: Node, path: str, known: frozenset[str], action: Action | None, *, both_selectors: bool
) -> Iterator[Peer]:
    """What one item of `from` or `to` stands for: a peer, or one for each of its networks or domain names."""
    if _has_old_shape(decoding, node, path):
        return
    only = only_field(decoding, node, path, known, {**_NOT_HERE, **_NO_SOURCE} if known is SOURCES else _NOT_HERE)
    if only is None:
        return
    key, value = only
    path = f"{path}.{key}"
    if key == "pods":
        yield Peer(*_pods(decoding, value, path, both_selectors))
    elif key == "namespaces":
        yield Peer(decode_selector(decoding, value, path), None)
    elif key == "nodes":
        yield Peer(None, None, nodes=decode_selector(decoding, value, path))
    elif key == "networks":
        yield from (Peer(None, None, block) for block in _set_of(decoding, value, path, _network))
    else:
        yield from (Peer(None, None, domain=name) for name in _set_of(decoding, value, path, _domain_name))
        if action in (Action.DENY, Action.PASS):
            message = (
                "domainNames is meant for rules that allow. The API server takes it in others, but what it matches "
                "there is not known. Use networks to deny addresses."
            )
            decoding.report("error", "domain_name_not_allowed", message, value, path)


def _pods(
    decoding: Decoding, node: Node, path: str, both_selectors: bool
) -> tuple[Selector | None, Selector | None]:  # fmt: skip
    """The namespace selector and the pod selector. None for either one that cannot be read, after a fault."""
    before = decoding.faults
    fields = fields_of(decoding, node, path, _PODS)
    if fields is None or decoding.faults > before:
        return None, None
    halves = []
    for key in ("namespaceSelector", "podSelector"):
        if key in fields:
            halves.append(decode_selector(decoding, fields[key], f"{path}.{key}"))
        elif key == "namespaceSelector" and not both_selectors:
            halves.append(EVERYTHING)
        else:
            required(decoding, fields, key, node, path)
            halves.append(None)
    return halves[0], halves[1]


def _has_old_shape(decoding: Decoding, node: Node, path: str) -> bool:
    """Whether it is a peer as v0.1.1 had it; that is a fault. Without the check such a peer would lose its unknown
    fields and select every namespace (row 107)."""
    if not isinstance(node, Mapping):
        return False
    old = []
    namespaces, pods = node.get("namespaces"), node.get("pods")
    if isinstance(namespaces, Mapping):
        old += [(namespaces, key, f"{path}.namespaces.{key}") for key in namespaces if key in _OLD_NAMESPACES]
    if isinstance(pods, Mapping) and "namespaces" in pods:
        old.append((pods, "namespaces", f"{path}.pods.namespaces"))
    for owner, key, where in old:
        message = (
            f'The field "{key}" here is of the old shape of a peer (v0.1.1 of the API), which is removed: an API '
            f"server would drop it, and the peer would be every namespace. {_NEW_SHAPE[key]}"
        )
        decoding.fault("old_shape", message, owner.place_of(key), where)
    return bool(old)


_NEW_SHAPE = {
    "namespaceSelector": "Write the selector directly: namespaces: {matchLabels: {…}}.",
    "sameLabels": "There is no such peer any more: write one policy for each group of namespaces.",
    "notSameLabels": "There is no such peer any more: write one policy for each group of namespaces.",
    "namespaces": "Write pods: {namespaceSelector: {…}, podSelector: {…}}.",
}


def _set_of(
    decoding: Decoding, node: Node, path: str, decode: Callable[[Decoding, str, Node, str], T | None]
) -> Iterator[T]:
    """The items of a list of strings in which none may stand twice (A5)."""
    seen: set[str] = set()
    for index, item in enumerate(items_of(decoding, node, path, _LISTED)):
        where = f"{path}[{index}]"
        text = text_of(decoding, item, where)
        if text is None:
            continue
        if text in seen:
            decoding.fault("duplicate_item", f'"{text[:60]}" stands here twice. Remove one.', item, where)
        seen.add(text)
        value = decode(decoding, text, item, where)
        if value is not None:
            yield value


def _network(decoding: Decoding, text: str, node: Node, path: str) -> Block | None:
    """A CIDR as the CEL function `isCIDR` takes it: host bits are accepted, leading zeros and IPv4 in IPv6 are not."""
    try:
        network = parse_cidr(text)
    except ValueError as fault:
        why = str(fault)
    else:
        address = text.partition("/")[0]
        if len(text) > _LONGEST_CIDR:
            why = f"it is longer than {_LONGEST_CIDR} characters"
        elif network.family == 6 and _is_mapped(address):
            why = "an IPv4 address within IPv6 is not taken"
        elif network.family == 4 and any(len(part) > 1 and part[0] == "0" for part in address.split(".")):
            why = "leading zeros are not taken"
        else:
            if has_odd_spelling(text):
                message = f'"{text}" has bits beyond its prefix; it is read as {network.text()}. Write that.'
                decoding.report("warning", "cidr_odd_spelling", message, node, path)
            return Block(network)
    message = f'"{text[:60]}" is not a CIDR: {why}. Write address/prefix, such as 10.0.0.0/8 or 2001:db8::/32.'
    decoding.fault("cidr_invalid", message, node, path)
    return None


def _is_mapped(address: str) -> bool:
    return parse_address(address)[1] >> 32 == 0xFFFF


def _domain_name(decoding: Decoding, text: str, node: Node, path: str) -> str | None:
    """The name in lower case, without a dot at its end (A9)."""
    if _DOMAIN.fullmatch(text):
        return text.lower().removesuffix(".")
    message = (
        f'"{text[:60]}" is not a domain name of a policy: at least two labels of letters, digits, - and _, and before '
        "them at most one *. for all names below, such as example.org or *.example.org."
    )
    decoding.fault("domain_name_invalid", message, node, path)
    return None
