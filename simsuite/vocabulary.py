"""The codes of the model: every enumeration, with its numbers written out.

The numbers are frozen (`tests/codes.csv`): results, draws and comparisons of two
files go by them. Append, never renumber.
"""

from __future__ import annotations

from enum import IntEnum


class Daypart(IntEnum):
    """The four parts of a day; at most one visit in each."""

    MORNING = 0
    NOON = 1
    AFTERNOON = 2
    EVENING = 3


class Intent(IntEnum):
    """With what aim a journey begins."""

    BROWSE = 0
    CONSIDER = 1
    BUY = 2


class Phase(IntEnum):
    """Where a journey stands. NO_JOURNEY: no need is open."""

    NO_JOURNEY = -1
    SEARCH = 0
    CART = 1
    CHECKOUT = 2
    DELIVERY = 3


class Outcome(IntEnum):
    """What became of a candidate need."""

    ORDERED = 0
    GAVE_UP = 1
    WENT_TO_COMPETITOR = 2
    NO_PLAN = 3
    NOT_CONSIDERED = 4
    ABSORBED = 5
    STILL_OPEN = 6


class Cause(IntEnum):
    """The clocks of a step, and why a journey ended.

    PROGRESS, PAUSE and TO_PLACE are clocks that lose nothing. Codes below 20 ring
    in the race; four neighbors share one draw. From 20 on a cause comes from
    outside of the race.
    """

    PROGRESS = 0
    PAUSE = 1
    NOT_READY = 2
    COMPETITOR = 3
    EXTRA_COST = 4
    FORCED_ACCOUNT = 5
    PAYMENT_DISTRUST = 6
    SLOW_DELIVERY = 7
    PRICE_CLASH = 8
    PROMOTION_CLASH = 9
    CART_LOST = 10
    ASKED_AGAIN = 11
    WRONG_PERSON = 12
    CREEPY = 13
    EFFORT = 14
    TEDIOUS_FORM = 15
    TO_PLACE = 16
    WAITING = 20
    OUT_OF_STOCK = 21
    WASTED_TRIP = 22
    STOCK_CLASH = 23
    LAPSED = 24


N_CAUSES = 25
NOT_LOST = (Cause.PROGRESS, Cause.PAUSE, Cause.TO_PLACE)
LOSING_CAUSES = tuple(cause for cause in Cause if cause not in NOT_LOST)


class Flow(IntEnum):
    """One kind of knowledge that channels may share."""

    IDENTITY = 0
    CART = 1
    PROFILE = 2
    PRICE = 3
    PROMOTION = 4
    STOCK = 5


N_FLOWS = len(Flow)


class Recognition(IntEnum):
    """Whom the channel believes to have in front of it."""

    NOBODY = 0
    OWN_RECORD = 1
    SHARED_RECORD = 2
    WRONG_PERSON = 3


class Stated(IntEnum):
    """What a channel said about the stock of a place."""

    NOTHING = 0
    IN_STOCK = 1
    NOT_IN_STOCK = 2


class StockOut(IntEnum):
    """What a customer does when the item is not there (Corsten & Gruen 2003)."""

    COMPETITOR = 0
    GIVE_UP = 1
    COME_BACK = 2
    SUBSTITUTE = 3


class Question(IntEnum):
    """What the mystery shopper checks at the second channel."""

    PRICE = 0
    PROMOTION = 1
    STOCK = 2
    CART = 3


class EventKind(IntEnum):
    """One line of the event log. Inputs are what reaches a customer, acts what she does."""

    NEED = 0  # act: a candidate need is considered (value: 1) or not (value: 0)
    CHOSE = 1  # act: which channel she goes to
    WAITED = 2  # input: minutes of waiting (value)
    RECOGNIZED = 3  # input: as whom (value: Recognition)
    FOUND_CONTEXT = 4  # input: what survived the change of channel (value: 1 kept, 0 lost)
    TOLD_PRICE = 5  # input: price stated, share of list, without promotion (value)
    TOLD_STOCK = 6  # input: Stated (value) about other_channel
    CLASH = 7  # input: a clash (cause) with what other_channel said
    HELPED = 8  # input: the visit's knowledge gain factor (value)
    STEPPED = 9  # act: one step forward (phase reached)
    PAUSED = 10  # act
    LEFT_QUEUE = 11  # act
    STOCK_OUT = 12  # input: the item was not there (value: StockOut response)
    ORDERED = 13  # act: cents
    GAVE_UP = 14  # act: cause, other_channel: the channel before
    PICKED_UP = 15  # act: cents of extra purchases
    ANNOUNCED = 16  # input: told that channels work together
    ABSORBED = 17  # act: a need fell into an open journey
    TOLD_PROMOTION = 18  # input: promotion stated, share of list (value)


INPUT_KINDS = (
    EventKind.WAITED,
    EventKind.RECOGNIZED,
    EventKind.FOUND_CONTEXT,
    EventKind.TOLD_PRICE,
    EventKind.TOLD_PROMOTION,
    EventKind.TOLD_STOCK,
    EventKind.CLASH,
    EventKind.HELPED,
    EventKind.STOCK_OUT,
    EventKind.ANNOUNCED,
)


class Decision(IntEnum):
    """What a uniform number decides about. The comment names its occasion key."""

    TRAITS = 1  # customer; occasion 0
    TASTES = 2  # customer; occasion 0; item channel
    REACH = 3  # customer; occasion 0; item channel
    NEED_CLOCK = 4  # customer; need
    NEED_KIND = 5  # customer; need
    NEED_SIZE = 6  # customer; need
    CONSIDER = 7  # customer; need
    CHOICE = 8  # customer; visit; item channel
    ARRIVAL = 9  # customer; visit
    IDENTIFY = 10  # customer; visit
    RACE = 11  # customer; visit; item step x 64 + clock
    GAP = 12  # customer; visit
    STOCK_RESPONSE = 13  # customer; visit
    DELIVERY_CHOICE = 14  # customer; need
    LINK = 15  # customer; occasion 0; item channel
    VERSION = 16  # customer; occasion part of the write; item flow x 64 + channel
    ANNOUNCEMENT = 17  # customer; occasion 0
    PRICE_WEEK = 18  # firm; week; item channel
    PROMOTION_WEEK = 19  # firm; week; item channel
    SHRINKAGE = 20  # location; day; item
    CHANNEL_LINK = 21  # firm; occasion 0; item channel
    CHANNEL_VERSION = 22  # firm; occasion day or week; item flow x 64 + channel
    PICK_UP = 23  # customer; need
    AUDIT = 24  # shopper; occasion day
    CATALOG = 25  # firm; occasion item: prices of the goods
    MERGE = 26  # customer; occasion 0; item channel: false merge


FIRM = 4294967295  # actor of what the firm decides
FIRST_LOCATION = 2147483648  # actor of what happens at stock pool k: FIRST_LOCATION + k
FIRST_SHOPPER = 3221225472  # actor of mystery shopper k
NEVER = 1 << 40  # a part that never comes
MAX_CHANNELS = 16
MAX_SEGMENTS = 8
PARTS_PER_DAY = 4
CHANNEL_CODES = ("store", "desktop_web", "mobile_web", "app", "social", "marketplace", "phone", "email", "chat")
MINUTES_PER_DAY = 1440.0
