"""One run in words: its measures as a table for the terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from simsuite.metrics.measure import REGISTRY
from simsuite.report.said import labels
from simsuite.report.said.terminal import WIDTH, columns, filled
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    from simsuite.experiment.single_run import Run

OVER_CENTS = ("discount",)  # measures that are shares of money


def run_text(run: Run) -> str:
    """Every measure of a run with its unit and what it was counted over, the declared ones first; at most 80 columns."""
    spec = run.scenario.spec
    rows = run.measures.to_dict("records")
    measured = [row for row in rows if not labels.is_missing(row["value"])]
    first, others = (
        [_cells(row, spec.currency) for row in measured if REGISTRY[row["measure"]].headline == headline]
        for headline in (True, False)
    )
    heading, *lines = columns(["Measure", "value", "counted over"], [*first, *others], left=(0, 2))
    missing = [labels.within(row["title"]) for row in rows if labels.is_missing(row["value"])]
    about = (
        f"{labels.labels_of(run.scenario).strategy(run.arm.name)}, one run: replication {run.replication}, seed {run.seed}, "
        f"{counted(spec.population.customers, 'customer')}, {labels.period(spec)}. {labels.switched_off(run.scenario)}"
    )
    whole = [_folded(line, heading.index("counted over")) for line in lines]
    text = [filled(about), "", heading, *whole[: len(first)], "", *whole[len(first) :]]
    return "\n".join([*text, "", filled(f"Not measured in this run alone: {'; '.join(missing)}.")] if missing else text)


def _folded(line: str, place: int) -> str:
    """A line of the table; what would pass the edge goes on below, under the last column."""
    return (
        textwrap.fill(line, WIDTH, subsequent_indent=" " * (place + 2), drop_whitespace=True)
        if len(line) > WIDTH
        else line
    )


def _cells(row: dict, currency: str) -> list[str]:
    over = f"{labels.number(row['denominator'], 0)} {REGISTRY[row['measure']].base}"
    if row["measure"] in OVER_CENTS:
        over = f"{labels.number(row['denominator'] / 100, 2)} {currency} of list value"
    return [labels.measure_title(row, currency), labels.level(row, "value"), over]
