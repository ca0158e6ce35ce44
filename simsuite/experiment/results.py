"""Runs carried out, and what they found, as plain data: tables over all runs, and how strategies compare."""

from __future__ import annotations

import contextlib
import shlex
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from simsuite.arguments import whole_number
from simsuite.engines.checked import replication_number
from simsuite.engines.compile import compile_rules
from simsuite.errors import SimsuiteError, StoreWarning, UsageError
from simsuite.experiment.comparison import Comparison
from simsuite.experiment.comparison import compare as compare_measures
from simsuite.experiment.digest import content_digest
from simsuite.experiment.explanations import Explanations, explanations_in
from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.experiment.outcome import RunRecord
from simsuite.experiment.plan import Experiment
from simsuite.experiment.progress import Progress
from simsuite.experiment.resolved import keep_scenarios, kept_scenario, path_of
from simsuite.experiment.room import check_room_for_results, threads_beside, workers_that_fit
from simsuite.experiment.runner import Execution, batches, execute, execute_until
from simsuite.experiment.single_run import Run, run_of
from simsuite.experiment.store import RUNS, ResultsStore
from simsuite.files import FolderLock
from simsuite.metrics.measure import companion_measures, headline_measures
from simsuite.scenario.renamed import renamed
from simsuite.shown import Tables

MOST_WORKERS = 1024

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Results:
    """The runs that were asked for: tables over all of them, and how strategies compare.

    tables : data frames by name; see docs/results.md
    runs : one record per run
    folder : where they are kept, None if nowhere
    beyond : replications that the folder holds beyond those asked for; they count in nothing here
    missing : replications that were asked for, and failed or were not run yet
    """

    experiment: Experiment
    tables: Mapping[str, pandas.DataFrame]
    runs: Sequence[RunRecord]
    seconds: float
    content_digest: str
    folder: Path | None = None
    beyond: int = 0
    missing: int = 0
    kind_of_run: ClassVar[type[Run]] = Run

    def __repr__(self) -> str:
        arms = ", ".join(arm.name for arm in self.experiment.arms)
        return (
            f"<Results of {self.experiment.name}: {arms}; say print(results.answer()), results.table, results.plot()>"
        )

    @cached_property
    def comparison(self) -> Comparison:
        """Every strategy against the reference, with simultaneous intervals."""
        level = self.experiment.scenario.spec.experiment.level
        return compare_measures(
            self.tables["measures"],
            self.experiment.arms[0].name,
            headline_measures(),
            level,
            companion_measures(),
            self.tables[RUNS],
        )

    @property
    def explanations(self) -> Explanations:
        """What `simsuite waterfall` and `simsuite removal` have put into the results folder about these strategies."""
        return explanations_in(
            self.folder, self.experiment.scenario.spec, self.comparison.reference, self.comparison.strategies
        )

    @property
    def table(self) -> pandas.DataFrame:
        """The comparison as a data frame, one row per headline measure and strategy."""
        return self.comparison.table

    @property
    def companions(self) -> pandas.DataFrame:
        """All other measures in the same columns, each interval for itself; a reason where nothing can be compared."""
        return self.comparison.companions

    @property
    def measures(self) -> pandas.DataFrame:
        """All measures of all runs, long."""
        return self.tables["measures"]

    @property
    def ledger(self) -> pandas.DataFrame:
        """Lost planned journeys by cause, from channel and to channel."""
        return self.tables["ledger"]

    def worlds(self, replication: int = 0) -> dict[str, Run]:
        """Run one replication again with its event log: a run per strategy, with its tables, as of `simsuite.run`."""
        replication, asked = replication_number(replication), self.experiment
        simulation = replace(asked.simulation, logged_replications=replication + 1, logged_customers=None)
        return {
            arm.name: run_of(result, (asked.others or {}).get(arm.name, asked.scenario), arm, self.kind_of_run)
            for arm, result in simulation.runs(replication)
        }


@contextlib.contextmanager
def carried_out(
    experiment: Experiment,
    folder: str | Path | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: bool = False,
    about: Mapping[str, Any] | None = None,
    aside: bool = True,
    lock: FolderLock | None = None,
) -> Iterator[tuple[Results, Execution, ResultsStore]]:
    """Run what is not there yet, and keep it. Until the `with` statement ends, nobody else can use the folder.

    Parameters
    ----------
    folder : None keeps nothing
    fresh, aside, lock : `overwrite`, `aside`, `lock` of ResultsStore

    Raises
    ------
    StoreError, KeyboardInterrupt; failed runs are in the second value, `raise_failures()` raises them
    """
    began = time.perf_counter()
    specs = [scenario.spec for scenario in experiment.scenarios]
    if workers is not None:
        workers = whole_number("workers", workers, 1, MOST_WORKERS)
    workers = workers_that_fit(experiment.name, specs, experiment.replications, workers)
    near = Path(folder if folder is not None else tempfile.gettempdir())
    check_room_for_results(experiment.name, len(experiment.arms), experiment.replications, near)
    with contextlib.ExitStack() as open_until_the_end:
        if folder is None:
            place = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="simsuite-"))) / "results"
        else:
            place = Path(folder)
        called_anew = names_of_before(place, experiment) if aside and not fresh else ""
        store = open_until_the_end.enter_context(
            ResultsStore(place, experiment.identity, about, overwrite=fresh, aside=aside, lock=lock)
        )
        if called_anew:
            warnings.warn(called_anew, StoreWarning, stacklevel=2)
        keep_scenarios(store, experiment.scenarios)
        if experiment.engine == "batch" and {*range(experiment.replications)} - store.done:
            compile_rules(Progress("Compiling the rules (once)", sys.stderr if progress else None), experiment.rules)
        simulation = replace(experiment.simulation, threads=threads_beside(workers, specs))
        shown = Progress("Running", sys.stderr if progress else None)
        if experiment.precise_up_to is None:
            execution = execute(
                range(experiment.replications), simulation.replicate, simulation.planned, store, workers, shown
            )
        else:
            execution = execute_until(
                experiment.is_precise,
                simulation.replicate,
                simulation.planned,
                store,
                cap=experiment.precise_up_to,
                first=experiment.replications,
                workers=workers,
                progress=shown,
            )
        results = _results(experiment, store, execution.replications, Path(folder) if folder is not None else None)
        yield replace(results, seconds=time.perf_counter() - began), execution, store


def names_of_before(folder: Path, experiment: Experiment) -> str:
    """Where a folder holds another experiment in which something is called otherwise: how to keep the old code; else empty."""
    told = []
    with contextlib.suppress(SimsuiteError):
        if (folder / JOURNAL_NAME).is_file() and Journal.read(folder).header["identity"] != experiment.identity:
            for scenario in experiment.files:
                if path_of(folder, scenario.name).is_file():
                    before = replace(kept_scenario(folder, scenario.name), name="the scenario that the folder held")
                    told.append(renamed([before, scenario]))
    return " ".join(filter(None, told))


@contextlib.contextmanager
def results_in(
    experiment: Experiment, folder: str | Path, lock: FolderLock | None = None
) -> Iterator[tuple[Results, ResultsStore]]:
    """The results that a folder already holds of an experiment; runs nothing, and refuses what is damaged.

    Until the `with` statement ends, nobody else can use the folder.
    """
    with ResultsStore(folder, experiment.identity, heal=False, lock=lock) as store:
        asked = range(experiment.replications)
        if experiment.precise_up_to is not None:
            for batch in batches(experiment.precise_up_to, experiment.replications):
                asked = range(batch.stop)
                so_far = (store.table(name, asked) for name in ("measures", RUNS))
                if not store.done >= {*asked} or experiment.is_precise(*so_far):
                    break
        if not store.done & {*asked}:
            raise UsageError(
                f"{folder} holds no finished run yet. Go on with: simsuite resume {shlex.quote(str(folder))}"
            )
        yield _results(experiment, store, {*asked}, Path(folder)), store


def _results(experiment: Experiment, store: ResultsStore, asked: set[int], folder: Path | None) -> Results:
    """The runs of some replications, out of all that a store has kept and puts together here."""
    digest, beyond = store.consolidate(), {run.replication for run in store.runs} - asked
    tables = Tables({name: store.table(name, asked) for name in store.table_names})
    runs = [run for run in store.runs if run.replication in asked]
    return Results(
        experiment,
        tables,
        runs,
        0.0,
        content_digest(tables) if beyond else digest,
        folder,
        beyond=len(beyond & store.done),
        missing=len(asked - store.done),
    )
