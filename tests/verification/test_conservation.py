"""T10: what goes in comes out. Needs, units and lost sales add up exactly in an ordinary world."""

import numpy as np
import pytest
from laboratory import ENGINES, finished, packed, started

from simsuite.rulebook import standard_rules
from simsuite.vocabulary import LOSING_CAUSES, EventKind, Intent, Outcome

SMALL = {"population__customers": 500, "population__customers_per_region": 250, "experiment__warm_up": 0,
         "experiment__horizon": 60, "experiment__cool_down": 20}


@pytest.fixture(scope="module", params=list(ENGINES))
def world(request):
    """The retail world, 500 customers, 60 days, every flow in use; the engine before and the record after."""
    tables = packed("flagship_retailer", **SMALL)
    engine = started(tables, "integrated", request.param, keep_events=True)
    clocks = [(customer_of(engine, number).next_need_time, customer_of(engine, number).need_rate)
              for number in range(tables.customers)]
    return clocks, finished(engine), engine


def customer_of(engine, number):
    return engine.customers[number]


def test_every_candidate_need_has_one_outcome(world):
    """Needs are replayed from the customers' own clocks: number n falls due at T(n-1) - ln(u)/rate."""
    clocks, result, engine = world
    rules, luck = standard_rules().interpreted, one_luck(engine)
    expected = []
    for number, (time, rate) in enumerate(clocks):
        need = 0
        while time < 60 * 4:
            expected.append((number, need))
            need += 1
            u = rules.draw(luck, number, need, 4, 0)
            time += rules.clock(u, rate)
    settled = list(zip(result.needs["customer"].tolist(), result.needs["need"].tolist(), strict=True))
    assert settled == expected
    assert result.tallies["outcomes"].sum() == len(expected)


def one_luck(engine):
    return engine.luck if hasattr(engine, "luck") else engine.tables["luck"][0]


def test_counts_by_outcome_are_those_of_the_needs(world):
    _, result, _ = world
    needs = result.needs
    counted = np.zeros_like(result.tallies["outcomes"])
    np.add.at(counted, (needs["segment"], needs["intent"], needs["outcome"]), 1)
    assert (counted == result.tallies["outcomes"]).all()
    assert (counted.sum(axis=(0, 1))[[Outcome.ORDERED, Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR, Outcome.NO_PLAN]] > 0).all()


def test_units_received_are_sold_vanished_or_on_the_shelf(world):
    stock = world[1].stock
    assert (stock["received"] - stock["sold"] - stock["vanished"] == stock["units"]).all()
    assert stock["vanished"].sum() > 0


def test_units_sold_are_orders_and_extra_purchases(world):
    _, result, _ = world
    events = result.events
    taken_along = (events["kind"] == EventKind.PICKED_UP) & (events["value"] > 0)
    orders = events["kind"] == EventKind.ORDERED
    assert result.stock["sold"].sum() == orders.sum() + taken_along.sum()
    assert orders.sum() > 50
    assert result.days[:, 2].sum() == orders.sum()


def test_every_lost_planned_journey_has_one_cause_and_one_place_in_the_ledger(world):
    _, result, _ = world
    needs = result.needs
    lost = needs[(needs["intent"] != Intent.BROWSE)
                 & np.isin(needs["outcome"], (Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR))]
    by_cause = result.tallies["lost"].sum(axis=(0, 2, 3))
    assert by_cause.sum() == len(lost) > 50
    assert (np.bincount(lost["cause"], minlength=len(by_cause)) == by_cause).all()
    assert set(lost["cause"].tolist()) <= {int(cause) for cause in LOSING_CAUSES}
    assert result.tallies["lost_cents"].sum() == lost["cents"].sum()
    assert result.tallies["next_in_line"].sum() == len(lost)
    ordered = needs[needs["outcome"] == Outcome.ORDERED]
    assert (ordered["cause"] == -1).all()


def test_orders_of_the_ledger_of_channels_are_orders_of_needs(world):
    _, result, _ = world
    needs = result.needs
    ordered = needs[needs["outcome"] == Outcome.ORDERED]
    by_channel = result.tallies["orders"].sum(axis=0)
    assert (np.bincount(ordered["channel"], minlength=len(by_channel)) == by_channel).all()
    assert result.tallies["money"][:, :, 0].sum() >= ordered["cents"].sum() > 0
