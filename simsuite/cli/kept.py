"""What a command asks for, and what the command asked for to which a results folder belongs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from simsuite.cli.sweep import Sweep, name_at, override, plan_sweep
from simsuite.errors import ScenarioWarning, SimsuiteError, UsageError
from simsuite.experiment.aside import put_aside
from simsuite.experiment.journal import JOURNAL_NAME, Journal, program_of
from simsuite.experiment.plan import Experiment, as_scenario, plan_comparison
from simsuite.experiment.program import program
from simsuite.experiment.resolved import kept_scenario, path_of
from simsuite.experiment.simulate import world_digest
from simsuite.scenario import Scenario, parse_overrides
from simsuite.scenario.origin import Given
from simsuite.scenario.views import differences
from simsuite.specs.scenario import ScenarioSpec

COMPARE, SWEEP = "compare", "sweep"  # kinds of recorded commands
MOST_NAMED = 3  # values that differ; more are read better in a diff


def command_of(folder: Path) -> dict[str, Any]:
    """The last command that asked for runs in this folder, as it was recorded.

    Raises
    ------
    UsageError : no results folder, or what it holds cannot be resumed
    """
    if not (folder / JOURNAL_NAME).is_file():
        raise UsageError(f"{folder} is no results folder: it has no {JOURNAL_NAME}.")
    command = Journal.read(folder)[0].about.get("command", {})
    if command.get("kind") not in (COMPARE, SWEEP):
        raise UsageError(f"{folder} does not say what made it. Run the command again; it goes on by itself.")
    return command


def words_at_work() -> list[str]:
    """The command that is at work, word by word."""
    return ["simsuite", *sys.argv[1:]]


def words_of(command: Mapping[str, Any]) -> list[str]:
    """A recorded command, word by word; that at work where its words were not recorded yet."""
    return list(command.get("words") or words_at_work())


def put_others_aside(folder: Path, experiment: Experiment) -> None:
    """What the folder holds of another experiment, or from another version of the program, is kept under another name.

    Raises
    ------
    StoreError
    """
    if (other := put_aside(folder, experiment.identity)) is not None:
        typer.echo(
            f"{folder} held the results of another scenario, strategy, seed, rule or version of the program. "
            f"They are now in {other}",
            err=True,
        )


def asked_scenario(
    name: str, set_: Sequence[str], seed: int | None, without: Sequence[str], further: Mapping[str, Any] | None = None
) -> Scenario:
    """The scenario that a command asks for: the file, then --set and --seed, then further values, then --without.

    Raises
    ------
    UsageError, ScenarioError
    """
    seeded = {} if seed is None else {"experiment.seed": Given(seed, f"--seed {seed}")}
    changes = parse_overrides(set_) | seeded | dict(further or {})
    return as_scenario(name, changes).without(without)


def comparison_of(folder: Path, command: Mapping[str, Any]) -> Experiment:
    """What a comparing command asked for, of the scenarios as the folder keeps them.

    Where it keeps none, the files that the command named are read again, seen from the working directory.

    Raises
    ------
    UsageError, ScenarioError
    """
    names = [Path(name).stem for name in command["scenarios"]]
    whole = all(path_of(folder, name).is_file() for name in names)
    if not whole:
        asked: Sequence[str | Scenario] = command["scenarios"]
        changes = {"seed": command["seed"], "overrides": parse_overrides(command["set"]), "without": command["without"]}
    else:  # what the folder keeps holds them already
        asked, changes = [kept_scenario(folder, name, command["without"]) for name in names], {}
    return plan_comparison(
        asked,
        command["strategies"],
        command["reference"] if len(asked) > 1 or not whole else None,
        command["replications"],
        precision=command["precision"],
        **changes,
    )


def sweep_of(folder: Path, command: Mapping[str, Any]) -> Sweep:
    """What a sweeping command asked for, in the same way as `comparison_of`.

    Raises
    ------
    UsageError, ScenarioError
    """
    name, changes = command["scenarios"][0], (command["set"], command["seed"], command["without"])
    stem = Path(name).stem

    def at(path: str, value: float) -> Scenario:
        if path_of(folder, name_at(stem, value)).is_file():
            return kept_scenario(folder, name_at(stem, value), command["without"])
        return asked_scenario(name, *changes, override(path, value))

    kept = path_of(folder, stem).is_file()
    scenario = kept_scenario(folder, stem, command["without"]) if kept else asked_scenario(name, *changes)
    return plan_sweep(scenario, at, command["over"], command["strategy"], command["replications"])


def why_not_shown(folder: Path, scenario: Scenario, strategy: str) -> str:
    """Why the report of a results folder leaves out what explains this strategy of this scenario, and what to do.

    Empty if the report shows it.
    """
    try:
        command = command_of(folder)
        if command["kind"] == SWEEP:
            return f"{folder} holds a sweep, which has none. Name another folder with --results."
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenarioWarning)
            experiment = comparison_of(folder, command)
    except SimsuiteError:
        return f"{folder} holds no comparison that can be read. Name another folder with --results."
    compared = experiment.scenario
    if experiment.others:
        return f"{folder} compares files, not strategies of one. Name another folder with --results."
    if program_of(folder) != program():
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
