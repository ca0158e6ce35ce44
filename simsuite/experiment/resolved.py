"""The scenarios of an experiment as its results folder keeps them: whoever goes on with it needs no other file."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simsuite.errors import ScenarioWarning, StoreError
from simsuite.experiment.journal import Journal
from simsuite.experiment.store import ResultsStore
from simsuite.files import file_digest
from simsuite.scenario import Scenario, load, parse_overrides
from simsuite.scenario.fields import declared, leaves
from simsuite.scenario.loading import consumed_by
from simsuite.scenario.origin import Origin
from simsuite.scenario.written import toml_value
from simsuite.specs.scenario import ScenarioSpec

RESOLVED = "resolved"
OPTION = "# --set "


def keep_scenarios(store: ResultsStore, scenarios: Iterable[Scenario]) -> None:
    """Write resolved/<name>.toml for each: every value with unit, source and origin.

    Raises
    ------
    StoreError
    """
    for scenario in scenarios:
        store.write(f"{RESOLVED}/{scenario.name}.toml", scenario.text.encode(), read_back=True)


def path_of(folder: Path, name: str) -> Path:
    """Where a results folder keeps the scenario of this name."""
    return folder / RESOLVED / f"{name}.toml"


def are_kept(folder: Path, names: Iterable[str], journal: Journal) -> bool:
    """Whether a results folder has the scenarios of these names.

    Raises
    ------
    StoreError : one of them is not as it was written
    """
    paths = [path_of(folder, name) for name in names]
    for path in filter(Path.is_file, paths):
        if file_digest(path) != journal.files.get(path.relative_to(folder).as_posix()):
            raise StoreError(
                f"{path} is not as simsuite wrote it: changed or damaged. Put it back, or run the command that asked "
                "for these runs again, which writes it anew and keeps what is finished."
            )
    return all(path.is_file() for path in paths)


def kept_scenario(folder: Path, name: str, switched_off: Sequence[str] = ()) -> Scenario:
    """A scenario as it was kept: the same values, and the origin that each had then. What it warns of was said when it was kept.

    Parameters
    ----------
    switched_off : mechanisms that were; the file holds their off values already

    Raises
    ------
    ScenarioError : the file is not there, or not valid
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        scenario = load(path_of(folder, name))
    origins = {
        ".".join(path): _first_origin(path, value, scenario.origins[".".join(path)])
        for path, value in leaves(scenario.spec)
    }
    lines = path_of(folder, name).read_text(encoding="utf-8").split("\n")
    options = parse_overrides(line.removeprefix(OPTION) for line in lines if line.startswith(OPTION))
    return replace(scenario, origins=origins, switched_off=tuple(switched_off), consumed=consumed_by(options, origins))


def _first_origin(path: tuple[str, ...], value: Any, place: Origin) -> Origin:
    """What the comment behind a value says about its origin; the place itself if it does not."""
    about = declared(ScenarioSpec, path)
    words = [word for word in (about.unit, about.source) if word] if about else []
    before = f"{path[-1]} = {toml_value(value)}  # " + "".join(f"{word}; " for word in words)
    return Origin(place.text.removeprefix(before)) if place.text and place.text.startswith(before) else place
