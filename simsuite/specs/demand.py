"""Parameters of wanting and choosing: needs (M1), choice of channel (M2), learning and feelings (M13)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from simsuite.specs.base import ASSUMPTION, Days, Real, Share, Spec, number


class NeedsParameters(Spec):
    """M1: candidate needs come on the customer's own clock and are considered or not."""

    code: ClassVar[str] = "M1"

    inclusive_value_weight: Real = number(
        0.3,
        low=0,
        high=1,
        unit="utility per utility",
        source="assumption; swept 0 to 1",
        off=0.0,
        description="how much better or more channels win needs",
    )
    consideration_threshold: Real = number(
        -2.0, low=-50, high=50, unit="utility", source=ASSUMPTION, description="V0: utility of not even looking around"
    )
    browse_share: Share = number(0.45, low=0, high=1, unit="share of needs", source="F04: 43 to 60 % only look around")
    consider_share: Share = number(0.35, low=0, high=1, unit="share of needs", source=ASSUMPTION)
    lapse_log_browse: Real = number(1.6, low=-5, high=20, unit="log days", source=ASSUMPTION)
    lapse_log_consider: Real = number(2.6, low=-5, high=20, unit="log days", source=ASSUMPTION)
    lapse_log_buy: Real = number(2.3, low=-5, high=20, unit="log days", source=ASSUMPTION)
    lapse_deliberation: Real = number(
        0.6,
        low=0,
        high=5,
        unit="log days",
        source=ASSUMPTION,
        off=0.0,
        description="how much longer what is thought over stays open, from deliberation 0 to 1",
    )
    lapse_spread: Real = number(0.7, low=0, high=3, unit="log days", source=ASSUMPTION)
    basket_spread: Real = number(
        0.4,
        low=0,
        high=2,
        unit="log money",
        source=ASSUMPTION,
        description="spread of the basket value around the price of its main item",
    )


class ChoiceParameters(Spec):
    """M2: the utility of going to a channel."""

    code: ClassVar[str] = "M2"

    search_breadth: Real = number(1.5, low=0, high=10, unit="utility", source=ASSUMPTION)
    search_information: Real = number(2.5, low=0, high=10, unit="utility", source=ASSUMPTION)
    search_friction: Real = number(0.6, low=0, high=10, unit="utility", source=ASSUMPTION)
    buy_inspection: Real = number(2.5, low=0, high=10, unit="utility", source=ASSUMPTION)
    buy_immediacy: Real = number(1.5, low=0, high=10, unit="utility", source=ASSUMPTION)
    buy_reassurance: Real = number(2.0, low=0, high=10, unit="utility", source=ASSUMPTION)
    buy_experience: Real = number(1.0, low=0, high=10, unit="utility", source=ASSUMPTION)
    buy_friction: Real = number(1.2, low=0, high=10, unit="utility", source=ASSUMPTION)
    inertia: Real = number(
        0.5, low=0, high=5, unit="utility", source="F70: 0.5 to 1.0 beside taste; swept 0 to 2", off=0.0
    )
    liking_weight: Real = number(1.0, low=0, high=10, unit="utility per satisfaction", source=ASSUMPTION, off=0.0)
    price_weight: Real = number(
        1.0,
        low=0,
        high=20,
        unit="utility",
        source=ASSUMPTION,
        off=0.0,
        description="times her price sensitivity and the relative price difference",
    )
    offer_deal_prone: Real = number(
        0.8,
        low=0,
        high=5,
        unit="utility",
        source="F71",
        off=0.0,
        description="of a full offer, for a deal-prone customer",
    )
    offer_others: Real = number(0.24, low=0, high=5, unit="utility", source=ASSUMPTION, off=0.0)
    full_offer: Share = number(
        0.15,
        low=0.01,
        high=0.9,
        unit="share of list price",
        source="F81: 15 % of list value",
        description="depth of an offer that counts as one",
    )
    trip_weight: Real = number(0.03, low=0, high=1, unit="utility per minute", source=ASSUMPTION, off=0.0)
    wait_weight: Real = number(0.03, low=0, high=1, unit="utility per minute", source=ASSUMPTION, off=0.0)
    restart_knowledge: Real = number(
        1.0, low=0, high=10, unit="utility", source="assumption; not identified by any fact", off=0.0
    )
    restart_cart: Real = number(
        1.5, low=0, high=10, unit="utility", source="assumption; not identified by any fact", off=0.0
    )
    availability_weight: Real = number(
        3.0,
        low=0,
        high=10,
        unit="utility",
        source="assumption; swept 0 to 6",
        off=0.0,
        description="kappa: of finding the item at the place",
    )
    readiness_browse: Share = number(0.03, low=0, high=1, unit="readiness", source=ASSUMPTION)
    readiness_consider: Share = number(0.25, low=0, high=1, unit="readiness", source=ASSUMPTION)
    readiness_buy: Share = number(0.70, low=0, high=1, unit="readiness", source=ASSUMPTION)
    readiness_with_cart: Share = number(0.80, low=0, high=1, unit="readiness", source=ASSUMPTION)
    readiness_gain: Share = number(
        0.9,
        low=0,
        high=1,
        unit="share",
        source=ASSUMPTION,
        off=0.0,
        description="of the way to full readiness that full knowledge goes",
    )
    noise: Real = number(1.0, low=0, high=10, unit="Gumbel scale", source="unit of utility", off=0.0)


class FeelingsParameters(Spec):
    """M13: what a visit feels like and what it does to satisfaction and liking."""

    code: ClassVar[str] = "M13"

    neutral: Share = number(0.70, low=0, high=1, unit="satisfaction", source=ASSUMPTION)
    step: Real = number(0.06, low=0, high=1, unit="satisfaction", source=ASSUMPTION, off=0.0)
    good_help: Real = number(0.06, low=0, high=1, unit="satisfaction", source=ASSUMPTION, off=0.0)
    wrong_help: Real = number(0.10, low=0, high=1, unit="satisfaction", source=ASSUMPTION, off=0.0)
    price_surprise: Real = number(
        0.2,
        low=0,
        high=5,
        unit="satisfaction per price share",
        source=ASSUMPTION,
        off=0.0,
        description="of paying less, or more, than another channel said; that losses weigh more is `asymmetry`",
    )
    cart_lost: Real = number(
        0.2,
        low=0,
        high=1,
        unit="satisfaction",
        source=ASSUMPTION,
        off=0.0,
        description="times 2 (0.4 + 1.2 expectation) / 2: the more she believed in continuity, the worse",
    )
    asked_again: Real = number(
        0.05,
        low=0,
        high=1,
        unit="satisfaction",
        source="assumption; F57 0.15 per repeated contact is for service",
        off=0.0,
    )
    out_of_stock: Real = number(0.15, low=0, high=1, unit="satisfaction", source=ASSUMPTION, off=0.0)
    broken_promise: Real = number(0.5, low=0, high=1, unit="satisfaction", source=ASSUMPTION, off=0.0)
    waiting: Real = number(0.01, low=0, high=1, unit="satisfaction per minute", source=ASSUMPTION, off=0.0)
    effort: Real = number(0.05, low=0, high=1, unit="satisfaction per effort budget", source=ASSUMPTION, off=0.0)
    creepy: Real = number(0.10, low=0, high=1, unit="satisfaction", source="assumption; F77 F78", off=0.0)
    asymmetry: Real = number(2.5, low=1, high=4, unit="times", source="F60: losses weigh 2 to 4 times gains", off=1.0)
    learning_weight: Share = number(0.2, low=0, high=1, unit="share", source="F67; swept 0.05 to 0.5", off=0.0)
    learning_floor: Share = number(0.05, low=0, high=1, unit="share", source="F67", off=0.0)
    tenure_effect: Real = number(0.05, low=0, high=1, unit="per experience", source="F67: falls with tenure", off=0.0)
    firm_share: Share = number(
        0.6,
        low=0,
        high=1,
        unit="share",
        source=ASSUMPTION,
        off=0.0,
        description="of the expectation in a channel that the firm as a whole has taught her",
    )


class LearningParameters(Spec):
    """M13: one form for everything learned: mean = (n0 m + sum w x) / (n0 + sum w)."""

    code: ClassVar[str] = "M13"

    half_life: Days = number(365.0, low=1, high=1e9, unit="days", source=ASSUMPTION, off=1e9)
    belief_prior: Share = number(0.3, low=0, high=1, unit="belief", source="assumption; swept 0.1 to 0.5")
    belief_prior_weight: Real = number(
        2.0, low=0.01, high=1e12, unit="observations", source="assumption; swept", off=1e12
    )
    belief_switch_weight: Real = number(1.0, low=0, high=10, unit="observations", source=ASSUMPTION, off=0.0)
    belief_greeting_weight: Real = number(0.3, low=0, high=10, unit="observations", source=ASSUMPTION, off=0.0)
    liking_prior_weight: Real = number(4.0, low=0.01, high=1e12, unit="observations", source=ASSUMPTION, off=1e12)
    shelf_prior_weight: Real = number(4.0, low=0.01, high=1e12, unit="observations", source=ASSUMPTION, off=1e12)
    shelf_prior_silent: Share = number(
        0.85, low=0, high=1, unit="probability", source="assumption: found when nothing was shown"
    )
    shelf_prior_yes: Share = number(
        0.90, low=0, high=1, unit="probability", source="assumption: found when shown as in stock"
    )
    shelf_prior_no: Share = number(
        0.15, low=0, high=1, unit="probability", source="assumption: found though shown as out"
    )


class DemandGroups(Spec):
    """Groups of parameters: what brings people and what they learn."""

    needs: NeedsParameters = Field(default_factory=NeedsParameters)
    choice: ChoiceParameters = Field(default_factory=ChoiceParameters)
    feelings: FeelingsParameters = Field(default_factory=FeelingsParameters)
    learning: LearningParameters = Field(default_factory=LearningParameters)
