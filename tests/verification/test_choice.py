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


def test_the_odds_of_two_shops_do_not_depend_on_the_third():
    tables = packed("lab_choice", population__customers=10_000, channels__shop_c__present=False)
    assert_share(choices(tables) == 1, exp(0.5) / (1 + exp(0.5)))


def test_a_shop_that_gains_appeal_wins_customers_and_loses_none():
    before = choices(packed("lab_choice", population__customers=10_000))
    after = choices(packed("lab_choice", population__customers=10_000, channels__shop_c__taste=0.5))
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
    assert_share(
        needs["outcome"] == Outcome.ORDERED, 1 / (1 + exp(0.5 - 0.8 * inclusive_value(TASTES)))
    )


@BOTH_ENGINES
@pytest.mark.parametrize("inertia", [1.0, 0.5])
def test_the_next_shop_depends_on_the_last_as_in_the_chain(engine, customers, inertia):
    tables = packed(
        "lab_inertia", population__customers=customers, parameters__choice__inertia=inertia
    )
    needs = races(run(tables, engine=engine))
    chosen = shop_of(needs, tables)
    same_customer = needs["customer"][1:] == needs["customer"][:-1]
    last, following = chosen[:-1][same_customer], chosen[1:][same_customer]
    for shop, row in enumerate(choice_after(TASTES, inertia)):
        for other, probability in enumerate(row):
            assert_share(following[last == shop] == other, probability)


@pytest.mark.parametrize("inertia", [1.0, 0.5])
def test_shares_and_repeat_rate_settle_where_the_chain_does(inertia):
    """The last two choices of every customer, after nine or more; customers are independent."""
    tables = packed(
        "lab_inertia", population__customers=20_000, parameters__choice__inertia=inertia
    )
    needs = races(run(tables))
    chosen = shop_of(needs, tables)
    end = np.flatnonzero(np.diff(needs["customer"], append=-1))
    end = end[(needs["customer"][end] == needs["customer"][end - 10])]
    for shop, share in enumerate(long_run_shares(TASTES, inertia)):
        assert_share(chosen[end] == shop, share)
    assert_share(chosen[end] == chosen[end - 1], repeat_rate(TASTES, inertia))


def with_prices(levels, customers):
    """Choices with these lasting differences from list, after everybody has met every price."""
    changes = {
        f"channels__{name}__price_level": level for name, level in zip(NAMES, levels, strict=True)
    }
    tables = packed("lab_price", population__customers=customers, **changes)
    result = run(tables)
    met_all = (result.relations["told_price"] >= 0.0).all(axis=1)
    assert met_all.mean() > 0.99
    needs = races(result)
    return needs[met_all[needs["customer"]]], tables


def shares_at(prices):
    """Logit with utility V - 2 p / mean p."""
    mean = sum(prices) / len(prices)
    return choice_shares(
        [taste - 2.0 * price / mean for taste, price in zip(TASTES, prices, strict=True)]
    )


def test_different_prices_shift_the_shares_of_the_logit():
    needs, tables = with_prices((0.2, 0.0, -0.1), 4_000)
    chosen = shop_of(needs, tables)
    for shop, share in enumerate(shares_at((1.2, 1.0, 0.9))):
        assert_share(chosen == shop, share)


@pytest.mark.parametrize(
    "dearer, customers",
    [
        (1, 4_000),
        *(pytest.param(shop, 40_000, marks=pytest.mark.verification) for shop in range(3)),
    ],
)
def test_price_elasticities_are_those_of_the_logit(dearer, customers):
    """Central difference between twins that differ in one price by plus and minus 5 percent."""
    step = 0.05
    levels = [[sign * step * (shop == dearer) for shop in range(3)] for sign in (1, -1)]
    worlds = [with_prices(level, customers) for level in levels]
    places = matched(*(needs for needs, _ in worlds))
    up, down = (
        shop_of(needs[place], tables) for (needs, tables), place in zip(worlds, places, strict=True)
    )
    for shop, share in enumerate(SHARES):
        moved = ((up == shop).astype(float) - (down == shop)) / (2 * step * share)
        own = own_price_elasticity(2.0, 1.0, share)
        cross = cross_price_elasticity(2.0, 1.0, SHARES[dearer])
        assert_mean(moved, own if shop == dearer else cross)
