"""`python -m tests.benchmarks` measures and writes docs/benchmarks.md; `--quick` prints a part."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

from simsuite.engines.compile import compile_rules

from .document import busy, costs_of, table_of, write
from .measurements import THEMES, YARDSTICK, Measured, yardstick


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
    found, values, paces = [], [], [yardstick()]
    for theme in THEMES:
        began = time.perf_counter()
        print(f"{theme.__name__.replace('_', ' ')} ...", end=" ", file=sys.stderr, flush=True)
        found.append(theme(quick))
        paces.append(yardstick())
        pace = (paces[-2] + paces[-1]) / 2
        values += [replace(value, yardstick=pace) for value in found[-1].values]
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    values.append(
        Measured("the yardstick meanwhile, journey in plain Mesa", sum(paces) / len(paces), "us", yardstick=YARDSTICK)
    )
    points = [point for findings in found for point in findings.points]
    print(table_of(values), costs_of(points), sep="\n\n")
    if not quick:
        write(values, points, load_before)


if __name__ == "__main__":
    main()
