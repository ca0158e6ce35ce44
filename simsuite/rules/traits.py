"""Who the customers are: traits drawn once, keyed by the customer, the same in every world."""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw, draw4
from simsuite.rules.mathematics import exp, log, normal
from simsuite.rules.needs import await_first_need, shifted_share
from simsuite.vocabulary import Decision

LAST_KNOT = 2048
KNOT_WIDTH = 0.01171875  # knots lie evenly in -ln(1 - u), from 0 to 24


@rule
def gamma_rate(u, segment):
    """Need rate of the customer at rank u of the segment's gamma distribution, per daypart."""
    place = -log(1.0 - u) / KNOT_WIDTH
    knot = min(int(place), LAST_KNOT - 1)
    low = segment.rate_knots[knot]
    return low + (place - knot) * (segment.rate_knots[knot + 1] - low)


@rule
def segment_of(u, segments):
    """Index of the segment: customers fall on segments by their shares."""
    passed = 0.0
    for index in range(len(segments) - 1):
        passed += segments[index].share
        if u < passed:
            return index
    return len(segments) - 1


@rule
def aims_of(customer, shift, needs):
    """Her shares of occasions with a plan, and with the aim to buy: heavy buyers shift toward buying (log odds)."""
    plan = 1.0 - needs.browse_share
    customer.plan_share = shifted_share(plan, shift)
    customer.buy_share = shifted_share(plan - needs.consider_share, shift)


@rule
def draw_customer(customer, relations, number, region, world):
    """Traits of customer `number`, her relations to the channels, and the time of her first need."""
    luck = world.luck
    customer.number = number
    customer.region = region
    u0, u1, u2, u3 = draw4(luck, number, 0, Decision.TRAITS, 0)
    u4, u5, u6, u7 = draw4(luck, number, 0, Decision.TRAITS, 4)
    customer.segment = segment_of(u0, world.segments)
    segment = world.segments[customer.segment]
    customer.need_rate = gamma_rate(u1, segment)
    engagement = normal(u1)
    aims_of(customer, segment.engagement_intent * engagement, world.parameters.needs)
    customer.price_sensitivity = segment.price_sensitivity * exp(segment.price_sensitivity_spread * normal(u2))
    customer.effort_budget = segment.effort_budget * exp(segment.effort_budget_spread * normal(u3))
    customer.deal_prone = u4 < segment.deal_prone_share
    customer.privacy_concerned = u5 < segment.privacy_concern_share
    customer.consents = u6 < segment.consent_share
    customer.awareness = segment.awareness
    customer.satisfaction = segment.satisfaction
    for index in range(len(relations)):
        draw_relation(customer, relations[index], engagement, segment, world.channels[index], luck)
    await_first_need(customer, luck)


@rule
def draw_relation(customer, relation, engagement, segment, channel, luck):
    """Her taste for one channel, whether she can use it, and whether her record there would be linked.

    engagement : standard score of her log need rate within the segment
    """
    number = customer.number
    code = channel.code
    u = draw(luck, number, 0, Decision.TASTES, code)
    relation.taste = segment.tastes[channel.index] + segment.taste_spread * normal(u)
    reach = shifted_share(channel.reach_share, channel.reach_engagement * engagement)
    relation.reachable = draw(luck, number, 0, Decision.REACH, code) < reach
    relation.link = draw(luck, number, 0, Decision.LINK, code)
