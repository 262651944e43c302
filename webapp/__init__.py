"""netpolmap: which pods may talk to which under Kubernetes network policies, and why."""

__version__ = "0.1.0"
