"""Twins part only where a flow was read, and a mechanism that is off moves nobody else's luck."""

from dataclasses import replace

import numpy as np
import pytest
from recorders import RECORD, recording_rules, recording_who_acts
from worlds import ENGINES, small_retail

from simsuite.rules.mechanisms import MECHANISMS
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import FIRM, FIRST_LOCATION, FIRST_SHOPPER, Decision, Flow

# Nobody meets anybody: shelves never empty, nobody stands in line.
APART = {
    "parameters__stock__expected_units": 1000.0,
    "parameters__stock__shrinkage": 0.0,
    "channels__store__service": 0.0,
    "channels__phone__service": 0.0,
}
DRAWN_BY = {  # decisions of a mechanism, which may fall away with it
    each.MECHANISM.parameters: set(each.MECHANISM.decisions) for each in MECHANISMS if each.MECHANISM.parameters
}
# Clocks and channels that cannot win any more are not drawn, and no version where the error is 0.
ONLY_WHERE_IT_CAN_MATTER = {Decision.RACE, Decision.CHOICE, Decision.CHANNEL_VERSION}


def recorded_run(tables, strategy):
    """A run in the interpreted engine; what was drawn, and what each customer's channels read."""
    RECORD.clear()
    model = recording_who_acts(ENGINES["mesa"](tables, strategy, rules=recording_rules()))
    model.run(tables.days)
    return model.result(), dict(RECORD.draws), list(RECORD.reads)


def lives(result):
    """Events of every customer, in order."""
    found = {number: [] for number in range(len(result.customers))}
    for event in result.events:
        found[int(event["customer"])].append(event.tolist())
    return found


def first_differences(one, other):
    """Part of the first event that differs, by customer; only those whose lives do differ."""
    part = one.events.dtype.names.index("part")
    parted, others = {}, lives(other)
    for number, life in lives(one).items():
        there = others[number]
        if life != there:
            at = next((k for k, pair in enumerate(zip(life, there, strict=False)) if pair[0] != pair[1]), -1)
            at = at if at >= 0 else min(len(life), len(there))
            parted[number] = min(events[at][part] for events in (life, there) if at < len(events))
    return parted


OFTEN = ("cart", "price", "all")  # the others in `make verify`


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(name, marks=() if name in OFTEN else pytest.mark.verification)
        for name in (*(flow.name.lower() for flow in Flow), "all")
    ],
)
def test_twins_part_only_where_a_flow_was_read(flow):
    """Right records, two thirds of them linked at both ends, a daypart old: before the first one
    that a channel could read about her from another, nothing differs from isolated channels.
    """
    names = [each.name.lower() for each in Flow] if flow == "all" else [flow]
    linked = {"flows": {name: {"coverage": 0.8, "delay": 0.25} for name in names}}
    tables = small_retail(
        400,
        strategies={"isolated": {}, "linked": linked},
        warm_up=0,
        horizon=24,
        cool_down=0,
        parameters__context__own_error=0.0,
        parameters__race__search_self_service=0.0,
        parameters__promotions__price_spread=0.1,
        parameters__promotions__promotion_share=0.4,
        **APART,
    )
    isolated, _, silent = recorded_run(tables, "isolated")
    integrated, _, reads = recorded_run(tables, "linked")
    assert silent == []
    first_read = {}
    for customer, _, part in reads:
        first_read.setdefault(customer, part)
    parted = first_differences(isolated, integrated)
    assert 0 < len(parted) < tables.customers, "the test needs some who part and some who do not"
    assert {number: part for number, part in parted.items() if part < first_read.get(number, 1 << 30)} == {}
    assert {code for _, code, _ in reads} == {Flow[name.upper()] for name in names}


@pytest.fixture(scope="module")
def everything_on():
    """A world in which every mechanism acts, with its record of draws."""
    return recorded_run(small_retail(80, strategies=("integrated",), **SMALL), "integrated")


SMALL = {
    "warm_up": 0,
    "horizon": 14,
    "cool_down": 0,
    "segments__regular__need_rate": 80.0,
    "segments__loyal__need_rate": 80.0,
    "parameters__context__own_error": 0.1,
    "parameters__stock__expected_units": 0.5,
    "parameters__stock__cover": 4.0,
    "channels__store__service": "20 min",
}


def keys_of(draws, actors, but):
    """Keys of the draws of these actors, without some decisions."""
    return {key for key in draws if key[0] in actors and key[2] not in but}


@pytest.mark.parametrize("mechanism", Parameters.mechanisms())
def test_a_mechanism_off_moves_no_other_draw(everything_on, mechanism):
    """What is drawn in both worlds is the same number. Whoever lives the same life decides by the
    same draws, and so do firm and shelves, but for those of the mechanism itself.
    """
    tables = small_retail(80, strategies=("integrated",), **SMALL)
    off = replace(tables, parameters=tables.parameters.without(mechanism))
    (with_it, draws, _), (without, others, _) = everything_on, recorded_run(off, "integrated")
    common = draws.keys() & others.keys()
    assert len(common) > 1000 and all(draws[key] == others[key] for key in common)
    own = DRAWN_BY.get(mechanism, set()) | ONLY_WHERE_IT_CAN_MATTER
    same = set(range(tables.customers)) - set(first_differences(with_it, without))
    assert keys_of(draws, same, own) == keys_of(others, same, own)
    firm = {key[0] for key in (*draws, *others) if FIRST_LOCATION <= key[0] < FIRST_SHOPPER or key[0] == FIRM}
    assert keys_of(draws, firm, own) == keys_of(others, firm, own) != set()


def test_the_same_decision_is_drawn_once_for_both_worlds():
    """Isolated or integrated: one key, one number; nearly all draws are made in both."""
    tables = small_retail(80, strategies=("isolated", "integrated"), **SMALL)
    draws = [recorded_run(tables, strategy)[1] for strategy in ("isolated", "integrated")]
    common = draws[0].keys() & draws[1].keys()
    assert all(draws[0][key] == draws[1][key] for key in common)
    assert len(common) > 0.5 * np.mean([len(found) for found in draws])
