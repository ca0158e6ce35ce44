"""Who the customers are: shares, rates and aims of their segment, each drawn for herself; her first need."""

import math
from statistics import NormalDist

import pytest
from worlds import Encounter, of_everybody, thing

from simsuite.vocabulary import Decision

MET = Encounter()


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("trait", ["deal_prone", "privacy_concerned", "consents"])
def test_a_share_of_a_segment_is_that_of_its_people(trait, share):
    said = {"deal_prone": "deal_prone_share", "privacy_concerned": "privacy_concern_share", "consents": "consent_share"}
    met = Encounter(**of_everybody(**{said[trait]: share}))
    for number in range(6):
        met.rules.draw_customer(met.customer, met.relations, number, 0, met.world)
        assert getattr(met.customer, trait) == (share == 1.0)


def test_the_first_need_has_its_own_luck_and_the_next_ones_theirs():
    met = Encounter()
    customer, luck = met.customer, met.world.luck
    met.rules.await_first_need(customer, luck)
    first = met.rules.draw(luck, customer.number, 0, Decision.NEED_CLOCK, 0)
    assert customer.next_need_time == met.rules.clock(first, customer.need_rate)
    later = [met.rules.draw(luck, customer.number, need, Decision.NEED_CLOCK, 0) for need in (1, 2)]
    assert len({first, *later}) == 3


@pytest.mark.parametrize("knot, between", [(0, 0.0), (0, 0.5), (64, 0.25), (2047, 0.5)])
def test_rates_between_two_knots_lie_on_the_line_between_them(knot, between):
    segment = MET.world.segments[0]
    u = 1.0 - math.exp(-(knot + between) * 24.0 / 2048)
    low, high = segment.rate_knots[knot], segment.rate_knots[knot + 1]
    assert low < high
    assert MET.rules.gamma_rate(u, segment) == pytest.approx(low + between * (high - low), rel=1e-3)


@pytest.mark.parametrize("number", range(6))
def test_those_who_need_more_than_others_of_their_segment_aim_at_buying_as_its_engagement_says(number):
    met, odds = Encounter(**of_everybody(engagement_intent=0.7)), lambda share: math.log(share / (1.0 - share))
    met.rules.draw_customer(met.customer, met.relations, number, 0, met.world)
    score = NormalDist().inv_cdf(met.rules.draw(met.world.luck, number, 0, Decision.TRAITS, 1))
    needs = met.world.parameters.needs
    assert odds(met.customer.plan_share) - odds(1.0 - needs.browse_share) == pytest.approx(0.7 * score)


@pytest.mark.parametrize("u, segment", [(0.01, 0), (0.29, 0), (0.31, 1), (0.69, 1), (0.71, 2), (0.99, 2)])
def test_customers_fall_on_segments_by_their_shares(u, segment):
    shares = [thing("SEGMENT", share=share) for share in (0.3, 0.4, 0.3)]
    assert MET.rules.segment_of(u, shares) == segment
