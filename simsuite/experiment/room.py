"""How many runs go on at a time: what the machine's memory and processors have room for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from simsuite.engines.records import bytes_needed, bytes_of_tables, sizes_before_packing
from simsuite.errors import ScenarioError, UsageError
from simsuite.scenario.areas import regions_of
from simsuite.scenario.checks import customers_that_fit, gigabytes, machine_memory
from simsuite.scenario.words import counted
from simsuite.specs.scenario import ScenarioSpec

SHARED_FROM = 50_000  # customers, from which on threads that have no run of their own help another
# Bytes that a run leaves, measured on runs of 420 days: its tables when they are put together, and its files.
IN_MEMORY, ON_DISK = 400_000, 300_000
NO_WORRY = 1_000_000_000  # bytes, below which a run is tried: should the disk be full, nothing is lost
STATES_OF_A_REPLICATION = 2  # the shared warm-up and the arm that goes on from it


def bytes_for(spec: ScenarioSpec, workers: int) -> int:
    """Memory of so many replications at the same time."""
    return _bytes_of(spec, STATES_OF_A_REPLICATION * workers)


def _bytes_of(spec: ScenarioSpec, states: int) -> int:
    """Memory of runs of which so many states exist at the same time."""
    sizes = sizes_before_packing(spec)
    tables = bytes_of_tables(sizes)
    return bytes_needed(spec.population.customers, sizes["channels"], spec.experiment.horizon, states, tables)


def workers_that_fit(name: str, specs: Sequence[ScenarioSpec], replications: int, wanted: int | None) -> int:
    """As many workers as wanted, or fewer, so that the machine's memory suffices; None: one a processor.

    Raises
    ------
    ScenarioError : it does not suffice for one
    """
    workers = max(1, min(wanted or os.cpu_count() or 1, replications))
    there = machine_memory()
    largest = max(specs, key=lambda spec: bytes_for(spec, 1))
    while there is not None and bytes_for(largest, workers) > there:
        if workers == 1:
            fit = customers_that_fit(largest, lambda spec: bytes_for(spec, 1), there)
            raise ScenarioError(
                f"{name} needs about {gigabytes(bytes_for(largest, 1))} for {_people(largest)}; this machine has "
                f"{gigabytes(there)}. About {counted(fit, 'customer')} fit, perhaps more with a larger customers_per_region."
            )
        workers -= 1
    return workers


def check_memory(spec: ScenarioSpec) -> None:
    """Whether one run fits into the machine's memory, before anything is made.

    Raises
    ------
    ScenarioError : it does not; says how many customers would, in one run and in a comparison
    """
    there = machine_memory()
    if there is not None and _bytes_of(spec, 1) > there:
        alone = customers_that_fit(spec, lambda spec: _bytes_of(spec, 1), there)
        compared = customers_that_fit(spec, lambda spec: bytes_for(spec, 1), there)
        raise ScenarioError(
            f"A run of {_people(spec)} needs about {gigabytes(_bytes_of(spec, 1))}; this machine has {gigabytes(there)}. "
            f"About {counted(alone, 'customer')} fit, {compared:,} where runs are compared."
        )


def _people(spec: ScenarioSpec) -> str:
    """'5,000 customers in 1 region'."""
    return f"{counted(spec.population.customers, 'customer')} in {counted(regions_of(spec), 'region')}"


def check_room_for_results(
    name: str, runs_of_a_replication: int, replications: int, folder: Path | None = None
) -> None:
    """Whether what so many replications leave behind fits into memory, or, with a folder, on the disk where it is.

    Raises
    ------
    UsageError : it does not; says how many would
    """
    each, there, what = IN_MEMORY, machine_memory(), "of memory"
    if folder is not None:
        near = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.is_dir())
        each, there, what = ON_DISK, shutil.disk_usage(near).free, "free on the disk"
    needed = runs_of_a_replication * replications * each
    if there is not None and needed > max(there, NO_WORRY):
        raise UsageError(
            f"{replications:,} replications of {name}, with {runs_of_a_replication} runs each, need about "
            f"{gigabytes(needed)}; this machine has {gigabytes(there)} {what}. About "
            f"{there // (runs_of_a_replication * each):,} replications fit."
        )


def threads_beside(workers: int, specs: Sequence[ScenarioSpec]) -> int:
    """Threads that share one run, where fewer runs than processors go on at a time and the population is large."""
    large = max(spec.population.customers for spec in specs) >= SHARED_FROM
    return max(1, (os.cpu_count() or 1) // workers) if large else 1
