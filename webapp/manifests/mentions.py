"""Names of Services in the environment of containers: all that is kept of it.

While documents are read it is not known yet which Services there are, and an environment holds secrets. So of each
value only keyed digests of the host names in it go on, until the reading ends; then those that are no Service of the
input are dropped. The key is made anew for each process and never leaves it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from webapp.manifests.tree import Document, Mapping, Node, Scalar, Sequence
from webapp.model.service import Mention

_KEY = os.urandom(32)
_LONGEST_VALUE = 4_096
_MOST_HOSTS = 16
_HOST = r"(?P<host>[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)\.?(?::(?P<port>[0-9]{1,5}))?"
_PLACE = re.compile(rf"(?:[a-z][a-z0-9+.:-]*://(?:[^/?#@\s]*@)?)?{_HOST}(?:[/?#].*)?", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\s]+")
_WAY = ("spec", "template", "jobTemplate")
_CONTAINERS = ("containers", "initContainers")


def hosts_of(value: str) -> Iterator[str]:
    """Of each host name in a value, alone, with a port or in a URL, a digest and the port."""
    if len(value) > _LONGEST_VALUE:
        return
    for piece in _BETWEEN.split(value, _MOST_HOSTS)[:_MOST_HOSTS]:
        found = _PLACE.fullmatch(piece)
        name = _name(found["host"].lower()) if found else ""
        if found and name:
            yield f"{_digest(name)}:{found['port'] or ''}"


def environment_of(node: Node) -> Sequence:
    """The same of a whole `env`."""
    found = Sequence(node.line, node.column)
    for each in node if isinstance(node, Sequence) else ():
        value = each.get("value") if isinstance(each, Mapping) else None
        if isinstance(value, Scalar):
            found += [Scalar(host, False, node.line, node.column) for host in hosts_of(value.text)]
    return found


def take(body: Mapping) -> tuple[str, ...]:
    """Take the digests out of an object."""
    found: dict[str, None] = {}
    pending: list[Node] = [body]
    while pending:
        node = pending.pop()
        if not isinstance(node, Mapping):
            continue
        pending += [node[key] for key in _WAY if key in node]
        for key in _CONTAINERS:
            containers = node.get(key)
            for container in containers if isinstance(containers, Sequence) else ():
                hosts = container.pop("env", None) if isinstance(container, Mapping) else None
                if isinstance(hosts, Sequence):
                    found |= {host.text: None for host in hosts if isinstance(host, Scalar)}
    return tuple(found)


class Directory:
    """The Services of an input, by the digests of the names under which pods find them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._full: dict[str, tuple[str, str]] = {}
        self._short: dict[tuple[str, str], tuple[str, str]] = {}
        for document in documents:
            if document.kind == "Service" and not document.group:
                namespace = document.namespace or "default"
                service = namespace, document.name
                self._full[_digest(f"{document.name}.{namespace}")] = service
                self._short[namespace, _digest(document.name)] = service

    def mentions(self, namespace: str, hosts: Iterable[str]) -> tuple[Mention, ...]:
        """Those that a pod of this namespace would find."""
        found = set()
        for host in hosts:
            digest, _, port = host.partition(":")
            service = self._full.get(digest) or self._short.get((namespace or "default", digest))
            if service is not None:
                number = int(port) if port and 0 < int(port) < 65_536 else None
                found.add(Mention(*service, number))
        return tuple(sorted(found, key=lambda each: (each.namespace, each.service, each.port or 0)))


def _name(host: str) -> str:
    """`orders`, `orders.shop`; of a pod behind a headless Service the name of that. "" for any other host."""
    parts = host.split(".")
    if len(parts) > 3 and parts[3] == "svc":
        parts = parts[1:]
    if len(parts) > 2 and parts[2] != "svc":
        return ""
    return ".".join(parts[:2])


def _digest(name: str) -> str:
    return blake2b(name.encode(), key=_KEY, digest_size=16).hexdigest()
