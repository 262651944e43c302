"""A second reading of the specification: a naive evaluator that takes one packet at a time.

Written from `shared/spec/kubernetes.md` and `shared/contract.md` alone. It shares no code with `webapp` and knows no
rows, classes or bitsets: it loops over policies, rules, peers and ports for each packet. It takes plain Python dicts,
as a YAML reader gives them. Where something is not known it tries the possibilities (`certainty.py`).

>>> pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}
>>> oracle = Oracle([pod])
>>> a = oracle.pods[0]
>>> oracle.decide(a, a, "TCP", 80)
'allowed'
"""

from tests.oracle.certainty import Match
from tests.oracle.cluster import Cluster, Namespace, Pod
from tests.oracle.oracle import Oracle, read_policy
from tests.oracle.policies import Policy
from tests.oracle.reading import RejectedError
from tests.oracle.switches import DEFAULTS, Switches
from tests.oracle.tiers import ALLOWED, BLOCKED, UNKNOWN

__all__ = [
    "ALLOWED",
    "BLOCKED",
    "DEFAULTS",
    "UNKNOWN",
    "Cluster",
    "Match",
    "Namespace",
    "Oracle",
    "Pod",
    "Policy",
    "RejectedError",
    "Switches",
    "read_policy",
]
