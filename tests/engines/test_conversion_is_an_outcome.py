"""M7 rules out a conversion rate per channel: how many visits end in an order follows from who comes, and with what aim."""

import numpy as np
import pytest
from worlds import small_retail, started

AIMS = [{"parameters__needs__browse_share": browse, "parameters__needs__consider_share": 0.0} for browse in (0.95, 0.0)]
PATIENCE = [
    {f"segments__{name}__effort_budget": budget for name in ("regular", "loyal", "deal_seeker", "newcomer")}
    for budget in (0.5, 50.0)
]


def orders_per_visit(**people):
    """By channel, with the standard error."""
    tables = small_retail(24_000, **people)
    running = started(tables)
    running.run(tables.days)
    tallies = running.result().tallies
    visits, orders = (tallies[name].sum(axis=0)[: len(tables.channels)].astype(float) for name in ("visits", "orders"))
    assert (visits > 1000).all()
    share = orders / visits
    return share, np.sqrt(share * (1 - share) / visits)


@pytest.mark.parametrize("few, many", [AIMS, PATIENCE], ids=["aims", "patience"])
def test_the_very_same_channels_sell_more_to_people_who_want_more(few, many):
    (low, low_error), (high, high_error) = orders_per_visit(**few), orders_per_visit(**many)
    assert (high - low > 4 * np.hypot(low_error, high_error)).all()
