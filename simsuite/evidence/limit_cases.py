"""Closed forms that the simulator must reproduce where it is reduced to them. No simulation here.

Rates are those of the race at the checkout, against each other and without unit;
utilities are in units of the choice; probabilities and shares lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt

# One cart and its clocks


def probability_of_order(buy: float, give_up: float, switch: float = 0.0, loss: float = 0.0) -> float:
    """P = b / (b + g + s l): a switch loses the cart, and the sale, with probability l.

    Parameters
    ----------
    buy, give_up, switch : rates, >= 0, buy > 0
    loss : probability that the cart is not there after a switch

    Sources
    -------
    Competing exponential clocks; the first that decides is b with probability b over their sum.
    """
    return buy / (buy + give_up + switch * loss)


def relative_gain_of_continuity(buy: float, give_up: float, switch: float, loss: float) -> float:
    """s l / (b + g): orders gained, relative, when carts are no longer lost."""
    return switch * loss / (buy + give_up)


def probability_of_order_with_links(buy: float, give_up: float, switch: float, coverage: float) -> float:
    """c^2 b / (b + g) + (1 - c^2) b / (b + g + s): links drawn once, a switch needs both ends."""
    both = coverage * coverage
    return both * probability_of_order(buy, give_up) + (1 - both) * probability_of_order(buy, give_up, switch, 1.0)


def coverage_from_which_announcing_helps(buy: float, give_up: float, silent: float, announced: float) -> float:
    """Coverage below which announced, partly linked channels sell less than silent silos.

    c^2 = (1 - s0 / s1) (b + g) / (b + g + s0), where the announcement raises the rate of
    switching from s0 (`silent`) to s1 (`announced`).
    """
    return sqrt((1 - silent / announced) * (buy + give_up) / (buy + give_up + silent))


def probability_of_order_with_shared_record(
    buy: float, give_up: float, switch: float, own: float, error: float, coverage: float
) -> float:
    """Orders where connected channels look up a shared record that errs with probability q.

    c^2 b / (b + g + q (s + r)) + c (1 - c) b / (b + g + s + q r) + (1 - c) b / (b + g + s)

    Parameters
    ----------
    switch, own : rates of looking the cart up elsewhere (s), and where it lies (r)
    error : probability q that a version is wrong; every visit writes a version
    coverage : share c of the ends that are linked; links are drawn once
    """
    both = probability_of_order(buy, give_up, switch + own, error)
    here_alone = buy / (buy + give_up + switch + error * own)
    silo = probability_of_order(buy, give_up, switch, 1.0)
    return coverage**2 * both + coverage * (1 - coverage) * here_alone + (1 - coverage) * silo


def error_from_which_sharing_loses(buy: float, give_up: float, switch: float, own: float, coverage: float) -> float:
    """The error q at which a shared record sells as much as silos; above it less.

    Positive root of q^2 r (s + r) + q ((b + g) r + c s (b + g + s)) - c s (b + g + s) = 0,
    which is s / (s + r) at full coverage. `coverage` and `own` > 0.
    """
    square = own * (switch + own)
    constant = coverage * switch * (buy + give_up + switch)
    linear = (buy + give_up) * own + constant
    return (sqrt(linear * linear + 4 * square * constant) - linear) / (2 * square)


# Choice of channel


def choice_shares(utilities: Sequence[float], noise: float = 1.0) -> tuple[float, ...]:
    """P_j = exp(V_j / mu) / sum exp(V_k / mu): logit, Gumbel noise of scale mu (McFadden 1974)."""
    weights = [exp(utility / noise) for utility in utilities]
    return tuple(weight / sum(weights) for weight in weights)


def inclusive_value(utilities: Sequence[float], noise: float = 1.0) -> float:
    """mu ln sum exp(V / mu): worth of the best choice, up to a constant (Small & Rosen 1981)."""
    return noise * log(sum(exp(utility / noise) for utility in utilities))


def choice_after(utilities: Sequence[float], inertia: float) -> tuple[tuple[float, ...], ...]:
    """P(j given i) of a logit with a bonus for the channel chosen last; row i, column j."""
    return tuple(
        choice_shares([utility + inertia * (here == last) for here, utility in enumerate(utilities)])
        for last in range(len(utilities))
    )


def long_run_shares(utilities: Sequence[float], inertia: float) -> tuple[float, ...]:
    """Stationary shares: proportional to e^V_j (sum e^V_k + e^V_j (e^gamma - 1)).

    The chain is reversible: share of i times P(j given i) is symmetric in i and j.
    """
    appeals = [exp(utility) for utility in utilities]
    weights = [appeal * (sum(appeals) + appeal * (exp(inertia) - 1)) for appeal in appeals]
    return tuple(weight / sum(weights) for weight in weights)


def repeat_rate(utilities: Sequence[float], inertia: float) -> float:
    """Share of choices, in the long run, that repeat the one before."""
    after = choice_after(utilities, inertia)
    return sum(share * after[here][here] for here, share in enumerate(long_run_shares(utilities, inertia)))


def own_price_elasticity(price_weight: float, price: float, share: float) -> float:
    """-beta p (1 - P): relative change of a channel's share per relative change of its price."""
    return -price_weight * price * (1 - share)


def cross_price_elasticity(price_weight: float, price: float, share: float) -> float:
    """beta p P: relative change of every other share per relative change of this price."""
    return price_weight * price * share


# Repeat buying


def probability_of_orders(count: int, shape: float, scale: float, duration: float) -> float:
    """P(X = count), negative binomial: orders in `duration` (Ehrenberg 1959).

    Parameters
    ----------
    shape, scale : r and alpha of the gamma distribution of rates; mean rate r / alpha
    duration : T, in the time unit of alpha
    """
    ways = exp(lgamma(shape + count) - lgamma(shape) - lgamma(count + 1))
    return ways * (scale / (scale + duration)) ** shape * (duration / (scale + duration)) ** count


def mean_orders(shape: float, scale: float, duration: float) -> float:
    """r T / alpha."""
    return shape * duration / scale


def variance_of_orders(shape: float, scale: float, duration: float) -> float:
    """mean (1 + T / alpha): more than the mean by the differences between customers."""
    return mean_orders(shape, scale, duration) * (1 + duration / scale)
