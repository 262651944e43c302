"""A suppression names no rule, or one that does not exist.

It suppresses nothing.

**Put it right**: write the code of the finding, as the lint tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.registry import codes
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
SUPPRESSIBLE = False
BAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
  annotations:
    netpolmap/ignore: open_everything -- it is the front door  # <-
spec: {podSelector: {}, ingress: [{}]}
"""
GOOD = BAD.replace("open_everything", "opens_everything")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.suppressions:
        unknown = [code for code in each.codes if code not in codes()]
        if unknown:
            near = get_close_matches(unknown[0], codes(), 1, 0.6)
            hint = f"Did you mean {near[0]}?" if near else "Write a code that the lint tells."
            message = f"There is no rule {', '.join(unknown)}, so this suppresses nothing. {hint}"
            yield Sighting(message, object=each.object, source=each.source)
        elif not each.codes:
            message = "This suppression names no rule, so it suppresses nothing. Write the code first, then the reason."
            yield Sighting(message, object=each.object, source=each.source)
