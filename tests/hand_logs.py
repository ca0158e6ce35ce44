"""Event logs written by hand, in a world of three channels."""

import numpy as np

from simsuite.engines.records import EVENT_TYPE, SETTLED_TYPE, blank
from simsuite.lives.sentences import Titles
from simsuite.rules import state
from simsuite.run_result import RunResult
from simsuite.vocabulary import MAX_CHANNELS, MAX_SEGMENTS, Intent, Outcome, Phase

WARM_UP = 10
STORE, WEB, APP = range(3)
CHANNELS = ("store", "desktop_web", "app")
TITLES = Titles(
    ("Isolated channels", "Integrated data"),
    {"store": "Store", "desktop_web": "Desktop web shop", "app": "App"},
    {"regular": "Regular customers"},
    ("Fashion",),
    "EUR",
)
BEGINS = (7, 11, 14, 18)  # hour at which each daypart begins


def moment(day, time, need, *events, customer=0):
    """Rows of one daypart; each event is (kind, and any of channel, other, phase, cause, value)."""
    hour, minute = (int(text) for text in time.split(":"))
    daypart = sum(begin <= hour for begin in BEGINS) - 1
    rows = []
    for ordinal, (kind, values) in enumerate(events):
        row = np.zeros(1, EVENT_TYPE)
        row["customer"], row["part"], row["second"] = (
            customer,
            (WARM_UP + day) * 4 + daypart,
            hour * 3600 + minute * 60,
        )
        row["need"], row["ordinal"], row["kind"] = need, ordinal, kind
        for name, otherwise in (
            ("channel", -1),
            ("other_channel", -1),
            ("phase", 0),
            ("cause", -1),
            ("value", -1),
        ):
            row[name] = values.get(name, otherwise)
        rows.append(row)
    return rows


def event(kind, channel=-1, other=-1, phase=Phase.SEARCH, cause=-1, value=-1.0):
    return kind, {
        "channel": channel,
        "other_channel": other,
        "phase": phase,
        "cause": cause,
        "value": value,
    }


def result(strategy, rows, needs=(), customers=1):
    """A run with these events; needs are (customer, need, outcome, cause)."""
    people = blank(state.CUSTOMER, customers)
    people["number"] = np.arange(customers)
    people["need_rate"] = 12 / 365 / 4
    relations = blank(state.RELATION, customers, len(CHANNELS))
    settled = np.zeros(len(needs), SETTLED_TYPE)
    for row, (customer, need, outcome, cause) in zip(settled, needs, strict=True):
        row["customer"], row["need"], row["outcome"], row["cause"] = customer, need, outcome, cause
        row["intent"] = Intent.BUY
    orders = np.zeros((MAX_SEGMENTS, MAX_CHANNELS), "i8")
    orders[0, WEB] = sum(outcome == Outcome.ORDERED for _, _, outcome, _ in needs)
    return RunResult(
        strategy,
        0,
        1,
        CHANNELS,
        ("regular",),
        WARM_UP,
        60,
        {"orders": orders},
        np.zeros((0, 4)),
        settled,
        np.concatenate(rows) if rows else np.zeros(0, EVENT_TYPE),
        people,
        relations,
        np.zeros(0),
        people["satisfaction"],
    )
