"""Behind the smaller commands: waterfall, removal of causes, one customer's story, export of an event log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simsuite.api import Experiment, as_scenario, carry_out, run
from simsuite.errors import UsageError
from simsuite.experiment.decompose import (
    knowing_and_deciding_arms,
    removal_arms,
    removal_table,
    waterfall_arms,
    waterfall_table,
)
from simsuite.experiment.simulate import Simulation, arms_of
from simsuite.rulebook import standard_rules
from simsuite.scenario import Scenario


def compared_strategy(scenario: Scenario, name: str | None) -> str:
    """The named strategy, or the first that is not the reference."""
    known = list(scenario.spec.strategies)
    if name is not None:
        if name not in known:
            raise UsageError(f"{scenario.name} has no strategy {name!r}. It has: {', '.join(known)}.")
        return name
    others = [each for each in known if each != scenario.spec.experiment.reference]
    if not others:
        raise UsageError(f"{scenario.name} has one strategy only; add a [strategies.<name>] table.")
    return others[0]


def _with_seed(overrides: dict[str, Any], seed: int | None) -> dict[str, Any]:
    return overrides if seed is None else {**overrides, "experiment.seed": seed}


def waterfall_text(name: str, strategy: str | None, overrides: dict[str, Any], replications: int, seed: int | None,
                   workers: int | None, as_json: bool, folder: Path) -> str:
    """Waterfall and the table information x authority, in words or as data."""
    scenario = as_scenario(name, _with_seed(overrides, seed))
    compared = compared_strategy(scenario, strategy)
    reference = scenario.spec.experiment.reference
    arms, elements = waterfall_arms(scenario.spec, compared)
    if not elements:
        raise UsageError(f"{reference} and {compared} do not differ.")
    experiment = Experiment(f"{scenario.name}_waterfall", scenario, arms, replications)
    results, execution = carry_out(experiment, folder / experiment.name, workers, progress=True)
    execution.raise_failures()
    table = waterfall_table(results.measures, reference, compared, elements)
    square, execution = carry_out(
        Experiment(f"{scenario.name}_knowing_and_deciding", scenario, knowing_and_deciding_arms(scenario.spec, compared), replications),
        folder / f"{scenario.name}_knowing_and_deciding", workers, progress=True)
    execution.raise_failures()
    grid = square.table[square.table["measure"] == "conversion"][["strategy", "change", "low", "high"]]
    if as_json:
        return json.dumps({"waterfall": json.loads(table.to_json(orient="records")),
                           "knowing_and_deciding": json.loads(grid.to_json(orient="records"))}, indent=2)
    lines = [f"From {reference} to {compared}: orders per 100 needs, {replications} paired runs.", "",
             f"{'':<16}{'first in':>10}{'last out':>10}{'mean':>10}   likely range"]
    for row in table.itertuples():
        ends = "".join(f"{value:>+10.2f}" if value == value else f"{'':>10}" for value in (row.first_in, row.last_out))
        lines.append(f"{row.element:<16}{ends}{row.contribution:>+10.2f}   {row.low:+.2f} to {row.high:+.2f}")
    total = results.table[(results.table["measure"] == "conversion") & (results.table["strategy"] == compared)]["change"].iloc[0]
    lines += [f"{'all together':<16}{'':>20}{total:>+10.2f}", "", f"Knowing and deciding (change against {reference})"]
    lines += [f"  {row.strategy:<26}{row.change:>+8.2f}   {row.low:+.2f} to {row.high:+.2f}" for row in grid.itertuples()]
    lines += ["", "First in: alone on top of the reference. Last out: taken away from the whole.",
              "Likely ranges cover luck only, not assumptions."]
    return "\n".join(lines)


def removal_text(name: str, strategy: str | None, overrides: dict[str, Any], replications: int, seed: int | None,
                 workers: int | None, as_json: bool) -> str:
    """Every cause silenced in turn."""
    scenario = as_scenario(name, _with_seed(overrides, seed))
    chosen = strategy or scenario.spec.experiment.reference
    compared_strategy(scenario, chosen)
    experiment = Experiment(f"{scenario.name}_removal", scenario, removal_arms(scenario.spec, chosen), replications)
    results, execution = carry_out(experiment, None, workers, progress=True)
    execution.raise_failures()
    table = removal_table(results.measures, results.ledger, chosen)
    if as_json:
        return table.to_json(orient="records", indent=2)
    lines = [f"{scenario.name} under {chosen}: {replications} paired runs. Removal gains do not add up.", "",
             f"{'cause':<18}{'lost':>9}{'share':>8}{'orders gained':>15}{'gained / lost':>15}"]
    for row in table.itertuples():
        quotient = f"{row.gain_over_lost:>15.2f}" if row.gain_over_lost == row.gain_over_lost else f"{'-':>15}"
        lines.append(f"{row.cause.lower().replace('_', ' '):<18}{row.lost:>9.0f}{row.share:>8.1%}{row.removal_gain:>15.0f}{quotient}")
    return "\n".join(lines)


def story_of(name: str, customer: int | None, strategy: str | None, replication: int, overrides: dict[str, Any],
             seed: int | None) -> str:
    """One customer's days in both worlds."""
    from simsuite.report.story import interesting_customers, story_text, tell
    from simsuite.report.words import titles_of

    scenario = as_scenario(name, _with_seed(overrides, seed))
    compared = compared_strategy(scenario, strategy)
    arms = arms_of(scenario.spec, [compared])
    worlds = Simulation(arms, standard_rules(), logged_replications=replication + 1).results(replication)
    reference, other = worlds[arms[0].name], worlds[compared]
    number = customer
    if number is None:
        found = interesting_customers(reference, other, 1)
        if not found:
            return "No customer's days differ between the two worlds."
        number = found[0]
    if number >= len(reference.customers):
        raise UsageError(f"--customer {number}: there are customers 0 to {len(reference.customers) - 1}.")
    return story_text(tell(reference, other, number, titles_of(scenario.spec, arms[0].name, compared)))


def export_run(name: str, to: Path, strategy: str | None, journeys: bool, replication: int, overrides: dict[str, Any],
               seed: int | None) -> str:
    """Write the event log, or one row per need, of one run."""
    from simsuite.report import export

    if to.suffix not in (".csv", ".parquet"):
        raise UsageError(f"--to {to}: the file must end in .csv or .parquet.")
    result = run(name, strategy, replication, seed, overrides, events=True)
    categories = list(as_scenario(name, overrides).spec.categories)
    table = export.journeys_table(result, categories) if journeys else export.events_table(result)
    to.parent.mkdir(parents=True, exist_ok=True)
    export.write_table(table, to)
    return f"{len(table):,} {'journeys' if journeys else 'events'} of {result.strategy}, replication {replication}: {to}"
