"""What a delay becomes: a run knows dayparts and days, and rounds what lies between them.

What a flow knows of a customer is written by a visit and read at her next one, in the next daypart at the
earliest. What it knows of a channel is published once a day.
"""

from __future__ import annotations

from simsuite.vocabulary import PARTS_PER_DAY, Flow

EXACT = 1e-9  # days


def delay_in_parts(days: float) -> int:
    """Dayparts after which a record can be read, as the tables of a run hold it."""
    return round(days * PARTS_PER_DAY)


def acts_as(flow: Flow, days: float) -> float:
    """Days that a delay of this flow acts as: whole days, or whole dayparts, of which a single one acts as none."""
    parts = delay_in_parts(days)
    if flow.words.by_day:
        return float(parts // PARTS_PER_DAY)
    return parts / PARTS_PER_DAY if parts > 1 else 0.0


def acts_otherwise(flow: Flow, days: float) -> bool:
    """Whether a delay acts as another one than is said."""
    return abs(acts_as(flow, days) - days) > EXACT


def in_words(flow: Flow, days: float) -> str:
    """What a delay of this flow acts as: '0', '2 dayparts', '1 day'."""
    acting = acts_as(flow, days)
    if not acting:
        return "0"
    if acting == int(acting):
        return days_in_words(acting)
    return f"{acting * PARTS_PER_DAY:g} dayparts"


def days_in_words(days: float) -> str:
    """'1 day', '0.5 days'."""
    return f"{days:g} day{'s' if days != 1 else ''}"


def flow_of(path: tuple[str, ...]) -> Flow | None:
    """The flow whose delay is at this path of a scenario; None if there is none."""
    if len(path) == 5 and path[0] == "strategies" and path[2] == "flows" and path[4] == "delay":
        return Flow[path[3].upper()]
    return None
