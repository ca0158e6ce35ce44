"""Writing down what happens: events, settled needs, tallies. Nothing here decides anything."""

from simsuite.machine.marks import rule
from simsuite.tallies import Switch
from simsuite.vocabulary import (
    MAX_CHANNELS,
    MINUTES_PER_DAY,
    NO_CAUSE,
    Cause,
    EventKind,
    Intent,
    Outcome,
    Recognition,
    Stated,
)


@rule
def in_horizon(now):
    """Whether this daypart belongs to the days that are counted."""
    return now.day >= 0 and now.part < now.last_counted_part


@rule
def note(page, visit, journey, kind, other, cause, value):
    """Append one event of this visit; `value` is a number that the kind explains, -1 for none."""
    place = page.head.written
    page.head.written = place + 1
    if place >= page.head.room:
        return
    event = page.rows[place]
    event.customer = visit.customer
    event.part = visit.part
    event.second = int((visit.minute - visit.part // 4 * MINUTES_PER_DAY) * 60.0)
    event.need = journey.need
    event.visit = journey.visits
    event.ordinal = visit.ordinal
    visit.ordinal += 1
    event.kind = kind
    event.channel = visit.channel
    event.other_channel = other
    event.phase = journey.phase
    event.cause = cause
    event.value = value


@rule
def settle(customer, visit, need, outcome, cause, world):
    """Book the end of a candidate need: one row, one tally; a lost planned journey into the ledger.

    `need` has the attributes of a journey: need, born, counted, intent, item, basket_cents, channel.
    """
    if not need.counted:
        return
    tally = world.tally
    tally.outcomes[customer.segment, need.intent, outcome] += 1
    if need.intent != Intent.BROWSE and (outcome == Outcome.GAVE_UP or outcome == Outcome.WENT_TO_COMPETITOR):
        book_loss(customer, visit, need, cause, world)
    page = world.needs
    place = page.head.written
    page.head.written = place + 1
    if place >= page.head.room:
        return
    line = page.rows[place]
    line.customer = customer.number
    line.need = need.need
    line.born = need.born
    line.closed = world.now.part
    line.outcome = outcome
    line.cause = cause
    line.channel = visit.channel
    line.intent = need.intent
    line.category = need.category
    line.segment = customer.segment
    line.visits = need.visits + (1 if visit.channel >= 0 else 0)
    line.cents = need.basket_cents


@rule
def book_loss(customer, visit, need, cause, world):
    """One lost planned journey: cause, from the channel of the visit before, to the present one or home."""
    at_home = visit.channel < 0
    origin = need.channel if at_home else visit.before
    if origin < 0:
        origin = MAX_CHANNELS
    end = MAX_CHANNELS if at_home else visit.channel
    world.tally.lost[customer.segment, cause, origin, end] += 1
    world.tally.lost_cents[customer.segment, cause, origin, end] += need.basket_cents
    second = visit.race.second if visit.race.second >= 0 else NO_CAUSE
    world.tally.next_in_line[cause, second] += 1


@rule
def note_arrival(customer, visit, in_hand, world):
    """Write down what reached her on arrival, and count a change of channel and every clash."""
    journey = customer.journey
    page = world.page
    note(page, visit, journey, EventKind.RECOGNIZED, -1, -1, visit.identity.recognition + 0.0)
    if in_hand >= 0.0:
        note(page, visit, journey, EventKind.FOUND_CONTEXT, visit.before, -1, in_hand)
    note(page, visit, journey, EventKind.TOLD_PRICE, journey.stated_by, -1, visit.price.stated)
    if visit.promotion.stated > 0.0:
        note(page, visit, journey, EventKind.TOLD_PROMOTION, journey.stated_by, -1, visit.promotion.stated)
    if journey.stated_stock != Stated.NOTHING and journey.stated_stock_by == visit.channel:
        note(page, visit, journey, EventKind.TOLD_STOCK, journey.stated_place, -1, journey.stated_stock + 0.0)
    if visit.help.factor != 1.0:
        note(page, visit, journey, EventKind.HELPED, -1, -1, visit.help.factor)
    broken = note_clashes(visit, journey, world)
    if 0 <= visit.before != visit.channel and in_horizon(world.now):
        tally = world.tally
        tally.switches[visit.before, visit.channel, Switch.ALL] += 1
        if in_hand >= 0.0 or journey.stated_by != visit.channel:
            tally.switches[visit.before, visit.channel, Switch.IN_HAND] += 1
            tally.switches[visit.before, visit.channel, Switch.UNBROKEN] += 0 if broken or in_hand == 0.0 else 1


@rule
def note_clashes(visit, journey, world):
    """Each clash with its two channels; returns whether there was any."""
    broken = False
    if visit.price.excess > 0.0:
        broken = note_clash(visit, journey, Cause.PRICE_CLASH, journey.price_origin, visit.price.excess, world)
    if visit.promotion.missing > 0.0:
        broken = note_clash(
            visit, journey, Cause.PROMOTION_CLASH, journey.promotion_origin, visit.promotion.missing, world
        )
    if visit.context.cart_lost:
        broken = note_clash(visit, journey, Cause.CART_LOST, visit.context.cart_from, 1.0, world)
    if visit.context.asked_again:
        broken = note_clash(visit, journey, Cause.ASKED_AGAIN, visit.before, 1.0, world)
    if visit.identity.recognition == Recognition.WRONG_PERSON:
        broken = note_clash(visit, journey, Cause.WRONG_PERSON, visit.identity.merged_from, 1.0, world)
    return broken


@rule
def note_clash(visit, journey, cause, other, size, world):
    """One clash: the other channel said or knew something else. Returns True."""
    note(world.page, visit, journey, EventKind.CLASH, other, cause, size)
    if other >= 0 and in_horizon(world.now):
        world.tally.clashes[cause, other, visit.channel] += 1
    return True
