"""Behind the smaller commands: one customer's story, export of an event log."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simsuite.arguments import whole_number
from simsuite.engines.checked import replication_number
from simsuite.errors import UsageError
from simsuite.experiment.simulate import Simulation, arms_of
from simsuite.experiment.single_run import run_once
from simsuite.files import errors_in_words
from simsuite.machine.rulebook import standard_rules
from simsuite.report.said.answer import period_as_data
from simsuite.report.said.labels import switched_off
from simsuite.scenario import Scenario
from simsuite.scenario.views import strategy_of


def compared_strategy(scenario: Scenario, name: str | None) -> str:
    """The named strategy, or the first that is not the reference."""
    known = list(scenario.spec.strategies)
    if name is not None and strategy_of(scenario, name) and name == scenario.spec.experiment.reference:
        raise UsageError(f"--strategy {name}: this is the reference of {scenario.name}; name one to compare with it.")
    if name is not None:
        return name
    others = [each for each in known if each != scenario.spec.experiment.reference]
    if not others:
        raise UsageError(f"{scenario.name} has one strategy only; add a [strategies.<name>] table.")
    return others[0]


def story_of(scenario: Scenario, customer: int | None, strategy: str | None, replication: int, as_json: bool) -> str:
    """One customer's days in both worlds, in words or as data.

    As data: which worlds, and the story, whose fields `report.story.Story` describes; null if
    nobody's days differ.
    """
    from simsuite.lives.sentences import titles_of
    from simsuite.lives.story import interesting_customers, story_text, tell

    compared, replication = compared_strategy(scenario, strategy), replication_number(replication)
    if customer is not None:
        customer = whole_number("customer", customer, 0, scenario.spec.population.customers - 1)
    arms = arms_of(scenario.spec, [compared])
    worlds = Simulation(arms, standard_rules(), logged_replications=replication + 1).results(replication)
    reference, other = worlds[arms[0].name], worlds[compared]
    numbers = [customer] if customer is not None else interesting_customers(reference, other, 1)
    told = [tell(reference, other, number, titles_of(scenario.spec, arms[0].name, compared)) for number in numbers]
    if as_json:
        return as_data(
            scenario,
            replication=replication,
            reference=arms[0].name,
            strategy=compared,
            story=asdict(told[0]) if told else None,
        )
    return _in_words(story_text(told[0]) if told else "No customer's days differ between the two worlds.", scenario)


def export_run(
    scenario: Scenario, to: Path, strategy: str | None, journeys: bool, replication: int, as_json: bool
) -> str:
    """Write the event log, or one row per need, of one run; says what was written, in words or as data."""
    from simsuite.lives import log_tables as export

    if to.suffix not in (".csv", ".parquet"):
        raise UsageError(f"--to {to}: the file must end in .csv or .parquet.")
    result = run_once(scenario, strategy, replication, events=True)
    table = result.journeys if journeys else export.events_table(result)
    with errors_in_words("write", to):
        to.parent.mkdir(parents=True, exist_ok=True)
        export.write_table(table, to)
    kind = "journeys" if journeys else "events"
    if as_json:
        return as_data(
            scenario,
            replication=replication,
            strategy=result.strategy,
            written=str(to),
            holds=kind,
            rows=len(table),
            columns=list(table.columns),
        )
    return _in_words(f"{len(table):,} {kind} of {result.strategy}, replication {replication}: {to}", scenario)


def _in_words(text: str, scenario: Scenario) -> str:
    """The text, and below it what was switched off, if anything was."""
    return f"{text}\n{switched_off(scenario)}".rstrip("\n")


def as_data(scenario: Scenario, **found: Any) -> str:
    """JSON: which scenario, what was set and switched off in it, and what was found; a data frame as records."""
    which = {
        "scenario": scenario.name,
        "seed": scenario.spec.experiment.seed,
        "switched_off": scenario.switched_off,
        "set": scenario.set_values,
        "period": period_as_data(scenario),
    }
    tables = {
        name: json.loads(value.to_json(orient="records")) for name, value in found.items() if hasattr(value, "to_json")
    }
    return json.dumps({**which, **found, **tables}, indent=2, ensure_ascii=False)
