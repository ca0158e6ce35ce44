"""T23: a shared record that errs replaces the good ones, also where the cart was left."""

from math import sqrt

import pytest
from laboratory import assert_mean, assert_share, first_races, ordered, packed, run

from simsuite.evidence.limit_cases import (
    error_from_which_sharing_loses,
    probability_of_order,
    probability_of_order_with_shared_record,
)

BUY, GIVE_UP, SWITCH, OWN = 0.08, 0.19, 0.02, 0.30


def sold(coverage, error, engine="batch", customers=40_000):
    """First race of every customer: whether it ended in an order."""
    strategy = {"flows": {"cart": {"coverage": coverage, "error": error}}}
    tables = packed("lab_overwrite", {"shared": strategy}, population__customers=customers)
    return ordered(first_races(run(tables, "shared", engine)))


@pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 20_000),
        ("mesa", 400),
        pytest.param("batch", 200_000, marks=pytest.mark.verification),
    ],
)
@pytest.mark.parametrize("error", [0.0, 0.05, 0.4])
@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_orders_are_those_of_the_mixture_of_races(coverage, error, engine, customers):
    expected = probability_of_order_with_shared_record(BUY, GIVE_UP, SWITCH, OWN, error, coverage)
    assert_share(sold(coverage, error, engine, customers), expected)


def boundary(coverage):
    """The error at which a shared record sells as much as silos."""
    return error_from_which_sharing_loses(BUY, GIVE_UP, SWITCH, OWN, coverage)


@pytest.mark.parametrize(
    "coverage, engine, customers",
    [
        (1.0, "batch", 40_000),
        (1.0, "mesa", 400),
        *(
            pytest.param(coverage, *size, marks=pytest.mark.verification)
            for coverage in (0.5, 1.0)
            for size in (("batch", 200_000), ("mesa", 3_000))
        ),
    ],
)
def test_at_the_boundary_sharing_neither_wins_nor_loses(coverage, engine, customers):
    shared = sold(coverage, boundary(coverage), engine, customers)
    assert_share(shared, probability_of_order(BUY, GIVE_UP, SWITCH, 1.0))
    assert_mean(shared.astype(float) - sold(0.0, 0.0, engine, customers), 0.0)


@pytest.mark.parametrize(
    "coverage, engine, customers, errors",
    [
        (1.0, "batch", 40_000, (boundary(1.0) / 2, boundary(1.0) * 2)),
        pytest.param(
            0.5,
            "batch",
            200_000,
            (boundary(0.5) / 2, boundary(0.5) * 2),
            marks=pytest.mark.verification,
        ),
        pytest.param(1.0, "mesa", 3_000, (0.0, 0.4), marks=pytest.mark.verification),
    ],
)
def test_sharing_wins_below_an_error_and_loses_above(coverage, engine, customers, errors):
    """Twins at either side of the boundary: theory's difference, beyond four standard errors."""
    silos = sold(0.0, 0.0, engine, customers)
    for side, error in zip((-1, 1), errors, strict=True):
        gain = sold(coverage, error, engine, customers).astype(float) - silos
        assert -side * gain.mean() > 4 * gain.std() / sqrt(len(gain))
        assert_mean(
            gain,
            probability_of_order_with_shared_record(BUY, GIVE_UP, SWITCH, OWN, error, coverage)
            - probability_of_order(BUY, GIVE_UP, SWITCH, 1.0),
        )
