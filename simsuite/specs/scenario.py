"""A whole scenario: the world, the strategies, the experiment, and the firm's own figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Minutes, Share, Spec, Whole, WholeDays, number
from simsuite.specs.category import CategorySpec
from simsuite.specs.channel import ChannelSpec
from simsuite.specs.parameters import Parameters
from simsuite.specs.segment import SegmentSpec
from simsuite.specs.strategy import StrategySpec


class PopulationSpec(Spec):
    """How many customers, of which segments, in regions of what size."""

    customers: Whole = number(20_000, low=1, high=50_000_000, unit="customers", source="scenario")
    customers_per_region: Whole = number(
        2_000,
        low=1,
        high=50_000_000,
        unit="customers",
        source=ASSUMPTION,
        description="size of a region; more customers means more regions, all equal, of about this size",
    )
    customers_per_pool: Whole = number(
        20_000,
        low=1,
        high=50_000_000,
        unit="customers",
        source=ASSUMPTION,
        description="size of the area that a common stock pool or phone desk serves",
    )
    segments: dict[str, Share] = Field(
        default_factory=lambda: {"regular": 1.0},
        min_length=1,
        max_length=8,
        description="share of customers by segment; must sum to 1",
        json_schema_extra={"unit": "share of customers", "source": "scenario"},
    )


class ClockSpec(Spec):
    """When the four parts of a day begin, and when the last ends; minutes after midnight."""

    morning: Minutes = number(420.0, low=0, high=1440, unit="minutes after midnight", source=ASSUMPTION)
    noon: Minutes = number(660.0, low=0, high=1440, unit="minutes after midnight", source=ASSUMPTION)
    afternoon: Minutes = number(840.0, low=0, high=1440, unit="minutes after midnight", source=ASSUMPTION)
    evening: Minutes = number(1080.0, low=0, high=1440, unit="minutes after midnight", source=ASSUMPTION)
    night: Minutes = number(1380.0, low=0, high=1440, unit="minutes after midnight", source=ASSUMPTION)


class ExperimentSpec(Spec):
    """How strategies are compared."""

    reference: str = "isolated"
    design: Literal["switch_over", "long_run"] = Field(
        "switch_over",
        description="switch_over: every arm lives the same warm-up under the reference and changes on day 0; "
        "long_run: every arm has its own warm-up",
    )
    warm_up: WholeDays = number(180, low=0, high=3650, unit="days", source=ASSUMPTION)
    horizon: WholeDays = number(
        180, low=1, high=3650, unit="days", source="scenario", description="needs that arise in it are counted"
    )
    cool_down: WholeDays = number(60, low=0, high=3650, unit="days", source="journeys are followed 60 days")
    replications: Whole = number(20, low=1, high=100_000, unit="replications", source="at least 20 for an interval")
    most_replications: Whole = number(
        200, low=1, high=100_000, unit="replications", source="cap when --precision asks for more"
    )
    seed: Whole = number(1, low=0, high=9_007_199_254_740_991, unit="seed", source="scenario")
    logged_replications: Whole = number(
        1, low=0, high=1000, unit="replications", source="whose events are followed, for the story and where lives part"
    )
    logged_customers: Whole = number(
        2_000,
        low=1,
        high=50_000_000,
        unit="customers",
        source="about this many, spread evenly, are followed: docs/decisions.md",
    )
    level: Share = number(
        0.95, low=0.5, high=0.999, unit="probability", source="usual level of the simultaneous intervals"
    )


class CheckSpec(Spec):
    """The firm's own figures of one channel; the report shows model and firm side by side."""

    visits_per_customer_year: float | None = Field(
        None, ge=0, strict=True, json_schema_extra={"unit": "visits", "source": "the firm"}
    )
    session_conversion: Share | None = Field(
        None, ge=0, le=1, json_schema_extra={"unit": "share of visits", "source": "the firm"}
    )
    cart_abandonment: Share | None = Field(
        None, ge=0, le=1, json_schema_extra={"unit": "share of carts", "source": "the firm"}
    )
    order_value: float | None = Field(
        None, ge=0, strict=True, json_schema_extra={"unit": "money", "source": "the firm"}
    )


class ScenarioSpec(Spec):
    """Complete description of a world and of the experiment on it."""

    title: str = ""
    question: str = ""
    story: str = ""
    look_at: tuple[str, ...] = ()
    surprise: str = Field("", description="what a newcomer would guess wrong")
    sources: tuple[str, ...] = ()
    currency: str = "EUR"
    population: PopulationSpec = Field(default_factory=PopulationSpec)
    clock: ClockSpec = Field(default_factory=ClockSpec)
    segments: dict[str, SegmentSpec] = Field(min_length=1, max_length=8)
    categories: dict[str, CategorySpec] = Field(min_length=1, max_length=8)
    channels: dict[str, ChannelSpec] = Field(min_length=1, max_length=16)
    parameters: Parameters = Field(default_factory=Parameters)
    strategies: dict[str, StrategySpec] = Field(min_length=1, max_length=64)
    experiment: ExperimentSpec = Field(default_factory=ExperimentSpec)
    check: dict[str, CheckSpec] = Field(default_factory=dict)
