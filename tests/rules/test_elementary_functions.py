"""Elementary functions against the mathematics library: accuracy, clamps, directions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from worlds import rules

from simsuite.rules.mathematics import FOREVER

ANY = st.floats(allow_nan=False, allow_infinity=False)


def test_exp_is_right_to_thirteen_digits():
    for x in np.linspace(-40, 40, 5001).tolist():
        assert rules().exp(x) == pytest.approx(math.exp(x), rel=1e-13)


@given(ANY)
def test_exp_never_raises_and_stays_positive_and_finite(x):
    assert 0.0 < rules().exp(x) < math.inf


@given(st.floats(-700, 700), st.floats(1e-3, 10))
def test_exp_rises(x, step):
    assert rules().exp(x + step) > rules().exp(x) or x + step > 700


def test_log_is_right_to_fourteen_digits():
    for x in (2.0 ** np.linspace(-59.9, 59.9, 5001)).tolist():
        assert abs(rules().log(x) - math.log(x)) < 1e-14


@given(st.floats(2.0**-60, 2.0**60))
def test_a_number_splits_exactly(x):
    mantissa, exponent = rules().mantissa_and_exponent(x)
    assert 0.5**0.5 <= mantissa < 2**0.5 and mantissa * 2.0**exponent == x


@given(st.floats())
def test_log_never_raises(x):
    assert -41.6 < rules().log(x) < 41.6


@given(st.floats(-700, 700))
def test_logistic_is_a_probability_and_symmetric(x):
    assert 0.0 <= rules().logistic(x) <= 1.0
    assert rules().logistic(x) + rules().logistic(-x) == pytest.approx(1.0, abs=1e-12)


@given(st.floats(1e-15, 1e15))
def test_the_square_root_squared_is_the_number(x):
    assert rules().square_root(x) ** 2 == pytest.approx(x, rel=1e-11)


def test_the_square_root_of_nothing_is_nothing():
    assert rules().square_root(0.0) == rules().square_root(-1.0) == 0.0


def test_normal_is_the_inverse_normal_distribution():
    for u in np.concatenate(
        [
            np.linspace(0.001, 0.999, 2001),
            np.logspace(-9.6, -3, 500),
            1 - np.logspace(-9.6, -3, 500),
        ]
    ).tolist():
        assert rules().normal(u) == pytest.approx(norm.ppf(u), rel=2e-9, abs=1e-9)


@given(st.floats(2.0**-33, 1 - 2.0**-33), st.floats(2.0**-33, 1 - 2.0**-33))
def test_normal_rises(u, v):
    assert (u < v) == (rules().normal(u) < rules().normal(v)) or abs(u - v) < 1e-8


@given(st.floats(2.0**-33, 1 - 2.0**-33), st.floats(1e-6, 1e6))
def test_a_clock_rings_after_a_positive_time_that_falls_with_its_rate(u, rate):
    assert rules().clock(u, rate) > 0.0
    assert rules().clock(u, 2 * rate) == pytest.approx(rules().clock(u, rate) / 2)
    assert rules().clock(u, rate) == pytest.approx(-math.log(u) / rate, rel=1e-9, abs=1e-14 / rate)


def test_a_clock_of_rate_zero_never_rings():
    assert rules().clock(0.5, 0.0) == FOREVER
