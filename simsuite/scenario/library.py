"""Finding scenario files and catalog entries by name, and nothing outside of their folders."""

from __future__ import annotations

import os
import re
from pathlib import Path

from simsuite.arguments import argument
from simsuite.errors import ScenarioError, UsageError
from simsuite.scenario.origin import Origin
from simsuite.scenario.source import names_in
from simsuite.scenario.words import completed, did_you_mean, printable, shown_name, shown_value

PACKAGE = Path(__file__).parent.parent
OURS = "catalog/"  # how messages begin the name of a file that comes with the catalog
CATALOG = PACKAGE / "specs" / "catalog"
SCENARIOS = Path("scenarios")  # in the working directory
IN_SOURCES, INSTALLED = PACKAGE.parent / "scenarios", PACKAGE / "scenarios"
PACKAGED = IN_SOURCES if (PACKAGE.parent / "pyproject.toml").is_file() else INSTALLED  # the same files, see pyproject
ONE = {
    "channels": "channel",
    "segments": "segment",
    "categories": "category",
    "strategies": "strategy",
}
SECTIONS = tuple(ONE)  # tables whose entries the catalog holds too
CODED = ("channels", "segments", "categories")  # of them, those whose entries have a code
KEYS_OF_SCENARIOS = {
    "extends",
    "population",
    "parameters",
    "experiment",
    *SECTIONS,
}  # one of them says that a file is one
MOST_LISTED = 20  # names in one message
MOST_LOOKED_INTO = 200  # files beside the one that was asked for
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLAIN_NAME = re.compile(r"[^/\\:.][^/\\:]*")  # of a file in the same folder
CODE_RULE = "small letters, digits and _, beginning with a letter, at most 40"


def is_code(name: object) -> bool:
    """Whether this can be the name of a channel, strategy, segment, category or scenario."""
    return isinstance(name, str) and CODE.fullmatch(name) is not None


def shown_path(path: Path) -> str:
    """How messages name a file: "catalog/...", as seen from the working directory, or "simsuite/scenarios/..."."""
    absolute = Path(os.path.abspath(path))
    for base, prefix in ((CATALOG, OURS), (Path.cwd(), ""), (PACKAGED, "simsuite/scenarios/")):
        if absolute.is_relative_to(base):
            path_from_there = absolute.relative_to(base).as_posix()
            if not prefix and path_from_there.startswith(OURS):  # somebody's own folder of that name
                prefix = "./"
            return printable(prefix + path_from_there)
    return printable(str(absolute))


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a scenario.

    A name without .toml is looked for in the folder `scenarios` of the working
    directory, then among the scenarios that come with simsuite and the worlds of the catalog.

    Raises
    ------
    ScenarioError
        There is none; says what was perhaps meant.
    """
    if not isinstance(name_or_path, (str, os.PathLike)):
        raise UsageError(
            f"{argument('scenario', name_or_path)}: this must be a name or a path; several are arguments of their own."
        )
    path = Path(name_or_path)
    by_name = [folder / f"{path}.toml" for folder in _folders()] if _is_name(path) else []
    candidates = [*by_name, path]
    found = next((candidate for candidate in candidates if os.path.lexists(candidate)), None)
    if found is None:
        raise ScenarioError(_missing(path))
    return found


def known_as(name: str) -> Path | None:
    """The file that is found by this name alone; None if there is none."""
    files = (folder / f"{name}.toml" for folder in _folders())
    return next(filter(Path.is_file, files), None)


def _folders() -> tuple[Path, ...]:
    """Where a name is looked up; the own folder comes first."""
    return SCENARIOS, PACKAGED, CATALOG / "worlds"


def _is_name(path: Path) -> bool:
    return path.suffix != ".toml" and len(path.parts) == 1


def _missing(path: Path) -> str:
    where = f": names are looked up in ./{SCENARIOS} and among those of simsuite" if _is_name(path) else ""
    text = f"there is no scenario {shown_value(str(path))}{where}."
    near = {file.stem: file.stem for folder in reversed(_folders()) for file in _scenarios_in(folder)}
    near |= {file.stem: file.as_posix() for file in _scenarios_in(path.parent)}
    meant = completed(path.stem, near) or did_you_mean(path.stem, near)
    if meant:
        return f"{text} Did you mean '{printable(near[meant])}'?"
    known = ", ".join(map(shown_name, sorted(near)[:MOST_LISTED])) or "none"
    return f"{text} Known by name: {known}. 'simsuite new NAME' writes one."


def catalog_file(section: str, name: str) -> Path | None:
    """The file of a catalog entry, None if there is none of this name."""
    path = CATALOG / section / f"{name}.toml"
    return path if is_code(name) and path.is_file() else None


def catalog_names(section: str) -> list[str]:
    """Everything that the catalog holds of one section, "worlds" included."""
    return _names_in(CATALOG / section)


def is_in_catalog(origin: Origin) -> bool:
    """Whether a value was written in the catalog."""
    return origin.file.startswith(OURS)


def _names_in(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.toml"))


def _scenarios_in(folder: Path) -> list[Path]:
    """The files of a folder that are scenarios, as far as their tables tell; of very many the first."""
    return [file for file in sorted(folder.glob("*.toml"))[:MOST_LOOKED_INTO] if _is_scenario(file)]


def _is_scenario(file: Path) -> bool:
    """Nobody asked for this file: what is no ordinary one, too large or too deep is left alone, as if it were asked for."""
    try:
        return not KEYS_OF_SCENARIOS.isdisjoint(names_in(file))
    except ScenarioError:
        return file.parent == SCENARIOS  # what lies there is meant as one, and `check` says what is wrong with it


def parent_file(extends: object, child: Path, origin: Origin) -> Path:
    """The file that `extends = ...` of a whole scenario means.

    A name is that of a world of the catalog, else of a file in the folder of `child` that is not `child` itself,
    else of a scenario that comes with simsuite: what it means never depends on the working directory.

    Parameters
    ----------
    extends : name, or file name relative to the folder of `child`
    child : file in which it stands
    origin : its place there

    Raises
    ------
    ScenarioError
        Not text, outside of the folder of `child`, the catalog and simsuite, or not there.
    """
    if not isinstance(extends, str) or not extends.isprintable():
        raise origin.error(f"extends = {shown_value(extends)} must be the name of one scenario, in quotes.")
    if extends.endswith(".toml"):
        return _in_folder(extends, child, origin)
    if world := catalog_file("worlds", extends):
        return world
    beside = child.parent / f"{extends}.toml"
    if _PLAIN_NAME.fullmatch(extends) and os.path.exists(beside) and beside.resolve() != child.resolve():
        return _in_folder(beside.name, child, origin)
    packaged = PACKAGED / f"{extends}.toml"
    if is_code(extends) and packaged.is_file():
        return packaged
    raise origin.error(_no_parent(extends, child))


def _in_folder(name: str, child: Path, origin: Origin) -> Path:
    """A file of this name in the folder of `child`, and nothing outside of it."""
    folder = child.parent.resolve()
    parts = re.split(r"[/\\]", name)
    inside = not (Path(name).is_absolute() or ".." in parts or ":" in name)
    path = folder / name
    if not inside or not path.resolve().is_relative_to(folder):
        raise origin.error(
            f"extends = {shown_value(name)} leads outside of the folder of this file. "
            "A scenario may extend a file in its own folder, a scenario of the catalog or one that comes with simsuite."
        )
    if not path.exists():
        raise origin.error(_no_parent(name, child))
    return path


def _no_parent(extends: str, child: Path) -> str:
    siblings = [printable(file.name) for file in _scenarios_in(child.parent) if file != child]
    known = [*catalog_names("worlds"), *siblings, *_names_in(PACKAGED)]
    near = {Path(name).stem: name for name in reversed(known)}
    meant = did_you_mean(Path(extends).stem, near)
    remedy = f"Did you mean '{near[meant]}'?" if meant else f"There are: {', '.join(known[:MOST_LISTED])}."
    where = "in the catalog, in the folder of this file or among those of simsuite"
    return f"extends = {shown_value(extends)}: no such scenario {where}. {remedy}"
