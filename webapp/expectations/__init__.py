"""What must hold: expectation files (contract, "Expectation files"), asked of an Analysis."""

from webapp.expectations.checking import Outcome, check
from webapp.expectations.reading import Expectation, read_expectations

__all__ = ["Expectation", "Outcome", "check", "read_expectations"]
