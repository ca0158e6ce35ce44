"""M6 Statements and clashes: what this channel says now against what another said before.

A statement has a speaker, an item and a time. A clash names two statements and two
channels, and acts once, at the first step of the visit in which it is noticed.
"""

from simsuite.machine.marks import rule
from simsuite.rules.links import channel_can_read, channel_version_is_wrong, delay_in_days
from simsuite.rules.mechanism import Mechanism, amount, code, counts, group, real, share, which, whole
from simsuite.vocabulary import MAX_CHANNELS, N_CAUSES, Decision, Flow, Stated

BOARD_DAYS = 64

MECHANISM = Mechanism(
    parameters="statements",
    decisions=(Decision.CHANNEL_LINK, Decision.CHANNEL_VERSION),
    flows=(Flow.PRICE, Flow.PROMOTION, Flow.STOCK),
    journey=(
        amount("stated_price", -1.0, "price last stated, share of list, without promotion; -1 none", anew=-1.0),
        share("stated_promotion", 0.0, "promotion last stated, of list", anew=0.0),
        which("stated_by", "channel that stated them", anew=-1),
        which("price_origin", "channel whose own price it is; another one if it was honored", anew=-1),
        which("promotion_origin", "channel whose own promotion it is", anew=-1),
        code("stated_stock", 0, Stated, anew=0),
        which("stated_stock_by", "channel that stated it", anew=-1),
        which("stated_place", "the place that it was stated about", anew=-1),
    ),
    relation=(amount("told_price", -1.0, "price last stated here to her, share of list, without promotion; -1 never"),),
    visit=(
        group(
            "price",
            real("stated", 1.0, "stated here to her, share of list, without promotion"),
            whole("origin", -1, "channel whose own price that is"),
            real("excess", 0.0, "above what another channel said, share of list"),
            real("good_surprise", 0.0, "below what another channel said, share of list"),
            meaning="what the channel says that it costs",
        ),
        group(
            "promotion",
            real("stated", 0.0, "stated here to her, share of list"),
            whole("origin", -1, "channel whose own promotion that is"),
            real("missing", 0.0, "promised by another channel and not honored, share of list"),
            meaning="what the channel takes off",
        ),
    ),
    tally=(
        counts(
            *("clashes", N_CAUSES, MAX_CHANNELS, MAX_CHANNELS),
            meaning="cause, channel that had said it, channel that says otherwise",
        ),
    ),
)


@rule
def price_honored(told, source, here, item, region, world):
    """Whether `here` knows and honors a price that `source` stated: flow, age and version right."""
    if not channel_can_read(Flow.PRICE, source, here, region, world):
        return False
    seen_day = world.now.days_run - delay_in_days(Flow.PRICE, source, here, world)
    if seen_day < 0 or channel_version_is_wrong(Flow.PRICE, source, here, world.now.days_run, item, world):
        return False
    seen = world.board[seen_day % BOARD_DAYS][source].price
    return abs(seen - told) <= world.parameters.statements.tolerance


@rule
def promotion_honored(told, source, here, item, region, world):
    """Whether `here` knows and honors an offer of `source`: still on in what it sees, version right."""
    if not channel_can_read(Flow.PROMOTION, source, here, region, world):
        return False
    seen_day = world.now.days_run - delay_in_days(Flow.PROMOTION, source, here, world)
    if seen_day < 0 or channel_version_is_wrong(Flow.PROMOTION, source, here, world.now.days_run, item, world):
        return False
    return world.board[seen_day % BOARD_DAYS][source].promotion >= told - world.parameters.statements.tolerance


@rule
def to_pay(price, promotion):
    """What she would pay, share of list."""
    return price * (1.0 - promotion)


@rule
def hear_price(customer, visit, world):
    """The channel states price and promotion; she compares what she would pay with what another channel said.

    Where she would pay more after all, that is one clash: `visit.promotion.missing` if an offer of another channel
    is missing here, else `visit.price.excess`, without what an offer of its own, now over, had taken off; where she
    pays less it is a `visit.price.good_surprise` (shares of list, 0 if within tolerance). A statement that a
    channel honored keeps its origin: the channel whose own it was.
    """
    journey = customer.journey
    tolerance = world.parameters.statements.tolerance
    state_price(customer, visit, tolerance, world)
    if journey.stated_by < 0:
        return
    told = to_pay(journey.stated_price, journey.stated_promotion)
    more = to_pay(visit.price.stated, visit.promotion.stated) - told
    if more > tolerance:
        offer_missing = visit.promotion.stated < journey.stated_promotion - tolerance
        if offer_missing and journey.promotion_origin != visit.channel:
            visit.promotion.missing = more
        elif journey.price_origin != visit.channel:
            if offer_missing:
                told = to_pay(journey.stated_price, visit.promotion.stated)
                more = to_pay(visit.price.stated, visit.promotion.stated) - told
            if more > tolerance:
                visit.price.excess = more
    elif -more > tolerance and journey.stated_by != visit.channel:
        visit.price.good_surprise = -more


@rule
def state_price(customer, visit, tolerance, world):
    """The channel states its own price and offer.

    Where she would pay more than she was told, it honors what it knows of the other channel's price and of its
    offer, and goes no lower than what she was told.
    """
    journey = customer.journey
    channel = world.channels[visit.channel]
    visit.price.stated = channel.price
    visit.promotion.stated = channel.promotion
    visit.price.origin = visit.channel
    visit.promotion.origin = visit.channel
    if journey.stated_by < 0:
        return
    told = to_pay(journey.stated_price, journey.stated_promotion)
    if to_pay(channel.price, channel.promotion) > told + tolerance:
        honor(customer, visit, tolerance, world)
        if to_pay(visit.price.stated, visit.promotion.stated) < told:
            repeat_statement(journey, visit)


@rule
def repeat_statement(journey, visit):
    """The channel states the price and the offer that she was told, both as they were told."""
    visit.price.stated = journey.stated_price
    visit.price.origin = journey.price_origin
    visit.promotion.stated = journey.stated_promotion
    visit.promotion.origin = journey.promotion_origin


@rule
def honor(customer, visit, tolerance, world):
    """The channel takes over the price and the offer of another channel, each if it knows them and they are better."""
    journey = customer.journey
    if journey.price_origin != visit.channel and visit.price.stated > journey.stated_price + tolerance:
        if price_honored(
            journey.stated_price, journey.price_origin, visit.channel, journey.item, customer.region, world
        ):
            visit.price.stated = journey.stated_price
            visit.price.origin = journey.price_origin
    if journey.promotion_origin != visit.channel and visit.promotion.stated < journey.stated_promotion - tolerance:
        if promotion_honored(
            journey.stated_promotion, journey.promotion_origin, visit.channel, journey.item, customer.region, world
        ):
            visit.promotion.stated = journey.stated_promotion
            visit.promotion.origin = journey.promotion_origin


@rule
def remember_price(customer, relations, visit):
    """What she was told here is from now on what she was last told."""
    journey = customer.journey
    journey.stated_price = visit.price.stated
    journey.stated_promotion = visit.promotion.stated
    journey.stated_by = visit.channel
    journey.price_origin = visit.price.origin
    journey.promotion_origin = visit.promotion.origin
    relations[visit.channel].told_price = visit.price.stated


@rule
def stock_statement(here, place, item, region, days_ago, world):
    """What `here` said some days ago about the item at a place: the record of t - delay; code of Stated.

    A wrong version says the opposite. Without the stock flow it says nothing.
    """
    if not channel_can_read(Flow.STOCK, place, here, region, world):
        return Stated.NOTHING
    pool = world.places[place][region].pool
    days = min(61, delay_in_days(Flow.STOCK, place, here, world) + days_ago)
    shown = (world.stock[pool][item].history >> days) % 2 == 1
    if channel_version_is_wrong(Flow.STOCK, place, here, world.now.days_run - days_ago, item, world):
        shown = not shown
    if shown:
        return Stated.IN_STOCK
    return Stated.NOT_IN_STOCK


@rule
def hear_stock(customer, relations, visit, world):
    """The channel says whether the item is at a place that she can go to, if it can see that."""
    journey = customer.journey
    if world.channels[visit.channel].sells_now:
        return
    for place in range(len(relations)):
        if world.channels[place].sells_now and relations[place].reachable:
            said = stock_statement(visit.channel, place, journey.item, customer.region, 0, world)
            if said != Stated.NOTHING:
                journey.stated_stock = said
                journey.stated_stock_by = visit.channel
                journey.stated_place = place
                return


@rule
def forget_stock(journey):
    """What was said about the item holds no more: it proved wrong, or she settles for another one."""
    journey.stated_stock = Stated.NOTHING
    journey.stated_stock_by = -1


@rule
def clash_weight(belief, statements):
    """How much a failed switch weighs: it costs more the more she believed in continuity."""
    return statements.expectation_floor + statements.expectation_slope * belief
