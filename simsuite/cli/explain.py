"""Behind the commands that explain a comparison: waterfall with authority, and removal of causes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.api import Experiment, Results, carry_out, headline_measures
from simsuite.cli.parts import compared_strategy
from simsuite.experiment.decompose import authority_table, decomposition_arms, waterfall_table
from simsuite.experiment.explanations import AUTHORITY, REMOVAL, WATERFALL, keep_explanation, runs_folder
from simsuite.experiment.journal import JOURNAL_NAME
from simsuite.experiment.removal import removal_arms, removal_table
from simsuite.report.labels import switched_off
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
    results = _run(wish, scenario, arms, runs_folder(folder, f"{WATERFALL}_{compared}"))
    tables = {WATERFALL: waterfall_table(results.measures, reference, compared, elements, level=level),
              AUTHORITY: authority_table(results.measures, reference, headline_measures(), level)}
    for name, table in tables.items():
        keep_explanation(folder, name, table, scenario.spec, compared, _replications(results))
    if as_json:
        return _as_data(tables)
    return "\n".join([_title(f"From {reference} to {compared}: orders per 100 needs", results), "",
                      *_waterfall_lines(tables[WATERFALL]), "", f"Knowing and deciding (change against {reference})",
                      *_authority_lines(tables[AUTHORITY]), "",
                      "First in: alone on top of the reference. Last out: taken away from the whole.",
                      "Likely ranges cover luck only, not assumptions.", "", *_where(folder, tables)])


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
    results = _run(wish, scenario, removal_arms(scenario.spec, strategy), runs_folder(folder, f"{REMOVAL}_{strategy}"))
    table = removal_table(results.ledger, results.tables["twins"], results.tables["saved_from"], strategy,
                          level=scenario.spec.experiment.level)
    keep_explanation(folder, REMOVAL, table, scenario.spec, strategy, _replications(results))
    if as_json:
        return _as_data({REMOVAL: table})
    return "\n".join([_title(f"{scenario.name} under {strategy}: planned journeys per run", results), "",
                      *_removal_lines(table), "",
                      "Rescued: lost to the cause, ordered without it. Shares add up, gains do not.",
                      "Likely ranges are Monte Carlo only: luck, not assumptions.", "", *_where(folder, {REMOVAL: table})])


def _run(wish: Wish, scenario: Scenario, arms: list[Arm], folder: Path) -> Results:
    """Carry out what is not there yet; interrupted work goes on."""
    experiment = Experiment(f"{scenario.name}_{folder.name}", scenario, arms, wish.replications)
    results, execution = carry_out(experiment, folder, wish.workers, wish.fresh, progress=True)
    execution.raise_failures()
    return results


def _replications(results: Results) -> int:
    return int(results.measures["replication"].nunique())


def _title(what: str, results: Results) -> str:
    """What is shown, from how many runs, and what was switched off in them."""
    return f"{what}, {_replications(results)} paired runs.\n{switched_off(results.experiment.scenario)}".rstrip()


def _as_data(tables: Mapping[str, pandas.DataFrame]) -> str:
    return json.dumps({name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}, indent=2)


def _waterfall_lines(table: pandas.DataFrame) -> list[str]:
    lines = [f"{'':<16}{'first in':>10}{'last out':>10}{'mean':>10}   likely range"]
    for row in table.itertuples():
        ends = "".join(f"{value:>+10.2f}" if value == value else f"{'':>10}" for value in (row.first_in, row.last_out))
        lines.append(f"{row.element:<16}{ends}{row.contribution:>+10.2f}   {row.low:+.2f} to {row.high:+.2f}")
    return [*lines, f"{'all together':<16}{'':>20}{table['contribution'].sum():>+10.2f}"]


def _authority_lines(table: pandas.DataFrame) -> list[str]:
    rows = table[table["measure"] == "conversion"].itertuples()
    return [f"  {f'{row.knowing}, {row.deciding}':<26}{row.change:>+8.2f}   {row.low:+.2f} to {row.high:+.2f}" for row in rows]


def _removal_lines(table: pandas.DataFrame) -> list[str]:
    lines = [f"{'cause':<17}{'lost':>7}{'share':>8}{'rescued':>9}{'gain':>8}   {'likely range':<16}{'gain/lost':>9}"]
    for row in table.itertuples():
        quotient = f"{row.gain_over_lost:>9.2f}" if row.gain_over_lost == row.gain_over_lost else f"{'-':>9}"
        span = f"{row.low:+.0f} to {row.high:+.0f}"
        lines.append(f"{row.cause.lower().replace('_', ' '):<17}{row.lost:>7.0f}{row.share:>8.1%}{row.rescued:>9.0f}"
                     f"{row.removal_gain:>+8.0f}   {span:<16}{quotient}")
    return lines


def _where(folder: Path, names: Mapping[str, Any]) -> list[str]:
    """The files, and how the report gets them."""
    written = [f"Written  {folder / f'{name}.parquet'}" for name in names]
    return [*written, f"Report   simsuite report {folder}"] if (folder / JOURNAL_NAME).is_file() else written
