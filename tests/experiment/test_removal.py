"""Causes silenced in turn: what comes back, beside what was lost."""

from pathlib import Path

import pandas as pd
import pytest

from simsuite.experiment.plan import Experiment
from simsuite.experiment.removal import removal_arms, removal_table, without, without_cause
from simsuite.experiment.results import carried_out
from simsuite.machine.rulebook import standard_rules
from simsuite.report.page.explained import removal_caption
from simsuite.report.said.removed import what_loses
from simsuite.scenario import load
from simsuite.scenario.fields import leaves
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import LOSING_CAUSES, Cause, StockOut

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "flagship_retailer.toml"
BUSY = {f"segments.{name}.need_rate": 150.0 for name in ("regular", "loyal", "deal_seeker", "newcomer")}
SMALL = BUSY | {
    "population.customers": 300,
    "population.customers_per_region": 150,
    "experiment.warm_up": 14,
    "experiment.horizon": 42,
    "experiment.cool_down": 21,
    "parameters.audit.shoppers": 0,
    "parameters.giving_up.waiting": 0.9,
    "parameters.waiting.patience": 1.0,
    "parameters.stock.cover": 1.0,
    "parameters.stock.safety": 0.0,
    "parameters.identity.creepy_rate": 5.0,
    "parameters.statements.wrong_person_rate": 50.0,
    "strategies.integrated.flows.identity.error": 0.3,
    "parameters.stock.shrinkage": 0.2,
}
ORDER = ("COMPETITOR", "CART_LOST", "EFFORT")


def ledger(strategy, counts):
    return pd.DataFrame(
        [
            {"strategy": strategy, "replication": number, "cause": cause, "journeys": journeys}
            for cause, row in counts.items()
            for number, journeys in enumerate(row)
        ]
    )


def twins(counts):
    """Needs by arm: {cause: [(saved, forfeited) by replication]}, planned; browsers saved 100 more in each."""
    rows = []
    for cause, row in counts.items():
        for number, (saved, forfeited) in enumerate(row):
            same = {"strategy": f"without {cause}", "replication": number}
            rows += [
                {**same, "intent": "BUY", "kind": "saved", "needs": saved},
                {**same, "intent": "CONSIDER", "kind": "forfeited", "needs": forfeited},
                {**same, "intent": "CONSIDER", "kind": "same", "needs": 50},
                {**same, "intent": "BROWSE", "kind": "saved", "needs": 100},
            ]
    return pd.DataFrame(rows)


def saved_from(rows):
    return pd.DataFrame(
        [
            {
                "strategy": f"without {silent}",
                "replication": 0,
                "kind": kind,
                "outcome": outcome,
                "cause": cause,
                "needs": needs,
            }
            for silent, kind, outcome, cause, needs in rows
        ]
    )


def test_lost_rescued_and_gained_by_hand():
    table = removal_table(
        ledger("plain", {"COMPETITOR": [30, 50, 40], "CART_LOST": [10, 10, 10]}),
        twins(
            {
                "COMPETITOR": [(9, 1), (8, 4), (8, 2)],
                "CART_LOST": [(7, 2), (9, 2), (6, 0)],
                "EFFORT": [(0, 0), (0, 0), (0, 0)],
            }
        ),
        saved_from(
            [
                ("COMPETITOR", "saved", "WENT_TO_COMPETITOR", "COMPETITOR", 9),
                ("COMPETITOR", "saved", "GAVE_UP", "CART_LOST", 5),
                ("CART_LOST", "saved", "GAVE_UP", "CART_LOST", 18),
                ("CART_LOST", "saved", "NO_PLAN", "CART_LOST", 40),
                ("CART_LOST", "forfeited", "GAVE_UP", "CART_LOST", 3),
            ]
        ),
        "plain",
        [Cause[name] for name in ORDER],
    ).set_index("cause")
    assert list(table.index) == ["COMPETITOR", "CART_LOST", "EFFORT"]  # most lost first
    assert table["lost"].tolist() == [40, 10, 0]
    assert table["share"].tolist() == [0.8, 0.2, 0.0]
    assert table["rescued"].tolist() == [3, 6, 0]  # 9 and 18 over three replications; browsers and others not
    assert table["removal_gain"].tolist() == [6, 6, 0]  # 8, 4 and 6; 5, 7 and 6
    assert table["gain_over_lost"].tolist()[:2] == [0.15, 0.6]
    assert pd.isna(table.loc["EFFORT", "gain_over_lost"])
    # Mean 6, standard deviation 2 and 1, Student's t with two degrees of freedom 4.303; three zeros tell nothing.
    reach = 4.3027 / 3**0.5
    assert table["low"].tolist()[:2] == pytest.approx([6 - reach * 2, 6 - reach], abs=2e-3)
    assert table["high"].tolist()[:2] == pytest.approx([6 + reach * 2, 6 + reach], abs=2e-3)
    assert table.loc["EFFORT", ["low", "high"]].isna().all()


@pytest.mark.parametrize("cause", LOSING_CAUSES)
def test_every_cause_can_be_silenced_and_touches_one_mechanism(cause):
    before, after = (dict(leaves(parameters)) for parameters in (Parameters(), without_cause(Parameters(), cause)))
    changed = {path for path, value in before.items() if after[path] != value}
    assert changed
    assert len({group for group, *_ in changed}) == 1


@pytest.mark.parametrize(
    "cause, came_for_it, promised",
    [(Cause.OUT_OF_STOCK, False, False), (Cause.WASTED_TRIP, True, False), (Cause.STOCK_CLASH, False, True)],
)
def test_who_would_leave_a_stock_out_comes_back_and_everybody_else_does_as_before(cause, came_for_it, promised):
    respond, planning = standard_rules().interpreted.stock_out_response, Parameters().stock
    silent = without_cause(Parameters(), cause).stock
    for place in range(1000):
        u = (place + 0.5) / 1000
        for situation in ((False, False), (False, True), (True, False), (True, True)):
            before, after = (respond(u, *situation, stock) for stock in (planning, silent))
            struck = situation[0] == promised and (promised or situation[1] == came_for_it)
            left = before in (StockOut.COMPETITOR, StockOut.GIVE_UP)
            assert after == (StockOut.COME_BACK if struck and left else before)


@pytest.fixture(scope="module")
def results():
    """Every cause silenced in a small busy world in which nearly all of them strike."""
    scenario = load(FLAGSHIP, SMALL)
    asked = Experiment("removal", scenario, removal_arms(scenario.spec, "integrated"), 2)
    with carried_out(asked) as (found, execution, _):
        execution.raise_failures()
        return found


@pytest.mark.parametrize("cause", LOSING_CAUSES)
def test_a_silent_cause_strikes_nobody(results, cause):
    rows = results.ledger[results.ledger["cause"] == cause.name]
    assert without(cause) not in set(rows["strategy"])


def test_nearly_every_cause_strikes_where_it_is_not_silent(results):
    own = results.ledger[results.ledger["strategy"] == "integrated"]
    assert len(set(own["cause"])) >= len(LOSING_CAUSES) - 3


def test_all_worlds_live_the_same_warm_up(results):
    days = results.tables["days"]
    before = days[days["day"] < 0].groupby(["replication", "day"])[["visits", "journeys", "orders", "losses"]]
    assert (before.nunique() == 1).all().all()
    after = days[days["day"] >= 0].groupby(["replication", "day"])["visits"]
    assert (after.nunique() > 1).any()


def test_gain_is_the_change_in_planned_orders_and_nobody_is_rescued_who_was_not_lost(results):
    table = removal_table(results.ledger, results.tables["twins"], results.tables["saved_from"], "integrated")
    funnel = results.tables["funnel"]
    ordered = funnel[funnel["stage"] == "planned_ordered"].groupby("strategy")["count"].mean()
    for row in table.itertuples():
        assert row.removal_gain == pytest.approx(ordered[without(Cause[row.cause])] - ordered["integrated"])
        assert 0 <= row.rescued <= row.lost
    assert table["share"].sum() == pytest.approx(1)
    assert table["rescued"].sum() > 0


def test_what_is_forfeited_without_a_cause_is_counted_with_what_it_becomes():
    table = removal_table(
        ledger("isolated", {"COMPETITOR": [100], "CART_LOST": [50]}),
        twins({"COMPETITOR": [(10, 40)], "CART_LOST": [(5, 0)]}),
        saved_from(
            [
                ("COMPETITOR", "saved", "GAVE_UP", "COMPETITOR", 10),
                ("COMPETITOR", "saved", "ABSORBED", "none", 4),
                ("COMPETITOR", "forfeited", "ABSORBED", "none", 30),
                ("COMPETITOR", "forfeited", "GAVE_UP", "EFFORT", 14),
                ("CART_LOST", "saved", "GAVE_UP", "CART_LOST", 5),
            ]
        ),
        "isolated",
        (Cause.COMPETITOR, Cause.CART_LOST),
    ).set_index("cause")
    lost = table.loc["COMPETITOR"]
    assert (lost["removal_gain"], lost["forfeited"]) == (-30, 40)
    assert (lost["forfeited_to"], lost["forfeited_net"]) == ("ABSORBED", 26)
    assert tuple(table.loc["CART_LOST", ["forfeited", "forfeited_to", "forfeited_net"]]) == (0, "", 0)


def test_needs_that_never_lapse_hold_up_those_that_follow_and_the_words_say_so():
    """400 needs a year: one journey at a time, so that one that stays open costs those behind it."""
    rates = {f"segments.{name}.need_rate": 400.0 for name in ("regular", "loyal", "deal_seeker", "newcomer")}
    days = {"experiment.warm_up": 14, "experiment.horizon": 90, "experiment.cool_down": 14}
    scenario = load(FLAGSHIP, {**rates, **days, "population.customers": 200, "experiment.logged_replications": 0})
    arms = removal_arms(scenario.spec, "isolated", (Cause.LAPSED,))
    with carried_out(Experiment("removal", scenario, arms, 4)) as (results, _, _):
        tables = (results.ledger, results.tables["twins"], results.tables["saved_from"])
    table = removal_table(*tables, "isolated", (Cause.LAPSED,))
    (row,) = table.to_dict("records")
    assert row["high"] < 0 and row["forfeited"] > -row["removal_gain"] and row["forfeited_to"] == "STILL_OPEN"
    (said,) = what_loses(table)
    assert f"Without need passed {-row['removal_gain']:,.0f} orders a run are lost" in said
    assert "still undecided" in said and "wait behind it" in said
    assert what_loses(table.assign(high=1.0)) == []
    caption = removal_caption(table)
    assert "no orders come back" in caption and said in caption and "orders come back for 100 lost" not in caption
