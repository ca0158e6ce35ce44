"""M6 Statements and clashes: what this channel says now against what another said before.

A statement has a speaker, an item and a time. A clash names two statements and two
channels, and acts once, at the first step of the visit in which it is noticed.
"""

from simsuite.machine.compiled import rule
from simsuite.rules.links import channel_can_read, channel_version_is_wrong, delay_in_days
from simsuite.vocabulary import Flow, Stated

BOARD_DAYS = 64


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
def hear_price(customer, row, world):
    """The channel states price and promotion; she compares with what another channel said.

    Sets `row.price`, `row.promotion` and what she notices: `price_excess`,
    `promotion_missing`, `good_surprise` (shares of list, 0 if within tolerance). A
    statement that a channel honored keeps its origin: the channel whose own it was.
    """
    journey = customer.journey
    channel = world.channels[row.channel]
    tolerance = world.parameters.statements.tolerance
    row.price = channel.price
    row.promotion = channel.promotion
    row.price_origin = row.channel
    row.promotion_origin = row.channel
    if journey.stated_by < 0:
        return
    if journey.price_origin != row.channel and row.price > journey.stated_price + tolerance:
        if price_honored(journey.stated_price, journey.price_origin, row.channel, journey.item, customer.region, world):
            row.price = journey.stated_price
            row.price_origin = journey.price_origin
        else:
            row.price_excess = row.price - journey.stated_price
    if journey.promotion_origin != row.channel and row.promotion < journey.stated_promotion - tolerance:
        if promotion_honored(
            journey.stated_promotion, journey.promotion_origin, row.channel, journey.item, customer.region, world
        ):
            row.promotion = journey.stated_promotion
            row.promotion_origin = journey.promotion_origin
        else:
            row.promotion_missing = journey.stated_promotion - row.promotion
    if journey.stated_by == row.channel:
        return
    told = journey.stated_price * (1.0 - journey.stated_promotion)
    here = row.price * (1.0 - row.promotion)
    if here < told - tolerance:
        row.good_surprise = told - here


@rule
def remember_price(customer, relations, row):
    """What she was told here is from now on what she was last told."""
    journey = customer.journey
    journey.stated_price = row.price
    journey.stated_promotion = row.promotion
    journey.stated_by = row.channel
    journey.price_origin = row.price_origin
    journey.promotion_origin = row.promotion_origin
    relations[row.channel].told_price = row.price


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
def hear_stock(customer, relations, row, world):
    """The channel says whether the item is at a place that she can go to, if it can see that."""
    journey = customer.journey
    if world.channels[row.channel].sells_now:
        return
    for place in range(len(relations)):
        if world.channels[place].sells_now and relations[place].reachable:
            said = stock_statement(row.channel, place, journey.item, customer.region, 0, world)
            if said != Stated.NOTHING:
                journey.stated_stock = said
                journey.stated_stock_by = row.channel
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
