"""Event log and journeys as tables: rows written by hand, and one real run against its tallies."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsuite.engines.batch import BatchEngine
from simsuite.engines.records import EVENT_TYPE, SETTLED_TYPE
from simsuite.errors import SimsuiteError, UsageError
from simsuite.lives.log_tables import (
    EVENT_COLUMNS,
    JOURNEY_COLUMNS,
    event_log_document,
    events_table,
    journeys_table,
    write_table,
)
from simsuite.run_result import RunResult
from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.vocabulary import Cause, EventKind, Intent, Outcome, Phase, Recognition

DOCUMENT = Path(__file__).parents[2] / "docs" / "event_log.md"
CATEGORIES = ["fashion"]
AFTERNOON_OF_DAY_2 = (10 + 2) * 4 + 2  # the warm-up has 10 days


def by_hand():
    """One need of customer 3: begun in the app, ordered in the web shop, collected in the store."""
    events = np.array(
        [
            (
                3,
                AFTERNOON_OF_DAY_2 - 1,
                39600,
                1,
                0,
                0,
                EventKind.NEED,
                -1,
                -1,
                Phase.SEARCH,
                -1,
                1,
            ),
            (
                3,
                AFTERNOON_OF_DAY_2 - 1,
                43325,
                1,
                0,
                1,
                EventKind.CHOSE,
                2,
                -1,
                Phase.SEARCH,
                -1,
                -1,
            ),
            (3, AFTERNOON_OF_DAY_2, 51032, 1, 1, 0, EventKind.CHOSE, 1, 2, Phase.CART, -1, -1),
            (
                3,
                AFTERNOON_OF_DAY_2,
                51032,
                1,
                1,
                1,
                EventKind.RECOGNIZED,
                1,
                -1,
                Phase.CART,
                -1,
                Recognition.NOBODY,
            ),
            (
                3,
                AFTERNOON_OF_DAY_2,
                51032,
                1,
                1,
                2,
                EventKind.CLASH,
                1,
                2,
                Phase.SEARCH,
                Cause.WAITING,
                0.25,
            ),
            (
                3,
                AFTERNOON_OF_DAY_2,
                51032,
                1,
                1,
                3,
                EventKind.ORDERED,
                1,
                2,
                Phase.CHECKOUT,
                -1,
                8140,
            ),
            (
                3,
                AFTERNOON_OF_DAY_2 + 4,
                51000,
                1,
                2,
                0,
                EventKind.CHOSE,
                0,
                1,
                Phase.DELIVERY,
                -1,
                -1,
            ),
        ],
        EVENT_TYPE,
    )
    needs = np.zeros(2, SETTLED_TYPE)
    for row, values in zip(
        needs,
        (
            {
                "need": 1,
                "born": AFTERNOON_OF_DAY_2 - 1,
                "closed": AFTERNOON_OF_DAY_2,
                "outcome": Outcome.ORDERED,
                "cause": -1,
                "channel": 1,
                "intent": Intent.BUY,
                "cents": 8140,
            },
            {
                "need": 2,
                "born": 60,
                "closed": 60,
                "outcome": Outcome.NOT_CONSIDERED,
                "cause": -1,
                "channel": -1,
            },
        ),
        strict=True,
    ):
        row["customer"] = 3
        for name, value in values.items():
            row[name] = value
    empty = np.zeros(0)
    return RunResult(
        "isolated",
        0,
        1,
        ("store", "desktop_web", "app"),
        ("regular",),
        10,
        60,
        {},
        empty,
        needs,
        events,
        empty,
        empty,
        empty,
        empty,
    )


def as_text(table):
    return table.to_csv(index=False, lineterminator="\n").splitlines()


def test_events_have_names_instead_of_codes():
    assert as_text(events_table(by_hand())) == [
        "customer,day,daypart,time,need,counted,visit,ordinal,kind,channel,other_channel,phase,cause,detail,value,cents",
        "3,2,noon,11:00:00,1,True,0,0,NEED,,,SEARCH,,CONSIDERED,,",
        "3,2,noon,12:02:05,1,True,0,1,CHOSE,app,,SEARCH,,,,",
        "3,2,afternoon,14:10:32,1,True,1,0,CHOSE,desktop_web,app,CART,,,,",
        "3,2,afternoon,14:10:32,1,True,1,1,RECOGNIZED,desktop_web,,CART,,NOBODY,,",
        "3,2,afternoon,14:10:32,1,True,1,2,CLASH,desktop_web,app,SEARCH,WAITING,,0.25,",
        "3,2,afternoon,14:10:32,1,True,1,3,ORDERED,desktop_web,app,CHECKOUT,,,,8140",
        "3,3,afternoon,14:10:00,1,True,2,0,CHOSE,store,desktop_web,DELIVERY,,,,",
    ]


def test_what_is_about_a_need_outside_the_horizon_is_marked():
    """Orders of warm-up needs stand in the log, and no measure counts them."""
    run = by_hand()
    table = events_table(RunResult(**{**vars(run), "needs": run.needs[run.needs["need"] != 1]}))
    assert len(table) and not table["counted"].any()


def test_the_marked_orders_of_a_run_are_those_that_are_counted(run):
    result, events, _ = run
    ordered = events[(events["kind"] == "ORDERED")]
    assert ordered["counted"].sum() == result.tallies["orders"].sum() < len(ordered)


def test_a_journey_is_one_row_with_its_channels_in_order_and_without_the_pick_up():
    assert as_text(journeys_table(by_hand(), CATEGORIES)) == [
        "customer,segment,need,born,closed,intent,category,outcome,cause,channel,channels,visits,cents",
        "3,regular,1,2,2,BUY,fashion,ORDERED,,desktop_web,app > desktop_web,2,8140",
        "3,regular,2,5,5,BROWSE,fashion,NOT_CONSIDERED,,,,0,0",
    ]


@pytest.mark.parametrize("ending, read", [(".csv", pd.read_csv), (".parquet", pd.read_parquet)])
def test_a_table_is_read_back_as_it_was_written(tmp_path, ending, read):
    table = events_table(by_hand())
    write_table(table, tmp_path / f"events{ending}")
    back = read(tmp_path / f"events{ending}")
    assert as_text(back.astype({"cents": "Int64"})) == as_text(table)
    assert [path.name for path in tmp_path.iterdir()] == [f"events{ending}"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        write_table(events_table(by_hand()), tmp_path / "events.xls")


def test_a_run_without_events_is_not_exported():
    run = by_hand()
    silent = RunResult(**{**vars(run), "events": run.events[:0]})
    for table in (events_table, journeys_table):
        with pytest.raises(SimsuiteError, match="kept no events"):
            table(silent)


def test_the_tables_have_exactly_the_documented_columns():
    assert list(events_table(by_hand())) == [column.name for column in EVENT_COLUMNS]
    assert list(journeys_table(by_hand(), CATEGORIES)) == [column.name for column in JOURNEY_COLUMNS]


def test_the_document_is_up_to_date():
    assert DOCUMENT.read_text(encoding="utf-8") == event_log_document()


@pytest.fixture(scope="module")
def run():
    """300 customers, 60 days, integrated: the result, its events and its journeys."""
    scenario = load(
        "flagship_retailer",
        {
            "population.customers": 300,
            "experiment.warm_up": 20,
            "experiment.horizon": 60,
            "experiment.cool_down": 10,
        },
    )
    packed = pack(scenario.spec)
    engine = BatchEngine(packed, "integrated", keep_events=True)
    engine.run(packed.days)
    result = engine.result()
    return result, events_table(result), journeys_table(result, packed.category_names)


def in_horizon(events):
    return events[(events["day"] >= 0) & (events["day"] < 60)]


def per_channel(result, table):
    return [int((table["channel"] == name).sum()) for name in result.channel_names]


def test_visits_and_left_lines_in_the_log_equal_the_tallies(run):
    result, events, _ = run
    counted, channels = in_horizon(events), len(result.channel_names)
    for kind, tally in (
        ("CHOSE", result.tallies["visits"].sum(0)),
        ("WAITED", result.tallies["queue"][:, 0]),
        ("LEFT_QUEUE", result.tallies["queue"][:, 1]),
    ):
        assert per_channel(result, counted[counted["kind"] == kind]) == tally[:channels].tolist()
    assert (counted["kind"] == "CHOSE").sum() > 500


def test_clashes_in_the_log_equal_the_tally(run):
    result, events, _ = run
    counted = in_horizon(events)
    clashes = counted[(counted["kind"] == "CLASH") & counted["other_channel"].notna()]
    assert {cause: count for cause, count in clashes["cause"].value_counts().items() if count} == {
        cause.name: count for cause in Cause if (count := int(result.tallies["clashes"][cause].sum()))
    }


def test_orders_in_both_tables_equal_the_tally(run):
    result, events, journeys = run
    orders = result.tallies["orders"].sum(0)[: len(result.channel_names)].tolist()
    ordered = journeys[journeys["outcome"] == "ORDERED"]
    assert per_channel(result, ordered) == orders and sum(orders) > 10
    logged = events[events["kind"] == "ORDERED"].merge(ordered, on=["customer", "need"])
    assert len(logged) == len(ordered) and (logged["cents_x"] == logged["cents_y"]).all()


def test_outcomes_and_losses_of_the_journeys_equal_the_tallies(run):
    result, _, journeys = run
    outcomes = result.tallies["outcomes"].sum((0, 1))
    assert [int((journeys["outcome"] == outcome.name).sum()) for outcome in Outcome] == outcomes.tolist()
    lost = journeys[journeys["outcome"].isin(["GAVE_UP", "WENT_TO_COMPETITOR"])]
    for cause in Cause:
        assert (lost["cause"] == cause.name).sum() == result.tallies["lost"][:, cause].sum()


def test_the_last_channel_of_an_ordered_journey_is_where_it_was_ordered(run):
    ordered = run[2][run[2]["outcome"] == "ORDERED"]
    assert (ordered["channels"].str.split(" > ").str[-1] == ordered["channel"].astype(str)).all()
    assert (ordered["channels"].str.count(">") + 1 == ordered["visits"]).all()
