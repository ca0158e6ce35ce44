"""One run for people: `run`, and how what it returns shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simsuite.experiment import single_run
from simsuite.machine.rulebook import Rulebook
from simsuite.scenario import Scenario


class Run(single_run.Run):
    """A run with the scenario it came from: everything of a RunResult, pandas tables, and figures."""

    def plot(self, kind: str = "ledger"):
        """A matplotlib figure of this run: ledger (losses by cause), funnel, days (orders), switches, losses (from channel
        to channel), in the style of the report.

        Raises
        ------
        UsageError : no such figure
        """
        from simsuite.report.drawn.run_figures import plot

        return plot(kind, self)

    def _repr_html_(self) -> str:
        table = self.measures[["title", "value", "unit"]]
        return (
            f"<p><b>{self.scenario.name}</b>, {self.arm.strategy}, replication {self.replication}, seed {self.seed}</p>"
            + table.to_html(index=False, float_format="{:.4g}".format, na_rep="not measured")
        )


def run(
    scenario: str | Path | Scenario,
    strategy: str | None = None,
    replication: int = 0,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    rules: Rulebook | None = None,
    engine: str = "batch",
    events: bool = False,
    without: Sequence[str] = (),
) -> Run:
    """One run of one strategy: its record with events, settled needs, tallies and states, and tables of them.

    Parameters as in `compare`; `strategy` defaults to the reference, `events` keeps the event log.

    Raises
    ------
    ScenarioError, UsageError
    """
    found = single_run.run_once(scenario, strategy, replication, seed, overrides, rules, engine, events, without)
    return Run(**vars(found))
