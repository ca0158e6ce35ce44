"""What stands behind an answer: where the report lies, and one command to go on with, with the options that ask for the same world."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from simsuite.experiment.comparison import Comparison
from simsuite.experiment.resolved import path_of
from simsuite.report.said.terminal import WIDTH
from simsuite.scenario.library import known_as, shown_path
from simsuite.scenario.written import toml_value

if TYPE_CHECKING:
    from simsuite.scenario import Scenario


def lines(scenario: Scenario, comparison: Comparison, folder: Path | None, report: str | None, explained: bool) -> str:
    """Where the report lies, if there is one, and the next command.

    folder : of the results, if they are kept
    explained : the difference has been taken apart already, or cannot be
    """
    command = look_up(scenario, folder) if explained else take_apart(scenario, comparison, folder)
    return f"Report   {report}\n{command}" if report else command


def took(seconds: float) -> str:
    """How long it took by the clock, in whole seconds."""
    return f"Time     {max(round(seconds), 1)} s"


def take_apart(scenario: Scenario, comparison: Comparison, folder: Path | None) -> str:
    """The command that takes the difference apart, with the options that ask for the same runs and folder."""
    words = ["waterfall", named(scenario, folder)]
    first = next(name for name in scenario.spec.strategies if name != comparison.reference)
    if comparison.strategies[0] != first:
        words += ["--strategy", comparison.strategies[0]]
    for path, value in scenario.set_values.items():
        words += ["--seed", str(value)] if path == "experiment.seed" else _set(path, value)
    words += _without(scenario)
    if folder not in (None, Path("results", scenario.name)):
        words += ["--results", str(folder)]
    return _line(words, "what each flow adds")


def look_up(scenario: Scenario, folder: Path | None) -> str:
    """The command that shows every value of the scenario that was run."""
    options = [word for path, value in scenario.set_values.items() for word in _set(path, value)]
    return _line(["show", named(scenario, folder), "--origin", *options, *_without(scenario)], "where values come from")


def named(scenario: Scenario, folder: Path | None) -> str:
    """A scenario from elsewhere goes by the file that the results folder keeps, also where another has its name."""
    found = known_as(scenario.name)
    known = found and shown_path(found) in {origin.file for origin in scenario.origins.values()}
    if folder is not None and not known:
        return str(path_of(folder, scenario.name))
    return str(found) if known and Path(scenario.name).suffix == ".toml" else scenario.name


def _set(path: str, value: object) -> list[str]:
    return ["--set", f"{path}={toml_value(value)}"]


def _without(scenario: Scenario) -> list[str]:
    return [word for mechanism in scenario.switched_off for word in ("--without", mechanism)]


def _line(words: list[str], what: str) -> str:
    line = f"Next     simsuite {shlex.join(words)}   {what}"
    return line if len(line) <= WIDTH else f"Next     {what}:\n{_wrapped(['simsuite', *words])}"


def _wrapped(words: list[str]) -> str:
    """A command over several lines, which a shell reads as one."""
    lines = [words[0]]
    for word in map(shlex.quote, words[1:]):
        if len(f"{lines[-1]} {word}") > WIDTH - 2:  # a blank and a backslash follow
            lines.append(f"  {word}")
        else:
            lines[-1] += f" {word}"
    return " \\\n".join(lines)
