"""Taking turns: what is compared runs alternately, so that a noisy machine slows all of it alike.

One thread is timed by its own processor time, which leaves out the time in which other
programs had the processor; several threads and whole commands by the clock on the wall.
Noise only ever adds: a cost is the minimum over its turns. A ratio is the median of the
ratios within the rounds, since a minimum of ratios would pick the luckiest pair.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

Turn = Callable[[], float]
Clock = Callable[[], float]


def take_turns(turns: Mapping[str, Turn], rounds: int) -> dict[str, np.ndarray]:
    """Call every turn once a round, every other round in reverse order; costs [rounds] by name."""
    costs: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(rounds):
        for name in list(turns) if number % 2 == 0 else reversed(list(turns)):
            costs[name].append(turns[name]())
    return {name: np.array(values) for name, values in costs.items()}


def median_ratio(costs: Mapping[str, np.ndarray], slow: str, fast: str) -> float:
    """Median over the rounds of cost of `slow` over cost of `fast`."""
    return float(np.median(costs[slow] / costs[fast]))


def visits_of(
    run_days: Callable[[int], None],
    visits: Callable[[], int],
    days: int,
    clock: Clock = time.thread_time,
) -> Turn:
    """A turn that runs some more days; costs nanoseconds per visit.

    run_days : runs that many more days
    visits : counts the visits made so far
    """

    def turn() -> float:
        before, began = visits(), clock()
        run_days(days)
        return (clock() - began) / max(1, visits() - before) * 1e9

    return turn


def timed(task: Callable[[], object], clock: Clock = time.thread_time) -> Turn:
    """A turn that does a task; costs seconds."""

    def turn() -> float:
        began = clock()
        task()
        return clock() - began

    return turn
