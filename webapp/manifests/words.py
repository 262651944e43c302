"""What a reader has to say when a document is not understood: what is wrong, what it means, how to put it right."""

from __future__ import annotations

from webapp.errors import BudgetExceeded
from webapp.manifests.budget import Budget

LEFT_OUT = "The document is left out, the others are read."
HELM = 'this looks like a Helm template ("{{"). ' + LEFT_OUT + ' Run "helm template" and load its output.'
KUSTOMIZE = 'this is a source of Kustomize, not a manifest. It is skipped. Run "kubectl kustomize" and load its output.'
NOT_UTF_8 = "this is not UTF-8 text. It is left out. Save it as UTF-8; if it is no manifest, leave it away."

_PLAIN_WORDS = (
    ("mapping values are not allowed", 'there is a second ":" in this line, or the line is indented wrongly'),
    ("could not find expected ':'", 'a key without ":", or a text that should stand in quotes'),
    ("did not find expected key", "the indentation does not fit the lines above, or a quote is not closed"),
    ("did not find expected '-' indicator", "the indentation does not fit the list above"),
    ("did not find expected ',' or ']'", 'a list that begins with "[" is not closed with "]", or a comma is missing'),
    (
        "did not find expected ',' or '}'",
        'a mapping that begins with "{" is not closed with "}", or a comma is missing',
    ),
    ("did not find expected <document start>", 'a second object begins without a line "---" above it'),
    ("found unexpected end of stream", "a quote is opened and never closed"),
    ("found unexpected document indicator", "a quote is opened and never closed"),
    ("block sequence entries are not allowed", 'a list item ("- ") stands where none can be'),
    ("found unknown escape character", "a backslash in double quotes begins no known escape; use single quotes"),
)


def explain(error: Exception, character: str, budget: Budget) -> tuple[str, str]:
    """Code and message for a syntax error. `character` is the one at its place.

    Deep nesting that the parser itself refuses is refused as all deep nesting is: it may raise `BudgetExceeded`.
    """
    problem = str(getattr(error, "problem", None) or getattr(error, "context", None) or "unknown error")
    if "maximum nesting depth" in problem:
        refused = budget.exceeded("depth", (budget.depth or 0) + 1)
        if budget.faults_refuse_input:
            raise refused
        return "budget_exceeded", over_limit(refused)
    if character == "\t":
        what = "a tab is used for indentation; YAML allows spaces only"
        return "yaml_syntax", f"{what}. {LEFT_OUT} Replace the tab by spaces."
    if character in ("@", "`", "%") and "cannot start any token" in problem:
        return "yaml_syntax", f"a value cannot begin with {character}. {LEFT_OUT} Put the value in quotes."
    known = next((words for start, words in _PLAIN_WORDS if problem.startswith(start)), problem)
    return "yaml_syntax", f"this is not valid YAML: {known}. {LEFT_OUT} Look at this line and the ones above it."


def over_limit(error: BudgetExceeded) -> str:
    """A limit that only one document passed."""
    measured = f"{error.what}: {error.measured:,} where {error.limit:,} is the limit"
    return f"{measured}. The document is left out. {error.advice}"


def looks_like_helm(text: str, line: int) -> bool:
    """Whether the line (from 1) that could not be read, or a whole line anywhere, is an expression in braces."""
    if "{{" not in text:
        return False
    lines = text.splitlines()
    near = lines[max(0, line - 2) : line]
    return any("{{" in each for each in near) or any(each.lstrip().startswith("{{") for each in lines)


def forbidden(name: str) -> str:
    return f"the character {name} is not allowed in YAML. {LEFT_OUT} Remove it."


def no_object(what: str, file: str) -> tuple[str, str]:
    """Code and message for a document that is no Kubernetes object."""
    base = file.rpartition("/")[2].lower()
    if base in ("chart.yaml", "values.yaml", "values.yml"):
        return (
            "helm_source",
            f'this is a part of a Helm chart, not a manifest. {LEFT_OUT} Run "helm template" and load its output.',
        )
    if base in ("kustomization.yaml", "kustomization.yml"):
        return "kustomize_source", KUSTOMIZE
    return "not_an_object", (
        f"{what}, so this is no Kubernetes object. {LEFT_OUT} If it should be one, give it apiVersion and kind; "
        "else leave it away."
    )
