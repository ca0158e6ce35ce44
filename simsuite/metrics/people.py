"""What people feel and do: satisfaction, use of channels and changes, research shopping."""

from __future__ import annotations

import numpy as np

from simsuite.metrics.measure import ALL, DAYS, END, NEEDS, NOT_NEGATIVE, measure
from simsuite.metrics.rows import Row, by_both, by_channel, by_segment, customers_by_segment
from simsuite.metrics.surroundings import OWN_SHOP, PLACE, Context
from simsuite.run_result import RunResult
from simsuite.tallies import Switch

DAYS_PER_YEAR = 365.0


@measure(
    base="customers",
    period=END,
    title="Satisfaction",
    unit="",
    scale=1.0,
    better="higher",
    threshold=0.01,
    headline=True,
    decimals=3,
    bounds=(0.0, 1.0),
)
def satisfaction(result: RunResult, context: Context) -> list[Row]:
    """Mean satisfaction of the customers at the end of the horizon, 0 to 1; over all customers."""
    segments = result.customers["segment"]
    sums = np.bincount(segments, result.satisfaction, minlength=len(result.tallies["outcomes"]))
    return by_segment(result, sums, customers_by_segment(result))


MOVED = 0.01  # a change of satisfaction that counts: the threshold of the mean
AGAINST_TWIN = {"base": "customers", "period": END, "unit": "%", "scale": 100.0, "threshold": 0.5}


@measure(title="Customers more satisfied than their twin", better="higher", **AGAINST_TWIN)
def more_satisfied(result: RunResult, context: Context) -> list[Row]:
    """Share of the customers who end the horizon more than 0.01 above themselves in the reference.

    In the reference itself 0. Without twins not measured.
    """
    return _moved(result, context, 1)


@measure(title="Customers less satisfied than their twin", better="lower", **AGAINST_TWIN)
def less_satisfied(result: RunResult, context: Context) -> list[Row]:
    """Share of the customers who end the horizon more than 0.01 below themselves in the reference.

    In the reference itself 0. Without twins not measured.
    """
    return _moved(result, context, -1)


def _moved(result: RunResult, context: Context, direction: int) -> list[Row]:
    """Customers whose satisfaction differs from their twin's in this direction (1 or -1)."""
    if context.twin is None:
        return [(ALL, ALL, 0, 0)]
    moved = direction * (result.satisfaction - context.twin.satisfaction) > MOVED
    everybody = customers_by_segment(result)
    counts = np.bincount(result.customers["segment"][moved], minlength=len(everybody))
    return by_segment(result, counts, everybody)


@measure(
    base="customers, for a year",
    period=DAYS,
    title="Visits per customer and year",
    unit="",
    scale=1.0,
    better="neither",
    threshold=0.5,
    bounds=NOT_NEGATIVE,
)
def visits_per_customer_year(result: RunResult, context: Context) -> list[Row]:
    """Visits on days of the horizon per customer and 365 days; channels add up to the total."""
    return by_both(result, _per_year(result, "visits"), customers_by_segment(result))


@measure(
    base="customers, for a year",
    period=NEEDS,
    title="Orders per customer and year",
    unit="",
    scale=1.0,
    better="higher",
    threshold=0.05,
    bounds=NOT_NEGATIVE,
)
def orders_per_customer_year(result: RunResult, context: Context) -> list[Row]:
    """Orders for needs of the horizon per customer and 365 days; channels add up to the total."""
    return by_both(result, _per_year(result, "orders"), customers_by_segment(result))


@measure(
    base="visits",
    period=DAYS,
    title="Share of visits",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
    by_channel=True,
)
def visit_share(result: RunResult, context: Context) -> list[Row]:
    """Share of the visits on days of the horizon that were made in each channel."""
    return _shares(result, result.tallies["visits"].sum(0))


@measure(
    base="orders",
    period=NEEDS,
    title="Share of orders",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
    by_channel=True,
)
def order_share(result: RunResult, context: Context) -> list[Row]:
    """Share of the orders for needs of the horizon that were placed in each channel."""
    return _shares(result, result.tallies["orders"].sum(0))


@measure(
    base="visits",
    period=DAYS,
    title="Visits after a change of channel",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
)
def switching(result: RunResult, context: Context) -> list[Row]:
    """Share of the visits that follow a visit to another channel for the same need.

    By channel: where she arrives.
    """
    return by_channel(result, result.tallies["switches"][:, :, Switch.ALL].sum(0), result.tallies["visits"].sum(0))


@measure(
    base="planned orders",
    period=NEEDS,
    title="Research shopping",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
)
def research_shopping(result: RunResult, context: Context) -> list[Row]:
    """Share of the planned orders whose buyer had learned most in another group of channels.

    Groups: place, own shop, phone, third party, other online. "Learned most": most knowledge
    about the need before the buying visit; who knew nothing yet counts as having learned in
    the channel of purchase. By channel: of purchase.
    """
    orders = _research(result)
    changed = np.array([[before != here for here in context.groups] for before in context.groups])
    return by_channel(result, (orders * changed).sum(0), orders.sum(0))


@measure(
    base="planned orders", period=NEEDS, title="Webrooming", unit="%", scale=100.0, better="neither", threshold=0.5
)
def webrooming_share(result: RunResult, context: Context) -> list[Row]:
    """Share of the planned orders that were learned about in an own shop and bought in a place."""
    return _from_to(result, context, OWN_SHOP, PLACE)


@measure(
    base="planned orders", period=NEEDS, title="Showrooming", unit="%", scale=100.0, better="neither", threshold=0.5
)
def showrooming_share(result: RunResult, context: Context) -> list[Row]:
    """Share of the planned orders that were learned about in a place and bought in an own shop."""
    return _from_to(result, context, PLACE, OWN_SHOP)


def _research(result: RunResult) -> np.ndarray:
    """Planned orders [channel of most knowledge, channel of purchase]."""
    count = len(result.channel_names)
    return result.tallies["research"][:count, :count]


def _from_to(result: RunResult, context: Context, before: str, here: str) -> list[Row]:
    groups = np.array(context.groups)
    orders = _research(result)
    return [
        (
            ALL,
            ALL,
            orders[np.ix_(groups == before, groups == here)].sum().item(),
            orders.sum().item(),
        )
    ]


def _per_year(result: RunResult, name: str) -> np.ndarray:
    return result.tallies[name] * (DAYS_PER_YEAR / result.horizon)


def _shares(result: RunResult, counts: np.ndarray) -> list[Row]:
    return [(ALL, name, counts[index].item(), counts.sum().item()) for index, name in enumerate(result.channel_names)]
