"""T3, one cart and four clocks: P(order) = b / (b + g + s l); and what a clock that is switched off changes (M8)."""

import numpy as np
import pytest
from laboratory import assert_share, finished, ordered, packed, races, run, started

from simsuite.evidence.limit_cases import probability_of_order
from simsuite.vocabulary import Cause, Flow, Outcome

BUY, GIVE_UP, SWITCH, TO_COMPETITOR = 0.08, 0.19, 0.10, 0.12
BOTH_ENGINES = pytest.mark.parametrize("engine, customers", [
    ("batch", 40_000), ("mesa", 400), pytest.param("batch", 400_000, marks=pytest.mark.verification)])
BOTH_ENDS = pytest.mark.parametrize("strategy, loss", [("isolated", 1.0), ("integrated_ideal", 0.0)])


@BOTH_ENGINES
@BOTH_ENDS
def test_orders_are_those_of_the_race_whether_the_cart_stays_or_follows(engine, customers, strategy, loss):
    tables = packed("lab_race", population__customers=customers)
    assert_share(ordered(races(run(tables, strategy, engine))), probability_of_order(BUY, GIVE_UP, SWITCH, loss))


@BOTH_ENGINES
@pytest.mark.parametrize("error", [0.1, 0.3, 0.6])
def test_a_cart_that_follows_with_errors_gives_the_race_between_the_two_ends(engine, customers, error):
    """Wrong on the way from one shop to the other, right where it lies: l is the error of the link."""
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
    rates = {Cause.NOT_READY: GIVE_UP - TO_COMPETITOR, Cause.COMPETITOR: TO_COMPETITOR, Cause.CART_LOST: SWITCH}
    for cause, rate in rates.items():
        assert_share(needs["cause"] == cause, rate / (BUY + GIVE_UP + SWITCH))
    assert set(np.unique(needs["cause"])) == {-1, *rates}


def twins(strategy):
    """The same races with and without the clock of the competitor: needs that were a journey in both worlds."""
    without = {"parameters__giving_up__competitor": 0.0}
    worlds = [races(run(packed("lab_race", **change), strategy)) for change in ({}, without)]
    keys = [needs["customer"].astype("i8") << 32 | needs["need"] for needs in worlds]
    _, here, there = np.intersect1d(*keys, return_indices=True)
    return worlds[0][here], worlds[1][there]


@BOTH_ENDS
def test_a_cause_switched_off_gives_the_race_without_it(strategy, loss):
    expected = probability_of_order(BUY, GIVE_UP - TO_COMPETITOR, SWITCH, loss)
    _, spared = twins(strategy)
    assert_share(ordered(spared), expected)


@BOTH_ENDS
def test_a_cause_switched_off_changes_only_the_fate_of_those_whom_it_struck(strategy, loss):
    struck_world, spared_world = twins(strategy)
    struck = struck_world["outcome"] == Outcome.WENT_TO_COMPETITOR
    for fate in ("outcome", "cause", "closed", "channel", "cents"):
        assert (struck_world[fate] == spared_world[fate])[~struck].all()
    expected = probability_of_order(BUY, GIVE_UP - TO_COMPETITOR, SWITCH, loss)
    assert_share(ordered(spared_world[struck]), expected)
