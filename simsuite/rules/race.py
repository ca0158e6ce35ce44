"""M7 Progress and M8 giving up are one race of exponential clocks; the earliest rings.

Every clock has its own draw, so that a cause switched off changes only those whom
it struck. Progress rings at exp(x), pause at rate 1, each cause at its own rate.
"""

from simsuite.machine.marks import rule
from simsuite.rules.choice import offer_utility
from simsuite.rules.draws_ahead import EARLY_CLOCKS, LATE_CLOCKS, LATE_GROUP
from simsuite.rules.luck import draw4, drawn4
from simsuite.rules.mathematics import FOREVER, clock, exp
from simsuite.rules.mechanism import Mechanism, counts, group, numbers, whole, yes
from simsuite.vocabulary import N_CAUSES, N_CLOCKS_PADDED, Cause, Decision, Intent, Phase

MECHANISM = Mechanism(
    parameters="race",
    decisions=(Decision.RACE,),
    visit=(
        group(
            "race",
            yes("first_step", True, "no step made yet in this visit"),
            whole("steps", 0, "steps forward"),
            whole("rang", -1, "clock that ended the visit, code of Cause; -1 none yet"),
            whole("second", -1, "clock that would have rung next"),
            meaning="the steps of the visit and the clock that ended it",
        ),
        numbers("rates", N_CLOCKS_PADDED, "of the clocks of this step, by code of Cause"),
    ),
    tally=(
        counts(
            *("next_in_line", N_CAUSES, N_CAUSES + 1),
            meaning="cause that rang, clock that would have rung next (last: none)",
        ),
    ),
)


@rule
def base_rate(phase, staffed, race):
    """Log rate of a step for somebody who considers: six numbers, by step and by who serves."""
    if phase == Phase.SEARCH:
        return race.search_staffed if staffed else race.search_self_service
    if phase == Phase.CART:
        return race.cart_staffed if staffed else race.cart_self_service
    return race.checkout_staffed if staffed else race.checkout_self_service


@rule
def intent_effect(phase, intent, race):
    """Browsers progress less, buyers more, most of all while searching."""
    if intent == Intent.CONSIDER:
        return 0.0
    if phase == Phase.SEARCH:
        return race.browse_search if intent == Intent.BROWSE else race.buy_search
    if phase == Phase.CART:
        return race.browse_cart if intent == Intent.BROWSE else race.buy_cart
    return race.browse_checkout if intent == Intent.BROWSE else race.buy_checkout


@rule
def knowledge_effect(phase, knowledge, race):
    """What she knows speeds her up, most while searching."""
    if phase == Phase.SEARCH:
        return race.knowledge_search * knowledge
    if phase == Phase.CART:
        return race.knowledge_cart * knowledge
    return race.knowledge_checkout * knowledge


@rule
def friction_effect(phase, channel, race):
    """Screens slow searching and filling the cart, forms slow the checkout."""
    if phase == Phase.SEARCH:
        return race.friction_search * channel.screen_friction
    if phase == Phase.CART:
        return race.friction_cart * channel.screen_friction
    return race.friction_checkout * channel.form_friction


@rule
def log_progress(customer, relations, visit, liking, world):
    """x: log rate of progress in this step."""
    journey = customer.journey
    channel = world.channels[visit.channel]
    race = world.parameters.race
    neutral = world.parameters.feelings.neutral
    knowledge = journey.head_knowledge + race.list_weight * relations[visit.channel].knowledge
    x = base_rate(journey.phase, channel.staffed, race) + intent_effect(journey.phase, journey.intent, race)
    x += knowledge_effect(journey.phase, knowledge, race) - friction_effect(journey.phase, channel, race)
    x += offer_utility(customer, visit.promotion.stated, world.parameters.choice)
    x -= race.price_weight * customer.price_sensitivity * (visit.price.stated - 1.0)
    x -= race.effort_weight * journey.effort / customer.effort_budget
    x += race.satisfaction_weight * (customer.satisfaction - neutral)
    return x + race.liking_weight * (liking - neutral)


@rule
def earliest_clock(customer, visit, occasion, luck):
    """Let the clocks of `visit.rates` run: sets `visit.race.rang` and `visit.race.second`; returns the one that rang.

    A clock that can be neither first nor second is not worked out: -ln u is at least 2 (1 - u) / (1 + u).
    """
    phase = customer.journey.phase
    first = FOREVER
    then = FOREVER
    rang = -1
    second = -1
    for four in range(0, N_CLOCKS_PADDED, 4):
        if visit.rates[four] + visit.rates[four + 1] + visit.rates[four + 2] + visit.rates[four + 3] > 0.0:
            if phase == Phase.SEARCH and four == 0:
                u0, u1, u2, u3 = drawn4(visit.bits, EARLY_CLOCKS)
            elif phase == Phase.SEARCH and four == LATE_GROUP:
                u0, u1, u2, u3 = drawn4(visit.bits, LATE_CLOCKS)
            else:
                u0, u1, u2, u3 = draw4(luck, customer.number, occasion, Decision.RACE, phase * 64 + four)
            for place in range(4):
                u = u0 if place == 0 else u1 if place == 1 else u2 if place == 2 else u3
                rate = visit.rates[four + place]
                if 2.0 * (1.0 - u) >= then * rate * (1.0 + u):
                    continue
                rings = clock(u, rate)
                if rings < first:
                    then = first
                    second = rang
                    first = rings
                    rang = four + place
                elif rings < then:
                    then = rings
                    second = four + place
    visit.race.rang = rang if rang >= 0 else Cause.PAUSE
    visit.race.second = second
    return visit.race.rang


@rule
def take_in(customer, relations, visit, race):
    """A visit teaches: it closes part of what she does not know yet, in her head and in what lies here."""
    journey = customer.journey
    here = relations[visit.channel]
    gain = min(1.0, visit.help.gain * visit.help.factor)
    journey.head_knowledge += gain * max(0.0, race.head_gain - journey.head_knowledge)
    here.knowledge += gain * (1.0 - here.knowledge)


@rule
def rate_of_progress(customer, relations, visit, liking, world):
    """exp(x) for the clock of progress."""
    return exp(log_progress(customer, relations, visit, liking, world))
