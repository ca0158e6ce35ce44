"""What the core is calibrated on and validated with: targets, acceptance bands, and how each is measured.

Registered in `docs/registered.md` before the first calibrated run; not moved since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simsuite.run_result import RunResult

OWN_WEB = ("desktop_web", "mobile_web", "app")
GROUPS = {"store": "store", "desktop_web": "web", "mobile_web": "web", "app": "web", "phone": "phone",
          "marketplace": "marketplace", "social": "social"}


@dataclass(frozen=True)
class Target:
    """One quantity: code, words, how it is measured on runs, target value (None: validation only), band."""

    code: str
    words: str
    measure: Callable[[list[RunResult]], float]
    target: float | None
    low: float
    high: float
    scale: float = 1.0          # what counts as one unit of misfit

    def passes(self, value: float) -> bool:
        """Whether the value lies in the registered band."""
        return bool(self.low <= value <= self.high)


def _sum(results: list[RunResult], name: str) -> np.ndarray:
    return sum(result.tallies[name] for result in results)


def _channel(results: list[RunResult], name: str) -> int:
    return results[0].channel_names.index(name)


def session_conversion(channel: str) -> Callable[[list[RunResult]], float]:
    """Visits of this channel that end in an order there, share of its visits."""
    def measure(results: list[RunResult]) -> float:
        place = _channel(results, channel)
        visits = _sum(results, "visits")[:, place].sum()
        return _sum(results, "buying_visits")[:, place].sum() / visits if visits else float("nan")
    return measure


def cart_abandonment(*channels: str) -> Callable[[list[RunResult]], float]:
    """Carts of these channels without order from them there within 14 days, share of carts begun."""
    def measure(results: list[RunResult]) -> float:
        places = [_channel(results, channel) for channel in channels]
        carts = _sum(results, "carts")[:, places].sum((0, 1))
        return 1.0 - carts[1] / carts[0] if carts[0] else float("nan")
    return measure


def ratio(one: Callable, other: Callable) -> Callable[[list[RunResult]], float]:
    """The quotient of two quantities."""
    def measure(results: list[RunResult]) -> float:
        below = other(results)
        return one(results) / below if below else float("nan")
    return measure


def mobile_gap(results: list[RunResult]) -> float:
    """Cart abandonment on the mobile web less that on the desktop."""
    return cart_abandonment("mobile_web")(results) - cart_abandonment("desktop_web")(results)


def never_meant(results: list[RunResult]) -> float:
    """Share of the carts left by journeys without order whose owner only looked around or was not ready (F04)."""
    places = [_channel(results, channel) for channel in (*OWN_WEB, "social")]
    left = _sum(results, "carts_left")[:, places].sum((0, 1))
    return left[:2].sum() / left.sum() if left.sum() else float("nan")


def orders_per_year(results: list[RunResult]) -> float:
    """Orders per customer and year, all customers."""
    orders = sum(result.tallies["outcomes"][:, :, 0].sum() for result in results)
    customers = sum(len(result.customers) for result in results)
    return orders / customers * 365.0 / results[0].horizon


def order_counts(results: list[RunResult], days: int) -> np.ndarray:
    """Orders of every customer in the first `days` of the horizon."""
    counts = []
    for result in results:
        needs = result.needs
        within = (needs["outcome"] == 0) & (needs["born"] < 4 * (result.warm_up + days))
        counts.append(np.bincount(needs["customer"][within], minlength=len(result.customers)))
    return np.concatenate(counts)


def nbd_shape(counts: np.ndarray) -> float:
    """Maximum-likelihood shape of the gamma distribution behind Poisson counts (negative binomial)."""
    from scipy.optimize import minimize_scalar
    from scipy.stats import nbinom

    mean = counts.mean()
    values, frequency = np.unique(counts, return_counts=True)

    def misfit(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return -float(frequency @ nbinom.logpmf(values, shape, shape / (shape + mean)))

    return float(np.exp(minimize_scalar(misfit, bounds=(-4.0, 3.0), method="bounded").x))


def shape_of_orders(results: list[RunResult]) -> float:
    """Shape of the gamma distribution fitted to the order counts of 39 weeks (or the horizon, if shorter)."""
    return nbd_shape(order_counts(results, min(273, results[0].horizon)))


def top_fifth(results: list[RunResult]) -> float:
    """Share of spend of the best fifth of the customers who ordered at all."""
    spend = []
    for result in results:
        needs = result.needs[result.needs["outcome"] == 0]
        per_customer = np.bincount(needs["customer"], weights=needs["cents"], minlength=len(result.customers))
        spend.append(per_customer[per_customer > 0])
    all_spend = np.sort(np.concatenate(spend))[::-1]
    return float(all_spend[: max(1, len(all_spend) // 5)].sum() / all_spend.sum()) if len(all_spend) else float("nan")


def time_to_order(points: int) -> Callable[[list[RunResult]], float]:
    """Share of orders within the first `points` classes of time since the first visit."""
    def measure(results: list[RunResult]) -> float:
        counts = _sum(results, "time_to_order")
        return counts[:points].sum() / counts.sum()
    return measure


def research_shopping(results: list[RunResult]) -> float:
    """Orders whose group of most knowledge before the buying visit differs from the group of purchase."""
    matrix, names = _sum(results, "research"), results[0].channel_names
    same = sum(matrix[a, b] for a, one in enumerate(names) for b, other in enumerate(names) if GROUPS[one] == GROUPS[other])
    return 1.0 - same / matrix.sum()


def web_to_store(results: list[RunResult]) -> float:
    """Orders searched on the own web and placed in the store, over the reverse."""
    matrix = _sum(results, "research")
    store, web = _channel(results, "store"), [_channel(results, name) for name in OWN_WEB]
    return matrix[web, store].sum() / max(1, matrix[store, web].sum())


CALIBRATION = (
    Target("P1 a", "online carts without order there within 14 days", cart_abandonment(*OWN_WEB, "social"), 0.702, 0.65, 0.80, 0.03),
    Target("P1 b", "mobile less desktop cart abandonment", mobile_gap, 0.13, 0.08, 0.18, 0.03),
    Target("P2 a", "store conversion per visit", session_conversion("store"), 0.25, 0.15, 0.45, 0.04),
    Target("P2 b", "marketplace conversion per visit", session_conversion("marketplace"), 0.11, 0.07, 0.15, 0.02),
    Target("P2 c", "app conversion per visit", session_conversion("app"), 0.055, 0.03, 0.08, 0.008),
    Target("P2 d", "desktop conversion per visit", session_conversion("desktop_web"), 0.040, 0.028, 0.052, 0.004),
    Target("P2 e", "mobile web conversion per visit", session_conversion("mobile_web"), 0.018, 0.010, 0.026, 0.002),
    Target("P2 f", "social conversion per visit", session_conversion("social"), 0.0075, 0.0, 0.018, 0.003),
    Target("F04", "left carts that were never meant", never_meant, 0.52, 0.43, 0.60, 0.05),
    Target("F79", "gamma shape of 39 weeks of orders", shape_of_orders, 0.385, 0.24, 0.60, 0.05),
    Target("P12", "spend of the best fifth of buyers", top_fifth, 0.65, 0.50, 0.80, 0.08),
    Target("orders", "orders per customer-year", orders_per_year, 0.60, 0.45, 0.80, 0.05),
)
RATIOS = (
    Target("P2 c", "app / mobile web", ratio(session_conversion("app"), session_conversion("mobile_web")), None, 2.0, 3.5),
    Target("P2 d", "desktop / mobile web", ratio(session_conversion("desktop_web"), session_conversion("mobile_web")), None, 1.7, 2.6),
    Target("P2 h", "store / desktop", ratio(session_conversion("store"), session_conversion("desktop_web")), None, 5.0, 20.0),
)
VALIDATION = (
    *(Target("F11", f"orders within {words}", time_to_order(points), None, share - 0.10, share + 0.10)
      for points, words, share in ((1, "20 min", 0.30), (2, "1 h", 0.50), (3, "3 h", 0.60), (4, "24 h", 0.72),
                                   (5, "3 days", 0.80), (6, "7 days", 0.85), (7, "14 days", 0.95))),
    Target("P8", "search channel group differs from purchase group", research_shopping, None, 0.25, 0.50),
    Target("P8 b", "web to store over store to web", web_to_store, None, 1.0, float("inf")),
)
