"""How many runs go on at a time: what the machine's memory and processors have room for."""

from __future__ import annotations

import os
from collections.abc import Sequence

from simsuite.engines.records import bytes_needed
from simsuite.errors import ScenarioError
from simsuite.scenario.checks import gigabytes, machine_memory
from simsuite.specs.scenario import ScenarioSpec

SHARED_FROM = 50_000  # customers, from which on threads that have no run of their own help another
STATES_OF_A_REPLICATION = 2  # the shared warm-up and the arm that goes on from it


def bytes_for(spec: ScenarioSpec, workers: int) -> int:
    """Memory of so many replications at the same time."""
    channels = sum(channel.present for channel in spec.channels.values())
    return bytes_needed(spec.population.customers, channels, spec.experiment.horizon, STATES_OF_A_REPLICATION * workers)


def workers_that_fit(name: str, specs: Sequence[ScenarioSpec], replications: int, wanted: int | None) -> int:
    """As many workers as wanted, or fewer, so that the machine's memory suffices; None: one a processor.

    Raises
    ------
    ScenarioError : it does not suffice for one
    """
    workers = max(1, min(wanted or os.cpu_count() or 1, replications))
    there = machine_memory()
    largest = max(specs, key=lambda spec: spec.population.customers)
    while there is not None and bytes_for(largest, workers) > there:
        if workers == 1:
            raise ScenarioError(
                f"{name} needs about {gigabytes(bytes_for(largest, 1))} for "
                f"{largest.population.customers:,} customers; this machine has {gigabytes(there)}. "
                "Lower [population] customers."
            )
        workers -= 1
    return workers


def threads_beside(workers: int, specs: Sequence[ScenarioSpec]) -> int:
    """Threads that share one run, where fewer runs than processors go on at a time and the population is large."""
    large = max(spec.population.customers for spec in specs) >= SHARED_FROM
    return max(1, (os.cpu_count() or 1) // workers) if large else 1
