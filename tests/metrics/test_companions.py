"""Measures that stand beside the headlines: whole carts, silence and contradiction, twins."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simsuite.engines.batch import BatchEngine
from simsuite.metrics import REGISTRY, tables_of_run
from simsuite.scenario.loading import load
from simsuite.scenario.pack import pack
from simsuite.vocabulary import Outcome, Question

FLAGSHIP = "scenarios/flagship_retailer.toml"
SMALL = {"population.customers": 200, "experiment.warm_up": 7, "experiment.horizon": 28, "experiment.cool_down": 7}
ORDERED, GAVE_UP, COMPETITOR = Outcome.ORDERED, Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR


def test_abandoned_carts_are_ordered_elsewhere_or_lost_for_good(make_run, context, value_of):
    run = make_run({"carts": {(0, 1, 0): 20, (0, 1, 1): 5, (0, 1, 2): 3}})
    abandoned, elsewhere, lost = (
        value_of(name, run, context) for name in ("cart_abandonment", "carts_rescued", "carts_lost_for_good")
    )
    assert (abandoned, elsewhere, lost) == pytest.approx((75.0, 15.0, 60.0))


def test_silence_and_contradiction_multiply_to_the_headline(make_run, context, value_of):
    # store to web, 100 questions each; of the regions half can answer for stock, 40 answers agree
    right = {Question.PRICE: 100, Question.PROMOTION: 50, Question.STOCK: 40, Question.CART: 0}
    cells = {}
    for question, count in right.items():
        answered = 50 if question == Question.STOCK else 100
        cells |= {(0, question, 0, 1, of): number for of, number in enumerate((100, count, answered))}
    run = make_run({"audit": cells})
    assert value_of("questions_answered", run, context) == pytest.approx(350 / 400)
    assert value_of("consistency_of_answers", run, context) == pytest.approx(190 / 350)
    assert value_of("consistency", run, context) == pytest.approx(350 / 400 * 190 / 350)


def stock_answers(changes, strategy, replication=0):
    """Questions for stock [before, here] of a run: asked, of these agreeing, and answered."""
    packed = pack(load(FLAGSHIP, {**SMALL, **changes}).spec)
    engine = BatchEngine(packed, strategy, replication)
    engine.run(packed.days)
    count = len(packed.channels)
    return np.moveaxis(engine.result().tallies["audit"][:, Question.STOCK, :count, :count].sum(0), -1, 0)


@pytest.mark.parametrize(
    ("changes", "strategy"),
    [
        ({}, "isolated"),
        ({}, "integrated"),
        ({"strategies.integrated.flows.stock.coverage": 0.5}, "integrated"),
        ({"strategies.integrated.flows.stock.channels": ["store", "app"]}, "integrated"),
    ],
)
@pytest.mark.parametrize("replication", [0, 1])
def test_where_nobody_can_answer_for_stock_no_answer_ever_agrees_and_elsewhere_some_do(changes, strategy, replication):
    asked, agreed, answered = stock_answers(changes, strategy, replication)
    others = ~np.eye(len(asked), dtype=bool)
    assert (asked[others] > 0).all()
    assert ((agreed > 0) == (answered > 0))[others].all()
    assert answered[others].max() == 0 if strategy == "isolated" else ((answered == 0) | (answered == asked)).all()


def test_a_flow_into_some_regions_answers_for_their_share():
    changes = {"population.customers_per_region": 50, "strategies.integrated.flows.stock.regions": [0]}
    asked, agreed, answered = stock_answers(changes | {"strategies.integrated.flows.stock.coverage": 1.0}, "integrated")
    spoken = answered > 0
    np.fill_diagonal(spoken, False)
    assert 0.2 < answered[spoken].sum() / asked[spoken].sum() < 0.3  # shoppers live in one of four regions
    assert 0.15 < agreed[spoken].sum() / asked[spoken].sum() < 0.3


def needs(*outcomes):
    return [{"customer": number, "outcome": outcome, "cause": -1} for number, outcome in enumerate(outcomes)]


def twin_runs(make_run):
    """Five needs: two won, one from the competitor and one given up; one lost to the competitor; two alike."""
    before = needs(COMPETITOR, GAVE_UP, ORDERED, ORDERED, GAVE_UP)
    after = needs(ORDERED, ORDERED, COMPETITOR, ORDERED, GAVE_UP)
    return (
        make_run({"orders": {(0, 0): 2}}, before, satisfaction=(0.5, 0.5, 0.5, 0.5)),
        make_run({"orders": {(0, 0): 3}}, after, satisfaction=(0.6, 0.505, 0.3, 0.2)),
    )


def test_orders_gained_from_the_competitor_and_from_nobody_are_the_change_in_orders(make_run, context, value_of):
    reference, run = twin_runs(make_run)
    beside = replace(context, twin=reference)
    assert value_of("gained_from_competitor", run, beside) == pytest.approx(0.0)  # one won, one lost
    assert value_of("gained_from_nobody", run, beside) == pytest.approx(100 * 1 / 5)
    for name in ("gained_from_competitor", "gained_from_nobody"):
        assert value_of(name, reference, beside) == 0.0
        assert math.isnan(value_of(name, run, context))


def test_who_moved_is_counted_against_the_twin_and_small_moves_are_none(make_run, context, value_of):
    reference, run = twin_runs(make_run)
    beside = replace(context, twin=reference)
    assert value_of("more_satisfied", run, beside) == pytest.approx(25.0)
    assert value_of("less_satisfied", run, beside) == pytest.approx(50.0)
    assert value_of("less_satisfied", run, beside, segment="loyal") == pytest.approx(100.0)
    assert value_of("more_satisfied", reference, beside) == 0.0
    assert math.isnan(value_of("more_satisfied", run, context))


def test_the_discount_per_customer_counts_all_customers(make_run, context, value_of):
    run = make_run({"money": {(0, 0, 1): 1_000, (1, 1, 1): -400}})
    assert value_of("discount_per_customer", run, context) == pytest.approx(6.0 / 4)
    assert value_of("discount_per_customer", run, context, channel="store") == pytest.approx(10.0 / 4)


def test_gains_of_a_real_pair_of_worlds_add_up_to_the_change_in_orders(worlds):
    packed, isolated, integrated = worlds
    made = tables_of_run(integrated, "x", "integrated", isolated, packed.channels, isolated)["measures"]
    total = made.query("segment == 'all' and channel == 'all'").set_index("measure").numerator
    change = integrated.tallies["orders"].sum() - isolated.tallies["orders"].sum()
    assert total["gained_from_competitor"] + total["gained_from_nobody"] == change


def test_what_is_not_comparable_says_why():
    reasons = {name: entry.not_comparable for name, entry in REGISTRY.items() if not entry.comparable}
    assert set(reasons) == {"session_conversion", "experienced_consistency"}
    assert all(text.startswith("strategies change") for text in reasons.values())
