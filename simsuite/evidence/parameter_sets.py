"""Which parameters a calibration is free to choose, within which ranges, and from which judged values it starts.

Judged values were committed before the first fit. They stand here, and the fitted
ones in `simsuite/specs`: a fit never starts at, nor is pulled toward, its own answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simsuite.specs.scenario import ScenarioSpec


@dataclass(frozen=True)
class Free:
    """One free parameter.

    name : as registered
    low, high : its range
    judged : value before any fit; a fit starts there
    places : dotted paths in a scenario that it sets, each with what it is multiplied by there
    """

    name: str
    low: float
    high: float
    judged: float
    places: dict[str, float]


def _one(path: str, low: float, high: float, judged: float) -> Free:
    return Free(path, low, high, judged, {f"parameters.{path}": 1.0})


def _of_all_segments(name: str, low: float, high: float, judged: float) -> Free:
    return Free(name, low, high, judged, {f"segments.{segment}.{name}": 1.0 for segment in NEED_RATES})


NEED_RATES = {"regular": 9.5, "loyal": 16.0, "deal_seeker": 9.5, "newcomer": 5.0}  # judged, needs a customer-year
REASONS = {
    "extra_cost": 0.55,
    "forced_account": 0.30,
    "payment_distrust": 0.29,
    "slow_delivery": 0.27,
    "tedious_form": 0.50,
}  # judged rates at the checkout; F03 gives their proportions alone

SEARCH_SELF_SERVICE = _one("race.search_self_service", -5, 0, -2.2)
CART_SELF_SERVICE = _one("race.cart_self_service", -4, 2, -1.4)
CHECKOUT_SELF_SERVICE = _one("race.checkout_self_service", -1, 4, 1.35)
SEARCH_STAFFED = _one("race.search_staffed", -4, 2, -1.4)
FRICTION_CHECKOUT = _one("race.friction_checkout", 0, 4, 1.0)
NEED_RATE = Free(
    "need_rate, one factor", 0.3, 3, 1.0, {f"segments.{name}.need_rate": rate for name, rate in NEED_RATES.items()}
)
NEED_RATE_SHAPE = _of_all_segments("need_rate_shape", 0.1, 2, 0.4)
ENGAGEMENT_INTENT = _of_all_segments("engagement_intent", 0, 2, 0.3)
NOT_READY_IN_CART = _one("giving_up.not_ready_in_cart", 0, 3, 0.6)
REASONS_AT_CHECKOUT = Free(
    "reasons at the checkout, one factor",
    0.3,
    3,
    1.0,
    {f"parameters.giving_up.{name}": rate for name, rate in REASONS.items()},
)

FIRST = (
    SEARCH_SELF_SERVICE,
    CART_SELF_SERVICE,
    CHECKOUT_SELF_SERVICE,
    SEARCH_STAFFED,
    _one("race.cart_staffed", -2, 4, 1.2),
    _one("race.friction_cart", 0, 4, 0.3),
    FRICTION_CHECKOUT,
    NEED_RATE,
    NEED_RATE_SHAPE,
    ENGAGEMENT_INTENT,
    _one("choice.buy_inspection", 0, 6, 2.5),
    _one("choice.search_information", 0, 6, 2.5),
)
SECOND = (
    SEARCH_SELF_SERVICE,
    CART_SELF_SERVICE,
    CHECKOUT_SELF_SERVICE,
    SEARCH_STAFFED,
    FRICTION_CHECKOUT,
    NEED_RATE,
    NEED_RATE_SHAPE,
    ENGAGEMENT_INTENT,
    _one("race.browse_search", -4, 1, -2.0),
    NOT_READY_IN_CART,
    REASONS_AT_CHECKOUT,
)
THIRD = (  # as the second, but browsers progress less than others, and most of all while searching
    SEARCH_SELF_SERVICE,
    CART_SELF_SERVICE,
    CHECKOUT_SELF_SERVICE,
    SEARCH_STAFFED,
    FRICTION_CHECKOUT,
    NEED_RATE,
    NEED_RATE_SHAPE,
    ENGAGEMENT_INTENT,
    _one("race.browse_search", -4, -0.8, -2.0),
    NOT_READY_IN_CART,
    REASONS_AT_CHECKOUT,
)
SETS = {"first": FIRST, "second": SECOND, "third": THIRD}


def judged(free: Sequence[Free]) -> list[float]:
    """The values from which a fit of these parameters starts."""
    return [parameter.judged for parameter in free]


def with_values(spec: ScenarioSpec, free: Sequence[Free], values: Sequence[float]) -> ScenarioSpec:
    """The scenario with these parameters at these values, and every other one of any set where it was judged to be."""
    data = spec.model_dump()
    for parameters in SETS.values():
        for parameter in parameters:
            _put(data, parameter, parameter.judged)
    for parameter, value in zip(free, values, strict=True):
        _put(data, parameter, float(value))
    return ScenarioSpec.model_validate(data)


def values_of(spec: ScenarioSpec, free: Sequence[Free]) -> list[float]:
    """What these parameters are in a scenario, read in the first place that each of them sets."""
    data = spec.model_dump()
    values = []
    for parameter in free:
        path, factor = next(iter(parameter.places.items()))
        table, name = _table(data, path)
        values.append(table[name] / factor)
    return values


def _put(data: dict, parameter: Free, value: float) -> None:
    for path, factor in parameter.places.items():
        table, name = _table(data, path)
        table[name] = factor * value


def _table(data: dict, path: str) -> tuple[dict, str]:
    """The table in which a dotted path ends, and the name there."""
    *tables, name = path.split(".")
    for step in tables:
        data = data[step]
    return data, name
