"""A strategy: who knows what, when, and who decides. Never a bonus on an outcome."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, create_model
from pydantic_core import PydanticCustomError

from simsuite.specs.base import ASSUMPTION, Days, Real, Share, Spec, Whole, YesNo, number, share_of, switch
from simsuite.vocabulary import Flow

Authority = Literal["local", "central"]
LEVELS = ("mean", "list", "lowest")
LOWEST_LEVEL, HIGHEST_LEVEL = -0.9, 2.0  # shares of list price


def _central_level(value: Any) -> Any:
    if isinstance(value, str) and value in LEVELS:
        return value
    level = share_of(value)
    if not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        raise PydanticCustomError("central_level", "is out of range")
    return level


CentralLevel = Annotated[Literal["mean", "list", "lowest"] | float, BeforeValidator(_central_level)]


class FlowSpec(Spec):
    """One kind of knowledge that channels share.

    Links are drawn once: a record is connected iff its own uniform number is
    below `coverage`. Identity, cart and profile are drawn per customer and
    channel; price, promotion and stock per channel only. A switch needs both ends.
    """

    coverage: Share = number(0.0, low=0, high=1, unit="share of records connected", source=ASSUMPTION, off=0.0)
    delay: Days = number(0.0, low=0, high=60, unit="days", source=ASSUMPTION, off=0.0)
    error: Share = number(0.0, low=0, high=1, unit="probability per version of a record", source=ASSUMPTION, off=0.0)
    channels: tuple[str, ...] | None = Field(
        None,
        description="only between these channels; nothing said: all that share data",
        json_schema_extra={"unit": "channel codes", "source": "scenario"},
    )
    regions: tuple[Whole, ...] | None = Field(
        None,
        description="only in these regions, counted from 0; nothing said: all",
        json_schema_extra={"unit": "region numbers", "source": "scenario"},
    )


Flows = create_model(
    "Flows",
    __base__=Spec,
    __module__=__name__,
    __doc__="The flows of the vocabulary by name; a flow that is not mentioned is off.",
    **{flow.name.lower(): (FlowSpec, Field(default_factory=FlowSpec, description=flow.words.label)) for flow in Flow},
)


class AuthoritySpec(Spec):
    """Who decides: every channel for itself, or one for all. Independent of who knows."""

    price: Authority = "local"
    promotion: Authority = "local"
    price_level: CentralLevel = Field(
        "mean",
        description="where one price for all lies: the mean of the channels' own levels, list, the lowest of them, "
        "or a number, share of list above or below it; counts under central authority",
        json_schema_extra={"unit": "mean, list, lowest, or share of list price", "source": ASSUMPTION},
    )


class CapabilitiesSpec(Spec):
    """What the firm can do with its flows."""

    collect_in_store: YesNo = switch(
        False, source="scenario", off=False, description="order here, collect there; needs the stock flow"
    )
    master_read: YesNo = switch(
        False,
        source="scenario",
        off=False,
        description="also the own channel shows the shared copy only after its delay",
    )
    discreet: YesNo = switch(
        False,
        source="scenario",
        off=False,
        description="recognition is shown only to those who identified themselves or do not mind",
    )
    everybody_known: YesNo = switch(
        False,
        source="scenario",
        off=False,
        description="everybody identifies herself in every own channel and consents: an upper bound",
    )


class AnnouncementSpec(Spec):
    """Whether, how many and how strongly customers are told that channels work together."""

    reach: Share = number(0.0, low=0, high=1, unit="share of customers", source=ASSUMPTION, off=0.0)
    strength: Real = number(
        0.0, low=0, high=100, unit="pseudo-observations", source="assumption; swept 0 to 8", off=0.0
    )
    level: Share = number(0.8, low=0, high=1, unit="belief announced", source="assumption; swept 0.3 to 0.9")


class StrategySpec(Spec):
    """Flows, authority, capabilities, announcement."""

    title: str = ""
    flows: Flows = Field(default_factory=Flows)
    authority: AuthoritySpec = Field(default_factory=AuthoritySpec)
    capabilities: CapabilitiesSpec = Field(default_factory=CapabilitiesSpec)
    announcement: AnnouncementSpec = Field(default_factory=AnnouncementSpec)
