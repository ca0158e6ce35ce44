"""Parameters of the firm's side: the desk (M3), stock and orders (M9), prices and promotions (M12), the audit."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Days, Minutes, Real, Share, Spec, Whole, WholeDays, number


class WaitingParameters(Spec):
    """M3: one line before all clerks of a desk; each wait follows from who stands before her."""

    code: ClassVar[str] = "M3"

    patience: Minutes = number(6.0, low=0.01, high=1e12, unit="minutes", source="F58: mean 6 min by phone", off=1e12)
    hand_over: Minutes = number(4.0, low=0, high=120, unit="minutes", source=ASSUMPTION, off=0.0)
    customers_per_clerk: Whole = number(
        2_000,
        low=1,
        high=50_000_000,
        unit="customers",
        source=ASSUMPTION,
        description="of those whom a desk serves; a desk has the nearest whole number of clerks, at least one",
    )
    smoothing: Share = number(
        0.2,
        low=0,
        high=1,
        unit="share",
        source=ASSUMPTION,
        description="weight of the last daypart in the wait that is published",
    )


class StockParameters(Spec):
    """M9: units, records, replenishment, and what a customer does when the item is not there."""

    code: ClassVar[str] = "M9"

    expected_units: Real = number(
        1.5,
        low=0,
        high=1000,
        unit="units per customer-year",
        source=ASSUMPTION,
        description="the planner's first guess, replaced by what is sold",
    )
    lead_time: WholeDays = number(3, low=0, high=60, unit="days", source=ASSUMPTION)
    cover: Days = number(
        14.0,
        low=0,
        high=1e9,
        unit="days",
        source=ASSUMPTION,
        off=1e9,
        description="order up to this many days of sales",
    )
    safety: Real = number(1.0, low=0, high=10, unit="standard deviations of lead-time sales", source=ASSUMPTION)
    forecast_half_life: Days = number(28.0, low=1, high=3650, unit="days", source=ASSUMPTION)
    shrinkage: Share = number(
        0.002,
        low=0,
        high=1,
        unit="probability per item, pool and day",
        source="assumption: about 5 % of records wrong between counts",
        off=0.0,
        description="that a unit vanishes while its record stays",
    )
    count_interval: WholeDays = number(90, low=1, high=100000, unit="days", source=ASSUMPTION)
    go_to_competitor: Share = number(0.31, low=0, high=1, unit="share", source="F68: other store 31 %")
    give_up: Share = number(0.09, low=0, high=1, unit="share", source="F68: 9 %")
    come_back: Share = number(0.15, low=0, high=1, unit="share", source="F68: delay 15 %; the rest takes another item")
    go_to_competitor_wasted: Share = number(
        0.31,
        low=0,
        high=1,
        unit="share",
        source="F68, as for any item that is not there",
        description="of those who came from another channel for the item",
    )
    give_up_wasted: Share = number(0.09, low=0, high=1, unit="share", source="F68, as for any item that is not there")
    come_back_wasted: Share = number(0.15, low=0, high=1, unit="share", source="F68, as for any item that is not there")
    go_to_competitor_promised: Share = number(0.45, low=0, high=1, unit="share", source=ASSUMPTION)
    give_up_promised: Share = number(0.15, low=0, high=1, unit="share", source=ASSUMPTION)
    come_back_promised: Share = number(0.10, low=0, high=1, unit="share", source=ASSUMPTION)
    substitute_value: Share = number(0.9, low=0, high=1, unit="share of basket value", source=ASSUMPTION)


class OrdersParameters(Spec):
    """M9: click-and-collect."""

    code: ClassVar[str] = "M9"

    collect_probability: Share = number(
        0.2,
        low=0,
        high=1,
        unit="probability",
        source="assumption; F52; swept 0 to 0.4",
        off=0.0,
        description="that a customer who may collect wants to",
    )
    collect_extra_cost: Share = number(0.4, low=0, high=1, unit="times", source="F52: half collect to save the fee")
    attach_probability: Share = number(
        0.35, low=0, high=1, unit="probability", source="F51: 37 to 67 %, lowest", off=0.0
    )
    attach_value: Share = number(0.3, low=0, high=2, unit="share of basket value", source=ASSUMPTION)


class PromotionsParameters(Spec):
    """M12: prices and promotions; the same money whoever decides."""

    code: ClassVar[str] = "M12"

    price_spread: Share = number(
        0.03,
        low=0,
        high=0.5,
        unit="share of list price",
        source=ASSUMPTION,
        off=0.0,
        description="standard deviation of a week's price around list",
    )
    depth: Share = number(0.15, low=0, high=0.9, unit="share of list price", source="F81: 15 % of list value", off=0.0)
    promotion_share: Share = number(0.12, low=0, high=1, unit="share of days", source=ASSUMPTION, off=0.0)
    season_weeks: Whole = number(
        26,
        low=1,
        high=520,
        unit="weeks",
        source="half a year",
        description="about; the whole weeks of the horizon are divided into such seasons, and each has its share of promotion days",
    )


class AuditParameters(Spec):
    """Mystery shoppers: fixed itineraries that ask the world and act on nothing."""

    code: ClassVar[str] = "audit"

    shoppers: Whole = number(
        4, low=0, high=200, unit="shoppers per pair of channels, persona and gap", source=ASSUMPTION, off=0
    )
    every: WholeDays = number(7, low=1, high=365, unit="days", source="weekly")


class SupplyGroups(Spec):
    """Groups of parameters: what the firm has to offer, and who looks at it."""

    waiting: WaitingParameters = Field(default_factory=WaitingParameters)
    stock: StockParameters = Field(default_factory=StockParameters)
    orders: OrdersParameters = Field(default_factory=OrdersParameters)
    promotions: PromotionsParameters = Field(default_factory=PromotionsParameters)
    audit: AuditParameters = Field(default_factory=AuditParameters)
