"""How many runs it takes: the advice is neither too small nor endless."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as given_some
from scipy.special import stdtrit
from scipy.stats import chi2

from simsuite.experiment.statistics import runs_needed

SIX = 0.05 / 6  # Bonferroni's share of six measures


def verdicts_of(mean, spread, runs, threshold, share=SIX):
    """Whether means and standard deviations of `runs` normal differences bring a verdict, by Student's t."""
    half = stdtrit(runs - 1.0, 1 - share / 2) * spread / np.sqrt(runs)
    sure = (np.abs(mean) > half) & (np.abs(mean) > threshold)
    return sure | (np.abs(mean) + half <= threshold)


@pytest.mark.parametrize(
    "estimate, standard_error, threshold, replications",
    [(1.0, 0.4, 0.1, 20), (0.2, 0.4, 0.1, 20), (0.5, 0.1, 0.55, 20), (0.5, 0.1, 0.5, 12), (3.0, 1.0, 0.1, 3)],
)
def test_the_advised_number_settles_seven_in_ten_of_the_worlds_that_the_runs_leave_possible(
    estimate, standard_error, threshold, replications
):
    """The standard deviation is at its upper limit of 60 %, and the true mean lies around the estimate as
    far as the runs then tell; 20,000 such worlds go on with the advised number. Expected 0.70, standard
    error 0.0032; a run more or less moves it by less.
    """
    luck = np.random.default_rng(31)
    limit = math.sqrt((replications - 1) / chi2.ppf(0.4, replications - 1))
    spread = limit * standard_error * math.sqrt(replications)
    critical = stdtrit(replications - 1.0, 1 - SIX / 2)
    more = runs_needed(estimate, standard_error, critical * standard_error, threshold, replications)
    true = luck.normal(estimate, limit * standard_error, 20_000)
    new = luck.normal(true, spread / math.sqrt(more))
    mean = (replications * estimate + more * new) / (replications + more)
    settled = verdicts_of(mean, spread, replications + more, threshold).mean()
    slack = settled - 0.7 if more <= 30 else abs(settled - 0.7)  # few runs: the next whole number
    assert -4 * 0.0032 <= slack <= (0.1 if more <= 30 else 4 * 0.0032 + 0.01)


def runs_that_settle_half(mean, spread, threshold, luck):
    """The smallest number of normal differences that brings a verdict in half of 4,000 experiments."""
    runs = 2
    while True:
        means = luck.normal(mean, spread / math.sqrt(runs), 4_000)
        spreads = spread * np.sqrt(luck.chisquare(runs - 1, 4_000) / (runs - 1))
        if verdicts_of(means, spreads, runs, threshold).mean() >= 0.5:
            return runs
        runs += 1 + runs // 20


@pytest.mark.parametrize(
    "mean, spread, replications",
    [
        (0.0, 10.0, 20),  # nothing there
        (0.0, 30.0, 20),
        (3.0, 10.0, 20),  # too small to matter
        (7.0, 10.0, 20),
        (30.0, 30.0, 10),  # far beyond the threshold
        (30.0, 90.0, 20),
        (100.0, 100.0, 3),  # and seen in three runs only
        (30.0, 90.0, 3),  # whose standard deviation is mostly too small
        (300.0, 300.0, 10),
    ],
)
def test_advice_on_normal_differences_settles_most_and_asks_at_most_three_times_what_was_needed(
    mean, spread, replications
):
    """400 experiments with known mean and standard deviation, threshold 10; who is told to run more does."""
    threshold, luck = 10.0, np.random.default_rng(32)
    needed = runs_that_settle_half(mean, spread, threshold, luck)
    critical = stdtrit(replications - 1.0, 1 - SIX / 2)
    settled, in_all = [], []
    for differences in luck.normal(mean, spread, (400, replications)):
        estimate, deviation = differences.mean(), differences.std(ddof=1)
        if verdicts_of(estimate, deviation, replications, threshold):
            continue
        error = deviation / math.sqrt(replications)
        more = runs_needed(estimate, error, critical * error, threshold, replications)
        later = np.append(differences, luck.normal(mean, spread, more))
        settled.append(verdicts_of(later.mean(), later.std(ddof=1), len(later), threshold))
        in_all.append(len(later))
    assert len(settled) >= 20
    assert np.mean(settled) > 0.6
    assert np.median(in_all) <= 3 * needed


def test_a_change_far_beyond_the_threshold_has_only_to_exclude_zero():
    """Six measures, three runs, an estimate of 50 thresholds and a standard error of a fifth of it:
    11 standard errors now, 3.1 to 4.2 with 8 to 20 runs, whose standard error is a half to two
    fifths; a few runs settle it, however small the threshold.
    """
    critical = stdtrit(2.0, 1 - SIX / 2)
    advice = [runs_needed(5.0, 1.0, critical, threshold, 3) for threshold in (0.1, 0.01, 1e-6)]
    assert len(set(advice)) == 1 and 1 <= advice[0] <= 8


def test_the_critical_value_is_that_of_the_new_number_of_runs():
    """Estimate 3, standard error 1 in three runs, at most 1.40 with a confidence of 60 %: a chi-square with
    two degrees of freedom exceeds 1.02 in six of ten cases. Student's t of 6 runs, 2.57, asks for
    2.57 x 1.40 sqrt(3 / 6) = 2.54, which lies 0.46 spreads 1.40 sqrt(1 - 3 / 6) below the estimate
    (68 %); of 7 runs, 2.45, for 2.24, 0.72 spreads below (76 %). With the 4.30 of three runs it would
    take 21 runs in all.
    """
    assert runs_needed(3.0, 1.0, stdtrit(2.0, 0.975), 0.1, 3) == 7 - 3


def test_close_to_the_threshold_more_runs_are_needed_but_never_endlessly_many():
    """At the threshold itself the mean has to move away: 0.5 beyond, and 0.2 by half-widths below."""
    far, near, at = (runs_needed(estimate, 0.02, 0.05, 0.1, 20) for estimate in (0.06, 0.08, 0.1))
    # N(0.1, 0.02): P(below 0.1 - h) = 0.2 with h = 0.84 x 0.02 = 0.0168: 20 (0.05 / 0.0168)^2 = 177
    assert far < near < at and at == pytest.approx(177 - 20, rel=0.15)


@pytest.mark.parametrize("numbers", [(0.1, math.nan, math.nan, 0.1), (math.nan, math.nan, math.nan, 0.1)])
def test_no_number_of_runs_where_none_follows(numbers):
    assert runs_needed(*numbers, 20) is None


@given(
    given_some.floats(-9, 9),
    given_some.floats(0.001, 9),
    given_some.floats(2, 6),
    given_some.floats(0, 9),
    given_some.integers(2, 500),
)
def test_advice_is_a_number_whatever_the_units_and_the_sign(
    estimate, standard_error, critical, threshold, replications
):
    numbers = (estimate, standard_error, critical * standard_error, threshold)
    more = runs_needed(*numbers, replications)
    assert more >= 1
    mirrored = (-estimate, *numbers[1:])
    assert runs_needed(*mirrored, replications) == more
    assert runs_needed(*(4 * number for number in numbers), replications) == more
