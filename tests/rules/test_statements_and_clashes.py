"""M6 Statements: speaker, item, time; a clash names two statements and two channels. L3: stale and
phantom stock.
"""

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, rules, thing

from simsuite.vocabulary import Cause, EventKind, Flow, Recognition, Stated

PRICE = st.floats(0.5, 1.5)
DEPTH = st.floats(0, 0.5)


def hear(met, here, told, stated, promotions=(0.0, 0.0), offered_by=None):
    """She was told a price in the web shop and hears another one; promotions: (here, told there); whose offer it was."""
    channel = met.world.channels[met.channel("app")]
    channel.price, channel.promotion = here, promotions[0]
    met.journey.stated_price, met.journey.stated_promotion = told, promotions[1]
    met.journey.stated_by = -1 if stated is None else met.channel(stated)
    met.journey.price_origin = met.journey.promotion_origin = met.journey.stated_by
    if offered_by is not None:
        met.journey.promotion_origin = met.channel(offered_by)
    visit = met.at("app", "desktop_web")
    met.rules.hear_price(met.customer, visit, met.world)
    return visit


@pytest.fixture(scope="module")
def silo():
    return Encounter("isolated")


@given(PRICE, PRICE, DEPTH, DEPTH)
def test_she_compares_what_she_would_pay_and_books_it_once(silo, here, told, promotion, promised):
    """A silo honors nothing. More to pay is a promotion clash if the told offer is missing, else a price clash."""
    visit = hear(silo, here, told, "desktop_web", (promotion, promised))
    tolerance = silo.world.parameters.statements.tolerance
    more = here * (1 - promotion) - told * (1 - promised)
    missing = promotion < promised - tolerance
    assert visit.price.excess == (more if more > tolerance and not missing else 0.0)
    assert visit.promotion.missing == (more if more > tolerance and missing else 0.0)
    assert visit.price.good_surprise == (-more if -more > tolerance else 0.0)
    assert (visit.price.stated, visit.promotion.stated) == (here, promotion)


def test_a_list_price_above_is_no_clash_where_the_offer_is_better(silo):
    visit = hear(silo, 1.0, 0.95, "desktop_web", (0.15, 0.0))
    assert visit.price.excess == visit.promotion.missing == 0.0
    assert visit.price.good_surprise == pytest.approx(0.1)


def test_an_offer_of_its_own_that_is_over_hides_no_lower_price_of_another_channel(silo):
    """The web shop said 0.7 and repeated the app's 10 % off, which is over: 0.3 is what the two prices differ by."""
    visit = hear(silo, 1.0, 0.7, "desktop_web", (0.0, 0.1), offered_by="app")
    assert (visit.price.excess, visit.promotion.missing) == (pytest.approx(0.3), 0.0)
    same_price = hear(silo, 1.0, 1.0, "desktop_web", (0.0, 0.1), offered_by="app")
    assert same_price.price.excess == same_price.promotion.missing == 0.0


@pytest.mark.parametrize(
    "here, offer_here, told, offer_told",
    [(1.0, 0.15, 0.8, 0.0), (0.8, 0.0, 0.9, 0.2), (0.95, 0.1, 0.8, 0.0), (1.0, 0.0, 0.9, 0.15)],
)
def test_whoever_honors_goes_no_lower_than_what_she_was_told(here, offer_here, told, offer_told):
    """An own offer is not taken off another channel's price, nor another channel's offer off an own lower price."""
    visit = hear(honoring(price=told, promotion=offer_told), here, told, "desktop_web", (offer_here, offer_told))
    paid = visit.price.stated * (1 - visit.promotion.stated)
    assert paid == pytest.approx(told * (1 - offer_told))
    assert visit.price.excess == visit.promotion.missing == visit.price.good_surprise == 0.0


@pytest.mark.parametrize("by", [None, "app"])
def test_what_nobody_or_the_same_channel_said_cannot_clash(silo, by):
    visit = hear(silo, 1.4, 1.0, by, (0.0, 0.4))
    assert visit.price.excess == visit.promotion.missing == visit.price.good_surprise == 0.0


def honoring(**board):
    """Linked channels; the web shop's board said this on the day that counts."""
    met = Encounter("integrated_ideal")
    entry = met.world.board[met.world.now.days_run % 64][met.channel("desktop_web")]
    entry.price, entry.promotion = board.get("price", 0.9), board.get("promotion", 0.15)
    return met


def test_a_channel_that_knows_what_the_other_said_honors_it():
    visit = hear(honoring(), 1.0, 0.9, "desktop_web", (0.0, 0.15))
    assert (visit.price.stated, visit.promotion.stated, visit.price.excess, visit.promotion.missing) == (
        0.9,
        0.15,
        0.0,
        0.0,
    )


def test_an_honored_statement_is_honored_by_a_third_channel_too_and_on_return():
    """The board that counts is that of the channel whose own price it was, whoever repeated it."""
    met = honoring()
    for channel in met.world.channels:
        channel.price, channel.promotion = 1.0, 0.0
    hear(met, 1.0, 0.9, "desktop_web", (0.0, 0.15))
    before = "desktop_web"
    for name in ("app", "store", "app"):
        visit = met.at(name, before)
        met.rules.hear_price(met.customer, visit, met.world)
        assert (visit.price.stated, visit.promotion.stated) == (0.9, 0.15), name
        assert visit.price.excess == visit.promotion.missing == 0.0
        met.rules.remember_price(met.customer, met.relations, visit)
        assert met.journey.stated_by == met.channel(name)
        assert met.journey.price_origin == met.channel("desktop_web")
        before = name


def test_what_a_channel_honored_once_and_does_not_honor_on_return_is_a_clash_with_its_origin():
    met = honoring()
    hear(met, 1.0, 0.9, "desktop_web")
    visit = met.at("app", "desktop_web")
    met.rules.hear_price(met.customer, visit, met.world)
    met.rules.remember_price(met.customer, met.relations, visit)
    met.world.board[met.world.now.days_run % 64][met.channel("desktop_web")].price = 1.0
    visit = met.at("app", "app")
    met.rules.hear_price(met.customer, visit, met.world)
    assert visit.price.excess == pytest.approx(0.1)
    assert met.journey.price_origin == met.channel("desktop_web")


def test_it_honors_nothing_that_the_other_does_not_say_in_what_it_sees():
    visit = hear(honoring(price=1.0, promotion=0.0), 1.0, 0.9, "desktop_web", (0.0, 0.15))
    assert visit.promotion.missing == pytest.approx(1.0 - 0.9 * 0.85) and visit.price.excess == 0.0


def test_with_a_delay_it_still_sees_the_old_price():
    met = honoring()
    met.world.now.days_run = 3
    met.world.board[2][met.channel("desktop_web")].price = 0.8
    met.world.board[3][met.channel("desktop_web")].price = 0.9
    for visit in met.world.links[Flow.PRICE]:
        for link in visit:
            link.delay = 4
    assert hear(met, 1.0, 0.9, "desktop_web").price.excess == pytest.approx(0.1)
    assert hear(met, 1.0, 0.8, "desktop_web").price.excess == 0.0
    met.world.now.days_run = 0
    assert hear(met, 1.0, 0.8, "desktop_web").price.excess > 0.0, "before the first day nothing was said"


def test_before_the_first_day_no_offer_was_made():
    met = honoring()
    for board in met.world.board:
        board[met.channel("desktop_web")].promotion = 0.15
    met.world.links[Flow.PROMOTION][met.channel("desktop_web")][met.channel("app")].delay = 4
    met.world.now.days_run = 1
    assert hear(met, 1.0, 0.9, "desktop_web", (0.0, 0.15)).promotion.missing == 0.0
    met.world.now.days_run = 0
    assert hear(met, 1.0, 0.9, "desktop_web", (0.0, 0.15)).promotion.missing > 0.0


@pytest.mark.parametrize("flow, clash", [(Flow.PRICE, "price.excess"), (Flow.PROMOTION, "promotion.missing")])
def test_a_wrong_record_or_a_missing_link_makes_the_clash(flow, clash):
    met, clash = honoring(), attrgetter(clash)
    assert clash(hear(met, 1.0, 0.9, "desktop_web", (0.0, 0.15))) == 0.0
    met.world.links[flow][met.channel("desktop_web")][met.channel("app")].error = 1.0
    assert clash(hear(met, 1.0, 0.9, "desktop_web", (0.0, 0.15))) > 0.0
    unlinked = honoring()
    unlinked.world.coverage[flow][unlinked.channel("app")][0].share = 0.0
    assert clash(hear(unlinked, 1.0, 0.9, "desktop_web", (0.0, 0.15))) > 0.0


def test_a_clash_names_two_statements_and_two_channels():
    for (told, promised), cause in (((1.0, 0.0), Cause.PRICE_CLASH), ((1.0, 0.2), Cause.PROMOTION_CLASH)):
        met = Encounter("isolated")
        visit = hear(met, 1.2, told, "desktop_web", (0.0, promised))
        first = met.world.page.head.written
        assert met.rules.note_clashes(visit, met.journey, met.world)
        lines = [met.world.page.rows[place] for place in range(first, met.world.page.head.written)]
        assert [(line.kind, line.cause, line.channel, line.other_channel) for line in lines] == [
            (EventKind.CLASH, cause, met.channel("app"), met.channel("desktop_web"))
        ]
        assert lines[0].value == pytest.approx(1.2 - told * (1 - promised))


def test_what_she_was_told_last_is_what_counts_next():
    met = Encounter("isolated")
    visit = hear(met, 1.1, 1.0, "desktop_web", (0.1, 0.0))
    met.rules.remember_price(met.customer, met.relations, visit)
    assert (met.journey.stated_price, met.journey.stated_promotion, met.journey.stated_by) == (
        1.1,
        0.1,
        met.channel("app"),
    )
    assert met.relations[met.channel("app")].told_price == 1.1


def say(met, days_ago=0, item=0):
    return met.rules.stock_statement(met.channel("app"), met.channel("store"), item, 0, days_ago, met.world)


def shelf_of(met, item=0):
    return met.world.stock[met.world.places[met.channel("store")][0].pool][item]


@given(st.integers(0, 2**62 - 1), st.integers(0, 40), st.integers(0, 20))
def test_a_statement_about_stock_is_the_record_of_some_days_ago(history, delay, days_ago):
    LINKED.world.links[Flow.STOCK][LINKED.channel("store")][LINKED.channel("app")].delay = 4 * delay
    shelf_of(LINKED).history = history
    shown = history >> min(61, delay + days_ago) & 1
    assert say(LINKED, days_ago) == (Stated.IN_STOCK if shown else Stated.NOT_IN_STOCK)


LINKED = Encounter("integrated_ideal")


def test_a_wrong_statement_says_the_opposite_and_a_silo_says_nothing():
    met = Encounter("integrated_ideal")
    shelf_of(met).history = 1
    assert say(met) == Stated.IN_STOCK
    met.world.links[Flow.STOCK][met.channel("store")][met.channel("app")].error = 1.0
    assert say(met) == Stated.NOT_IN_STOCK
    shelf_of(met).history = 0
    assert say(met) == Stated.IN_STOCK
    silo = Encounter("isolated")
    assert say(silo) == Stated.NOTHING
    silo.rules.hear_stock(silo.customer, silo.relations, silo.at("app"), silo.world)
    assert silo.journey.stated_stock == Stated.NOTHING and silo.journey.stated_stock_by == -1


def test_a_phantom_unit_is_promised():
    met = Encounter("integrated_ideal")
    shelf = shelf_of(met)
    shelf.units, shelf.recorded = 0, 2
    met.rules.publish_stock(met.world.stock, len(met.world.items))
    assert say(met) == Stated.IN_STOCK and not shelf.on_shelf


def test_a_stale_yes_makes_a_promise_and_the_promise_a_stock_clash():
    """L3: yesterday's record said yes, she travels, today the shelf is empty."""
    met = Encounter("integrated_ideal")
    store, item = met.channel("store"), met.journey.item
    met.world.links[Flow.STOCK][store][met.channel("app")].delay = 4
    shelf = shelf_of(met, item)
    shelf.units, shelf.recorded, shelf.on_shelf, shelf.history = 0, 0, False, 0b10
    app = met.at("app")
    met.rules.hear_stock(met.customer, met.relations, app, met.world)
    assert (met.journey.stated_stock, met.journey.stated_stock_by, met.journey.stated_place) == (
        Stated.IN_STOCK,
        app.channel,
        store,
    )
    visit = met.at("store", "app")
    met.world.change_parameters(
        met.world.parameters.model_copy(
            update={"stock": met.world.parameters.stock.model_copy(update={"go_to_competitor_promised": 1.0})}
        )
    )
    met.rules.look_for_item(met.customer, visit, 1, met.world)
    assert visit.stock.out and visit.stock.promised
    assert met.rules.stock_out_cause(visit.stock.promised, visit.stock.came_for_it) == Cause.STOCK_CLASH
    assert met.customer.shelf_yes.weight == 1.0 and met.customer.shelf_yes.evidence == 0.0


def test_a_broken_promise_drives_more_people_away_and_feels_worse():
    from worlds import parameters

    made = parameters()
    answers = {
        promised: [
            rules().stock_out_response((place + 0.5) / 1000, promised, False, made.stock) for place in range(1000)
        ]
        for promised in (False, True)
    }
    assert answers[False].count(0) == 310 and answers[False].count(1) == 90 and answers[False].count(2) == 150  # F68
    assert answers[True].count(0) == 450 and answers[True].count(1) == 150
    felt = [
        rules().experience_of_visit(
            thing("CUSTOMER"), thing("VISIT", stock__out=True, stock__promised=promised), 1.0, made.feelings
        )
        for promised in (False, True)
    ]
    assert felt[0] - felt[1] == pytest.approx(made.feelings.broken_promise - made.feelings.out_of_stock)
    assert felt[0] > felt[1]


@pytest.mark.parametrize(
    "promised, came_for_it, cause",
    [
        (True, True, Cause.STOCK_CLASH),
        (True, False, Cause.STOCK_CLASH),
        (False, True, Cause.WASTED_TRIP),
        (False, False, Cause.OUT_OF_STOCK),
    ],
)
def test_the_cause_of_a_stock_out_says_what_went_before(promised, came_for_it, cause):
    assert rules().stock_out_cause(promised, came_for_it) == cause


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_failed_switch_weighs_more_the_more_she_believed(belief, more):
    from worlds import parameters

    statements = parameters(statements__expectation_floor=0.4, statements__expectation_slope=1.2).statements
    weight = rules().clash_weight(belief, statements)
    assert weight == pytest.approx(0.4 + 1.2 * belief)
    assert rules().clash_weight(belief + more, statements) >= weight


def told_that_the_store_has_it():
    """In the store, which the app has said to have the item; its shelf is empty, that of the next item full."""
    met = Encounter("integrated_ideal")
    journey, store = met.journey, met.channel("store")
    journey.stated_stock, journey.stated_stock_by, journey.stated_place = Stated.IN_STOCK, met.channel("app"), store
    for item in range(len(met.world.stock[0])):
        shelf = shelf_of(met, item)
        shelf.units = shelf.recorded = 0 if item == journey.item else 9
        shelf.on_shelf = item != journey.item
    return met


def answer_to_stock_out(met, **shares):
    made = {"go_to_competitor_promised": 0.0, "give_up_promised": 0.0, "come_back_promised": 0.0, **shares}
    stock = met.world.parameters.stock.model_copy(update=made)
    met.world.change_parameters(met.world.parameters.model_copy(update={"stock": stock}))


def test_nobody_has_promised_the_item_that_she_settles_for():
    met = told_that_the_store_has_it()
    answer_to_stock_out(met)
    wanted, visit = met.journey.item, met.at("store", "app")
    met.rules.look_for_item(met.customer, visit, 1, met.world)
    assert not visit.stock.out and met.journey.item != wanted
    assert met.customer.shelf_yes.weight == 1.0, "the look was at the promised item"
    assert met.rules.stock_out_cause(visit.stock.promised, visit.stock.came_for_it) == Cause.OUT_OF_STOCK
    assert met.journey.stated_stock == Stated.NOTHING
    again = met.at("store", "store")
    met.rules.look_for_item(met.customer, again, 2, met.world)
    assert not again.stock.promised, "and nobody has on a later visit"


def test_a_broken_promise_clashes_once_though_she_comes_again():
    met = told_that_the_store_has_it()
    answer_to_stock_out(met, come_back_promised=1.0, go_to_competitor_wasted=1.0, give_up_wasted=0.0)
    causes = []
    for occasion in (1, 2):
        visit = met.at("store", "app")
        met.rules.look_for_item(met.customer, visit, occasion, met.world)
        assert visit.stock.out
        causes.append(met.rules.stock_out_cause(visit.stock.promised, visit.stock.came_for_it))
        met.rules.conclude_stock_out(met.customer, met.relations, visit, met.world)
    assert causes == [Cause.STOCK_CLASH, Cause.WASTED_TRIP]


def test_a_clash_that_is_no_price_is_written_down_as_one():
    met = Encounter("isolated")
    visit = met.at("app", "desktop_web", identity__recognition=Recognition.WRONG_PERSON)
    visit.context.cart_lost = visit.context.asked_again = True
    first = met.world.page.head.written
    assert met.rules.note_clashes(visit, met.journey, met.world)
    lines = [met.world.page.rows[place] for place in range(first, met.world.page.head.written)]
    assert [(line.cause, line.value) for line in lines] == [
        (Cause.CART_LOST, 1.0),
        (Cause.ASKED_AGAIN, 1.0),
        (Cause.WRONG_PERSON, 1.0),
    ]


def test_a_price_that_is_lower_already_is_not_raised_to_what_another_channel_said():
    """There 0.95 less a fifth, here 0.90 without an offer: the price is known here, the offer is not."""
    met = honoring(price=0.95, promotion=0.0)
    visit = hear(met, 0.9, 0.95, "desktop_web", (0.0, 0.2))
    assert (visit.price.stated, visit.promotion.stated) == (0.9, 0.0)
    assert visit.promotion.missing == pytest.approx(0.9 - 0.95 * 0.8)


def test_an_offer_that_is_better_already_is_not_lowered_to_what_another_channel_promised():
    """There 0.80 less a tenth, here 1.00 less 15 %: the offer is known here, the price is not."""
    met = honoring(price=1.0, promotion=0.1)
    visit = hear(met, 1.0, 0.8, "desktop_web", (0.15, 0.1))
    assert (visit.price.stated, visit.promotion.stated) == (1.0, 0.15)
    assert visit.price.excess == pytest.approx(0.85 - 0.72)
