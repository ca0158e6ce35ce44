"""The codes of the model: every enumeration, its numbers written out, each code with its words.

One row says all that anybody needs to know of a code: the engines its number, tables and figures
its label, stories its sentence, experiments what silences it. The numbers are frozen
(`tests/codes.csv`): results, draws and comparisons of two files go by them. Append, never renumber.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Code(IntEnum):
    """A number with words: a member is written as the number, or as the number and its row."""

    def __new__(cls, number: int, words: Any = None):
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        return member

    @property
    def title(self) -> str:
        """The name as a person reads it: "desktop web"."""
        return self.name.lower().replace("_", " ")


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


@dataclass(frozen=True)
class OutcomeWords:
    """An outcome in words.

    label : in tables, where no cause is booked
    sentence : of a story; empty where it is told otherwise
    lost : a planned journey that ends so is lost
    """

    label: str
    sentence: str = ""
    lost: bool = False


class Outcome(Code):
    """What became of a candidate need."""

    ORDERED = 0, OutcomeWords("ordered")
    GAVE_UP = 1, OutcomeWords("gave up", "She gives up", lost=True)
    WENT_TO_COMPETITOR = 2, OutcomeWords("competitor", "She goes to a competitor", lost=True)
    NO_PLAN = 3, OutcomeWords("only looking around", "She stops looking around")
    NOT_CONSIDERED = 4, OutcomeWords("not considered")
    ABSORBED = 5, OutcomeWords("part of another journey")
    STILL_OPEN = 6, OutcomeWords("still undecided")


LOST_OUTCOMES = tuple(outcome for outcome in Outcome if outcome.words.lost)


@dataclass(frozen=True)
class FlowWords:
    """One kind of knowledge in words.

    label : what is shared
    error : what an error of the flow does
    """

    label: str
    error: str


class Flow(Code):
    """One kind of knowledge that channels may share."""

    IDENTITY = 0, FlowWords("who she is", "taken for somebody else until she complains")
    CART = 1, FlowWords("her cart and her list", "a wrong copy replaces the good one, also where she left it")
    PROFILE = 2, FlowWords("her history and preferences", "recommendations that are not for her")
    PRICE = 3, FlowWords("prices that other channels stated", "the price of another channel is not known")
    PROMOTION = 4, FlowWords("offers of other channels", "the offer of another channel is not known")
    STOCK = 5, FlowWords("what other places have in stock", "says the opposite of what the record shows")


N_FLOWS = max(Flow) + 1
WAIT, ANNOUNCEMENT = "wait", "announcement"  # what touches a customer besides what channels know


@dataclass(frozen=True)
class CauseWords:
    """A clock, or a reason why a journey ends, in words.

    label : in tables and figures
    reason : in a story, after the end of the journey; {other} is the channel that it is about
    noticed : in a story, the clause that tells of the clash, with the fields of `lives.sentences.Scene`;
        empty: told by another event
    missing : in a story, where the item is not there
    in_race : rings within a step; four neighbors share one draw
    loses : ends the journey
    silence : values of parameters that silence the clock from a day on. Where a clock has a value of its own
        for browsers, theirs goes on: who only looks around is no lost sale
    instead : parameter that takes what `silence` sets to zero, at most 1: people answer so instead
    touches : a clash of this cause is about this flow
    by_channels : needs two channels that do not know the same
    """

    label: str
    reason: str = ""
    noticed: str = ""
    missing: str = ""
    in_race: bool = True
    loses: bool = True
    silence: Mapping[str, float] = field(default_factory=dict)
    instead: str = ""
    touches: Flow | None = None
    by_channels: bool = False

    @property
    def touch(self) -> str:
        """What a clash of this cause is about, "price"; "" if there is none."""
        return self.touches.title if self.touches is not None else ""


NEVER_LAPSES = 20.0  # log days: the most that a scenario may say, over a million years


def _off(*paths: str) -> dict[str, float]:
    return dict.fromkeys(paths, 0.0)


class Cause(Code):
    """The clocks of a step, and why a journey ended."""

    PROGRESS = 0, CauseWords("progress", loses=False)
    PAUSE = 1, CauseWords("pause", loses=False)
    NOT_READY = (
        2,
        CauseWords(
            "not ready to buy",
            "not ready to buy",
            silence=_off("giving_up.not_ready_consider", "giving_up.not_ready_buy"),
        ),
    )
    COMPETITOR = 3, CauseWords("competitor", "a competitor draws her away", silence=_off("giving_up.competitor"))
    EXTRA_COST = 4, CauseWords("extra costs", "extra cost at the checkout", silence=_off("giving_up.extra_cost"))
    FORCED_ACCOUNT = (
        5,
        CauseWords("account demanded", "an account is demanded", silence=_off("giving_up.forced_account")),
    )
    PAYMENT_DISTRUST = (
        6,
        CauseWords("payment distrusted", "no trust in the payment", silence=_off("giving_up.payment_distrust")),
    )
    SLOW_DELIVERY = (
        7,
        CauseWords("delivery too slow", "delivery takes too long", silence=_off("giving_up.slow_delivery")),
    )
    PRICE_CLASH = (
        8,
        CauseWords(
            "prices contradict",
            "a higher price than elsewhere",
            noticed="the price before promotions is {percent} of list above what {other} said",
            silence=_off("statements.price_clash_rate"),
            touches=Flow.PRICE,
            by_channels=True,
        ),
    )
    PROMOTION_CLASH = (
        9,
        CauseWords(
            "offer not honored",
            "a promotion that does not hold here",
            noticed="{percent} off that {other} promised is missing here",
            silence=_off("statements.promotion_clash_rate"),
            touches=Flow.PROMOTION,
            by_channels=True,
        ),
    )
    CART_LOST = (
        10,
        CauseWords(
            "cart lost",
            "her cart was lost",
            noticed="the cart she filled{in_cart} is not there: she starts again",
            silence=_off("statements.cart_lost_rate"),
            touches=Flow.CART,
            by_channels=True,
        ),
    )
    ASKED_AGAIN = (
        11,
        CauseWords(
            "asked again",
            "asked again for what {other} knew",
            noticed="she is asked again for what {other} knows",
            silence=_off("statements.asked_again_rate"),
            touches=Flow.CART,
            by_channels=True,
        ),
    )
    WRONG_PERSON = (
        12,
        CauseWords(
            "taken for another",
            "taken for somebody else",
            noticed="the record shown is not hers",
            silence=_off("statements.wrong_person_rate"),
            touches=Flow.IDENTITY,
            by_channels=True,
        ),
    )
    CREEPY = (
        13,
        CauseWords(
            "too personal",
            "recognized without having said who she is",
            silence=_off("identity.creepy_rate"),
            by_channels=True,
        ),
    )
    EFFORT = 14, CauseWords("too much effort", "too much effort", silence=_off("giving_up.effort"))
    TEDIOUS_FORM = 15, CauseWords("tedious form", "a tedious form", silence=_off("giving_up.tedious_form"))
    TO_PLACE = 16, CauseWords("to the place", loses=False)
    WAITING = 20, CauseWords("waiting line", "the wait", in_race=False, silence=_off("giving_up.waiting"))
    OUT_OF_STOCK = (
        21,
        CauseWords(
            "out of stock",
            "the item is not in stock",
            missing="the item is not there",
            in_race=False,
            silence=_off("stock.go_to_competitor", "stock.give_up"),
            instead="stock.come_back",
        ),
    )
    WASTED_TRIP = (
        22,
        CauseWords(
            "wasted trip",
            "a wasted trip",
            missing="the item for which she came is not there",
            in_race=False,
            silence=_off("stock.go_to_competitor_wasted", "stock.give_up_wasted"),
            instead="stock.come_back_wasted",
            by_channels=True,
        ),
    )
    STOCK_CLASH = (
        23,
        CauseWords(
            "stock misstated",
            "a false word about the stock",
            missing="the item is not there, although {other} said it was",
            in_race=False,
            silence=_off("stock.go_to_competitor_promised", "stock.give_up_promised"),
            instead="stock.come_back_promised",
            touches=Flow.STOCK,
            by_channels=True,
        ),
    )
    LAPSED = (
        24,
        CauseWords(
            "need passed",
            "the need has lapsed",
            in_race=False,
            silence=dict.fromkeys(("needs.lapse_log_consider", "needs.lapse_log_buy"), NEVER_LAPSES),
        ),
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


class Question(IntEnum):
    """What the mystery shopper checks at the second channel."""

    PRICE = 0
    PROMOTION = 1
    STOCK = 2
    CART = 3


@dataclass(frozen=True)
class EventWords:
    """An event in words.

    meaning : what happened, and what other_channel, detail and value say; for who reads the log
    sentence : in a story, of an act a sentence, of an input a clause, with the fields of `lives.sentences.Scene`
    touches : of an input: what it is about, a flow or "wait", "announcement"; None of an act, and of a clash,
        whose cause says it
    is_input : reaches a customer; else it is what she does
    detail : the value is a code of this enumeration, or the place of a name among these
    money : the value is cents
    """

    meaning: str
    sentence: str
    touches: Flow | str | None = None
    is_input: bool = False
    detail: type[IntEnum] | tuple[str, ...] | None = None
    money: bool = False

    @property
    def touch(self) -> str:
        """What the input is about, "price", "wait"; "" if the event does not say it."""
        return self.touches.title if isinstance(self.touches, Flow) else self.touches or ""

    @property
    def details(self) -> tuple[str, ...]:
        """Names that the value is the place of."""
        return tuple(code.name for code in self.detail) if isinstance(self.detail, type) else self.detail or ()


def _reaches(meaning: str, clause: str, touches: Flow | str | None = None, **more: Any) -> EventWords:
    return EventWords(meaning, clause, touches, is_input=True, **more)


class EventKind(Code):
    """One line of the event log. Inputs are what reaches a customer, acts what she does."""

    NEED = (
        0,
        EventWords(
            "A candidate need comes up. detail: whether she considers this firm",
            "A need comes up{about}{not_considered}.",
            detail=("NOT_CONSIDERED", "CONSIDERED"),
        ),
    )
    CHOSE = (
        1,
        EventWords(
            "She goes to a channel. other_channel: that of the visit before for this need", "She goes to {here}."
        ),
    )
    WAITED = 2, _reaches("A desk serves here. value: minutes of waiting until she would be served", "{wait}", WAIT)
    RECOGNIZED = 3, _reaches("detail: as whom she is recognized", "{recognized}", Flow.IDENTITY, detail=Recognition)
    FOUND_CONTEXT = (
        4,
        _reaches(
            "She came with a cart or with what she found out. detail: whether all of it is at hand. "
            "other_channel: that of the visit before",
            "{context}",
            Flow.CART,
            detail=("LOST", "KEPT"),
        ),
    )
    TOLD_PRICE = (
        5,
        _reaches(
            "value: price told without promotion, share of the list price. "
            "other_channel: that which had told her a price before",
            "the price is {against_list}",
            Flow.PRICE,
        ),
    )
    TOLD_STOCK = (
        6,
        _reaches(
            "detail: what is said about the stock of other_channel", "{other} {stated}", Flow.STOCK, detail=Stated
        ),
    )
    CLASH = (
        7,
        _reaches(
            "This channel contradicts other_channel. value: its size as a share of the "
            "list price, for PRICE_CLASH and PROMOTION_CLASH; else 1",
            "{clash}",
        ),
    )
    HELPED = (
        8,
        _reaches("What is known about her helps. value: factor on what the visit teaches her", "{help}", Flow.PROFILE),
    )
    STEPPED = 9, EventWords("One step forward. phase: that which she reaches", "She {step}.")
    PAUSED = 10, EventWords("The visit ends, the journey goes on another time", "She leaves it for another time.")
    LEFT_QUEUE = (
        11,
        EventWords(
            "She leaves the line. value: minutes for which she was patient", "She leaves the line after {minutes}."
        ),
    )
    STOCK_OUT = (
        12,
        _reaches(
            "The item is not there. detail: what she does about it. other_channel: "
            "that which last said something about its stock",
            "{missing}{stock_out}",
            Flow.STOCK,
            detail=StockOut,
        ),
    )
    ORDERED = (
        13,
        EventWords(
            "cents: what she orders. other_channel: that of the visit before", "She orders for {order}.", money=True
        ),
    )
    GAVE_UP = (
        14,
        EventWords(
            "The journey ends without an order. detail: its outcome. other_channel: that of the visit before",
            "{end}.",
            detail=Outcome,
        ),
    )
    PICKED_UP = (
        15,
        EventWords(
            "She collects her order. cents: what she takes along as well, or 0",
            "She collects her order{taken_along}.",
            money=True,
        ),
    )
    ANNOUNCED = (
        16,
        _reaches(
            "She is told that channels work together. value: belief announced, 0 to 1",
            "she is told that the channels work together",
            ANNOUNCEMENT,
        ),
    )
    ABSORBED = (
        17,
        EventWords(
            "Another need falls into the open journey. value: number of that need",
            "Another need of the kind comes up and joins the open one.",
        ),
    )
    TOLD_PROMOTION = (
        18,
        _reaches(
            "value: promotion told, share of the list price taken off. other_channel: as for TOLD_PRICE",
            "a promotion takes {percent} off",
            Flow.PROMOTION,
        ),
    )


INPUT_KINDS = tuple(kind for kind in EventKind if kind.words.is_input)


class Decision(Code):
    """What a uniform number decides about; the words name who draws, the occasion, and the item if there are several."""

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
    PROMOTION_WEEK = 19, "firm; week; item channel"
    SHRINKAGE = 20, "location; day; item"
    CHANNEL_LINK = 21, "firm; occasion 0; item channel"
    CHANNEL_VERSION = 22, "firm; occasion day or week; item flow x 64 + channel"
    PICK_UP = 23, "customer; need"
    AUDIT = 24, "shopper; occasion day"
    CATALOG = (
        25,
        "firm; occasion item: prices of the goods; never drawn, they are quantiles, and the number stays taken",
    )
    MERGE = 26, "customer; occasion 0; item channel: false merge"


FIRM = 4294967295  # actor of what the firm decides
FIRST_LOCATION = 2147483648  # actor of what happens at stock pool k: FIRST_LOCATION + k
FIRST_SHOPPER = 3221225472  # actor of mystery shopper k
NEVER = 1 << 40  # a part that never comes
MAX_CHANNELS = 16
MAX_SEGMENTS = 8
PARTS_PER_DAY = 4
CHANNEL_CODES = ("store", "desktop_web", "mobile_web", "app", "social", "marketplace", "phone", "email", "chat")
MINUTES_PER_DAY = 1440.0
