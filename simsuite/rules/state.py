"""Every state variable of the model: name, kind, unit, initial value, meaning; once.

`engines/records.py` derives the compiled engine's records from it and
`engines/agents.py` the attributes of the agents, so that a rule cannot tell an
agent from a record. Kinds: int and float (8 bytes each), bool, a nested record,
or a fixed row of floats.
"""

from __future__ import annotations

from dataclasses import dataclass

from simsuite.vocabulary import MAX_CHANNELS, MAX_SEGMENTS, N_CAUSES, N_CLOCKS_PADDED, NEVER


@dataclass(frozen=True)
class Variable:
    """One state variable. `kind` is int, float, bool, a Record, or (float, shape) / (int, shape)."""

    name: str
    kind: object
    initial: object
    meaning: str


@dataclass(frozen=True)
class Record:
    """The state variables of one kind of thing."""

    name: str
    variables: tuple[Variable, ...]


def whole(name: str, initial: int, meaning: str) -> Variable:
    return Variable(name, int, initial, meaning)


def real(name: str, initial: float, meaning: str) -> Variable:
    return Variable(name, float, initial, meaning)


def yes(name: str, initial: bool, meaning: str) -> Variable:
    return Variable(name, bool, initial, meaning)


def nested(name: str, record: Record, meaning: str) -> Variable:
    return Variable(name, record, None, meaning)


def counts(name: str, *shape: int, meaning: str) -> Variable:
    return Variable(name, (int, shape), 0, meaning)


LEARNED = Record(
    "Learned",
    (
        real("evidence", 0.0, "weighted sum of what she experienced, 0 to weight"),
        real("weight", 0.0, "observations, faded to `since`"),
        whole("since", 0, "part up to which both have faded"),
    ),
)

JOURNEY = Record(
    "Journey",
    (
        whole("phase", -1, "code of Phase; -1 while no need is open"),
        whole("need", -1, "number of the need"),
        whole("born", 0, "part in which the need arose"),
        yes("counted", False, "the need arose inside the horizon"),
        whole("visit", 0, "visits made for this need"),
        whole("intent", 0, "code of Intent"),
        whole("category", 0, "index"),
        whole("item", 0, "index"),
        whole("basket_cents", 0, "value at list price, cents"),
        real("effort", 0.0, "effort spent on this need"),
        real("head_knowledge", 0.0, "what she remembers, 0 to head_gain"),
        whole("lapses", NEVER, "part in which the need lapses"),
        whole("next_visit", 0, "part"),
        whole("channel", -1, "channel of the last visit of this need"),
        whole("first_minute", 0, "minute at which its first visit began"),
        whole("cart_channel", -1, "where the newest cart lies"),
        real("stated_price", -1.0, "price last stated, share of list, without promotion; -1 none"),
        real("stated_promotion", 0.0, "promotion last stated, share of list"),
        whole("stated_by", -1, "channel that stated them"),
        whole("price_origin", -1, "channel whose own price it is; another one if it was honored"),
        whole("promotion_origin", -1, "channel whose own promotion it is"),
        whole("stated_stock", 0, "code of Stated"),
        whole("stated_stock_by", -1, "channel that stated it"),
        whole("stated_place", -1, "the place that it was stated about"),
        whole("heading_to", -1, "place that she has decided to go to next"),
        whole("collect_at", -1, "place at which her order waits"),
    ),
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
        whole("visit", 0, "none yet"),
    ),
)

CUSTOMER = Record(
    "Customer",
    (
        whole("number", 0, "who she is; the actor of her draws"),
        whole("segment", 0, "index"),
        whole("region", 0, "index"),
        real("need_rate", 0.0, "candidate needs per daypart"),
        real("plan_share", 0.55, "of her occasions, with a plan: to consider or to buy"),
        real("buy_share", 0.2, "of her occasions, with the aim to buy"),
        real("effort_budget", 2.5, "effort that she spends on one journey before it shows"),
        real("price_sensitivity", 1.0, "times the population's median"),
        yes("deal_prone", False, "reacts strongly to offers"),
        yes("privacy_concerned", False, "minds being recognized"),
        yes("consents", True, "to linking her records"),
        yes("announced", False, "has taken in the announcement"),
        real("awareness", 1.0, "probability that the firm comes to mind, 0 to 1"),
        real("satisfaction", 0.7, "0 to 1"),
        whole("experiences", 0, "visits that taught her something"),
        whole("orders", 0, "orders placed"),
        whole("last_channel", -1, "channel of her last visit for any need"),
        whole("next_need", 0, "number of the next need"),
        real("next_need_time", 0.0, "when it arises, parts since the start of the run"),
        nested("belief", LEARNED, "that channels work together"),
        nested("shelf_silent", LEARNED, "of finding an item when nothing was shown"),
        nested("shelf_yes", LEARNED, "of finding an item shown as in stock"),
        nested("shelf_no", LEARNED, "of finding an item shown as out of stock"),
        nested("journey", JOURNEY, "the open journey"),
    ),
)

RELATION = Record(
    "Relation",
    (
        real("taste", 0.0, "utility of this channel to her that nothing else explains"),
        real("link", 0.0, "u(i, a), 0 to 1: her record here is connected iff below the coverage"),
        real("knowledge", 0.0, "what lies here about the open need (lists, items viewed), 0 to 1"),
        real("told_price", -1.0, "price last stated here to her, share of list, without promotion; -1 never"),
        nested("liking", LEARNED, "experience in this channel"),
        whole("known_since", -1, "part since which her record exists here; -1 none"),
        whole("cart_need", -1, "need whose cart lies here; -1 none"),
        whole("cart_since", 0, "part in which that cart was begun"),
        whole("written", -1, "part of the newest version of what lies here about her"),
        whole("orders", 0, "orders placed here"),
        yes("reachable", True, "she can use this channel"),
        yes("recognized", False, "at her last visit here for the open need it was known who she is"),
        yes("complained", False, "had a false merge put right here"),
    ),
)

CHANNEL = Record(
    "Channel",
    (
        whole("index", 0, "place in this scenario's tables"),
        whole("code", 0, "0 to 15, by name and the same in every scenario: draws go by it"),
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
                "reach_share",
                "reach_engagement",
            )
        ),
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
        real("link", 0.0, "u(a), 0 to 1: its price, promotion and stock records are connected iff below the coverage"),
        real("price", 1.0, "this week's price, share of list, without promotion"),
        real("promotion", 0.0, "this week's promotion, share of list"),
    ),
)

SEGMENT = Record(
    "Segment",
    (
        *(
            real(name, 0.0, "see SegmentSpec")
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
        Variable("tastes", (float, (MAX_CHANNELS,)), 0.0, "mean taste by channel"),
        Variable(
            "rate_knots",
            (float, (2049,)),
            0.0,
            "quantiles of the need rate per daypart, evenly in -ln(1 - u) from 0 to 24",
        ),
    ),
)

CATEGORY = Record(
    "Category",
    (
        *(
            real(name, 0.0, "0 to 1, see CategorySpec")
            for name in ("need_share", "need_to_inspect", "risk", "pleasure", "urgency", "deliberation", "goods_cost")
        ),
        whole("first_item", 0, "index of its first item"),
        whole("items", 1, "number of items"),
    ),
)

ITEM = Record(
    "Item",
    (
        whole("category", 0, "index"),
        whole("list_cents", 0, "list price"),
        real("popularity", 0.0, "share of the needs of its category"),
        real("demand_share", 0.0, "share of all needs"),
    ),
)

APPEAL = Record(
    "Appeal",
    (
        real("search", 0.0, "utility of the channel while searching in this category"),
        real("buy", 0.0, "utility of the channel while buying in this category"),
    ),
)

PLACE = Record(
    "Place",
    (
        whole("pool", -1, "stock pool that serves this channel in this region; -1 none"),
        whole("desk", -1, "desk that serves it; -1 none"),
    ),
)

LINK = Record(
    "Link",
    (
        whole("delay", NEVER, "parts until a record of one channel can be read in the other; NEVER: no link"),
        real("error", 0.0, "probability that a version is wrong"),
    ),
)

COVERAGE = Record(
    "Coverage", (real("share", 0.0, "share of the records in this channel and region that are connected"),)
)

STOCK = Record(
    "Stock",
    (
        whole("units", 0, "on the shelf"),
        whole("recorded", 0, "in the inventory record"),
        yes("on_shelf", False, "published: at least one unit was there as the daypart began"),
        whole("history", 0, "published: bit k says whether the record showed stock k days ago"),
        whole("on_order", 0, "units on their way"),
        whole("arrives", NEVER, "day on which they arrive"),
        whole("sold", 0, "units since the start"),
        whole("received", 0, "units since the start, with the first filling"),
        whole("vanished", 0, "units since the start"),
    ),
)

POOL = Record(
    "Pool",
    (
        whole("code", 0, "by name and area, the same in every scenario: draws go by it"),
        real("units_per_day", 0.0, "planner's forecast over all items"),
        whole("sold_today", 0, "units"),
        whole("customers", 0, "people whom it serves"),
    ),
)

DESK = Record(
    "Desk",
    (
        real("free_at", 0.0, "minute since the start at which its server is free"),
        real("expected_wait", 0.0, "published, minutes"),
        real("waited", 0.0, "minutes offered since the last publication"),
        whole("arrivals", 0, "since the last publication"),
        whole("customers", 0, "people whom it serves"),
    ),
)

BOARD = Record(
    "Board",
    (
        real("price", 1.0, "share of list, as that day began"),
        real("promotion", 0.0, "share of list, as that day began"),
    ),
)

NOW = Record(
    "Now",
    (
        whole("day", 0, "day since the switch; negative in the warm-up"),
        whole("part", 0, "daypart since the start of the run"),
        whole("daypart", 0, "code of Daypart"),
        whole("days_run", 0, "days since the start of the run"),
        whole("switch_part", 0, "first part after the switch"),
        whole("last_counted_part", 0, "first part after the horizon"),
        whole("announced_from", 0, "first part in which an announcement is heard"),
        real("begins", 0.0, "minute of the day at which this daypart begins"),
        real("ends", 0.0, "minute of the day at which it ends"),
    ),
)

POLICY = Record(
    "Policy",
    (
        yes("central_price", False, "one price decided for all channels of the firm"),
        yes("central_promotion", False, "one promotion calendar"),
        yes("collect_in_store", False, "orders may be collected where the stock is seen"),
        yes("master_read", False, "the own channel shows the shared copy after its delay"),
        yes("discreet", False, "recognition is shown to those only who identified themselves or do not mind"),
        yes("everybody_known", False, "everybody identifies herself and consents: an upper bound"),
        real("announcement_reach", 0.0, "share of customers told"),
        real("announcement_strength", 0.0, "pseudo-observations"),
        real("announcement_level", 0.0, "belief announced"),
    ),
)

LUCK = Record(
    "Luck",
    (
        whole("key_0", 0, "low word of the seed"),
        whole("key_1", 0, "high word of the seed"),
        whole("replication", 0, "number"),
    ),
)

VISIT = Record(
    "Visit",
    (
        whole("customer", 0, "number"),
        whole("part", 0, "daypart since the start"),
        whole("ordinal", 0, "events of hers written in this part"),
        whole("channel", -1, "where she is; -1: no visit in this part"),
        yes("active", False, "a visit is due for the open need"),
        nested("candidate", NEED, "the need that has just fallen due"),
        yes("collecting", False, "she comes to pick up an order"),
        real("minute", 0.0, "arrival, minute since the start"),
        real("service", 0.0, "minutes at the desk that she asks for"),
        real("patience", 0.0, "minutes that she waits"),
        real("wait", 0.0, "minutes offered"),
        yes("served", True, "did not leave the line"),
        whole("before", -1, "channel of the visit before, for the same need; -1: came from home"),
        yes("identified", False, "she said who she is"),
        whole("recognition", 0, "code of Recognition"),
        whole("merged_from", -1, "channel that the record of another person came from"),
        real("gain", 0.0, "knowledge gain of the channel"),
        real("help_factor", 1.0, "times the knowledge gain"),
        real("price", 1.0, "stated here to her, share of list, without promotion"),
        real("promotion", 0.0, "stated here to her, share of list"),
        whole("price_origin", -1, "channel whose own price that is"),
        whole("promotion_origin", -1, "channel whose own promotion that is"),
        real("price_excess", 0.0, "above what another channel said, share of list"),
        real("promotion_missing", 0.0, "promised by another channel and not honored, share of list"),
        real("good_surprise", 0.0, "below what another channel said, share of list"),
        yes("cart_lost", False, "a cart that she left is not there"),
        whole("cart_from", -1, "channel in which that cart lies"),
        yes("asked_again", False, "has to say again what another channel knows"),
        yes("creepy", False, "recognized without having said who she is, and minds"),
        yes("first_step", True, "no step made yet in this visit"),
        yes("collects", False, "orders for collection"),
        whole("steps", 0, "steps forward"),
        yes("weighed", False, "the utilities have been worked out"),
        real("best_utility", 0.0, "the highest of these utilities"),
        whole("rang", -1, "clock that ended the visit, code of Cause; -1 none yet"),
        whole("second", -1, "clock that would have rung next"),
        whole("desk", -1, "desk that she stands at; -1 none"),
        real("belief", 0.0, "in continuity, as she arrived"),
        yes("greeted", False, "what another channel knows about her is known here"),
        whole("wants_pool", -1, "stock pool that she asks; -1 none"),
        whole("wants_item", -1, "item"),
        whole("second_choice", -1, "item that she would take instead; -1 none"),
        whole("got_item", -1, "item that she got"),
        whole("response", 0, "code of StockOut, if the item is not there"),
        yes("looked_for_item", False, "has looked whether the item is there"),
        whole("searched_in", -1, "channel in which she had learned most before this visit"),
        yes("stock_out", False, "the item was not there"),
        yes("promised", False, "and another channel had said that it is"),
        yes("came_for_it", False, "and she had come for it"),
        # Room to work in. Written before it is read, so a new daypart leaves it as it is: it has to stand last.
        Variable("words", (int, (16,)), 0, "luck drawn ahead, see rules/draws_ahead.py"),
        Variable("utilities", (float, (MAX_CHANNELS,)), 0.0, "of going to each channel now"),
        Variable("pulls", (float, (MAX_CHANNELS,)), 0.0, "odds of each channel against the best one"),
        Variable("rates", (float, (N_CLOCKS_PADDED,)), 0.0, "of the clocks of this step, by code of Cause"),
    ),
)

TALLY = Record(
    "Tally",
    (
        counts("outcomes", MAX_SEGMENTS, 3, 7, meaning="candidate needs: segment, intent, Outcome"),
        counts("visits", MAX_SEGMENTS, MAX_CHANNELS, meaning="visits on days of the horizon"),
        counts("buying_visits", MAX_SEGMENTS, MAX_CHANNELS, meaning="of these, visits that ended in an order"),
        counts("orders", MAX_SEGMENTS, MAX_CHANNELS, meaning="orders of counted needs, by channel of purchase"),
        counts(
            "money",
            MAX_SEGMENTS,
            MAX_CHANNELS,
            4,
            meaning="cents of counted orders: list value, discount, goods, delivery",
        ),
        counts(
            "carts",
            MAX_SEGMENTS,
            MAX_CHANNELS,
            3,
            meaning="carts of counted needs: begun, ordered there in 14 days, ordered elsewhere",
        ),
        counts(
            "carts_left",
            MAX_SEGMENTS,
            MAX_CHANNELS,
            3,
            meaning="carts of journeys without order: browser, not ready, other",
        ),
        counts(
            "lost",
            MAX_SEGMENTS,
            N_CAUSES,
            MAX_CHANNELS + 1,
            MAX_CHANNELS + 1,
            meaning="ledger: segment, cause, from, to (last: at home)",
        ),
        counts(
            "lost_cents", MAX_SEGMENTS, N_CAUSES, MAX_CHANNELS + 1, MAX_CHANNELS + 1, meaning="list value of the same"
        ),
        counts(
            "next_in_line",
            N_CAUSES,
            N_CAUSES + 1,
            meaning="cause that rang, clock that would have rung next (last: none)",
        ),
        counts("switches", MAX_CHANNELS, MAX_CHANNELS, 3, meaning="from, to: all, with something in hand, unbroken"),
        counts(
            "research",
            MAX_CHANNELS,
            MAX_CHANNELS,
            meaning="orders: channel of most knowledge before the buying visit, channel of purchase",
        ),
        counts(
            "time_to_order",
            9,
            meaning="orders by time since the first visit: 20 min, 1 h, 3 h, 24 h, 3, 7, 14, 28 days, later",
        ),
        counts(
            "clashes",
            N_CAUSES,
            MAX_CHANNELS,
            MAX_CHANNELS,
            meaning="cause, channel that had said it, channel that says otherwise",
        ),
        counts(
            "audit",
            3,
            4,
            MAX_CHANNELS,
            MAX_CHANNELS,
            2,
            meaning="persona, Question, from, to: asked, answered without contradiction",
        ),
        counts("queue", MAX_CHANNELS, 3, meaning="arrivals at a desk, left the line, seconds waited"),
    ),
)
DAILY = ("visits", "journeys", "orders", "losses")  # columns of the table of days

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
