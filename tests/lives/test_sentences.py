"""The words of single events."""

from string import Formatter

import pytest
from hand_logs import APP, STORE, TITLES, WEB, event, moment, result

from simsuite.lives.scene import Scene
from simsuite.lives.sentences import WorldInWords
from simsuite.vocabulary import (
    LOSING_CAUSES,
    Cause,
    EventKind,
    Outcome,
    Phase,
    Recognition,
    Stated,
    StockOut,
)

EXPECTED = {
    EventKind.NEED: (
        event(EventKind.NEED, value=0.0),
        "A need comes up; she does not consider this firm.",
    ),
    EventKind.CHOSE: (event(EventKind.CHOSE, WEB), "She goes to the desktop web shop."),
    EventKind.WAITED: (event(EventKind.WAITED, STORE, value=12.4), "the wait is 12 minutes"),
    EventKind.RECOGNIZED: (
        event(EventKind.RECOGNIZED, WEB, value=Recognition.WRONG_PERSON),
        "she is taken for somebody else",
    ),
    EventKind.FOUND_CONTEXT: (
        event(EventKind.FOUND_CONTEXT, WEB, STORE, value=1.0),
        "what she found out in the store is at hand",
    ),
    EventKind.TOLD_PRICE: (
        event(EventKind.TOLD_PRICE, WEB, value=0.98),
        "the price is 2 % below list",
    ),
    EventKind.TOLD_PROMOTION: (
        event(EventKind.TOLD_PROMOTION, WEB, value=0.15),
        "a promotion takes 15 % off",
    ),
    EventKind.TOLD_STOCK: (
        event(EventKind.TOLD_STOCK, WEB, STORE, value=Stated.NOT_IN_STOCK),
        "the store is said not to have the item",
    ),
    EventKind.CLASH: (
        event(EventKind.CLASH, WEB, APP, cause=Cause.PRICE_CLASH, value=0.065),
        "she would pay 6.5 % of list more than the app said",
    ),
    EventKind.HELPED: (
        event(EventKind.HELPED, WEB, value=1.3),
        "what is known about her helps: she learns 30 % more",
    ),
    EventKind.STEPPED: (event(EventKind.STEPPED, WEB, phase=Phase.CART), "She fills a cart."),
    EventKind.PAUSED: (event(EventKind.PAUSED, WEB), "She leaves it for another time."),
    EventKind.LEFT_QUEUE: (
        event(EventKind.LEFT_QUEUE, STORE, cause=Cause.WAITING, value=1.2),
        "She leaves the line after 1 minute.",
    ),
    EventKind.STOCK_OUT: (
        event(EventKind.STOCK_OUT, STORE, WEB, cause=Cause.STOCK_CLASH, value=StockOut.COME_BACK),
        "the item is not there, although the desktop web shop said it was, and she means to come back",
    ),
    EventKind.ORDERED: (
        event(EventKind.ORDERED, WEB, value=123456.0),
        "She orders for 1,234.56 EUR.",
    ),
    EventKind.GAVE_UP: (
        event(EventKind.GAVE_UP, cause=Cause.LAPSED, value=Outcome.NO_PLAN),
        "She stops looking around: the need has lapsed.",
    ),
    EventKind.PICKED_UP: (event(EventKind.PICKED_UP, STORE, value=0.0), "She collects her order."),
    EventKind.ANNOUNCED: (
        event(EventKind.ANNOUNCED, value=0.8),
        "she is told that the channels work together",
    ),
    EventKind.ABSORBED: (
        event(EventKind.ABSORBED, value=3.0),
        "Another need of the kind comes up and joins the open one.",
    ),
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_kind_of_event_has_words(kind):
    happened, words = EXPECTED[kind]
    assert WorldInWords(result("isolated", moment(1, "14:10", 0, happened)), 0, TITLES).words(0) == words


@pytest.mark.parametrize("words", [*EventKind, *LOSING_CAUSES], ids=lambda code: code.name)
def test_every_sentence_names_fields_of_a_scene(words):
    sentences = [getattr(words.words, name, "") for name in ("sentence", "reason", "noticed", "missing")]
    assert any(sentences)
    named = {field for sentence in sentences for _, field, *_ in Formatter().parse(sentence) if field}
    assert named <= {*vars(Scene), *Scene.__dataclass_fields__}


@pytest.mark.parametrize(
    "cause, words",
    [
        (Cause.PROMOTION_CLASH, "the offer of the app is missing here: she would pay 15 % of list more"),
        (Cause.CART_LOST, "the cart she filled is not there: she starts again"),
        (Cause.ASKED_AGAIN, "she is asked again for what the app knows"),
        (Cause.WRONG_PERSON, "the record shown is not hers"),
    ],
)
def test_every_clash_has_words_of_its_own(cause, words):
    log = moment(1, "14:10", 0, event(EventKind.CLASH, WEB, APP, cause=cause, value=0.15))
    assert WorldInWords(result("isolated", log), 0, TITLES).words(0) == words
