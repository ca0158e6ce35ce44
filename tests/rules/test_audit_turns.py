"""Whom the audit sends: every directed pair of channels, persona and gap of 0, 1 and 3 days, each shopper once;
who she is, what she holds, and what makes an answer about stock consistent.
"""

from itertools import product

import pytest
from worlds import Encounter

from simsuite.machine.rulebook import link, standard_rules
from simsuite.rules.audit import ANONYMOUS, CONSENTING, MEMBER
from simsuite.vocabulary import Question, Recognition

SENT: list[tuple] = []


def note_shopper(shopper, relations, visit, source, here, persona, gap, number, world):
    SENT.append((source, here, persona, gap, number))


@pytest.mark.parametrize("shoppers", [0, 1, 4])
def test_every_shopper_is_sent_once(shoppers):
    world = Encounter("integrated", parameters__audit__shoppers=shoppers).world
    world.now.day = 0
    channels = range(len(world.channels))
    watched = link({**standard_rules().functions, "send_shopper": note_shopper}, lambda name, function: function)
    SENT.clear()
    watched["audit_day"](world, None, None, None)
    pairs = [(source, here) for source in channels for here in channels if source != here]
    every = {(*pair, *rest) for pair, *rest in product(pairs, range(3), (0, 1, 3), range(shoppers))}
    assert len(SENT) == len(every) == len(pairs) * 9 * shoppers and set(SENT) == every


@pytest.mark.parametrize("source, here", [("store", "app"), ("app", "store"), ("app", "desktop_web")])
@pytest.mark.parametrize("shown_on", [(0, 1, 3), (0,), (0, 1), (0, 3), (1,), ()])
def test_what_is_said_of_stock_now_is_held_against_what_was_said_then(source, here, shown_on):
    """The store's records showed every item that many days ago, and every channel sees them at once."""
    met = Encounter("integrated_ideal")
    world, source, here = met.world, met.channel(source), met.channel(here)
    world.now.days_run = 10
    for entry in (entry for flow in world.links for row in flow for entry in row):
        entry.delay, entry.error = 0, 0.0
    for place in world.places[met.channel("store")]:
        for shelf in world.stock[place.pool]:
            shelf.history = sum(1 << day for day in shown_on)
    for turn, gap in enumerate((0, 1, 3), start=1):
        before = int(world.tally.audit[0, Question.STOCK, source, here, 1])
        met.rules.send_shopper(met.customer, met.relations, met.at("app"), source, here, 0, gap, 0, world)
        asked, consistent, answered = world.tally.audit[0, Question.STOCK, source, here].tolist()
        assert asked == answered == turn
        assert consistent - before == ((gap in shown_on) == (0 in shown_on)), gap


@pytest.mark.parametrize(
    "persona, device, login, known",
    [
        (ANONYMOUS, 1.0, 1.0, False),
        (CONSENTING, 1.0, 0.0, True),
        (CONSENTING, 0.0, 1.0, False),
        (MEMBER, 0.0, 1.0, True),
        (MEMBER, 1.0, 0.0, False),
    ],
)
def test_the_consenting_are_known_by_their_device_members_by_their_login_and_the_anonymous_nowhere(
    persona, device, login, known
):
    met = Encounter("integrated")
    store, app = met.channel("store"), met.channel("app")
    for channel in met.world.channels:
        channel.recognizable, channel.identification_rate = device, login
    met.relations[store].recognized = False
    visit = met.at("app")
    met.rules.recognize_shopper(met.relations, visit, store, app, persona, 0.5, 0.5, met.world)
    assert met.relations[store].recognized == known
    assert visit.identity.recognition == (Recognition.OWN_RECORD if known else Recognition.NOBODY)


@pytest.mark.parametrize("gap, told", [(0, 1.0), (1, 0.9), (3, 0.8)])
def test_a_shopper_holds_what_was_said_and_written_as_many_days_ago_as_she_was_there(gap, told):
    met = Encounter("integrated")
    store, app, now = met.channel("store"), met.channel("app"), met.world.now
    now.days_run, now.part = 10, 43
    for day, price in ((10, 1.0), (9, 0.9), (8, 0.5), (7, 0.8)):
        met.world.board[day][store].price, met.world.board[day][store].promotion = price, price / 10
    met.rules.prepare_shopper(met.customer, met.relations, met.at("app"), store, app, gap, 3, met.world)
    assert (met.journey.stated_price, met.journey.stated_promotion) == (told, told / 10)
    assert met.journey.stated_by == met.journey.price_origin == met.journey.promotion_origin == store
    # the daypart before this one, and 4 dayparts for each day
    assert met.relations[store].written == 42 - 4 * gap
    assert [relation.cart_need == 0 for relation in met.relations] == [
        index == store for index in range(len(met.relations))
    ]


@pytest.mark.parametrize("source, here", [("app", "store"), ("store", "app"), ("app", "desktop_web")])
def test_where_either_channel_cannot_say_the_question_for_stock_is_not_answered(source, here):
    met = Encounter("isolated")
    source, here = met.channel(source), met.channel(here)
    met.world.now.days_run = 10
    met.rules.send_shopper(met.customer, met.relations, met.at("app"), source, here, 0, 0, 0, met.world)
    assert met.world.tally.audit[0, Question.STOCK, source, here].tolist() == [1, 0, 0]
    assert met.world.tally.audit[0, Question.PRICE, source, here, 2] == 1


@pytest.mark.parametrize("off, stated", [(0.15, (1.0, 0.15)), (0.05, (0.9, 0.0)), (0.0, (0.9, 0.0))])
def test_a_shopper_is_told_what_a_customer_would_be_told(off, stated):
    """The other channel said 0.90 without an offer; this one, which knows it, asks 1.00 with an offer of its own."""
    met = Encounter("integrated_ideal")
    store, app, world = met.channel("store"), met.channel("app"), met.world
    world.now.days_run = 10
    world.board[10][store].price, world.board[10][store].promotion = 0.9, 0.0
    for entry in (entry for flow in world.links for row in flow for entry in row):
        entry.delay, entry.error = 0, 0.0
    world.channels[app].price, world.channels[app].promotion = 1.0, off
    visit = met.at("app")
    met.rules.send_shopper(met.customer, met.relations, visit, store, app, 0, 0, 0, world)
    asked = visit.price.stated, visit.promotion.stated
    met.rules.hear_price(met.customer, visit, world)
    assert asked == (visit.price.stated, visit.promotion.stated) == pytest.approx(stated)
