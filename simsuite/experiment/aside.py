"""A results folder made ready for an experiment: what it holds of another one is put aside or deleted, never mixed."""

from __future__ import annotations

import os
import shlex
import warnings
from collections.abc import Iterable
from pathlib import Path

from simsuite.errors import StoreError, StoreWarning
from simsuite.experiment.journal import JOURNAL_NAME, Journal, UnreadableJournal
from simsuite.experiment.own_files import clear, foreign_files, named
from simsuite.files import FolderLock, errors_in_words
from simsuite.scenario.words import printable

LONGEST_COMMAND = 160  # characters of the command that a message repeats


def make_results_folder(folder: Path) -> None:
    """Make a folder for results, where there is none.

    Raises
    ------
    StoreError : it cannot be made, or holds files and no results
    """
    with errors_in_words("make the results folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not (folder / JOURNAL_NAME).exists() and (others := foreign_files(folder)):
        raise StoreError(f"{folder} is not a results folder, and not empty ({named(others)}). Choose another folder.")


def ready_folder(
    folder: Path, identity: str, overwrite: bool, aside: bool, lock: FolderLock | None = None
) -> tuple[FolderLock, bool]:
    """Make, lock and clear a results folder; `overwrite`, `aside`, `lock` as of ResultsStore.

    Returns
    -------
    the lock, and whether a new journal is to be begun

    Raises
    ------
    StoreError
    """
    make_results_folder(folder)
    lock = lock or FolderLock(folder)
    try:
        if not (folder / JOURNAL_NAME).exists():
            return lock, True
        why = _why_aside(folder, identity, overwrite, aside)
        if why:
            with lock:
                put_aside(folder, why)
                make_results_folder(folder)
                return FolderLock(folder), True
        if overwrite:
            clear(folder)
        return lock, overwrite
    except BaseException:
        lock.close()
        raise


def _why_aside(folder: Path, identity: str, overwrite: bool, aside: bool) -> str:
    """What of a results folder is in the way and cannot be deleted, as a sentence without its end; empty: nothing."""
    try:
        journal = Journal.read(folder)
    except UnreadableJournal:
        if overwrite or aside:
            return f"{folder} held results with a journal that is damaged or of an earlier version of the program"
        raise
    if overwrite and journal.faults:
        return (
            f"{folder} held results with {' and '.join(journal.faults)}, so that nobody knows all that may be deleted"
        )
    other = []
    if journal.header["identity"] != identity:
        other.append("of another scenario, strategy, seed, rule or sweep")
    if not journal.of_this_program:
        other.append("of another version of the program")
    if aside and not overwrite and other:
        return f"{folder} held the results {' and '.join(other)}{_asked_by(journal)}"
    return ""


def _asked_by(journal: Journal) -> str:
    """The command behind the results of a folder, as far as its journal tells."""
    command = journal.about.get("command") if isinstance(journal.about, dict) else None
    words = command.get("words") if isinstance(command, dict) else None
    if not isinstance(words, list) or not words:
        return ""
    said = shlex.join(map(str, words)) if len(words) > 1 else str(words[0])
    return f" ({printable(said if len(said) <= LONGEST_COMMAND else f'{said[:LONGEST_COMMAND]}...')})"


def put_aside(folder: Path, why: str) -> None:
    """Rename a folder that the caller has locked, and warn: results/shop becomes results/shop_1, shop_2 ...

    why : what the folder holds, as a sentence without its end

    Raises
    ------
    StoreError : it cannot be renamed, or is the working folder, whose name would then mean the folder put aside
    """
    if Path.cwd().is_relative_to(folder.resolve()):
        raise StoreError(f"{why}. It would be put aside, but you work in it. Go to the folder above first.")
    try:
        with_it = foreign_files(folder)
    except UnreadableJournal:  # nobody knows whose they are; whatever lay there still does
        with_it = []
    other = _free_name(folder if folder.name not in ("", "..") else folder.resolve())
    with errors_in_words("put aside", folder):
        folder.rename(other)
    yours = f" So are files there that simsuite did not write: {named(with_it)}." if with_it else ""
    warnings.warn(f"{why}. They are now in {other}.{yours}", StoreWarning, stacklevel=2)


def put_files_aside(folder: Path, names: Iterable[str]) -> None:
    """Rename what stands where files of ours shall be, and warn: report.html becomes report_1.html."""
    moved = []
    for path in (folder / name for name in sorted(names) if os.path.lexists(folder / name)):
        with errors_in_words("put aside", path):
            path.rename(other := _free_name(path))
        moved.append(f"{path.name} is now {other.name}")
    if moved:
        warnings.warn(
            f"{folder} held files that simsuite did not write, as far as the journal tells, under names that it needs. "
            f"Nothing was lost: {', '.join(moved)}.",
            StoreWarning,
            stacklevel=3,
        )


def _free_name(path: Path) -> Path:
    """A name beside a file or folder that nothing has."""
    ending, number = "" if path.is_dir() else path.suffix, 1
    while os.path.lexists(other := path.with_name(f"{path.name.removesuffix(ending)}_{number}{ending}")):
        number += 1
    return other
