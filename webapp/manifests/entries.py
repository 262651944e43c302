"""Ways in from outside: Ingress, the Gateway API, OpenShift's Route. What cannot be read becomes a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from webapp.manifests.fields import Reports, all_at, items_at, text_at, value_at
from webapp.manifests.tree import Document, Mapping, Node, Scalar
from webapp.model.entry import BackendRef, ControllerClass, Entry, Gateway, WaysIn
from webapp.model.source import SourceRef

INGRESS_CLASS: Final = "kubernetes.io/ingress.class"
DEFAULT_CLASS: Final = "ingressclass.kubernetes.io/is-default-class"
_CORE_GROUPS: Final = ("", "core")
GATEWAY_ROUTES: Final = {
    "HTTPRoute": "TCP",
    "GRPCRoute": "TCP",
    "TCPRoute": "TCP",
    "TLSRoute": "TCP",
    "UDPRoute": "UDP",
}
"""The routes of the Gateway API, and the protocol that each carries."""
ENTRY_KINDS: Final = ("Ingress", "Route", *GATEWAY_ROUTES)
CLASS_KINDS: Final = ("IngressClass", "GatewayClass")


def ways_in(objects: Iterable[list[Document]], reports: Reports) -> WaysIn:
    """All of them, sorted. Each object as a list: more than one document where its versions differ."""
    entries, classes, gateways = [], [], []
    for documents in objects:
        document = documents[0]
        if document.kind in ENTRY_KINDS:
            entries.append(_entry(documents, reports))
        elif document.kind in CLASS_KINDS:
            classes.append(_class(document))
        else:
            name = text_at(document.body, "spec", "gatewayClassName")
            gateways.append(Gateway(document.namespace or "default", document.name, name))
    return WaysIn(tuple(entries), tuple(classes), tuple(gateways))


def _entry(documents: list[Document], reports: Reports) -> Entry:
    document = documents[0]
    spec = next(iter(all_at(document.body, "spec")), None)
    if not isinstance(spec, Mapping):
        message = "spec is missing or is no mapping, so it publishes nothing. Write it."
        reports.add("error", "bad_entry", message, document, spec, "spec")
    read = _READERS.get(document.kind, _route_backends)
    hosts = [each.text for each in items_at(spec, "hostnames") if isinstance(each, Scalar)]
    hosts += [text_at(rule, "host") for rule in items_at(spec, "rules")] + [text_at(spec, "host")]
    gateways = tuple(_gateways(document, spec)) if document.kind in GATEWAY_ROUTES else ()
    backends: dict[tuple[str, str, object], BackendRef] = {}
    for backend in read(document, spec, reports):
        backends.setdefault((backend.namespace, backend.service, backend.port), backend)
    return Entry(
        document.kind, document.namespace or "default", document.name, tuple(backends.values()),
        text_at(spec, "ingressClassName") or text_at(document.body, "metadata", "annotations", INGRESS_CLASS),
        gateways, tuple(dict.fromkeys(filter(None, hosts))), GATEWAY_ROUTES.get(document.kind, "TCP"),
        len(documents) > 1, document.source,
    )  # fmt: skip


def _class(document: Document) -> ControllerClass:
    field = "controller" if document.kind == "IngressClass" else "controllerName"
    default = text_at(document.body, "metadata", "annotations", DEFAULT_CLASS) == "true"
    return ControllerClass(document.kind, document.name, text_at(document.body, "spec", field), default)


# ---- what each kind leads to --------------------------------------------------------------------------------


def _ingress_backends(document: Document, spec: Node | None, reports: Reports) -> Iterator[BackendRef]:
    for field in ("defaultBackend", "backend"):  # v1, and the betas
        for node in all_at(spec, field)[:1]:
            yield from _ingress_backend(document, node, f"spec.{field}", reports)
    for number, rule in enumerate(items_at(spec, "rules")):
        for place, path in enumerate(items_at(rule, "http", "paths")):
            where = f"spec.rules[{number}].http.paths[{place}].backend"
            nodes = all_at(path, "backend")
            if not nodes:
                _no_service(document, path, where, reports)
            for node in nodes[:1]:
                yield from _ingress_backend(document, node, where, reports)


def _ingress_backend(document: Document, node: Node, where: str, reports: Reports) -> Iterator[BackendRef]:
    if all_at(node, "resource"):
        return  # an object of the controller's own, no Service
    name = text_at(node, "service", "name") or text_at(node, "serviceName")
    if not name:
        _no_service(document, node, where, reports)
        return
    number = _port(value_at(node, "service", "port", "number"))
    if number is None:
        number = _port(value_at(node, "service", "port", "name"))
    if number is None:
        number = _port(value_at(node, "servicePort"))
    if number is None:
        message = f'the backend names the Service "{name}" but none of its ports, so it leads nowhere. Add the port.'
        reports.add("error", "bad_entry", message, document, node, where)
        return
    yield BackendRef(document.namespace or "default", name, number, False, _place(document, node))


def _gateway_backends(document: Document, spec: Node | None, reports: Reports) -> Iterator[BackendRef]:
    for number, rule in enumerate(items_at(spec, "rules")):
        for place, node in enumerate(items_at(rule, "backendRefs")):
            if value_at(node, "weight") == 0 or not _is_service(node, "group"):
                continue
            where = f"spec.rules[{number}].backendRefs[{place}]"
            name = text_at(node, "name")
            port = _port(value_at(node, "port"))
            if not name:
                _no_service(document, node, where, reports)
            elif not isinstance(port, int):
                message = f'the backend names the Service "{name}" but not the number of its port. Add the port.'
                reports.add("error", "bad_entry", message, document, node, where)
            else:
                home = text_at(node, "namespace") or document.namespace or "default"
                yield BackendRef(home, name, port, False, _place(document, node))


def _route_backends(document: Document, spec: Node | None, reports: Reports) -> Iterator[BackendRef]:
    port = _port(value_at(spec, "port", "targetPort"))
    for where, node in [("spec.to", each) for each in all_at(spec, "to")[:1]] + [
        (f"spec.alternateBackends[{place}]", each) for place, each in enumerate(items_at(spec, "alternateBackends"))
    ]:
        if value_at(node, "weight") == 0 or not _is_service(node, ""):
            continue
        name = text_at(node, "name")
        if name:
            yield BackendRef(document.namespace or "default", name, port, isinstance(port, int), _place(document, node))
        else:
            _no_service(document, node, where, reports)


_READERS: Final[dict[str, Callable[[Document, Node | None, Reports], Iterator[BackendRef]]]] = {
    "Ingress": _ingress_backends, "Route": _route_backends, **dict.fromkeys(GATEWAY_ROUTES, _gateway_backends),
}  # fmt: skip


def _gateways(document: Document, spec: Node | None) -> Iterator[tuple[str, str]]:
    """The Gateways to which a route is attached; a Service as a parent is a mesh, no way in."""
    for parent in items_at(spec, "parentRefs"):
        if (text_at(parent, "kind") or "Gateway") == "Gateway" and text_at(parent, "name"):
            yield text_at(parent, "namespace") or document.namespace or "default", text_at(parent, "name")


def _is_service(node: Node, group_field: str) -> bool:
    group = text_at(node, group_field) if group_field else ""
    return (text_at(node, "kind") or "Service") == "Service" and group in _CORE_GROUPS


def _port(value: object) -> int | str | None:
    """The number or the name of a port; None for what is neither."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not value:
        return None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else value
    return value


def _no_service(document: Document, node: Node, where: str, reports: Reports) -> None:
    message = "the backend names no Service, so it leads nowhere. Name the Service and its port."
    reports.add("error", "bad_entry", message, document, node, where)


def _place(document: Document, node: Node) -> SourceRef:
    source = document.source
    return SourceRef(source.file, source.document, node.line, node.column) if node.line > 0 else source
