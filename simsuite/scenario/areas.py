"""How customers are divided: regions of equal size, areas of whole regions, and the desks and clerks that serve them."""

from __future__ import annotations

from typing import Any

import numpy as np

from simsuite.specs.scenario import ScenarioSpec

DIGITS = 6  # of customers: parts of a whole are added up, and no clerk hangs on the last bit


def regions_of(spec: ScenarioSpec) -> int:
    """Regions, all equal and of about the size that is said: more customers means more of them."""
    return max(1, round(spec.population.customers / spec.population.customers_per_region))


def customers_of_a_region(spec: ScenarioSpec) -> float:
    """All regions are equal."""
    return spec.population.customers / regions_of(spec)


def regions_per_area(spec: ScenarioSpec) -> int:
    """Whole regions that a common stock pool or phone desk serves."""
    return max(1, round(spec.population.customers_per_pool / customers_of_a_region(spec)))


def customers_of_an_area(spec: ScenarioSpec) -> float:
    """Of every area but the last, which may be smaller."""
    return round(customers_of_a_region(spec) * min(regions_of(spec), regions_per_area(spec)), DIGITS)


def desks_serve(spec: ScenarioSpec) -> list[float]:
    """How many customers a desk serves, each size once: of a region, of an area, of the last area if it is smaller."""
    staffed = [channel for channel in spec.channels.values() if channel.present and channel.service > 0]
    last = regions_of(spec) % regions_per_area(spec)
    found = {customers_of_a_region(spec)} if any(channel.stock_pool == "region" for channel in staffed) else set()
    if any(channel.stock_pool != "region" for channel in staffed):
        found |= {customers_of_an_area(spec)}
        found |= {customers_of_a_region(spec) * last} if last else set()
    return sorted({round(served, DIGITS) for served in found})


def clerks_for(customers: Any, per_clerk: int) -> np.ndarray:
    """Clerks of a desk that serves so many customers, or of each of many desks: the nearest whole number, at least one."""
    return np.maximum(1, np.floor(np.round(customers, DIGITS) / per_clerk + 0.5)).astype("i8")
