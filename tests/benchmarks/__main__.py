"""`python -m tests.benchmarks` measures and writes docs/benchmarks.md; `--quick` prints a part."""

from __future__ import annotations

import argparse
import sys
import time

from simsuite.engines.compile import compile_rules

from .document import busy, costs_of, table_of, write
from .measurements import THEMES


def main() -> None:
    """Measure theme after theme; progress on stderr, tables on stdout."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure speed and memory against the targets.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a part of it in two minutes; prints and writes nothing",
    )
    quick = parser.parse_args().quick
    load_before = busy()
    compile_rules()
    found = []
    for theme in THEMES:
        began = time.perf_counter()
        print(f"{theme.__name__.replace('_', ' ')} ...", end=" ", file=sys.stderr, flush=True)
        found.append(theme(quick))
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    values = [value for findings in found for value in findings.values]
    points = [point for findings in found for point in findings.points]
    print(table_of(values), costs_of(points), sep="\n\n")
    if not quick:
        write(values, points, load_before)


if __name__ == "__main__":
    main()
