"""A results folder: what finished stays, whatever happens; what was interrupted can be resumed.

Every finished replication becomes a folder of small tables (parts) and then a line of the
journal. At the end the parts are put together into one table per name. Files are written under
another name, made durable and renamed, so that at any moment a crash leaves either the old
state or the new one.
"""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import warnings
from collections.abc import Container, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.errors import StoreError, StoreWarning
from simsuite.experiment.aside import put_files_aside, ready_folder
from simsuite.experiment.digest import arrow_table, content_digest, together
from simsuite.experiment.journal import JOURNAL_NAME, RUNS_TABLE, Journal
from simsuite.experiment.outcome import DONE, FAILED, ReplicationOutcome, RunRecord, run_table
from simsuite.experiment.own_files import (
    PART_KIND,
    PARTS,
    is_part,
    named,
    remove_empty,
)
from simsuite.files import TEMPORARY, FolderLock, errors_in_words, file_digest, sync_folder, write_whole

if TYPE_CHECKING:
    import pandas
    import pyarrow

RUNS = "runs"


class ResultsStore:
    """The results of one experiment, held by one process. Use it in a `with` statement.

    Nothing is written into the folder but by the store, so that its lock holds from the first file to the last.

    Parameters
    ----------
    folder : where the results are or shall be; made with its parents
    identity : digest of all that decides the results (scenario, strategies, seed, rules), but
        not of the number of replications, so that more can be added
    about : anything for whoever resumes (command, files); kept in the first line of the journal, and
        in a further one where it differs from what was said before
    overwrite : delete what an earlier experiment left, resolved scenarios and explanations included, and start
        over, whatever experiment the folder holds. Only what is ours is deleted (see `own_files`); where the
        journal is damaged, so that this is not known, the folder is put aside instead
    aside : where the folder holds another experiment, or was begun by another version of the program, or has a
        journal that nobody can read: put it aside and start over, instead of refusing it
    heal : leave out what is damaged, with a warning, so that it is run again, instead of refusing the folder
    lock : of the folder, if the caller holds it already; the store closes it

    Raises
    ------
    StoreError : the folder is in use, holds another experiment or something else, is damaged, or cannot be
        written; the message says what to do
    """

    def __init__(
        self,
        folder: Path | str,
        identity: str,
        about: Mapping[str, Any] | None = None,
        overwrite: bool = False,
        aside: bool = False,
        heal: bool = True,
        lock: FolderLock | None = None,
    ):
        self.folder = Path(folder)
        self._lock, anew = ready_folder(self.folder, identity, overwrite, aside, lock)
        self._parts: dict[int, dict[str, str]] = {}  # replication -> table -> digest of its file
        self._combined: dict[str, Any] = {}  # the last consolidation that still counts
        self._counted: set[int] = set()  # replications of which the combined tables are the truth
        self._runs: dict[int, list[RunRecord]] = {}
        self._together = False  # whether the combined tables hold all that the journal tells of
        try:
            if anew:
                self._journal = Journal.create(self.folder, identity, dict(about or {}))
            else:
                self._go_on(identity, dict(about or {}), heal)
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
    def identity(self) -> str:
        """Of the experiment."""
        return self._journal.header["identity"]

    @property
    def of_this_program(self) -> bool:
        """Whether what it holds was made by the very code that runs now."""
        return self._journal.of_this_program

    @property
    def done(self) -> set[int]:
        """Replications that are finished, with all their tables intact."""
        return set(self._parts) | self._counted

    @property
    def files(self) -> dict[str, str | None]:
        """What it wrote so far, as in `Journal.files`, and the journal itself, of which there is no digest."""
        return {JOURNAL_NAME: None, **self._journal.files}

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

    def write(self, name: str, content: bytes, read_back: bool = False) -> None:
        """Write another file of the folder; the journal says before that it is ours.

        Parameters
        ----------
        name : within the folder, as "resolved/shop.toml"
        read_back : a later command depends on it, so that its digest is kept

        Raises
        ------
        StoreError : it could not be written
        """
        path = self.folder / name
        if not read_back:
            self.claim(name)
        elif self.files.get(name) != (digest := hashlib.sha256(content).hexdigest()) or file_digest(path) != digest:
            self.claim(name, digest)
        else:
            return
        with errors_in_words("make", path.parent):
            path.parent.mkdir(exist_ok=True)
        write_whole(path, content)

    def claim(self, name: str, digest: str | None = None) -> None:
        """Have the journal say that a file is ours; what somebody else put there under this name is put aside.

        digest : of what is to be written, if a later command depends on it
        """
        known = self.files
        put_files_aside(self.folder, {name} - {*known})
        if name not in known or known[name] != digest:
            self._journal.append({"kind": "file", "file": name, "digest": digest})

    def table(self, name: str, replications: Container[int] | None = None) -> pandas.DataFrame:
        """A table over finished replications, by replication; without rows if there is none.

        replications : only these; None: all
        """
        import pandas

        if name == RUNS:
            return run_table([run for run in self.runs if replications is None or run.replication in replications])
        pieces = [arrow_table(self._part(number, name)) for number in self._parts if name in self._parts[number]]
        if name in self._combined.get("files", ()):
            pieces.append(self._of_counted(arrow_table(self.folder / f"{name}.parquet")))
        return self._in_order(together(pieces), replications) if pieces else pandas.DataFrame()

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
        put_files_aside(self.folder, {f"{name}.parquet" for name in tables} - {*self.files})
        if not self._together:
            try:
                files = {name: write_whole(self._waiting(name), _parquet(table)) for name, table in tables.items()}
                entry = {"kind": "consolidated", "replications": sorted(self.done), "files": files}
                self._journal.append(entry)
                self._apply(entry)
            finally:
                self._put_in_place()
                self._tidy()
        if file_digest(self.folder / RUNS_TABLE) != self.files[RUNS_TABLE]:
            self.write(RUNS_TABLE, _parquet(tables[RUNS]), read_back=True)
        return content_digest(tables)

    def _go_on(self, identity: str, about: dict[str, Any], heal: bool) -> None:
        """Take over what the journal vouches for. Nothing is changed before it is known that all fits."""
        self._journal = Journal.read(self.folder)
        if self._journal.header["identity"] != identity:
            raise StoreError(
                f"{self.folder} holds the results of another experiment (another scenario, strategy, seed or rule). "
                "Nothing was changed. Run the command that asks for these runs again, such as simsuite compare: it "
                "puts the folder aside; or choose another folder."
            )
        faults, readable = list(self._journal.faults), []
        for number, entry in enumerate(self._journal.entries, 2):
            try:
                self._apply(entry)
                readable.append(entry)
            except (KeyError, TypeError):
                faults.append(f"entry {number} of {JOURNAL_NAME} of another version")
        heal = heal and self._journal.of_this_program  # others' results are read or put aside, never changed
        if not faults or heal:
            self._put_in_place()
            faults += self._forget_damaged()
        if faults and not heal:
            raise StoreError(f"{self.folder} is damaged: {'; '.join(faults)}. Nothing was changed. {self._how_to_heal}")
        if faults:
            self._journal.entries = readable
            self._journal.write()
            self._together = False
            warnings.warn(
                f"{self.folder} is damaged: {'; '.join(faults)}. What is lost is left out, and run again where it is "
                "asked for.",
                StoreWarning,
                stacklevel=5,
            )
        elif (written := self.files.get(RUNS_TABLE)) and file_digest(self.folder / RUNS_TABLE) != written:
            warnings.warn(
                f"{self.folder / RUNS_TABLE} is missing or changed. It is made of {JOURNAL_NAME} and written anew: nothing is lost.",
                StoreWarning,
                stacklevel=5,
            )
        if about and about != self._journal.about:
            self._journal.append({"kind": "about", "about": about})
        self._tidy()

    @property
    def _how_to_heal(self) -> str:
        if self._journal.of_this_program:
            return f"What is lost is run again with: simsuite resume {shlex.quote(str(self.folder))}"
        return (
            "Another version of the program made it. Run the command that asked for these runs again, such as simsuite "
            "compare: it puts the folder aside and starts over."
        )

    def _apply(self, entry: dict[str, Any]) -> None:
        """What a line of the journal changes."""
        if entry.get("kind") == "consolidated":
            finished = {number for number, runs in self._runs.items() if all(run.status == DONE for run in runs)}
            self._combined, self._parts, self._counted = entry, {}, finished & {*entry["replications"]}
            self._together = True
        elif entry.get("kind") == "replication":
            replication, parts, done = entry["replication"], entry["parts"], entry["status"] == DONE
            self._runs[replication] = [RunRecord(**run) for run in entry["runs"]]
            self._counted.discard(replication)  # it was run again because a table or a line had been damaged
            self._parts.pop(replication, None)
            self._together = False
            if done:
                self._parts[replication] = parts

    def _put_in_place(self) -> None:
        """Finish a consolidation that was cut short."""
        with errors_in_words("tidy", self.folder):
            for name, digest in self._combined.get("files", {}).items():
                if file_digest(self._waiting(name)) == digest:
                    os.replace(self._waiting(name), self.folder / f"{name}.parquet")
            sync_folder(self.folder)

    def _tidy(self) -> None:
        """Remove what was not finished, and parts that are in a table now."""
        unknown = set()
        with errors_in_words("tidy", self.folder):
            for name in self.table_names:
                self._waiting(name).unlink(missing_ok=True)
            for path in sorted((self.folder / PARTS).glob(f"*/*{PART_KIND}*")):
                whole = path.with_name(path.name.removeprefix(".").removesuffix(TEMPORARY)).relative_to(self.folder)
                if is_part(whole) and (number := int(path.parent.name)) not in self._parts:
                    unknown |= {number} - set(self._runs)
                    path.unlink()
                    remove_empty(path.parent, self.folder)
        for number in sorted(unknown):
            warnings.warn(
                f"{self.folder}: of replication {number} there were tables but no line in {JOURNAL_NAME}, as after a "
                "crash. They are removed; it is run again where it is asked for.",
                StoreWarning,
                stacklevel=2,
            )

    def _forget_damaged(self) -> list[str]:
        """Replications whose files are missing or changed count as not done; which files, in words.

        Of the table of runs none depends: it is made of the journal.
        """
        files = {name: digest for name, digest in self._combined.get("files", {}).items() if name != RUNS}
        changed = [f"{name}.parquet" for name in files if file_digest(self.folder / f"{name}.parquet") != files[name]]
        if changed:
            self._combined, self._counted = {}, set()
        for number, parts in list(self._parts.items()):
            paths = {self._part(number, name): digest for name, digest in parts.items()}
            if lost := [path for path, digest in paths.items() if file_digest(path) != digest]:
                changed += [path.relative_to(self.folder).as_posix() for path in lost]
                del self._parts[number]
        return [f"{named(changed)} missing or changed"] if changed else []

    def _of_counted(self, table: pyarrow.Table) -> pyarrow.Table:
        """The rows of a combined table that count: not those of replications that were run again since."""
        import pyarrow

        if self._counted == set(self._combined["replications"]):
            return table
        key = "replication" if "replication" in table.column_names else "run_id"
        wanted = (
            list(self._counted)
            if key == "replication"
            else [run.run_id for number in self._counted for run in self._runs[number]]
        )
        return table.filter(pyarrow.compute.is_in(table[key], value_set=pyarrow.array(wanted, table[key].type)))

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
        return self._part_folder(replication) / f"{name}{PART_KIND}"

    def _waiting(self, name: str) -> Path:
        """Where a new table waits until the journal mentions it."""
        return self.folder / f".{name}.parquet{TEMPORARY}"


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
