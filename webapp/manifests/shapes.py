"""What policies see of a pod: its labels, its ports, its network. From live pods and from templates alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.manifests.fields import Reports, all_at, described, labels_of, whole_number
from webapp.manifests.tree import Document, Mapping, Node, Scalar, Sequence
from webapp.model.endpoint import NamedPort
from webapp.model.labels import Labels

PROTOCOLS = ("TCP", "UDP", "SCTP")
LAST_PORT = 65_535
_V4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a pod is to policies. `ports`: in the order in which containers declare them."""

    labels: Labels
    ports: tuple[NamedPort, ...]
    host_network: bool
    node: str = ""
    service_account: str = ""


def shape_of(document: Document, path: tuple[str, ...], reports: Reports) -> Shape:
    """The shape of a pod (`path` is empty) or of the template at a path."""
    dotted = ".".join(path)
    prefix = f"{dotted}." if dotted else ""
    templates = all_at(document.body, *path)
    labels = labels_of([node for each in templates for node in all_at(each, "metadata", "labels")],
                       document, f"{prefix}metadata.labels", reports)  # fmt: skip
    specs = [node for each in templates for node in all_at(each, "spec")]
    for spec in specs:
        if not isinstance(spec, Mapping) and not _is_null(spec):
            reports.wrong_type(document, spec, "a mapping", "Ports and network are not known.", f"{prefix}spec")
    ports = dict.fromkeys(port for spec in specs for port in _ports(spec, document, f"{prefix}spec", reports))
    return Shape(labels, tuple(ports), _host_network(specs, document, f"{prefix}spec", reports),
                 _name(specs, "nodeName"), _name(specs, "serviceAccountName"))  # fmt: skip


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.resolve() is None


def _name(specs: list[Node], key: str) -> str:
    nodes = [node for spec in specs for node in all_at(spec, key)]
    return nodes[0].text if nodes and isinstance(nodes[0], Scalar) and not _is_null(nodes[0]) else ""


def _host_network(specs: list[Node], document: Document, path: str, reports: Reports) -> bool:
    answers = []
    for node in (node for spec in specs for node in all_at(spec, "hostNetwork")):
        value = node.resolve() if isinstance(node, Scalar) else node
        if value is not None and not isinstance(value, bool):
            reports.wrong_type(document, node, "true or false", "It is read as false.", f"{path}.hostNetwork")
        answers.append(value is True)
    return bool(answers) and answers[0]


def _ports(spec: Node, document: Document, path: str, reports: Reports) -> list[NamedPort]:
    """The ports of containers, and of init containers that keep running (restartPolicy: Always)."""
    found: list[NamedPort] = []
    for field in ("containers", "initContainers"):
        for containers in all_at(spec, field):
            if not isinstance(containers, Sequence):
                if not _is_null(containers):
                    reports.wrong_type(document, containers, "a list", "Its ports are not known.", f"{path}.{field}")
                continue
            for index, container in enumerate(containers):
                stays = any(
                    isinstance(each, Scalar) and each.text == "Always" for each in all_at(container, "restartPolicy")
                )
                if field == "containers" or stays:
                    found += _container_ports(container, document, f"{path}.{field}[{index}].ports", reports)
    return found


def _container_ports(container: Node, document: Document, path: str, reports: Reports) -> list[NamedPort]:
    found = []
    for ports in all_at(container, "ports"):
        if not isinstance(ports, Sequence):
            if not _is_null(ports):
                reports.wrong_type(document, ports, "a list", "Its named ports are not known.", path)
            continue
        for index, port in enumerate(ports):
            if isinstance(port, Mapping):
                found += _declared(port, document, f"{path}[{index}]", reports)
            elif not _is_null(port):
                reports.wrong_type(document, port, "a mapping", "Its name is not known.", f"{path}[{index}]")
    return found


def _declared(port: Mapping, document: Document, path: str, reports: Reports) -> list[NamedPort]:
    """Every (name, protocol, number) that one entry declares."""
    numbers = []
    for node in all_at(port, "containerPort"):
        number = whole_number(node)
        if number is None or not 0 < number <= LAST_PORT:
            message = (
                f"this is {described(node)}, where Kubernetes expects a port number (1–{LAST_PORT}). "
                f"The port is not counted: "
                "a rule that names it does not match it. Write the number without quotes."
            )
            reports.add("error", "bad_port", message, document, node, f"{path}.containerPort")
        else:
            numbers.append(number)
    protocols = [node for node in all_at(port, "protocol") if not _is_null(node)]
    for node in protocols:
        if not isinstance(node, Scalar) or node.text not in PROTOCOLS:
            message = (
                f"this is {described(node)}, where Kubernetes expects TCP, UDP or SCTP. The port is not counted. "
                f"Correct it."
            )
            reports.add("error", "bad_protocol", message, document, node, f"{path}.protocol")
    known = [node.text for node in protocols if isinstance(node, Scalar) and node.text in PROTOCOLS]
    names = [node for node in all_at(port, "name") if isinstance(node, Scalar) and not _is_null(node)]
    for node in names:
        if not isinstance(node.resolve(), str):
            reports.wrong_type(document, node, "a text", "Kubernetes refuses the object.", f"{path}.name")
    return [
        NamedPort(name, protocol, number)
        for name in [node.text for node in names if node.text] or [""]
        for protocol in (known if protocols else ["TCP"])
        for number in numbers
    ]


def is_v4(text: str) -> bool:
    """Whether it is an IPv4 address in its usual form. (A cheap answer for most; `False` may still be an address.)"""
    return _V4.match(text) is not None
