"""Behind resume and report: the experiment that a results folder belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simsuite.api import Experiment, plan_comparison
from simsuite.errors import UsageError
from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.experiment.resolved import kept_scenario, path_of
from simsuite.scenario import Scenario, parse_overrides


def command_of(folder: Path) -> dict[str, Any]:
    """The last command that asked for runs in this folder, as it was recorded.

    Raises
    ------
    UsageError : no results folder, or what it holds cannot be resumed
    """
    if not (folder / JOURNAL_NAME).is_file():
        raise UsageError(f"{folder} is no results folder: it has no {JOURNAL_NAME}.")
    command = Journal.read(folder)[0].about.get("command", {})
    if command.get("kind") != "compare":
        raise UsageError(f"{folder} holds no comparison. Run the command that made it again; it goes on by itself.")
    return command


def experiment_of(folder: Path, command: dict[str, Any]) -> Experiment:
    """What a command asked for, of the scenarios as the folder keeps them.

    Where it keeps none, the files that the command named are read again, seen from the working directory.

    Raises
    ------
    UsageError, ScenarioError
    """
    kept = _kept_scenarios(folder, command)
    return plan_comparison(kept or command["scenarios"], command["strategies"], command["reference"], command["replications"],
                           command["seed"], parse_overrides(command["set"]), command["precision"],
                           () if kept else command["without"])


def _kept_scenarios(folder: Path, command: dict[str, Any]) -> list[Scenario]:
    """All scenarios of a command with everything that it changed in them; none if one is missing."""
    names = [Path(name).stem for name in command["scenarios"]]
    if not all(path_of(folder, name).is_file() for name in names):
        return []
    return [kept_scenario(folder, name, switched_off=command["without"]) for name in names]
