"""The documentation of the rules, made of their docstrings: `python -m webapp.lint.handbook > docs/lint.md`."""

from __future__ import annotations

import sys
from difflib import unified_diff
from typing import Final

from webapp.lint.registry import Rule, all_rules

HELP_URL: Final = "http://127.0.0.1:8080/help"
"""Where `netpolmap serve` has its help unless it is told otherwise; each rule has an anchor there."""
_HEAD = """# The rules of `netpolmap lint`

Each rule is one file under `webapp/lint/rules`; this page is made of their docstrings and examples, which the tests
execute. A rule would rather miss a mistake than tell one that is none: where the input does not decide, it is silent.

Severities: an **error** is surely a mistake, a **warning** likely one or a risk, an **info** worth knowing. The exit
status is 1 if a finding is at or above `--fail-on` (`error` if it is not given; `warning`, `info`, `never`).
`--rule CODE` asks only these rules, `--skip CODE` all but these.

## Accepting a finding

Say it where it is, with the reason. In the text of a policy, as a comment:

```yaml
  ingress:
  - {}  # netpolmap:ignore opens_everything it is the front door
```

or at the policy, the namespace (for all that is found in it) or the workload, as an annotation:

```yaml
metadata:
  annotations:
    netpolmap/ignore: no_default_deny,one_sided_allow -- moved next week, see OPS-12
```

Of the annotations of namespaces and workloads this one alone is kept. Suppressed findings are counted, and listed in
`-o json` and `-o sarif` with the reason.

## Rules
"""


def anchor(rule: Rule) -> str:
    """Of a rule in the help."""
    return f"lint-{rule.code}"


def paragraphs(rule: Rule) -> list[str]:
    """What a rule is about, as plain text."""
    plain = f"{rule.title}\n\n{rule.help}".replace("**", "").replace("`", "")
    return [" ".join(each.split()) for each in plain.split("\n\n") if each.strip()]


def markdown() -> str:
    """The whole page."""
    index = "".join(f"- [`{rule.code}`](#{anchor(rule)}) ({rule.severity}): {rule.title}\n" for rule in all_rules())
    return f"{_HEAD}\n{index}\n" + "\n".join(map(_section, all_rules()))


def _section(rule: Rule) -> str:
    bad, good = (text.strip("\n") for text in (rule.bad, rule.good))
    return (
        f'<a id="{anchor(rule)}"></a>\n\n### {rule.code}\n\n*{rule.severity}*: {rule.title}\n\n{rule.help.strip()}\n\n'
        f"<details><summary>Example</summary>\n\nFound at the marked line:\n\n```yaml\n{bad}\n```\n\n"
        f"Put right:\n\n```diff\n{_difference(bad, good)}\n```\n\n</details>\n"
    )


def _difference(bad: str, good: str) -> str:
    lines = unified_diff(bad.splitlines(), good.splitlines(), n=2, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


if __name__ == "__main__":
    sys.stdout.write(markdown())
