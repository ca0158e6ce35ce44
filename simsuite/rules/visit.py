"""The story of one visit, told by the mechanisms: choose, visit, and what she does there."""

from simsuite.machine.compiled import rule
from simsuite.rules.bookkeeping import note, note_arrival
from simsuite.rules.choice import choose_channel, is_open, weigh_channels
from simsuite.rules.context import arrive_with_context, begin_cart
from simsuite.rules.draws_ahead import ARRIVAL, draw_for_choice, draw_for_visit
from simsuite.rules.giving_up import set_rates
from simsuite.rules.help import receive_help
from simsuite.rules.identity import identify
from simsuite.rules.learning import belief_in_continuity, learn, liking_of
from simsuite.rules.luck import drawn4
from simsuite.rules.mathematics import cents
from simsuite.rules.orders import channel_of_most_knowledge, extra_purchase, wants_to_collect
from simsuite.rules.race import earliest_clock, rate_of_progress
from simsuite.rules.statements import forget_stock, hear_price, hear_stock
from simsuite.rules.stock import seems_available, stock_out_draws, stock_out_response, substitute_item
from simsuite.rules.waiting import minutes_at_desk, patience_minutes
from simsuite.vocabulary import MINUTES_PER_DAY, Cause, EventKind, Phase, Recognition, Stated, StockOut


@rule
def visit_occasion(journey):
    """Key of the draws of this visit: need and visit."""
    return journey.need * 256 + min(journey.visit, 254) + 1


@rule
def choose(customer, relations, row, world):
    """Where she goes in this daypart and at which minute she arrives; -1 where nothing is open to her."""
    journey = customer.journey
    occasion = visit_occasion(journey)
    draw_for_choice(customer, row.words, occasion, world.luck)
    u0, u1, u2, u3 = drawn4(row.words, ARRIVAL)
    now = world.now
    row.minute = now.days_run * MINUTES_PER_DAY + now.begins + u0 * (now.ends - now.begins)
    row.before = journey.channel
    if row.collecting:
        row.channel = journey.collect_at
    elif journey.heading_to >= 0:
        row.channel = journey.heading_to if is_open(world.channels[journey.heading_to], now.daypart) else -1
    else:
        if not row.weighed:
            weigh_channels(customer, relations, row, world)
        row.channel = choose_channel(customer, row, occasion, world)
    if row.channel < 0:
        row.active = False
        journey.next_visit = now.part + 1
        return
    if not row.collecting:
        journey.heading_to = -1
    row.desk = world.places[row.channel][customer.region].desk
    if row.desk >= 0:
        waiting = world.parameters.waiting
        mean = waiting.hand_over if row.collecting else world.channels[row.channel].service
        row.service = minutes_at_desk(u1, mean)
        row.patience = patience_minutes(u2, waiting.patience)
    note(world.page, row, journey, EventKind.CHOSE, row.before, -1, -1.0)


@rule
def visit(customer, relations, row, world):
    """She arrives, is recognized or not, hears what is said, and goes through the steps."""
    journey = customer.journey
    if row.desk >= 0:
        note(world.page, row, journey, EventKind.WAITED, -1, -1, row.wait)
    if not row.served:
        return
    if row.collecting:
        extra_purchase(customer, row, world)
        return
    occasion = visit_occasion(journey)
    if journey.first_minute < 0:
        journey.first_minute = int(row.minute)
    row.belief = belief_in_continuity(customer, world)
    row.searched_in = channel_of_most_knowledge(relations, row)
    draw_for_visit(customer, row.words, occasion, world.luck)
    identify(customer, relations, row, world)
    in_hand = arrive_with_context(customer, relations, row, world)
    hear_price(customer, row, world)
    hear_stock(customer, relations, row, world)
    receive_help(customer, relations, row, world)
    note_arrival(customer, row, in_hand, world)
    learn_from_arrival(customer, relations, row, in_hand, world)
    spend_effort(customer, row, world)
    row.collects = wants_to_collect(customer, row, world)
    go_through_steps(customer, relations, row, occasion, world)


@rule
def learn_from_arrival(customer, relations, row, in_hand, world):
    """A switch with something in hand, or a greeting elsewhere, teaches whether channels work together."""
    if row.before < 0 or row.before == row.channel:
        return
    learning = world.parameters.learning
    part = world.now.part
    if in_hand >= 0.0:
        learn(customer.belief, in_hand, learning.belief_switch_weight, part, world.fading)
    elif row.identified and relations[row.before].known_since >= 0:
        greeted = 1.0 if row.greeted and row.recognition != Recognition.WRONG_PERSON else 0.0
        learn(customer.belief, greeted, learning.belief_greeting_weight, part, world.fading)


@rule
def spend_effort(customer, row, world):
    """What the visit costs her: coming, and getting around."""
    race = world.parameters.race
    channel = world.channels[row.channel]
    customer.journey.effort += (
        race.visit_effort + race.trip_effort * channel.trip + race.friction_effort * channel.screen_friction
    )


@rule
def go_through_steps(customer, relations, row, occasion, world):
    """Step after step until a clock other than progress rings, the item is missing, or she asks for it."""
    journey = customer.journey
    liking = liking_of(relations[row.channel], world)
    while True:
        if journey.phase >= Phase.CART and not row.looked_for_item:
            look_for_item(customer, row, occasion, world)
            if row.stock_out:
                return
        progress = rate_of_progress(customer, relations, row, liking, world)
        set_rates(customer, row, progress, row.belief, world)
        if earliest_clock(customer, row, occasion, world.luck) != Cause.PROGRESS:
            return
        row.steps += 1
        if journey.phase == Phase.CHECKOUT:
            row.wants_item = journey.item
            return
        journey.phase += 1
        if journey.phase == Phase.CART:
            begin_cart(customer, relations, row, world.now.part, world.tally)
        note(world.page, row, journey, EventKind.STEPPED, -1, -1, -1.0)


@rule
def shelf_memory(customer, journey, place):
    """Which of her three learned counts this look at a shelf belongs to."""
    if journey.stated_place != place or journey.stated_stock == Stated.NOTHING:
        return customer.shelf_silent
    if journey.stated_stock == Stated.IN_STOCK:
        return customer.shelf_yes
    return customer.shelf_no


@rule
def look_for_item(customer, row, occasion, world):
    """Is the item there? If not: another one, or the response of a stock-out (M9).

    Sets `row.wants_pool`, `row.response`, `row.second_choice`, and `row.stock_out` if
    this ends the visit. At a place, what she finds teaches her what to expect there.
    """
    journey = customer.journey
    channel = world.channels[row.channel]
    row.looked_for_item = True
    source = journey.stated_place if row.collects else row.channel
    row.wants_pool = world.places[source][customer.region].pool
    row.promised = row.collects or (journey.stated_stock == Stated.IN_STOCK and journey.stated_place == row.channel)
    row.came_for_it = channel.sells_now and row.before >= 0 and row.before != row.channel
    planning = world.parameters.stock
    u0, u1 = stock_out_draws(customer, occasion, world.luck)
    row.response = stock_out_response(u0, row.promised, row.came_for_it, planning)
    row.second_choice = substitute_item(u1, journey.item, world.categories[journey.category])
    found = seems_available(world.stock[row.wants_pool][journey.item], channel.sells_now)
    if channel.sells_now:
        learn(shelf_memory(customer, journey, row.channel), 1.0 if found else 0.0, 1.0, world.now.part, world.fading)
    if found:
        return
    if row.response == StockOut.SUBSTITUTE and row.second_choice >= 0:
        if seems_available(world.stock[row.wants_pool][row.second_choice], channel.sells_now):
            take_substitute(journey, row, row.second_choice, planning.substitute_value)
            row.second_choice = -1
            return
    row.stock_out = True


@rule
def take_substitute(journey, row, item, value):
    """She settles for another item, at a part of the value; nobody has promised it, nor did she come for it."""
    forget_stock(journey)
    row.promised = False
    row.came_for_it = False
    journey.item = item
    journey.basket_cents = cents(journey.basket_cents * value)
