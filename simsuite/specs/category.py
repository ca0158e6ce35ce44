"""A category of goods: what buying it is like, and its items."""

from __future__ import annotations

from simsuite.specs.base import ASSUMPTION, Real, Share, Spec, Whole, code_field, number


class CategorySpec(Spec):
    """Traits between 0 and 1, price level, number of items."""

    title: str = ""
    code: str = code_field()
    need_share: Share = number(..., low=0, high=1, unit="share of needs", source=ASSUMPTION)
    need_to_inspect: Share = number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION)
    risk: Share = number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION)
    pleasure: Share = number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION)
    urgency: Share = number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION)
    deliberation: Share = number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION)
    price: Real = number(..., low=0.01, high=1e7, unit="money", source=ASSUMPTION, description="median list price")
    price_spread: Real = number(0.4, low=0, high=2, unit="log", source=ASSUMPTION)
    goods_cost: Share = number(0.55, low=0, high=1, unit="share of list price", source=ASSUMPTION)
    items: Whole = number(8, low=1, high=64, unit="items", source=ASSUMPTION)
    popularity_exponent: Real = number(0.8, low=0, high=3, unit="Zipf exponent", source="assumption: about 0.8")
