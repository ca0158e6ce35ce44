"""Whose a file in a results folder is: ours is what its journal lists, and nothing else is ever deleted.

Of files that no journal lists, these are ours: the lock, the parts of replications, an
explanation that says by its columns that it is one, and what lies in a folder of runs behind an
explanation and is listed there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from simsuite.experiment.digest import EXPLANATIONS, STAMP
from simsuite.experiment.journal import JOURNAL_NAME, Journal, UnreadableJournal
from simsuite.files import LOCK_NAME, TEMPORARY, errors_in_words

PARTS = "parts"
PART_KIND = ".arrow"
RUNS_OF_EXPLANATIONS = "explanations"
MOST_NAMED = 5


def own_files(folder: Path) -> set[Path]:
    """All files in a results folder that simsuite wrote; none but those of explanations if there is no journal.

    Raises
    ------
    UnreadableJournal
    StoreError
    """
    listed = {JOURNAL_NAME, *Journal.read(folder).files} if (folder / JOURNAL_NAME).is_file() else set()
    with errors_in_words("read", folder):
        return {path for path in _files(folder) if _is_own(path, folder, listed)} | {
            path for runs in _runs_of_explanations(folder) for path in own_files(runs)
        }


def foreign_files(folder: Path) -> list[str]:
    """Names in a results folder that are not ours, or of folders that hold something not ours; no hidden ones."""
    own = own_files(folder)
    others = (path.relative_to(folder).parts for path in _files(folder) if path not in own)
    return sorted({parts[0] for parts in others if not any(part.startswith(".") for part in parts)})


def clear(folder: Path) -> None:
    """Delete what is ours and folders that are empty then; not the journal, which still tells whose the rest is."""
    own = own_files(folder) - {folder / LOCK_NAME, folder / JOURNAL_NAME}
    with errors_in_words("clear", folder):
        for path in sorted(
            own, key=lambda path: path.name == JOURNAL_NAME
        ):  # of runs behind explanations: in the same way
            path.unlink(missing_ok=True)
        behind = {path for path in (folder / RUNS_OF_EXPLANATIONS).glob("*") if path.is_dir()}
        for inside in sorted(behind | {path.parent for path in own}, reverse=True):
            remove_empty(inside, folder)


def remove_empty(inside: Path, folder: Path) -> None:
    """Remove a folder within a results folder, and those around it, as long as they are empty."""
    with contextlib.suppress(OSError):  # not empty: somebody else keeps something there
        while inside != folder:
            inside.rmdir()
            inside = inside.parent


def named(names: list[str]) -> str:
    """Some names for a message."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


def _is_own(path: Path, folder: Path, listed: set[str]) -> bool:
    """Whether a file was written by us, as far as the folder itself tells."""
    name = path.name
    if name.startswith(".") and name.endswith(TEMPORARY):  # a file that was not finished
        path = path.with_name(name[1 : -len(TEMPORARY)])
    inside = path.relative_to(folder)
    if inside.as_posix() in listed or inside.as_posix() == LOCK_NAME:
        return True
    if is_part(inside):
        return bool(listed)
    return len(inside.parts) == 1 and inside.stem in EXPLANATIONS and is_explanation(folder / inside)


def is_part(inside: Path) -> bool:
    """Whether this is the name of a table of one replication: parts/12/ledger.arrow."""
    return (
        len(inside.parts) == 3
        and inside.parts[0] == PARTS
        and inside.parts[1].isdecimal()
        and inside.suffix == PART_KIND
    )


def is_explanation(path: Path) -> bool:
    """Whether a file is a table that says which world it explains."""
    import pyarrow
    import pyarrow.parquet

    try:
        return set(STAMP) <= set(pyarrow.parquet.read_schema(path).names)
    except (OSError, ValueError, pyarrow.ArrowException):
        return False


def _runs_of_explanations(folder: Path) -> Iterator[Path]:
    """Results folders of runs behind explanations."""
    around = folder / RUNS_OF_EXPLANATIONS
    for runs in sorted(around.iterdir()) if around.is_dir() else ():
        if (runs / JOURNAL_NAME).is_file():
            with contextlib.suppress(UnreadableJournal):
                Journal.read(runs)
                yield runs


def _files(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder; links are not followed."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        yield from (Path(place, name) for name in (*files, *links))
