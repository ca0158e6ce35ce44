"""The worlds that are timed, and engines on them that have been running for a while."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from simsuite.engines.batch import BatchEngine
from simsuite.errors import ScenarioWarning
from simsuite.scenario import load
from simsuite.scenario.pack import PackedScenario, pack

from .side_by_side import Clock, Turn, visits_of

if TYPE_CHECKING:  # Mesa would count in the memory of a process that does not use it
    from simsuite.engines.model import RetailModel

    from .journey import JourneyModel

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "flagship_retailer.toml"
STRATEGY = "integrated"  # the one with more to do
WEEK = 7  # days of a turn, so that every turn has the same weekdays
SETTLING_DAYS = 14  # until journeys of several visits are under way
SEGMENTS = ("regular", "loyal", "deal_seeker", "newcomer")
NOBODY_NEEDS = {f"segments.{name}.need_rate": 1e-6 for name in SEGMENTS}  # needs a year
EIGHT_CHANNELS = {"channels.chat": {"extends": "phone"}}


def flagship(customers: int, days: int, **overrides) -> PackedScenario:
    """Tables of the flagship scenario with another population and `days` days in all."""
    changed = {
        "population.customers": customers,
        "experiment.warm_up": 0,
        "experiment.horizon": days,
        "experiment.cool_down": 0,
        **overrides,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # of a desk that serves fewer than its clerk could
        return pack(load(FLAGSHIP, changed).spec)


def batch(tables: PackedScenario, threads: int = 1, **options) -> BatchEngine:
    """A compiled engine before its first day."""
    return BatchEngine(tables, STRATEGY, threads=threads, **options)


def batch_turn(engine: BatchEngine, clock: Clock = time.thread_time, days: int = WEEK) -> Turn:
    """A turn of the compiled engine, after it has settled: a week, or so many days."""
    engine.run(SETTLING_DAYS)
    return visits_of(
        lambda more: engine.run(engine.days_done + more),
        lambda: count_visits(engine),
        days,
        clock,
    )


def count_visits(engine: BatchEngine) -> int:
    """Visits since the start of the run."""
    return int(sum(worker.days[:, 0].sum() for worker in engine.workers))


def mesa_turn(model: RetailModel) -> Turn:
    """A turn of the project's own Mesa engine, after it has settled: a week."""
    model.run(SETTLING_DAYS)
    return visits_of(lambda more: model.run(model.day + more), lambda: int(model.days[:, 0].sum()), WEEK)


def journey_turn(model: JourneyModel) -> Turn:
    """A turn of the reference workload: a day, all of its days are alike."""
    made = [0]

    def run_days(more: int) -> None:
        for _ in range(more):
            model.step()
            made[0] += int(model.visits.sum())

    run_days(1)
    return visits_of(run_days, lambda: made[0], 1)
