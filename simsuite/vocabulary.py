"""The codes of the model: every enumeration, its numbers written out, each code with its words.

One row says all that anybody needs to know of a code: number, label, sentence of stories, what silences it. The numbers
are frozen (`tests/codes.csv`): results, draws, comparisons of two files go by them. Append, never renumber.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from simsuite.code_rows import CauseWords, Code, EventWords, FlowWords, OutcomeWords

ALL = "all"  # in tables: the row over all segments, or over all channels


class Daypart(IntEnum):
    """The four parts of a day; at most one visit in each."""

    MORNING = 0
    NOON = 1
    AFTERNOON = 2
    EVENING = 3


class Intent(Code):
    """With what aim a journey begins; the words go on from "with the aim to"."""

    BROWSE = 0, "look around"
    CONSIDER = 1, "consider a purchase"
    BUY = 2, "buy"


class Phase(IntEnum):
    """Where a journey stands. NO_JOURNEY: no need is open."""

    NO_JOURNEY = -1
    SEARCH = 0
    CART = 1
    CHECKOUT = 2
    DELIVERY = 3


class Outcome(Code):
    """What became of a candidate need."""

    ORDERED = OutcomeWords(0, "ordered")
    GAVE_UP = OutcomeWords(1, "gave up", "She gives up", lost=True)
    WENT_TO_COMPETITOR = OutcomeWords(2, "competitor", "She goes to a competitor", lost=True)
    NO_PLAN = OutcomeWords(3, "only looking around", "She stops looking around")
    NOT_CONSIDERED = OutcomeWords(4, "not considered")
    ABSORBED = OutcomeWords(5, "part of another journey")
    STILL_OPEN = OutcomeWords(6, "still undecided")


LOST_OUTCOMES = tuple(outcome for outcome in Outcome if outcome.words.lost)


class Flow(Code):
    """One kind of knowledge that channels may share."""

    IDENTITY = FlowWords(
        0,
        "who is known in one channel is recognized in the others",
        "she is taken for another person until she complains",
    )
    CART = FlowWords(
        1,
        "her cart, and what she found out, can be seen in the others",
        "a wrong version replaces the good one, also where she left it",
        in_one_channel=True,
    )
    PROFILE = FlowWords(2, "her history helps everywhere", "the help is for somebody else")
    PRICE = FlowWords(3, "what another channel told her is honored", "it is not", by_day=True)
    PROMOTION = FlowWords(4, "an offer of another channel is honored", "it is not", by_day=True)
    STOCK = FlowWords(5, "online channels say whether the store has the item", "they say the opposite", by_day=True)


N_FLOWS = max(Flow) + 1
WAIT, ANNOUNCEMENT = "wait", "announcement"  # what touches a customer besides what channels know


NEVER_LAPSES = 20.0  # log days: the most that a scenario may say, over a million years


def _off(*paths: str) -> dict[str, float]:
    return dict.fromkeys(paths, 0.0)


class Cause(Code):
    """The clocks of a step, and why a journey ended."""

    PROGRESS = CauseWords(0, "progress", loses=False)
    PAUSE = CauseWords(1, "pause", loses=False)
    NOT_READY = CauseWords(
        2,
        "not ready to buy",
        "not ready to buy",
        silence=_off("giving_up.not_ready_consider", "giving_up.not_ready_buy"),
    )
    COMPETITOR = CauseWords(3, "competitor", "a competitor draws her away", silence=_off("giving_up.competitor"))
    EXTRA_COST = CauseWords(4, "extra costs", "extra cost at the checkout", silence=_off("giving_up.extra_cost"))
    FORCED_ACCOUNT = CauseWords(
        5, "account demanded", "an account is demanded", silence=_off("giving_up.forced_account")
    )
    PAYMENT_DISTRUST = CauseWords(
        6, "payment distrusted", "no trust in the payment", silence=_off("giving_up.payment_distrust")
    )
    SLOW_DELIVERY = CauseWords(
        7, "delivery too slow", "delivery takes too long", silence=_off("giving_up.slow_delivery")
    )
    PRICE_CLASH = CauseWords(
        8,
        "prices contradict",
        "a higher price than elsewhere",
        noticed="she would pay {percent} of list more than {other} said",
        silence=_off("statements.price_clash_rate"),
        touches=Flow.PRICE,
        by_channels=True,
    )
    PROMOTION_CLASH = CauseWords(
        9,
        "offer not honored",
        "a promotion that does not hold here",
        noticed="the offer of {other} is missing here: she would pay {percent} of list more",
        silence=_off("statements.promotion_clash_rate"),
        touches=Flow.PROMOTION,
        by_channels=True,
    )
    CART_LOST = CauseWords(
        10,
        "cart lost",
        "her cart was lost",
        noticed="the cart she filled{in_cart} is not there: she starts again",
        silence=_off("statements.cart_lost_rate"),
        touches=Flow.CART,
        by_channels=True,
    )
    ASKED_AGAIN = CauseWords(
        11,
        "asked again",
        "asked again for what {other} knew",
        noticed="she is asked again for what {other} knows",
        silence=_off("statements.asked_again_rate"),
        touches=Flow.CART,
        by_channels=True,
    )
    WRONG_PERSON = CauseWords(
        12,
        "taken for another",
        "taken for somebody else",
        noticed="the record shown is not hers",
        silence=_off("statements.wrong_person_rate"),
        touches=Flow.IDENTITY,
        by_channels=True,
    )
    CREEPY = CauseWords(
        13,
        "too personal",
        "recognized without having said who she is",
        silence=_off("identity.creepy_rate"),
        by_channels=True,
    )
    EFFORT = CauseWords(14, "too much effort", "too much effort", silence=_off("giving_up.effort"))
    TEDIOUS_FORM = CauseWords(15, "tedious form", "a tedious form", silence=_off("giving_up.tedious_form"))
    TO_PLACE = CauseWords(16, "to the place", loses=False)
    WAITING = CauseWords(20, "waiting line", "the wait", in_race=False, silence=_off("giving_up.waiting"))
    OUT_OF_STOCK = CauseWords(
        21,
        "out of stock",
        "the item is not in stock",
        missing="the item is not there",
        in_race=False,
        silence=_off("stock.go_to_competitor", "stock.give_up"),
        instead="stock.come_back",
    )
    WASTED_TRIP = CauseWords(
        22,
        "wasted trip",
        "a wasted trip",
        missing="the item for which she came is not there",
        in_race=False,
        silence=_off("stock.go_to_competitor_wasted", "stock.give_up_wasted"),
        instead="stock.come_back_wasted",
        by_channels=True,
    )
    STOCK_CLASH = CauseWords(
        23,
        "stock misstated",
        "a false word about the stock",
        missing="the item is not there, although {other} said it was",
        in_race=False,
        silence=_off("stock.go_to_competitor_promised", "stock.give_up_promised"),
        instead="stock.come_back_promised",
        touches=Flow.STOCK,
        by_channels=True,
    )
    LAPSED = CauseWords(
        24,
        "need passed",
        "the need has lapsed",
        in_race=False,
        silence=dict.fromkeys(("needs.lapse_log_consider", "needs.lapse_log_buy"), NEVER_LAPSES),
    )


N_CAUSES = max(Cause) + 1
NO_CAUSE = N_CAUSES  # place of "none" in tables by cause
LOSING_CAUSES = tuple(cause for cause in Cause if cause.words.loses)
NOT_LOST = tuple(cause for cause in Cause if not cause.words.loses)
N_CLOCKS = 1 + max(cause for cause in Cause if cause.words.in_race)
N_CLOCKS_PADDED = (N_CLOCKS + 3) // 4 * 4  # four neighbors share one draw


class Recognition(Code):
    """Whom the channel believes to have in front of it; the words of a story."""

    NOBODY = 0, "she is not recognized"
    OWN_RECORD = 1, "she is recognized"
    SHARED_RECORD = 2, "she is recognized from the record of another channel"
    WRONG_PERSON = 3, "she is taken for somebody else"


class Stated(Code):
    """What a channel said about the stock of a place; the words of a story, about the place."""

    NOTHING = 0, ""
    IN_STOCK = 1, "is said to have the item"
    NOT_IN_STOCK = 2, "is said not to have the item"


class StockOut(Code):
    """What a customer does when the item is not there (Corsten & Gruen 2003); how a story goes on."""

    COMPETITOR = 0, ""
    GIVE_UP = 1, ""
    COME_BACK = 2, ", and she means to come back"
    SUBSTITUTE = 3, ", nor is another that she would take"


PERSONAS = ("anonymous", "consenting", "member")  # as whom mystery shoppers come


class Question(IntEnum):
    """What the mystery shopper checks at the second channel."""

    PRICE = 0
    PROMOTION = 1
    STOCK = 2
    CART = 3


def _reaches(number: int, meaning: str, clause: str, touches: Flow | str | None = None, **more: Any) -> EventWords:
    return EventWords(number, meaning, clause, touches, is_input=True, **more)


class EventKind(Code):
    """One line of the event log. Inputs are what reaches a customer, acts what she does."""

    NEED = EventWords(
        0,
        "A candidate need comes up. detail: whether she considers this firm",
        "A need comes up{about}{not_considered}.",
        detail=("NOT_CONSIDERED", "CONSIDERED"),
    )
    CHOSE = EventWords(
        1, "She goes to a channel. other_channel: that of the visit before for this need", "She goes to {here}."
    )
    WAITED = _reaches(2, "A desk serves here. value: minutes of waiting until she would be served", "{wait}", WAIT)
    RECOGNIZED = _reaches(3, "detail: as whom she is recognized", "{recognized}", Flow.IDENTITY, detail=Recognition)
    FOUND_CONTEXT = _reaches(
        4,
        "She came with a cart or with what she found out. detail: whether all of it is at hand. "
        "other_channel: that of the visit before",
        "{context}",
        Flow.CART,
        detail=("LOST", "KEPT"),
    )
    TOLD_PRICE = _reaches(
        5,
        "value: price told without promotion, share of the list price. "
        "other_channel: that which had told her a price before",
        "the price is {against_list}",
        Flow.PRICE,
    )
    TOLD_STOCK = _reaches(
        6, "detail: what is said about the stock of other_channel", "{other} {stated}", Flow.STOCK, detail=Stated
    )
    CLASH = _reaches(
        7,
        "This channel contradicts other_channel. value: for PRICE_CLASH and PROMOTION_CLASH what "
        "she would pay more, share of the list price; else 1",
        "{clash}",
    )
    HELPED = _reaches(
        8, "What is known about her helps. value: factor on what the visit teaches her", "{help}", Flow.PROFILE
    )
    STEPPED = EventWords(9, "One step forward. phase: that which she reaches", "She {step}.")
    PAUSED = EventWords(10, "The visit ends, the journey goes on another time", "She leaves it for another time.")
    LEFT_QUEUE = EventWords(
        11, "She leaves the line. value: minutes for which she was patient", "She leaves the line after {minutes}."
    )
    STOCK_OUT = _reaches(
        12,
        "The item is not there. detail: what she does about it. other_channel: "
        "that which last said something about its stock",
        "{missing}{stock_out}",
        Flow.STOCK,
        detail=StockOut,
    )
    ORDERED = EventWords(
        13, "cents: what she orders. other_channel: that of the visit before", "She orders for {order}.", money=True
    )
    GAVE_UP = EventWords(
        14,
        "The journey ends without an order. detail: its outcome. other_channel: that of the visit before",
        "{end}.",
        detail=Outcome,
    )
    PICKED_UP = EventWords(
        15,
        "She collects her order. cents: what she takes along as well, or 0",
        "She collects her order{taken_along}.",
        money=True,
    )
    ANNOUNCED = _reaches(
        16,
        "She is told that channels work together. value: belief announced, 0 to 1",
        "she is told that the channels work together",
        ANNOUNCEMENT,
    )
    ABSORBED = EventWords(
        17,
        "Another need falls into the open journey. value: number of that need",
        "Another need of the kind comes up and joins the open one.",
    )
    TOLD_PROMOTION = _reaches(
        18,
        "value: promotion told, share of the list price taken off. other_channel: as for TOLD_PRICE",
        "a promotion takes {percent} off",
        Flow.PROMOTION,
    )


INPUT_KINDS = tuple(kind for kind in EventKind if kind.words.is_input)


class Decision(Code):
    """What a uniform number decides about; the words: who draws, the occasion, the item if several."""

    TRAITS = 1, "customer; occasion 0"
    TASTES = 2, "customer; occasion 0; item channel"
    REACH = 3, "customer; occasion 0; item channel"
    NEED_CLOCK = 4, "customer; need"
    NEED_KIND = 5, "customer; need"
    NEED_SIZE = 6, "customer; need"
    CONSIDER = 7, "customer; need"
    CHOICE = 8, "customer; visit; item channel"
    ARRIVAL = 9, "customer; visit"
    IDENTIFY = 10, "customer; visit"
    RACE = 11, "customer; visit; item step x 64 + clock"
    GAP = 12, "customer; visit"
    STOCK_RESPONSE = 13, "customer; visit"
    DELIVERY_CHOICE = 14, "customer; need"
    LINK = 15, "customer; occasion 0; item channel"
    VERSION = 16, "customer; occasion part of the write; item flow x 64 + channel"
    ANNOUNCEMENT = 17, "customer; occasion 0"
    PRICE_WEEK = 18, "firm; week; item channel"
    PROMOTION_WEEK = 19, "firm; week, 0: how whole days are rounded; item channel, 63: all of them"
    SHRINKAGE = 20, "location; day; item"
    CHANNEL_LINK = 21, "firm; occasion 0; item channel"
    CHANNEL_VERSION = 22, "firm; occasion day x 512 + item of goods; item flow and pair of channels, see rules/links.py"
    PICK_UP = 23, "customer; need"
    AUDIT = 24, "shopper; occasion day"
    CATALOG = 25, "firm; item of goods: never drawn, prices are quantiles; the number stays taken"
    MERGE = 26, "customer; occasion 0; item channel: false merge"


FIRM = 4294967295  # actor of what the firm decides
FIRST_LOCATION = 2147483648  # actor of what happens at stock pool k: FIRST_LOCATION + k
FIRST_SHOPPER = 3221225472  # actor of mystery shopper k
NEVER = 1 << 40  # a part that never comes
MAX_CHANNELS = 16  # in one scenario
RESERVED_NUMBERS = 16  # numbers below it are those of CHANNEL_CODES, now and later
LAST_CHANNEL_NUMBER = 62  # the one after it stands for the firm
MAX_SEGMENTS = 8
PARTS_PER_DAY = 4
CHANNEL_CODES = ("store", "desktop_web", "mobile_web", "app", "social", "marketplace", "phone", "email", "chat")
MINUTES_PER_DAY = 1440.0
