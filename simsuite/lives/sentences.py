"""The events of the log in words: an input as a clause, an act as a sentence.

Nothing is told that is not in the event log or in the settled needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simsuite.run_result import RunResult
from simsuite.vocabulary import (
    INPUT_KINDS,
    Cause,
    EventKind,
    Intent,
    Outcome,
    Phase,
    Recognition,
    Stated,
    StockOut,
)

if TYPE_CHECKING:
    from simsuite.specs.scenario import ScenarioSpec

AIMS = {Intent.BROWSE: "look around", Intent.CONSIDER: "consider a purchase", Intent.BUY: "buy"}
RECOGNIZED = {
    Recognition.NOBODY: "she is not recognized",
    Recognition.OWN_RECORD: "she is recognized",
    Recognition.SHARED_RECORD: "she is recognized from the record of another channel",
    Recognition.WRONG_PERSON: "she is taken for somebody else",
}
MISSING_ITEM = {
    Cause.STOCK_CLASH: "the item is not there, although {other} said it was",
    Cause.WASTED_TRIP: "the item for which she came is not there",
    Cause.OUT_OF_STOCK: "the item is not there",
}
RESPONSES = {
    StockOut.COMPETITOR: "",
    StockOut.GIVE_UP: "",
    StockOut.COME_BACK: ", and she means to come back",
    StockOut.SUBSTITUTE: ", nor is another that she would take",
}
REASONS = {
    Cause.NOT_READY: "not ready to buy",
    Cause.COMPETITOR: "a competitor draws her away",
    Cause.EXTRA_COST: "extra cost at the checkout",
    Cause.FORCED_ACCOUNT: "an account is demanded",
    Cause.PAYMENT_DISTRUST: "no trust in the payment",
    Cause.SLOW_DELIVERY: "delivery takes too long",
    Cause.PRICE_CLASH: "a higher price than elsewhere",
    Cause.CART_LOST: "her cart was lost",
    Cause.PROMOTION_CLASH: "a promotion that does not hold here",
    Cause.ASKED_AGAIN: "asked again for what {other} knew",
    Cause.WRONG_PERSON: "taken for somebody else",
    Cause.CREEPY: "recognized without having said who she is",
    Cause.EFFORT: "too much effort",
    Cause.TEDIOUS_FORM: "a tedious form",
    Cause.WAITING: "the wait",
    Cause.OUT_OF_STOCK: "the item is not in stock",
    Cause.WASTED_TRIP: "a wasted trip",
    Cause.STOCK_CLASH: "a false word about the stock",
    Cause.LAPSED: "the need has lapsed",
}
ENDS = {
    Outcome.GAVE_UP: "She gives up",
    Outcome.WENT_TO_COMPETITOR: "She goes to a competitor",
    Outcome.NO_PLAN: "She stops looking around",
}


@dataclass(frozen=True)
class Titles:
    """What things are called in a story; what has no title goes by its name.

    worlds : titles of the reference and of the compared world
    channels, segments : title by name, as in "Desktop web shop"
    categories : titles in the order of the scenario; without them no story says what it is about
    currency : unit of money, as in "EUR"
    """

    worlds: tuple[str, str]
    channels: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    currency: str = ""

    def channel(self, name: str) -> str:
        return self.channels.get(name) or _from_name(name)

    def segment(self, name: str) -> str:
        return self.segments.get(name) or _from_name(name)


def titles_of(spec: ScenarioSpec, reference: str, compared: str) -> Titles:
    """The titles of a scenario; `reference` and `compared` are names of its strategies."""
    worlds = [spec.strategies[name].title or _from_name(name) for name in (reference, compared)]
    return Titles(
        (worlds[0], worlds[1]),
        {name: channel.title for name, channel in spec.channels.items()},
        {name: segment.title for name, segment in spec.segments.items()},
        tuple(each.title or _from_name(name) for name, each in sorted(spec.categories.items())),
        spec.currency,
    )


def _from_name(name: str) -> str:
    """A name as a title: "desktop_web" as "Desktop web"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class _Scene:
    """One event with what is needed to put it into words; channels as in "the app"."""

    event: np.void
    here: str
    other: str
    cart: str  # where she last filled a cart; "" if nowhere
    elsewhere: bool  # and that is not here
    clashes: tuple[int, ...]  # causes of the clashes of this visit
    share: float  # price told in this visit after promotion, share of list; or 1
    about: str  # the need, as in ": Fashion, with the aim to buy"
    currency: str

    @property
    def value(self) -> float:
        return float(self.event["value"])

    @property
    def cause(self) -> int:
        return int(self.event["cause"])


def _need(scene: _Scene) -> str:
    if scene.value > 0:
        return f"A need comes up{scene.about}."
    return f"A need comes up{scene.about}; she does not consider this firm."


def _wait(scene: _Scene) -> str:
    if scene.value <= 0:
        return "there is no wait"
    return f"the wait is {_minutes(scene.value)}"


def _context(scene: _Scene) -> str:
    """What came along; what did not is told by the clash, if she noticed one."""
    if scene.value > 0 and scene.event["phase"] >= Phase.CART:
        cart = f"the cart she filled in {scene.cart}" if scene.elsewhere else "her cart"
        return f"{cart} is there"
    if scene.value > 0:
        return f"what she found out in {scene.other} is at hand"
    if {Cause.CART_LOST, Cause.ASKED_AGAIN} & set(scene.clashes):
        return ""
    return f"what she found out in {scene.other} is not known here: she starts again"


def _clash(scene: _Scene) -> str:
    if scene.cause == Cause.PRICE_CLASH:
        more = _percent(scene.value)
        return f"the price before promotions is {more} of list above what {scene.other} said"
    if scene.cause == Cause.PROMOTION_CLASH:
        return f"{_percent(scene.value)} off that {scene.other} promised is missing here"
    if scene.cause == Cause.CART_LOST:
        where = f" in {scene.cart}" if scene.elsewhere else ""
        return f"the cart she filled{where} is not there: she starts again"
    if scene.cause == Cause.ASKED_AGAIN:
        return f"she is asked again for what {scene.other} knows"
    if scene.cause == Cause.STOCK_CLASH:
        return ""  # said where the item is missing
    return "the record shown is not hers"


def _help(scene: _Scene) -> str:
    if scene.value > 1:
        return f"what is known about her helps: she learns {_percent(scene.value - 1)} more"
    return f"what is shown is not about her: she learns {_percent(1 - scene.value)} less"


def _stock(scene: _Scene) -> str:
    negation = "" if scene.value == Stated.IN_STOCK else "not "
    return f"{scene.other} is said {negation}to have the item"


def _stock_out(scene: _Scene) -> str:
    missing = MISSING_ITEM[Cause(scene.cause)].format(other=scene.other)
    return missing + RESPONSES[StockOut(int(scene.value))]


def _order(scene: _Scene) -> str:
    worth = _money(scene.value, scene.currency)
    paid = _money(int(scene.value * scene.share + 0.5), scene.currency)
    return f"She orders for {paid}{'' if paid == worth else f', {worth} at list'}."


def _give_up(scene: _Scene) -> str:
    end = ENDS[Outcome(int(scene.value))]
    if scene.value == Outcome.WENT_TO_COMPETITOR and scene.cause == Cause.COMPETITOR:
        return f"{end}."
    return f"{end}: {REASONS[Cause(scene.cause)].format(other=scene.other)}."


def _pick_up(scene: _Scene) -> str:
    extra = f" and takes along goods of {_money(scene.value, scene.currency)} at list"
    return f"She collects her order{extra if scene.value > 0 else ''}."


WORDS = {
    EventKind.NEED: _need,
    EventKind.CHOSE: lambda scene: f"She goes to {scene.here}.",
    EventKind.WAITED: _wait,
    EventKind.RECOGNIZED: lambda scene: RECOGNIZED[Recognition(int(scene.value))],
    EventKind.FOUND_CONTEXT: _context,
    EventKind.TOLD_PRICE: lambda scene: f"the price is {_against_list(scene.value)}",
    EventKind.TOLD_PROMOTION: lambda scene: f"a promotion takes {_percent(scene.value)} off",
    EventKind.TOLD_STOCK: _stock,
    EventKind.CLASH: _clash,
    EventKind.HELPED: _help,
    EventKind.STEPPED: lambda scene: (
        "She fills a cart." if scene.event["phase"] == Phase.CART else "She goes to the checkout."
    ),
    EventKind.PAUSED: lambda scene: "She leaves it for another time.",
    EventKind.LEFT_QUEUE: lambda scene: f"She leaves the line after {_minutes(scene.value)}.",
    EventKind.STOCK_OUT: _stock_out,
    EventKind.ORDERED: _order,
    EventKind.GAVE_UP: _give_up,
    EventKind.PICKED_UP: _pick_up,
    EventKind.ANNOUNCED: lambda scene: "she is told that the channels work together",
    EventKind.ABSORBED: lambda scene: "Another need of the kind comes up and joins the open one.",
}


class WorldInWords:
    """The log of one customer in one world, and its words."""

    def __init__(self, result: RunResult, customer: int, titles: Titles):
        self.result, self.titles, self.events = result, titles, result.events
        self.rows = np.flatnonzero(self.events["customer"] == customer)
        needs = result.needs[result.needs["customer"] == customer]
        self.abouts = {int(row["need"]): self._about(row) for row in needs}
        self.parts: dict[int, list[int]] = {}
        self.carts: dict[int, int] = {}  # by row: channel in which she last filled a cart
        cart = -1
        for row in self.rows.tolist():
            event = self.events[row]
            self.parts.setdefault(int(event["part"]), []).append(row)
            self.carts[row] = cart
            if event["kind"] == EventKind.STEPPED and event["phase"] == Phase.CART:
                cart = int(event["channel"])

    def _about(self, need: np.void) -> str:
        category = f": {self.titles.categories[need['category']]}" if self.titles.categories else ""
        return f"{category}, with the aim to {AIMS[Intent(int(need['intent']))]}"

    def channel(self, index: int) -> str:
        """The title of a channel in the midst of a sentence; "" for no channel, index -1."""
        if index < 0:
            return ""
        title = self._title(index)
        return f"the {title if title[1:2].isupper() else title[:1].lower() + title[1:]}"

    def _title(self, index: int) -> str:
        return self.titles.channel(self.result.channel_names[index])

    def words(self, row: int) -> str:
        """One event: an input as a clause, an act as a sentence; "" if another event tells it."""
        event = self.events[row]
        siblings = self.events[self.parts[int(event["part"])]]
        cart = self.carts[row]
        return WORDS[EventKind(int(event["kind"]))](
            _Scene(
                event,
                here=self.channel(event["channel"]),
                other=self.channel(event["other_channel"]),
                cart=self.channel(cart),
                elsewhere=cart not in (-1, event["channel"]),
                clashes=tuple(siblings["cause"][siblings["kind"] == EventKind.CLASH].tolist()),
                share=_told(siblings, EventKind.TOLD_PRICE, 1.0)
                * (1.0 - _told(siblings, EventKind.TOLD_PROMOTION, 0.0)),
                about=self.abouts.get(int(event["need"]), ""),
                currency=self.titles.currency,
            )
        )

    def act(self, row: int) -> str:
        """An act in words, also where there is none."""
        return self.words(row) if row >= 0 else "She does nothing more."

    def time(self, part: int) -> str:
        """Time of her visit in a daypart, "14:10"; "" if she makes none."""
        rows = [row for row in self.parts.get(part, ()) if self.events["channel"][row] >= 0]
        if not rows:
            return ""
        minutes = int(self.events["second"][rows[-1]]) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"

    def prose(self, part: int) -> str:
        """All that happens to her in a daypart."""
        before: list[str] = []
        after: list[str] = []
        clauses: list[str] = []
        head, sentences = "", before
        for row in self.parts.get(part, ()):
            words, kind = self.words(row), self.events["kind"][row]
            if kind in INPUT_KINDS:
                clauses += [words] if words else []
                continue
            sentences += [f"{'; '.join(clauses)}."] if clauses else []
            clauses = []
            if kind == EventKind.CHOSE:
                head, sentences = self._head(self.events[row]), after
            else:
                sentences.append(words)
        sentences += [f"{'; '.join(clauses)}."] if clauses else []
        told = [sentence[0].upper() + sentence[1:] for sentence in before + after]
        if head and after:
            told[len(before)] = f"{head}: {after[0][0].lower()}{after[0][1:]}"
        return " ".join(told)

    def _head(self, chose: np.void) -> str:
        here, before = int(chose["channel"]), int(chose["other_channel"])
        if chose["phase"] == Phase.DELIVERY or before < 0:
            return self._title(here)
        after = " again" if before == here else f", after {self.channel(before)}"
        return self._title(here) + after


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def _against_list(share: float) -> str:
    difference = _percent(abs(share - 1))
    if difference == "0 %":
        return "as listed"
    return f"{difference} {'above' if share > 1 else 'below'} list"


def _minutes(minutes: float) -> str:
    whole = int(minutes + 0.5)
    return "less than a minute" if whole < 1 else f"{whole} minute{'s' if whole > 1 else ''}"


def _money(cents: float, currency: str) -> str:
    return f"{cents / 100:,.2f} {currency}".rstrip()


def _told(events: np.ndarray, kind: EventKind, otherwise: float) -> float:
    values = events["value"][events["kind"] == kind]
    return float(values[0]) if len(values) else otherwise
