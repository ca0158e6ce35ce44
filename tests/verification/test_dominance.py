"""T21: ideal identity and cart flows, unannounced, lower nobody's probability of an order.

An agent lives many lives: copies of her with the same traits and other numbers, hence
other luck. Copies do not meet: nothing is scarce, nobody stands in line.
"""

from math import sqrt

import numpy as np
import pytest
from laboratory import finished, ordered, packed, started

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


def orders_of_lives(tables, strategy, agents):
    """Orders of counted needs: [life, agent]."""
    engine = started(tables, strategy)
    model = np.arange(tables.customers) % agents
    for name in TRAITS:
        engine.customers[name] = engine.customers[name][model]
    for name in OWN:
        engine.relations[name] = engine.relations[name][model]
    needs = finished(engine).needs
    return np.bincount(needs["customer"][ordered(needs)], minlength=tables.customers).reshape(
        -1, agents
    )


def gains(strategy, agents, lives):
    """Orders gained in each life of each agent, by the strategy against silos; twins."""
    tables = world(agents * lives, strategy)
    return orders_of_lives(tables, "compared", agents) - orders_of_lives(tables, "silos", agents)


def agents_below(gain):
    """Agents whose mean gain lies more than four standard errors below zero."""
    standard_error = gain.std(axis=0) / sqrt(len(gain))
    return np.flatnonzero(gain.mean(axis=0) < -4 * standard_error)


@pytest.mark.parametrize(
    "agents, lives", [(100, 100), pytest.param(300, 400, marks=pytest.mark.verification)]
)
def test_ideal_flows_lower_no_agents_probability_of_an_order(agents, lives):
    gain = gains({"flows": IDEAL}, agents, lives)
    assert agents_below(gain).size == 0
    assert gain.mean() > 4 * gain.std() / sqrt(gain.size)


@pytest.mark.parametrize(
    "agents, lives", [(100, 100), pytest.param(300, 400, marks=pytest.mark.verification)]
)
def test_single_lives_may_still_lose_by_ideal_flows(agents, lives):
    """Realized twins violate dominance in 0.3 to 2.5 percent of lives: they do not test it."""
    worse = (gains({"flows": IDEAL}, agents, lives) < 0).mean()
    assert 0.003 < worse < 0.025


@pytest.mark.verification
@pytest.mark.parametrize(
    "strategy",
    [
        {"announcement": LOUD},
        {"flows": IDEAL, "announcement": LOUD},
        {"flows": {**IDEAL, "cart": {"coverage": 1.0, "error": 0.4}}},
    ],
)
def test_announced_or_erring_flows_do_harm_some_agents(strategy):
    """What the rule above leaves out is what breaks it: promises, and records that overwrite."""
    assert agents_below(gains(strategy, 300, 400)).size > 0
