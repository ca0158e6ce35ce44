"""A visit from the way there to what is written down: what each part leaves for the next."""

import numpy as np
import pytest
from worlds import Encounter, rules, thing

from simsuite.vocabulary import Cause, EventKind, Intent, Outcome, Phase, Stated, StockOut


def visited(met, name, before=None, **values):
    """A whole visit of the customer in this channel."""
    visit = met.at(name, before, line__desk=-1, line__served=True, **values)
    met.rules.make_visit(met.customer, met.relations, visit, met.world)
    return visit


def test_the_first_minute_is_that_of_the_first_visit_for_the_need_and_stays():
    met = Encounter("isolated")
    assert met.journey.first_minute == -1
    visited(met, "app", minute=700.5)
    assert met.journey.first_minute == 700
    visited(met, "app", "app", minute=900.0)
    assert met.journey.first_minute == 700


def test_the_very_first_minute_of_a_run_is_a_first_minute_as_well():
    met = Encounter("isolated")
    for minute in (0.5, 900.0):
        visited(met, "app", minute=minute)
        assert met.journey.first_minute == 0


@pytest.mark.parametrize("collecting", [False, True])
def test_whoever_headed_for_a_place_has_arrived_and_who_only_collects_still_heads_there(collecting):
    met = Encounter("isolated")
    store = met.channel("store")
    met.journey.heading_to = met.journey.collect_at = store
    visit = met.at("app", collecting=collecting)
    met.rules.choose(met.customer, met.relations, visit, met.world)
    assert visit.channel == store
    assert met.journey.heading_to == (store if collecting else -1)


@pytest.mark.parametrize(
    "stated, by, told",
    [
        (Stated.IN_STOCK, "app", True),
        (Stated.NOT_IN_STOCK, "app", True),
        (Stated.NOTHING, "app", False),
        (Stated.NOT_IN_STOCK, "store", False),
    ],
)
def test_what_is_said_of_stock_is_written_down_where_this_channel_said_it(stated, by, told):
    met = Encounter("isolated")
    met.journey.stated_stock, met.journey.stated_stock_by = stated, met.channel(by)
    visit, first = met.at("app"), met.world.page.head.written
    met.rules.note_arrival(met.customer, visit, -1.0, met.world)
    lines = [met.world.page.rows[place] for place in range(first, met.world.page.head.written)]
    assert [line.value for line in lines if line.kind == EventKind.TOLD_STOCK] == ([stated] if told else [])
    assert {line.second for line in lines} == {int((visit.minute - visit.part // 4 * 1440) * 60)} != {0}


def test_each_look_at_a_shelf_teaches_what_was_said_of_it_before():
    met = Encounter("isolated")
    place, customer = met.channel("store"), met.customer
    learned = {
        (place, Stated.NOTHING): customer.shelf_silent,
        (place, Stated.IN_STOCK): customer.shelf_yes,
        (place, Stated.NOT_IN_STOCK): customer.shelf_no,
        (met.channel("phone"), Stated.IN_STOCK): customer.shelf_silent,
        (-1, Stated.IN_STOCK): customer.shelf_silent,
    }
    for (met.journey.stated_place, met.journey.stated_stock), count in learned.items():
        assert met.rules.shelf_memory(customer, met.journey, place) is count


@pytest.mark.parametrize("history, shown", [(0, False), (1, True), (2, False), (3, True), (4, False), (5, True)])
def test_a_place_shows_its_shelf_and_every_other_channel_the_record_of_today(history, shown):
    """Bit k of the history is the record k days ago."""
    shelf = thing("STOCK", history=history, on_shelf=not shown)
    assert bool(rules().seems_available(shelf, False)) == shown
    assert bool(rules().seems_available(shelf, True)) != shown


def test_a_run_begins_with_filled_shelves():
    world = Encounter("isolated").world
    assert min(shelf.received for pool in world.stock for shelf in pool) > 0
    assert rules().order_up_to(0.0, world.parameters.stock) == 1, "also of what nobody is expected to ask for"


@pytest.mark.parametrize("engagement, share", [(2.0, 0.731), (0.0, 0.5), (-4.0, 0.119)])
def test_who_needs_more_can_use_more_channels(engagement, share):
    """1 / (1 + exp(-0.5 x engagement)) of 4,000 people; standard error 0.008."""
    met = Encounter("isolated", customers=1)
    channel = met.world.channels[met.channel("app")]
    channel.reach_share, channel.reach_engagement = 0.5, 0.5
    found = []
    for number in range(4000):
        her = thing("CUSTOMER", number=number)
        relation = thing("RELATION")
        met.rules.draw_relation(her, relation, engagement, met.world.segments[0], channel, met.world.luck)
        found.append(relation.reachable)
    assert np.mean(found) == pytest.approx(share, abs=0.032)


@pytest.mark.parametrize("later, open_at_the_end", [(0.5, 1), (1.5, 0)])
def test_only_needs_that_have_arisen_are_open_at_the_end(later, open_at_the_end):
    met = Encounter("isolated", warm_up=0)
    met.journey.phase = Phase.NO_JOURNEY
    now = met.world.now
    now.last_counted_part = now.part + 100
    met.customer.next_need_time = now.part + later
    met.customer.need_rate = 1e-9  # and none after it
    met.rules.still_open(met.customer, met.at("app"), met.world)
    assert met.world.tally.outcomes[:, :, Outcome.STILL_OPEN].sum() == open_at_the_end


def test_a_longer_trip_makes_a_channel_less_attractive():
    met = Encounter("isolated")
    app = met.world.channels[met.channel("app")]
    weight = met.world.parameters.choice.trip_weight
    found = []
    for app.trip in (0.0, 30.0, 60.0):
        found.append(met.rules.trip_utility(met.customer, met.journey, app, 1.0, met.world))
    assert weight > 0.0 and found == pytest.approx([0.0, -30.0 * weight, -60.0 * weight])


@pytest.mark.parametrize("lies_in", ["store", "app", None])
def test_a_cart_in_any_other_channel_costs_a_new_start_here(lies_in):
    met = Encounter("isolated")
    choice, here = met.world.parameters.choice, met.channel("desktop_web")
    met.journey.cart_channel = -1 if lies_in is None else met.channel(lies_in)
    met.relations[here].cart_need = -1
    cost = met.rules.restart_cost(met.relations, here, 0.0, met.journey, met.world.channels, choice)
    assert cost == (0.0 if lies_in is None else choice.restart_cart) and choice.restart_cart > 0.0


@pytest.mark.parametrize("there", [True, False])
def test_a_look_at_a_shelf_teaches_what_was_there(there):
    met = Encounter("isolated")
    visit = met.at("store")
    for shelf in (entry for pool in met.world.stock for entry in pool):
        shelf.on_shelf = there
    met.journey.stated_stock = Stated.NOTHING
    before = met.customer.shelf_silent.evidence, met.customer.shelf_silent.weight
    met.rules.look_for_item(met.customer, visit, 1, met.world)
    after = met.customer.shelf_silent
    assert (after.evidence - before[0], after.weight - before[1]) == (1.0 if there else 0.0, 1.0)


@pytest.mark.parametrize("item, got, out", [(0, -1, True), (0, 0, False), (-1, -1, False)])
def test_an_item_that_was_asked_for_and_not_got_is_a_stock_out_whichever_it_is(item, got, out):
    met = Encounter("isolated")
    visit = met.at("store", stock__item=item, stock__got=got)
    met.rules.conclude_visit(met.customer, met.relations, visit, met.world)
    assert bool(visit.stock.out) == out


@pytest.mark.parametrize("cause, reason", [(Cause.NOT_READY, 1), (Cause.LAPSED, 2), (Cause.COMPETITOR, 2)])
@pytest.mark.parametrize("intent", [Intent.BROWSE, Intent.BUY])
def test_a_cart_left_behind_is_of_a_browser_of_the_not_ready_or_of_somebody_else(cause, reason, intent):
    met = Encounter("isolated")
    met.begin_journey(intent)
    met.leave_cart("app")
    met.rules.count_left_carts(met.customer, met.relations, cause, met.world)
    wanted = [0, 0, 0]
    wanted[0 if intent == Intent.BROWSE else reason] = 1
    assert met.world.tally.carts_left[met.customer.segment, met.channel("app")].tolist() == wanted


def test_a_need_that_joins_an_open_journey_has_no_cause():
    met = Encounter("isolated", warm_up=0)
    met.customer.need_rate, met.journey.lapses = 1e-9, 10**6
    first = met.world.needs.head.written
    for number in range(20):  # some of them are of the kind of the open journey
        met.customer.next_need, met.customer.next_need_time = number, met.world.now.part + 0.0
        met.rules.begin(met.customer, met.relations, met.at("app"), met.world)
    rows = [met.world.needs.rows[place] for place in range(first, met.world.needs.head.written)]
    absorbed = [row.cause for row in rows if row.outcome == Outcome.ABSORBED]
    assert absorbed and set(absorbed) == {-1}


@pytest.mark.parametrize("before, came_for_it", [(None, False), ("store", False), ("desktop_web", True)])
def test_who_comes_to_a_place_from_another_channel_came_for_the_item(before, came_for_it):
    met = Encounter("isolated")
    visit = met.at("store", before)
    met.rules.look_for_item(met.customer, visit, 0, met.world)
    assert visit.stock.came_for_it == came_for_it


def test_a_line_that_was_left_before_a_pick_up_was_one_visit():
    met = Encounter("isolated")
    visits = met.journey.visits
    visit = met.at("store", collecting=True, line__served=False)
    met.rules.conclude_pick_up(met.customer, visit, met.world)
    assert met.journey.visits == visits + 1


def test_who_was_known_in_the_first_daypart_of_all_is_known_since_then():
    met = Encounter("isolated")
    for part in (0, 9):
        met.rules.keep_record(met.relations, met.at("app"), part)
        assert met.relations[met.channel("app")].known_since == 0


@pytest.mark.parametrize(
    "in_hand, stated_by, counted", [(1.0, "app", 1), (0.0, "app", 1), (-1.0, "store", 1), (-1.0, "app", 0)]
)
def test_a_change_of_channel_with_something_in_hand_is_one_with_a_cart_or_a_price_that_another_told(
    in_hand, stated_by, counted
):
    met = Encounter("isolated")
    store, app = met.channel("store"), met.channel("app")
    met.world.now.day, met.journey.stated_by = 0, met.channel(stated_by)
    met.rules.note_arrival(met.customer, met.at("app", "store"), in_hand, met.world)
    assert met.world.tally.switches[store, app, :2].tolist() == [1, counted]


@pytest.mark.parametrize("response", list(StockOut))
def test_a_stock_out_is_written_down_with_what_she_does(response):
    met = Encounter("isolated")
    met.journey.stated_stock_by = -1
    first = met.world.page.head.written
    met.rules.conclude_stock_out(met.customer, met.relations, met.at("store", stock__response=response), met.world)
    lines = [met.world.page.rows[place] for place in range(first, met.world.page.head.written)]
    assert [line.value for line in lines if line.kind == EventKind.STOCK_OUT] == [response]


@pytest.mark.parametrize("name, visits", [("app", 4), (None, 3)])
def test_a_settled_need_counts_the_visit_in_which_it_ended(name, visits):
    met = Encounter("isolated")
    met.journey.counted, met.journey.visits = True, 3
    visit = met.at("app")
    visit.channel = -1 if name is None else visit.channel
    place = met.world.needs.head.written
    met.rules.settle(met.customer, visit, met.journey, Outcome.ORDERED, -1, met.world)
    assert met.world.needs.rows[place].visits == visits
