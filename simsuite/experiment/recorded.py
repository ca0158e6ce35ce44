"""What asked for the runs of a results folder, as its journal records it: enough to go on with it from there alone."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simsuite.arguments import plain
from simsuite.errors import UsageError
from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.experiment.plan import Experiment, plan_comparison
from simsuite.experiment.resolved import are_kept, kept_scenario
from simsuite.files import FolderLock
from simsuite.scenario import parse_overrides

COMPARE, SWEEP = "compare", "sweep"  # kinds of recorded commands


def recorded(kind: str, words: Sequence[str], experiment: Experiment, **asked: Any) -> dict[str, Any]:
    """The record of what was asked for, for the journal.

    Parameters
    ----------
    kind : COMPARE or SWEEP
    words : of the command, or the call in Python as one word
    asked : scenarios (as they were named; None: in Python), strategies, reference, set, replications, precision,
        seed, without, over
    """
    kept = [scenario.name for scenario in experiment.scenarios]
    rules = sorted(experiment.rules.signature())
    said = json.loads(json.dumps(plain(asked), default=str))
    return {"kind": kind, "words": list(words), "kept": kept, "rules": rules, **said}


def words_at_work() -> list[str]:
    """The command that is at work, word by word."""
    return ["simsuite", *sys.argv[1:]]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[tuple[dict[str, Any], Journal, FolderLock]]:
    """The last record of a results folder, its journal, and its lock, which holds until the `with` statement ends.

    Raises
    ------
    UsageError : no results folder, or what it holds cannot be gone on with
    StoreError : another process works in it, or its journal cannot be read
    """
    if not (folder / JOURNAL_NAME).is_file():
        raise UsageError(f"{folder} is no results folder: it has no {JOURNAL_NAME}.{_meant(folder)}")
    with FolderLock(folder) as lock:
        command, journal = command_of(folder)
        yield command, journal, lock


def _meant(folder: Path) -> str:
    """The results folder of the scenario that was named instead of one; empty if there is none."""
    meant = Path("results") / folder.with_suffix("").name
    return f" Did you mean {meant}?" if (meant / JOURNAL_NAME).is_file() else ""


def command_of(folder: Path) -> tuple[dict[str, Any], Journal]:
    """The last record of a results folder, and its journal; errors as of `held`."""
    journal = Journal.read(folder)
    command = journal.about.get("command", {})
    if command.get("kind") not in (COMPARE, SWEEP):
        raise UsageError(
            f"{folder} does not say what made it. Run what made it again, the command or in Python; it goes on by itself."
        )
    if command.get("rules"):
        raise UsageError(
            f"{folder} was made in Python by other rules ({', '.join(command['rules'])}). Go on there: call the same "
            "simsuite.compare(..., rules=...) again, which keeps what is finished."
        )
    return command, journal


def comparison_of(folder: Path, command: Mapping[str, Any], journal: Journal) -> Experiment:
    """What a comparing command asked for, of the scenarios as the folder keeps them.

    Where it keeps none, the files that the command named are read again, seen from the working directory.

    Raises
    ------
    UsageError, ScenarioError
    StoreError : a scenario that it keeps was changed
    """
    precision = command["precision"]
    if are_kept(folder, command["kept"], journal):
        kept = [kept_scenario(folder, name, command["without"]) for name in command["kept"]]
        reference = command["reference"] if len(kept) > 1 else None  # of one, it is among the values that are kept
        return plan_comparison(kept, command["strategies"], reference, command["replications"], precision=precision)
    if command["scenarios"] is None:
        raise UsageError(
            f"{folder} was made in Python, and does not keep its scenarios any more (resolved/). Go on there: call the "
            "same simsuite.compare(...) again, which keeps what is finished."
        )
    return plan_comparison(
        command["scenarios"],
        command["strategies"],
        command["reference"],
        command["replications"],
        command["seed"],
        parse_overrides(command["set"]),
        precision,
        command["without"],
    )
