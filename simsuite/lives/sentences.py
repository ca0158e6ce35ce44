"""The events of the log in words: an input as a clause, an act as a sentence.

Nothing is told that is not in the event log or in the settled needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simsuite.lives.scene import Scene, sentence_of
from simsuite.run_result import RunResult
from simsuite.scenario.titles import from_code, titles_by_code, titles_by_name
from simsuite.vocabulary import INPUT_KINDS, EventKind, Intent, Phase

if TYPE_CHECKING:
    from simsuite.specs.scenario import ScenarioSpec


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
        return self.channels.get(name) or from_code(name)

    def segment(self, name: str) -> str:
        return self.segments.get(name) or from_code(name)


def titles_of(spec: ScenarioSpec, reference: str, compared: str) -> Titles:
    """The titles of a scenario; `reference` and `compared` are names of its strategies."""
    worlds = titles_by_name(spec.strategies)
    return Titles(
        (worlds[reference], worlds[compared]),
        titles_by_code(spec.channels),
        titles_by_code(spec.segments),
        tuple(title for _, title in sorted(titles_by_code(spec.categories).items())),
        spec.currency,
    )


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
        return f"{category}, with the aim to {Intent(int(need['intent'])).words}"

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
        return sentence_of(
            Scene(
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


def _told(events: np.ndarray, kind: EventKind, otherwise: float) -> float:
    values = events["value"][events["kind"] == kind]
    return float(values[0]) if len(values) else otherwise
