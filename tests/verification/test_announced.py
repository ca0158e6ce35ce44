"""T22: announced continuity. Half an integration, announced, sells less than none."""

from math import exp, sqrt

import numpy as np
import pytest
from laboratory import assert_mean, assert_share, first_races, ordered, packed, run

from simsuite.evidence.limit_cases import (
    coverage_from_which_announcing_helps,
    probability_of_order,
    probability_of_order_with_links,
)

BUY, GIVE_UP, PAUSE, RESTART = 0.08, 0.19, 0.4, 3.0
SILENT, ANNOUNCED = 0.3, (2 * 0.3 + 4 * 0.8) / (2 + 4)  # beliefs


def switching(belief):
    """Pauses at 0.4, of which a logit share goes on in the shop where the cart is not."""
    return PAUSE / (1 + exp(RESTART * (1 - belief)))


def sold(coverage, announced, engine, customers):
    """First race of every customer: whether it ended in an order."""
    strategy = {
        "flows": {"cart": {"coverage": coverage}},
        "announcement": {"reach": float(announced), "strength": 4.0, "level": 0.8},
    }
    tables = packed("lab_announced", {"half": strategy}, population__customers=customers)
    return ordered(first_races(run(tables, "half", engine)))


@pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 20_000),
        ("mesa", 400),
        pytest.param("batch", 200_000, marks=pytest.mark.verification),
    ],
)
@pytest.mark.parametrize("announced, belief", [(False, SILENT), (True, ANNOUNCED)])
@pytest.mark.parametrize("coverage", [0.0, 0.4, 0.8, 1.0])
def test_orders_are_those_of_the_mixture_of_races(coverage, announced, belief, engine, customers):
    expected = probability_of_order_with_links(BUY, GIVE_UP, switching(belief), coverage)
    assert_share(sold(coverage, announced, engine, customers), expected)


BOUNDARY = coverage_from_which_announcing_helps(BUY, GIVE_UP, switching(SILENT), switching(ANNOUNCED))


@pytest.mark.parametrize(
    "engine, customers, coverages",
    [
        ("batch", 20_000, (BOUNDARY - 0.25, BOUNDARY + 0.25)),
        pytest.param("batch", 200_000, (BOUNDARY - 0.1, BOUNDARY + 0.1), marks=pytest.mark.verification),
        pytest.param("mesa", 3_000, (0.0, 1.0), marks=pytest.mark.verification),
    ],
)
def test_announcing_is_worse_than_silent_silos_below_a_coverage_and_better_above(engine, customers, coverages):
    """Twins at either side of the boundary: theory's difference, beyond four standard errors."""
    silos = sold(0.0, False, engine, customers)
    for side, coverage in zip((-1, 1), coverages, strict=True):
        gain = sold(coverage, True, engine, customers).astype(float) - silos
        assert side * gain.mean() > 4 * gain.std() / sqrt(len(gain))
        assert_mean(
            gain,
            probability_of_order_with_links(BUY, GIVE_UP, switching(ANNOUNCED), coverage)
            - probability_of_order(BUY, GIVE_UP, switching(SILENT), 1.0),
        )


@pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 20_000),
        ("mesa", 400),
        pytest.param("batch", 200_000, marks=pytest.mark.verification),
        pytest.param("mesa", 3_000, marks=pytest.mark.verification),
    ],
)
def test_at_the_boundary_announcing_neither_wins_nor_loses(engine, customers):
    told = sold(BOUNDARY, True, engine, customers)
    assert_share(told, probability_of_order(BUY, GIVE_UP, switching(SILENT), 1.0))
    assert_mean(told.astype(float) - sold(0.0, False, engine, customers), 0.0)


def test_a_silent_firm_loses_nothing_by_half_an_integration():
    """Unannounced, no customer orders less with more links under the same luck."""
    by_coverage = [sold(coverage, False, "batch", 20_000) for coverage in (0.0, 0.3, 0.6, 1.0)]
    for fewer, more in zip(by_coverage, by_coverage[1:], strict=False):
        assert not (fewer & ~more).any()
        gain = more.astype(float) - fewer
        assert np.mean(gain) > 4 * np.std(gain) / sqrt(len(gain))
