"""M2 Channel choice: random utility with one Gumbel draw per channel.

Appeals are weights times attributes of the channel times traits of the category,
not one number a channel. Raising one utility can only move people to that channel.
"""

from simsuite.machine.marks import rule
from simsuite.rules.draws_ahead import CHANNELS_AHEAD, CHOICE
from simsuite.rules.learning import belief_in_continuity, learned_mean, liking_of
from simsuite.rules.luck import draw, drawn
from simsuite.rules.mathematics import FOREVER, exp, log
from simsuite.rules.mechanism import Mechanism, group, numbers, real, yes
from simsuite.vocabulary import MAX_CHANNELS, Decision, Intent, Phase, Stated

UNREACHABLE = -1e300

MECHANISM = Mechanism(
    parameters="choice",
    decisions=(Decision.CHOICE, Decision.ARRIVAL),
    visit=(
        group(
            "choice",
            yes("weighed", False, "the utilities have been worked out"),
            real("best_utility", 0.0, "the highest of these utilities"),
            meaning="what draws her to which channel",
        ),
        numbers("utilities", MAX_CHANNELS, "of going to each channel now"),
        numbers("pulls", MAX_CHANNELS, "odds of each channel against the best one"),
    ),
)


@rule
def appeal_when_searching(channel, choice):
    """Utility of looking around here: breadth and information, less the friction of the screen."""
    return (
        choice.search_breadth * channel.breadth
        + choice.search_information * channel.information
        - choice.search_friction * channel.screen_friction
    )


@rule
def appeal_when_buying(channel, category, choice):
    """Utility of buying here: what the category asks for, times what the channel gives."""
    return (
        choice.buy_inspection * channel.inspection * category.need_to_inspect
        + choice.buy_immediacy * channel.immediacy * category.urgency
        + choice.buy_reassurance * channel.reassurance * category.risk
        + choice.buy_experience * channel.experience * category.pleasure
        - choice.buy_friction * channel.form_friction
    )


@rule
def readiness(journey, best_list, choice, race):
    """How far she knows what she wants, 0 to 1: by intent, grows with knowledge, high with a cart."""
    start = choice.readiness_browse
    if journey.intent == Intent.CONSIDER:
        start = choice.readiness_consider
    if journey.intent == Intent.BUY:
        start = choice.readiness_buy
    ready = start + (1.0 - start) * choice.readiness_gain * min(
        1.0, journey.head_knowledge + race.list_weight * best_list
    )
    if journey.phase >= Phase.CART and ready < choice.readiness_with_cart:
        ready = choice.readiness_with_cart
    return min(1.0, ready)


@rule
def best_list_of(relations):
    """The most that lies about the open need in any one channel, 0 to 1."""
    best = 0.0
    for index in range(len(relations)):
        best = max(best, relations[index].knowledge)
    return best


@rule
def restart_cost(relations, index, best_list, journey, channels, choice):
    """What she would have to do again in this channel if nothing came along: list and cart."""
    cost = choice.restart_knowledge * (best_list - relations[index].knowledge)
    elsewhere = journey.cart_channel >= 0 and relations[index].cart_need != journey.need
    if elsewhere and channels[index].domain != channels[journey.cart_channel].domain:
        cost += choice.restart_cart
    return cost


@rule
def probability_of_finding(customer, shown, world):
    """Her own experience of finding an item at a place, given what was shown before; 0 to 1."""
    learning = world.parameters.learning
    weight = learning.shelf_prior_weight
    if shown == Stated.IN_STOCK:
        return learned_mean(customer.shelf_yes, learning.shelf_prior_yes, weight, world.now.part, world.fading)
    if shown == Stated.NOT_IN_STOCK:
        return learned_mean(customer.shelf_no, learning.shelf_prior_no, weight, world.now.part, world.fading)
    return learned_mean(customer.shelf_silent, learning.shelf_prior_silent, weight, world.now.part, world.fading)


@rule
def offer_utility(customer, depth, choice):
    """Utility of an offer of this depth (share of list): 0.8 of a full offer for the deal-prone."""
    weight = choice.offer_deal_prone if customer.deal_prone else choice.offer_others
    return weight * depth / choice.full_offer


@rule
def mean_told_price(relations):
    """Mean over the channels she can reach of the price each told her last (list where none did)."""
    total = 0.0
    count = 0.0
    for index in range(len(relations)):
        reached = relations[index].reachable + 0.0
        told = relations[index].told_price
        total += reached * (told if told >= 0.0 else 1.0)
        count += reached
    return total / count if count > 0.0 else 1.0


@rule
def trip_utility(customer, journey, channel, ready, world):
    """Going to a place: the trip, and the risk that the item is not there (kappa, for places)."""
    choice = world.parameters.choice
    utility = -choice.trip_weight * channel.trip
    if channel.sells_now:
        shown = journey.stated_stock if journey.stated_place == channel.index else 0
        found = probability_of_finding(customer, shown, world)
        utility -= choice.availability_weight * ready * (1.0 - found)
    return utility


@rule
def channel_utility(customer, relations, index, ready, best_list, mean_price, belief, world):
    """Utility of going to channel `index` for the open need, without noise.

    U = (1 - r) search + r buy + taste + liking + inertia + usable offer - dearness
        - expected wait - trip - (1 - belief) x what would have to be done again
    """
    choice = world.parameters.choice
    relation = relations[index]
    channel = world.channels[index]
    journey = customer.journey
    appeal = world.appeal[journey.category][index]
    utility = (1.0 - ready) * appeal.search + ready * appeal.buy + relation.taste + channel.taste
    utility += choice.liking_weight * (liking_of(relation, world) - world.parameters.feelings.neutral)
    if customer.last_channel == index:
        utility += choice.inertia
    if journey.stated_promotion > 0.0:
        honored = 1.0 if journey.stated_by == index else belief
        utility += honored * offer_utility(customer, journey.stated_promotion, choice)
    told = relation.told_price if relation.told_price >= 0.0 else 1.0
    utility -= choice.price_weight * customer.price_sensitivity * (told - mean_price) / mean_price
    desk = world.places[index][customer.region].desk
    if desk >= 0:
        utility -= choice.wait_weight * world.desks[desk].expected_wait
    utility += trip_utility(customer, journey, channel, ready, world)
    return utility - (1.0 - belief) * restart_cost(relations, index, best_list, journey, world.channels, choice)


@rule
def is_open(channel, daypart):
    """Whether the channel can be visited in this part of the day."""
    if daypart == 0:
        return channel.opens_morning
    if daypart == 1:
        return channel.opens_noon
    if daypart == 2:
        return channel.opens_afternoon
    return channel.opens_evening


@rule
def weigh_channels(customer, relations, visit, world):
    """Fill `visit.utilities` and `visit.pulls` for every channel; UNREACHABLE and 0 for those that she cannot use at all."""
    choice = world.parameters.choice
    visit.choice.weighed = True
    best_list = best_list_of(relations)
    ready = readiness(customer.journey, best_list, choice, world.parameters.race)
    mean_price = mean_told_price(relations)
    belief = belief_in_continuity(customer, world)
    for index in range(len(relations)):
        visit.utilities[index] = UNREACHABLE
        if relations[index].reachable:
            visit.utilities[index] = channel_utility(
                customer, relations, index, ready, best_list, mean_price, belief, world
            )
    set_pulls(visit, len(relations), choice.noise)


@rule
def set_pulls(visit, n_channels, noise):
    """Fill `visit.choice.best_utility`, and `visit.pulls` with exp((U - best) / noise): the odds of each channel against the best."""
    best = UNREACHABLE
    for index in range(n_channels):
        best = max(best, visit.utilities[index])
    visit.choice.best_utility = best
    for index in range(n_channels):
        visit.pulls[index] = 0.0
        if visit.utilities[index] > UNREACHABLE and noise > 0.0:
            visit.pulls[index] = exp((visit.utilities[index] - best) / noise)


@rule
def inclusive_value(visit, n_channels, noise):
    """noise x ln sum exp(U / noise): the worth of having these channels to choose from."""
    if noise <= 0.0:
        return visit.choice.best_utility
    total = 0.0
    for index in range(n_channels):
        total += visit.pulls[index]
    if total <= 0.0:
        return UNREACHABLE
    return visit.choice.best_utility + noise * log(total)


@rule
def best_open_channel(visit, world):
    """Index of the open channel with the highest utility, the first of equals; -1 if none can be reached."""
    best = UNREACHABLE
    chosen = -1
    for index in range(len(world.channels)):
        if visit.utilities[index] > best and is_open(world.channels[index], world.now.daypart):
            best = visit.utilities[index]
            chosen = index
    return chosen


@rule
def choose_channel(customer, visit, occasion, world):
    """Index of the channel with the highest utility plus Gumbel noise; -1 if none can be reached.

    Worked out as a race: the earliest of exponential clocks at rates exp(U / noise) is
    the same choice with one logarithm less. A clock that cannot win is not worked out:
    -ln u is at least 2 (1 - u) / (1 + u).
    """
    if world.parameters.choice.noise <= 0.0:
        return best_open_channel(visit, world)
    first = FOREVER
    chosen = -1
    for index in range(len(world.channels)):
        code = world.channels[index].code
        if code < CHANNELS_AHEAD:
            u = drawn(visit.bits, CHOICE + code // 4, code % 4)
        else:
            u = draw(world.luck, customer.number, occasion, Decision.CHOICE, code)
        pull = visit.pulls[index]
        if 2.0 * (1.0 - u) < first * pull * (1.0 + u) and is_open(world.channels[index], world.now.daypart):
            rings = -log(u) / pull
            if rings < first:
                first = rings
                chosen = index
    return chosen
