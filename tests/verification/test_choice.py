"""T4, T5, T6: choice of channel as a logit, with a habit, and with a price."""

from math import exp

import numpy as np
import pytest
from laboratory import assert_mean, assert_share, matched, packed, races, run

from simsuite.evidence.limit_cases import (
    choice_after,
    choice_shares,
    cross_price_elasticity,
    inclusive_value,
    long_run_shares,
    own_price_elasticity,
    repeat_rate,
)
from simsuite.vocabulary import Outcome

NAMES = ("shop_a", "shop_b", "shop_c")
TASTES = (0.0, 0.5, -0.5)
SHARES = (0.3072, 0.5065, 0.1863)
BOTH_ENGINES = pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 10_000),
        ("mesa", 60),
        pytest.param("batch", 200_000, marks=pytest.mark.verification),
    ],
)


def shop_of(needs, tables):
    """Channel of every race by the shops' own order."""
    order = [NAMES.index(name) for name in tables.channel_names]
    return np.array(order)[needs["channel"]]


def choices(tables, engine="batch"):
    """Which shop was chosen, race by race, in the order of (customer, need)."""
    return shop_of(races(run(tables, engine=engine)), tables)


@BOTH_ENGINES
@pytest.mark.parametrize("noise", [1.0, 2.0])
def test_shops_are_chosen_in_the_shares_of_the_logit(engine, customers, noise):
    tables = packed("lab_choice", population__customers=customers, parameters__choice__noise=noise)
    chosen = choices(tables, engine)
    for shop, share in enumerate(choice_shares(TASTES, noise)):
        assert_share(chosen == shop, share)


@BOTH_ENGINES
def test_the_odds_of_two_shops_do_not_depend_on_the_third(engine, customers):
    """Independence of irrelevant alternatives: e^0.5 to 1, with the third shop and without it."""
    odds = exp(0.5) / (1 + exp(0.5))
    two = packed("lab_choice", population__customers=customers, channels__shop_c__present=False)
    assert_share(choices(two, engine) == 1, odds)
    of_three = choices(packed("lab_choice", population__customers=customers), engine)
    assert_share(of_three[of_three != 2] == 1, odds)


@BOTH_ENGINES
def test_a_shop_that_gains_appeal_wins_customers_and_loses_none(engine, customers):
    tables = packed("lab_choice", population__customers=customers)
    raised = packed("lab_choice", population__customers=customers, channels__shop_c__taste=0.5)
    before, after = choices(tables, engine), choices(raised, engine)
    moved = before != after
    assert (after[moved] == 2).all()
    assert_share(moved, choice_shares((0.0, 0.5, 0.5))[2] - choice_shares(TASTES)[2])


@BOTH_ENGINES
def test_needs_are_considered_by_what_the_shops_are_worth_together(engine, customers):
    """P = 1 / (1 + exp(V0 - lambda IV)); IV = ln sum exp V, the consumer surplus of the logit."""
    tables = packed(
        "lab_choice",
        population__customers=customers,
        parameters__needs__inclusive_value_weight=0.8,
        parameters__needs__consideration_threshold=0.5,
    )
    needs = run(tables, engine=engine).needs
    needs = needs[needs["outcome"] != Outcome.ABSORBED]
    assert_share(needs["outcome"] == Outcome.ORDERED, 1 / (1 + exp(0.5 - 0.8 * inclusive_value(TASTES))))


@BOTH_ENGINES
@pytest.mark.parametrize("inertia", [1.0, 0.5])
def test_the_next_shop_depends_on_the_last_as_in_the_chain(engine, customers, inertia):
    tables = packed("lab_inertia", population__customers=customers, parameters__choice__inertia=inertia)
    needs = races(run(tables, engine=engine))
    chosen = shop_of(needs, tables)
    same_customer = needs["customer"][1:] == needs["customer"][:-1]
    last, following = chosen[:-1][same_customer], chosen[1:][same_customer]
    for shop, row in enumerate(choice_after(TASTES, inertia)):
        for other, probability in enumerate(row):
            assert_share(following[last == shop] == other, probability)


def share_by_customer(hits, customers):
    """Share of each customer's choices; customers are independent, their own choices are not."""
    counts = np.bincount(customers)
    return np.bincount(customers, weights=hits)[counts > 0] / counts[counts > 0]


@BOTH_ENGINES
@pytest.mark.parametrize("inertia", [1.0, 0.5])
def test_shares_and_repeat_rate_settle_where_the_chain_does(engine, customers, inertia):
    """Every customer's choices from the tenth on: what the first was is forgotten by then."""
    tables = packed("lab_inertia", population__customers=customers, parameters__choice__inertia=inertia)
    needs = races(run(tables, engine=engine))
    chosen, customer = shop_of(needs, tables), needs["customer"]
    late = np.flatnonzero(customer[9:] == customer[:-9]) + 9
    for shop, share in enumerate(long_run_shares(TASTES, inertia)):
        assert_mean(share_by_customer(chosen[late] == shop, customer[late]), share)
    again = chosen[late] == chosen[late - 1]
    assert_mean(share_by_customer(again, customer[late]), repeat_rate(TASTES, inertia))


def with_prices(levels, engine, customers):
    """Choices with these lasting differences from list, after everybody has met every price."""
    changes = {f"channels__{name}__price_level": level for name, level in zip(NAMES, levels, strict=True)}
    tables = packed("lab_price", population__customers=customers, **changes)
    result = run(tables, engine=engine)
    met_all = (result.relations["told_price"] >= 0.0).all(axis=1)
    assert met_all.mean() > 0.99
    needs = races(result)
    return needs[met_all[needs["customer"]]], tables


def shares_at(prices):
    """Logit with utility V - 2 p / mean p."""
    mean = sum(prices) / len(prices)
    return choice_shares([taste - 2.0 * price / mean for taste, price in zip(TASTES, prices, strict=True)])


@pytest.mark.parametrize(
    "engine, customers",
    [
        ("batch", 4_000),
        ("mesa", 50),
        pytest.param("batch", 40_000, marks=pytest.mark.verification),
    ],
)
def test_different_prices_shift_the_shares_of_the_logit(engine, customers):
    needs, tables = with_prices((0.2, 0.0, -0.1), engine, customers)
    chosen = shop_of(needs, tables)
    for shop, share in enumerate(shares_at((1.2, 1.0, 0.9))):
        assert_share(chosen == shop, share)


@pytest.mark.parametrize(
    "dearer, engine, customers",
    [
        (1, "batch", 4_000),
        (1, "mesa", 50),
        *(
            pytest.param(shop, *size, marks=pytest.mark.verification)
            for shop in range(3)
            for size in (("batch", 40_000), ("mesa", 150))
        ),
    ],
)
def test_price_elasticities_are_those_of_the_logit(dearer, engine, customers):
    """Central difference between twins that differ in one price by plus and minus 5 percent."""
    step = 0.05
    levels = [[sign * step * (shop == dearer) for shop in range(3)] for sign in (1, -1)]
    worlds = [with_prices(level, engine, customers) for level in levels]
    places = matched(*(needs for needs, _ in worlds))
    up, down = (shop_of(needs[place], tables) for (needs, tables), place in zip(worlds, places, strict=True))
    for shop, share in enumerate(SHARES):
        moved = ((up == shop).astype(float) - (down == shop)) / (2 * step * share)
        own = own_price_elasticity(2.0, 1.0, share)
        cross = cross_price_elasticity(2.0, 1.0, SHARES[dearer])
        assert_mean(moved, own if shop == dearer else cross)
