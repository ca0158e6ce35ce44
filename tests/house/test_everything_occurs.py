"""What happens in no scenario of the house is no part of the model: every code of the vocabulary occurs."""

from collections import Counter
from pathlib import Path

import pytest
from recorders import RECORD, recording_rules
from worlds import ENGINES, started

from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.vocabulary import NOT_LOST, Cause, Decision, EventKind, Flow, Intent, Outcome, Recognition, StockOut

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
NEVER_DRAWN = {
    Decision.CATALOG: "prices of the goods are quantiles of their distribution; the number stays taken",
}


@pytest.fixture(scope="module")
def shipped():
    """How often what occurs in the shipped scenarios under every strategy: 3,000 customers, 300 in laboratories."""
    seen = {name: Counter() for name in ("kind", "cause", "outcome", "intent", "recognition", "response", "clock")}
    for path in SCENARIOS:
        customers = 300 if path.stem.startswith("lab_") else 3_000
        tables = pack(load(path, {"population.customers": customers}).spec)
        for strategy in tables.strategies:
            engine = started(tables, strategy)
            engine.run(tables.days)
            result = engine.result()
            events, needs = result.events, result.needs
            seen["kind"].update(events["kind"].tolist())
            seen["cause"].update(events["cause"][events["kind"] == EventKind.GAVE_UP].tolist())
            seen["outcome"].update(needs["outcome"].tolist())
            seen["intent"].update(needs["intent"].tolist())
            for name, kind in (("recognition", EventKind.RECOGNIZED), ("response", EventKind.STOCK_OUT)):
                seen[name].update(events["value"][events["kind"] == kind].astype(int).tolist())
            in_line = result.tallies["next_in_line"].sum(0)
            seen["clock"].update({cause: in_line[cause] for cause in Cause if in_line[cause]})
    return seen


def missing(codes, seen):
    """Names of the codes that were not seen."""
    return [code.name for code in codes if not seen[code]]


def test_every_kind_of_event_occurs(shipped):
    assert missing(EventKind, shipped["kind"]) == []


def test_every_cause_ends_some_journey(shipped):
    assert missing([cause for cause in Cause if cause not in NOT_LOST], shipped["cause"]) == []


def test_every_clock_that_loses_nothing_runs(shipped):
    assert missing(NOT_LOST, shipped["clock"]) == []


def test_every_outcome_occurs(shipped):
    """Sixty days of cool-down let every journey of the horizon end; without them some are still open."""
    assert missing(Outcome, shipped["outcome"]) == [Outcome.STILL_OPEN.name]
    world = {"population.customers": 500, "experiment.warm_up": 0, "experiment.horizon": 30, "experiment.cool_down": 0}
    engine = started(pack(load("flagship_retailer", world).spec))
    engine.run(30)
    assert (engine.result().needs["outcome"] == Outcome.STILL_OPEN).any()


@pytest.mark.parametrize("codes, name", [(Intent, "intent"), (Recognition, "recognition")])
def test_every_intent_and_recognition_occurs(shipped, codes, name):
    assert missing(codes, shipped[name]) == []


def test_every_response_to_an_empty_shelf_occurs(shipped):
    """But for the substitute, which is an order and no stock-out."""
    assert missing(set(StockOut) - {StockOut.SUBSTITUTE}, shipped["response"]) == []


@pytest.fixture(scope="module")
def recorded():
    """Decisions drawn and flows read, in small runs of shipped scenarios in the interpreted engine."""
    decisions, flows = set(), set()
    busy = {
        "population.customers": 160,
        "population.customers_per_region": 80,
        "experiment.warm_up": 5,
        "experiment.horizon": 60,
        "experiment.cool_down": 5,
        "parameters.audit.shoppers": 1,
        "parameters.orders.collect_probability": 1.0,
        **{f"segments.{name}.need_rate": 120.0 for name in ("regular", "loyal", "deal_seeker", "newcomer")},
    }
    for name, strategy in (
        ("flagship_retailer", "integrated"),
        ("half_integrated", "half_announced"),
        ("price_check", "honor"),
    ):
        (path,) = (path for path in SCENARIOS if path.stem == name)
        tables = pack(load(path, busy).spec)
        RECORD.clear()
        model = ENGINES["mesa"](tables, strategy, rules=recording_rules())
        model.run(tables.days)
        decisions |= {key[2] for key in RECORD.draws}
        flows |= {flow for _, flow, _ in RECORD.reads}
    return decisions, flows


def test_every_decision_is_drawn(recorded):
    assert {decision for decision in Decision if decision not in recorded[0]} == set(NEVER_DRAWN)


def test_every_flow_is_read_across_channels(recorded):
    assert [flow.name for flow in Flow if flow not in recorded[1]] == []
