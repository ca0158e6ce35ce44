"""How sure a paired difference is: intervals, verdicts, and how many runs would settle it.

One replication is one observation: customers of the same run share queues, stock and
word of mouth, so that only whole replications are independent of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEVEL = 0.95
RESAMPLES = 9_999
SEED = 20_240_229  # of the resampling alone; fixed, so that the same runs give the same answer
COLUMNS_AT_ONCE = 64  # bounds the memory of the resampling to some tens of megabytes
ENOUGH_TO_RESAMPLE = 8  # measured replications; with fewer, Student's t
CHANCE = 0.7  # that the replications which are advised settle a verdict
CONFIDENCE = 0.6  # that the standard deviation is at most what the advice takes it for
MOST_RUNS = 1_000_000  # more than that is no advice
NO_SPREAD = 1e-9  # variance of a resample, relative to the sample's, that counts as none

BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
NO_DIFFERENCE = "no difference that matters"
CANNOT_TELL = "cannot tell yet"
NOT_MEASURED = "not measured"
VERDICTS = (BETTER, WORSE, HIGHER, LOWER, NO_DIFFERENCE, CANNOT_TELL, NOT_MEASURED)


@dataclass(frozen=True)
class Intervals:
    """Intervals of mean paired differences; every array has shape [M], in units of the differences.

    estimate : mean over the measured replications; NaN if there are none
    standard_error : of the estimate; NaN with fewer than two replications
    half_width : critical value times standard error
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
    differences: np.ndarray, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> Intervals:
    """Intervals that hold for all columns together with probability `level`.

    Max-t bootstrap: whole replications (rows) are drawn with replacement, so that the columns
    stay correlated as they are. In each resample T* = max over j of |m*_j - m_j| / se*_j, with
    the resample's own standard error; the interval is m_j -+ c se_j, c being the `level`
    quantile of T*. After Westfall and Young (1993), Resampling-Based Multiple Testing, and
    Romano and Wolf (2005), Econometrica 73.

    Why this one: with 20 replications and 5 to 15 columns it covers 94 to 97 % for normal,
    gamma and exponential differences; the multivariate t quantile and sign flips lose 5 to 20
    points on skewed ones.

    Safeguards. A resample without any spread in a column has no t there and is left out for
    that column, otherwise one measure that is nearly always 0 would make every interval infinite.
    c is never below the quantile of a single column by Student's t. A column measured in fewer
    than 8 replications, too few to resample, gets Student's t with Bonferroni's correction.

    Parameters
    ----------
    differences : [R, M], strategy minus reference per replication; NaN where not measured
    level : 0 to 1, both excluded
    resamples : 1 or more
    seed : of the resampling

    Returns
    -------
    Intervals; a column without spread gets half-width 0, one with fewer than two measured
    replications NaN

    Raises
    ------
    ValueError : differences are no [R, M] array or hold infinities; level or resamples off
    """
    return _intervals(differences, level, resamples, seed, together=True)


def pointwise_intervals(
    differences: np.ndarray, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> Intervals:
    """The same, each column by itself: of many such intervals, 1 - `level` miss their value."""
    return _intervals(differences, level, resamples, seed, together=False)


def _intervals(differences, level: float, resamples: int, seed: int, together: bool) -> Intervals:
    differences = np.asarray(differences, float)
    if differences.ndim != 2 or np.isinf(differences).any():
        raise ValueError("differences must be finite numbers or NaN, shaped [replications, columns]")
    if not 0 < level < 1 or resamples < 1:
        raise ValueError(f"level must lie between 0 and 1 and resamples be 1 or more, not {level}, {resamples}")
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
    deviation = np.where(count < 2, np.nan, np.where(deviation > 1e-12, deviation, 0.0))
    varies = deviation > 0
    standard_error = deviation / np.sqrt(np.maximum(count, 1))
    critical = np.full(count.size, np.nan)
    if varies.any():
        unit = centered[:, varies] / deviation[varies]
        critical[varies] = _critical_values(unit, measured[:, varies], level, resamples, seed, together)
    half_width = np.where(varies, critical * standard_error, standard_error)
    return Intervals(mean * scale, standard_error * scale, half_width * scale, count)


def _critical_values(
    unit: np.ndarray, measured: np.ndarray, level: float, resamples: int, seed: int, together: bool
) -> np.ndarray:
    """How many standard errors the interval of each column reaches; shape [M].

    unit : [R, M] deviations from the mean, in standard deviations; 0 where not measured
    """
    replications, columns = unit.shape
    count = measured.sum(axis=0)
    few = count < ENOUGH_TO_RESAMPLE
    critical = _student(np.where(few & together, 1 - (1 - level) / columns, level), count)
    if few.all():
        return critical
    drawn = _drawn(replications, resamples, seed)
    largest, own = np.zeros(resamples), []
    for start in range(0, (~few).sum(), COLUMNS_AT_ONCE):
        block = np.flatnonzero(~few)[start : start + COLUMNS_AT_ONCE]
        t = _resampled_t(drawn, unit[:, block], measured[:, block])
        if together:
            np.maximum(largest, t.max(axis=1), out=largest)
        else:
            own.append(np.quantile(t, level, axis=0, method="higher"))
    reached = np.quantile(largest, level, method="higher") if together else np.concatenate(own)
    critical[~few] = np.maximum(critical[~few], reached)
    return critical


@lru_cache(maxsize=2)
def _drawn(replications: int, resamples: int, seed: int) -> np.ndarray:
    """How often every resample holds each replication; shape [resamples, R]. A report asks for the same a dozen times."""
    drawn = np.random.default_rng(seed).multinomial(
        replications, np.full(replications, 1 / replications), size=resamples
    )
    weights = drawn.astype(float)
    weights.flags.writeable = False
    return weights


def _resampled_t(drawn: np.ndarray, unit: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """|t| of every resample and column, [resamples, M]; 0 where the resample has no spread."""
    count = float(len(measured)) if measured.all() else drawn @ measured
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = drawn @ unit / count
        variance = (drawn @ unit**2 / count - mean**2) * count / (count - 1)
        t = np.abs(mean) / np.sqrt(variance / count)
    return np.where((count >= 2) & (variance > NO_SPREAD), t, 0.0)


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
