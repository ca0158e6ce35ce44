"""The journal of a results folder: one line per event, readable after any crash, and no damage to it goes unnoticed.

Lines are JSON objects. The first names the experiment, the others say which replications
finished or failed, which tables were put together from them, which other files were written, and
what later callers asked for. Every line ends with a check over itself and the check of the line
before: a line that was changed, lost, doubled, moved or brought from elsewhere does not fit.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsuite.errors import StoreError
from simsuite.experiment.program import program
from simsuite.files import errors_in_words, write_whole

JOURNAL_NAME = "journal.jsonl"
RUNS_TABLE = "runs.parquet"  # made of the journal itself whenever tables are put together
CHECKED = re.compile(rb'(\{.*),"check":"([0-9a-f]{16})"\}')
FIRST = b""  # stands for the check of the line before the first
NO_CHECK = None  # nothing fits behind a line that has none


class UnreadableJournal(StoreError):
    """It does not say which experiment it belongs to, nor whose the files beside it are."""


class Journal:
    """An append-only file; a line counts once it ends with a line feed, and its check fits.

    Attributes
    ----------
    path : the file
    header : the first line: identity, program, and what the caller wants to find again
    entries : the lines after it that count, oldest first
    faults : what is wrong with it, in words; empty if nothing is
    """

    def __init__(self, path: Path, header: dict[str, Any], entries: Sequence[dict[str, Any]] = ()):
        self.path, self.header, self.entries = path, header, list(entries)
        self.faults: list[str] = []
        self._last = FIRST

    @property
    def about(self) -> dict[str, Any]:
        """What the last caller wanted to find again, who may have asked for other runs than the first."""
        return [entry["about"] for entry in (self.header, *self.entries) if "about" in entry][-1]

    @property
    def of_this_program(self) -> bool:
        """Whether what it reports was made by the very code that runs now."""
        return self.header.get("program") == program()

    @property
    def files(self) -> dict[str, str | None]:
        """Files that were written, by name within the folder: digest of those that are read back, None of the others.

        Files of replications and explanations are not among them.
        """
        said: dict[str, str | None] = {}
        for entry in self.entries:
            if entry.get("kind") == "file":
                said[entry["file"]] = entry["digest"]
            elif entry.get("kind") == "consolidated":
                said |= {
                    RUNS_TABLE: None,
                    **{f"{name}.parquet": digest for name, digest in entry.get("files", {}).items()},
                }
        return said

    @classmethod
    def create(cls, folder: Path, identity: str, about: dict[str, Any]) -> Journal:
        """Begin a journal, in place of one that may be there."""
        header = {"kind": "experiment", "identity": identity, "program": program(), "about": about}
        journal = cls(folder / JOURNAL_NAME, header)
        journal.write()
        return journal

    @classmethod
    def read(cls, folder: Path) -> Journal:
        """The journal of a folder; what is damaged in it is left out and told by `faults`. Nothing is changed.

        Raises
        ------
        UnreadableJournal : it is another version's, or does not begin as a journal
        StoreError : it cannot be read
        """
        path = folder / JOURNAL_NAME
        with errors_in_words("read", path):
            *lines, torn = path.read_bytes().split(b"\n")
        entries, damaged, before = [], [], FIRST
        for number, line in enumerate(lines, 1):
            entry, before = _entry(line, before)
            if entry is None:
                damaged.append(str(number))
            entries.append(entry)
        header = entries[0] if entries else None
        if header is None or header.get("kind") != "experiment" or not {"identity", "about"} <= set(header):
            raise UnreadableJournal(_why_unreadable(path, lines))
        journal = cls(path, header, [entry for entry in entries[1:] if entry is not None])
        journal._last = before
        if damaged:
            which = "line" if len(damaged) == 1 else "lines"
            journal.faults.append(f"{which} {', '.join(damaged)} of {JOURNAL_NAME} damaged, moved or missing")
        if torn:
            journal.faults.append(f"the last line of {JOURNAL_NAME} cut off")
        return journal

    def write(self) -> None:
        """Write the whole file anew, of the lines that count."""
        lines, self._last = [], FIRST
        for entry in (self.header, *self.entries):
            line, self._last = _line(entry, self._last)
            lines.append(line)
        write_whole(self.path, b"".join(lines))

    def append(self, entry: dict[str, Any]) -> None:
        """Add a line and wait until it is on the disk."""
        line, check = _line(entry, self._last)
        # Unbuffered: a failed write leaves nothing behind that closing the file would try again.
        with errors_in_words("write", self.path), open(self.path, "ab", buffering=0) as file:
            start = file.tell()
            try:
                left = memoryview(line)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(start)
                raise
        self.entries.append(entry)
        self._last = check


def program_of(folder: Path) -> str:
    """Which program began the results of a folder; where there are none yet: the one that runs now."""
    try:
        return Journal.read(folder).header.get("program", "")
    except StoreError:
        return program()


def _line(entry: dict[str, Any], before: bytes) -> tuple[bytes, bytes]:
    """An entry as a line, and its check."""
    content = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    check = _check(content, before)
    return content + b',"check":"' + check + b'"}\n', check


def _entry(line: bytes, before: bytes | None) -> tuple[dict[str, Any] | None, bytes | None]:
    """The entry that a line holds, None if its check does not fit; and the check that it says, for the next line."""
    match = CHECKED.fullmatch(line)
    if match is None:
        return None, NO_CHECK
    content, said = match.groups()
    if before is NO_CHECK or _check(content, before) != said:
        return None, said
    return json.loads(content + b"}"), said


def _check(content: bytes, before: bytes) -> bytes:
    """16 hexadecimal digits over a line and the check of the line before."""
    return hashlib.sha256(before + b"\n" + content).hexdigest()[:16].encode()


def _why_unreadable(path: Path, lines: Sequence[bytes]) -> str:
    """Nothing is known about the folder then, not even which files in it are ours."""
    try:
        first = json.loads(lines[0])
        old = first["kind"] == "experiment" and "identity" in first and "check" not in first
    except (IndexError, KeyError, TypeError, ValueError):
        old = False
    why = (
        "an earlier version of simsuite wrote it, whose lines cannot be checked"
        if old
        else "it is not the journal of an experiment, or its first line is damaged"
    )
    return (
        f"{path}: {why}. Nothing was changed. Run the command that made this folder again (simsuite compare ...): it "
        "puts the folder aside under another name and starts over; or choose another folder."
    )
