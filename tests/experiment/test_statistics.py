import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as given_some
from scipy.special import stdtrit

from simsuite.experiment.statistics import (
    paired_wins,
    pointwise_intervals,
    simultaneous_intervals,
    variance_reduction,
    verdict,
)

EXPERIMENTS = 400
COLUMNS = 6
FOUR_STANDARD_ERRORS = 4 * math.sqrt(0.95 * 0.05 / EXPERIMENTS)  # 4.4 points


def correlated_normal(luck, replications, columns=COLUMNS):
    """Standard normal columns, correlation 0.36."""
    return 0.6 * luck.standard_normal((replications, 1)) + 0.8 * luck.standard_normal((replications, columns))


def skewed(luck, replications, columns=COLUMNS):
    """Gamma with shape 2 (skewness 1.41), mean taken off, half of it shared by all columns."""
    return (luck.gamma(1, size=(replications, 1)) + luck.gamma(1, size=(replications, columns))) - 2


def shares_held(make, replications):
    """Shares of experiments in which all intervals hold the true value, 0: these, and Bonferroni's t."""
    luck = np.random.default_rng(20)
    by_bonferroni = stdtrit(replications - 1.0, 1 - 0.05 / (2 * COLUMNS))
    hits = np.zeros(2)
    for _ in range(EXPERIMENTS):
        found = simultaneous_intervals(make(luck, replications), draws=999)
        farthest = (np.abs(found.estimate) / found.standard_error).max()
        hits += ((found.low <= 0) & (found.high >= 0)).all(), farthest <= by_bonferroni
    return hits / EXPERIMENTS


@pytest.mark.parametrize("replications", [3, 5, 10, 20])
def test_normal_replications_cover_all_columns_at_once_in_95_of_100_experiments(replications):
    share, _ = shares_held(correlated_normal, replications)
    assert 0.95 - FOUR_STANDARD_ERRORS <= share <= 0.99


def test_skewed_replications_are_covered_nearly_as_often_as_by_bonferronis_t():
    """Whoever is never wider than Bonferroni's t cannot cover more of what is skewed; n 400 of the same data."""
    share, by_bonferroni = shares_held(skewed, 20)
    assert by_bonferroni - 0.03 <= share <= by_bonferroni


def test_pointwise_intervals_miss_more_often_together_than_each():
    luck = np.random.default_rng(21)
    hits = np.zeros(COLUMNS)
    together = 0
    for _ in range(EXPERIMENTS):
        found = pointwise_intervals(luck.standard_normal((20, COLUMNS)))
        hit = (found.low <= 0) & (found.high >= 0)
        hits += hit
        together += hit.all()
    assert (hits / EXPERIMENTS >= 0.95 - FOUR_STANDARD_ERRORS).all()
    # Six independent 95 % intervals hold together with probability 0.735; n = 400, four standard
    # errors = 0.09.
    assert abs(together / EXPERIMENTS - 0.95**6) < 0.09


def test_the_critical_value_of_many_normal_replications_is_the_known_one():
    # Two-sided 95 % of the largest of 3 independent |z|: Sidak, (2 Phi(z) - 1)^3 = 0.95, z = 2.388.
    # A quantile of 9,999 draws has a standard error of 0.02; Student's t of 499 adds 0.02.
    found = simultaneous_intervals(np.random.default_rng(5).standard_normal((500, 3)))
    assert np.allclose(found.half_width / found.standard_error, 2.388, atol=0.1)


def test_estimate_and_standard_error_are_the_textbook_ones():
    found = simultaneous_intervals(np.array([[1.0], [2.0], [3.0], [6.0]]))
    assert found.estimate[0] == pytest.approx(3.0)
    assert found.standard_error[0] == pytest.approx(math.sqrt(14 / 3 / 4))  # deviations -2 -1 0 3
    # Student's t with 3 degrees of freedom, 97.5 %: 3.182
    assert found.half_width[0] / found.standard_error[0] == pytest.approx(3.182, abs=5e-4)
    assert found.low[0] + found.half_width[0] == pytest.approx(3.0)


def test_uncorrelated_columns_get_sidaks_level():
    found = simultaneous_intervals(np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]))
    # Two independent t hold together with 95 % if each does with sqrt 0.95: t of 3 degrees of freedom, 4.156.
    # Of 9,999 draws the share outside, 0.0253, has a relative standard error of 4 %, the quantile of 1.5 %.
    assert np.allclose(found.half_width / found.standard_error, 4.156, rtol=0.06)


def test_columns_that_are_the_same_but_for_unit_and_sign_need_hardly_more_than_one():
    """40 replications: luck alone would make 1/39 of a squared correlation, which is what is taken off."""
    one = np.random.default_rng(12).normal(size=(40, 1))
    found = simultaneous_intervals(one * [1.0, 2.0, -5.0])
    reach = found.half_width / found.standard_error
    assert stdtrit(39.0, 0.975) <= reach.min() and reach.max() < 1.08 * stdtrit(39.0, 0.975)


def test_one_column_has_students_t_whatever_holds_for_others():
    differences = np.random.default_rng(13).normal(size=(9, 1))
    together, alone = simultaneous_intervals(differences), pointwise_intervals(differences)
    assert together.half_width[0] == alone.half_width[0]
    assert alone.half_width[0] == pytest.approx(stdtrit(8.0, 0.975) * alone.standard_error[0])


def test_more_columns_and_a_higher_level_are_never_narrower():
    differences = np.random.default_rng(14).normal(size=(12, 15))
    by_columns = [simultaneous_intervals(differences[:, :count]).half_width[0] for count in (1, 2, 5, 15)]
    by_level = [simultaneous_intervals(differences, level).half_width[0] for level in (0.5, 0.9, 0.95, 0.99)]
    for half_widths in (by_columns, by_level):
        assert half_widths == sorted(half_widths) and len(set(half_widths)) == 4


def test_a_column_without_spread_has_no_interval_and_leaves_the_others_theirs():
    differences = np.column_stack([np.zeros(20), np.full(20, 0.3), np.random.default_rng(1).normal(size=20)])
    found = simultaneous_intervals(differences)
    assert found.estimate[:2].tolist() == pytest.approx([0.0, 0.3])
    assert np.isnan(found.half_width[:2]).all() and np.isnan(found.low[:2]).all()
    assert found.half_width[2] == simultaneous_intervals(differences[:, 2:]).half_width[0]


@pytest.mark.parametrize("intervals", [simultaneous_intervals, pointwise_intervals])
def test_fewer_than_three_replications_have_no_interval(intervals):
    differences = np.random.default_rng(15).normal(size=(3, 2))
    assert np.isnan(intervals(differences[:2]).half_width).all()
    assert np.isfinite(intervals(differences[:2]).standard_error).all()
    assert np.isfinite(intervals(differences).half_width).all()


def test_rounding_noise_is_no_spread():
    differences = np.full((20, 1), 0.1)
    differences[::2] += 1e-17 * np.arange(10)[:, None]
    assert np.isnan(simultaneous_intervals(differences).half_width[0])


@pytest.mark.parametrize(
    ("orders", "needs", "told"),
    [
        ([1, 1, 1], [87, 87, 93], False),  # 1.15, 1.15 and 1.08 more per 100 needs: one order, three times
        ([30, 30, 30], [575, 600, 625], False),
        ([1, 1, 2], [87, 87, 93], True),
        ([0, 0, 1], [100, 100, 100], True),
    ],
)
def test_the_same_count_in_every_replication_is_equal_whatever_it_is_divided_by(orders, needs, told):
    one_count = 100 / np.array([needs], float).T
    differences = np.array([orders], float).T * one_count
    assert np.isfinite(pointwise_intervals(differences, one_count=one_count).half_width[0]) == told
    assert np.isfinite(simultaneous_intervals(differences, one_count=one_count).half_width[0]) == told


def test_what_is_not_counted_may_lie_as_close_together_as_it_likes():
    differences = np.array([[0.101], [0.102], [0.103]])
    assert np.isfinite(pointwise_intervals(differences).half_width[0])
    assert np.isnan(pointwise_intervals(differences, one_count=1.0).half_width[0])


@pytest.mark.parametrize("unit", [1e-150, 1e150])
def test_units_do_not_matter(unit):
    differences = np.random.default_rng(2).normal(1, 1, size=(20, 3))
    plain, scaled = simultaneous_intervals(differences), simultaneous_intervals(differences * unit)
    assert np.allclose(scaled.low, plain.low * unit, rtol=1e-9, atol=0)


def test_a_measure_that_is_nearly_always_zero_leaves_the_others_finite():
    luck = np.random.default_rng(3)
    differences = luck.normal(size=(20, 4))
    before = simultaneous_intervals(differences)
    rare = np.zeros((20, 1))
    rare[4] = 1
    after = simultaneous_intervals(np.hstack([differences, rare]))
    assert np.isfinite(after.half_width).all()
    assert (after.half_width[:4] < 1.5 * before.half_width).all()
    assert after.low[4] < 0 < after.high[4]


def test_what_was_not_measured_is_left_out():
    luck = np.random.default_rng(4)
    differences = luck.normal(size=(20, 3))
    differences[:, 0] = np.nan
    differences[1:, 1] = np.nan
    found = simultaneous_intervals(differences)
    assert list(found.replications) == [0, 1, 20]
    assert math.isnan(found.estimate[0]) and math.isnan(found.half_width[0])
    assert found.estimate[1] == pytest.approx(differences[0, 1]) and math.isnan(found.half_width[1])
    assert np.isfinite(found.half_width[2])


def test_missing_replications_count_as_if_they_had_not_been_run():
    differences = np.random.default_rng(6).normal(size=(30, 1))
    holes = differences.copy()
    holes[20:] = np.nan
    whole, part = simultaneous_intervals(differences[:20]), simultaneous_intervals(holes)
    assert part.standard_error[0] == pytest.approx(whole.standard_error[0])
    assert part.half_width[0] == pytest.approx(whole.half_width[0])


def test_a_measure_seen_in_three_replications_widens_the_others_by_one_column_and_no_more():
    differences = np.random.default_rng(7).normal(size=(20, 3))
    seen = simultaneous_intervals(differences)
    differences[3:, 2] = np.nan
    found = simultaneous_intervals(differences)
    assert found.half_width[:2] == pytest.approx(seen.half_width[:2], rel=0.05)
    # Its own interval is that of three observations, at the level of the others.
    assert 4.30 <= found.half_width[2] / found.standard_error[2] <= stdtrit(2.0, 1 - 0.05 / 6)


def test_the_same_differences_give_the_same_intervals():
    differences = np.random.default_rng(8).normal(size=(20, 70))  # more columns than one block
    first, second = simultaneous_intervals(differences), simultaneous_intervals(differences)
    assert (first.low == second.low).all()
    pointwise = pointwise_intervals(differences)
    assert (pointwise.half_width <= first.half_width).all()
    assert pointwise.half_width[69] == pointwise_intervals(differences[:, 69:]).half_width[0]


def test_nothing_to_compare_is_nothing():
    assert simultaneous_intervals(np.empty((0, 0))).estimate.shape == (0,)
    assert math.isnan(simultaneous_intervals(np.empty((0, 1))).estimate[0])
    assert math.isnan(simultaneous_intervals(np.ones((1, 1))).half_width[0])


@pytest.mark.parametrize(
    ("differences", "options"),
    [
        (np.zeros(3), {}),
        (np.full((3, 1), np.inf), {}),
        (np.zeros((3, 1)), {"level": 1.0}),
        (np.zeros((3, 1)), {"draws": 0}),
    ],
)
def test_nonsense_is_refused(differences, options):
    with pytest.raises(ValueError):
        simultaneous_intervals(differences, **options)


# estimate, low, high, threshold, better -> verdict; model.md section 7
@pytest.mark.parametrize(
    ("numbers", "better", "said"),
    [
        ((0.5, 0.4, 0.6, 0.1), "higher", "better"),
        ((0.5, 0.4, 0.6, 0.1), "lower", "worse"),
        ((-0.5, -0.6, -0.4, 0.1), "higher", "worse"),
        ((-0.5, -0.6, -0.4, 0.1), "lower", "better"),
        ((0.5, 0.4, 0.6, 0.1), "neither", "higher"),
        ((-0.5, -0.6, -0.4, 0.1), "neither", "lower"),
        ((0.11, 0.01, 0.21, 0.1), "higher", "better"),  # beyond the threshold, not all of it
        ((0.05, 0.01, 0.09, 0.1), "higher", "no difference that matters"),  # sure, but too small
        ((0.0, 0.0, 0.0, 0.1), "higher", "no difference that matters"),
        ((0.0, 0.0, 0.0, 0.0), "higher", "no difference that matters"),
        ((0.0, -0.1, 0.1, 0.1), "higher", "no difference that matters"),
        ((0.5, -0.1, 1.1, 0.1), "higher", "cannot tell yet"),  # holds 0
        ((0.09, 0.05, 0.13, 0.1), "higher", "cannot tell yet"),  # not 0, but may be too small
        ((0.5, math.nan, math.nan, 0.1), "higher", "cannot tell yet"),
        ((math.nan, math.nan, math.nan, 0.1), "higher", "not measured"),
    ],
)
def test_the_verdict_is_that_of_the_model(numbers, better, said):
    assert verdict(*numbers, better) == said


@given(given_some.floats(-9, 9), given_some.floats(0, 9), given_some.floats(0, 9))
def test_better_of_higher_is_worse_of_lower(estimate, half_width, threshold):
    numbers = (estimate, estimate - half_width, estimate + half_width, threshold)
    mirrored = {"better": "worse", "worse": "better"}
    said = verdict(*numbers, "higher")
    assert verdict(*numbers, "lower") == mirrored.get(said, said)


def test_wins_count_the_replications_in_which_it_did_better():
    differences = [1.0, 2.0, -1.0, 0.0, math.nan]
    assert (
        paired_wins(differences, "higher"),
        paired_wins(differences, "lower"),
        paired_wins(differences, "neither"),
    ) == (2, 1, 2)


def test_pairing_saves_what_the_replications_share():
    reference, other = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])
    # variances 1 and 4, of the difference (1, 2, 3) 1: 1 - 1/5
    assert variance_reduction(reference, other) == pytest.approx(0.8)
    assert variance_reduction(reference, -reference) == pytest.approx(-1.0)  # 1 - 4/2
    assert math.isnan(variance_reduction(np.ones(3), np.ones(3)))
    assert math.isnan(variance_reduction(np.array([1.0, math.nan]), np.array([1.0, 2.0])))
