"""The tables of a run."""

import numpy as np
import pytest

from simsuite.errors import SimsuiteError
from simsuite.metrics import tables_of_run
from simsuite.vocabulary import MAX_CHANNELS, N_CAUSES, Cause, Intent, Outcome

PLAIN = {
    "counts_carts": True,
    "shares_data": True,
    "sells_now": False,
    "staffed": False,
    "needs_account": True,
}
NEED = {"customer": 1, "need": 3, "outcome": Outcome.GAVE_UP, "intent": Intent.BUY}


@pytest.fixture
def one_loss(make_run):
    """One journey lost at the store, another lost at home after the web; one order of a browser."""
    tallies = {
        "outcomes": {
            (0, Intent.BUY, Outcome.GAVE_UP): 1,
            (1, Intent.CONSIDER, Outcome.GAVE_UP): 1,
            (0, Intent.BROWSE, Outcome.ORDERED): 1,
            (0, Intent.BROWSE, Outcome.NO_PLAN): 2,
        },
        "lost": {(0, Cause.CREEPY, 1, 0): 1, (1, Cause.LAPSED, 1, MAX_CHANNELS): 1},
        "lost_cents": {(0, Cause.CREEPY, 1, 0): 700, (1, Cause.LAPSED, 1, MAX_CHANNELS): 300},
        "next_in_line": {(Cause.CREEPY, Cause.PAUSE): 1, (Cause.LAPSED, N_CAUSES): 1},
        "switches": {(1, 0, 0): 4, (1, 0, 1): 3, (1, 0, 2): 2},
        "clashes": {(Cause.PRICE_CLASH, 1, 0): 6},
        "research": {(1, 2): 5},
        "audit": {(2, 3, 1, 0, 0): 9, (2, 3, 1, 0, 1): 4, (2, 3, 1, 0, 2): 7},
        "orders": {(0, 2): 1},
        "time_to_order": {0: 1},
    }
    return make_run(tallies, needs=[NEED] * 5, days=((3, 2, 1, 0), (5, 4, 3, 2), (1, 1, 0, 0)))


def tables(result):
    return tables_of_run(result, "id0", "arm", None, [PLAIN] * 3)


def rows(table):
    """Rows without the identity of the run, as tuples."""
    return [row[3:] for row in table.itertuples(index=False, name=None)]


def test_every_table_begins_with_the_identity_of_the_run(one_loss):
    made = tables(one_loss)
    assert list(made) == [
        "measures",
        "ledger",
        "next_in_line",
        "switches",
        "clashes",
        "research",
        "audit",
        "days",
        "funnel",
    ]
    for table in made.values():
        assert list(table.columns[:3]) == ["run_id", "strategy", "replication"]
        assert set(table.run_id) == {"id0"} and set(table.strategy) == {"arm"}
        assert set(table.replication) == {7}


def test_the_ledger_names_cause_and_both_channels(one_loss):
    ledger = tables(one_loss)["ledger"]
    assert list(ledger.columns[3:]) == [
        "segment",
        "cause",
        "from_channel",
        "to_channel",
        "journeys",
        "cents",
    ]
    assert rows(ledger) == [
        ("regular", "CREEPY", "web", "store", 1, 700),
        ("loyal", "LAPSED", "web", "at home", 1, 300),
    ]


def test_the_smaller_tables_hold_what_was_counted(one_loss):
    made = tables(one_loss)
    assert rows(made["next_in_line"]) == [("CREEPY", "PAUSE", 1), ("LAPSED", "none", 1)]
    assert rows(made["switches"]) == [("web", "store", 4, 3, 2)]
    assert rows(made["clashes"]) == [("PRICE_CLASH", "web", "store", 6)]
    assert rows(made["research"]) == [("web", "market", 5)]
    assert rows(made["audit"]) == [("member", "CART", "web", "store", 9, 7, 4)]
    assert rows(made["days"]) == [(-1, 3, 2, 1, 0), (0, 5, 4, 3, 2), (1, 1, 1, 0, 0)]


def test_measures_hold_nan_where_nothing_was_observed(one_loss):
    measures = tables(one_loss)["measures"].set_index(["measure", "segment", "channel"])
    conversion = measures.loc["conversion", "all", "all"]
    assert conversion.numerator == 1 and conversion.denominator == 5
    assert conversion.value == pytest.approx(20.0)
    assert np.isnan(measures.loc["coordination", "all", "all"].value)
    assert measures.index.is_unique


def test_a_run_without_anything_has_the_same_columns_and_types(make_run, one_loss):
    empty, full = tables(make_run()), tables(one_loss)
    for name, table in full.items():
        assert empty[name].dtypes.to_dict() == table.dtypes.to_dict()


def test_the_funnel_is_closed(worlds):
    packed, isolated, _ = worlds
    made = tables_of_run(isolated, "x", "isolated", isolated, packed.channels)["funnel"]
    stage = dict(zip(made.stage, made["count"], strict=True))
    assert stage["candidate_needs"] == len(isolated.needs) > 100
    assert stage["candidate_needs"] == (
        stage["absorbed"] + stage["not_considered"] + stage["still_open"] + stage["considered"]
    )
    assert stage["considered"] == stage["browsing"] + stage["planned"]
    assert stage["browsing"] == stage["browsing_ordered"] + stage["no_plan"]
    assert stage["planned"] == (stage["planned_ordered"] + stage["gave_up"] + stage["went_to_competitor"])


def test_tables_of_a_real_run_agree_with_its_settled_needs(worlds):
    packed, isolated, integrated = worlds
    for result in (isolated, integrated):
        made = tables_of_run(result, "x", result.strategy, isolated, packed.channels)
        needs = result.needs
        planned = needs["intent"] != Intent.BROWSE
        lost = planned & np.isin(needs["outcome"], [Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR])
        assert made["ledger"].journeys.sum() == lost.sum() > 0
        assert made["ledger"].cents.sum() == needs["cents"][lost].sum()
        by_cause = made["ledger"].groupby("cause").journeys.sum()
        for cause, count in by_cause.items():
            assert count == (needs["cause"][lost] == Cause[cause]).sum()
        total = made["measures"].query("segment == 'all' and channel == 'all'").set_index("measure")
        assert total.numerator["conversion"] == (needs["outcome"] == Outcome.ORDERED).sum()
        assert total.denominator["conversion"] == len(needs)


def test_segments_and_channels_add_up_to_the_total(worlds):
    packed, isolated, _ = worlds
    measures = tables_of_run(isolated, "x", "isolated", None, packed.channels)["measures"]
    table = measures.set_index(["measure", "segment", "channel"]).numerator
    for name in ("conversion", "margin", "visits_per_customer_year", "cart_abandonment"):
        entries = table[name]
        segments = entries[[key for key in entries.index if key[0] != "all"]].sum()
        channels = entries[[key for key in entries.index if key[1] != "all"]].sum()
        assert segments == pytest.approx(entries["all", "all"]) == pytest.approx(channels)


@pytest.mark.parametrize(
    ("tally", "index", "words"),
    [
        ("lost", (0, Cause.EFFORT, 0, 0), "1 journeys in the ledger of lost sales, 0 lost planned"),
        ("next_in_line", (0, 0), "1 losses by the next cause in line, 0 lost planned"),
        ("orders", (0, 0), "1 orders by channel, 0 needs"),
        ("time_to_order", (0,), "1 orders by time since the first visit, 0 needs"),
        ("outcomes", (0, Intent.BUY, Outcome.STILL_OPEN), "1 outcomes, 2 settled candidate needs"),
        (
            "outcomes",
            (0, Intent.BROWSE, Outcome.GAVE_UP),
            "1 browsers given up or gone, 0 expected",
        ),
    ],
)
def test_books_that_do_not_balance_name_the_run_and_both_figures(tally, index, words, make_run):
    result = make_run({tally: {index: 1}}, needs=[NEED] * 2 if "settled" in words else [])
    with pytest.raises(SimsuiteError, match="'isolated', replication 7 .seed 1. do not balance") as error:
        tables(result)
    assert words in str(error.value)
