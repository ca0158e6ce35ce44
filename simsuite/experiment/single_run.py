"""One run of one strategy, as plain data: the record itself and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.arguments import names, plain, yes_or_no
from simsuite.engines.checked import replication_number
from simsuite.engines.rule_words import checked_rules
from simsuite.errors import UsageError
from simsuite.experiment.plan import as_scenario, changes_asked_for, known_engine
from simsuite.experiment.simulate import Arm, Simulation, arms_of
from simsuite.lives.log_tables import events_table, journeys_table
from simsuite.machine.rulebook import Rulebook
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.metrics.run_tables import tables_of_run
from simsuite.run_result import RunResult
from simsuite.scenario import Scenario
from simsuite.scenario.views import strategy_of

if TYPE_CHECKING:
    import pandas

SHOWN = ("measure", "title", "value", "unit", "numerator", "denominator", "base", "period")


@dataclass(frozen=True, repr=False)
class Run(RunResult):
    """A run with the scenario it came from: everything of a RunResult, and pandas tables."""

    scenario: Scenario = field(kw_only=True)
    arm: Arm = field(kw_only=True)

    @cached_property
    def tables(self) -> Mapping[str, pandas.DataFrame]:
        """Data frames by name: measures, ledger, next_in_line, switches, clashes, research, audit, days, funnel."""
        return tables_of_run(self, "run", self.arm.name, None, self.arm.packed.channels)

    @property
    def measures(self) -> pandas.DataFrame:
        """Every measure, totals only: measure, title, value, unit, numerator, denominator, and what these are: base, period."""
        table = self.tables["measures"]
        table = table[(table["segment"] == ALL) & (table["channel"] == ALL)].copy()
        table["title"] = [REGISTRY[name].title for name in table["measure"]]
        for about in ("unit", "base", "period"):
            table[about] = [getattr(REGISTRY[name], about) for name in table["measure"]]
        return table[list(SHOWN)].reset_index(drop=True)

    @property
    def ledger(self) -> pandas.DataFrame:
        """Lost planned journeys by segment, cause, from channel and to channel."""
        return self.tables["ledger"]

    @property
    def event_log(self) -> pandas.DataFrame:
        """Every event with names instead of codes; docs/event_log.md says what the columns mean.

        Raises
        ------
        UsageError : the run kept no events
        """
        if not len(self.events):
            raise UsageError("This run kept no events; say simsuite.run(..., events=True).")
        return events_table(self)

    @property
    def journeys(self) -> pandas.DataFrame:
        """One row for every candidate need of the horizon; needs events=True."""
        return journeys_table(self, self.arm.packed.category_names)


def run_once(
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
    loaded = as_scenario(scenario, changes_asked_for(overrides, seed)).without(names(without) or ())
    name = loaded.spec.experiment.reference if strategy is None else plain(strategy)
    strategy_of(loaded, name)
    arm = next(arm for arm in arms_of(loaded.spec) if arm.name == name)
    replication = replication_number(replication)
    simulation = Simulation(
        [arm],
        checked_rules(rules),
        known_engine(engine),
        logged_replications=replication + 1 if yes_or_no("events", events) else 0,
    )
    return run_of(simulation.results(replication)[name], loaded, arm)


def run_of(result: RunResult, scenario: Scenario, arm: Arm, kind: type[Run] = Run) -> Run:
    """The record with the scenario it came from."""
    return kind(**{each.name: getattr(result, each.name) for each in fields(RunResult)}, scenario=scenario, arm=arm)
