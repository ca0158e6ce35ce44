"""What one row of the vocabulary says: a code's number and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Code(IntEnum):
    """A number with words: a member is written as its row, which begins with the number, or as number and words."""

    def __new__(cls, row: Any, words: Any = None):
        number, words = (row, words) if isinstance(row, int) else (row.number, row)
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        return member

    @property
    def title(self) -> str:
        """The name as a person reads it: "desktop web"."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class OutcomeWords:
    """An outcome in words.

    label : in tables, where no cause is booked
    sentence : of a story; empty where it is told otherwise
    lost : a planned journey that ends so is lost
    """

    number: int
    label: str
    sentence: str = ""
    lost: bool = False


@dataclass(frozen=True)
class FlowWords:
    """One kind of knowledge in words.

    label : what it brings
    error : what an error of the flow does
    by_day : of a channel, published once a day; else of a customer, written by each of her visits
    in_one_channel : a connected channel shows the shared record of its own too
    """

    number: int
    label: str
    error: str
    by_day: bool = False
    in_one_channel: bool = False


@dataclass(frozen=True)
class CauseWords:
    """A clock, or a reason why a journey ends, in words.

    label : in tables and figures
    reason : in a story, after the end of the journey; {other} is the channel that it is about
    noticed : in a story, the clause that tells of the clash, with the fields of `lives.scene.Scene`;
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

    number: int
    label: str
    reason: str = ""
    noticed: str = ""
    missing: str = ""
    in_race: bool = True
    loses: bool = True
    silence: Mapping[str, float] = field(default_factory=dict)
    instead: str = ""
    touches: Code | None = None
    by_channels: bool = False

    @property
    def touch(self) -> str:
        """What a clash of this cause is about, "price"; "" if there is none."""
        return self.touches.title if self.touches is not None else ""


@dataclass(frozen=True)
class EventWords:
    """An event in words.

    meaning : what happened, and what other_channel, detail and value say; for who reads the log
    sentence : in a story, of an act a sentence, of an input a clause, with the fields of `lives.scene.Scene`
    touches : of an input: what it is about, a flow or "wait", "announcement"; None of an act, and of a clash,
        whose cause says it
    is_input : reaches a customer; else it is what she does
    detail : the value is a code of this enumeration, or the place of a name among these
    money : the value is cents
    """

    number: int
    meaning: str
    sentence: str
    touches: Code | str | None = None
    is_input: bool = False
    detail: type[IntEnum] | tuple[str, ...] | None = None
    money: bool = False

    @property
    def touch(self) -> str:
        """What the input is about, "price", "wait"; "" if the event does not say it."""
        return self.touches.title if isinstance(self.touches, Code) else self.touches or ""

    @property
    def details(self) -> tuple[str, ...]:
        """Names that the value is the place of."""
        return tuple(code.name for code in self.detail) if isinstance(self.detail, type) else self.detail or ()
