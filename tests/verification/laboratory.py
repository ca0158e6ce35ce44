"""Runs of the laboratories in either engine, and the tolerance of comparisons with theory."""

import os
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np

from simsuite.engines.batch import BatchEngine
from simsuite.engines.model import RetailModel
from simsuite.scenario import load
from simsuite.scenario.pack import pack, strategy_tables
from simsuite.specs.strategy import StrategySpec
from simsuite.vocabulary import Outcome

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ENGINES = {"batch": BatchEngine, "mesa": RetailModel}
CHANNELS = ("store", "desktop_web", "mobile_web", "app", "social", "marketplace", "phone")
TOLERANCE = 4.0  # standard errors


def packed(scenario, strategies=None, **overrides):
    """Tables of a scenario.

    strategies : more of them, as data by name
    overrides : values by dotted path, `__` for the dots
    """
    spec = load(
        SCENARIOS / f"{scenario}.toml",
        {path.replace("__", "."): value for path, value in overrides.items()},
    ).spec
    tables = pack(spec)
    channels = {name: spec.channels[name] for name in tables.channel_names}
    more = {
        name: strategy_tables(name, StrategySpec(**data), channels, tables.regions)
        for name, data in (strategies or {}).items()
    }
    return replace(tables, strategies={**tables.strategies, **more})


def started(tables, strategy, engine="batch", **options):
    """An engine before its first day."""
    return ENGINES[engine](tables, strategy, **options)


def finished(engine):
    """The record of a whole run."""
    engine.run(engine.packed.days)
    return engine.result()


def run(tables, strategy="isolated", engine="batch", **options):
    """One whole run."""
    return finished(started(tables, strategy, engine, **options))


def races(result):
    """The settled needs that became a journey and ended: one row a race."""
    needs = result.needs
    return needs[np.isin(needs["outcome"], (Outcome.ORDERED, Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR))]


def first_races(result):
    """The first race of every customer: independent also where links are drawn once."""
    needs = races(result)
    return needs[np.unique(needs["customer"], return_index=True)[1]]


def matched(needs, others):
    """Places, in both tables, of the needs that stand in both: twins."""
    keys = [table["customer"].astype("i8") << 32 | table["need"] for table in (needs, others)]
    return np.intersect1d(*keys, return_indices=True)[1:]


def ordered(needs):
    """Which of them ended in an order."""
    return needs["outcome"] == Outcome.ORDERED


def assert_equals(observed, expected, standard_error, n):
    """The observed mean of n observations lies within four standard errors of theory.

    Prints one line (shown by `pytest -s`); docs/verification.md is made of these lines.
    """
    distance = (observed - expected) / standard_error
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
    found = (
        f"observed {observed:.5f}, expected {expected:.5f}, n {n}, "
        f"standard error {standard_error:.5f}: {distance:+.1f} standard errors"
    )
    print(f"\n{test}: {found}", end="")
    assert abs(distance) <= TOLERANCE, found


def assert_share(hits, expected):
    """The share of true values equals a probability; binomial standard error."""
    assert_equals(np.mean(hits), expected, sqrt(expected * (1 - expected) / len(hits)), len(hits))


def assert_mean(values, expected):
    """The mean equals an expected value; standard error from the sample."""
    assert_equals(np.mean(values), expected, np.std(values, ddof=1) / sqrt(len(values)), len(values))
