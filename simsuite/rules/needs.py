"""M1 Needs: candidate needs come on the customer's own clock, so that need n exists in both worlds.

Whether a need is considered depends on awareness and on the inclusive value of
the channels that she can reach: better or more channels win needs.
"""

from simsuite.machine.marks import rule
from simsuite.rules.draws_ahead import CLOCK, KIND, SIZE, draw_for_need
from simsuite.rules.luck import draw, drawn, drawn4
from simsuite.rules.mathematics import cents, clock, exp, log, logistic, normal
from simsuite.rules.state import renew_journey, renew_relation
from simsuite.vocabulary import NEVER, PARTS_PER_DAY, Decision, Intent, Phase

LAST_PART = 2000000000  # beyond any run


@rule
def await_first_need(customer, luck):
    """Set her clock to need 0: exponential with her own rate."""
    customer.next_need_time = clock(draw(luck, customer.number, 0, Decision.NEED_CLOCK, 0), customer.need_rate)


@rule
def intent_of_need(u, customer):
    """With what aim the occasion arises, by her own shares."""
    if u < customer.buy_share:
        return Intent.BUY
    if u < customer.plan_share:
        return Intent.CONSIDER
    return Intent.BROWSE


@rule
def shifted_share(share, log_odds):
    """A share moved by some log odds; 0 and 1 stay."""
    if log_odds == 0.0 or share <= 0.0 or share >= 1.0:
        return share
    return logistic(log(share / (1.0 - share)) + log_odds)


@rule
def category_of_need(u, categories):
    """Index of the category: needs fall on categories by their shares."""
    total = 0.0
    for index in range(len(categories)):
        total += categories[index].need_share
    passed = 0.0
    for index in range(len(categories) - 1):
        passed += categories[index].need_share
        if u * total < passed:
            return index
    return len(categories) - 1


@rule
def item_of_need(u, category, items):
    """Index of the main item: by popularity within the category."""
    passed = 0.0
    last = category.first_item + category.items - 1
    for index in range(category.first_item, last):
        passed += items[index].popularity
        if u < passed:
            return index
    return last


@rule
def lapse_days(intent, deliberation, u, needs):
    """Days until the need lapses: lognormal, longer for those who consider and for what is thought over."""
    center = needs.lapse_log_browse
    if intent == Intent.CONSIDER:
        center = needs.lapse_log_consider
    if intent == Intent.BUY:
        center = needs.lapse_log_buy
    return exp(center + needs.lapse_deliberation * (deliberation - 0.5) + needs.lapse_spread * normal(u))


@rule
def shape_need(customer, visit, world):
    """Write into `visit.candidate` what the customer's next need is about; the same in every world."""
    needs = world.parameters.needs
    need = visit.candidate
    number = customer.next_need
    draw_for_need(customer, visit.bits, world.luck)
    u0, u1, u2, u3 = drawn4(visit.bits, KIND)
    need.need = number
    need.born = int(customer.next_need_time)
    need.counted = world.now.switch_part <= need.born < world.now.last_counted_part
    need.intent = intent_of_need(u0, customer)
    need.category = category_of_need(u1, world.categories)
    need.item = item_of_need(u2, world.categories[need.category], world.items)
    size = exp(needs.basket_spread * normal(u3))
    need.basket_cents = cents(world.items[need.item].list_cents * size)
    days = lapse_days(need.intent, world.categories[need.category].deliberation, drawn(visit.bits, SIZE, 0), needs)
    need.lapses = NEVER
    if days < 1e8:
        need.lapses = need.born + 1 + int(days * PARTS_PER_DAY)


@rule
def await_next_need(customer, visit):
    """Set her clock to the need after the one that has been shaped: exponential with her own rate."""
    customer.next_need += 1
    customer.next_need_time += clock(drawn(visit.bits, CLOCK, 0), customer.need_rate)


@rule
def consideration_probability(awareness, inclusive_value, needs):
    """A / (1 + exp(V0 - lambda IV)): rises with awareness and with what the channels offer."""
    return awareness / (1.0 + exp(needs.consideration_threshold - needs.inclusive_value_weight * inclusive_value))


@rule
def open_journey(journey, need, relations, part):
    """A considered need becomes a journey: nothing known yet, nothing in hand; old carts still lie."""
    journey.need = need.need
    journey.born = need.born
    journey.counted = need.counted
    journey.intent = need.intent
    journey.category = need.category
    journey.item = need.item
    journey.basket_cents = need.basket_cents
    journey.lapses = need.lapses
    journey.phase = Phase.SEARCH
    journey.next_visit = part
    renew_journey(journey)
    for index in range(len(relations)):
        renew_relation(relations[index])


@rule
def close_journey(customer):
    """No need is open any more; she is due again when the next one arises."""
    customer.journey.phase = Phase.NO_JOURNEY
    customer.journey.next_visit = NEVER


@rule
def next_due_part(customer, part):
    """Part in which she has to act next: her next visit, or the next need; after `part`."""
    journey = customer.journey
    if journey.phase == Phase.NO_JOURNEY:
        due = NEVER
        if customer.next_need_time < 1e11:
            due = int(customer.next_need_time)
    else:
        due = min(journey.next_visit, journey.lapses)
    return max(min(due, LAST_PART), part + 1)
