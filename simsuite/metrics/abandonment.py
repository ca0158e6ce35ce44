"""Abandonment: planned journeys without an order, carts left behind, lines left."""

from __future__ import annotations

import numpy as np

from simsuite.metrics.conversion import ENDED, PLANNED, outcomes_of
from simsuite.metrics.measure import DAYS, NEEDS, NOT_NEGATIVE, measure
from simsuite.metrics.rows import Row, by_both, by_channel, by_segment
from simsuite.metrics.surroundings import Context
from simsuite.run_result import RunResult
from simsuite.tallies import Cart, CartLeft, Line
from simsuite.vocabulary import LOST_OUTCOMES

LOST = LOST_OUTCOMES


@measure(
    base="planned journeys that ended",
    period=NEEDS,
    title="Planned journeys without order",
    unit="%",
    scale=100.0,
    better="lower",
    threshold=0.5,
    headline=True,
)
def abandonment(result: RunResult, context: Context) -> list[Row]:
    """Share of the planned journeys (consider or buy) that were given up or went to a competitor.

    Over planned journeys begun for a need of the horizon and ended by the end of the run.
    Whoever only looks around is not in it.
    """
    return by_segment(result, outcomes_of(result, PLANNED, LOST), outcomes_of(result, PLANNED, ENDED))


@measure(
    base="online carts of own shops",
    period=NEEDS,
    title="Cart abandonment",
    unit="%",
    scale=100.0,
    better="lower",
    threshold=0.5,
    headline=True,
)
def cart_abandonment(result: RunResult, context: Context) -> list[Row]:
    """Share of the online carts of own shops with no order from that cart there within 14 days.

    "There" is the shop of the cart, or one of the same login domain. A cart that was ordered
    elsewhere counts as abandoned, as a shop's own dashboard sees it, also if that very cart
    followed her into another channel: read it together with `carts_rescued`, which shows how many,
    and `carts_lost_for_good`, which is the rest. Carts of browsers are in it. By channel: where
    the cart was begun.
    """
    carts = _online_carts(result, context)
    return by_both(result, carts[:, :, Cart.BEGUN] - carts[:, :, Cart.ORDERED_THERE], carts[:, :, Cart.BEGUN])


@measure(
    base="online carts of own shops",
    period=NEEDS,
    title="Carts ordered elsewhere",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
)
def carts_rescued(result: RunResult, context: Context) -> list[Row]:
    """Share of the online carts of own shops whose need was ordered elsewhere within 14 days.

    "Elsewhere" is a channel of another login domain, or another cart of the same need.
    """
    carts = _online_carts(result, context)
    return by_both(result, carts[:, :, Cart.ORDERED_ELSEWHERE], carts[:, :, Cart.BEGUN])


@measure(
    base="online carts of own shops",
    period=NEEDS,
    title="Carts lost for good",
    unit="%",
    scale=100.0,
    better="lower",
    threshold=0.5,
)
def carts_lost_for_good(result: RunResult, context: Context) -> list[Row]:
    """Share of the online carts of own shops whose need was ordered nowhere within 14 days.

    `cart_abandonment` less `carts_rescued`.
    """
    carts = _online_carts(result, context)
    ordered = carts[:, :, Cart.ORDERED_THERE] + carts[:, :, Cart.ORDERED_ELSEWHERE]
    return by_both(result, carts[:, :, Cart.BEGUN] - ordered, carts[:, :, Cart.BEGUN])


@measure(
    base="carts left without order",
    period=NEEDS,
    title="Left carts of browsers",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
)
def carts_left_by_browsers(result: RunResult, context: Context) -> list[Row]:
    """Share of the online carts that journeys without order left behind whose owner only looked.

    Over carts of own shops that lie there when a journey for a need of the horizon ends.
    """
    left = _online_carts(result, context, "carts_left")
    return by_both(result, left[:, :, CartLeft.BY_BROWSER], left.sum(2))


@measure(
    base="carts left without order",
    period=NEEDS,
    title="Left carts of the not ready",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.5,
)
def carts_left_not_ready(result: RunResult, context: Context) -> list[Row]:
    """Share of the online carts that journeys without order left behind by who was not ready.

    Over the same carts as `carts_left_by_browsers`.
    """
    left = _online_carts(result, context, "carts_left")
    return by_both(result, left[:, :, CartLeft.NOT_READY], left.sum(2))


def _online_carts(result: RunResult, context: Context, tally: str = "carts") -> np.ndarray:
    """Carts [segments, channels, 3], zero where the channel is no own online shop."""
    counts = context.counts_carts
    carts = result.tallies[tally].copy()
    carts[:, : len(counts)] *= counts[None, :, None]
    return carts


@measure(
    base="arrivals at a desk", period=DAYS, title="Lines left", unit="%", scale=100.0, better="lower", threshold=0.5
)
def lines_left(result: RunResult, context: Context) -> list[Row]:
    """Share of the arrivals at a staffed desk that left the line before they were served."""
    queue = result.tallies["queue"]
    return by_channel(result, queue[:, Line.LEFT], queue[:, Line.ARRIVED])


@measure(
    base="arrivals at a desk",
    period=DAYS,
    title="Wait",
    unit="min",
    scale=1.0 / 60.0,
    better="lower",
    threshold=0.25,
    bounds=NOT_NEGATIVE,
)
def wait_minutes(result: RunResult, context: Context) -> list[Row]:
    """Mean minutes waited per arrival at a staffed desk.

    Whoever leaves the line has waited as long as her patience lasted.
    """
    queue = result.tallies["queue"]
    return by_channel(result, queue[:, Line.SECONDS], queue[:, Line.ARRIVED])
