"""T10: what goes in comes out. Needs, units and lost sales add up exactly in an ordinary world."""

from math import log

import numpy as np
import pytest
from laboratory import ENGINES, packed, run, started

from simsuite.vocabulary import LOSING_CAUSES, PARTS_PER_DAY, Decision, EventKind, Intent, Outcome

SMALL = {
    "population__customers": 500,
    "population__customers_per_region": 250,
    "experiment__warm_up": 0,
    "experiment__horizon": 60,
    "experiment__cool_down": 20,
}


@pytest.fixture(scope="module")
def tables():
    """The retail world, 500 customers, 60 days."""
    return packed("flagship_retailer", **SMALL)


@pytest.fixture(scope="module", params=list(ENGINES))
def result(request, tables):
    """The record of a run in which every flow is in use."""
    return run(tables, "integrated", request.param, keep_events=True)


def test_every_candidate_need_has_one_outcome(tables, result):
    """Replayed from the customers' own clocks: need n falls due at T(n-1) - ln(u) / rate."""
    model = started(tables, "integrated", "mesa")
    expected = []
    for customer in model.customers:
        need, time = 0, customer.next_need_time
        while time < tables.horizon * PARTS_PER_DAY:
            expected.append((customer.number, need))
            need += 1
            time += (
                -log(model.rules.draw(model.luck, customer.number, need, Decision.NEED_CLOCK, 0)) / customer.need_rate
            )
    assert list(zip(result.needs["customer"].tolist(), result.needs["need"].tolist(), strict=True)) == expected
    assert result.tallies["outcomes"].sum() == len(expected)


def test_counts_by_outcome_are_those_of_the_needs(result):
    needs = result.needs
    counted = np.zeros_like(result.tallies["outcomes"])
    np.add.at(counted, (needs["segment"], needs["intent"], needs["outcome"]), 1)
    assert (counted == result.tallies["outcomes"]).all()
    seldom = (Outcome.STILL_OPEN,)
    assert all(counted[:, :, outcome].sum() > 0 for outcome in Outcome if outcome not in seldom)


def test_units_received_are_sold_vanished_or_on_the_shelf(result):
    stock = result.stock
    assert (stock["received"] - stock["sold"] - stock["vanished"] == stock["units"]).all()
    assert stock["vanished"].sum() > 0


def test_units_sold_are_orders_and_extra_purchases(result):
    events = result.events
    taken_along = (events["kind"] == EventKind.PICKED_UP) & (events["value"] > 0)
    orders = events["kind"] == EventKind.ORDERED
    assert result.stock["sold"].sum() == orders.sum() + taken_along.sum()
    assert orders.sum() > 50
    assert result.days[:, 2].sum() == orders.sum()


def test_every_lost_planned_journey_has_one_cause_and_one_place_in_the_ledger(result):
    needs = result.needs
    lost = needs[
        (needs["intent"] != Intent.BROWSE) & np.isin(needs["outcome"], (Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR))
    ]
    by_cause = result.tallies["lost"].sum(axis=(0, 2, 3))
    assert by_cause.sum() == len(lost) > 50
    assert (np.bincount(lost["cause"], minlength=len(by_cause)) == by_cause).all()
    assert set(lost["cause"].tolist()) <= {int(cause) for cause in LOSING_CAUSES}
    assert result.tallies["lost_cents"].sum() == lost["cents"].sum()
    assert result.tallies["next_in_line"].sum() == len(lost)
    ordered = needs[needs["outcome"] == Outcome.ORDERED]
    assert (ordered["cause"] == -1).all()


def test_orders_by_channel_are_the_orders_of_needs(result):
    needs = result.needs
    ordered = needs[needs["outcome"] == Outcome.ORDERED]
    by_channel = result.tallies["orders"].sum(axis=0)
    assert (np.bincount(ordered["channel"], minlength=len(by_channel)) == by_channel).all()
    assert result.tallies["money"][:, :, 0].sum() >= ordered["cents"].sum() > 0
