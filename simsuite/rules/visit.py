"""The story of one visit, told by the mechanisms: choose, visit, and what she does there."""

from simsuite.machine.marks import rule
from simsuite.rules.bookkeeping import note, note_arrival
from simsuite.rules.choice import choose_channel, is_open, weigh_channels
from simsuite.rules.context import arrive_with_context, begin_cart
from simsuite.rules.draws_ahead import ARRIVAL, draw_for_choice, draw_for_visit
from simsuite.rules.giving_up import set_rates
from simsuite.rules.identity import identify
from simsuite.rules.learning import belief_in_continuity, learn, liking_of
from simsuite.rules.luck import drawn4
from simsuite.rules.mathematics import cents
from simsuite.rules.mechanisms import at_arrival, in_step
from simsuite.rules.orders import channel_of_most_knowledge, extra_purchase, wants_to_collect
from simsuite.rules.race import earliest_clock, rate_of_progress
from simsuite.rules.statements import forget_stock, hear_price, hear_stock
from simsuite.rules.stock import seems_available, stock_out_draws, stock_out_response, substitute_item
from simsuite.rules.waiting import minutes_at_desk, patience_minutes
from simsuite.vocabulary import MINUTES_PER_DAY, Cause, EventKind, Phase, Recognition, Stated, StockOut


@rule
def visit_occasion(journey):
    """Key of the draws of this visit: need and visit."""
    return journey.need * 256 + min(journey.visits, 254) + 1


@rule
def choose(customer, relations, visit, world):
    """Where she goes in this daypart and at which minute she arrives; -1 where nothing is open to her."""
    journey = customer.journey
    occasion = visit_occasion(journey)
    draw_for_choice(customer, visit.bits, occasion, world.luck)
    u0, u1, u2, u3 = drawn4(visit.bits, ARRIVAL)
    now = world.now
    visit.minute = now.days_run * MINUTES_PER_DAY + now.begins + u0 * (now.ends - now.begins)
    visit.before = journey.channel
    if visit.collecting:
        visit.channel = journey.collect_at
    elif journey.heading_to >= 0:
        visit.channel = journey.heading_to if is_open(world.channels[journey.heading_to], now.daypart) else -1
    else:
        if not visit.choice.weighed:
            weigh_channels(customer, relations, visit, world)
        visit.channel = choose_channel(customer, visit, occasion, world)
    if visit.channel < 0:
        visit.active = False
        journey.next_visit = now.part + 1
        return
    if not visit.collecting:
        journey.heading_to = -1
    visit.line.desk = world.places[visit.channel][customer.region].desk
    if visit.line.desk >= 0:
        waiting = world.parameters.waiting
        mean = waiting.hand_over if visit.collecting else world.channels[visit.channel].service
        visit.line.service = minutes_at_desk(u1, mean)
        visit.line.patience = patience_minutes(u2, waiting.patience)
    note(world.page, visit, journey, EventKind.CHOSE, visit.before, -1, -1.0)


@rule
def make_visit(customer, relations, visit, world):
    """She arrives, is recognized or not, hears what is said, and goes through the steps."""
    journey = customer.journey
    if visit.line.desk >= 0:
        note(world.page, visit, journey, EventKind.WAITED, -1, -1, visit.line.wait)
    if not visit.line.served:
        return
    if visit.collecting:
        extra_purchase(customer, visit, world)
        return
    occasion = visit_occasion(journey)
    if journey.first_minute < 0:
        journey.first_minute = int(visit.minute)
    visit.belief = belief_in_continuity(customer, world)
    visit.searched_in = channel_of_most_knowledge(relations, visit)
    draw_for_visit(customer, visit.bits, occasion, world.luck)
    identify(customer, relations, visit, world)
    in_hand = arrive_with_context(customer, relations, visit, world)
    hear_price(customer, visit, world)
    hear_stock(customer, relations, visit, world)
    at_arrival(customer, relations, visit, world)
    note_arrival(customer, visit, in_hand, world)
    learn_from_arrival(customer, relations, visit, in_hand, world)
    spend_effort(customer, visit, world)
    visit.collects = wants_to_collect(customer, visit, world)
    go_through_steps(customer, relations, visit, occasion, world)


@rule
def learn_from_arrival(customer, relations, visit, in_hand, world):
    """A switch with something in hand, or a greeting elsewhere, teaches whether channels work together."""
    if visit.before < 0 or visit.before == visit.channel:
        return
    learning = world.parameters.learning
    part = world.now.part
    if in_hand >= 0.0:
        learn(customer.belief, in_hand, learning.belief_switch_weight, part, world.fading)
    elif visit.identity.identified and relations[visit.before].known_since >= 0:
        greeted = 1.0 if visit.identity.greeted and visit.identity.recognition != Recognition.WRONG_PERSON else 0.0
        learn(customer.belief, greeted, learning.belief_greeting_weight, part, world.fading)


@rule
def spend_effort(customer, visit, world):
    """What the visit costs her: coming, and getting around."""
    race = world.parameters.race
    channel = world.channels[visit.channel]
    customer.journey.effort += (
        race.visit_effort + race.trip_effort * channel.trip + race.friction_effort * channel.screen_friction
    )


@rule
def go_through_steps(customer, relations, visit, occasion, world):
    """Step after step until a clock other than progress rings, the item is missing, or she asks for it."""
    journey = customer.journey
    liking = liking_of(relations[visit.channel], world)
    while True:
        if journey.phase >= Phase.CART and not visit.stock.looked:
            look_for_item(customer, visit, occasion, world)
            if visit.stock.out:
                return
        progress = rate_of_progress(customer, relations, visit, liking, world)
        set_all_rates(customer, relations, visit, progress, world)
        if earliest_clock(customer, visit, occasion, world.luck) != Cause.PROGRESS:
            return
        visit.race.steps += 1
        if journey.phase == Phase.CHECKOUT:
            visit.stock.item = journey.item
            return
        journey.phase += 1
        if journey.phase == Phase.CART:
            staffed = world.channels[visit.channel].staffed
            begin_cart(customer, relations, visit, staffed, world.now.part, world.tally)
        note(world.page, visit, journey, EventKind.STEPPED, -1, -1, -1.0)


@rule
def set_all_rates(customer, relations, visit, progress, world):
    """The rates of all clocks of this step; what is noticed on arrival acts at the first step alone."""
    set_rates(customer, visit, progress, world)
    in_step(customer, relations, visit, world)
    visit.race.first_step = False


@rule
def shelf_memory(customer, journey, place):
    """Which of her three learned counts this look at a shelf belongs to."""
    if journey.stated_place != place or journey.stated_stock == Stated.NOTHING:
        return customer.shelf_silent
    if journey.stated_stock == Stated.IN_STOCK:
        return customer.shelf_yes
    return customer.shelf_no


@rule
def look_for_item(customer, visit, occasion, world):
    """Is the item there? If not: another one, or the response of a stock-out (M9).

    Sets `visit.stock.pool`, `visit.stock.response`, `visit.stock.second_choice`, and `visit.stock.out` if
    this ends the visit. At a place, what she finds teaches her what to expect there.
    """
    journey = customer.journey
    channel = world.channels[visit.channel]
    visit.stock.looked = True
    source = journey.stated_place if visit.collects else visit.channel
    visit.stock.pool = world.places[source][customer.region].pool
    visit.stock.promised = visit.collects or (
        journey.stated_stock == Stated.IN_STOCK and journey.stated_place == visit.channel
    )
    visit.stock.came_for_it = channel.sells_now and visit.before >= 0 and visit.before != visit.channel
    planning = world.parameters.stock
    u0, u1 = stock_out_draws(customer, occasion, world.luck)
    visit.stock.response = stock_out_response(u0, visit.stock.promised, visit.stock.came_for_it, planning)
    visit.stock.second_choice = substitute_item(u1, journey.item, world.categories[journey.category])
    found = seems_available(world.stock[visit.stock.pool][journey.item], channel.sells_now)
    if channel.sells_now:
        learn(shelf_memory(customer, journey, visit.channel), 1.0 if found else 0.0, 1.0, world.now.part, world.fading)
    if found:
        return
    if visit.stock.response == StockOut.SUBSTITUTE and visit.stock.second_choice >= 0:
        if seems_available(world.stock[visit.stock.pool][visit.stock.second_choice], channel.sells_now):
            take_substitute(journey, visit, visit.stock.second_choice, planning.substitute_value)
            visit.stock.second_choice = -1
            return
    visit.stock.out = True


@rule
def take_substitute(journey, visit, item, value):
    """She settles for another item, at a part of the value; nobody has promised it, nor did she come for it."""
    forget_stock(journey)
    visit.stock.promised = False
    visit.stock.came_for_it = False
    journey.item = item
    journey.basket_cents = cents(journey.basket_cents * value)
