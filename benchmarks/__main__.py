"""Measure the engine: ratios against what everybody has at hand, with the goals beside them.

examples:
  python -m benchmarks                     100, 1,000, 10,000 and 100,000 pods (some minutes)
  python -m benchmarks --quick             100 and 1,000 pods (seconds)
  python -m benchmarks --sizes 10000       one size
  python -m benchmarks --page              the page in a browser, on large clusters (a minute)
  python -m benchmarks --write             put the table into docs/benchmarks.md as well
  python -m benchmarks --profile 10000     where the time goes
  python -m benchmarks --generate 10000    print the made-up cluster as YAML

CPU time, the best of several runs, both sides of a ratio in one process. Exit status 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.cluster import make_cluster
from benchmarks.goals import results, table
from benchmarks.measures import Numbers, measure, profile

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
SIZES = (100, 1_000, 10_000, 100_000)


def main() -> int:
    options = _parse()
    if options.generate:
        print(make_cluster(options.generate).yaml(), end="")
        return 0
    if options.profile:
        print("\n".join(profile(options.profile)))
        return 0
    if options.one:
        print(json.dumps(measure(options.one, _repeats(options.one), whole_process=options.one == 10_000)))
        return 0
    if options.page:
        from benchmarks import page

        figures = []
        for each in page.figures():
            print(f"  {page.line(each)}", end="", file=sys.stderr, flush=True)
            figures.append(each)
        return _report(page.table(figures), [each.met for each in figures], "page" if options.write else "")
    sizes = options.sizes or (SIZES[:2] if options.quick else SIZES)
    lines = list(results({pods: _in_own_process(pods) for pods in sizes}))
    return _report(table(lines), [line.met for line in lines], "table" if options.write else "")


def _report(text: str, met: list[bool | None], place: str) -> int:
    """Print a table, write it to its place in the document if it has one; the exit status."""
    print(text)
    if place:
        _write(text, place)
    return 1 if False in met else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    parser.add_argument("--page", action="store_true", help="measure the page in a browser instead of the engine")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="PODS")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md as well")
    parser.add_argument("--profile", type=int, metavar="PODS")
    parser.add_argument("--generate", type=int, metavar="PODS")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _write(lines: str, place: str) -> None:
    head, begin, rest = DOCUMENT.read_text(encoding="utf-8").partition(f"<!-- {place} -->\n")
    _, end, tail = rest.partition("<!-- end -->")  # of this table: there are two
    DOCUMENT.write_text(head + begin + lines + end + tail, encoding="utf-8")


def _repeats(pods: int) -> int:
    return 5 if pods <= 10_000 else 2


def _in_own_process(pods: int) -> Numbers:
    """A fresh process for each size, so that no size inherits the memory of another."""
    print(f"measuring {pods:,} pods ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks", "--one", str(pods)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    numbers: Numbers = json.loads(done.stdout)
    size = f"{numbers['yaml_bytes'] / 1e6:.1f} MB of YAML, {numbers['policies']:,.0f} policies"
    counts = f"{numbers['workloads']:,.0f} workloads, {numbers['rows']:,.0f} rows of answer"
    print(f"  {size}, {counts}", file=sys.stderr, flush=True)
    return numbers


if __name__ == "__main__":
    sys.exit(main())
