"""Small inputs for the tests of the lint."""

from __future__ import annotations

from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.lint import Report, review


def read(*texts: str, **switches: object) -> Analysis:
    """Files a.yaml, b.yaml, … of these texts."""
    files = [SourceFile(f"{name}.yaml", text.encode()) for name, text in zip("abcdef", texts, strict=False)]
    return analyze(files, Assumptions(**switches))  # type: ignore[arg-type]


def found(*texts: str, only: str | None = None, **switches: object) -> list[str]:
    """The codes of what is found, in the order of reading."""
    return [finding.code for finding in report(*texts, only=only, **switches).findings]


def report(*texts: str, only: str | None = None, **switches: object) -> Report:
    return review(read(*texts, **switches), [only] if only else ())


def pod(name: str, namespace: str = "shop", labels: str = "", more: str = "") -> str:
    labels = labels or f"app: {name}"
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}}}\n"
        f"{more}\n---\n"
    )


def namespace(name: str, labels: str = "", annotations: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Namespace\n"
        f"metadata: {{name: {name}, labels: {{{labels}}}, annotations: {{{annotations}}}}}\n---\n"
    )


def policy(name: str, spec: str, namespace: str = "shop", metadata: str = "") -> str:
    """``spec`` in flow style."""
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace}{metadata}}}\nspec: {spec}\n---\n"
    )


CLOSED = policy("closed", "{podSelector: {}, policyTypes: [Ingress, Egress]}")
DNS = policy(
    "dns",
    "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], "
    "ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}",
)
