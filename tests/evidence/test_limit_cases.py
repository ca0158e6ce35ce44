"""Closed forms against published or hand-computed reference values, and against each other."""

from math import exp, log, sqrt

import pytest

from simsuite.evidence import limit_cases as theory

APPEALS = (0.0, 0.5, -0.5)


def test_the_race_of_a_cart_has_its_reference_values():
    """b .08, g .19, s .10: 8/27, 8/37, and a gain of 10/27 when the cart follows."""
    assert theory.probability_of_order(0.08, 0.19) == pytest.approx(8 / 27)
    assert theory.probability_of_order(0.08, 0.19, 0.10, 1.0) == pytest.approx(8 / 37)
    gain = theory.relative_gain_of_continuity(0.08, 0.19, 0.10, 1.0)
    assert gain == pytest.approx(10 / 27)


def test_links_at_both_ends_weigh_the_two_races():
    """c .5: a quarter of 8/27 and three quarters of 8/37."""
    assert theory.probability_of_order_with_links(0.08, 0.19, 0.10, 0.5) == pytest.approx(0.2362, abs=5e-5)
    assert theory.probability_of_order_with_links(0.08, 0.19, 0.10, 0.0) == pytest.approx(8 / 37)
    assert theory.probability_of_order_with_links(0.08, 0.19, 0.10, 1.0) == pytest.approx(8 / 27)


@pytest.mark.parametrize("silent, announced", [(0.05, 0.10), (0.02, 0.30)])
def test_at_its_boundary_announced_half_integration_equals_silent_silos(silent, announced):
    coverage = theory.coverage_from_which_announcing_helps(0.08, 0.19, silent, announced)
    silos = theory.probability_of_order(0.08, 0.19, silent, 1.0)
    assert theory.probability_of_order_with_links(0.08, 0.19, announced, coverage) == pytest.approx(silos)
    assert theory.probability_of_order_with_links(0.08, 0.19, announced, 0.9 * coverage) < silos
    assert theory.probability_of_order_with_links(0.08, 0.19, announced, 1.1 * coverage) > silos


def test_a_shared_record_loses_from_its_reference_errors_on():
    """s .02, r .3: 0.02 / 0.32 at full coverage, 0.033 at one half."""
    assert theory.error_from_which_sharing_loses(0.08, 0.19, 0.02, 0.3, 1.0) == pytest.approx(0.0625)
    assert theory.error_from_which_sharing_loses(0.08, 0.19, 0.02, 0.3, 0.5) == pytest.approx(0.033, abs=5e-4)


@pytest.mark.parametrize("coverage", [0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("switch, own", [(0.02, 0.3), (0.2, 0.1)])
def test_at_its_boundary_a_shared_record_sells_as_much_as_silos(coverage, switch, own):
    error = theory.error_from_which_sharing_loses(0.08, 0.19, switch, own, coverage)
    silos = theory.probability_of_order(0.08, 0.19, switch, 1.0)
    sold = theory.probability_of_order_with_shared_record
    assert sold(0.08, 0.19, switch, own, error, coverage) == pytest.approx(silos)
    assert (
        sold(0.08, 0.19, switch, own, 1.1 * error, coverage)
        < silos
        < sold(0.08, 0.19, switch, own, 0.9 * error, coverage)
    )


def test_without_errors_a_shared_record_is_the_race_with_links():
    shared = theory.probability_of_order_with_shared_record(0.08, 0.19, 0.10, 0.3, 0.0, 0.5)
    assert shared == pytest.approx(theory.probability_of_order_with_links(0.08, 0.19, 0.10, 0.5))


def test_logit_shares_have_their_reference_values():
    assert theory.choice_shares(APPEALS) == pytest.approx((0.3072, 0.5065, 0.1863), abs=5e-5)
    first, second, _ = theory.choice_shares(APPEALS, noise=2.0)
    assert second / first == pytest.approx(exp(0.25))


def test_inclusive_value_rises_by_a_channels_share_when_it_gains_appeal():
    """The derivative of mu ln sum exp(V / mu) is the share (Williams, Daly & Zachary)."""
    step = 1e-5
    for noise in (1.0, 2.0):
        up, down = (theory.inclusive_value((0.0, 0.5 + sign * step, -0.5), noise) for sign in (1, -1))
        assert (up - down) / (2 * step) == pytest.approx(theory.choice_shares(APPEALS, noise)[1], rel=1e-6)
    assert theory.inclusive_value((1.7,)) == pytest.approx(1.7)
    assert theory.inclusive_value((0.0, 0.0)) == pytest.approx(log(2))


@pytest.mark.parametrize(
    "inertia, shares, repeated",
    [
        (1.0, (0.2823, 0.5698, 0.1479), 0.6305),
        (0.5, (0.2947, 0.5382, 0.1671), 0.5085),
        (0.0, (0.3072, 0.5065, 0.1863), 0.3857),
    ],
)
def test_the_chain_of_a_habit_has_its_reference_values(inertia, shares, repeated):
    """Without a habit the repeat rate is the sum of the squared shares."""
    assert theory.long_run_shares(APPEALS, inertia) == pytest.approx(shares, abs=5e-5)
    assert theory.repeat_rate(APPEALS, inertia) == pytest.approx(repeated, abs=1e-4)


def test_long_run_shares_stay_when_everybody_chooses_once_more():
    shares, after = theory.long_run_shares(APPEALS, 1.3), theory.choice_after(APPEALS, 1.3)
    once_more = [sum(shares[last] * after[last][shop] for last in range(3)) for shop in range(3)]
    assert once_more == pytest.approx(shares)
    assert all(sum(row) == pytest.approx(1.0) for row in after)


def test_price_elasticities_are_the_derivatives_of_the_logit():
    """Finite difference of ln P by ln p at price 1.2 and weight 1.5."""
    weight, price, step = 1.5, 1.2, 1e-6

    def log_shares(factor):
        return [log(share) for share in theory.choice_shares((0.3 - weight * price * factor, 0.0, -0.4))]

    slopes = [(up - down) / (2 * step) for up, down in zip(log_shares(1 + step), log_shares(1 - step), strict=True)]
    share = exp(log_shares(1.0)[0])
    assert slopes[0] == pytest.approx(theory.own_price_elasticity(weight, price, share), rel=1e-6)
    assert slopes[1:] == pytest.approx([theory.cross_price_elasticity(weight, price, share)] * 2, rel=1e-6)


def test_negative_binomial_orders_have_their_reference_values():
    """r .385, mean 1.042: 0.604 buy nothing; the moments are those of the distribution."""
    shape, duration = 0.385, 39.0
    scale = shape * duration / 1.042
    assert theory.probability_of_orders(0, shape, scale, duration) == pytest.approx(0.604, abs=5e-4)
    chances = [theory.probability_of_orders(count, shape, scale, duration) for count in range(400)]
    mean = sum(count * chance for count, chance in enumerate(chances))
    variance = sum(count * count * chance for count, chance in enumerate(chances)) - mean * mean
    assert sum(chances) == pytest.approx(1.0)
    assert mean == pytest.approx(1.042) == pytest.approx(theory.mean_orders(shape, scale, duration))
    assert variance == pytest.approx(theory.variance_of_orders(shape, scale, duration))


def test_equal_rates_make_orders_a_poisson_stream():
    """A gamma distribution without spread: P(0) = e^-mean, variance = mean."""
    assert theory.probability_of_orders(0, 1e9, 1e9, 2.0) == pytest.approx(exp(-2.0))
    assert theory.variance_of_orders(1e9, 1e9, 2.0) == pytest.approx(2.0)
    assert sqrt(theory.mean_orders(1e9, 1e9, 4.0)) == pytest.approx(2.0)
