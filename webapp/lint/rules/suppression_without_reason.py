"""A finding is suppressed without a reason.

Whoever comes next cannot tell whether it still holds.

**Put it right**: write why: `netpolmap/ignore: CODE -- reason`, or `# netpolmap:ignore CODE reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.model.problem import Severity

SEVERITY: Severity = "info"
SUPPRESSIBLE = False
BAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress: [{}]  # netpolmap:ignore opens_everything  # <-
"""
GOOD = BAD.replace("opens_everything  #", "opens_everything it is the front door  #")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.suppressions:
        if each.codes and not each.reason:
            message = (
                f"{', '.join(each.codes)} {'is' if len(each.codes) == 1 else 'are'} suppressed without a reason. "
                f"Write why "
                "after the code."
            )
            yield Sighting(message, object=each.object, source=each.source)
