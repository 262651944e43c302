"""Services, EndpointSlices and Endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.manifests.fields import Reports, all_at, described, items_at, shown, text_at, value_at, whole_number
from webapp.manifests.shapes import LAST_PORT, PROTOCOLS
from webapp.manifests.tree import Document, Mapping, Node, Scalar
from webapp.model.addresses import parse_address, parse_cidr
from webapp.model.service import Service, ServiceAddresses, ServicePort

SERVICE_OF_SLICE = "kubernetes.io/service-name"
_LEFT_OUT = "The port is left out. Kubernetes would refuse the Service. Correct it."


def service_of(documents: list[Document], reports: Reports) -> Service:
    """A Service, as far as it can be read; of several that differ the first, marked."""
    document = documents[0]
    spec = next(iter(all_at(document.body, "spec")), None)
    if spec is not None and not isinstance(spec, Mapping) and not _is_null(spec):
        reports.wrong_type(document, spec, "a mapping", "The Service leads nowhere.", "spec")
    cluster_ips = [value_at(spec, "clusterIP"), *(each.resolve() for each in items_at(spec, "clusterIPs")
                                                  if isinstance(each, Scalar))]  # fmt: skip
    ports = [port for index, each in enumerate(items_at(spec, "ports"))
             if (port := _port(each, document, f"spec.ports[{index}]", reports)) is not None]  # fmt: skip
    return Service(
        document.namespace or "default", document.name, _selector(spec, document, reports), tuple(ports),
        text_at(spec, "type") or "ClusterIP", "None" in cluster_ips, document.source,
        text_at(spec, "externalName").rstrip(".").lower(),
        tuple(_valid(items_at(spec, "externalIPs"), document, "spec.externalIPs", reports, cidr=False)),
        tuple(_valid(items_at(spec, "loadBalancerSourceRanges"), document, "spec.loadBalancerSourceRanges", reports,
                     cidr=True)),
        text_at(spec, "externalTrafficPolicy") == "Local", len(documents) > 1, _only_family(spec),
    )  # fmt: skip


def _only_family(spec: Node | None) -> int | None:
    """The family of the addresses of a Service that has one only, as the API server has filled it in."""
    listed = {each.text for each in items_at(spec, "ipFamilies") if isinstance(each, Scalar)}
    return 4 if listed == {"IPv4"} else 6 if listed == {"IPv6"} else None


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.resolve() is None


def _selector(spec: Node | None, document: Document, reports: Reports) -> dict[str, str] | None:
    found = next(iter(all_at(spec, "selector")), None)
    if found is None or _is_null(found) or (isinstance(found, Mapping) and not found):
        return None
    if not isinstance(found, Mapping):
        reports.wrong_type(document, found, "a mapping of texts", "It is read as none.", "spec.selector")
        return None
    for key, node in found.items():
        if not isinstance(node, Scalar) or not isinstance(node.resolve(), str | None):
            effect = "Kubernetes would refuse the Service; it is read as a text."
            reports.wrong_type(document, node, "a text", effect, f"spec.selector.{shown(key)}")
    return {key: "" if _is_null(node) else node.text for key, node in found.items() if isinstance(node, Scalar)}


def _port(node: Node, document: Document, path: str, reports: Reports) -> ServicePort | None:
    """One port; None, with a problem, where it cannot be what Kubernetes takes."""

    def wrong(at: Node, code: str, wanted: str, field: str) -> None:
        message = f"this is {described(at)}, where Kubernetes expects {wanted}. {_LEFT_OUT}"
        reports.add("error", code, message, document, at, f"{path}.{field}" if field else path)

    given = next(iter(all_at(node, "port")), node)
    number = whole_number(given)
    if number is None or not 0 < number <= LAST_PORT:
        wrong(given, "bad_port", f"a port number (1–{LAST_PORT})", "port" if given is not node else "")
        return None
    protocol = next(iter(all_at(node, "protocol")), None)
    if protocol is not None and not _is_null(protocol) and text_at(node, "protocol") not in PROTOCOLS:
        wrong(protocol, "bad_protocol", "TCP, UDP or SCTP", "protocol")
        return None
    target = next(iter(all_at(node, "targetPort")), None)
    meant = _target(target)
    if meant is False:
        assert target is not None
        wrong(target, "bad_port", f"a port number (1–{LAST_PORT}) or a port name (needs a letter)", "targetPort")
        return None
    node_port = value_at(node, "nodePort")
    return ServicePort(
        text_at(node, "name"), text_at(node, "protocol") or "TCP", number, meant or None,
        node_port if isinstance(node_port, int) and node_port > 0 else None,
    )  # fmt: skip


def _target(node: Node | None) -> int | str | bool | None:
    """What a targetPort means; None for "the same number" (absent, 0 or ""), False for what is not one."""
    if node is None or _is_null(node):
        return None
    if not isinstance(node, Scalar):
        return False
    number = whole_number(node)
    if number is not None:
        return (number or None) if 0 <= number <= LAST_PORT else False
    value = node.resolve()
    if not isinstance(value, str):
        return False
    return value if not value or any(each.isalpha() for each in value) else False


def _valid(nodes: list[Node], document: Document, path: str, reports: Reports, *, cidr: bool) -> Iterator[str]:
    """The addresses (or CIDRs) of a list; those that are none are left out with a problem."""
    for node in nodes:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        try:
            parse_cidr(text) if cidr else parse_address(text)
            yield text
        except ValueError:
            wanted = "a CIDR" if cidr else "an IP address"
            message = f'"{shown(text)}" is not {wanted}. It is left out. Correct it.'
            reports.add("error", "bad_cidr" if cidr else "bad_address", message, document, node, path)


def slice_of(document: Document) -> ServiceAddresses | None:
    """What an EndpointSlice says, or an Endpoints object; None if it names no Service."""
    namespace = document.namespace or "default"
    if document.kind == "Endpoints":
        subsets = items_at(document.body, "subsets")
        addresses = [each for subset in subsets for each in items_at(subset, "addresses")]
        found = [(text_at(each, "ip"), _pod(each)) for each in addresses]
        ports = [port for subset in subsets for port in items_at(subset, "ports")]
        return ServiceAddresses(namespace, document.name, _known(found), _slice_ports(ports))
    name = text_at(document.body, "metadata", "labels", SERVICE_OF_SLICE)
    if not name:
        return None
    found = [
        (address.text, _pod(each))
        for each in items_at(document.body, "endpoints")
        if value_at(each, "conditions", "ready") is not False
        for address in items_at(each, "addresses")
        if isinstance(address, Scalar)
    ]
    return ServiceAddresses(namespace, name, _known(found), _slice_ports(items_at(document.body, "ports")))


def _pod(node: Node) -> str:
    return text_at(node, "targetRef", "name") if value_at(node, "targetRef", "kind") == "Pod" else ""


def _known(found: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those that are addresses."""
    known = []
    for address, pod in found:
        try:
            parse_address(address)
        except ValueError:
            continue
        known.append((address, pod))
    return tuple(sorted(known))


def _slice_ports(nodes: list[Node]) -> tuple[tuple[str, str, int], ...]:
    found = []
    for node in nodes:
        number, protocol = value_at(node, "port"), text_at(node, "protocol") or "TCP"
        right = isinstance(number, int) and not isinstance(number, bool) and 0 < number <= LAST_PORT
        if right and isinstance(number, int) and protocol in PROTOCOLS:
            found.append((text_at(node, "name"), protocol, number))
    return tuple(found)
