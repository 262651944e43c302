"""A small cluster in flow YAML: what tests about ways in, Services and DNS are made of."""

from __future__ import annotations

from webapp.analysis import Analysis, Assumptions, SourceFile, analyze


def analysed(*documents: str, **switches: object) -> Analysis:
    """``switches`` as in `Assumptions`."""
    return analyze([SourceFile("world.yaml", "---\n".join(documents).encode())], Assumptions(**switches))  # type: ignore[arg-type]


def namespace(name: str, labels: str = "") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def pod(where: str, labels: str = "", ports: str = "", *, spec: str = "", status: str = "") -> str:
    """A pod ``namespace/name``; ``ports`` are those of its one container."""
    home, _, name = where.partition("/")
    more = f", {spec}" if spec else ""
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {home}, labels: {{{labels}}}}}\n"
        f"spec: {{containers: [{{name: c, image: i, ports: [{ports}]}}]{more}}}\nstatus: {{{status}}}\n"
    )


def deployment(where: str, labels: str, *, replicas: int = 1, kind: str = "Deployment") -> str:
    home, _, name = where.partition("/")
    template = f"{{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}"
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {home}}}\n"
        f"spec: {{replicas: {replicas}, selector: {{matchLabels: {{{labels}}}}}, template: {template}}}\n"
    )


def service(where: str, ports: str, selector: str = "", more: str = "") -> str:
    """``ports``: the inside of a flow list, ``selector`` that of a flow mapping, ``more`` other fields of spec."""
    home, _, name = where.partition("/")
    chosen = f"selector: {{{selector}}}, " if selector else ""
    more = f", {more}" if more else ""
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {home}}}\n"
        f"spec: {{{chosen}ports: [{ports}]{more}}}\n"
    )


def policy(where: str, spec: str) -> str:
    home, _, name = where.partition("/")
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {home}}}\nspec: {{{spec}}}\n"
    )


def lets_in(where: str, app: str, rules: str) -> str:
    """A policy for the pods of an app, with these rules of ingress (flow YAML, without brackets)."""
    return policy(where, f"podSelector: {{matchLabels: {{app: {app}}}}}, policyTypes: [Ingress], ingress: [{rules}]")


def lets_out(where: str, app: str, rules: str) -> str:
    """A policy for the pods of an app, with these rules of egress."""
    return policy(where, f"podSelector: {{matchLabels: {{app: {app}}}}}, policyTypes: [Egress], egress: [{rules}]")


def spaced(name: str) -> str:
    """A peer: all pods of a namespace."""
    return f"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {name}}}}}}}"


def ingress(where: str, backends: str, more: str = "") -> str:
    """``backends``: ``service:port`` separated by blanks; a port of digits is a number, else a name."""
    home, _, name = where.partition("/")
    paths = []
    for each in backends.split():
        target, _, port = each.partition(":")
        key = "number" if port.isdigit() else "name"
        paths.append(f"{{path: /, backend: {{service: {{name: {target}, port: {{{key}: {port}}}}}}}}}")
    more = f"{more}, " if more else ""
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}, namespace: {home}}}\n"
        f"spec: {{{more}rules: [{{host: shop.example.com, http: {{paths: [{', '.join(paths)}]}}}}]}}\n"
    )


def custom(version: str, kind: str, where: str, spec: str, meta: str = "") -> str:
    """Any other object; ``where`` is ``namespace/name``, or a name alone."""
    home, slash, name = where.rpartition("/")
    place = f", namespace: {home}" if slash else ""
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}{place}{meta}}}\nspec: {{{spec}}}\n"
