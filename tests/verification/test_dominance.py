"""T21: ideal identity and cart flows, unannounced, lower nobody's probability of an order.

An agent lives many lives: copies of her with the same traits and other numbers, hence
other luck. Copies do not meet: nothing is scarce, nobody stands in line.
"""

from math import sqrt

import numpy as np
import pytest
from laboratory import ENGINES, finished, ordered, packed, started

CENTRAL = {"price": "central", "promotion": "central"}
IDEAL = {"identity": {"coverage": 1.0}, "cart": {"coverage": 1.0}}
LOUD = {"reach": 1.0, "strength": 8.0, "level": 0.9}
TRAITS = (
    "segment",
    "plan_share",
    "buy_share",
    "effort_budget",
    "price_sensitivity",
    "deal_prone",
    "privacy_concerned",
    "consents",
    "awareness",
    "satisfaction",
)
OWN = ("taste", "link", "reachable")
EVERYBODY_IN_ONE_REGION = 50_000_000


def world(customers, strategy):
    """The retail world without scarcity, lines, privacy concern; one authority in both arms."""
    changes = {
        "parameters__stock__cover": 1e9,
        "parameters__stock__shrinkage": 0.0,
        "parameters__context__own_error": 0.0,
        "parameters__audit__shoppers": 0,
        "channels__store__service": 0.0,
        "channels__phone__service": 0.0,
        "population__customers": customers,
        "population__customers_per_region": EVERYBODY_IN_ONE_REGION,
        "population__customers_per_pool": EVERYBODY_IN_ONE_REGION,
        "experiment__warm_up": 0,
        "experiment__horizon": 120,
        "experiment__cool_down": 30,
    }
    for segment in ("regular", "loyal", "deal_seeker", "newcomer"):
        changes |= {
            f"segments__{segment}__need_rate": 30.0,
            f"segments__{segment}__need_rate_shape": 1e6,
            f"segments__{segment}__privacy_concern_share": 0.0,
        }
    strategies = {"silos": {"authority": CENTRAL}, "compared": {"authority": CENTRAL, **strategy}}
    return packed("flagship_retailer", strategies, **changes)


def living_many_lives(tables, strategy, agents, engine="batch", **options):
    """An engine in which customer n has the traits of customer n modulo `agents`, in either engine."""
    world = started(tables, strategy, engine, **options)
    model = np.arange(tables.customers) % agents
    if engine == "batch":
        for name in TRAITS:
            world.customers[name] = world.customers[name][model]
        for name in OWN:
            world.relations[name] = world.relations[name][model]
        return world
    for customer, number in zip(world.customers, model.tolist(), strict=True):
        other = world.customers[number]
        for name in TRAITS:
            setattr(customer, name, getattr(other, name))
        for relation, same in zip(customer.relations, other.relations, strict=True):
            for name in OWN:
                setattr(relation, name, getattr(same, name))
    return world


def orders_of_lives(tables, strategy, agents):
    """Orders of counted needs: [life, agent]."""
    needs = finished(living_many_lives(tables, strategy, agents)).needs
    return np.bincount(needs["customer"][ordered(needs)], minlength=tables.customers).reshape(-1, agents)


@pytest.mark.parametrize("strategy", ["silos", "compared"])
def test_many_lives_leave_the_same_record_in_both_engines(strategy):
    """The world of this page at small n: 12 agents, 5 lives each. Lives of one agent differ by luck."""
    tables = world(60, {"flows": IDEAL})
    records = [finished(living_many_lives(tables, strategy, 12, engine, keep_events=True)) for engine in ENGINES]
    assert records[0].digest() == records[1].digest()
    assert len(records[0].events) > 1000
    for traits in (records[0].customers["price_sensitivity"], records[0].relations["taste"]):
        lives = traits.reshape(5, 12, -1)
        assert (lives == lives[0]).all() and (lives[:, 0] != lives[:, 1]).any()
    orders = np.bincount(records[0].needs["customer"][ordered(records[0].needs)], minlength=60)
    assert (orders.reshape(5, 12) != orders[:12]).any()


def gains(strategy, agents, lives):
    """Orders gained in each life of each agent, by the strategy against silos; twins."""
    tables = world(agents * lives, strategy)
    return orders_of_lives(tables, "compared", agents) - orders_of_lives(tables, "silos", agents)


def agents_below(gain):
    """Agents whose mean gain lies more than four standard errors below zero."""
    standard_error = gain.std(axis=0) / sqrt(len(gain))
    return np.flatnonzero(gain.mean(axis=0) < -4 * standard_error)


@pytest.mark.parametrize("agents, lives", [(100, 100), pytest.param(300, 400, marks=pytest.mark.verification)])
def test_ideal_flows_lower_no_agents_probability_of_an_order(agents, lives):
    gain = gains({"flows": IDEAL}, agents, lives)
    print(
        f"\nideal flows: {agents_below(gain).size} of {agents} agents below, {lives} lives each; orders "
        f"gained in a life {gain.mean():.4f}, standard error {gain.std() / sqrt(gain.size):.4f}",
        end="",
    )
    assert agents_below(gain).size == 0
    assert gain.mean() > 4 * gain.std() / sqrt(gain.size)


@pytest.mark.parametrize("agents, lives", [(100, 100), pytest.param(300, 400, marks=pytest.mark.verification)])
def test_single_lives_may_still_lose_by_ideal_flows(agents, lives):
    """Realized twins violate dominance in 0.3 to 2.5 percent of lives: they do not test it."""
    worse = (gains({"flows": IDEAL}, agents, lives) < 0).mean()
    print(f"\nlives that lose by ideal flows: {worse:.2%} of {agents * lives}", end="")
    assert 0.003 < worse < 0.025


@pytest.mark.verification
@pytest.mark.parametrize(
    "strategy",
    [
        {"announcement": LOUD},
        {"flows": IDEAL, "announcement": LOUD},
        {"flows": {**IDEAL, "cart": {"coverage": 1.0, "error": 0.8}}},
    ],
)
def test_announced_or_erring_flows_do_harm_some_agents(strategy):
    """What the rule above leaves out is what breaks it: promises, and records that overwrite."""
    assert agents_below(gains(strategy, 300, 400)).size > 0
