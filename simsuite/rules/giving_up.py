"""M8 Giving up: the rate of every cause in this step, and when a paused journey goes on."""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw4
from simsuite.rules.mathematics import exp, normal
from simsuite.rules.mechanism import Mechanism
from simsuite.rules.statements import clash_weight
from simsuite.vocabulary import N_CLOCKS_PADDED, PARTS_PER_DAY, Cause, Decision, Intent, Phase, Recognition, Stated

MECHANISM = Mechanism(parameters="giving_up", decisions=(Decision.GAP,))


@rule
def not_ready_rate(journey, giving_up):
    """Browsers leave soonest; with something in the cart it rings at another rate, by one factor for all."""
    rate = giving_up.not_ready_consider
    if journey.intent == Intent.BROWSE:
        rate = giving_up.not_ready_browse
    if journey.intent == Intent.BUY:
        rate = giving_up.not_ready_buy
    if journey.phase >= Phase.CART:
        rate *= giving_up.not_ready_in_cart
    return rate


@rule
def everyday_rates(customer, visit, world):
    """Causes that can ring in any step: not ready, competitor, effort, leaving the page for the place."""
    journey = customer.journey
    giving_up = world.parameters.giving_up
    visit.rates[Cause.NOT_READY] = not_ready_rate(journey, giving_up)
    discontent = world.parameters.feelings.neutral - customer.satisfaction
    visit.rates[Cause.COMPETITOR] = giving_up.competitor * max(0.0, 1.0 + discontent)
    spent = journey.effort / customer.effort_budget
    visit.rates[Cause.EFFORT] = giving_up.effort * max(0.0, spent - giving_up.effort_free)
    visit.rates[Cause.TO_PLACE] = 0.0
    if journey.stated_stock == Stated.IN_STOCK and journey.stated_stock_by == visit.channel and not visit.collects:
        visit.rates[Cause.TO_PLACE] = giving_up.to_place


@rule
def checkout_rates(customer, visit, world):
    """Causes that ring at the checkout: fees, account, payment, delivery, forms; relative weights of F03."""
    channel = world.channels[visit.channel]
    giving_up = world.parameters.giving_up
    surcharge = channel.surcharge
    if visit.collects:
        surcharge *= world.parameters.orders.collect_extra_cost
    visit.rates[Cause.EXTRA_COST] = giving_up.extra_cost * surcharge
    visit.rates[Cause.FORCED_ACCOUNT] = (
        giving_up.forced_account if channel.needs_account and not visit.identity.identified else 0.0
    )
    visit.rates[Cause.PAYMENT_DISTRUST] = giving_up.payment_distrust * channel.payment_risk
    slow = channel.delivers and not channel.staffed and not visit.collects
    days = channel.delivery / giving_up.usual_delivery
    visit.rates[Cause.SLOW_DELIVERY] = giving_up.slow_delivery * days if slow else 0.0
    visit.rates[Cause.TEDIOUS_FORM] = giving_up.tedious_form * channel.form_friction


@rule
def clash_rates(customer, visit, world):
    """Causes that act once, at the first step of the visit in which they are noticed."""
    if not visit.race.first_step:
        return
    statements = world.parameters.statements
    weight = clash_weight(visit.belief, statements)
    sensitivity = statements.deal_prone_factor if customer.deal_prone else statements.others_factor
    visit.rates[Cause.PRICE_CLASH] = statements.price_clash_rate * max(0.0, visit.price.excess - statements.tolerance)
    visit.rates[Cause.PROMOTION_CLASH] = statements.promotion_clash_rate * visit.promotion.missing * sensitivity
    visit.rates[Cause.CART_LOST] = statements.cart_lost_rate * weight if visit.context.cart_lost else 0.0
    visit.rates[Cause.ASKED_AGAIN] = statements.asked_again_rate * weight if visit.context.asked_again else 0.0
    wrong = visit.identity.recognition == Recognition.WRONG_PERSON
    visit.rates[Cause.WRONG_PERSON] = statements.wrong_person_rate if wrong else 0.0
    visit.rates[Cause.CREEPY] = world.parameters.identity.creepy_rate if visit.identity.creepy else 0.0


@rule
def set_rates(customer, visit, progress, world):
    """The rates of the clocks that every step has, and of those at the checkout; all others 0."""
    for index in range(N_CLOCKS_PADDED):
        visit.rates[index] = 0.0
    visit.rates[Cause.PROGRESS] = progress
    visit.rates[Cause.PAUSE] = world.parameters.race.pause_rate
    everyday_rates(customer, visit, world)
    if customer.journey.phase == Phase.CHECKOUT:
        checkout_rates(customer, visit, world)


@rule
def again_probability(intent, giving_up):
    """Probability that a paused journey goes on the same day."""
    if intent == Intent.BROWSE:
        return giving_up.again_browse
    if intent == Intent.CONSIDER:
        return giving_up.again_consider
    return giving_up.again_buy


@rule
def next_visit_part(customer, occasion, part, giving_up, luck):
    """When a paused journey goes on: in the next daypart, or after 1 + lognormal days at any daypart."""
    u0, u1, u2, u3 = draw4(luck, customer.number, occasion, Decision.GAP, 0)
    if u0 < again_probability(customer.journey.intent, giving_up):
        return part + 1
    days = 1 + int(exp(giving_up.gap_log + giving_up.gap_spread * normal(u1)))
    return (part // PARTS_PER_DAY + days) * PARTS_PER_DAY + int(u2 * PARTS_PER_DAY)
