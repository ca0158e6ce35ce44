"""A strategy compared with itself under other luck must rarely be declared better or worse."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from simsuite.engines.batch import BatchEngine
from simsuite.experiment import statistics
from simsuite.metrics.context import context_of
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.scenario import load
from simsuite.scenario.pack import pack

CUSTOMERS, REPLICATIONS = 500, 20
HEADLINES = [measure for measure in REGISTRY.values() if measure.headline]


def headline_values(runs: int) -> np.ndarray:
    """Headline measures of the isolated flagship, [runs, measures]; every run has a seed of its own."""
    packed = pack(load("flagship_retailer", {"population.customers": CUSTOMERS, "experiment.warm_up": 28,
                                             "experiment.horizon": 56, "experiment.cool_down": 28}).spec)

    def one(seed: int) -> list[float]:
        engine = BatchEngine(packed, "isolated", seed=1_000_000 + seed)
        engine.run(packed.days)
        result = engine.result()
        context = context_of(result, result, packed.channels)
        totals = []
        for measure in HEADLINES:
            rows = [row for row in measure.compute(result, context) if row[0] == row[1] == ALL]
            totals.append(measure.value(*rows[0][2:]))
        return totals

    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(one, range(runs))))


def declared(values: np.ndarray) -> np.ndarray:
    """Whether each experiment (20 runs against 20 others) declares any headline better or worse."""
    said = []
    for block in values.reshape(-1, 2, REPLICATIONS, len(HEADLINES)):
        intervals = statistics.simultaneous_intervals(block[1] - block[0])
        verdicts = []
        for place, measure in enumerate(HEADLINES):
            change, half = intervals.estimate[place], intervals.half_width[place]
            threshold = measure.threshold * (abs(block[0][:, place].mean()) if measure.threshold_is_relative else 1.0)
            verdicts.append(statistics.verdict(change, change - half, change + half, threshold, measure.better))
        said.append(any(verdict in (statistics.BETTER, statistics.WORSE) for verdict in verdicts))
    return np.array(said)


@pytest.mark.verification
def test_isolated_against_itself_differs_in_at_most_eight_percent_of_200_experiments():
    """n 200; nominal level 5 %, standard error 1.5 points."""
    experiments = 200
    share = declared(headline_values(experiments * 2 * REPLICATIONS)).mean()
    print(f"declared a difference that matters: {share:.1%} of {experiments}")
    assert share <= 0.08


def test_isolated_against_itself_rarely_differs():
    """n 10, nominal 5 %, tolerance four standard errors: 0.33."""
    experiments = 10
    share = declared(headline_values(experiments * 2 * REPLICATIONS)).mean()
    assert share <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / experiments)


def test_a_strategy_that_sells_more_is_declared_better():
    """The same machinery must be able to fail: shift one arm by three thresholds."""
    values = headline_values(2 * REPLICATIONS)
    values[REPLICATIONS:, 0] += 30 * HEADLINES[0].threshold
    assert declared(values).all()
