"""A results folder whose scenario, or the program, has changed since: what it holds is put aside, never overwritten."""

from __future__ import annotations

from pathlib import Path

from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.files import FolderLock, errors_in_words


def put_aside(folder: Path, identity: str) -> Path | None:
    """Rename a folder with the results of another experiment, or of another version of the program: results/shop becomes results/shop_1, shop_2 ...

    Returns
    -------
    its new name; None if the folder is free, or holds this very experiment

    Raises
    ------
    StoreError : another process works in it, or it cannot be renamed
    """
    if not (folder / JOURNAL_NAME).is_file():
        return None
    journal, _ = Journal.read(folder)
    if journal.header["identity"] == identity and journal.of_this_program:
        return None
    FolderLock(folder).close()  # refuses where somebody works in it
    number = 1
    while (other := folder.with_name(f"{folder.name}_{number}")).exists():
        number += 1
    with errors_in_words("put aside", folder):
        folder.rename(other)
    return other
