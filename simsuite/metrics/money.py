"""Money of counted orders: revenue, discount, contribution margin. Cents in, money out."""

from __future__ import annotations

import math

from simsuite.metrics.measure import NEEDS, NOT_NEGATIVE, measure
from simsuite.metrics.rows import Row, by_both, customers_by_segment
from simsuite.metrics.surroundings import Context
from simsuite.run_result import RunResult
from simsuite.tallies import Money

CENTS = {"unit": "money", "scale": 0.01, "threshold": 0.01, "threshold_is_relative": True}


@measure(base="customers", period=NEEDS, title="Margin per customer", better="higher", headline=True, **CENTS)
def margin(result: RunResult, context: Context) -> list[Row]:
    """Contribution margin per customer: revenue less goods less delivery, for needs of the horizon.

    Over all customers, buyers or not. Staff and the cost of the integration itself are not
    in it. By channel: of the orders placed there; the channels add up to the total.
    """
    money = result.tallies["money"]
    earned = (
        money[:, :, Money.LIST_VALUE]
        - money[:, :, Money.DISCOUNT]
        - money[:, :, Money.GOODS]
        - money[:, :, Money.DELIVERY]
    )
    return by_both(result, earned, customers_by_segment(result))


@measure(base="customers", period=NEEDS, title="Revenue per customer", better="higher", bounds=NOT_NEGATIVE, **CENTS)
def revenue(result: RunResult, context: Context) -> list[Row]:
    """List value less discount of the orders for needs of the horizon, per customer."""
    return by_both(result, _revenue(result), customers_by_segment(result))


@measure(base="orders", period=NEEDS, title="Revenue per order", better="neither", bounds=NOT_NEGATIVE, **CENTS)
def order_value(result: RunResult, context: Context) -> list[Row]:
    """Revenue per order, with what was taken along at the pick-up; by channel of purchase."""
    return by_both(result, _revenue(result), result.tallies["orders"])


@measure(
    base="cents of list value",
    period=NEEDS,
    title="Discount",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
    bounds=(-math.inf, 100.0),
)
def discount(result: RunResult, context: Context) -> list[Row]:
    """Share of the list value of orders that was not charged; negative if prices are above list."""
    money = result.tallies["money"]
    return by_both(result, money[:, :, Money.DISCOUNT], money[:, :, Money.LIST_VALUE])


@measure(base="customers", period=NEEDS, title="Discount per customer", better="neither", **CENTS)
def discount_per_customer(result: RunResult, context: Context) -> list[Row]:
    """List value that was not charged for orders of needs of the horizon, per customer.

    Over all customers, buyers or not; negative if prices are above list. By channel: of the
    orders placed there; the channels add up to the total.
    """
    taken_off = result.tallies["money"][:, :, Money.DISCOUNT]
    return by_both(result, taken_off, customers_by_segment(result))


def _revenue(result: RunResult):
    money = result.tallies["money"]
    return money[:, :, Money.LIST_VALUE] - money[:, :, Money.DISCOUNT]
