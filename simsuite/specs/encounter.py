"""Parameters of a visit: identity (M4), context (M5), statements (M6), progress (M7), giving up (M8)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Real, Share, Spec, number


class IdentityParameters(Spec):
    """M4: who is known where, and what the privacy-concerned make of it (L6)."""

    code: ClassVar[str] = "M4"

    creepy_rate: Real = number(
        0.1,
        low=0,
        high=10,
        unit="rate against pause 1",
        source="assumption; F77 F78",
        off=0.0,
        description="of leaving, for the privacy-concerned, when recognized without having identified herself",
    )
    withdrawal_probability: Share = number(
        0.05,
        low=0,
        high=1,
        unit="probability",
        source="assumption; swept 0 to 0.3; F74",
        off=0.0,
        description="that she then withdraws her consent",
    )
    complaint_probability: Share = number(
        0.5,
        low=0,
        high=1,
        unit="probability",
        source=ASSUMPTION,
        description="that somebody treated as another person has it put right",
    )


class ContextParameters(Spec):
    """M5: what survives a change of channel."""

    code: ClassVar[str] = "M5"

    memory_of_knowledge: Share = number(
        0.6,
        low=0,
        high=1,
        unit="share",
        source=ASSUMPTION,
        off=1.0,
        description="of her knowledge that is left in the head after starting again",
    )
    effort_lost_cart: Real = number(0.7, low=0, high=20, unit="effort", source=ASSUMPTION, off=0.0)
    effort_lost_knowledge: Real = number(0.3, low=0, high=20, unit="effort", source=ASSUMPTION, off=0.0)
    own_error: Share = number(
        0.02,
        low=0,
        high=1,
        unit="probability per look-up",
        source="assumption: silos err too",
        off=0.0,
        description="of a cart or a history that a channel keeps for itself",
    )
    knowledge_threshold: Share = number(
        0.2,
        low=0,
        high=1,
        unit="knowledge",
        source=ASSUMPTION,
        description="from which what lies in a channel is something that can be lost",
    )


class StatementsParameters(Spec):
    """M6: what this channel says against what she was last told, by whom."""

    code: ClassVar[str] = "M6"

    tolerance: Share = number(0.03, low=0, high=1, unit="share of list price", source="assumption: just noticeable")
    price_clash_rate: Real = number(10.0, low=0, high=100, unit="rate per price share", source=ASSUMPTION, off=0.0)
    promotion_clash_rate: Real = number(6.0, low=0, high=100, unit="rate per price share", source=ASSUMPTION, off=0.0)
    deal_prone_factor: Real = number(1.5, low=0, high=10, unit="times", source=ASSUMPTION)
    others_factor: Real = number(0.8, low=0, high=10, unit="times", source=ASSUMPTION)
    cart_lost_rate: Real = number(
        0.5, low=0, high=1e12, unit="rate", source="assumption; not identified by any fact", off=0.0
    )
    asked_again_rate: Real = number(0.25, low=0, high=1e12, unit="rate", source="assumption; F61", off=0.0)
    wrong_person_rate: Real = number(0.5, low=0, high=1e12, unit="rate", source=ASSUMPTION, off=0.0)
    expectation_floor: Real = number(
        0.4,
        low=0,
        high=5,
        unit="times",
        source=ASSUMPTION,
        description="a failed switch weighs floor + slope x belief: it costs more the more she believed",
    )
    expectation_slope: Real = number(1.2, low=0, high=5, unit="times", source=ASSUMPTION, off=0.0)


class RaceParameters(Spec):
    """M7: progress is a clock at rate exp(x), pause one at rate 1; the earliest clock of all rings."""

    code: ClassVar[str] = "M7"

    search_self_service: Real = number(-2.02, low=-50, high=50, unit="log rate", source="calibrated")
    cart_self_service: Real = number(-0.46, low=-50, high=50, unit="log rate", source="calibrated")
    checkout_self_service: Real = number(1.46, low=-50, high=50, unit="log rate", source="calibrated")
    search_staffed: Real = number(-1.08, low=-50, high=50, unit="log rate", source="calibrated")
    cart_staffed: Real = number(1.2, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    checkout_staffed: Real = number(2.6, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    pause_rate: Real = number(1.0, low=0, high=1e12, unit="rate", source="unit of the race", off=0.0)
    browse_search: Real = number(-2.06, low=-50, high=50, unit="log rate", source="calibrated; not identified")
    browse_cart: Real = number(-0.8, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    browse_checkout: Real = number(-0.4, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    buy_search: Real = number(1.5, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    buy_cart: Real = number(0.8, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    buy_checkout: Real = number(0.4, low=-50, high=50, unit="log rate", source=ASSUMPTION)
    knowledge_search: Real = number(1.8, low=0, high=10, unit="log rate", source=ASSUMPTION, off=0.0)
    knowledge_cart: Real = number(0.8, low=0, high=10, unit="log rate", source=ASSUMPTION, off=0.0)
    knowledge_checkout: Real = number(0.3, low=0, high=10, unit="log rate", source=ASSUMPTION, off=0.0)
    friction_search: Real = number(
        0.3,
        low=0,
        high=10,
        unit="log rate",
        source=ASSUMPTION,
        off=0.0,
        description="times the channel's screen friction",
    )
    friction_cart: Real = number(0.3, low=0, high=10, unit="log rate", source=ASSUMPTION, off=0.0)
    friction_checkout: Real = number(
        2.68,
        low=0,
        high=10,
        unit="log rate",
        source="calibrated",
        off=0.0,
        description="times the channel's form friction",
    )
    price_weight: Real = number(1.0, low=0, high=20, unit="log rate", source=ASSUMPTION, off=0.0)
    effort_weight: Real = number(0.6, low=0, high=10, unit="log rate per budget", source=ASSUMPTION, off=0.0)
    satisfaction_weight: Real = number(
        0.5, low=0, high=10, unit="log rate per satisfaction", source=ASSUMPTION, off=0.0
    )
    liking_weight: Real = number(0.3, low=0, high=10, unit="log rate per liking", source=ASSUMPTION, off=0.0)
    help_right: Real = number(1.3, low=1, high=3, unit="times the knowledge gain", source=ASSUMPTION, off=1.0)
    help_wrong: Real = number(0.85, low=0, high=1, unit="times the knowledge gain", source=ASSUMPTION, off=1.0)
    head_gain: Share = number(
        0.6,
        low=0,
        high=1,
        unit="knowledge",
        source=ASSUMPTION,
        description="the most that she remembers without any list",
    )
    list_weight: Share = number(
        0.4,
        low=0,
        high=1,
        unit="knowledge",
        source=ASSUMPTION,
        description="what lies in the channel adds to what she remembers",
    )
    visit_effort: Real = number(0.2, low=0, high=10, unit="effort", source=ASSUMPTION, off=0.0)
    trip_effort: Real = number(0.01, low=0, high=1, unit="effort per minute", source=ASSUMPTION, off=0.0)
    friction_effort: Real = number(0.2, low=0, high=10, unit="effort", source=ASSUMPTION, off=0.0)


class GivingUpParameters(Spec):
    """M8: each cause has its own clock; proportions at the checkout from stated reasons (F03), their level calibrated."""

    code: ClassVar[str] = "M8"

    not_ready_browse: Real = number(1.2, low=0, high=100, unit="rate", source=ASSUMPTION, off=0.0)
    not_ready_consider: Real = number(0.35, low=0, high=100, unit="rate", source=ASSUMPTION, off=0.0)
    not_ready_buy: Real = number(0.10, low=0, high=100, unit="rate", source=ASSUMPTION, off=0.0)
    not_ready_in_cart: Real = number(
        2.87,
        low=0,
        high=10,
        unit="times",
        source="calibrated; F04",
        description="how much sooner somebody who is not ready leaves with a cart",
    )
    competitor: Real = number(0.10, low=0, high=100, unit="rate", source=ASSUMPTION, off=0.0)
    extra_cost: Real = number(
        0.189, low=0, high=100, unit="rate at full surcharge", source="F03: weight 48 of 222; calibrated level", off=0.0
    )
    forced_account: Real = number(
        0.103, low=0, high=100, unit="rate", source="F03: weight 26 of 222; calibrated level", off=0.0
    )
    payment_distrust: Real = number(
        0.1,
        low=0,
        high=100,
        unit="rate at full payment risk",
        source="F03: weight 25 of 222; calibrated level",
        off=0.0,
    )
    usual_delivery: Real = number(
        3.0, low=0.01, high=60, unit="days", source="assumption: delivery at which slow_delivery holds"
    )
    slow_delivery: Real = number(
        0.093,
        low=0,
        high=100,
        unit="rate at the usual delivery, in proportion to its days",
        source="F03: weight 23 of 222; calibrated level",
        off=0.0,
    )
    tedious_form: Real = number(
        0.172,
        low=0,
        high=100,
        unit="rate at full form friction",
        source="F03: weight 22 of 222; calibrated level",
        off=0.0,
    )
    effort: Real = number(0.3, low=0, high=100, unit="rate per budget", source=ASSUMPTION, off=0.0)
    effort_free: Real = number(
        0.5, low=0, high=10, unit="budgets", source="assumption: below, effort drives nobody away"
    )
    to_place: Real = number(
        0.03,
        low=0,
        high=10,
        unit="rate",
        source="assumption; swept 0 to 0.06",
        off=0.0,
        description="of leaving the page for the place that is said to have the item",
    )
    waiting: Share = number(
        0.3,
        low=0,
        high=1,
        unit="probability",
        source=ASSUMPTION,
        off=0.0,
        description="that somebody who left a waiting line gives the journey up",
    )
    again_browse: Share = number(
        0.45, low=0, high=1, unit="probability", source=ASSUMPTION, description="a paused journey goes on the same day"
    )
    again_consider: Share = number(0.56, low=0, high=1, unit="probability", source=ASSUMPTION)
    again_buy: Share = number(0.62, low=0, high=1, unit="probability", source=ASSUMPTION)
    gap_log: Real = number(
        2.26, low=-10, high=10, unit="log days", source=ASSUMPTION, description="else after 1 + lognormal days"
    )
    gap_spread: Real = number(0.82, low=0, high=3, unit="log days", source=ASSUMPTION)


class EncounterGroups(Spec):
    """Groups of parameters: what happens in a visit."""

    identity: IdentityParameters = Field(default_factory=IdentityParameters)
    context: ContextParameters = Field(default_factory=ContextParameters)
    statements: StatementsParameters = Field(default_factory=StatementsParameters)
    race: RaceParameters = Field(default_factory=RaceParameters)
    giving_up: GivingUpParameters = Field(default_factory=GivingUpParameters)
