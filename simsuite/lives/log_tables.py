"""The event log and the journeys as tables for other tools: names instead of codes, CSV or Parquet.

Every column is described once, in EVENT_COLUMNS and JOURNEY_COLUMNS: they name the columns of
the tables and the headers of the files, and `docs/event_log.md` is rendered from them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import SimsuiteError, UsageError
from simsuite.files import write_whole
from simsuite.run_result import RunResult
from simsuite.vocabulary import (
    LOSING_CAUSES,
    PARTS_PER_DAY,
    Cause,
    Daypart,
    EventKind,
    Intent,
    Outcome,
    Phase,
)

if TYPE_CHECKING:
    from pandas import Categorical, DataFrame

BETWEEN_CHANNELS = " > "
MONEY = tuple(kind for kind in EventKind if kind.words.money)
NAMED = tuple(kind for kind in EventKind if kind.words.details)  # whose values are codes


@dataclass(frozen=True)
class Column:
    """One column of a table: name, unit ("" for none), meaning, and the values that it can take."""

    name: str
    unit: str
    meaning: str
    values: str


def _names(codes: Iterable[IntEnum]) -> str:
    return ", ".join(code.name for code in codes)


DAYPARTS = ", ".join(daypart.name.lower() for daypart in Daypart)
CHANNEL = "a channel of the scenario; empty for none"

EVENT_COLUMNS = (
    Column("customer", "number", "who", "0 to customers - 1"),
    Column("day", "days since the switch", "when; the warm-up has negative days", "whole number"),
    Column("daypart", "", "part of the day; at most one visit in each", DAYPARTS),
    Column(
        "time",
        "hours:minutes:seconds",
        "of the arrival of the visit; for what is no visit, the beginning of the daypart",
        "00:00:00 to 23:59:59",
    ),
    Column(
        "need",
        "number",
        "the customer's need that it is about; her needs count from 0, the same in every world",
        "-1 before her first need",
    ),
    Column(
        "counted",
        "",
        "whether the measures count this need: it arose within the horizon, though the event may come after it",
        "true, false",
    ),
    Column(
        "visit",
        "number",
        "visits of this need that were over when it was written; "
        "PAUSED and leaving the line at a pick-up count their own already",
        "from 0",
    ),
    Column("ordinal", "number", "order of the customer's events within a daypart", "from 0"),
    Column("kind", "", "what happened, see below", _names(EventKind)),
    Column("channel", "", "where she is", CHANNEL),
    Column("other_channel", "", "the other channel that it is about, see below", CHANNEL),
    Column("phase", "", "where the journey stands", _names(Phase)),
    Column("cause", "", "of a clash, a stock-out or an end; empty for none", _names(LOSING_CAUSES)),
    Column("detail", "", "a value that has a name; empty for none", "by kind, see below"),
    Column("value", "by kind", "a number; empty for none", "by kind, see below"),
    Column("cents", "cents at list price", "value of the goods; empty for none", "whole number"),
)

JOURNEY_COLUMNS = (
    Column("customer", "number", "who", "0 to customers - 1"),
    Column("segment", "", "her segment", "a segment of the scenario"),
    Column("need", "number", "the need; her needs count from 0, the same in every world", "from 0"),
    Column("born", "days since the switch", "day on which the need arises", "whole number"),
    Column("closed", "days since the switch", "day on which it is settled", "whole number"),
    Column("intent", "", "with what aim the journey begins", _names(Intent)),
    Column("category", "", "what it is about", "a category of the scenario"),
    Column("outcome", "", "what became of the need", _names(Outcome)),
    Column("cause", "", "why it was lost; empty for none", _names(LOSING_CAUSES)),
    Column("channel", "", "where it ended; empty at home", CHANNEL),
    Column(
        "channels",
        "",
        "channel of each visit in order, without a later pick-up of the order",
        f"channels with '{BETWEEN_CHANNELS}' between them; empty without a visit",
    ),
    Column("visits", "visits", "number of these visits", "from 0"),
    Column("cents", "cents at list price", "value of the goods that she wants", "whole number"),
)


def events_table(result: RunResult) -> DataFrame:
    """The event log with names instead of codes, by customer and in order of time.

    Returns
    -------
    data frame with the columns of EVENT_COLUMNS; names are categories, what is empty is missing

    Raises
    ------
    SimsuiteError if the run kept no events
    """
    import pandas as pd

    _check_events(result)
    events = result.events
    money = np.isin(events["kind"], MONEY)
    numeric = ~np.isin(events["kind"], (*MONEY, *NAMED)) & (events["value"] != -1)
    columns = {
        "customer": events["customer"],
        "day": events["part"] // PARTS_PER_DAY - result.warm_up,
        "daypart": _named(events["part"] % PARTS_PER_DAY, DAYPARTS.split(", ")),
        "time": _times(events["second"]),
        "need": events["need"],
        "counted": _counted(result),
        "visit": events["visit"],
        "ordinal": events["ordinal"],
        "kind": _named(events["kind"], [kind.name for kind in EventKind]),
        "channel": _named(events["channel"], result.channel_names),
        "other_channel": _named(events["other_channel"], result.channel_names),
        "phase": _named(events["phase"] - min(Phase), [phase.name for phase in Phase]),
        "cause": _causes(events["cause"]),
        "detail": _details(events),
        "value": np.where(numeric, events["value"], np.float32("nan")),
        "cents": pd.arrays.IntegerArray(np.where(money, events["value"], 0).astype("i8"), ~money),
    }
    return pd.DataFrame({column.name: columns[column.name] for column in EVENT_COLUMNS})


def journeys_table(result: RunResult, category_names: Sequence[str] = ()) -> DataFrame:
    """One row for every candidate need of the horizon, by customer and need.

    Parameters
    ----------
    result : a run with its needs and events kept
    category_names : in the order of the scenario; without them the column holds their numbers

    Returns
    -------
    data frame with the columns of JOURNEY_COLUMNS; names are categories, what is empty is missing

    Raises
    ------
    SimsuiteError if the run kept no events
    """
    import pandas as pd

    _check_events(result)
    needs = result.needs
    paths, visits = _paths(result)
    columns = {
        "customer": needs["customer"],
        "segment": _named(needs["segment"], result.segment_names),
        "need": needs["need"],
        "born": needs["born"] // PARTS_PER_DAY - result.warm_up,
        "closed": needs["closed"] // PARTS_PER_DAY - result.warm_up,
        "intent": _named(needs["intent"], [intent.name for intent in Intent]),
        "category": _named(needs["category"], category_names) if category_names else needs["category"],
        "outcome": _named(needs["outcome"], [outcome.name for outcome in Outcome]),
        "cause": _causes(needs["cause"]),
        "channel": _named(needs["channel"], result.channel_names),
        "channels": paths,
        "visits": visits,
        "cents": needs["cents"],
    }
    return pd.DataFrame({column.name: columns[column.name] for column in JOURNEY_COLUMNS})


def write_table(table: DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by the ending of the name; whole or not at all.

    Raises
    ------
    UsageError : another ending
    StoreError : disk full, no permission ...
    """
    if path.suffix == ".csv":
        content = table.to_csv(index=False, lineterminator="\n").encode()
    elif path.suffix == ".parquet":
        buffer = io.BytesIO()
        table.to_parquet(buffer, index=False, engine="pyarrow")
        content = buffer.getvalue()
    else:
        raise UsageError(f"{path}: tables are written as .csv or .parquet. Give the file one of these endings.")
    write_whole(path, content)


def event_log_document() -> str:
    """The text of docs/event_log.md."""
    kinds = [
        f"| {kind.name} | {'input' if kind.words.is_input else 'act'} | {kind.words.meaning} | "
        f"{', '.join(kind.words.details)} |"
        for kind in EventKind
    ]
    return "\n".join(
        [
            "# The event log and the journeys",
            "",
            "Rendered from `simsuite/lives/log_tables.py`; change it there.",
            "",
            "No results folder holds an event log: `simsuite export` runs one world again, of any "
            "replication, and writes it. In CSV files what is empty is an empty field, in Parquet "
            "files a missing value.",
            "",
            "## Events",
            "",
            "One row an event, by customer, daypart and ordinal.",
            "",
            *_column_lines(EVENT_COLUMNS),
            "",
            "### Kinds of events",
            "",
            "An input is what reaches a customer, an act what she does.",
            "",
            "| kind | is an | meaning | values of detail |",
            "|---|---|---|---|",
            *kinds,
            "",
            "## Journeys",
            "",
            "One row a candidate need that arises within the horizon, by customer and need; what arose "
            "in the warm-up has events and no row.",
            "",
            *_column_lines(JOURNEY_COLUMNS),
            "",
        ]
    )


def _column_lines(columns: Iterable[Column]) -> list[str]:
    return [
        "| column | unit | meaning | values |",
        "|---|---|---|---|",
        *(f"| `{column.name}` | {column.unit} | {column.meaning} | {column.values} |" for column in columns),
    ]


def _check_events(result: RunResult) -> None:
    if not len(result.events):
        raise SimsuiteError(
            f"The run of '{result.strategy}', replication {result.replication}, "
            "kept no events. Run it with its events kept to export them."
        )


def _named(codes: np.ndarray, names: Sequence[str]) -> Categorical:
    """Names by code; -1 is missing."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, list(names))


def _causes(codes: np.ndarray) -> Categorical:
    """Names of causes, whose codes have gaps; -1 is missing."""
    place = np.full(max(Cause) + 2, -1)
    place[list(Cause)] = np.arange(len(Cause))
    return _named(place[codes], [cause.name for cause in Cause])


def _details(events: np.ndarray) -> Categorical:
    """The names of values that are codes, each kind with its own enumeration."""
    import pandas as pd

    details = np.full(len(events), None, object)
    for kind in NAMED:
        rows = events["kind"] == kind
        details[rows] = np.array(kind.words.details, object)[events["value"][rows].astype("i8")]
    return pd.Categorical(details)


def _counted(result: RunResult) -> np.ndarray:
    """Whether each event is about a need of the horizon; settled needs hold all of these and no others."""
    events, needs = (rows["customer"].astype("i8") << 32 | rows["need"] for rows in (result.events, result.needs))
    return np.isin(events, needs) & (result.events["need"] >= 0)


def _times(seconds: np.ndarray) -> np.ndarray:
    """Seconds after midnight as "14:10:32"."""
    distinct, place = np.unique(seconds, return_inverse=True)
    texts = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in distinct]
    return np.array(texts, object)[place]


def _paths(result: RunResult) -> tuple[list[str], np.ndarray]:
    """Channels of the visits of each settled need, in words, and their number; without pick-ups."""
    events, needs = result.events, result.needs
    chose = events[(events["kind"] == EventKind.CHOSE) & (events["phase"] != Phase.DELIVERY)]
    keys, wanted = (rows["customer"].astype("i8") << 32 | rows["need"] for rows in (chose, needs))
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, "right")
    names = np.array(result.channel_names, object)[chose["channel"]]
    return [
        BETWEEN_CHANNELS.join(names[one:other]) for one, other in zip(first.tolist(), last.tolist(), strict=True)
    ], last - first
