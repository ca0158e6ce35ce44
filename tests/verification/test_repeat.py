"""T13: one shop, constant rates, gamma-distributed across customers; every need ordered at once."""

import numpy as np
import pytest
from laboratory import assert_equals, assert_share, packed, run
from scipy.stats import nbinom

from simsuite.evidence.limit_cases import mean_orders, probability_of_orders, variance_of_orders
from simsuite.vocabulary import Outcome

SHAPE, SCALE, WEEKS = 0.385, 14.41, 39.0  # r, alpha in weeks: mean 1.042 in 39 weeks
BOTH_ENGINES = pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 50_000),
        ("mesa", 500),
        pytest.param("batch", 1_000_000, marks=pytest.mark.verification),
    ],
)


@BOTH_ENGINES
def test_orders_per_customer_are_negative_binomial(engine, customers):
    """Shares of customers with 0 to 7 orders, mean and variance.

    A need that falls into the daypart in which another is ordered is absorbed and bought
    with it; theory knows no dayparts, so it counts.
    """
    tables = packed("lab_repeat", population__customers=customers)
    needs = run(tables, engine=engine).needs
    assert np.isin(needs["outcome"], (Outcome.ORDERED, Outcome.ABSORBED)).all()
    bought = np.bincount(needs["customer"], minlength=customers)
    for count in range(8):
        assert_share(bought == count, probability_of_orders(count, SHAPE, SCALE, WEEKS))
    mean, variance = mean_orders(SHAPE, SCALE, WEEKS), variance_of_orders(SHAPE, SCALE, WEEKS)
    assert_equals(bought.mean(), mean, (variance / customers) ** 0.5, customers)
    excess = nbinom.stats(SHAPE, SCALE / (SCALE + WEEKS), moments="k")
    fourth = variance**2 * (excess + 3)
    assert_equals(bought.var(), variance, ((fourth - variance**2) / customers) ** 0.5, customers)


def test_the_published_share_of_those_who_never_buy_comes_out():
    """0.604 by theory, against 0.599 observed among the customers of a music shop."""
    needs = run(packed("lab_repeat", population__customers=50_000)).needs
    buyers = np.unique(needs["customer"][needs["outcome"] == Outcome.ORDERED])
    bought = np.isin(np.arange(50_000), buyers)
    assert_share(~bought, 0.604)
