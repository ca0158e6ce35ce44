"""What comes before and after a visit: needs that fall due, and how a daypart ends for her."""

from simsuite.machine.compiled import rule
from simsuite.rules.bookkeeping import in_horizon, note, note_clash, settle
from simsuite.rules.choice import inclusive_value, weigh_channels
from simsuite.rules.context import count_left_carts, write_version
from simsuite.rules.draws_ahead import CONSIDERED
from simsuite.rules.feelings import feel, feel_wait
from simsuite.rules.giving_up import next_visit_part
from simsuite.rules.identity import keep_record
from simsuite.rules.learning import learn
from simsuite.rules.luck import draw, drawn
from simsuite.rules.needs import (
    await_next_need,
    close_journey,
    consideration_probability,
    next_due_part,
    open_journey,
    shape_need,
)
from simsuite.rules.orders import book_extra_purchase, book_order, collection_part
from simsuite.rules.race import take_in
from simsuite.rules.statements import clash_weight, forget_stock, remember_price
from simsuite.rules.stock import stock_out_cause
from simsuite.rules.visit import take_substitute, visit_occasion
from simsuite.vocabulary import MINUTES_PER_DAY, NEVER, Cause, Decision, EventKind, Intent, Outcome, Phase, StockOut


@rule
def begin(customer, relations, row, world):
    """What is due: the announcement, the pick-up of an order, the end of a need, new needs, the next visit."""
    journey = customer.journey
    now = world.now
    row.customer = customer.number
    row.part = now.part
    row.minute = now.days_run * MINUTES_PER_DAY + now.begins
    hear_announcement(customer, row, world)
    if journey.phase == Phase.DELIVERY:
        row.collecting = True
    elif journey.phase != Phase.NO_JOURNEY and now.part >= journey.lapses:
        end_journey(customer, relations, row, Outcome.GAVE_UP, Cause.LAPSED, world)
    while customer.next_need_time < now.part + 1:
        shape_need(customer, row, world)
        if journey.phase == Phase.NO_JOURNEY:
            look_at_need(customer, relations, row, world)
        elif row.candidate.category == journey.category and journey.phase != Phase.DELIVERY:
            note(world.page, row, journey, EventKind.ABSORBED, -1, -1, row.candidate.need + 0.0)
            settle(customer, row, row.candidate, Outcome.ABSORBED, -1, world)
        else:
            break
        await_next_need(customer, row)
    row.active = journey.phase != Phase.NO_JOURNEY and journey.next_visit <= now.part


@rule
def hear_announcement(customer, row, world):
    """Once, from the switch on: the firm tells her that its channels work together (pseudo-observations)."""
    policy = world.policy
    if customer.announced or policy.announcement_strength <= 0.0 or world.now.part < world.now.announced_from:
        return
    customer.announced = True
    if draw(world.luck, customer.number, 0, Decision.ANNOUNCEMENT, 0) < policy.announcement_reach:
        learn(
            customer.belief,
            policy.announcement_level,
            policy.announcement_strength,
            world.now.announced_from,
            world.fading,
        )
        note(world.page, row, customer.journey, EventKind.ANNOUNCED, -1, -1, policy.announcement_level)


@rule
def look_at_need(customer, relations, row, world):
    """A candidate need falls due while nothing else is open: it becomes a journey or is not considered."""
    need = row.candidate
    journey = customer.journey
    if world.now.part >= need.lapses:
        settle(customer, row, need, Outcome.NOT_CONSIDERED, -1, world)
        return
    open_journey(journey, need, relations, world.now.part)
    weigh_channels(customer, relations, row, world)
    worth = inclusive_value(row, len(relations), world.parameters.choice.noise)
    chance = consideration_probability(customer.awareness, worth, world.parameters.needs)
    considered = drawn(row.words, CONSIDERED, 0) < chance
    note(world.page, row, journey, EventKind.NEED, -1, -1, 1.0 if considered else 0.0)
    if considered:
        world.days[world.now.days_run, 1] += 1
    else:
        settle(customer, row, need, Outcome.NOT_CONSIDERED, -1, world)
        close_journey(customer)


@rule
def end_journey(customer, relations, row, outcome, cause, world):
    """The journey ends without an order. Somebody who only looked around is no lost sale."""
    journey = customer.journey
    if journey.intent == Intent.BROWSE:
        outcome = Outcome.NO_PLAN
    else:
        world.days[world.now.days_run, 3] += 1
    count_left_carts(customer, relations, cause, world)
    note(world.page, row, journey, EventKind.GAVE_UP, row.before, cause, outcome + 0.0)
    settle(customer, row, journey, outcome, cause, world)
    close_journey(customer)


@rule
def conclude(customer, relations, row, world):
    """How the daypart ends: order, stock-out, pause, loss; feelings, memory. Returns her next due part."""
    if row.active:
        count_visit(customer, row, world)
        if row.collecting:
            conclude_pick_up(customer, row, world)
        elif not row.served:
            leave_line(customer, relations, row, world)
        else:
            conclude_visit(customer, relations, row, world)
        customer.last_channel = row.channel
    return next_due_part(customer, world.now.part)


@rule
def count_visit(customer, row, world):
    """Count a visit on its day."""
    world.days[world.now.days_run, 0] += 1
    if not in_horizon(world.now):
        return
    world.tally.visits[customer.segment, row.channel] += 1
    if row.desk >= 0:
        world.tally.queue[row.channel, 0] += 1
        world.tally.queue[row.channel, 1] += 0 if row.served else 1
        world.tally.queue[row.channel, 2] += int(60.0 * min(row.wait, row.patience) + 0.5)


@rule
def conclude_pick_up(customer, row, world):
    """She has collected, and what she took along is booked; if she left the line she comes again tomorrow."""
    cents = 0
    if not row.served:
        customer.journey.next_visit = collection_part(world.channels[row.channel], world.now.part)
        note(world.page, row, customer.journey, EventKind.LEFT_QUEUE, -1, Cause.WAITING, row.patience)
        customer.journey.visit += 1
        return
    if row.got_item >= 0:
        cents = book_extra_purchase(customer, row, world)
    note(world.page, row, customer.journey, EventKind.PICKED_UP, -1, -1, cents + 0.0)
    close_journey(customer)


@rule
def leave_line(customer, relations, row, world):
    """Her patience was shorter than the wait: some give the journey up, others come back."""
    journey = customer.journey
    occasion = visit_occasion(journey)
    note(world.page, row, journey, EventKind.LEFT_QUEUE, -1, Cause.WAITING, row.patience)
    feel_wait(customer, relations, row, world)
    if draw(world.luck, customer.number, occasion, Decision.GAP, 3) < world.parameters.giving_up.waiting:
        end_journey(customer, relations, row, Outcome.GAVE_UP, Cause.WAITING, world)
        return
    before = journey.channel
    pause_journey(customer, row, world)
    journey.channel = before


@rule
def pause_journey(customer, row, world):
    """The journey goes on later; the visit counts."""
    journey = customer.journey
    journey.next_visit = next_visit_part(
        customer, visit_occasion(journey), world.now.part, world.parameters.giving_up, world.luck
    )
    journey.channel = row.channel
    note(world.page, row, journey, EventKind.PAUSED, -1, -1, -1.0)
    journey.visit += 1


@rule
def conclude_visit(customer, relations, row, world):
    """What the visit leaves behind, and how it ended."""
    journey = customer.journey
    part = world.now.part
    row.gain = world.channels[row.channel].knowledge_gain
    take_in(customer, relations, row, world.parameters.race)
    keep_record(relations, row, part)
    remember_price(customer, relations, row)
    write_version(journey, relations, row, part)
    if row.wants_item >= 0 and row.got_item < 0:
        row.stock_out = True
    feel(customer, relations, row, clash_weight(row.belief, world.parameters.statements), world)
    if row.stock_out:
        conclude_stock_out(customer, relations, row, world)
    elif row.got_item >= 0:
        conclude_order(customer, relations, row, world)
    elif row.rang == Cause.PAUSE:
        pause_journey(customer, row, world)
    elif row.rang == Cause.TO_PLACE:
        pause_journey(customer, row, world)
        journey.heading_to = journey.stated_place
        journey.next_visit = part + 1
    else:
        lost_to = Outcome.WENT_TO_COMPETITOR if row.rang == Cause.COMPETITOR else Outcome.GAVE_UP
        end_journey(customer, relations, row, lost_to, row.rang, world)


@rule
def conclude_stock_out(customer, relations, row, world):
    """The item was not there: she goes elsewhere, gives up, or comes back another time."""
    cause = stock_out_cause(row.promised, row.came_for_it)
    row.second = -1
    note(
        world.page,
        row,
        customer.journey,
        EventKind.STOCK_OUT,
        customer.journey.stated_stock_by,
        cause,
        row.response + 0.0,
    )
    if cause == Cause.STOCK_CLASH:
        note_clash(row, customer.journey, cause, customer.journey.stated_stock_by, 1.0, world)
        forget_stock(customer.journey)
    if row.response == StockOut.COMPETITOR:
        end_journey(customer, relations, row, Outcome.WENT_TO_COMPETITOR, cause, world)
    elif row.response == StockOut.GIVE_UP:
        end_journey(customer, relations, row, Outcome.GAVE_UP, cause, world)
    else:
        pause_journey(customer, row, world)


@rule
def conclude_order(customer, relations, row, world):
    """An order: booked, and either the need is closed or she comes to collect."""
    journey = customer.journey
    if row.got_item != journey.item:
        take_substitute(journey, row, row.got_item, world.parameters.stock.substitute_value)
    book_order(customer, relations, row, world)
    note(world.page, row, journey, EventKind.ORDERED, row.before, -1, journey.basket_cents + 0.0)
    settle(customer, row, journey, Outcome.ORDERED, -1, world)
    if row.collects:
        journey.phase = Phase.DELIVERY
        journey.channel = row.channel
        journey.collect_at = journey.stated_place
        journey.next_visit = collection_part(world.channels[journey.stated_place], world.now.part)
        journey.lapses = NEVER
        journey.visit += 1
    else:
        close_journey(customer)


@rule
def still_open(customer, row, world):
    """At the end of the run: needs of the horizon that are open or still wait are booked as such."""
    journey = customer.journey
    row.customer = customer.number
    if journey.phase != Phase.NO_JOURNEY and journey.phase != Phase.DELIVERY:
        settle(customer, row, journey, Outcome.STILL_OPEN, -1, world)
    while customer.next_need_time < world.now.part + 1 and customer.next_need_time < world.now.last_counted_part:
        shape_need(customer, row, world)
        settle(customer, row, row.candidate, Outcome.STILL_OPEN, -1, world)
        await_next_need(customer, row)
