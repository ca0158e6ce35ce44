"""How sure a paired difference is: intervals, verdicts, and how many runs would settle it.

One replication is one observation: customers of the same run share queues, stock and
word of mouth, so that only whole replications are independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
DRAWS = 9_999
SEED = 20_240_229  # of these draws alone; fixed, so that the same runs give the same answer
COLUMNS_AT_ONCE = 64  # bounds the memory of the draws to some tens of megabytes
FEWEST = 3  # measured replications; fewer say next to nothing about how far luck reaches
CHANCE = 0.7  # that the replications which are advised settle a verdict
CONFIDENCE = 0.6  # that the standard deviation is at most what the advice takes it for
MOST_RUNS = 1_000_000  # more than that is no advice
NO_SPREAD = 1e-12  # standard deviation, relative to the largest difference, that counts as none

BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
NO_DIFFERENCE = "no difference that matters"
IDENTICAL = "identical"
CANNOT_TELL = "cannot tell yet"
NOT_MEASURED = "not measured"
VERDICTS = (BETTER, WORSE, HIGHER, LOWER, NO_DIFFERENCE, IDENTICAL, CANNOT_TELL, NOT_MEASURED)


@dataclass(frozen=True)
class Intervals:
    """Intervals of mean paired differences; every array has shape [M], in units of the differences.

    estimate : mean over the measured replications; NaN if there are none
    standard_error : of the estimate; NaN with fewer than two replications
    half_width : critical value times standard error; NaN where few or equal observations do not
        tell how far luck reaches
    replications : how many were measured
    """

    estimate: np.ndarray
    standard_error: np.ndarray
    half_width: np.ndarray
    replications: np.ndarray

    @property
    def low(self) -> np.ndarray:
        return self.estimate - self.half_width

    @property
    def high(self) -> np.ndarray:
        return self.estimate + self.half_width


def simultaneous_intervals(
    differences: np.ndarray,
    level: float = LEVEL,
    one_count: np.ndarray | float = 0.0,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Intervals:
    """Intervals that hold for all columns together with probability `level`.

    Student's t of each column, at a level of its own that is the same for all: so high that the
    largest of as many normal variables, correlated as the columns are, stays within it with
    probability `level`. The correlation is drawn toward none by as much as luck alone would make
    of it with so few replications (after Schaefer and Strimmer, 2005, Statistical Applications in
    Genetics and Molecular Biology 4, with the largest variance that a correlation can have): what
    is taken for correlated without being so makes intervals too narrow.

    At any number of replications an interval is at least as wide as Student's t of its column
    alone, and never wider than Student's t with Bonferroni's correction. docs/decisions.md tells
    what it covers, and what skewed differences lose.

    Few or equal observations have no interval: with fewer than FEWEST measured replications, or
    where all gave the same, nothing tells how far luck reaches. Counts are equal if they lie less
    than one count apart: in a small world "one order more" three times over is no certainty.

    Parameters
    ----------
    differences : [R, M], strategy minus reference per replication; NaN where not measured
    level : 0 to 1, both excluded
    one_count : what one thing more or less makes of a difference, 0 or more, broadcast to [R, M];
        0 where differences are not made of whole counts
    draws : 1 or more, of the normal variables
    seed : of the draws

    Raises
    ------
    ValueError : differences are no [R, M] array or hold infinities; level or draws off
    """
    if draws < 1:
        raise ValueError(f"draws must be 1 or more, not {draws}")

    def shared(unit: np.ndarray, measured: np.ndarray) -> float:
        return _level_of_each(unit, measured, level, draws, seed)

    return _intervals(differences, level, one_count, shared)


def pointwise_intervals(
    differences: np.ndarray, level: float = LEVEL, one_count: np.ndarray | float = 0.0
) -> Intervals:
    """The same, each column by itself by Student's t: of many such intervals, 1 - `level` miss their value."""
    return _intervals(differences, level, one_count, lambda unit, measured: level)


def _intervals(
    differences: np.ndarray,
    level: float,
    one_count: np.ndarray | float,
    level_of_each: Callable[[np.ndarray, np.ndarray], float],
) -> Intervals:
    """Student's t at the level that `level_of_each` gives for the columns that have an interval."""
    differences = np.asarray(differences, float)
    if differences.ndim != 2 or np.isinf(differences).any():
        raise ValueError("differences must be finite numbers or NaN, shaped [replications, columns]")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    measured = ~np.isnan(differences)
    count = measured.sum(axis=0)
    # Scaled by the largest magnitude, so that tiny and huge units survive squaring alike.
    scale = np.where(measured, np.abs(differences), 0.0).max(axis=0, initial=0.0)
    scale = np.where(scale > 0, scale, 1.0)
    values = np.where(measured, differences, 0.0) / scale
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values.sum(axis=0) / count
        centered = np.where(measured, values - mean, 0.0)
        deviation = np.sqrt((centered**2).sum(axis=0) / (count - 1.0))
    equal = ~(deviation > NO_SPREAD) | _less_than_one_count_apart(differences, one_count)
    deviation = np.where(count < 2, np.nan, np.where(equal, 0.0, deviation))
    told = (count >= FEWEST) & ~equal
    standard_error = deviation / np.sqrt(np.maximum(count, 1))
    critical = np.full(count.size, np.nan)
    if told.any():
        each = level_of_each(centered[:, told] / deviation[told], measured[:, told])
        critical[told] = _student(each, count[told])
    return Intervals(mean * scale, standard_error * scale, critical * standard_error * scale, count)


def _less_than_one_count_apart(differences: np.ndarray, one_count: np.ndarray | float) -> np.ndarray:
    """Whether all measured differences of a column are the same but for less than one count; shape [M]."""
    one_count = np.broadcast_to(np.asarray(one_count, float), differences.shape)
    counted = one_count > 0
    counts = np.divide(differences, one_count, out=np.full(differences.shape, np.nan), where=counted)
    most = np.fmax.reduce(counts, axis=0, initial=-np.inf)
    least = np.fmin.reduce(counts, axis=0, initial=np.inf)
    return counted.all(axis=0) & (most - least < 1 - 1e-6)  # counts come back from a division


def _level_of_each(unit: np.ndarray, measured: np.ndarray, level: float, draws: int, seed: int) -> float:
    """The level of a single interval at which all hold together with probability `level`.

    unit : [R, M] deviations from the mean, in standard deviations; 0 where not measured
    """
    from scipy.special import ndtr

    replications, columns = unit.shape
    freedom = np.maximum(measured.sum(axis=0) - 1.0, 1.0)
    unit = unit / np.sqrt(freedom)
    own = _share_of_luck(unit, measured)
    # Two sources, so that the first R rows stay the same whatever R and M are.
    common = np.random.default_rng([seed, 0]).standard_normal((replications, draws)).T
    alone = np.random.default_rng([seed, 1])
    largest = np.zeros(draws)
    for start in range(0, columns, COLUMNS_AT_ONCE):
        block = unit[:, start : start + COLUMNS_AT_ONCE]
        drawn = math.sqrt(1 - own) * (common @ block)
        drawn += math.sqrt(own) * alone.standard_normal((block.shape[1], draws)).T
        np.maximum(largest, np.abs(drawn).max(axis=1), out=largest)
    missed = 2 * float(ndtr(-np.quantile(largest, level, method="higher")))
    return 1 - min(max(missed, (1 - level) / columns), 1 - level)


def _share_of_luck(unit: np.ndarray, measured: np.ndarray) -> float:
    """How much of the squared correlations of the columns luck alone would make, 0 to 1.

    A correlation of n pairs without any in truth has variance 1 / (n - 1).
    """
    apart = ~np.eye(unit.shape[1], dtype=bool)
    found = float(((unit.T @ unit)[apart] ** 2).sum())
    together = measured.T.astype(float) @ measured
    by_luck = float((1 / np.maximum(together[apart] - 1, 1)).sum())
    return min(1.0, by_luck / found) if found > 0 else 1.0


def _student(level: float | np.ndarray, count: int | np.ndarray) -> np.ndarray:
    """Two-sided quantile of Student's t with count - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return stdtrit(count - 1.0, (1 + level) / 2)


def _level_of(critical: float, count: int) -> float:
    """The two-sided level at which Student's t with count - 1 degrees of freedom gives this quantile."""
    from scipy.special import stdtr

    return 1 - 2 * float(stdtr(count - 1.0, -critical))


def verdict(estimate: float, low: float, high: float, threshold: float, better: str) -> str:
    """What an interval says about a change.

    better (or worse) iff the interval excludes 0 and the estimate lies beyond the threshold; no
    difference that matters iff the interval lies within plus or minus the threshold; else cannot
    tell yet. A change that is neither good nor bad in itself is higher or lower.

    Parameters
    ----------
    estimate, low, high : of the change, displayed units; NaN estimate = not measured
    threshold : smallest change that matters, displayed units, 0 or more
    better : "higher", "lower" or "neither"
    """
    if math.isnan(estimate):
        return NOT_MEASURED
    if (low > 0 or high < 0) and abs(estimate) > threshold:
        return direction(estimate, better)
    return NO_DIFFERENCE if -threshold <= low and high <= threshold else CANNOT_TELL


def direction(estimate: float, better: str) -> str:
    """Which way a change goes: better or worse; higher or lower where neither is better."""
    rises = estimate > 0
    if better == "neither":
        return HIGHER if rises else LOWER
    return BETTER if rises == (better == "higher") else WORSE


def runs_needed(
    estimate: float, standard_error: float, half_width: float, threshold: float, replications: int
) -> int | None:
    """How many more replications would settle the verdict with a chance of 70 %.

    Seen from now, the mean of n replications in all is normal around the estimate with variance
    se^2 (1 - r / n), r being those that there are; the chance that it brings a verdict is the
    predictive power of Spiegelhalter, Freedman and Blackburn (1986), Controlled Clinical Trials 7.
    Either the interval has to exclude 0 with the mean beyond the threshold, or to lie within the
    threshold: an estimate far beyond it needs no more than excluding 0, and one close to it may
    still turn out to lie on either side.

    The half-width at n is the standard deviation over sqrt(n), times the critical value at n: Student's
    t with n - 1 degrees of freedom, at the level at which it gives the present one with r - 1. That
    matters with few replications: with 3 and six measures it is 11 standard errors, with 20 it is 3.

    Of few replications the standard deviation is known badly, and its estimate is mostly too small. Taken
    is its upper limit with a confidence of 60 %: with 2 replications 1.9 times the estimate, with 3 it is
    1.4, with 20 it is 1.06. More confidence would ask for over three times what is needed.

    Parameters
    ----------
    estimate, standard_error, half_width, threshold : of the change, displayed units
    replications : measured so far, 2 or more

    Returns
    -------
    1 or more; None if nothing was measured twice, or if it would be over MOST_RUNS
    """
    if math.isnan(half_width) or not standard_error > 0:
        return None
    level = _level_of(half_width / standard_error, replications)
    at_most = standard_error * _upper_limit(replications)

    def enough(runs: int) -> bool:
        spread = at_most * math.sqrt(1 - replications / runs)
        half = float(_student(level, runs)) * at_most * math.sqrt(replications / runs)
        return _chance_of_a_verdict(abs(estimate), spread, half, threshold) >= CHANCE

    more = 1
    while not enough(replications + more):
        more *= 2
        if more > MOST_RUNS:
            return None
    too_few = more // 2
    while more - too_few > 1:
        middle = (more + too_few) // 2
        too_few, more = (too_few, middle) if enough(replications + middle) else (middle, more)
    return more


def _upper_limit(count: int) -> float:
    """How many times its estimate a normal standard deviation is at most, with this CONFIDENCE."""
    from scipy.special import chdtri

    return math.sqrt((count - 1) / float(chdtri(count - 1.0, CONFIDENCE)))


def _chance_of_a_verdict(mean: float, spread: float, half_width: float, threshold: float) -> float:
    """That a normal estimate brings a verdict: beyond threshold and half-width, or within the difference."""
    from scipy.special import ndtr

    def within(bound: float) -> float:
        return float(ndtr((bound - mean) / spread) - ndtr((-bound - mean) / spread)) if bound > 0 else 0.0

    return 1 - within(max(threshold, half_width)) + within(threshold - half_width)


def paired_wins(differences: np.ndarray, better: str) -> int:
    """In how many replications it did better ("neither": was higher); ties do not count."""
    differences = np.asarray(differences, float)
    return int((differences < 0).sum() if better == "lower" else (differences > 0).sum())


def variance_reduction(reference: np.ndarray, other: np.ndarray) -> float:
    """What pairing saved: 1 - Var(paired difference) / (Var reference + Var other).

    0 = nothing, 0.9 = unpaired runs would have needed ten times as many replications, below 0 =
    it hurt. NaN with fewer than two pairs, or if nothing varies.

    Parameters
    ----------
    reference, other : [R], values of the same replications
    """
    reference, other = np.asarray(reference, float), np.asarray(other, float)
    both = ~(np.isnan(reference) | np.isnan(other))
    if both.sum() < 2:
        return math.nan
    apart = reference[both].var(ddof=1) + other[both].var(ddof=1)
    return float(1 - (other - reference)[both].var(ddof=1) / apart) if apart > 0 else math.nan
