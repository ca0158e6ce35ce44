"""A segment: a group of customers who share the distributions of their traits."""

from __future__ import annotations

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Real, Share, Spec, code_field, number


class SegmentSpec(Spec):
    """Distributions from which the traits of its customers are drawn."""

    title: str = ""
    code: str = code_field()
    need_rate: Real = number(
        5.4,
        low=0,
        high=1000,
        unit="candidate needs per customer-year",
        source="calibrated; some nine times the order rate",
    )
    need_rate_shape: Real = number(
        0.49, low=0.05, high=1e6, unit="gamma shape across customers", source="calibrated; F79: 0.24 to 0.4 for orders"
    )
    price_sensitivity: Real = number(1.0, low=0, high=20, unit="times", source=ASSUMPTION, description="median")
    price_sensitivity_spread: Real = number(0.5, low=0, high=3, unit="log", source=ASSUMPTION)
    deal_prone_share: Share = number(0.25, low=0, high=1, unit="share", source="F81")
    privacy_concern_share: Share = number(0.3, low=0, high=1, unit="share", source="F77 F78; swept 0 to 0.6")
    consent_share: Share = number(0.8, low=0, high=1, unit="share", source=ASSUMPTION)
    effort_budget: Real = number(2.5, low=0.01, high=1e12, unit="effort", source=ASSUMPTION, description="median")
    effort_budget_spread: Real = number(0.5, low=0, high=3, unit="log", source=ASSUMPTION)
    taste_spread: Real = number(
        0.8, low=0, high=10, unit="utility", source=ASSUMPTION, description="standard deviation of taste per channel"
    )
    tastes: dict[str, Real] = Field(
        default_factory=dict,
        description="mean taste by channel code",
        json_schema_extra={"unit": "utility", "source": ASSUMPTION},
    )
    awareness: Share = number(1.0, low=0, high=1, unit="share", source="1 while nothing makes or loses awareness")
    satisfaction: Share = number(0.7, low=0, high=1, unit="satisfaction", source="assumption: at the start")
    engagement_intent: Real = number(
        0.25,
        low=-2,
        high=2,
        unit="log odds per standard deviation of log need rate",
        source="calibrated",
        description="heavy buyers come more often with the aim to buy",
        off=0.0,
    )
