"""A channel: attributes, what it can do, and flags; never a kind."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Days, Minutes, Real, Share, Spec, YesNo, code_field, number, switch

DaypartName = Literal["morning", "noon", "afternoon", "evening"]
ALL_DAY: tuple[DaypartName, ...] = ("morning", "noon", "afternoon", "evening")


def attribute(description: str):
    """An attribute between 0 and 1, judged, without a default: a channel must say it."""
    return number(..., low=0, high=1, unit="0 to 1", source=ASSUMPTION, description=description)


class ChannelSpec(Spec):
    """One way to meet customers."""

    title: str = ""
    code: str = code_field()
    present: YesNo = switch(True, source="scenario", description="false removes a channel of the parent")

    breadth: Share = attribute("how much of the assortment can be seen at once")
    information: Share = attribute("how much can be learned without help")
    inspection: Share = attribute("touch, try, fit")
    reassurance: Share = attribute("how safe buying feels")
    immediacy: Share = attribute("how soon the item is in her hands")
    experience: Share = attribute("pleasure of being there")
    screen_friction: Share = attribute("effort of looking around")
    form_friction: Share = attribute("effort of checking out")
    knowledge_gain: Share = attribute("share of what she does not know yet that one visit closes")

    staffed: YesNo = switch(False, source="what it is", description="somebody serves: other base rates, a desk")
    needs_account: YesNo = switch(False, source="what it is", description="buying needs an account")
    sells_now: YesNo = switch(
        False, source="what it is", description="the buyer takes the item away; its shelf is what counts"
    )
    delivers: YesNo = switch(
        True, source="what it is", description="what is bought here is delivered, unless it is collected"
    )
    hands_over: YesNo = switch(False, source="what it is", description="orders can be collected here")
    offers_collection: YesNo = switch(
        False, source="what it is", description="orders placed here can be collected elsewhere"
    )
    counts_carts: YesNo = switch(
        False, source="definition of cart abandonment", description="own online shop: its carts count as online carts"
    )
    shares_data: YesNo = switch(True, source="what it is", description="false: a third party that no flow reaches")
    login_domain: str = Field(
        "",
        description="channels of one domain share a cart when she is logged in; empty: its own",
        json_schema_extra={"unit": "name", "source": "what it is"},
    )
    stock_pool: str = Field(
        "central",
        description="'region': every region has its own stock here; else the name of a common pool",
        json_schema_extra={"unit": "name", "source": "what it is"},
    )

    trip: Minutes = number(
        0.0, low=0, high=1440, unit="minutes", source=ASSUMPTION, description="of travelling there and back"
    )
    service: Minutes = number(
        0.0, low=0, high=480, unit="minutes", source=ASSUMPTION, description="mean time at the desk; 0: no desk"
    )
    opens: tuple[DaypartName, ...] = Field(
        ALL_DAY,
        min_length=1,
        description="dayparts in which it can be visited",
        json_schema_extra={"unit": "dayparts", "source": ASSUMPTION},
    )
    identification_rate: Share = number(
        ...,
        low=0,
        high=1,
        unit="probability per visit",
        source="starting value of a prototype",
        description="that she identifies herself",
    )
    recognizable: Share = number(
        ...,
        low=0,
        high=1,
        unit="probability per visit",
        source="starting value of a prototype",
        description="that a record can be found without it: device, card, face",
    )
    surcharge: Share = number(
        ...,
        low=0,
        high=1,
        unit="0 to 1",
        source="F03: extra cost is online; elsewhere a fifth",
        description="fees that show up at the end",
    )
    payment_risk: Share = number(
        ..., low=0, high=1, unit="0 to 1", source="F03", description="how much paying here asks for trust"
    )
    price_level: Share = number(
        0.0,
        low=-0.9,
        high=2,
        unit="share of list price",
        source=ASSUMPTION,
        description="lasting difference from list while this channel sets its own price",
        off=0.0,
    )
    taste: Real = number(
        0.0,
        low=-50,
        high=50,
        unit="utility",
        source="0: attributes alone",
        off=0.0,
        description="appeal that no attribute explains; for limit cases",
    )
    reach_share: Share = number(
        1.0,
        low=0,
        high=1,
        unit="share of customers",
        source=ASSUMPTION,
        description="who can use it at a middling need rate",
    )
    reach_engagement: Real = number(
        0.0,
        low=-10,
        high=10,
        unit="log odds per standard deviation of log need rate",
        source=ASSUMPTION,
        description="heavy buyers adopt it more",
        off=0.0,
    )
    delivery: Days = number(
        3.0, low=0, high=60, unit="days", source=ASSUMPTION, description="until a delivered order arrives"
    )
    delivery_cost: Real = number(0.0, low=0, high=10000, unit="money per delivered order", source=ASSUMPTION, off=0.0)
