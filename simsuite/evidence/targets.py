"""What the core is calibrated on and validated with: targets, acceptance bands, and how each is measured.

Registered in `docs/registered.md` before the first calibrated run; not moved since. Conversions,
abandonment and F04 are shares; P1 b is in points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simsuite.run_result import RunResult
from simsuite.tallies import CartLeft
from simsuite.vocabulary import PARTS_PER_DAY, Outcome

Measure = Callable[[list[RunResult]], float]

CALENDAR_OF_BUYERS = 548  # days: the 18 months of P12
CALENDAR_OF_COUNTS = 273  # days: the 39 weeks of F79
ORDER = ("store", "marketplace", "app", "desktop_web", "mobile_web", "social")  # of conversion, strict
OWN_WEB = ("desktop_web", "mobile_web", "app")
GROUPS = {
    "store": "store",
    "desktop_web": "web",
    "mobile_web": "web",
    "app": "web",
    "phone": "phone",
    "marketplace": "marketplace",
    "social": "social",
}


@dataclass(frozen=True)
class Target:
    """One registered quantity.

    measure : how it is measured on runs
    target : the value that a fit aims at; None where it is not fitted
    low, high : borders of the acceptance band
    scale : what counts as one unit of misfit
    judged, judged_words : the quantity that the band is about, where that is another one
    strict : whether the borders lie outside the band
    """

    code: str
    words: str
    measure: Measure
    target: float | None
    low: float
    high: float
    scale: float = 1.0
    judged: Measure | None = None
    judged_words: str = ""
    strict: bool = False

    def judge(self, results: list[RunResult]) -> float:
        """The quantity that the band is about."""
        return (self.judged or self.measure)(results)

    def passes(self, value: float) -> bool:
        """Whether the judged quantity lies in the registered band."""
        if self.strict:
            return bool(self.low < value < self.high)
        return bool(self.low <= value <= self.high)


def _sum(results: list[RunResult], name: str) -> np.ndarray:
    return sum(result.tallies[name] for result in results)


def _channel(results: list[RunResult], name: str) -> int:
    return results[0].channel_names.index(name)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def session_conversion(channel: str) -> Measure:
    """Visits of this channel that end in an order there, share of its visits."""

    def measure(results: list[RunResult]) -> float:
        place = _channel(results, channel)
        return _share(_sum(results, "buying_visits")[:, place].sum(), _sum(results, "visits")[:, place].sum())

    return measure


def cart_abandonment(*channels: str) -> Measure:
    """Carts of these channels without order from them there within 14 days, share of carts begun."""

    def measure(results: list[RunResult]) -> float:
        places = [_channel(results, channel) for channel in channels]
        carts = _sum(results, "carts")[:, places].sum((0, 1))
        return 1.0 - _share(carts[1], carts[0])

    return measure


def ratio(one: Measure, other: Measure) -> Measure:
    """The quotient of two quantities."""

    def measure(results: list[RunResult]) -> float:
        return _share(one(results), other(results))

    return measure


def mobile_gap(results: list[RunResult]) -> float:
    """Cart abandonment on the mobile web less that on the desktop, in points."""
    return 100.0 * (cart_abandonment("mobile_web")(results) - cart_abandonment("desktop_web")(results))


def out_of_order(results: list[RunResult]) -> float:
    """How many neighbors in ORDER do not convert in strictly falling order; 0: the registered order holds."""
    rates = [session_conversion(channel)(results) for channel in ORDER]
    return float(sum(not above > below for above, below in zip(rates, rates[1:], strict=False)))


def never_meant(results: list[RunResult]) -> float:
    """Share of the carts left by journeys without order whose owner only looked around or was not ready (F04)."""
    places = [_channel(results, channel) for channel in (*OWN_WEB, "social")]
    left = _sum(results, "carts_left")[:, places].sum((0, 1))
    return _share(left[[CartLeft.BY_BROWSER, CartLeft.NOT_READY]].sum(), left.sum())


def orders_per_year(results: list[RunResult]) -> float:
    """Orders per customer and year, all customers."""
    orders = sum(result.tallies["outcomes"][:, :, Outcome.ORDERED].sum() for result in results)
    customers = sum(len(result.customers) for result in results)
    return orders / customers * 365.0 / results[0].horizon


def orders_within(result: RunResult, days: int) -> np.ndarray:
    """The settled needs of the first `days` of the horizon that were ordered.

    Raises
    ------
    ValueError
        If the horizon is shorter.
    """
    if result.horizon < days:
        raise ValueError(f"Orders of {days} days cannot be counted in a horizon of {result.horizon} days.")
    needs = result.needs
    return needs[(needs["outcome"] == Outcome.ORDERED) & (needs["born"] < PARTS_PER_DAY * (result.warm_up + days))]


def order_counts(results: list[RunResult], days: int) -> np.ndarray:
    """Orders of every customer for needs of the first `days` of the horizon."""
    return np.concatenate(
        [np.bincount(orders_within(result, days)["customer"], minlength=len(result.customers)) for result in results]
    )


def nbd_shape(counts: np.ndarray) -> float:
    """Maximum-likelihood shape of the gamma distribution behind Poisson counts (NBD); nan without orders."""
    from scipy.optimize import minimize_scalar
    from scipy.stats import nbinom

    mean = counts.mean()
    if mean == 0.0:
        return float("nan")
    values, frequency = np.unique(counts, return_counts=True)

    def misfit(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return -float(frequency @ nbinom.logpmf(values, shape, shape / (shape + mean)))

    return float(np.exp(minimize_scalar(misfit, bounds=(-4.0, 3.0), method="bounded").x))


def shape_of_orders(results: list[RunResult]) -> float:
    """Shape of the gamma distribution fitted to the order counts of 39 weeks (F79)."""
    return nbd_shape(order_counts(results, CALENDAR_OF_COUNTS))


def spend(results: list[RunResult], days: int) -> np.ndarray:
    """List value, in cents, of the orders of every customer for needs of the first `days` of the horizon."""
    orders = [orders_within(result, days) for result in results]
    return np.concatenate(
        [
            np.bincount(rows["customer"], weights=rows["cents"], minlength=len(result.customers))
            for rows, result in zip(orders, results, strict=True)
        ]
    )


def top_fifth(results: list[RunResult]) -> float:
    """Share of spend of the best fifth of the customers with an order in 18 months (P12)."""
    cents = spend(results, CALENDAR_OF_BUYERS)
    buyers = np.sort(cents[cents > 0])[::-1]
    return _share(buyers[: max(1, len(buyers) // 5)].sum(), buyers.sum())


def time_to_order(points: int) -> Measure:
    """Share of orders within the first `points` classes of time since the first visit."""

    def measure(results: list[RunResult]) -> float:
        counts = _sum(results, "time_to_order")
        return _share(counts[:points].sum(), counts.sum())

    return measure


def research_shopping(results: list[RunResult]) -> float:
    """Orders of planned journeys whose group of most knowledge before the buying visit is not the group of purchase."""
    matrix, names = _sum(results, "research"), results[0].channel_names
    groups = np.array([GROUPS[name] for name in names])
    same = groups[:, None] == groups[None, :]
    known = matrix[: len(names), : len(names)]
    return 1.0 - _share(known[same].sum(), known.sum())


def web_to_store(results: list[RunResult]) -> float:
    """Orders searched on the own web and placed in the store, over the reverse."""
    matrix = _sum(results, "research")
    store, web = _channel(results, "store"), [_channel(results, name) for name in OWN_WEB]
    return float(matrix[web, store].sum() / max(1, matrix[store, web].sum()))


CALIBRATION = (
    Target(
        "P1 a",
        "online carts without order there within 14 days",
        cart_abandonment(*OWN_WEB, "social"),
        0.702,
        0.65,
        0.80,
        0.03,
    ),
    Target("P1 b", "mobile less desktop cart abandonment, points", mobile_gap, 13.0, 8.0, 18.0, 3.0),
    Target("P2 a", "store conversion per visit", session_conversion("store"), 0.25, 0.15, 0.45, 0.04),
    Target("P2 b", "marketplace conversion per visit", session_conversion("marketplace"), 0.11, 0.07, 0.15, 0.02),
    Target(
        "P2 c",
        "app conversion per visit",
        session_conversion("app"),
        0.055,
        2.0,
        3.5,
        0.008,
        ratio(session_conversion("app"), session_conversion("mobile_web")),
        "app / mobile web",
    ),
    Target(
        "P2 d",
        "desktop conversion per visit",
        session_conversion("desktop_web"),
        0.040,
        1.7,
        2.6,
        0.004,
        ratio(session_conversion("desktop_web"), session_conversion("mobile_web")),
        "desktop / mobile web",
    ),
    Target("P2 e", "mobile web conversion per visit", session_conversion("mobile_web"), 0.018, 0.010, 0.026, 0.002),
    Target(
        "P2 f",
        "social conversion per visit",
        session_conversion("social"),
        0.0075,
        0.0,
        1.0,
        0.003,
        ratio(session_conversion("social"), session_conversion("mobile_web")),
        "social / mobile web",
        strict=True,
    ),
    Target("P2 g", "neighbors out of the order " + " > ".join(ORDER).replace("_", " "), out_of_order, None, 0.0, 0.0),
    Target(
        "P2 h",
        "store / desktop conversion",
        ratio(session_conversion("store"), session_conversion("desktop_web")),
        6.25,
        5.0,
        20.0,
        1.25,
    ),
    Target("F04", "left carts that were never meant", never_meant, 0.52, 0.43, 0.60, 0.05),
    Target("F79", "gamma shape of 39 weeks of orders", shape_of_orders, 0.385, 0.24, 0.60, 0.05),
    Target("P12", "spend of the best fifth of buyers of 18 months", top_fifth, 0.65, 0.50, 0.80, 0.08),
    Target("orders", "orders per customer-year", orders_per_year, 0.60, 0.45, 0.80, 0.05),
)
FITTED = tuple(target for target in CALIBRATION if target.target is not None)
VALIDATION = (
    *(
        Target("F11", f"orders within {words}", time_to_order(points), None, share - 0.10, share + 0.10)
        for points, words, share in (
            (1, "20 min", 0.30),
            (2, "1 h", 0.50),
            (3, "3 h", 0.60),
            (4, "24 h", 0.72),
            (5, "3 days", 0.80),
            (6, "7 days", 0.85),
            (7, "14 days", 0.95),
        )
    ),
    Target("P8", "search channel group differs from purchase group", research_shopping, None, 0.25, 0.50),
    Target("P8 b", "web to store over store to web", web_to_store, None, 1.0, float("inf"), strict=True),
)
