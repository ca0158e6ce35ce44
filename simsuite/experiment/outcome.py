"""What one replication leaves behind: tables, and a record of each of its runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

PLANNED, DONE, FAILED = "planned", "done", "failed"


@dataclass(frozen=True)
class RunRecord:
    """One run: one strategy in one replication.

    run_id, strategy, replication, seed : which run
    digest : of the run's content; empty before it is done
    status : "planned", "done" or "failed"
    stage : how far it came, in words
    seconds : wall-clock time; counts in no digest
    message : what went wrong, in words
    """

    run_id: str
    strategy: str
    replication: int
    seed: int
    digest: str = ""
    status: str = PLANNED
    stage: str = ""
    seconds: float = 0.0
    message: str = ""

    def failed(self, stage: str, seconds: float, message: str) -> RunRecord:
        """The same run, as it ended."""
        return replace(self, status=FAILED, stage=stage, seconds=seconds, message=message)

    def __str__(self) -> str:
        line = f"{self.strategy}, replication {self.replication}, seed {self.seed}: {self.status}"
        return line + (f" ({self.stage}): {self.message}" if self.status == FAILED else "")


@dataclass(frozen=True)
class ReplicationOutcome:
    """All strategies of one replication.

    tables : by name ("measures", "ledger", ...); each with a column replication or run_id
    runs : one record per strategy, all of one replication; at least one
    """

    tables: dict[str, pandas.DataFrame]
    runs: list[RunRecord]

    @property
    def replication(self) -> int:
        return self.runs[0].replication

    @property
    def failed(self) -> bool:
        """A replication counts as a whole: without one of its strategies there is no pair."""
        return any(run.status == FAILED for run in self.runs)


def run_table(runs: list[RunRecord]) -> pandas.DataFrame:
    """Records as a table, by replication and in the order of the strategies."""
    import pandas

    columns = list(RunRecord.__dataclass_fields__)
    return pandas.DataFrame([asdict(run) for run in runs], columns=columns)
