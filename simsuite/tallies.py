"""What runs count, by its place along the last axis of each count: rules write there, measures read there."""

from enum import IntEnum

from simsuite.vocabulary import MINUTES_PER_DAY


class Daily(IntEnum):
    """Columns of the table of days."""

    VISITS = 0
    JOURNEYS = 1
    ORDERS = 2
    LOSSES = 3


class Switch(IntEnum):
    """A change of channel within a journey."""

    ALL = 0
    IN_HAND = 1  # with something in hand
    UNBROKEN = 2  # of these, nothing broke


class Line(IntEnum):
    """At a staffed desk."""

    ARRIVED = 0
    LEFT = 1  # before being served
    SECONDS = 2  # waited


class Cart(IntEnum):
    """A cart of a counted need."""

    BEGUN = 0
    ORDERED_THERE = 1  # from that very cart, within 14 days
    ORDERED_ELSEWHERE = 2


class CartLeft(IntEnum):
    """A cart of a journey without order, by why it was left."""

    BY_BROWSER = 0
    NOT_READY = 1
    OTHERWISE = 2


class Money(IntEnum):
    """Cents of counted orders."""

    LIST_VALUE = 0
    DISCOUNT = 1
    GOODS = 2
    DELIVERY = 3


class Asked(IntEnum):
    """A question of a mystery shopper."""

    ALL = 0
    CONSISTENT = 1  # answered without contradiction
    ANSWERED = 2  # answered at all


TIMES_TO_ORDER = {  # since the first visit: minutes up to which an order counts there (F11)
    "20 minutes": 20.0,
    "1 hour": 60.0,
    "3 hours": 180.0,
    "24 hours": MINUTES_PER_DAY,
    "3 days": 3.0 * MINUTES_PER_DAY,
    "7 days": 7.0 * MINUTES_PER_DAY,
    "14 days": 14.0 * MINUTES_PER_DAY,
    "28 days": 28.0 * MINUTES_PER_DAY,
}
TIME_LIMITS = tuple(TIMES_TO_ORDER.values())
N_TIMES = len(TIME_LIMITS) + 1  # the last: later
