"""Many replications on a few threads.

What finishes is kept at once, what fails is listed, what is done is skipped.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsuite.arguments import in_words_of
from simsuite.errors import RunError, StoreError
from simsuite.experiment.outcome import FAILED, ReplicationOutcome, RunRecord
from simsuite.experiment.progress import Progress
from simsuite.experiment.store import ResultsStore

if TYPE_CHECKING:
    import pandas

Heartbeat = Callable[[float], None]  # fraction done, 0 to 1
Simulate = Callable[[int, Heartbeat], ReplicationOutcome]  # all strategies of one replication
Plan = Callable[[int], Sequence[RunRecord]]  # the runs it consists of, before they start

FIRST_REPLICATIONS = 20
MORE_REPLICATIONS = 10
TURN = 0.0002  # seconds


class StopRequested(BaseException):
    """Raised out of a heartbeat; no Exception, lest a simulation take it for its own failure."""


@dataclass(frozen=True)
class Execution:
    """What came of it.

    done : replications that are finished, now or before
    resumed : those of them that were there already
    failed : records of runs that failed, by replication
    """

    done: tuple[int, ...]
    resumed: tuple[int, ...]
    failed: tuple[RunRecord, ...]

    @property
    def replications(self) -> set[int]:
        """All that were asked for and ended, one way or the other."""
        return {*self.done, *(run.replication for run in self.failed)}

    def raise_failures(self) -> None:
        """Call this last, after everything is saved.

        Raises
        ------
        RunError : some runs failed; every one with seed, stage and message
        """
        if self.failed:
            replications = len({run.replication for run in self.failed})
            raise RunError(
                f"{replications} of {replications + len(self.done)} replications failed; the "
                "others are saved. Run the same command again to retry only these:\n"
                + "\n".join(f"  {run}" for run in self.failed)
            )


def execute(
    replications: Sequence[int],
    simulate: Simulate,
    plan: Plan,
    store: ResultsStore,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Execution:
    """Run the replications that the store does not hold yet.

    An Exception out of `simulate` makes its replication a failed one; the others go on. Ctrl-C
    stops every worker at its next heartbeat; what finished before is kept and is skipped next time.

    Parameters
    ----------
    replications : their numbers
    simulate : called on several threads at once; has to call heartbeat(fraction done) often. A
        failure may carry the attribute `stage` to say in words how far it came
    plan : the runs of a replication as planned, to list them if it fails
    store : keeps what finishes
    workers : threads; default: one per processor
    progress : is told how far the work is; default: nobody

    Raises
    ------
    KeyboardInterrupt : Ctrl-C
    StoreError : a result could not be written, or the store was begun by another program
    """
    resumed = [number for number in replications if number in store.done]
    waiting = [number for number in replications if number not in store.done]
    if waiting and not store.of_this_program:
        raise StoreError(
            f"{store.folder} was begun by another version of the program, with other rules or "
            "measures; runs of both do not mix. Nothing was lost: choose another folder, or "
            + in_words_of("start over with --fresh.", "delete this one.")
        )
    progress = progress or Progress("", None)
    stop = threading.Event()
    with (
        progress.over(waiting),
        _short_turns(),
        ThreadPoolExecutor(max(1, min(workers or os.cpu_count() or 1, len(waiting)))) as pool,
    ):
        try:
            for future in as_completed(
                [pool.submit(_replication, number, simulate, plan, stop, progress) for number in waiting]
            ):
                store.save(future.result())
        finally:
            stop.set()  # reached early only by Ctrl-C or a failing disk
            pool.shutdown(wait=True, cancel_futures=True)
    wanted = set(replications)
    failed = tuple(run for run in store.runs if run.replication in wanted and run.status == FAILED)
    return Execution(tuple(sorted(wanted & store.done)), tuple(resumed), failed)


def execute_until(
    enough: Callable[[pandas.DataFrame], bool],
    simulate: Simulate,
    plan: Plan,
    store: ResultsStore,
    cap: int,
    first: int = FIRST_REPLICATIONS,
    more: int = MORE_REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Execution:
    """Run `first` replications and go on adding `more` until they are enough, at most `cap` in all.

    When to stop depends on the results alone, not on workers, interruptions, or what else the store
    holds. Looking at the results between makes the final intervals a little too narrow; steps of 10 keep that small.

    Parameters
    ----------
    enough : is given the measures table of all replications so far
    cap, first, more : replications, 1 or more
    (others) : as in `execute`
    """
    executions = []
    for batch in batches(cap, first, more):
        executions.append(execute(batch, simulate, plan, store, workers, progress))
        if not executions[-1].done or enough(
            store.table("measures", range(batch.stop))
        ):  # if all failed, more would fail too
            break
    return Execution(
        *(
            tuple(item for execution in executions for item in getattr(execution, part))
            for part in ("done", "resumed", "failed")
        )
    )


def batches(cap: int, first: int = FIRST_REPLICATIONS, more: int = MORE_REPLICATIONS) -> Iterator[range]:
    """`first` replications, then `more` at a time, `cap` in all."""
    number = 0
    while number < cap:
        batch = range(number, min(number + (more if number else first), cap))
        yield batch
        number = batch.stop


@contextlib.contextmanager
def _short_turns() -> Iterator[None]:
    """Have threads of Python take turns more often.

    A run asks for the interpreter every few milliseconds; another thread would keep it for five.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _replication(
    number: int, simulate: Simulate, plan: Plan, stop: threading.Event, progress: Progress
) -> ReplicationOutcome:
    """One replication on a worker; whatever goes wrong in it becomes its outcome."""
    started, reached = time.perf_counter(), 0.0

    def heartbeat(fraction: float) -> None:
        nonlocal reached
        if stop.is_set():
            raise StopRequested
        reached = fraction
        progress.reached(number, fraction)

    try:
        heartbeat(0.0)
        outcome = simulate(number, heartbeat)
    except Exception as error:  # any failure of a run is reported, none stops the other runs
        stage = getattr(error, "stage", f"after {reached:.0%} of the replication")
        seconds, message = time.perf_counter() - started, f"{type(error).__name__}: {error}"
        outcome = ReplicationOutcome({}, [run.failed(stage, seconds, message) for run in plan(number)])
    progress.reached(number, 1.0)
    return outcome
