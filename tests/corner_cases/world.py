"""The world of spec §11: namespaces x, y, z; pods a, b, c in each, labelled pod=a|b|c, on nodes n1 and n2.

Every pod serves TCP and UDP 80 and 81 under the names that the end-to-end tests of Kubernetes use, and has an address:
x/a is 10.0.1.1, y/b is 10.0.2.2, z/c is 10.0.3.3. Node n1 is 192.168.0.1, n2 is 192.168.0.2.
"""

from __future__ import annotations

from collections.abc import Iterable

NAMESPACES = ("x", "y", "z")
PODS = ("a", "b", "c")


def namespace(name: str, labels: str = "") -> str:
    """``labels``: flow YAML without braces, as ``team: a``."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def node(name: str, address: str, labels: str = "", spec: str = "") -> str:
    meta = f"metadata: {{name: {name}, labels: {{{labels}}}}}"
    status = f"status: {{addresses: [{{type: InternalIP, address: {address}}}, {{type: Hostname, address: {name}}}]}}"
    return f"apiVersion: v1\nkind: Node\n{meta}\nspec: {{{spec}}}\n{status}\n"


SERVED = ", ".join(
    f"{{name: serve-{number}-{protocol.lower()}, containerPort: {number}, protocol: {protocol}}}"
    for number in (80, 81)
    for protocol in ("TCP", "UDP")
)


def pod(where: str, labels: str = "", *, ip: str = "", ports: str = "", spec: str = "", phase: str = "") -> str:
    """A live pod ``namespace/name``. ``ports`` are those of its one container, ``spec`` is added to its spec."""
    home, _, name = where.partition("/")
    status = ", ".join(filter(None, (f'podIP: "{ip}"' if ip else "", f"phase: {phase}" if phase else "")))
    more = f", {spec}" if spec else ""
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {home}, labels: {{{labels}}}}}\n"
        f"spec: {{containers: [{{name: c, image: i, ports: [{ports}]}}]{more}}}\nstatus: {{{status}}}\n"
    )


def deployment(where: str, labels: str = "", *, replicas: int = 1, own_labels: str = "", ports: str = "") -> str:
    """A Deployment without live pods. ``labels`` are those of its template."""
    home, _, name = where.partition("/")
    template = (
        f"{{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: c, image: i, ports: [{ports}]}}]}}}}"
    )
    return (
        f"apiVersion: apps/v1\nkind: Deployment\n"
        f"metadata: {{name: {name}, namespace: {home}, labels: {{{own_labels}}}}}\n"
        f"spec: {{replicas: {replicas}, selector: {{matchLabels: {{{labels}}}}}, template: {template}}}\n"
    )


def address_of(where: str) -> str:
    home, _, name = where.partition("/")
    return f"10.0.{NAMESPACES.index(home) + 1}.{PODS.index(name) + 1}"


def pods() -> list[str]:
    """The nine pods; a and c on n1, b on n2."""
    every = [f"{home}/{name}" for home in NAMESPACES for name in PODS]
    spec = {"a": "nodeName: n1", "b": "nodeName: n2", "c": "nodeName: n1"}
    return [
        pod(where, f"pod: {where[-1]}", ip=address_of(where), ports=SERVED, spec=spec[where[-1]]) for where in every
    ]


def nodes() -> list[str]:
    return [node("n1", "192.168.0.1", "role: worker"), node("n2", "192.168.0.2", "role: worker")]


def world() -> str:
    """All of it, without a policy."""
    return documents([*map(namespace, NAMESPACES), *nodes(), *pods()])


def documents(texts: Iterable[str]) -> str:
    return "---\n".join(texts)


def policy(spec: str, *, home: str = "x", name: str = "np") -> str:
    """A NetworkPolicy with this spec, in flow YAML without its outer braces."""
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {home}}}\nspec: {{{spec}}}\n"
    )


def np(rules: str = "", *, subject: str = "a", types: str = "Ingress", home: str = "x", name: str = "np") -> str:
    """The table's usual policy: in x, for pod a, for ingress. ``rules`` as ``ingress: […]``."""
    more = f", {rules}" if rules else ""
    return policy(
        f"podSelector: {{matchLabels: {{pod: {subject}}}}}, policyTypes: [{types}]{more}", home=home, name=name
    )


def everyone(rules: str = "", *, types: str = "Ingress", home: str = "x", name: str = "all") -> str:
    """A policy for all pods of a namespace."""
    return policy(f"podSelector: {{}}, policyTypes: [{types}]{', ' + rules if rules else ''}", home=home, name=name)


def cnp(
    rules: str, *, tier: str = "Admin", priority: int = 10, subject: str = "namespaces: {}", name: str = "cnp"
) -> str:
    """A ClusterNetworkPolicy (v1alpha2)."""
    spec = f"tier: {tier}, priority: {priority}, subject: {{{subject}}}, {rules}"
    return _cluster_wide("v1alpha2", "ClusterNetworkPolicy", name, spec)


def anp(rules: str, *, priority: int = 10, subject: str = "namespaces: {}", name: str = "anp") -> str:
    """An AdminNetworkPolicy (v1alpha1)."""
    spec = f"priority: {priority}, subject: {{{subject}}}, {rules}"
    return _cluster_wide("v1alpha1", "AdminNetworkPolicy", name, spec)


def banp(rules: str, *, subject: str = "namespaces: {}", name: str = "default") -> str:
    """A BaselineAdminNetworkPolicy (v1alpha1)."""
    return _cluster_wide("v1alpha1", "BaselineAdminNetworkPolicy", name, f"subject: {{{subject}}}, {rules}")


def _cluster_wide(version: str, kind: str, name: str, spec: str) -> str:
    head = f"apiVersion: policy.networking.k8s.io/{version}\nkind: {kind}"
    return f"{head}\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def in_namespace(*names: str) -> str:
    """A namespace selector, in flow YAML without its outer braces."""
    return f"matchExpressions: [{{key: kubernetes.io/metadata.name, operator: In, values: [{', '.join(names)}]}}]"


def outside_namespace(name: str) -> str:
    return f"matchExpressions: [{{key: kubernetes.io/metadata.name, operator: NotIn, values: [{name}]}}]"
