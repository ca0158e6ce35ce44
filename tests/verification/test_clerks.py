"""Waits belong to the load of a clerk, not to the size of the population."""

import numpy as np
import pytest
from worlds import packed, started

pytestmark = pytest.mark.verification
SIZES = (4_000, 20_000, 100_000)
DAYS = 60


def waits(customers, seed):
    """Minutes waited at each desk's arrival by channel: (store, phone), mean over a run."""
    tables = packed(
        strategies=("isolated",),
        population__customers=customers,
        population__customers_per_pool=4_000,
        experiment__warm_up=0,
        experiment__horizon=DAYS,
        experiment__cool_down=0,
        parameters__audit__shoppers=0,
        experiment__seed=seed,
    )
    engine = started(tables, keep_events=False)
    engine.run(tables.days)
    queue = engine.result().tallies["queue"].astype(float)
    places = [tables.channel_names.index(name) for name in ("store", "phone")]
    return [queue[place, 2] / queue[place, 0] / 60.0 for place in places]


def test_the_same_load_of_a_clerk_gives_the_same_waits_at_any_size():
    """Areas of 4,000 each: 1, 5 or 25 of them. Ten seeds of the smallest give the standard error of a run."""
    small = np.array([waits(SIZES[0], seed) for seed in range(1, 11)])
    error = small.std(0, ddof=1)
    for customers in SIZES[1:]:
        areas = customers / SIZES[0]
        difference = np.abs(np.array(waits(customers, 1)) - small.mean(0))
        assert (difference < 4 * error * np.sqrt(1 / areas + 1 / 10)).all(), customers


def test_pooling_shortens_waits_and_takes_no_clerk_away():
    """One area of 20,000 with ten clerks waits less than ten of 2,000 with one each (Erlang C falls with pooling)."""

    def mean_wait(pool):
        tables = packed(
            strategies=("isolated",),
            population__customers=20_000,
            population__customers_per_pool=pool,
            experiment__warm_up=0,
            experiment__horizon=DAYS,
            experiment__cool_down=0,
            parameters__audit__shoppers=0,
        )
        phone = tables.channel_names.index("phone")
        engine = started(tables, keep_events=False)
        engine.run(tables.days)
        arrivals, _, seconds = engine.result().tallies["queue"][phone]
        return sum(
            tables.desks[desk]["clerks"] for desk in {row["desk"] for row in tables.places[phone]}
        ), seconds / arrivals

    (clerks, together), (as_many, apart) = mean_wait(20_000), mean_wait(2_000)
    assert clerks == as_many == 10
    assert together < 0.5 * apart
