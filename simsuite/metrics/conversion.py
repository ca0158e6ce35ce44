"""Conversion: how often a need, a journey, a visit ends in an order, and how soon."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simsuite.metrics.measure import ALL, DAYS, NEEDS, measure
from simsuite.metrics.rows import Row, by_both, by_segment
from simsuite.metrics.surroundings import Context
from simsuite.metrics.twins import FORFEITED, SAVED, kinds_of_twins
from simsuite.run_result import RunResult
from simsuite.tallies import TIMES_TO_ORDER
from simsuite.vocabulary import LOST_OUTCOMES, Intent, Outcome

ENDED = (Outcome.ORDERED, *LOST_OUTCOMES, Outcome.NO_PLAN)
PLANNED = (Intent.CONSIDER, Intent.BUY)


def outcomes_of(result: RunResult, intents: tuple[Intent, ...], outcomes: tuple[Outcome, ...]) -> np.ndarray:
    """Candidate needs [segments] with one of these intents and one of these outcomes."""
    return result.tallies["outcomes"][:, list(intents)][:, :, list(outcomes)].sum((1, 2))


@measure(
    base="candidate needs",
    period=NEEDS,
    title="Orders per 100 needs",
    unit="",
    scale=100.0,
    better="higher",
    threshold=0.1,
    headline=True,
    bounds=(0.0, 100.0),
)
def conversion(result: RunResult, context: Context) -> list[Row]:
    """Orders per 100 candidate needs of the horizon.

    Candidate needs come on the customers' own clocks, so the denominator is the same in every
    world; needs that were never considered, were absorbed or are still open are in it. By
    channel: orders placed there over all candidate needs; the channels add up to the total.
    """
    return by_both(result, result.tallies["orders"], result.tallies["outcomes"].sum((1, 2)))


@measure(
    base="planned journeys that ended",
    period=NEEDS,
    title="Planned journeys that end in an order",
    unit="%",
    scale=100.0,
    better="higher",
    threshold=0.5,
)
def journey_conversion(result: RunResult, context: Context) -> list[Row]:
    """Share of the planned journeys (consider or buy) that ended in an order, without browsers.

    Over planned journeys begun for a need of the horizon and ended by the end of the run.
    Strategies that win more needs for consideration change the denominator.
    """
    return by_segment(
        result,
        outcomes_of(result, PLANNED, (Outcome.ORDERED,)),
        outcomes_of(result, PLANNED, ENDED),
    )


@measure(
    base="journeys that ended",
    period=NEEDS,
    title="Journeys that end in an order, with browsers",
    unit="%",
    scale=100.0,
    better="higher",
    threshold=0.5,
)
def journey_conversion_with_browsers(result: RunResult, context: Context) -> list[Row]:
    """Share of all journeys, with those that only look around, that ended in an order.

    Over journeys begun for a need of the horizon and ended by the end of the run.
    """
    everybody = tuple(Intent)
    return by_segment(
        result,
        outcomes_of(result, everybody, (Outcome.ORDERED,)),
        outcomes_of(result, everybody, ENDED),
    )


@measure(
    base="visits",
    period=DAYS,
    title="Visits that end in an order",
    unit="%",
    scale=100.0,
    better="neither",
    threshold=0.1,
    by_channel=True,
    not_comparable="strategies change how many visits a journey takes, and where",
)
def session_conversion(result: RunResult, context: Context) -> list[Row]:
    """Share of the visits on days of the horizon that ended in an order, by channel of the visit.

    Not comparable between strategies: they change how many visits a journey takes and where
    they are made. Pick-ups and visits that end in the waiting line are in the denominator.
    """
    return by_both(result, result.tallies["buying_visits"], result.tallies["visits"])


GAINED = {
    "base": "candidate needs",
    "period": NEEDS,
    "unit": "",
    "scale": 100.0,
    "better": "higher",
    "threshold": 0.1,
    "bounds": (-100.0, 100.0),
}


@measure(title="Orders gained from the competitor, per 100 needs", **GAINED)
def gained_from_competitor(result: RunResult, context: Context) -> list[Row]:
    """Orders for needs that go to a competitor in the other world, net, per 100 candidate needs.

    Needs ordered here that a competitor gets in the world of the reference, less those ordered
    there that a competitor gets here. In the reference itself 0. Without twins not measured.
    """
    return _gained(result, context, (Outcome.WENT_TO_COMPETITOR,))


@measure(title="Orders gained from nobody, per 100 needs", **GAINED)
def gained_from_nobody(result: RunResult, context: Context) -> list[Row]:
    """Like `gained_from_competitor`, of needs that nobody gets an order for in the other world.

    Given up, not considered, without a plan, part of another journey, or still open there. Both
    together are the change in orders.
    """
    others = tuple(set(Outcome) - {Outcome.ORDERED, Outcome.WENT_TO_COMPETITOR})
    return _gained(result, context, others)


def _gained(result: RunResult, context: Context, otherwise: tuple[Outcome, ...]) -> list[Row]:
    """Saved less forfeited needs whose outcome in the world without the order is one of these."""
    if context.twin is None or not len(result.needs):
        return [(ALL, ALL, 0, 0)]
    kinds = kinds_of_twins(context.twin, result)
    saved = (kinds == SAVED) & np.isin(context.twin.needs["outcome"], otherwise)
    forfeited = (kinds == FORFEITED) & np.isin(result.needs["outcome"], otherwise)
    segments, size = result.needs["segment"], len(result.tallies["outcomes"])
    net = np.bincount(segments[saved], minlength=size)
    net = net - np.bincount(segments[forfeited], minlength=size)
    return by_segment(result, net, np.bincount(segments, minlength=size))


def _ordered_within(classes: int, words: str) -> Callable:
    def share(result: RunResult, context: Context) -> list[Row]:
        times = result.tallies["time_to_order"]
        return [(ALL, ALL, times[:classes].sum().item(), times.sum().item())]

    share.__doc__ = (
        f"Share of the orders for needs of the horizon that were placed within {words} "
        "after the first visit for the need began."
    )
    return share


for _place, _words in enumerate(list(TIMES_TO_ORDER)[:-1]):
    measure(
        name=f"ordered_within_{_words.replace(' ', '_')}",
        title=f"Orders within {_words}",
        base="orders",
        period=NEEDS,
        unit="%",
        scale=100.0,
        better="neither",
        threshold=0.5,
    )(_ordered_within(_place + 1, _words))
