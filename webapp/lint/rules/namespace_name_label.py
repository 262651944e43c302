"""A namespaceSelector asks for a label `name` that no namespace has.

Namespaces have no such label by themselves: the one that Kubernetes sets is `kubernetes.io/metadata.name`. The peer
matches nothing.

**Put it right**: write `kubernetes.io/metadata.name: NAME`, or label the namespace.

**Silent** where a namespace has a label of that key, where labels of a namespace are not known, and where no
namespace of the input has that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import requirement_text
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          name: monitoring  # <-
"""
GOOD = BAD.replace("          name: monitoring", "          kubernetes.io/metadata.name: monitoring")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "namespace_name_label":
            assert each.slip is not None
            message = (
                f"No namespace has the label {requirement_text(each.slip.term)}, so this peer matches nothing. The "
                f"label that Kubernetes sets is {each.slip.meant_key}: {each.slip.meant_value}; write that."
            )
            yield Sighting(message, each.policy, each.path, namespace=each.policy.namespace)
