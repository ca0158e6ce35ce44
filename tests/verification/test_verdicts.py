"""A strategy compared with itself under other luck must rarely be declared better or worse."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import pytest
from laboratory import packed, run

from simsuite.experiment.comparison import MEASURE_COLUMNS, compare
from simsuite.experiment.statistics import BETTER, WORSE
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.metrics.surroundings import context_of

REPLICATIONS = 20
HEADLINES = [measure for measure in REGISTRY.values() if measure.headline]
SMALL = {
    "population__customers": 500,
    "experiment__warm_up": 28,
    "experiment__horizon": 56,
    "experiment__cool_down": 28,
}


def totals(result, reference, arm, replication, channels):
    """Rows of a measures table: the headline measures of one run, over all segments and channels."""
    context = context_of(result, reference, channels)
    for measure in HEADLINES:
        for segment, channel, numerator, denominator in measure.compute(result, context):
            if segment == channel == ALL:
                value = measure.value(numerator, denominator)
                run_id = f"{arm}-{replication}"
                yield (run_id, arm, replication, measure.name, ALL, ALL, numerator, denominator, value)


def pair(tables, number):
    """Replication `number` of the isolated flagship and of itself, each run with a seed of its own."""
    results = [run(tables, seed=1_000_000 + 2 * number + place) for place in range(2)]
    return [
        row
        for arm, result in zip(("isolated", "again"), results, strict=True)
        for row in totals(result, results[0], arm, number, tables.channels)
    ]


def measures_tables(experiments):
    """One measures table per experiment: 20 runs of `isolated` against 20 of itself."""
    tables = packed("flagship_retailer", **SMALL)
    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(partial(pair, tables), range(experiments * REPLICATIONS)))
    for first in range(0, len(rows), REPLICATIONS):
        block = [row for part in rows[first : first + REPLICATIONS] for row in part]
        yield pd.DataFrame(block, columns=list(MEASURE_COLUMNS))


def verdicts(measures):
    """Verdict of `again` against `isolated` by measure."""
    table = compare(measures, "isolated", HEADLINES).table
    assert len(table) == len(HEADLINES) and (table["replications"] == REPLICATIONS).all()
    return table.set_index("measure")["verdict"]


def share_declared(experiments):
    """Share of experiments that declare any headline measure better or worse."""
    return np.mean([verdicts(table).isin([BETTER, WORSE]).any() for table in measures_tables(experiments)])


@pytest.mark.verification
def test_isolated_against_itself_differs_in_at_most_eight_percent_of_200_experiments():
    """n 200; nominal level 5 %, standard error 1.5 points. An interval that only just excludes 0
    around an estimate under the threshold declares nothing, so that less than 5 % is expected.
    """
    share = share_declared(200)
    print(f"\ndeclared a difference that matters: {share:.1%} of 200 experiments", end="")
    assert share <= 0.08


def test_isolated_against_itself_rarely_differs():
    """n 4, nominal 5 %, four standard errors 0.44: at most one."""
    assert share_declared(4) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 4)


@pytest.mark.parametrize("shift, said", [(3.0, BETTER), (-3.0, WORSE)])
def test_a_strategy_that_sells_more_is_declared_better(shift, said):
    """The same machinery must be able to say yes: three orders per 100 needs are added to every run
    of one arm. A run holds about 550 needs, of which a twelfth are ordered: standard error of the
    difference sqrt(2 x 0.08 x 0.92 / 550 / 20) x 100 = 0.37, so that 3 is eight of them.
    """
    measures = next(measures_tables(1))
    shifted = (measures["strategy"] == "again") & (measures["measure"] == "conversion")
    measures.loc[shifted, "value"] += shift
    found = verdicts(measures)
    assert found["conversion"] == said
    assert not found.drop("conversion").isin([BETTER, WORSE]).any()
