"""Too much work is refused before it is done, and the error says which limit, what was measured, what to do."""

from dataclasses import replace

import pytest

from webapp.analysis import DEFAULT_ASSUMPTIONS, SourceFile, analyze
from webapp.errors import BudgetExceeded
from webapp.manifests import COMMAND_LINE_BUDGET, REQUEST_BUDGET

POD = "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{0}, namespace: x, labels: {{app: a{0}}}}}\n"
POLICY = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: n{0}, namespace: x}}
spec:
  podSelector: {{matchLabels: {{app: a{0}}}}}
  policyTypes: [Ingress, Egress]
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: a{0}}}}}}}]}}]
  egress: [{{to: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [10.1.{0}.0/24]}}}}]}}]
"""
WORLD = "".join(POD.format(i) + POLICY.format(i) for i in range(4)).encode()


def over(**limits: int) -> BudgetExceeded:
    with pytest.raises(BudgetExceeded) as caught:
        analyze([SourceFile("w.yaml", WORLD)], DEFAULT_ASSUMPTIONS, replace(REQUEST_BUDGET, **limits))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("limit", "measured"), [("workloads", 4), ("policies", 4), ("rules", 8), ("cidrs", 2), ("work_units", 25)]
)
def test_at_the_limit_it_passes_and_above_it_is_refused(limit: str, measured: int) -> None:
    at_limit = replace(REQUEST_BUDGET, **{limit: measured})  # type: ignore[arg-type]
    assert analyze([SourceFile("w.yaml", WORLD)], DEFAULT_ASSUMPTIONS, at_limit).workloads
    fault = over(**{limit: measured - 1})
    assert (fault.limit_name, fault.measured) == (limit, measured)
    assert fault.status == 422
    assert fault.advice


def test_a_selector_of_ten_thousand_values_is_refused_on_requests_and_taken_on_the_command_line() -> None:
    values = ", ".join(f"v{i}" for i in range(10_000))
    text = POD.format(0) + POLICY.format(0).replace(
        "matchLabels: {app: a0}", f"matchExpressions: [{{key: app, operator: NotIn, values: [{values}]}}]"
    )
    file = SourceFile("w.yaml", text.encode())
    assert over_values(file).limit_name == "selector_values"
    analysis = analyze([file], DEFAULT_ASSUMPTIONS, COMMAND_LINE_BUDGET)
    assert analysis.workloads[0].isolated_ingress


def over_values(file: SourceFile) -> BudgetExceeded:
    with pytest.raises(BudgetExceeded) as caught:
        analyze([file], DEFAULT_ASSUMPTIONS, REQUEST_BUDGET)
    return caught.value
