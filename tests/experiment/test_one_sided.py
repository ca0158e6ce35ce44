"""A channel or segment that only one of two compared files has comes from nothing, or goes to nothing."""

import numpy as np
import pandas as pd
import pytest

from simsuite.experiment.comparison import MEASURE_COLUMNS, compare
from simsuite.experiment.one_sided import FROM_NOTHING, TO_NOTHING
from simsuite.metrics.measure import companion_measures, headline_measures

ORDERS = {("one", "store"): [10, 12, 11], ("one", "web"): [6, 7, 8], ("two", "store"): [9, 11, 10]}
VISITS = {("one", "store"): [100, 110, 120], ("one", "web"): [70, 80, 75], ("two", "store"): [95, 105, 100]}
NEEDS = [200, 200, 250]


def measures(parts_of="channel"):
    """Orders per 100 needs, and orders of 100 visits, of two worlds of which one has no web."""
    rows = []
    for strategy in ("one", "two"):
        for replication, needs in enumerate(NEEDS):
            own = {
                place: (ORDERS[strategy, place][replication], VISITS[strategy, place][replication])
                for at, place in ORDERS
                if at == strategy
            }
            own["all"] = tuple(map(sum, zip(*own.values(), strict=True)))
            for place, (orders, visits) in own.items():
                where = (place, "all") if parts_of == "segment" else ("all", place)
                for measure, over in (("conversion", needs), ("session_conversion", visits)):
                    rows.append(
                        (
                            f"{strategy}-{replication}",
                            strategy,
                            replication,
                            measure,
                            *where,
                            orders,
                            over,
                            100 * orders / over,
                        )
                    )
    return pd.DataFrame(rows, columns=MEASURE_COLUMNS)


def compared(reference, parts_of="channel"):
    found = compare(measures(parts_of), reference, headline_measures(), companions=companion_measures())
    table = found.by_channel if parts_of == "channel" else found.by_segment
    return {(row["measure"], row[parts_of]): row for row in table.to_dict("records")}


@pytest.mark.parametrize("parts_of", ["channel", "segment"])
def test_orders_of_a_channel_that_the_reference_lacks_come_from_nothing(parts_of):
    row = compared("two", parts_of)["conversion", "web"]
    rates = 100 * np.array(ORDERS["one", "web"]) / NEEDS
    assert (row["reference_value"], row["value"]) == (0.0, pytest.approx(rates.mean()))
    assert row["change"] == pytest.approx(rates.mean()) and row["low"] < row["change"] < row["high"]
    assert row["verdict"] == FROM_NOTHING and row["reason"] == f"the reference has no {parts_of} web"


@pytest.mark.parametrize("parts_of", ["channel", "segment"])
def test_orders_of_a_channel_that_only_the_reference_has_go_to_nothing(parts_of):
    row = compared("one", parts_of)["conversion", "web"]
    assert (
        row["value"] == 0.0 and row["change"] == pytest.approx(-row["reference_value"]) and row["verdict"] == TO_NOTHING
    )


def test_a_share_of_visits_that_nobody_can_make_is_shown_where_they_can_be_made():
    row = compared("two")["session_conversion", "web"]
    shares = 100 * np.array(ORDERS["one", "web"]) / VISITS["one", "web"]
    assert row["value"] == pytest.approx(shares.mean()) and row["verdict"] == FROM_NOTHING
    assert np.isnan(row["reference_value"]) and np.isnan(row["change"])


def test_what_both_have_is_compared_as_ever():
    both = compared("two")["conversion", "store"]
    assert both["verdict"] not in (FROM_NOTHING, TO_NOTHING) and both["reason"] == ""
    assert both["change"] == pytest.approx((100 * (np.array([10, 12, 11]) - [9, 11, 10]) / NEEDS).mean())


def test_what_was_not_measured_where_it_is_stays_not_measured():
    table = measures()
    table.loc[(table["measure"] == "session_conversion") & (table["channel"] == "web"), "value"] = np.nan
    found = compare(table, "two", headline_measures(), companions=companion_measures()).by_channel
    (row,) = found[(found["measure"] == "session_conversion") & (found["channel"] == "web")].to_dict("records")
    assert row["verdict"] == "not measured"
