"""One event with what is needed to put it into words: the fields that the sentences of the vocabulary name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simsuite.vocabulary import Cause, EventKind, Outcome, Phase, Recognition, Stated, StockOut


@dataclass(frozen=True)
class Scene:
    """One event. Every field and property is a name that a sentence may use, as in "She goes to {here}."

    event : record of the log
    here, other : channels, as in "the app"; "" for none
    cart : where she last filled a cart; "" if nowhere
    elsewhere : and that is not here
    clashes : causes of the clashes of this visit
    share : price told in this visit after promotion, share of list; or 1
    about : the need, as in ": Fashion, with the aim to buy"
    currency : unit of money
    """

    event: np.void
    here: str
    other: str
    cart: str
    elsewhere: bool
    clashes: tuple[int, ...]
    share: float
    about: str
    currency: str

    @property
    def value(self) -> float:
        return float(self.event["value"])

    @property
    def cause(self) -> Cause:
        return Cause(int(self.event["cause"]))

    @property
    def percent(self) -> str:
        return percent(self.value)

    @property
    def minutes(self) -> str:
        return minutes(self.value)

    @property
    def against_list(self) -> str:
        difference = percent(abs(self.value - 1))
        return "as listed" if difference == "0 %" else f"{difference} {'above' if self.value > 1 else 'below'} list"

    @property
    def not_considered(self) -> str:
        return "" if self.value > 0 else "; she does not consider this firm"

    @property
    def wait(self) -> str:
        return "there is no wait" if self.value <= 0 else f"the wait is {self.minutes}"

    @property
    def recognized(self) -> str:
        return Recognition(int(self.value)).words

    @property
    def in_cart(self) -> str:
        return f" in {self.cart}" if self.elsewhere else ""

    @property
    def context(self) -> str:
        """What came along; what did not is told by the clash, if she noticed one."""
        if self.value > 0 and self.event["phase"] >= Phase.CART:
            return f"the cart she filled{self.in_cart} is there" if self.elsewhere else "her cart is there"
        if self.value > 0:
            return f"what she found out in {self.other} is at hand"
        if {Cause.CART_LOST, Cause.ASKED_AGAIN} & set(self.clashes):
            return ""
        return f"what she found out in {self.other} is not known here: she starts again"

    @property
    def clash(self) -> str:
        return self.told(self.cause.words.noticed)

    @property
    def help(self) -> str:
        if self.value > 1:
            return f"what is known about her helps: she learns {percent(self.value - 1)} more"
        return f"what is shown is not about her: she learns {percent(1 - self.value)} less"

    @property
    def stated(self) -> str:
        return Stated(int(self.value)).words

    @property
    def missing(self) -> str:
        return self.told(self.cause.words.missing)

    @property
    def stock_out(self) -> str:
        return StockOut(int(self.value)).words

    @property
    def step(self) -> str:
        return "fills a cart" if self.event["phase"] == Phase.CART else "goes to the checkout"

    @property
    def order(self) -> str:
        worth = money(self.value, self.currency)
        paid = money(int(self.value * self.share + 0.5), self.currency)
        return paid if paid == worth else f"{paid}, {worth} at list"

    @property
    def end(self) -> str:
        end, cause = Outcome(int(self.value)), self.cause
        alone = end == Outcome.WENT_TO_COMPETITOR and cause == Cause.COMPETITOR  # the end says it already
        return end.words.sentence if alone else f"{end.words.sentence}: {self.told(cause.words.reason)}"

    @property
    def taken_along(self) -> str:
        return f" and takes along goods of {money(self.value, self.currency)} at list" if self.value > 0 else ""

    def told(self, sentence: str) -> str:
        """A sentence of the vocabulary with its fields filled in."""
        return sentence.format_map(_Fields(self))


class _Fields(Mapping):
    """The fields of a scene by name; worked out when a sentence asks for them."""

    def __init__(self, scene: Scene):
        self.scene = scene

    def __getitem__(self, name: str) -> object:
        return getattr(self.scene, name)

    def __iter__(self):
        return iter(dir(self.scene))

    def __len__(self) -> int:
        return len(dir(self.scene))


def sentence_of(scene: Scene) -> str:
    """The event in words: an input as a clause, an act as a sentence; "" if another event tells it."""
    return scene.told(EventKind(int(scene.event["kind"])).words.sentence)


def percent(share: float) -> str:
    """A share as "12.5 %"."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def minutes(minutes: float) -> str:
    """Minutes as "3 minutes"."""
    whole = int(minutes + 0.5)
    return "less than a minute" if whole < 1 else f"{whole} minute{'s' if whole > 1 else ''}"


def money(cents: float, currency: str) -> str:
    """Cents as "12.50 EUR"."""
    return f"{cents / 100:,.2f} {currency}".rstrip()
