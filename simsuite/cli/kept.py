"""What a command asks for, and what the command asked for to which a results folder belongs."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simsuite.cli.sweep import Sweep, name_at, override, plan_sweep
from simsuite.errors import ScenarioWarning, SimsuiteError
from simsuite.experiment.journal import Journal
from simsuite.experiment.plan import as_scenario, said_once
from simsuite.experiment.recorded import SWEEP, command_of, comparison_of
from simsuite.experiment.resolved import are_kept, kept_scenario
from simsuite.experiment.simulate import world_digest
from simsuite.scenario import Scenario, parse_overrides
from simsuite.scenario.origin import Given
from simsuite.scenario.views import differences
from simsuite.specs.scenario import ScenarioSpec

MOST_NAMED = 3  # values that differ; more are read better in a diff


def asked_scenario(
    name: str, set_: Sequence[str], seed: int | None, without: Sequence[str], further: Mapping[str, Any] | None = None
) -> Scenario:
    """The scenario that a command asks for: the file, then --set and --seed, then further values, then --without.

    Raises
    ------
    UsageError, ScenarioError
    """
    seeded = {} if seed is None else {"experiment.seed": Given(seed, f"--seed {seed}")}
    said = parse_overrides(set_)
    said_once("seed", seed, "experiment.seed", said)
    changes = said | seeded | dict(further or {})
    return as_scenario(name, changes).without(without)


def sweep_of(folder: Path, command: Mapping[str, Any], journal: Journal) -> Sweep:
    """What a sweeping command asked for, in the same way as `comparison_of`.

    Raises
    ------
    UsageError, ScenarioError, StoreError
    """
    name, changes = command["scenarios"][0], (command["set"], command["seed"], command["without"])
    stem = command["kept"][0]

    def at(path: str, value: float) -> Scenario:
        if are_kept(folder, [name_at(stem, value)], journal):
            return kept_scenario(folder, name_at(stem, value), command["without"])
        return asked_scenario(name, *changes, override(path, value))

    kept = are_kept(folder, [stem], journal)
    scenario = kept_scenario(folder, stem, command["without"]) if kept else asked_scenario(name, *changes)
    return plan_sweep(scenario, at, command["over"], command["strategy"], command["replications"])


def why_not_shown(folder: Path, scenario: Scenario, strategy: str) -> str:
    """Why the report of a results folder leaves out what explains this strategy of this scenario, and what to do.

    Empty if the report shows it.
    """
    try:
        command, journal = command_of(folder)
        if command["kind"] == SWEEP:
            return f"{folder} holds a sweep, which has none. Name another folder with --results."
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenarioWarning)
            experiment = comparison_of(folder, command, journal)
    except SimsuiteError:
        return f"{folder} holds no comparison that can be read. Name another folder with --results."
    compared = experiment.scenario
    if experiment.others:
        return f"{folder} compares files, not strategies of one. Name another folder with --results."
    if not journal.of_this_program:
        return (
            f"the comparison in {folder} was made by another version of the program. Compare anew first, with simsuite compare; "
            "that puts aside what is there, explanations included."
        )
    if named := _what_decides(compared.spec, scenario.spec):
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        return (
            f"the comparison in {folder} has other values ({', '.join(named[:MOST_NAMED])}{more}). Say the same --set, --seed "
            "and --without as there, or name another folder with --results."
        )
    if strategy not in {arm.name for arm in experiment.arms}:
        return f"{strategy} is not compared in {folder}. Compare it there too, or name another folder with --results."
    return ""


def _what_decides(left: ScenarioSpec, right: ScenarioSpec) -> list[str]:
    """Paths of the values that differ and that a run depends on: those that the world digest covers, and the seed."""

    def decides(path: str) -> bool:
        section, _, name = path.partition(".")
        value = getattr(right, section)
        if section == "experiment":
            value = left.experiment.model_copy(update={name: getattr(value, name)})
        return path == "experiment.seed" or world_digest(left.model_copy(update={section: value})) != world_digest(left)

    return [each.path for each in differences(left, right) if decides(each.path)]
