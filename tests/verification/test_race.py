"""T3, one cart, four clocks: P(order) = b / (b + g + s l). M8: a clock switched off."""

import numpy as np
import pytest
from laboratory import assert_share, finished, matched, ordered, packed, races, run, started

from simsuite.evidence.limit_cases import probability_of_order
from simsuite.vocabulary import Cause, Flow, Outcome

BUY, GIVE_UP, SWITCH, TO_COMPETITOR = 0.08, 0.19, 0.10, 0.12
BOTH_ENGINES = pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 40_000),
        ("mesa", 400),
        pytest.param("batch", 400_000, marks=pytest.mark.verification),
    ],
)
BOTH_ENDS = pytest.mark.parametrize("strategy, loss", [("isolated", 1.0), ("integrated_ideal", 0.0)])


@BOTH_ENGINES
@BOTH_ENDS
def test_orders_are_those_of_the_race_whether_the_cart_stays_or_follows(engine, customers, strategy, loss):
    tables = packed("lab_race", population__customers=customers)
    assert_share(
        ordered(races(run(tables, strategy, engine))),
        probability_of_order(BUY, GIVE_UP, SWITCH, loss),
    )


@BOTH_ENGINES
@pytest.mark.parametrize("error", [0.1, 0.3, 0.6])
def test_a_cart_that_follows_with_errors_gives_the_race_between_the_two_ends(engine, customers, error):
    """Wrong on the way to the other shop, right where it lies: l is the error of the link."""
    flow = {"flows": {"cart": {"coverage": 1.0, "error": error}}}
    tables = packed("lab_race", {"between": flow}, population__customers=customers)
    world = started(tables, "between", engine)
    for shop in range(2):
        world.set("links", (Flow.CART, shop, shop), error=0.0)
    assert_share(ordered(races(finished(world))), probability_of_order(BUY, GIVE_UP, SWITCH, error))


@BOTH_ENGINES
def test_each_cause_takes_its_share_of_the_lost_races(engine, customers):
    """The earliest of exponential clocks is cause k with probability rate k over the sum."""
    needs = races(run(packed("lab_race", population__customers=customers), "isolated", engine))
    rates = {
        Cause.NOT_READY: GIVE_UP - TO_COMPETITOR,
        Cause.COMPETITOR: TO_COMPETITOR,
        Cause.CART_LOST: SWITCH,
    }
    for cause, rate in rates.items():
        assert_share(needs["cause"] == cause, rate / (BUY + GIVE_UP + SWITCH))
    assert set(np.unique(needs["cause"])) == {-1, *rates}


@pytest.fixture(
    scope="module",
    params=[
        (strategy, loss, engine, customers)
        for strategy, loss in (("isolated", 1.0), ("integrated_ideal", 0.0))
        for engine, customers in (("batch", 50_000), ("mesa", 400))
    ],
    ids=lambda param: f"{param[0]}-{param[2]}",
)
def twins(request):
    """Races with and without the clock of the competitor; probability of an order without it.

    Needs that were a journey in both worlds: who stays longer may absorb her next need.
    """
    strategy, loss, engine, customers = request.param
    changes = ({}, {"parameters__giving_up__competitor": 0.0})
    worlds = [
        races(run(packed("lab_race", population__customers=customers, **change), strategy, engine))
        for change in changes
    ]
    here, there = matched(*worlds)
    return (
        worlds[0][here],
        worlds[1][there],
        probability_of_order(BUY, GIVE_UP - TO_COMPETITOR, SWITCH, loss),
    )


def test_a_cause_switched_off_gives_the_race_without_it(twins):
    _, without, expected = twins
    assert_share(ordered(without), expected)


def test_a_cause_switched_off_changes_only_the_fate_of_those_whom_it_struck(twins):
    before, without, expected = twins
    struck = before["outcome"] == Outcome.WENT_TO_COMPETITOR
    for fate in ("outcome", "cause", "closed", "channel", "cents"):
        assert (before[fate] == without[fate])[~struck].all()
    assert_share(ordered(without[struck]), expected)
