"""Writing down what happens: events, settled needs, tallies. Nothing here decides anything."""

from simsuite.machine.compiled import rule
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
def note(page, row, journey, kind, other, cause, value):
    """Append one event of this visit; `value` is a number that the kind explains, -1 for none."""
    place = page.head.written
    page.head.written = place + 1
    if place >= page.head.room:
        return
    event = page.rows[place]
    event.customer = row.customer
    event.part = row.part
    event.second = int((row.minute - row.part // 4 * MINUTES_PER_DAY) * 60.0)
    event.need = journey.need
    event.visit = journey.visit
    event.ordinal = row.ordinal
    row.ordinal += 1
    event.kind = kind
    event.channel = row.channel
    event.other_channel = other
    event.phase = journey.phase
    event.cause = cause
    event.value = value


@rule
def settle(customer, row, need, outcome, cause, world):
    """Book the end of a candidate need: one row, one tally; a lost planned journey into the ledger.

    `need` has the attributes of a journey: need, born, counted, intent, item, basket_cents, channel.
    """
    if not need.counted:
        return
    tally = world.tally
    tally.outcomes[customer.segment, need.intent, outcome] += 1
    if need.intent != Intent.BROWSE and (outcome == Outcome.GAVE_UP or outcome == Outcome.WENT_TO_COMPETITOR):
        book_loss(customer, row, need, cause, world)
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
    line.channel = row.channel
    line.intent = need.intent
    line.category = need.category
    line.segment = customer.segment
    line.visits = need.visit + (1 if row.channel >= 0 else 0)
    line.cents = need.basket_cents


@rule
def book_loss(customer, row, need, cause, world):
    """One lost planned journey: cause, from the channel of the visit before, to the present one or home."""
    at_home = row.channel < 0
    origin = need.channel if at_home else row.before
    if origin < 0:
        origin = MAX_CHANNELS
    end = MAX_CHANNELS if at_home else row.channel
    world.tally.lost[customer.segment, cause, origin, end] += 1
    world.tally.lost_cents[customer.segment, cause, origin, end] += need.basket_cents
    second = row.second if row.second >= 0 else NO_CAUSE
    world.tally.next_in_line[cause, second] += 1


@rule
def note_arrival(customer, row, in_hand, world):
    """Write down what reached her on arrival, and count a change of channel and every clash."""
    journey = customer.journey
    page = world.page
    note(page, row, journey, EventKind.RECOGNIZED, -1, -1, row.recognition + 0.0)
    if in_hand >= 0.0:
        note(page, row, journey, EventKind.FOUND_CONTEXT, row.before, -1, in_hand)
    note(page, row, journey, EventKind.TOLD_PRICE, journey.stated_by, -1, row.price)
    if row.promotion > 0.0:
        note(page, row, journey, EventKind.TOLD_PROMOTION, journey.stated_by, -1, row.promotion)
    if journey.stated_stock != Stated.NOTHING and journey.stated_stock_by == row.channel:
        note(page, row, journey, EventKind.TOLD_STOCK, journey.stated_place, -1, journey.stated_stock + 0.0)
    if row.help_factor != 1.0:
        note(page, row, journey, EventKind.HELPED, -1, -1, row.help_factor)
    broken = note_clashes(row, journey, world)
    if 0 <= row.before != row.channel and in_horizon(world.now):
        tally = world.tally
        tally.switches[row.before, row.channel, 0] += 1
        if in_hand >= 0.0 or journey.stated_by != row.channel:
            tally.switches[row.before, row.channel, 1] += 1
            tally.switches[row.before, row.channel, 2] += 0 if broken or in_hand == 0.0 else 1


@rule
def note_clashes(row, journey, world):
    """Each clash with its two channels; returns whether there was any."""
    broken = False
    if row.price_excess > 0.0:
        broken = note_clash(row, journey, Cause.PRICE_CLASH, journey.price_origin, row.price_excess, world)
    if row.promotion_missing > 0.0:
        broken = note_clash(row, journey, Cause.PROMOTION_CLASH, journey.promotion_origin, row.promotion_missing, world)
    if row.cart_lost:
        broken = note_clash(row, journey, Cause.CART_LOST, row.cart_from, 1.0, world)
    if row.asked_again:
        broken = note_clash(row, journey, Cause.ASKED_AGAIN, row.before, 1.0, world)
    if row.recognition == Recognition.WRONG_PERSON:
        broken = note_clash(row, journey, Cause.WRONG_PERSON, row.merged_from, 1.0, world)
    return broken


@rule
def note_clash(row, journey, cause, other, size, world):
    """One clash: the other channel said or knew something else. Returns True."""
    note(world.page, row, journey, EventKind.CLASH, other, cause, size)
    if other >= 0 and in_horizon(world.now):
        world.tally.clashes[cause, other, row.channel] += 1
    return True
