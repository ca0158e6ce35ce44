"""What comes before and after a visit: needs that fall due, and how a daypart ends for her."""

from simsuite.machine.marks import rule
from simsuite.rules.bookkeeping import in_horizon, note, note_clash, settle
from simsuite.rules.choice import inclusive_value, weigh_channels
from simsuite.rules.context import count_left_carts, write_version
from simsuite.rules.draws_ahead import CONSIDERED
from simsuite.rules.giving_up import next_visit_part
from simsuite.rules.identity import keep_record
from simsuite.rules.luck import draw, drawn
from simsuite.rules.mechanisms import after_visit, before_occasion
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
from simsuite.rules.statements import forget_stock, remember_price
from simsuite.rules.stock import stock_out_cause
from simsuite.rules.visit import take_substitute, visit_occasion
from simsuite.tallies import Daily, Line
from simsuite.vocabulary import MINUTES_PER_DAY, NEVER, Cause, Decision, EventKind, Intent, Outcome, Phase, StockOut


@rule
def begin(customer, relations, visit, world):
    """What is due: the announcement, the pick-up of an order, the end of a need, new needs, the next visit."""
    journey = customer.journey
    now = world.now
    visit.customer = customer.number
    visit.part = now.part
    visit.minute = now.days_run * MINUTES_PER_DAY + now.begins
    before_occasion(customer, relations, visit, world)
    if journey.phase == Phase.DELIVERY:
        visit.collecting = True
    elif journey.phase != Phase.NO_JOURNEY and now.part >= journey.lapses:
        end_journey(customer, relations, visit, Outcome.GAVE_UP, Cause.LAPSED, world)
    while customer.next_need_time < now.part + 1:
        shape_need(customer, visit, world)
        if journey.phase == Phase.NO_JOURNEY:
            look_at_need(customer, relations, visit, world)
        elif visit.candidate.category == journey.category and journey.phase != Phase.DELIVERY:
            note(world.page, visit, journey, EventKind.ABSORBED, -1, -1, visit.candidate.need + 0.0)
            settle(customer, visit, visit.candidate, Outcome.ABSORBED, -1, world)
        else:
            break
        await_next_need(customer, visit)
    visit.active = journey.phase != Phase.NO_JOURNEY and journey.next_visit <= now.part


@rule
def look_at_need(customer, relations, visit, world):
    """A candidate need falls due while nothing else is open: it becomes a journey or is not considered."""
    need = visit.candidate
    journey = customer.journey
    if world.now.part >= need.lapses:
        settle(customer, visit, need, Outcome.NOT_CONSIDERED, -1, world)
        return
    open_journey(journey, need, relations, world.now.part)
    weigh_channels(customer, relations, visit, world)
    worth = inclusive_value(visit, len(relations), world.parameters.choice.noise)
    chance = consideration_probability(customer.awareness, worth, world.parameters.needs)
    considered = drawn(visit.bits, CONSIDERED, 0) < chance
    note(world.page, visit, journey, EventKind.NEED, -1, -1, 1.0 if considered else 0.0)
    if considered:
        world.days[world.now.days_run, Daily.JOURNEYS] += 1
    else:
        settle(customer, visit, need, Outcome.NOT_CONSIDERED, -1, world)
        close_journey(customer)


@rule
def end_journey(customer, relations, visit, outcome, cause, world):
    """The journey ends without an order. Somebody who only looked around is no lost sale."""
    journey = customer.journey
    if journey.intent == Intent.BROWSE:
        outcome = Outcome.NO_PLAN
    else:
        world.days[world.now.days_run, Daily.LOSSES] += 1
    count_left_carts(customer, relations, cause, world)
    note(world.page, visit, journey, EventKind.GAVE_UP, visit.before, cause, outcome + 0.0)
    settle(customer, visit, journey, outcome, cause, world)
    close_journey(customer)


@rule
def conclude(customer, relations, visit, world):
    """How the daypart ends: order, stock-out, pause, loss; feelings, memory. Returns her next due part."""
    if visit.active:
        count_visit(customer, visit, world)
        if visit.collecting:
            conclude_pick_up(customer, visit, world)
        elif not visit.line.served:
            leave_line(customer, relations, visit, world)
        else:
            conclude_visit(customer, relations, visit, world)
        after_visit(customer, relations, visit, world)
        customer.last_channel = visit.channel
    return next_due_part(customer, world.now.part)


@rule
def count_visit(customer, visit, world):
    """Count a visit on its day."""
    world.days[world.now.days_run, Daily.VISITS] += 1
    if not in_horizon(world.now):
        return
    world.tally.visits[customer.segment, visit.channel] += 1
    if visit.line.desk >= 0:
        world.tally.queue[visit.channel, Line.ARRIVED] += 1
        world.tally.queue[visit.channel, Line.LEFT] += 0 if visit.line.served else 1
        world.tally.queue[visit.channel, Line.SECONDS] += int(60.0 * min(visit.line.wait, visit.line.patience) + 0.5)


@rule
def conclude_pick_up(customer, visit, world):
    """She has collected, and what she took along is booked; if she left the line she comes again tomorrow."""
    cents = 0
    if not visit.line.served:
        customer.journey.next_visit = collection_part(world.channels[visit.channel], world.now.part)
        note(world.page, visit, customer.journey, EventKind.LEFT_QUEUE, -1, Cause.WAITING, visit.line.patience)
        customer.journey.visits += 1
        return
    if visit.stock.got >= 0:
        cents = book_extra_purchase(customer, visit, world)
    note(world.page, visit, customer.journey, EventKind.PICKED_UP, -1, -1, cents + 0.0)
    close_journey(customer)


@rule
def leave_line(customer, relations, visit, world):
    """Her patience was shorter than the wait: some give the journey up, others come back."""
    journey = customer.journey
    occasion = visit_occasion(journey)
    note(world.page, visit, journey, EventKind.LEFT_QUEUE, -1, Cause.WAITING, visit.line.patience)
    if draw(world.luck, customer.number, occasion, Decision.GAP, 3) < world.parameters.giving_up.waiting:
        end_journey(customer, relations, visit, Outcome.GAVE_UP, Cause.WAITING, world)
        return
    before = journey.channel
    pause_journey(customer, visit, world)
    journey.channel = before


@rule
def pause_journey(customer, visit, world):
    """The journey goes on later; the visit counts."""
    journey = customer.journey
    journey.next_visit = next_visit_part(
        customer, visit_occasion(journey), world.now.part, world.parameters.giving_up, world.luck
    )
    journey.channel = visit.channel
    note(world.page, visit, journey, EventKind.PAUSED, -1, -1, -1.0)
    if journey.cart_channel < 0:
        journey.phase = Phase.SEARCH
    journey.visits += 1


@rule
def conclude_visit(customer, relations, visit, world):
    """What the visit leaves behind, and how it ended."""
    journey = customer.journey
    part = world.now.part
    visit.help.gain = world.channels[visit.channel].knowledge_gain
    take_in(customer, relations, visit, world.parameters.race)
    keep_record(relations, visit, part)
    remember_price(customer, relations, visit)
    write_version(journey, relations, visit, part)
    if visit.stock.item >= 0 and visit.stock.got < 0:
        visit.stock.out = True
    if visit.stock.out:
        conclude_stock_out(customer, relations, visit, world)
    elif visit.stock.got >= 0:
        conclude_order(customer, relations, visit, world)
    elif visit.race.rang == Cause.PAUSE:
        pause_journey(customer, visit, world)
    elif visit.race.rang == Cause.TO_PLACE:
        pause_journey(customer, visit, world)
        journey.heading_to = journey.stated_place
        journey.next_visit = part + 1
    else:
        lost_to = Outcome.WENT_TO_COMPETITOR if visit.race.rang == Cause.COMPETITOR else Outcome.GAVE_UP
        end_journey(customer, relations, visit, lost_to, visit.race.rang, world)


@rule
def conclude_stock_out(customer, relations, visit, world):
    """The item was not there: she goes elsewhere, gives up, or comes back another time."""
    cause = stock_out_cause(visit.stock.promised, visit.stock.came_for_it)
    visit.race.second = -1
    note(
        world.page,
        visit,
        customer.journey,
        EventKind.STOCK_OUT,
        customer.journey.stated_stock_by,
        cause,
        visit.stock.response + 0.0,
    )
    if cause == Cause.STOCK_CLASH:
        note_clash(visit, customer.journey, cause, customer.journey.stated_stock_by, 1.0, world)
        forget_stock(customer.journey)
    if visit.stock.response == StockOut.COMPETITOR:
        end_journey(customer, relations, visit, Outcome.WENT_TO_COMPETITOR, cause, world)
    elif visit.stock.response == StockOut.GIVE_UP:
        end_journey(customer, relations, visit, Outcome.GAVE_UP, cause, world)
    else:
        pause_journey(customer, visit, world)


@rule
def conclude_order(customer, relations, visit, world):
    """An order: booked, and either the need is closed or she comes to collect."""
    journey = customer.journey
    if visit.stock.got != journey.item:
        take_substitute(journey, visit, visit.stock.got, world.parameters.stock.substitute_value)
    book_order(customer, relations, visit, world)
    note(world.page, visit, journey, EventKind.ORDERED, visit.before, -1, journey.basket_cents + 0.0)
    settle(customer, visit, journey, Outcome.ORDERED, -1, world)
    if visit.collects:
        journey.phase = Phase.DELIVERY
        journey.channel = visit.channel
        journey.collect_at = journey.stated_place
        journey.next_visit = collection_part(world.channels[journey.stated_place], world.now.part)
        journey.lapses = NEVER
        journey.visits += 1
    else:
        close_journey(customer)


@rule
def still_open(customer, visit, world):
    """At the end of the run: needs of the horizon that are open or still wait are booked as such."""
    journey = customer.journey
    visit.customer = customer.number
    if journey.phase != Phase.NO_JOURNEY and journey.phase != Phase.DELIVERY:
        settle(customer, visit, journey, Outcome.STILL_OPEN, -1, world)
    while customer.next_need_time < world.now.part + 1 and customer.next_need_time < world.now.last_counted_part:
        shape_need(customer, visit, world)
        settle(customer, visit, visit.candidate, Outcome.STILL_OPEN, -1, world)
        await_next_need(customer, visit)
