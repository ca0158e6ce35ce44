"""The books: tallies say what events and settled needs say, needs are conserved, units are
conserved.
"""

import numpy as np
import pytest
from worlds import STRATEGIES, small_retail, started, switched

from simsuite.vocabulary import (
    MAX_CHANNELS,
    N_CAUSES,
    NOT_LOST,
    Cause,
    EventKind,
    Intent,
    Outcome,
    Question,
)

LOST = (Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR)


@pytest.fixture(scope="module")
def tables():
    return small_retail(
        300,
        parameters__orders__collect_probability=0.8,
        parameters__stock__expected_units=0.5,
        parameters__stock__cover=2.0,
        channels__store__service="20 min",
        strategies__isolated__announcement={"reach": 0.5, "strength": 2, "level": 0.8},
    )


@pytest.fixture(scope="module", params=STRATEGIES)
def result(request, tables):
    return switched(tables, request.param)


def events(result, kind):
    return result.events[result.events["kind"] == kind]


def in_horizon(result, rows, column="part"):
    first, last = result.warm_up * 4, (result.warm_up + result.horizon) * 4
    return rows[(rows[column] >= first) & (rows[column] < last)]


def by_day(result, rows, column="part"):
    return np.bincount(rows[column] // 4, minlength=len(result.days))


def counted(result, rows):
    """Events of needs that arose inside of the horizon."""
    settled = {(row["customer"], row["need"]) for row in result.needs[["customer", "need"]]}
    return rows[[(row["customer"], row["need"]) in settled for row in rows]]


def test_events_are_unique_by_customer_part_and_ordinal(result):
    keys = result.events[["customer", "part", "ordinal"]]
    assert len(np.unique(keys)) == len(result.events) > 0


def test_an_event_says_minus_one_where_it_has_nothing_to_say(result):
    for kind in EventKind:
        rows = events(result, kind)
        meaning = kind.words.meaning
        if any(word in meaning for word in ("value: ", "detail: ", "cents: ")):
            assert (rows["value"] >= 0).all(), kind.name
        else:
            assert (rows["value"] == -1).all(), kind.name
        if "other_channel" not in meaning:
            assert (rows["other_channel"] == -1).all(), kind.name
        has_cause = kind in (EventKind.CLASH, EventKind.STOCK_OUT, EventKind.GAVE_UP, EventKind.LEFT_QUEUE)
        assert ((rows["cause"] >= 0) if has_cause else (rows["cause"] == -1)).all(), kind.name


def test_days_count_visits_journeys_and_orders_as_the_events_do(result):
    considered = events(result, EventKind.NEED)
    assert (result.days[:, 0] == by_day(result, events(result, EventKind.CHOSE))).all()
    assert (result.days[:, 1] == by_day(result, considered[considered["value"] == 1])).all()
    assert (result.days[:, 2] == by_day(result, events(result, EventKind.ORDERED))).all()


def test_days_count_losses_as_the_events_do(result):
    gone = events(result, EventKind.GAVE_UP)
    lost = gone[np.isin(gone["value"], LOST)]
    assert (result.days[:, 3] == by_day(result, lost)).all()


def test_visits_of_the_horizon_equal_the_events(result):
    chose = in_horizon(result, events(result, EventKind.CHOSE))
    segments = result.customers["segment"][chose["customer"]]
    counts = np.zeros_like(result.tallies["visits"])
    np.add.at(counts, (segments, chose["channel"]), 1)
    assert (counts == result.tallies["visits"]).all()


def test_buying_visits_of_the_horizon_equal_the_events(result):
    ordered = in_horizon(result, events(result, EventKind.ORDERED))
    counts = np.bincount(ordered["channel"], minlength=MAX_CHANNELS)
    assert (counts == result.tallies["buying_visits"].sum(0)).all() and counts.sum() > 0


def test_orders_equal_events_and_settled_needs(result):
    needs = result.needs[result.needs["outcome"] == Outcome.ORDERED]
    ordered = counted(result, events(result, EventKind.ORDERED))
    orders = result.tallies["orders"].sum(0)
    assert (orders == np.bincount(needs["channel"], minlength=MAX_CHANNELS)).all()
    assert (orders == np.bincount(ordered["channel"], minlength=MAX_CHANNELS)).all()
    assert orders.sum() == result.tallies["time_to_order"].sum() > 0


def test_whatever_is_not_lost_has_no_cause(result):
    needs, unlost = result.needs, (Outcome.ORDERED, Outcome.NOT_CONSIDERED, Outcome.ABSORBED, Outcome.STILL_OPEN)
    lost = ~np.isin(needs["outcome"], unlost)
    assert (needs["cause"][lost] >= 0).all() and (needs["cause"][~lost] == -1).all() and 0 < lost.sum() < len(needs)


def test_outcomes_equal_settled_needs(result):
    counts = np.zeros_like(result.tallies["outcomes"])
    np.add.at(counts, tuple(result.needs[name] for name in ("segment", "intent", "outcome")), 1)
    assert (counts == result.tallies["outcomes"]).all()


def test_a_need_is_settled_once(result):
    assert len(np.unique(result.needs[["customer", "need"]])) == len(result.needs)


def test_every_need_of_the_horizon_is_settled_and_no_other(result, tables):
    """Needs come one after the other: their numbers have no gap, and those born in the horizon are
    all there.
    """
    first, last = result.warm_up * 4, (result.warm_up + result.horizon) * 4
    assert ((result.needs["born"] >= first) & (result.needs["born"] < last)).all()
    for customer in np.unique(result.needs["customer"]):
        numbers = np.sort(result.needs["need"][result.needs["customer"] == customer])
        assert (np.diff(numbers) == 1).all()
    assert (result.customers["next_need_time"] >= last).all()


def test_the_ledger_adds_up_to_the_lost_planned_journeys(result):
    needs = result.needs[np.isin(result.needs["outcome"], LOST)]
    assert (needs["intent"] != Intent.BROWSE).all(), "who only looked around is no lost sale"
    lost, cents = result.tallies["lost"], result.tallies["lost_cents"]
    assert lost.sum() == len(needs) > 0 and cents.sum() == needs["cents"].sum()
    assert (lost.sum((0, 2, 3)) == np.bincount(needs["cause"], minlength=N_CAUSES)).all()
    assert lost[:, list(NOT_LOST)].sum() == 0
    assert (result.tallies["next_in_line"].sum(1) == lost.sum((0, 2, 3))).all()


def test_the_ledger_says_from_where_to_where_as_the_events_do(result):
    gone = counted(result, events(result, EventKind.GAVE_UP))
    gone = gone[np.isin(gone["value"], LOST) & (gone["channel"] >= 0)]
    counts = np.zeros_like(result.tallies["lost"].sum(0))
    before = np.where(gone["other_channel"] < 0, MAX_CHANNELS, gone["other_channel"])
    np.add.at(counts, (gone["cause"], before, gone["channel"]), 1)
    assert (counts[:, :, :MAX_CHANNELS] == result.tallies["lost"].sum(0)[:, :, :MAX_CHANNELS]).all()


def test_only_time_ends_a_journey_at_home(result):
    at_home = result.tallies["lost"][:, :, :, MAX_CHANNELS].sum((0, 2))
    assert at_home[Cause.LAPSED] == at_home.sum() == result.tallies["lost"][:, Cause.LAPSED].sum()


def test_clashes_equal_the_events_of_the_horizon(result):
    clash = in_horizon(result, events(result, EventKind.CLASH))
    clash = clash[clash["other_channel"] >= 0]
    counts = np.zeros_like(result.tallies["clashes"])
    np.add.at(counts, (clash["cause"], clash["other_channel"], clash["channel"]), 1)
    assert (counts == result.tallies["clashes"]).all() and counts.sum() > 0


def test_lines_equal_the_events_of_the_horizon(result):
    waited = in_horizon(result, events(result, EventKind.WAITED))
    left = in_horizon(result, events(result, EventKind.LEFT_QUEUE))
    queue = result.tallies["queue"]
    assert (queue[:, 0] == np.bincount(waited["channel"], minlength=MAX_CHANNELS)).all()
    assert (queue[:, 1] == np.bincount(left["channel"], minlength=MAX_CHANNELS)).all()
    served = waited["value"].sum() * 60.0  # who left waited less than was offered
    assert 0 < queue[:, 2].sum() <= served + 0.5 * len(waited)


def test_changes_of_channel_equal_the_events_of_the_horizon(result):
    """Who is recognized or not has been served; an arrival from another channel is a change."""
    chose = events(result, EventKind.CHOSE)
    before = {(row["customer"], row["part"]): row["other_channel"] for row in chose}
    arrived = in_horizon(result, events(result, EventKind.RECOGNIZED))
    counts = np.zeros((MAX_CHANNELS, MAX_CHANNELS), int)
    for row in arrived:
        origin = before[(row["customer"], row["part"])]
        if 0 <= origin != row["channel"]:
            counts[origin, row["channel"]] += 1
    switches = result.tallies["switches"]
    assert (switches[:, :, 0] == counts).all() and counts.sum() > 0
    assert (switches[:, :, 2] <= switches[:, :, 1]).all() and (switches[:, :, 1] <= switches[:, :, 0]).all()


def test_money_adds_up_to_the_settled_orders_and_what_was_taken_along(result):
    money = result.tallies["money"].sum((0, 1))
    taken_along = counted(result, events(result, EventKind.PICKED_UP))["value"].sum()
    needs = result.needs[result.needs["outcome"] == Outcome.ORDERED]
    assert money[0] == needs["cents"].sum() + taken_along
    assert 0 < money[2] <= money[0]


@pytest.mark.parametrize("share, discount", [(0.0, 0.0), (1.0, 0.2)])
def test_the_discount_is_what_was_promised(share, discount):
    """Without own prices: nothing off in a year without promotions, a fifth off where every week is
    one.
    """
    result = switched(
        small_retail(
            200,
            parameters__promotions__price_spread=0.0,
            parameters__promotions__depth=0.2,
            parameters__promotions__promotion_share=share,
        ),
        "isolated",
    )
    listed, off = result.tallies["money"].sum((0, 1))[:2]
    sales = result.tallies["orders"].sum() + (events(result, EventKind.PICKED_UP)["value"] > 0).sum()
    assert listed > 0 and abs(off - discount * listed) <= 0.5 * sales


def test_units_sold_equal_the_change_of_stock(result):
    stock = result.stock
    assert (stock["received"] - stock["sold"] - stock["vanished"] == stock["units"]).all()
    assert (stock["units"] >= 0).all() and stock["sold"].sum() > 0 and stock["vanished"].sum() > 0


def test_units_sold_equal_orders_and_what_was_taken_along(result):
    picked = events(result, EventKind.PICKED_UP)
    assert result.stock["sold"].sum() == result.days[:, 2].sum() + (picked["value"] > 0).sum()
    assert result.customers["orders"].sum() == result.days[:, 2].sum() == result.relations["orders"].sum()


def test_the_record_never_shows_less_than_is_there(result):
    assert (result.stock["recorded"] >= result.stock["units"]).all()


def test_every_collected_order_is_collected_once(result):
    picked = events(result, EventKind.PICKED_UP)[["customer", "need"]]
    ordered = {(row["customer"], row["need"]) for row in events(result, EventKind.ORDERED)}
    assert len(np.unique(picked)) == len(picked) and {tuple(row) for row in picked} <= ordered


def test_carts_begun_are_ordered_left_or_lost_but_never_more_than_begun(result):
    begun, there, elsewhere = np.moveaxis(result.tallies["carts"], 2, 0)
    left = result.tallies["carts_left"].sum(2)
    assert (there + elsewhere + left <= begun).all() and begun.sum() > 0


def test_the_audit_asks_every_question_alike(result, tables):
    count = len(tables.channels)
    asked, consistent, answered = np.moveaxis(result.tallies["audit"], 4, 0)
    assert (consistent <= answered).all() and (answered <= asked).all()
    assert (answered[:, list(Question)[:2]] == asked[:, list(Question)[:2]]).all()  # prices and offers are always said
    one = asked[0, Question.PRICE, 0, 1]
    pairs = ~np.eye(count, dtype=bool)
    assert one == 3 * tables.parameters.audit.shoppers * result.horizon // tables.parameters.audit.every
    assert (asked[:, :, :count, :count][:, :, pairs] == one).all() and asked.sum() == one * 12 * pairs.sum()


def test_the_audit_asks_the_same_in_every_world_and_acts_on_nothing(tables):
    quiet, loud = (
        switched(small_retail(40, parameters__audit__shoppers=shoppers), "integrated") for shoppers in (0, 5)
    )
    assert quiet.tallies["audit"].sum() == 0 < loud.tallies["audit"].sum()
    for name in ("customers", "relations", "stock", "needs", "events"):
        assert (getattr(quiet, name) == getattr(loud, name)).all(), name


def test_nothing_is_counted_outside_of_the_horizon(tables):
    """The warm-up leaves no trace in the tallies."""
    running = started(tables, "isolated")
    running.run(tables.warm_up)
    assert running.days_done == tables.warm_up and running.workers[0].days.sum() > 0
    tally = running.workers[0].tally[0]
    assert {name for name in tally.dtype.names if tally[name].any()} == set()
