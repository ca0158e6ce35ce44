"""M9 Stock and orders: units and records, replenishment, who gets the last one, what an order is
worth.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, parameters, rules, thing

from simsuite.vocabulary import FIRST_LOCATION, NEVER, Decision, Intent, Phase, Stated, StockOut

UNIFORM = st.floats(0.001, 0.999)


@st.composite
def day_of_shelf(draw):
    """What happens on one day: a lost unit or not, a count or not, some who ask."""
    return draw(UNIFORM), draw(st.booleans()), draw(st.integers(0, 6))


@given(st.lists(day_of_shelf(), max_size=40), st.integers(0, 5), st.floats(0.01, 5), st.floats(0, 30))
def test_units_are_conserved_and_the_record_never_shows_too_little(days, lead_time, per_day, cover):
    planning = parameters(stock__lead_time=lead_time, stock__cover=cover, stock__shrinkage=0.3).stock
    visit, pool = thing("STOCK"), thing("POOL", units_per_day=per_day)
    rules().fill_shelf(visit, pool, 1.0, planning)
    for day, (u, counted, asking) in enumerate(days):
        rules().receive_delivery(visit, day)
        rules().lose_units(visit, u, planning.shrinkage)
        rules().count_shelf(visit, 0 if counted else 1, 0, 0, 2)
        rules().reorder(visit, pool, 1.0, day, planning)
        for _ in range(asking):
            visitor = thing("VISIT", stock__pool=0, stock__item=0)
            rules().hand_out(visitor, pool, [[visit]])
            assert (visitor.stock.got == 0) == (visitor.stock.got >= 0)
        assert visit.received - visit.sold - visit.vanished == visit.units >= 0
        assert visit.recorded >= visit.units and visit.on_order >= 0


def test_a_unit_that_vanishes_leaves_its_record_until_it_is_counted_or_missed():
    visit = thing("STOCK", units=1, recorded=1)
    rules().lose_units(visit, 0.1, 0.5)
    assert (visit.units, visit.recorded, visit.vanished) == (0, 1, 1)
    rules().lose_units(visit, 0.1, 0.5)
    assert visit.vanished == 1, "what is not there cannot vanish"
    rules().count_shelf(visit, 45, 0, 0, 90)
    assert visit.recorded == 1
    rules().count_shelf(visit, 90, 0, 0, 90)
    assert visit.recorded == 0


def asks(shelves, response=StockOut.COMPETITOR, second_choice=-1):
    visit, pool = (
        thing("VISIT", stock__pool=0, stock__item=0, stock__response=response, stock__second_choice=second_choice),
        thing("POOL"),
    )
    rules().hand_out(visit, pool, [shelves])
    return visit.stock.got, pool.sold_today


def test_a_unit_that_is_handed_out_leaves_the_shelf_and_its_record_as_well():
    shelf = thing("STOCK", units=2, recorded=5)
    for units, recorded in ((1, 4), (0, 3)):
        assert asks([shelf]) == (0, 1)
        assert (shelf.units, shelf.recorded) == (units, recorded)
    assert asks([shelf])[0] == -1 and shelf.recorded == 0, "whoever finds none puts the record right"


def test_the_last_unit_goes_to_the_first_and_the_phantom_is_put_right_by_the_second():
    shelf = thing("STOCK", units=1, recorded=2)
    assert asks([shelf]) == (0, 1)
    assert asks([shelf]) == (-1, 0)
    assert (shelf.units, shelf.recorded, shelf.sold) == (0, 0, 1)


def test_only_those_who_take_another_item_get_one_and_the_phantom_is_put_right_too():
    empty, full = thing("STOCK", units=0, recorded=3), thing("STOCK", units=5, recorded=5)
    assert asks([empty, full], StockOut.COME_BACK, 1) == (-1, 0)
    empty.recorded = 3
    assert asks([empty, full], StockOut.SUBSTITUTE, 1) == (1, 1)
    assert (full.units, empty.recorded) == (4, 0)


def test_nobody_gets_another_item_that_is_not_there_either():
    empty, gone = thing("STOCK", units=0, recorded=3), thing("STOCK", units=0, recorded=2)
    assert asks([empty, gone], StockOut.SUBSTITUTE, 1) == (-1, 0)
    assert (gone.units, gone.sold, empty.recorded) == (0, 0, 0)


@given(UNIFORM, st.integers(0, 9), st.integers(1, 10))
def test_the_other_item_is_another_one_of_the_category(u, place, items):
    category = thing("CATEGORY", first_item=20, items=items)
    other = rules().substitute_item(u, 20 + place % items, category)
    assert other == -1 if items == 1 else 20 <= other < 20 + items and other != 20 + place % items


@given(st.floats(0, 50), st.integers(0, 30), st.floats(0, 60), st.floats(0, 5))
def test_the_target_covers_lead_time_and_review_and_is_never_below_the_reorder_point(expected, lead, cover, safety):
    planning = parameters(stock__lead_time=lead, stock__cover=cover, stock__safety=safety).stock
    target = rules().order_up_to(expected, planning)
    assert target >= int(expected * (lead + 1 + cover)) and target >= 1
    visit = thing("STOCK", recorded=0)
    rules().reorder(visit, thing("POOL", units_per_day=expected), 1.0, 10, planning)
    assert visit.units + visit.on_order == target and (visit.arrives == 10 + lead or lead == 0)


def test_an_order_arrives_after_its_lead_time_and_only_once():
    planning = parameters(stock__lead_time=3).stock
    visit = thing("STOCK")
    rules().reorder(visit, thing("POOL", units_per_day=1.0), 1.0, 10, planning)
    ordered = visit.on_order
    for day, units in ((11, 0), (12, 0), (13, ordered), (14, ordered)):
        rules().receive_delivery(visit, day)
        assert visit.units == units
    assert (visit.on_order, visit.arrives, visit.received) == (0, NEVER, ordered)


@given(st.floats(0, 100), st.integers(0, 100), st.floats(1, 365))
def test_the_forecast_moves_toward_what_was_sold(before, sold, half_life):
    pool = thing("POOL", units_per_day=before, sold_today=sold)
    rules().forecast_sales(pool, half_life)
    assert min(before, sold) - 1e-9 <= pool.units_per_day <= max(before, sold) + 1e-9 and pool.sold_today == 0


def test_after_its_half_life_half_of_an_old_forecast_is_left():
    pool = thing("POOL", units_per_day=8.0)
    for _ in range(28):
        rules().forecast_sales(pool, 28.0)
    assert pool.units_per_day == pytest.approx(4.0)


@given(UNIFORM, st.booleans(), st.booleans())
def test_answers_to_a_stock_out_are_the_shares_of_their_parameters(u, promised, came_for_it):
    planning = parameters().stock
    suffix = "_promised" if promised else "_wasted" if came_for_it else ""
    shares = [getattr(planning, name + suffix) for name in ("go_to_competitor", "give_up", "come_back")]
    answers = [StockOut.COMPETITOR, StockOut.GIVE_UP, StockOut.COME_BACK, StockOut.SUBSTITUTE]
    passed = sum(u >= sum(shares[: place + 1]) for place in range(3))
    assert rules().stock_out_response(u, promised, came_for_it, planning) == answers[passed]


@given(st.integers(0, 10**8), st.floats(0.5, 1.5), st.floats(0, 0.9))
def test_the_price_paid_is_rounded_once(cents, price, promotion):
    assert abs(rules().price_paid(cents, price, promotion) - cents * price * (1 - promotion)) <= 0.5 + 1e-6


@pytest.mark.parametrize(
    "minutes, place",
    [
        (0, 0),
        (20, 0),
        (21, 1),
        (60, 1),
        (180, 2),
        (1440, 3),
        (1441, 4),
        (3 * 1440, 4),
        (7 * 1440, 5),
        (14 * 1440, 6),
        (28 * 1440, 7),
        (28 * 1440 + 1, 8),
    ],
)
def test_times_to_order_fall_into_their_classes(minutes, place):
    assert rules().time_class(float(minutes)) == place


@pytest.mark.parametrize(
    "opens, part",
    [
        ({"opens_morning": True}, 12),
        ({"opens_noon": True}, 13),
        ({"opens_afternoon": True}, 14),
        ({"opens_evening": True}, 15),
    ],
)
def test_an_order_is_collected_the_next_day_as_soon_as_the_place_is_open(opens, part):
    assert {rules().collection_part(thing("CHANNEL", **opens), now) for now in (8, 9, 10, 11)} == {part}


@pytest.mark.parametrize("missing", ["nothing", "capability", "offer", "stock", "hand-over"])
def test_orders_are_collected_only_where_all_that_it_takes_is_there(missing):
    met = Encounter("integrated_ideal", parameters__orders__collect_probability=1.0)
    store, web = met.channel("store"), met.channel("desktop_web")
    met.world.policy.collect_in_store = missing != "capability"
    met.world.channels[web].offers_collection = missing != "offer"
    met.world.channels[store].hands_over = missing != "hand-over"
    met.journey.stated_stock = Stated.NOT_IN_STOCK if missing == "stock" else Stated.IN_STOCK
    met.journey.stated_stock_by, met.journey.stated_place = web, store
    assert met.rules.wants_to_collect(met.customer, met.at("desktop_web"), met.world) == (missing == "nothing")


def test_a_collected_order_takes_its_unit_from_the_place_and_has_to_be_fetched():
    met = Encounter("integrated_ideal")
    store, web = met.channel("store"), met.channel("desktop_web")
    met.journey.stated_stock, met.journey.stated_stock_by, met.journey.stated_place = (
        Stated.IN_STOCK,
        web,
        store,
    )
    met.leave_cart("desktop_web")
    visit = met.at("desktop_web", collects=True)
    met.rules.look_for_item(met.customer, visit, 1, met.world)
    assert visit.stock.pool == met.world.places[store][met.customer.region].pool
    visit.stock.item, visit.minute = met.journey.item, 700.0
    met.rules.hand_out(visit, met.world.pools[visit.stock.pool], met.world.stock)
    met.rules.conclude_order(met.customer, met.relations, visit, met.world)
    assert (met.journey.phase, met.journey.collect_at, met.journey.next_visit) == (
        Phase.DELIVERY,
        store,
        4,
    )


def test_a_collector_who_leaves_the_line_comes_again():
    met = Encounter("integrated_ideal")
    met.journey.phase, met.journey.collect_at = Phase.DELIVERY, met.channel("store")
    visit = met.at("store", collecting=True, line__served=False)
    met.rules.conclude(met.customer, met.relations, visit, met.world)
    assert (met.journey.phase, met.journey.next_visit) == (Phase.DELIVERY, 4)
    again = met.at("store", collecting=True)
    met.rules.conclude(met.customer, met.relations, again, met.world)
    assert met.journey.phase == Phase.NO_JOURNEY


def test_an_order_is_valued_at_what_was_stated_to_her():
    met = Encounter()
    met.world.now.day = 0
    met.leave_cart("desktop_web")
    web = met.world.channels[met.channel("desktop_web")]
    web.delivery_cost_cents = 450
    met.world.categories[0].goods_cost = 0.6
    visit = met.at("desktop_web", price__stated=1.1, promotion__stated=0.2)
    met.rules.book_order(met.customer, met.relations, visit, met.world)
    money = met.world.tally.money[met.customer.segment, visit.channel]
    # list 5000; paid 5000 x 1.1 x 0.8 = 4400; goods 3000; delivery 450
    assert money.tolist() == [5000, 600, 3000, 450]
    assert (
        met.relations[visit.channel].cart_need == -1 and met.customer.orders == met.relations[visit.channel].orders == 1
    )


@pytest.mark.parametrize(
    "bought_in, since, column",
    [("desktop_web", 0, 1), ("mobile_web", 0, 1), ("app", 0, 2), ("desktop_web", -100, None)],
)
def test_a_cart_is_ordered_there_or_elsewhere_within_fourteen_days(bought_in, since, column):
    met = Encounter()
    met.leave_cart("desktop_web")
    cart = met.relations[met.channel("desktop_web")]
    cart.cart_since = since
    met.rules.settle_carts(met.customer, met.relations, met.at(bought_in), met.world)
    counted = met.world.tally.carts[met.customer.segment, met.channel("desktop_web")].tolist()
    assert counted == [0 if place != column else 1 for place in range(3)] and cart.cart_need == -1


@pytest.mark.parametrize("parts, counted", [(14 * 4, [0, 1, 0]), (14 * 4 + 1, [0, 0, 0])])
def test_a_cart_may_be_fourteen_days_old_to_the_part_and_no_part_older(parts, counted):
    met = Encounter()
    met.world.now.part = 100
    met.leave_cart("desktop_web", 100 - parts)
    met.rules.settle_carts(met.customer, met.relations, met.at("desktop_web"), met.world)
    assert met.world.tally.carts[met.customer.segment, met.channel("desktop_web")].tolist() == counted


def test_twins_who_made_other_numbers_of_visits_take_the_same_thing_along():
    """It is decided once a need, however many visits it took her in this world."""
    met = Encounter(parameters__orders__attach_probability=0.5)
    asked_for = []
    for met.customer.number in range(40):
        twins = set()
        for met.journey.visits in (0, 1, 7):
            visit = met.at("store", collecting=True)
            met.rules.extra_purchase(met.customer, visit, met.world)
            twins.add((visit.stock.pool, visit.stock.item))
        assert len(twins) == 1
        asked_for.append(twins.pop()[1])
    assert 5 < asked_for.count(-1) < 35 and len(set(asked_for)) > 5, "some take nothing, others something each"


def test_the_published_record_knows_of_each_day_whether_it_showed_the_item_as_its_last_daypart_began():
    met = Encounter(parameters__stock__shrinkage=0.0)
    world, shelf = met.world, met.world.stock[0][0]
    shelf.history, shelf.on_order, shelf.arrives = 0, 1, NEVER  # nothing comes and nothing is ordered
    days = ((3, 2, 0, 0), (0, 0, 1, 1), (0, 0, 0, 0), (5, 5, 5, 5), (1, 0, 1, 0))
    for day, recorded_by_daypart in enumerate(days, start=1):
        met.rules.open_stock_day(world.stock, world.pools, world.items, day, world.luck, world.parameters)
        assert shelf.history % 2 == (shelf.recorded > 0), "as the day begins"
        for recorded in recorded_by_daypart:
            shelf.units = shelf.recorded = recorded
            met.rules.publish_stock(world.stock, len(world.items))
            assert (shelf.on_shelf, shelf.history % 2) == (recorded > 0, recorded > 0)
    # bit k: k days ago; no, yes, no, yes, no from the last day back
    assert shelf.history == 0b01010


@pytest.mark.parametrize("intent, counted", [(Intent.BROWSE, 0), (Intent.CONSIDER, 1), (Intent.BUY, 1)])
def test_where_she_had_searched_is_asked_of_those_who_came_with_a_plan(intent, counted):
    met = Encounter()
    met.begin_journey(intent=intent)
    app, web = met.channel("app"), met.channel("desktop_web")
    met.rules.book_order(met.customer, met.relations, met.at("desktop_web", searched_in=app), met.world)
    assert met.world.tally.research[app, web] == met.world.tally.research.sum() == counted


def test_whoever_gets_another_item_orders_that_one_at_a_part_of_the_value():
    met = Encounter(parameters__stock__substitute_value=0.8)
    wanted = met.journey.item
    for got, cents in ((wanted, 5000), (wanted + 1, 4000)):
        met.begin_journey()
        visit = met.at("desktop_web", stock__got=got)
        met.rules.conclude_order(met.customer, met.relations, visit, met.world)
        assert (met.journey.item, met.journey.basket_cents) == (got, cents)


@pytest.mark.parametrize(
    "lead_time, recorded, ordered",
    [(1, 6, True), (1, 7, False), (7, 14, True), (7, 15, False)],
)
def test_an_order_is_placed_once_the_record_is_at_what_the_lead_time_sells_and_a_safety(lead_time, recorded, ordered):
    planning = parameters(stock__lead_time=lead_time, stock__safety=5.0, stock__cover=3.0).stock
    shelf = thing("STOCK", recorded=recorded)
    rules().reorder(shelf, thing("POOL", units_per_day=0.5), 1.0, 10, planning)
    # the lead time and the day of the review sell 2 x 0.5 = 1; safety 5 x the root of 1; 1 + 5 = 6
    # of 8 days: 4 + 5 x 2 = 14
    assert (shelf.on_order > 0) == ordered


@pytest.mark.parametrize("number", range(30))
def test_a_shelf_is_looked_at_once_she_has_chosen_something_and_once_a_visit(number):
    met = Encounter()
    met.customer.number = number
    visit = met.at("store", line__desk=-1)
    met.rules.make_visit(met.customer, met.relations, visit, met.world)
    learned = [getattr(met.customer, name).weight for name in ("shelf_silent", "shelf_yes", "shelf_no")]
    chosen = met.journey.phase >= Phase.CART
    assert visit.stock.looked == chosen and sum(learned) == (1.0 if chosen else 0.0)


@pytest.mark.parametrize("learned, best", [((0.0, 0.4, 0.2), 1), ((0.3, 0.0, 0.0), 0), ((0.0, 0.2, 0.2), 1)])
def test_research_was_done_where_she_had_learned_most(learned, best):
    met = Encounter("isolated")
    visit = met.at("phone")
    for relation in met.relations:
        relation.knowledge = 0.0
    assert met.rules.channel_of_most_knowledge(met.relations, visit) == met.channel("phone"), "nowhere: here"
    for relation, knowledge in zip(met.relations, learned, strict=False):
        relation.knowledge = knowledge
    assert met.rules.channel_of_most_knowledge(met.relations, visit) == best


@pytest.mark.parametrize("day", range(7, 15))
def test_what_vanishes_from_each_shelf_is_its_own_luck(day):
    met = Encounter(parameters__stock__shrinkage=0.5, parameters__stock__count_interval=90)
    world, shelves, luck = met.world, met.world.stock[0][:8], met.world.luck
    pool = FIRST_LOCATION + world.pools[0].code
    drawn = [met.rules.draw(luck, pool, day, Decision.SHRINKAGE, item) for item in range(8)]
    for shelf in shelves:
        shelf.units, shelf.recorded, shelf.vanished, shelf.arrives = 1, 1, 0, NEVER
    met.rules.open_stock_day(world.stock, world.pools, world.items, day, luck, world.parameters)
    assert [shelf.vanished for shelf in shelves] == [int(u < 0.5) for u in drawn] and len(set(drawn)) == 8
