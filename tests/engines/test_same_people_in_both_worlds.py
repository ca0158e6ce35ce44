"""Twins: the same people, needs and luck under every strategy, and a strategy is nothing but its
tables.
"""

import pytest
from worlds import ENGINES, STRATEGIES, small_retail, started, switched

from simsuite.vocabulary import Cause, EventKind, Flow, Outcome

PLENTY = {"parameters__stock__expected_units": 1000.0, "parameters__stock__shrinkage": 0.0}
NOBODY_LEARNS = {
    "parameters__feelings__learning_weight": 0.0,
    "parameters__feelings__learning_floor": 0.0,
    "parameters__learning__belief_switch_weight": 0.0,
    "parameters__learning__belief_greeting_weight": 0.0,
    "parameters__learning__liking_prior_weight": 1e12,
    "parameters__learning__shelf_prior_weight": 1e12,
    "channels__store__service": 0.0,
    "channels__phone__service": 0.0,
}


@pytest.fixture(scope="module")
def tables():
    return small_retail(200, **PLENTY)


@pytest.mark.parametrize("strategy", STRATEGIES[1:])
def test_need_n_exists_in_both_worlds(tables, strategy):
    """The same number, hour, aim, category and worth, whatever became of the needs before it."""
    one, other = switched(tables, "isolated").needs, switched(tables, strategy).needs
    for name in ("customer", "need", "born", "intent", "category", "segment", "cents"):
        assert (one[name] == other[name]).all(), name
    assert (one["outcome"] != other["outcome"]).any()


def test_customers_are_the_same_people_whatever_the_strategy(tables):
    one, other = (started(tables, strategy) for strategy in ("isolated", "integrated_ideal"))
    assert (one.customers == other.customers).all() and (one.relations == other.relations).all()


def test_worlds_are_the_same_until_the_switch(tables):
    one, other = (switched(tables, strategy).events for strategy in ("isolated", "integrated"))
    before = [events[events["part"] < tables.warm_up * 4] for events in (one, other)]
    assert len(before[0]) > 0 and (before[0] == before[1]).all()
    assert len(one) != len(other) or (one != other).any()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("strategy", STRATEGIES[1:])
def test_hand_fed_isolated_channels_equal_integrated(engine, strategy):
    """Isolated channels that are handed records, authority and capabilities by hand leave the
    identical log.
    """
    tables = small_retail(80, horizon=14)
    running = started(tables, "isolated", engine)
    running.run(tables.warm_up)
    given = tables.strategies[strategy]
    for flow in Flow:
        for source in range(len(tables.channels)):
            for target in range(len(tables.channels)):
                running.set("links", (flow, source, target), **given.links[flow][source][target])
            for region in range(tables.regions):
                running.set("coverage", (flow, source, region), **given.coverage[flow][source][region])
    running.set("policy", 0, **given.policy)
    running.run(tables.days)
    by_hand, integrated = running.result(), switched(tables, strategy, engine)
    assert (by_hand.events == integrated.events).all()
    assert by_hand.digest() == integrated.digest()
    assert by_hand.digest() != switched(tables, "isolated", engine).digest()


def lives_that_differ(one, other):
    """Numbers of the customers whose events are not the same in both runs."""

    def lives(result):
        return {
            number: result.events[result.events["customer"] == number].tolist()
            for number in range(len(result.customers))
        }

    before, after = lives(one), lives(other)
    return {number for number in before if before[number] != after[number]}


CLOCKS = {
    Cause.NOT_READY: ["not_ready_browse", "not_ready_consider", "not_ready_buy"],
    Cause.COMPETITOR: ["competitor"],
    Cause.EXTRA_COST: ["extra_cost"],
    Cause.FORCED_ACCOUNT: ["forced_account"],
    Cause.SLOW_DELIVERY: ["slow_delivery"],
    Cause.EFFORT: ["effort"],
    Cause.TEDIOUS_FORM: ["tedious_form"],
    Cause.PAYMENT_DISTRUST: ["payment_distrust"],
}


@pytest.fixture(scope="module")
def reference():
    return switched(small_retail(400, horizon=40, **PLENTY, **NOBODY_LEARNS), "isolated")


@pytest.mark.parametrize("cause", CLOCKS, ids=lambda cause: cause.name.lower())
def test_a_clock_switched_off_changes_only_those_whom_it_struck(reference, cause):
    """Learning and scarcity off; each clock has its own draw, so nobody else notices."""
    off = {f"parameters__giving_up__{name}": 0.0 for name in CLOCKS[cause]}
    spared = switched(small_retail(400, horizon=40, **PLENTY, **NOBODY_LEARNS, **off), "isolated")
    struck = set(
        reference.events["customer"][
            (reference.events["kind"] == EventKind.GAVE_UP) & (reference.events["cause"] == cause)
        ]
    )
    assert struck and lives_that_differ(reference, spared) == struck


def test_a_clash_clock_switched_off_changes_only_those_whom_it_struck():
    loud = {
        "parameters__statements__cart_lost_rate": 3.0,
        "parameters__statements__price_clash_rate": 60.0,
    }
    before = switched(small_retail(400, horizon=40, **PLENTY, **NOBODY_LEARNS, **loud), "isolated")
    after = switched(
        small_retail(400, horizon=40, **PLENTY, **NOBODY_LEARNS, **{name: 0.0 for name in loud}),
        "isolated",
    )
    gone = before.events[before.events["kind"] == EventKind.GAVE_UP]
    struck = {int(row["customer"]) for row in gone if row["cause"] in (Cause.CART_LOST, Cause.PRICE_CLASH)}
    assert struck and lives_that_differ(before, after) == struck


def test_raising_the_taste_for_one_channel_moves_first_visits_only_to_it():
    """One draw per channel: whoever chooses otherwise now chooses the channel that became better."""
    plain, raised = (
        switched(
            small_retail(
                400,
                **PLENTY,
                **NOBODY_LEARNS,
                parameters__needs__inclusive_value_weight=0.0,
                channels__phone__taste=taste,
            ),
            "isolated",
        )
        for taste in (0.0, 1.5)
    )
    phone = plain.channel_names.index("phone")
    choices = []
    for result in (plain, raised):
        chose = result.events[
            (result.events["kind"] == EventKind.CHOSE) & (result.events["need"] == 0) & (result.events["visit"] == 0)
        ]
        choices.append(dict(zip(chose["customer"].tolist(), chose["channel"].tolist(), strict=True)))
    moved = {number for number in choices[0] if choices[0][number] != choices[1][number]}
    assert choices[0].keys() == choices[1].keys() and moved
    assert {choices[1][number] for number in moved} == {phone}
    assert all(choices[0][number] != phone for number in moved)


def test_better_channels_win_needs_and_lose_none():
    """M1: the inclusive value only rises with the taste for a channel, so more needs are
    considered, and the same ones.
    """
    world = {
        **PLENTY,
        **NOBODY_LEARNS,
        "parameters__needs__inclusive_value_weight": 1.0,
        "parameters__needs__consideration_threshold": 2.5,
    }
    plain, better = (
        switched(
            small_retail(400, warm_up=0, horizon=20, cool_down=0, channels__store__taste=taste, **world),
            "isolated",
        )
        for taste in (0.0, 3.0)
    )
    first = [
        {
            int(row["customer"]): float(row["value"])
            for row in result.events[(result.events["kind"] == EventKind.NEED) & (result.events["need"] == 0)]
        }
        for result in (plain, better)
    ]
    assert all(first[1][number] >= considered for number, considered in first[0].items())
    assert sum(first[1].values()) > sum(first[0].values())


def test_a_silent_integration_without_links_is_isolation(tables):
    """Coverage 0 links nobody, whatever delay and error say."""
    flows = {flow.name.lower(): {"coverage": 0.0, "delay": 0, "error": 0.9} for flow in Flow}
    none = small_retail(200, **PLENTY, strategies__nothing__flows=flows)
    assert switched(none, "nothing").digest() == switched(none, "isolated").digest()


def test_integration_changes_outcomes_of_some_and_leaves_most_alone(tables):
    one, other = switched(tables, "isolated").needs, switched(tables, "integrated").needs
    considered = (one["outcome"] != Outcome.NOT_CONSIDERED) & (other["outcome"] != Outcome.NOT_CONSIDERED)
    same = (one["outcome"] == other["outcome"])[considered].mean()
    assert 0.5 < same < 1.0
