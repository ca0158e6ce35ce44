"""Elementary functions of `*`, `+`, `/` and comparisons only.

They give the same bits in CPython, in compiled code and on any machine, which
`math.exp` and `math.log` do not promise. All are clamped and never raise.
"""

from simsuite.machine.instructions import split_of_machine
from simsuite.machine.marks import rule, twin

LOG_2 = 0.6931471805599453
FOREVER = 1e300  # the time at which a clock of rate 0 rings


@rule
def exp(x):
    """e to the power x, clamped at 700; relative error below 1e-13 for |x| <= 40."""
    if x > 700.0:
        x = 700.0
    if x < -700.0:
        x = -700.0
    y = x * 0.00390625
    z = y * y
    w = z * z
    low = (1.0 + y) + (0.5 + y * 0.16666666666666666) * z
    middle = (0.041666666666666664 + y * 0.008333333333333333) + (0.001388888888888889 + y * 0.0001984126984126984) * z
    high = (2.48015873015873e-05 + y * 2.7557319223985893e-06) + 2.755731922398589e-07 * z
    p = low + (middle + high * w) * w
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    return p * p


@twin(split_of_machine)
def mantissa_and_exponent(x):
    """x > 0 (no subnormal) as mantissa x 2^exponent, exactly: a mantissa from the root of 1/2 to below that of 2, a whole
    exponent; a machine reads it off the bits."""
    exponent = 0
    while x >= 1.4142135623730951:
        x *= 0.5
        exponent += 1
    while x < 0.7071067811865476:
        x *= 2.0
        exponent -= 1
    return x, exponent


@rule
def log(x):
    """Natural logarithm for x in [2^-60, 2^60] (clamped, also what is no number); absolute error below 1e-14."""
    if not x >= 8.673617379884035e-19:
        x = 8.673617379884035e-19
    if x > 1.152921504606847e18:
        x = 1.152921504606847e18
    x, k = mantissa_and_exponent(x)
    s = (x - 1.0) / (x + 1.0)
    q = s * s
    r = q * q
    t = r * r
    low = (1.0 + q * 0.3333333333333333) + (0.2 + q * 0.14285714285714285) * r
    high = (0.1111111111111111 + q * 0.09090909090909091) + (0.07692307692307693 + q * 0.06666666666666667) * r
    p = low + (high + 0.058823529411764705 * t) * t
    return k * LOG_2 + 2.0 * s * p


@rule
def logistic(x):
    """1 / (1 + e^-x), between 0 and 1."""
    return 1.0 / (1.0 + exp(-x))


@rule
def square_root(x):
    """Square root of x >= 0 by its logarithm; relative error below 1e-12."""
    if x <= 0.0:
        return 0.0
    return exp(0.5 * log(x))


@rule
def clock(u, rate):
    """Time at which an exponential clock of this rate rings; FOREVER at rate 0."""
    if rate <= 0.0:
        return FOREVER
    return -log(u) / rate


@rule
def normal(u):
    """Standard normal deviate from a uniform u in (0, 1): the inverse distribution function.

    Acklam's rational approximation; relative error below 1.2e-9.
    """
    if 0.02425 <= u <= 0.97575:
        q = u - 0.5
        r = q * q
        above = (
            (
                (((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
                - 30.66479806614716
            )
            * r
            + 2.506628277459239
        ) * q
        below = (
            (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
            - 13.28068155288572
        ) * r + 1.0
        return above / below
    tail = u if u < 0.5 else 1.0 - u
    q = square_root(-2.0 * log(tail))
    above = (
        (((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
        + 4.374664141464968
    ) * q + 2.938163982698783
    below = (
        ((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416
    ) * q + 1.0
    return above / below if u < 0.5 else -above / below


@rule
def cents(amount):
    """A non-negative amount in cents, rounded once to a whole number (half up)."""
    return int(amount + 0.5)
