"""Behind the commands that explain a comparison: waterfall with authority, and removal of causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simsuite.cli.kept import put_others_aside, why_not_shown
from simsuite.cli.story_and_export import as_data, compared_strategy
from simsuite.experiment.decompose import authority_table, decomposition_arms, waterfall_table
from simsuite.experiment.explanations import AUTHORITY, REMOVAL, WATERFALL, keep_explanation, runs_folder
from simsuite.experiment.journal import JOURNAL_NAME
from simsuite.experiment.plan import Experiment
from simsuite.experiment.removal import removal_arms, removal_table
from simsuite.experiment.results import Results, carry_out
from simsuite.metrics.measure import headline_measures
from simsuite.report.said import labels
from simsuite.report.said.labels import interval, number, switched_off
from simsuite.report.said.terminal import columns, filled
from simsuite.scenario import Scenario

if TYPE_CHECKING:
    import pandas

    from simsuite.experiment.simulate import Arm


@dataclass(frozen=True)
class Wish:
    """What is to be explained, and how it is run.

    strategy : None: the default of the command
    folder : results folder of the comparison
    """

    scenario: Scenario
    strategy: str | None
    replications: int
    folder: Path
    workers: int | None = None
    fresh: bool = False


def explain_difference(wish: Wish, as_json: bool) -> str:
    """Write waterfall.parquet and authority.parquet; both in words, or as data.

    Raises
    ------
    UsageError, ScenarioError, StoreError, RunError
    """
    scenario, folder = wish.scenario, wish.folder
    compared = compared_strategy(scenario, wish.strategy)
    reference, level = scenario.spec.experiment.reference, scenario.spec.experiment.level
    arms, elements = decomposition_arms(scenario.spec, compared)
    shown = _will_be_shown(wish, compared)
    results = _run(wish, scenario, arms, runs_folder(folder, f"{WATERFALL}_{compared}"))
    tables = {
        WATERFALL: waterfall_table(results.measures, reference, compared, elements, level=level),
        AUTHORITY: authority_table(results.measures, reference, headline_measures(), level),
    }
    for name, table in tables.items():
        keep_explanation(folder, name, table, scenario.spec, compared, _replications(results))
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
            *_where(folder, tables, shown),
        ]
    )


def explain_losses(wish: Wish, as_json: bool) -> str:
    """Write removal.parquet: every cause silenced in turn; in words, or as data.

    Raises
    ------
    UsageError, ScenarioError, StoreError, RunError
    """
    scenario, folder = wish.scenario, wish.folder
    strategy = wish.strategy or scenario.spec.experiment.reference
    if wish.strategy is not None:
        compared_strategy(scenario, strategy)
    shown = _will_be_shown(wish, strategy)
    results = _run(wish, scenario, removal_arms(scenario.spec, strategy), runs_folder(folder, f"{REMOVAL}_{strategy}"))
    table = removal_table(
        results.ledger,
        results.tables["twins"],
        results.tables["saved_from"],
        strategy,
        level=scenario.spec.experiment.level,
    )
    keep_explanation(folder, REMOVAL, table, scenario.spec, strategy, _replications(results))
    if as_json:
        return as_data(scenario, strategy=strategy, replications=_replications(results), removal=table)
    return "\n".join(
        [
            _title(f"{scenario.name} under {strategy}: planned journeys per run", results),
            "",
            *_removal_lines(table),
            "",
            "Rescued: lost to the cause, ordered without it. Shares add up, gains do not.",
            "Likely ranges are Monte Carlo only: luck, not assumptions.",
            "",
            *_where(folder, [REMOVAL], shown),
        ]
    )


def _will_be_shown(wish: Wish, strategy: str) -> bool:
    """Whether the folder has a report that will show what is asked for; if its report will not, says why before anything runs."""
    if not (wish.folder / JOURNAL_NAME).is_file():
        return False
    if why := why_not_shown(wish.folder, wish.scenario, strategy):
        typer.echo(filled(f"The report will not show this: {why}"), err=True)
    return not why


def _run(wish: Wish, scenario: Scenario, arms: list[Arm], folder: Path) -> Results:
    """Carry out what is not there yet: interrupted work goes on, runs of another version of the program do not count."""
    experiment = Experiment(f"{scenario.name}_{folder.name}", scenario, arms, wish.replications)
    if not wish.fresh:
        put_others_aside(folder, experiment)
    results, execution = carry_out(experiment, folder, wish.workers, wish.fresh, progress=True)
    execution.raise_failures()
    return results


def _replications(results: Results) -> int:
    return int(results.measures["replication"].nunique())


def _title(what: str, results: Results) -> str:
    """What is shown, from how many runs, and what was switched off in them."""
    return f"{what}, {_replications(results)} paired runs.\n{switched_off(results.experiment.scenario)}".rstrip()


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
    return [*written, f"Report   simsuite report {folder}"] if shown else written
