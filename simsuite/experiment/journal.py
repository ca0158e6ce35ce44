"""The journal of a results folder: one line per event, readable after any crash.

Lines are JSON objects. The first names the experiment, the others say which replications
finished or failed, which tables were put together from them, and what later callers asked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsuite.arguments import in_words_of
from simsuite.errors import StoreError
from simsuite.experiment.program import program
from simsuite.files import errors_in_words, write_whole

JOURNAL_NAME = "journal.jsonl"


class Journal:
    """An append-only file; a line counts once it ends with a line feed.

    Attributes
    ----------
    path : the file
    header : the first line: identity, program, and what the caller wants to find again
    about : what the last caller wanted to find again, who may have asked for other runs than the first
    """

    def __init__(self, path: Path, header: dict[str, Any], entries: Sequence[dict[str, Any]] = ()):
        self.path, self.header = path, header
        said = [entry["about"] for entry in (header, *entries) if "about" in entry]
        self.about: dict[str, Any] = said[-1] if said else {}

    @property
    def of_this_program(self) -> bool:
        """Whether what it reports was made by the very code that runs now."""
        return self.header.get("program") == program()

    @classmethod
    def create(cls, folder: Path, identity: str, about: dict[str, Any]) -> Journal:
        """Begin a journal, in place of one that may be there."""
        header = {"kind": "experiment", "identity": identity, "program": program(), "about": about}
        write_whole(folder / JOURNAL_NAME, _line(header))
        return cls(folder / JOURNAL_NAME, header)

    @classmethod
    def read(cls, folder: Path) -> tuple[Journal, list[dict[str, Any]]]:
        """The journal and its entries after the header, oldest first. Nothing is changed.

        A last line that was cut off is no entry, nor is a damaged one: what it reported is
        then simply run again.

        Raises
        ------
        StoreError : there is no journal, or it does not begin as one
        """
        path = folder / JOURNAL_NAME
        with errors_in_words("read", path):
            lines = path.read_bytes().split(b"\n")[:-1]
        entries = [entry for line in lines if (entry := _entry(line)) is not None]
        if not entries or entries[0].get("kind") != "experiment" or "identity" not in entries[0]:
            raise StoreError(
                f"{path}: this is not the journal of an experiment, or its first line is damaged. "
                + in_words_of("Start over with --fresh", "Delete the folder")
                + ", or choose another folder."
            )
        return cls(path, entries[0], entries[1:]), entries[1:]

    def repair(self) -> None:
        """Cut off a last line that was never finished, so that the next one starts clean."""
        with errors_in_words("repair", self.path), open(self.path, "r+b") as file:
            content = file.read()
            if not content.endswith(b"\n"):
                file.truncate(content.rfind(b"\n") + 1)

    def append(self, entry: dict[str, Any]) -> None:
        """Add a line and wait until it is on the disk."""
        # Unbuffered: a failed write leaves nothing behind that closing the file would try again.
        with errors_in_words("write", self.path), open(self.path, "ab", buffering=0) as file:
            start = file.tell()
            try:
                left = memoryview(_line(entry))
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(start)
                raise


def program_of(folder: Path) -> str:
    """Which program began the results of a folder; where there are none yet: the one that runs now."""
    try:
        return Journal.read(folder)[0].header.get("program", "")
    except StoreError:
        return program()


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
