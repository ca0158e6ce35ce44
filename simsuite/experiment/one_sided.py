"""Channels and segments that only one of two worlds has: what begins there begins from nothing, and is not unmeasured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simsuite.metrics.measure import ALL

if TYPE_CHECKING:
    import pandas

FROM_NOTHING, TO_NOTHING = "from nothing", "to nothing"  # in the place of a verdict, with the reason beside it
Place = tuple[str, str]  # segment, channel; one of them is ALL


def places_of(measures: pandas.DataFrame) -> Mapping[str, set[Place]]:
    """The segments and channels of each strategy: those that any of its measures has a row of."""
    rows = measures[["strategy", "segment", "channel"]].drop_duplicates()
    return {name: set(zip(part["segment"], part["channel"], strict=True)) for name, part in rows.groupby("strategy")}


def with_nothing(measures: pandas.DataFrame) -> pandas.DataFrame:
    """The measures, and zeros for what a strategy lacks, where zero is what it has there.

    That is so where a measure sees every channel, or every segment, against one denominator, such as candidate needs:
    nobody orders in a channel that is not there. A share of the visits in it there is not.
    """
    import pandas as pd

    has = places_of(measures)
    everywhere = set().union(*has.values())
    if all(places == everywhere for places in has.values()):
        return measures
    added = []
    for axis, other in (("channel", "segment"), ("segment", "channel")):
        rows = measures[measures[other] == ALL]
        denominators = rows.groupby(["measure", "run_id"])["denominator"].agg(["nunique", "size", "min"])
        alike = ((denominators["nunique"] == 1) & (denominators["min"] > 0)).groupby("measure").all()
        several = (denominators["size"] > 2).groupby("measure").any()  # a total and one channel are alike anyway
        seen_alike = alike & several
        one_row = rows[rows["measure"].isin(seen_alike.index[seen_alike])].drop_duplicates(["measure", "run_id"])
        for name, places in has.items():
            own = one_row[one_row["strategy"] == name]
            for place in everywhere - places:
                segment, channel = place
                if place[axis == "channel"] != ALL:
                    added.append(own.assign(segment=segment, channel=channel, numerator=0.0, value=0.0))
    return pd.concat([measures, *added], ignore_index=True)


def one_sided(place: Place, reference: set[Place], other: set[Place]) -> tuple[str, str]:
    """What to say of a place that one of two strategies lacks, and why; empty where both have it, or neither."""
    if (place in reference) == (place in other):
        return "", ""
    segment, channel = place
    what = f"segment {segment}" if channel == ALL else f"channel {channel}"
    if place in other:
        return FROM_NOTHING, f"the reference has no {what}"
    return TO_NOTHING, f"only the reference has the {what}"


def said_of_one_sided(pair: Any, reference: set[Place], other: set[Place]) -> dict[str, Any]:
    """What stands in the place of verdict and reason of a row where only one world has its segment or channel.

    pair : the row to be: segment, channel, and values of reference and other by replication; its mean is that of one alone
    """
    said, why = one_sided((pair.segment, pair.channel), reference, other)
    name, values = ("value", pair.other) if said == FROM_NOTHING else ("reference_value", pair.reference)
    measured = values[values == values]
    if not said or not len(measured):
        return {}
    return {name: measured.mean(), "verdict": said, "run_more": None, "reason": why}
