"""What the likely ranges cover, on data whose means and correlations are known."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from simsuite.experiment.statistics import simultaneous_intervals

LEVEL = 0.95
EVERY = range(3, 41)  # replications
CORRELATIONS = (0.0, 0.5, 0.9)


def normal(luck, replications, columns, correlation):
    """Standard normal columns, every two of them correlated alike."""
    shared = luck.standard_normal((replications, 1))
    own = luck.standard_normal((replications, columns))
    return math.sqrt(correlation) * shared + math.sqrt(1 - correlation) * own


def skewed(luck, replications, columns, correlation):
    """Gamma with shape 2 (skewness 1.41), mean taken off, every two columns correlated alike."""
    shared = luck.gamma(2 * correlation, size=(replications, 1)) if correlation else 0.0
    return shared + luck.gamma(2 * (1 - correlation), size=(replications, columns)) - 2


def reaches(found):
    """Half-widths in standard errors."""
    return found.half_width / found.standard_error


def alone(replications):
    """Student's t of a single column, both sides."""
    return stdtrit(replications - 1.0, (1 + LEVEL) / 2)


def bonferroni(replications, columns):
    return stdtrit(replications - 1.0, 1 - (1 - LEVEL) / (2 * columns))


def experiments(make, replications, columns, correlation, number, draws=1_999):
    """Share of experiments in which all ranges hold the true mean, 0, and those of Bonferroni's t; mean reach."""
    luck = np.random.default_rng([replications, columns, round(10 * correlation)])
    held, held_by_bonferroni, reach = 0, 0, 0.0
    for _ in range(number):
        found = simultaneous_intervals(make(luck, replications, columns, correlation), LEVEL, draws=draws)
        farthest = (np.abs(found.estimate) / found.standard_error).max()
        reached = reaches(found)[0]
        held += bool(farthest <= reached)
        held_by_bonferroni += bool(farthest <= bonferroni(replications, columns))
        reach += reached / number
    return held / number, held_by_bonferroni / number, reach


@pytest.mark.parametrize("columns", [6, *(pytest.param(count, marks=pytest.mark.verification) for count in (2, 15))])
@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_half_widths_fall_from_three_to_forty_replications_without_a_jump(correlation, columns):
    """Five sets of forty replications, of which the first three, four and so on are looked at, as somebody
    does who adds runs. In standard errors no half-width is wider than Bonferroni's t or narrower than
    Student's t of one column. From one number to the next it rises by at most 3 % in a single set (luck
    moves a correlation), by 0.5 % in the mean over the sets (9,999 draws leave the quantile a standard
    error of 0.7 %). From seven on it falls by at most 8 % a step (Bonferroni's t of 15 columns by 7.3 % at
    the first of them), so that no other method takes over anywhere.
    """
    luck = np.random.default_rng(40)
    paths = np.array(
        [
            [reaches(simultaneous_intervals(data[:count], LEVEL))[0] for count in EVERY]
            for data in (normal(luck, max(EVERY), columns, correlation) for _ in range(5))
        ]
    )
    least, most = (np.array([limit(count) for count in EVERY]) for limit in (alone, lambda n: bonferroni(n, columns)))
    assert (paths <= most * (1 + 1e-9)).all() and (paths >= least * (1 - 1e-9)).all()
    mean = paths.mean(axis=0)
    assert (paths[:, 1:] < 1.03 * paths[:, :-1]).all() and (mean[1:] < 1.005 * mean[:-1]).all()
    assert (mean[1:] / mean[:-1])[EVERY.index(7) :].min() > 0.92


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("replications", [3, 5, 8, 10, 12, 20, 40])
def test_normal_differences_are_covered_together(replications, correlation):
    """n 400 with six columns: level 95 %, four standard errors 4.4 points."""
    share, _, _ = experiments(normal, replications, 6, correlation, 400, draws=999)
    assert share >= LEVEL - 4 * math.sqrt(LEVEL * (1 - LEVEL) / 400)


@pytest.mark.verification
@pytest.mark.parametrize("make", [normal, skewed])
def test_coverage_over_replications_measures_and_correlations(make):
    """n 2,000 each, standard error 0.5 points. Of skewed differences at most one point less than by Bonferroni's t."""
    print(f"\n{make.__name__}: covered %, by Bonferroni's t %, half-width in standard errors", end="")
    for correlation in CORRELATIONS:
        for columns in (2, 6, 15):
            for replications in (3, 5, 8, 12, 20, 40):
                share, by_bonferroni, reach = experiments(make, replications, columns, correlation, 2_000)
                figures = f"{100 * share:.1f} {100 * by_bonferroni:.1f} {reach:.2f}"
                print(f"\n{correlation} {columns:2} {replications:2}  {figures}", end="")
                if make is normal:
                    assert share >= LEVEL - 4 * math.sqrt(LEVEL * (1 - LEVEL) / 2_000)
                if not correlation:
                    assert share >= by_bonferroni - 0.02
