"""Behind the commands that explain a comparison: waterfall with authority, and removal of causes."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simsuite.cli.kept import why_not_shown
from simsuite.cli.story_and_export import as_data, compared_strategy
from simsuite.experiment.aside import make_results_folder
from simsuite.experiment.decompose import authority_table, decomposition_arms, waterfall_table
from simsuite.experiment.explanations import AUTHORITY, REMOVAL, WATERFALL, keep_explanation, runs_folder
from simsuite.experiment.journal import JOURNAL_NAME
from simsuite.experiment.plan import Experiment, paired_replications
from simsuite.experiment.removal import removal_arms, removal_table
from simsuite.experiment.results import Results, carried_out
from simsuite.files import FolderLock
from simsuite.metrics.measure import headline_measures
from simsuite.report.said import labels
from simsuite.report.said.labels import interval, number, switched_off
from simsuite.report.said.removed import what_loses
from simsuite.report.said.terminal import columns, filled
from simsuite.scenario import Scenario
from simsuite.scenario.views import strategy_of
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    import pandas

    from simsuite.experiment.simulate import Arm


@dataclass(frozen=True)
class Wish:
    """What is to be explained, and how it is run.

    strategy : None: the default of the command
    folder : results folder of the comparison

    Raises
    ------
    UsageError : so few replications have no interval
    """

    scenario: Scenario
    strategy: str | None
    replications: int
    folder: Path
    workers: int | None = None
    fresh: bool = False

    def __post_init__(self):
        paired_replications(self.replications)


def explain_difference(wish: Wish, as_json: bool) -> str:
    """Write waterfall.parquet and authority.parquet; both in words, or as data.

    Raises
    ------
    UsageError, ScenarioError, StoreError, RunError
    """
    scenario = wish.scenario
    compared = compared_strategy(scenario, wish.strategy)
    reference, level = scenario.spec.experiment.reference, scenario.spec.experiment.level
    arms, elements = decomposition_arms(scenario.spec, compared)
    with _explained(wish, compared, arms, WATERFALL) as (results, places, shown):
        tables = {
            WATERFALL: waterfall_table(results.measures, reference, compared, elements, level=level),
            AUTHORITY: authority_table(results.measures, reference, headline_measures(), level),
        }
        _keep(places, tables, scenario, compared, results)
    if as_json:
        return as_data(scenario, reference=reference, strategy=compared, replications=_replications(results), **tables)
    return "\n".join(
        [
            _title(f"From {reference} to {compared}: orders per 100 needs", results),
            "",
            *_waterfall_lines(tables[WATERFALL]),
            "",
            f"Knowing and deciding: orders per 100 needs, change against {reference}",
            *_authority_lines(tables[AUTHORITY]),
            "",
            filled(
                "First in: alone on top of the reference. Last out: taken away from the whole. Contribution: the "
                "mean of both. All together: the change in these runs, which luck makes another one than in those "
                "of the comparison. Likely ranges cover luck only, not assumptions."
            ),
            "",
            *_where(places[0], tables, shown),
        ]
    )


def explain_losses(wish: Wish, as_json: bool) -> str:
    """Write removal.parquet: every cause silenced in turn; in words, or as data.

    Raises
    ------
    UsageError, ScenarioError, StoreError, RunError
    """
    scenario = wish.scenario
    strategy = wish.strategy or scenario.spec.experiment.reference
    strategy_of(scenario, strategy)
    arms = removal_arms(scenario.spec, strategy)
    with _explained(wish, strategy, arms, REMOVAL) as (results, places, shown):
        table = removal_table(
            results.ledger,
            results.tables["twins"],
            results.tables["saved_from"],
            strategy,
            level=scenario.spec.experiment.level,
        )
        _keep(places, {REMOVAL: table}, scenario, strategy, results)
    if as_json:
        return as_data(scenario, strategy=strategy, replications=_replications(results), removal=table)
    return "\n".join(
        [
            _title(f"{scenario.name} under {strategy}: planned journeys per run", results),
            "",
            *_removal_lines(table),
            "",
            *(filled(sentence) for sentence in what_loses(table)),
            "Rescued: lost to the cause, ordered without it. Shares add up, gains do not.",
            "Likely ranges are Monte Carlo only: luck, not assumptions.",
            "",
            *_where(places[0], [REMOVAL], shown),
        ]
    )


@contextlib.contextmanager
def _explained(wish: Wish, strategy: str, arms: list[Arm], name: str) -> Iterator[tuple[Results, list[Path], bool]]:
    """Carry out what is not there yet: interrupted work goes on, runs of another version of the program do not count.

    Until the `with` statement ends, nobody else can use the results folder.

    Returns
    -------
    results, the folders in which the explanation is to be kept, the one to be named first, and whether the report
    of the comparison will show it. It is kept with the runs behind it, and in the results folder unless this holds a
    comparison that has nothing to do with it: that one's own explanation stays.
    """
    runs = runs_folder(wish.folder, f"{name}_{strategy}")
    make_results_folder(wish.folder)
    with FolderLock(wish.folder):
        compared = (wish.folder / JOURNAL_NAME).is_file()
        why = why_not_shown(wish.folder, wish.scenario, strategy) if compared else ""
        if why:
            typer.echo(filled(f"The report will not show this: {why}"), err=True)
        experiment = Experiment(f"{wish.scenario.name}_{runs.name}", wish.scenario, arms, wish.replications)
        with carried_out(experiment, runs, wish.workers, wish.fresh, progress=True) as (results, execution, _):
            execution.raise_failures()
            yield results, [runs] if why else [wish.folder, runs], compared and not why


def _keep(places: list[Path], tables: dict[str, pandas.DataFrame], scenario: Scenario, strategy: str, results: Results):
    """Write the tables of an explanation into each of these folders."""
    for place in places:
        for name, table in tables.items():
            keep_explanation(place, name, table, scenario.spec, strategy, _replications(results))


def _replications(results: Results) -> int:
    return int(results.measures["replication"].nunique())


def _title(what: str, results: Results) -> str:
    """What is shown, from how many runs, of whom and of which days, and what was switched off in them."""
    spec, off = results.experiment.scenario.spec, switched_off(results.experiment.scenario)
    runs = f"{counted(_replications(results), 'paired run')} of {counted(spec.population.customers, 'customer')}"
    return "\n".join([filled(f"{what}, {runs}, {labels.period(spec)}."), *([off] if off else [])])


def _waterfall_lines(table: pandas.DataFrame) -> list[str]:
    rows = [
        [
            row.element,
            *(number(value, 2, signed=True) for value in (row.first_in, row.last_out, row.contribution)),
            interval(row.low, row.high, 2),
        ]
        for row in table.itertuples()
    ]
    total = number(table["contribution"].sum(), 2, signed=True)
    headings = ["element", "first in", "last out", "contribution", "likely range"]
    return columns(headings, [*rows, ["all together", "-", "-", total, ""]])


def _authority_lines(table: pandas.DataFrame) -> list[str]:
    rows = [
        [f"{row.knowing}, {row.deciding}", number(row.change, 2, signed=True), interval(row.low, row.high, 2)]
        for row in table[table["measure"] == "conversion"].itertuples()
    ]
    return columns(["", "change", "likely range"], rows)


def _removal_lines(table: pandas.DataFrame) -> list[str]:
    rows = [
        [
            labels.cause(row.cause),
            number(row.lost, 0),
            f"{100 * row.share:.1f} %",
            number(row.rescued, 0),
            number(row.removal_gain, 0, signed=True),
            interval(row.low, row.high, 0),
            number(row.gain_over_lost, 2),
        ]
        for row in table.itertuples()
    ]
    return columns(["cause", "lost", "share", "rescued", "gain", "likely range", "gain/lost"], rows)


def _where(folder: Path, names: Iterable[str], shown: bool) -> list[str]:
    """The files, and how the report gets them, if it does."""
    written = [f"Written  {folder / f'{name}.parquet'}" for name in names]
    return [*written, f"Report   simsuite report {shlex.quote(str(folder))}"] if shown else written
