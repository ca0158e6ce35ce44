"""Stories: exact words for logs written by hand, and one real run of 300 customers."""

import re

import pytest
from hand_logs import APP, STORE, TITLES, WEB, event, moment, result

from simsuite.engines.batch import BatchEngine
from simsuite.errors import SimsuiteError, UsageError
from simsuite.lives.sentences import WorldInWords, titles_of
from simsuite.lives.story import interesting_customers, story_columns, story_text, tell
from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.vocabulary import Cause, EventKind, Outcome, Phase, Recognition


def first_day(customer=0):
    """Up to here nothing differs: a need, a cart in the app, a pause."""
    return [
        *moment(
            -9,
            "07:00",
            0,
            event(EventKind.NEED, value=1.0),
            event(EventKind.CHOSE, STORE),
            event(EventKind.RECOGNIZED, STORE, value=Recognition.NOBODY),
            event(EventKind.TOLD_PRICE, STORE, value=1.0),
            event(EventKind.GAVE_UP, STORE, cause=Cause.NOT_READY, value=Outcome.GAVE_UP),
            customer=customer,
        ),
        *moment(-4, "11:00", 1, event(EventKind.NEED, value=0.0), customer=customer),
        *moment(
            11,
            "12:05",
            2,
            event(EventKind.NEED, value=1.0),
            event(EventKind.CHOSE, APP),
            event(EventKind.RECOGNIZED, APP, value=Recognition.OWN_RECORD),
            event(EventKind.TOLD_PRICE, APP, value=0.985),
            event(EventKind.STEPPED, APP, phase=Phase.CART),
            event(EventKind.PAUSED, APP, phase=Phase.CART),
            customer=customer,
        ),
    ]


def cart_is_lost(customer=0):
    return moment(
        12,
        "14:10",
        2,
        event(EventKind.CHOSE, WEB, APP, Phase.CART),
        event(EventKind.RECOGNIZED, WEB, value=Recognition.NOBODY),
        event(EventKind.FOUND_CONTEXT, WEB, APP, value=0.0),
        event(EventKind.TOLD_PRICE, WEB, APP, value=1.02),
        event(EventKind.CLASH, WEB, APP, cause=Cause.CART_LOST, value=1.0),
        event(EventKind.CLASH, WEB, APP, cause=Cause.ASKED_AGAIN, value=1.0),
        event(EventKind.GAVE_UP, WEB, APP, cause=Cause.ASKED_AGAIN, value=Outcome.GAVE_UP),
        customer=customer,
    )


def cart_is_there(customer=0):
    return moment(
        12,
        "14:10",
        2,
        event(EventKind.CHOSE, WEB, APP, Phase.CART),
        event(EventKind.RECOGNIZED, WEB, value=Recognition.SHARED_RECORD),
        event(EventKind.FOUND_CONTEXT, WEB, APP, Phase.CART, value=1.0),
        event(EventKind.TOLD_PRICE, WEB, APP, Phase.CART, value=1.02),
        event(EventKind.TOLD_PROMOTION, WEB, APP, Phase.CART, value=0.15),
        event(EventKind.STEPPED, WEB, phase=Phase.CHECKOUT),
        event(EventKind.ORDERED, WEB, APP, Phase.CHECKOUT, value=8140.0),
        customer=customer,
    )


@pytest.fixture
def worlds():
    return (
        result(
            "isolated",
            [*first_day(), *cart_is_lost()],
            [(0, 2, Outcome.GAVE_UP, Cause.ASKED_AGAIN)],
        ),
        result("integrated", [*first_day(), *cart_is_there()], [(0, 2, Outcome.ORDERED, -1)]),
    )


def test_a_story_tells_the_common_past_and_then_both_worlds(worlds):
    app = (
        "A need comes up: Fashion, with the aim to buy. App: she is recognized; the price is "
        "1.5 % below list. She fills a cart. She leaves it for another time."
    )
    store = "A need comes up. Store: she is not recognized; the price is as listed. She gives up: not ready to buy."
    assert story_columns(tell(*worlds, 0, TITLES)) == [
        (-9, "morning", "07:00", store, store),
        (11, "noon", "12:05", app, app),
        (
            12,
            "afternoon",
            "14:10",
            "Desktop web shop, after the app: she is not recognized; the price is 2 % above list; "
            "the cart she filled in the app is not there: she starts again; she is asked again "
            "for what the app knows. She gives up: asked again for what the app knew.",
            "Desktop web shop, after the app: she is recognized from the record of another "
            "channel; the cart she filled in the app is there; the price is 2 % above list; a "
            "promotion takes 15 % off. She goes to the checkout. She orders for 70.57 EUR, "
            "81.40 EUR at list.",
        ),
    ]  # 81.40 x 1.02 x 0.85 = 70.5738


def test_a_story_names_the_first_input_and_the_first_act_that_differ(worlds):
    story = tell(*worlds, 0, TITLES)
    assert (story.touch.place, story.touch.left, story.touch.right) == (
        2,
        "she is not recognized",
        "she is recognized from the record of another channel",
    )
    assert (story.parting.place, story.parting.left, story.parting.right) == (
        2,
        "She gives up: asked again for what the app knew.",
        "She goes to the checkout.",
    )
    assert story.left_out == 1
    assert {"identity", "cart"} <= set(story.touched_by.split(", "))


def test_a_story_says_who_she_is_and_what_the_run_leaves_behind(worlds):
    worlds[0].customers["privacy_concerned"] = True
    worlds[0].relations["reachable"][0, STORE] = False
    worlds[1].customers["orders"] = 1
    story = tell(*worlds, 0, TITLES)
    assert story.who == (
        "Customer 0 belongs to the segment Regular customers, with about 12 needs a year, a price "
        "sensitivity of 1.0 times the median and a dislike of being recognized. She can use: "
        "Desktop web shop and App."
    )
    assert story.endings == (
        "0 orders since the start of the run; satisfaction 0.70; she consents to the linking of her records.",
        "1 order since the start of the run; satisfaction 0.70; she consents to the linking of her records.",
    )


def test_the_text_has_one_column_until_something_differs_and_two_from_then_on(worlds):
    lines = story_text(tell(*worlds, 0, TITLES)).splitlines()
    assert "9 days before the switch, 07:00" in lines
    place = lines.index("Day 11, 12:05")
    assert lines[place + 1 : place + 6] == [
        "  A need comes up: Fashion, with the aim to buy. App: she is recognized; the",
        "  price is 1.5 % below list. She fills a cart. She leaves it for another time.",
        "",
        "Day 12, 14:10",
        "  Isolated channels                       Integrated data",
    ]
    place = lines.index("Here her two lives part:")
    assert lines[place + 2 : place + 4] == [
        "  She gives up: asked again for what the  She goes to the checkout.",
        "  app knew.",
    ]
    assert "Left out: 1 need for which she did not consider this firm." in " ".join(lines)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_the_text_is_wider_than_the_terminal(worlds, width):
    assert max(len(line) for line in story_text(tell(*worlds, 0, TITLES), width).splitlines()) <= width


def test_whoever_does_the_same_in_both_worlds_is_told_once():
    before = result("isolated", first_day())
    story = tell(before, result("integrated", first_day()), 0, TITLES)
    assert story.touch is None and story.parting is None
    assert [(moment.day, moment.left == moment.right) for moment in story.moments] == [(-9, True)]
    assert "She does the same in both worlds." in story_text(story)


def test_a_story_begins_the_given_days_before_the_switch(worlds):
    assert [row[0] for row in story_columns(tell(*worlds, 0, TITLES, days_before=8))] == [11, 12]


def test_a_visit_that_only_one_world_has_stands_alone_in_its_row(worlds):
    later = moment(
        13,
        "09:30",
        2,
        event(EventKind.CHOSE, STORE, WEB, Phase.DELIVERY),
        event(EventKind.WAITED, STORE, phase=Phase.DELIVERY, value=3.4),
        event(EventKind.PICKED_UP, STORE, phase=Phase.DELIVERY, value=1200.0),
    )
    compared = result("integrated", [*first_day(), *cart_is_there(), *later], [(0, 2, Outcome.ORDERED, -1)])
    assert story_columns(tell(worlds[0], compared, 0, TITLES))[-1] == (
        13,
        "morning",
        "09:30",
        "",
        "Store: the wait is 3 minutes. She collects her order and takes along goods of 12.00 EUR at list.",
    )


def test_without_titles_things_go_by_their_names(worlds):
    story = tell(*worlds, 0)
    assert story.worlds == ("isolated", "integrated")
    assert story.moments[1].left.startswith("A need comes up, with the aim to buy. App: she is recognized")
    assert story.moments[2].right.endswith("She orders for 70.57, 81.40 at list.")


def test_a_customer_who_is_not_there_is_refused(worlds):
    with pytest.raises(UsageError, match="no customer 7: this run has customers 0 to 0"):
        tell(*worlds, 7, TITLES)


def test_runs_without_events_have_no_stories(worlds):
    with pytest.raises(SimsuiteError, match="kept no events"):
        tell(worlds[0], result("integrated", []), 0, TITLES)


def ordered_in_one_world(saved):
    """Customers 0 and 3 are saved by a flow, 1 is forfeited, 2 is saved by a shorter wait."""
    wait = 0.0 if saved else 9.0
    ordered = event(EventKind.ORDERED, STORE, value=100.0)
    left = event(EventKind.GAVE_UP, STORE, cause=Cause.WAITING, value=Outcome.GAVE_UP)
    undecided = event(EventKind.GAVE_UP, STORE, cause=Cause.NOT_READY, value=Outcome.GAVE_UP)
    chose = event(EventKind.CHOSE, STORE, APP, Phase.CART)
    waited = event(EventKind.WAITED, STORE, value=wait)
    told = event(EventKind.TOLD_PRICE, STORE, value=1.0 if saved else 1.1)
    rows = [
        *first_day(0),
        *(cart_is_there(0) if saved else cart_is_lost(0)),
        *first_day(1),
        *(cart_is_lost(1) if saved else cart_is_there(1)),
        *first_day(2),
        *moment(12, "14:10", 2, chose, waited, ordered if saved else left, customer=2),
        *first_day(3),
        *moment(11, "19:00", 2, chose, told, ordered if saved else undecided, customer=3),
    ]
    ends = [
        (Outcome.GAVE_UP, Cause.ASKED_AGAIN),
        (Outcome.ORDERED, -1),
        (Outcome.GAVE_UP, Cause.WAITING),
        (Outcome.GAVE_UP, Cause.NOT_READY),
    ]
    if saved:
        ends = [
            (Outcome.ORDERED, -1),
            (Outcome.GAVE_UP, Cause.ASKED_AGAIN),
            (Outcome.ORDERED, -1),
            (Outcome.ORDERED, -1),
        ]
    return result(
        "integrated" if saved else "isolated",
        rows,
        [(customer, 2, *end) for customer, end in enumerate(ends)],
        4,
    )


@pytest.mark.parametrize("n, chosen", [(1, [0]), (2, [0, 1]), (3, [0, 3, 1]), (9, [0, 3, 1])])
def test_interesting_are_those_whom_a_flow_made_order_and_one_whom_it_lost(n, chosen):
    assert interesting_customers(ordered_in_one_world(False), ordered_in_one_world(True), n) == chosen


@pytest.fixture(scope="module")
def run():
    """300 customers, 60 days, isolated and integrated, with the titles of the scenario."""
    scenario = load(
        "flagship_retailer",
        {
            "population.customers": 300,
            "experiment.warm_up": 20,
            "experiment.horizon": 60,
            "experiment.cool_down": 10,
        },
    )
    packed = pack(scenario.spec)
    engine = BatchEngine(packed, "isolated", keep_events=True)
    engine.run(packed.warm_up)
    results = []
    for strategy in ("isolated", "integrated"):
        arm = engine.fork()
        arm.switch_to(strategy)
        arm.run(packed.days)
        results.append(arm.result())
    return *results, titles_of(scenario.spec, "isolated", "integrated")


def acts(text):
    """What she does, without what it costs: the price may differ before she acts otherwise."""
    return re.findall(r"She [^.\d]*", text)


def test_both_columns_agree_up_to_the_first_touch_and_her_acts_up_to_the_parting(run):
    stories = [tell(run[0], run[1], customer, run[2]) for customer in range(0, 300, 5)]
    parted = [story for story in stories if story.parting]
    assert 3 < len(parted) < len(stories)
    for story in stories:
        until = story.parting.place if story.parting else len(story.moments)
        untouched = story.touch.place if story.touch else until
        assert all(moment.left == moment.right for moment in story.moments[:untouched])
        assert all(acts(moment.left) == acts(moment.right) for moment in story.moments[:until])
        if story.parting:
            assert story.parting.left != story.parting.right


def test_every_daypart_of_a_real_run_has_words(run):
    for customer in range(300):
        world = WorldInWords(run[1], customer, run[2])
        for part in world.parts:
            text = world.prose(part)
            assert text and text[0].isupper() and text.endswith(".") and "  " not in text


def test_the_chosen_of_a_real_run_order_in_one_world_only(run):
    chosen = interesting_customers(run[0], run[1], 3)
    assert chosen == interesting_customers(run[0], run[1], 3) and chosen
    for customer in chosen:
        story = tell(run[0], run[1], customer, run[2])
        told = [
            sum("orders for" in getattr(moment, side) for moment in story.moments[story.parting.place :])
            for side in ("left", "right")
        ]
        assert story.touched_by and told[0] != told[1]
