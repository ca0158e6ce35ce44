"""A results folder: what finished stays, whatever happens; what was interrupted can be resumed.

Every finished replication becomes a folder of small tables (parts) and then a line of the
journal. At the end the parts are put together into one table per name. Files are written under
another name, made durable and renamed, so that at any moment a crash leaves either the old
state or the new one.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Container, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.arguments import in_words_of
from simsuite.errors import StoreError
from simsuite.experiment.digest import EXPLANATIONS, content_digest, read_table
from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.experiment.outcome import DONE, FAILED, ReplicationOutcome, RunRecord, run_table
from simsuite.files import (
    TEMPORARY,
    FolderLock,
    errors_in_words,
    file_digest,
    sync_folder,
    write_whole,
)

if TYPE_CHECKING:
    import pandas

PARTS = "parts"
RUNS = "runs"
RUNS_OF_EXPLANATIONS = "explanations"
OWN_FILES = (
    "*.parquet",
    "*.csv",
    "summary.xlsx",
    "manifest.json",
    "story.json",
    "report.html",
    "replay.html",
    "curve.svg",
)
OWN_FOLDERS = (PARTS, RUNS_OF_EXPLANATIONS, "resolved", "days", "events")


class ResultsStore:
    """The results of one experiment, held by one process. Use it in a `with` statement.

    Parameters
    ----------
    folder : where the results are or shall be; made with its parents
    identity : digest of all that decides the results (scenario, strategies, seed, rules), but
        not of the number of replications, so that more can be added
    about : anything for whoever resumes (command, files); kept in the first line of the journal, and
        in a further one where it differs from what was said before
    overwrite : delete what an earlier experiment left, resolved scenarios included, and start
        over, whatever experiment the folder holds; a folder with files that are no
        results is refused even so

    Raises
    ------
    StoreError : the folder is in use, holds another experiment or something else, or cannot be
        written; the message says what to do
    """

    def __init__(
        self,
        folder: Path | str,
        identity: str,
        about: Mapping[str, Any] | None = None,
        overwrite: bool = False,
    ):
        self.folder = Path(folder)
        with errors_in_words("make the results folder", self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        if not _holds_results(self.folder) and _has_foreign_files(self.folder):
            raise StoreError(f"{self.folder} is not a results folder, and not empty. Choose another folder.")
        self._lock = FolderLock(self.folder)
        try:
            self._open(identity, dict(about or {}), overwrite)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ResultsStore:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Let others use the folder."""
        self._lock.close()

    @property
    def of_this_program(self) -> bool:
        """Whether what it holds was made by the very code that runs now."""
        return self._journal.of_this_program

    @property
    def done(self) -> set[int]:
        """Replications that are finished, with all their tables intact."""
        return set(self._parts) | set(self._combined.get("replications", ()))

    @property
    def runs(self) -> list[RunRecord]:
        """The latest record of every run, done or failed, by replication."""
        return [run for replication in sorted(self._runs) for run in self._runs[replication]]

    def save(self, outcome: ReplicationOutcome) -> None:
        """Keep a replication, finished or failed; it is on the disk when this returns.

        Raises
        ------
        StoreError : it could not be written; nothing half-written stays
        ValueError : a table has neither a column replication nor run_id
        """
        replication, parts = outcome.replication, {}
        if not outcome.failed:
            folder = self._part_folder(replication)
            with errors_in_words("make", folder):
                folder.mkdir(parents=True, exist_ok=True)
            for name, table in sorted(outcome.tables.items()):
                if name == RUNS or not {"run_id", "replication"} & set(table.columns):
                    raise ValueError(
                        f"table {name!r} needs a column replication or run_id, and a name other than {RUNS}"
                    )
                parts[name] = write_whole(self._part(replication, name), _arrow(table))
        entry = {
            "kind": "replication",
            "replication": replication,
            "status": FAILED if outcome.failed else DONE,
            "parts": parts,
            "runs": [asdict(run) for run in outcome.runs],
        }
        self._journal.append(entry)
        self._apply(entry)

    def table(self, name: str, replications: Container[int] | None = None) -> pandas.DataFrame:
        """A table over finished replications, by replication; without rows if there is none.

        replications : only these; None: all
        """
        import pandas

        if name == RUNS:
            return run_table([run for run in self.runs if replications is None or run.replication in replications])
        files = [self._part(number, name) for number in self._parts if name in self._parts[number]]
        if name in self._combined.get("files", ()):
            files.append(self.folder / f"{name}.parquet")
        return self._in_order(read_table(*files), replications) if files else pandas.DataFrame()

    @property
    def table_names(self) -> list[str]:
        """Tables that some finished replication has, and the table of runs."""
        return sorted(
            {
                RUNS,
                *self._combined.get("files", ()),
                *(name for parts in self._parts.values() for name in parts),
            }
        )

    def consolidate(self) -> str:
        """Put the parts together into one file per table at the top of the folder.

        The new files are on the disk, and the journal says so, before anything old goes.

        Returns
        -------
        content digest of all tables
        """
        tables = {name: self.table(name) for name in self.table_names}
        if self._parts or not self._combined:
            try:
                files = {
                    name: write_whole(self._waiting(name), _parquet(table))
                    for name, table in tables.items()
                    if name != RUNS
                }
                entry = {"kind": "consolidated", "replications": sorted(self.done), "files": files}
                self._journal.append(entry)
                self._apply(entry)
            finally:
                self._tidy()
        write_whole(self.folder / f"{RUNS}.parquet", _parquet(tables[RUNS]))
        return content_digest(tables)

    def _open(self, identity: str, about: dict[str, Any], overwrite: bool) -> None:
        """Read what is there, or begin anew."""
        self._parts: dict[int, dict[str, str]] = {}  # replication -> table -> digest of its file
        self._combined: dict[str, Any] = {}  # the last consolidation that still counts
        self._runs: dict[int, list[RunRecord]] = {}
        if overwrite or not _holds_results(self.folder):
            # Before the journal, which then still tells whose the rest is.
            self._clear(with_explanations=overwrite)
            self._journal = Journal.create(self.folder, identity, about)
            return
        self._journal, entries = Journal.read(self.folder)
        if self._journal.header["identity"] != identity:
            raise StoreError(
                f"{self.folder} holds the results of another experiment (another scenario, "
                "strategy, seed or rule). "
                + in_words_of("Start over with --fresh, which deletes them", "Delete them")
                + ", or choose another folder."
            )
        self._journal.repair()
        if about and about != self._journal.about:
            self._journal.append({"kind": "about", "about": about})
        for entry in entries:
            # A line of another version counts as not written: what it reports is run again.
            with contextlib.suppress(KeyError, TypeError):
                self._apply(entry)
        self._tidy()
        self._forget_damaged()

    def _apply(self, entry: dict[str, Any]) -> None:
        """What a line of the journal changes."""
        if entry.get("kind") == "consolidated":
            self._combined, self._parts = entry, {}
        elif entry.get("kind") == "replication":
            replication, parts, done = entry["replication"], entry["parts"], entry["status"] == DONE
            self._runs[replication] = [RunRecord(**run) for run in entry["runs"]]
            if done:
                self._parts[replication] = parts
                if replication in self._combined.get("replications", ()):
                    self._combined = {}  # it was run again because the table had been damaged

    def _tidy(self) -> None:
        """Finish a consolidation that was cut short; remove what the journal does not mention."""
        files = self._combined.get("files", {})
        with errors_in_words("tidy", self.folder):
            for name, digest in files.items():
                if file_digest(self._waiting(name)) == digest:
                    os.replace(self._waiting(name), self.folder / f"{name}.parquet")
            sync_folder(self.folder)
            for leftover in self.folder.glob(f".*{TEMPORARY}"):
                leftover.unlink()
            if (self.folder / PARTS).is_dir():
                for part in (self.folder / PARTS).iterdir():
                    if part.name not in map(str, self._parts):
                        shutil.rmtree(part)
                if not self._parts:
                    (self.folder / PARTS).rmdir()

    def _forget_damaged(self) -> None:
        """Replications whose files are missing or changed count as not done."""
        if any(
            file_digest(self.folder / f"{name}.parquet") != digest
            for name, digest in self._combined.get("files", {}).items()
        ):
            self._combined = {}
        for replication, parts in list(self._parts.items()):
            if any(file_digest(self._part(replication, name)) != digest for name, digest in parts.items()):
                del self._parts[replication]

    def _clear(self, with_explanations: bool) -> None:
        """Delete the files of an earlier experiment, and nothing that is not ours."""
        with errors_in_words("clear", self.folder):
            for pattern in (*OWN_FILES, f".*{TEMPORARY}"):
                for path in self.folder.glob(pattern):
                    if with_explanations or not _explains(path):
                        path.unlink()
            for name in OWN_FOLDERS:
                path = self.folder / name
                if path.is_dir() and (with_explanations or not _explains(path)):
                    shutil.rmtree(path)

    def _in_order(self, table: pandas.DataFrame, wanted: Container[int] | None) -> pandas.DataFrame:
        """The rows of these replications, sorted by replication; within one as its part was."""
        if "replication" in table.columns:
            key = table["replication"]
        else:
            key = table["run_id"].map({run.run_id: run.replication for run in self.runs})
        if wanted is not None:
            kept = key.map(wanted.__contains__).to_numpy(bool)
            table, key = table[kept], key[kept]
        return table.iloc[key.argsort(kind="stable")].reset_index(drop=True)

    def _part_folder(self, replication: int) -> Path:
        return self.folder / PARTS / str(replication)

    def _part(self, replication: int, name: str) -> Path:
        return self._part_folder(replication) / f"{name}.arrow"

    def _waiting(self, name: str) -> Path:
        """Where a new table waits until the journal mentions it."""
        return self.folder / f".{name}.parquet{TEMPORARY}"


def _holds_results(folder: Path) -> bool:
    return (folder / JOURNAL_NAME).exists()


def _has_foreign_files(folder: Path) -> bool:
    with errors_in_words("read", folder):
        return any(not path.name.startswith(".") and not _explains(path) for path in folder.iterdir())


def _explains(path: Path) -> bool:
    """Whether this is made by a command of its own, which may come before the comparison."""
    return path.name in {RUNS_OF_EXPLANATIONS, *(f"{name}.parquet" for name in EXPLANATIONS)}


def _parquet(table: pandas.DataFrame) -> bytes:
    return table.to_parquet(index=False, compression="zstd")


def _arrow(table: pandas.DataFrame) -> bytes:
    """For parts, which do not last: made in a third of the time."""
    import pyarrow

    content = io.BytesIO()
    made = pyarrow.Table.from_pandas(table, preserve_index=False, nthreads=1)
    with pyarrow.ipc.new_file(content, made.schema) as file:
        file.write_table(made)
    return content.getvalue()
