"""Every state variable of the model: name, kind, unit, initial value, meaning; and the world's tables.

What belongs to one mechanism is declared in its module; here stand what all share, and what comes of
all together. The compiled engine derives its records and tables from it, the agents their attributes,
so that a rule cannot tell an agent from a record.
"""

from __future__ import annotations

from simsuite.rules.mechanism import (
    Record,
    Variable,
    amount,
    code,
    count,
    counts,
    delay,
    fixed,
    minutes,
    nested,
    place,
    real,
    renewal,
    shape,
    share,
    trait,
    which,
    whole,
    worked_out,
    yes,
)
from simsuite.rules.mechanisms import MECHANISMS
from simsuite.tallies import Switch
from simsuite.vocabulary import MAX_CHANNELS, MAX_SEGMENTS, N_CAUSES, NEVER, PARTS_PER_DAY, Intent, Outcome, Phase

LONGEST_DELAY = 60  # days, as scenarios have it
APPEALS = "the attributes of channels and categories, every morning"
DAYS_RUN = "how many days have been run"
DAYS = "the days of the scenario make it"
ONE_LUCK = "a run has one luck"


def with_mechanisms(name: str, *variables: Variable) -> Record:
    """The record of a thing: what all share, then what mechanisms add to it; nothing stands empty between them.

    Numbers stand before yes and no, which would each take the room of one between them. Tables of numbers stand
    last: a daypart that begins leaves the room to work in of a visit as it is, and blanks all before it.
    """
    added = [variable for each in MECHANISMS for variable in getattr(each.MECHANISM, name.lower())]
    together = (*variables, *added)
    twice = {one.name for one in together if sum(one.name == other.name for other in together) > 1}
    if twice:
        raise ValueError(f"{name} has {', '.join(sorted(twice))} twice.")
    return Record(name, tuple(sorted(together, key=lambda each: (isinstance(each.kind, tuple), each.kind is bool))))


JOURNEY = with_mechanisms(
    "Journey",
    code("phase", -1, Phase, "-1 while no need is open"),
    which("need", "number of the need"),
    count("born", "part in which the need arose"),
    yes("counted", False, "the need arose inside the horizon"),
    count("visits", "visits made for this need", anew=0),
    code("intent", 0, Intent),
    count("category", "index"),
    count("item", "index"),
    count("basket_cents", "value at list price, cents"),
    amount("effort", 0.0, "effort spent on this need", anew=0.0),
    amount("head_knowledge", 0.0, "what she remembers, 0 to head_gain", anew=0.0),
    Variable("lapses", int, NEVER, "part in which the need lapses", least=0),
    Variable("next_visit", int, 0, "part; NEVER without a need", least=0),
    which("channel", "channel of the last visit of this need", anew=-1),
    whole("first_minute", 0, "minute at which its first visit began; -1 before it", anew=-1),
    which("heading_to", "place that she has decided to go to next", anew=-1),
)
NEED = Record(
    "Need",
    (
        whole("need", -1, "number of the need"),
        whole("born", 0, "part in which it arises"),
        yes("counted", False, "it arises inside the horizon"),
        whole("intent", 0, "code of Intent"),
        whole("category", 0, "index"),
        whole("item", 0, "index"),
        whole("basket_cents", 0, "value at list price, cents"),
        whole("lapses", NEVER, "part in which it lapses"),
        whole("channel", -1, "none yet"),
        whole("visits", 0, "none yet"),
    ),
)
CUSTOMER = with_mechanisms(
    "Customer",
    shape("number", 0, "who she is; the actor of her draws"),
    place("segment", 0, "segments", "index"),
    place("region", 0, "regions", "index"),
    Variable("need_rate", float, 0.0, "candidate needs per daypart", least=0.0, most=100.0),
    share("plan_share", 0.55, "of her occasions, with a plan: to consider or to buy"),
    share("buy_share", 0.2, "of her occasions, with the aim to buy"),
    Variable("effort_budget", float, 2.5, "effort that she spends on one journey before it shows", least=0.001),
    Variable("price_sensitivity", float, 1.0, "times the population's median", least=0.0),
    yes("deal_prone", False, "reacts strongly to offers"),
    share("awareness", 1.0, "probability that the firm comes to mind"),
    place("last_channel", -1, "channels", "channel of her last visit for any need"),
    Variable("next_need", int, 0, "number of the next need", least=0, most=2**30),
    Variable("next_need_time", float, 0.0, "when it arises, parts since the start of the run", least=0.0),
    nested("journey", JOURNEY, "the open journey"),
)
RELATION = with_mechanisms(
    "Relation",
    real("taste", 0.0, "utility of this channel to her that nothing else explains"),
    share("link", 0.0, "u(i, a): her record here is connected iff below the coverage"),
    yes("reachable", True, "she can use this channel"),
)
CHANNEL = Record(
    "Channel",
    (
        shape("index", 0, "place in this scenario's tables"),
        shape("code", 0, "0 to 62, by name and the same in every scenario: draws go by it"),
        whole("domain", 0, "login domain, index"),
        *(
            real(name, 0.0, "attribute, see ChannelSpec")
            for name in (
                "breadth",
                "information",
                "inspection",
                "reassurance",
                "immediacy",
                "experience",
                "screen_friction",
                "form_friction",
                "knowledge_gain",
                "trip",
                "service",
                "identification_rate",
                "recognizable",
                "surcharge",
                "payment_risk",
                "price_level",
                "taste",
                "delivery",
            )
        ),
        trait("reach_share", "attribute, see ChannelSpec"),
        trait("reach_engagement", "attribute, see ChannelSpec"),
        *(
            yes(name, False, "flag, see ChannelSpec")
            for name in (
                "staffed",
                "needs_account",
                "sells_now",
                "delivers",
                "hands_over",
                "offers_collection",
                "counts_carts",
                "shares_data",
                "opens_morning",
                "opens_noon",
                "opens_afternoon",
                "opens_evening",
            )
        ),
        whole("delivery_cost_cents", 0, "of one delivered order"),
        share("link", 0.0, "u(a): its price, promotion and stock records are connected iff below the coverage"),
        Variable("price", float, 1.0, "this week's price, share of list, without promotion", least=0.0, most=100.0),
        worked_out(
            share("promotion", 0.0, "today's promotion, share of list"),
            "the week's draw, promotion_ends and promotion_again, every morning",
        ),
        whole("promotion_ends", 0, "day from which this week's promotion is over"),
        whole("promotion_again", NEVER, "day from which it is on again, in the week that the horizon cuts"),
    ),
)
SEGMENT = Record(
    "Segment",
    (
        *(
            trait(name, "see SegmentSpec")
            for name in (
                "share",
                "price_sensitivity",
                "price_sensitivity_spread",
                "deal_prone_share",
                "privacy_concern_share",
                "consent_share",
                "effort_budget",
                "effort_budget_spread",
                "taste_spread",
                "awareness",
                "satisfaction",
                "engagement_intent",
            )
        ),
        trait("tastes", "mean taste by channel", MAX_CHANNELS),
        trait("rate_knots", "quantiles of the need rate per daypart, evenly in -ln(1 - u) from 0 to 24", 2049),
    ),
)
CATEGORY = Record(
    "Category",
    (
        *(
            share(name, 0.0, "see CategorySpec")
            for name in ("need_share", "need_to_inspect", "risk", "pleasure", "urgency", "deliberation", "goods_cost")
        ),
        shape("first_item", 0, "index of its first item"),
        shape("items", 1, "number of items"),
    ),
)
ITEM = Record(
    "Item",
    (
        shape("category", 0, "index"),
        count("list_cents", "list price"),
        share("popularity", 0.0, "share of the needs of its category"),
        share("demand_share", 0.0, "share of all needs"),
    ),
)
APPEAL = Record(
    "Appeal",
    (
        worked_out(real("search", 0.0, "utility of the channel while searching in this category"), APPEALS),
        worked_out(real("buy", 0.0, "utility of the channel while buying in this category"), APPEALS),
    ),
)
PLACE = Record(
    "Place",
    (
        shape("pool", -1, "stock pool that serves this channel in this region"),
        shape("desk", -1, "desk that serves it; -1 none"),
    ),
)
LINK = Record(
    "Link",
    (
        delay(
            "delay",
            NEVER,
            LONGEST_DELAY * PARTS_PER_DAY,
            "parts until a record of one channel can be read in the other; NEVER: not",
        ),
        share("error", 0.0, "probability that a version is wrong"),
    ),
)
COVERAGE = Record(
    "Coverage", (share("share", 0.0, "share of the records in this channel and region that are connected"),)
)
STOCK = Record(
    "Stock",
    (
        count("units", "on the shelf"),
        count("recorded", "in the inventory record"),
        worked_out(
            yes("on_shelf", False, "published: at least one unit was there as the daypart began"),
            "units, in every daypart",
        ),
        Variable(
            "history", int, 0, "published: bit k says whether the record showed stock k days ago", least=0, most=2**62
        ),
        count("on_order", "units on their way"),
        whole("arrives", NEVER, "day on which they arrive"),
        count("sold", "units since the start"),
        count("received", "units since the start, with the first filling"),
        count("vanished", "units since the start"),
    ),
)
POOL = Record(
    "Pool",
    (
        shape("code", 0, "by name and area, the same in every scenario: draws go by it"),
        Variable("units_per_day", float, 0.0, "planner's forecast over all items", least=0.0, most=1e9),
        count("sold_today", "units"),
    ),
)
DESK = Record(
    "Desk",
    (
        shape("clerks", 1, "who serve there"),
        minutes("expected_wait", "published"),
        minutes("waited", "offered since the last publication"),
        count("arrivals", "since the last publication"),
    ),
)
CLERK = Record("Clerk", (minutes("free_at", "since the start, at which this clerk is free"),))
BOARD = Record(
    "Board",
    (
        Variable("price", float, 1.0, "share of list, as that day began", least=0.0, most=100.0),
        share("promotion", 0.0, "share of list, as that day began"),
    ),
)
NOW = Record(
    "Now",
    (
        worked_out(whole("day", 0, "day since the switch; negative in the warm-up"), DAYS_RUN),
        worked_out(whole("part", 0, "daypart since the start of the run"), DAYS_RUN),
        worked_out(whole("daypart", 0, "code of Daypart"), DAYS_RUN),
        worked_out(whole("days_run", 0, "days since the start of the run"), DAYS_RUN),
        fixed(whole("switch_part", 0, "first part after the switch"), DAYS),
        fixed(whole("last_counted_part", 0, "first part after the horizon"), DAYS),
        fixed(whole("announced_from", 0, "first part in which an announcement is heard"), DAYS),
        worked_out(real("begins", 0.0, "minute of the day at which this daypart begins"), "the scenario's clock"),
        worked_out(real("ends", 0.0, "minute of the day at which it ends"), "the scenario's clock"),
    ),
)
POLICY = Record(
    "Policy",
    (
        yes("central_price", False, "one price decided for all channels of the firm"),
        real("central_price_level", 0.0, "that price, share of list above or below it"),
        yes("central_promotion", False, "one promotion calendar"),
        yes("collect_in_store", False, "orders may be collected where the stock is seen"),
        yes("master_read", False, "the own channel shows the shared copy after its delay"),
        yes("discreet", False, "recognition is shown to those only who identified themselves or do not mind"),
        yes("everybody_known", False, "everybody identifies herself and consents: an upper bound"),
        share("announcement_reach", 0.0, "share of customers told"),
        real("announcement_strength", 0.0, "pseudo-observations"),
        share("announcement_level", 0.0, "belief announced"),
    ),
)
LUCK = Record(
    "Luck",
    (
        fixed(whole("key_0", 0, "low word of the seed"), ONE_LUCK),
        fixed(whole("key_1", 0, "high word of the seed"), ONE_LUCK),
        fixed(whole("replication", 0, "number"), ONE_LUCK),
    ),
)

VISIT = with_mechanisms(
    "Visit",
    whole("customer", 0, "number"),
    whole("part", 0, "daypart since the start"),
    whole("ordinal", 0, "events of hers written in this part"),
    whole("channel", -1, "where she is; -1: no visit in this part"),
    whole("before", -1, "channel of the visit before, for the same need; -1: came from home"),
    yes("active", False, "a visit is due for the open need"),
    real("minute", 0.0, "arrival, minute since the start"),
    nested("candidate", NEED, "the need that has just fallen due"),
    Variable("bits", (int, (16,)), 0, "random bits drawn ahead, see rules/draws_ahead.py"),
)
TALLY = with_mechanisms(
    "Tally",
    counts(*("outcomes", MAX_SEGMENTS, len(Intent), len(Outcome)), meaning="candidate needs: segment, intent, Outcome"),
    counts(*("visits", MAX_SEGMENTS, MAX_CHANNELS), meaning="visits on days of the horizon"),
    counts(
        *("lost", MAX_SEGMENTS, N_CAUSES, MAX_CHANNELS + 1, MAX_CHANNELS + 1),
        meaning="ledger: segment, cause, from, to (last: at home)",
    ),
    counts(
        *("lost_cents", MAX_SEGMENTS, N_CAUSES, MAX_CHANNELS + 1, MAX_CHANNELS + 1), meaning="list value of the same"
    ),
    counts(
        *("switches", MAX_CHANNELS, MAX_CHANNELS, len(Switch)),
        meaning="from, to: all, with something in hand, unbroken",
    ),
)
renew_journey = renewal("renew_journey", JOURNEY, __name__)
renew_relation = renewal("renew_relation", RELATION, __name__)


EVENT = (
    ("customer", "i4"),
    ("part", "i4"),
    ("second", "i4"),
    ("need", "i4"),
    ("visit", "i2"),
    ("ordinal", "i2"),
    ("kind", "i1"),
    ("channel", "i1"),
    ("other_channel", "i1"),
    ("phase", "i1"),
    ("cause", "i1"),
    ("value", "f4"),
)
SETTLED = (
    ("customer", "i4"),
    ("need", "i4"),
    ("born", "i4"),
    ("closed", "i4"),
    ("cents", "i8"),
    ("visits", "i2"),
    ("outcome", "i1"),
    ("cause", "i1"),
    ("channel", "i1"),
    ("intent", "i1"),
    ("category", "i1"),
    ("segment", "i1"),
)
