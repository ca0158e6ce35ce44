"""Consistency across channels: what mystery shoppers find, and what customers experience.

Four parts: content (price, promotion, stock), continuity (the cart), coordination and
process. The last two are not modeled and always shown as not measured.
"""

from __future__ import annotations

import numpy as np

from simsuite.metrics.measure import ALL, DAYS, measure
from simsuite.metrics.rows import Row, by_channel
from simsuite.metrics.surroundings import Context
from simsuite.run_result import RunResult
from simsuite.tallies import Asked, Switch
from simsuite.vocabulary import Question

CONTENT = (Question.PRICE, Question.PROMOTION, Question.STOCK)
ENOUGH = 100  # observations below which consistency is not measured
NOTHING: list[Row] = [(ALL, ALL, 0, 0)]
SHARE = {
    "unit": "",
    "scale": 1.0,
    "better": "higher",
    "threshold": 0.02,
    "minimum_observations": ENOUGH,
    "bounds": (0.0, 1.0),
}
AUDIT = {**SHARE, "base": "questions of the audit", "period": DAYS}


@measure(title="Consistency (audit)", headline=True, **AUDIT)
def consistency(result: RunResult, context: Context) -> list[Row]:
    """Share of the mystery shoppers' questions answered without contradiction, 0 to 1.

    Price, promotion, stock and cart, asked by three personas (known nowhere, known by device or
    card, logged in; none carries a coupon) at every ordered pair of channels; "this channel cannot
    say" is no answer and counts against it. Where no stock data flow, no other channel can speak of
    the store's shelf, so that silos lose the question for stock by construction:
    `questions_answered` and `consistency_of_answers` tell silence from contradiction. Each pair
    weighs as much as customers of the reference world change from the one to the other, in all
    worlds alike. By channel: where the question was asked again. Pairs between which nobody
    changes weigh nothing. Denominator: questions asked at pairs that weigh something. Fewer than
    100: not measured.
    """
    return _audit(result, tuple(Question), context.switches)


@measure(title="Audit: share of questions answered", **AUDIT)
def questions_answered(result: RunResult, context: Context) -> list[Row]:
    """Share of the audit's questions to which both channels said something, weighed as there.

    Price, promotion and cart always get an answer; stock only where both channels see the shelf of the place.
    """
    return _audit(result, tuple(Question), context.switches, Asked.ANSWERED, Asked.ALL)


@measure(title="Audit: consistency among the answered", **AUDIT)
def consistency_of_answers(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the questions that were answered: what is left is contradiction.

    Times `questions_answered` it is `consistency`.
    """
    return _audit(result, tuple(Question), context.switches, Asked.CONSISTENT, Asked.ANSWERED)


@measure(title="Consistency, pairs alike", **AUDIT)
def consistency_unweighted(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, but every ordered pair of channels weighs the same."""
    return _audit(result, tuple(Question), np.ones_like(context.switches))


@measure(title="Content: price, promotion, stock", **AUDIT)
def consistency_of_content(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the questions for price, promotion and stock."""
    return _audit(result, CONTENT, context.switches)


@measure(title="- price", **AUDIT)
def consistency_of_price(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the questions for the price."""
    return _audit(result, (Question.PRICE,), context.switches)


@measure(title="- promotion", **AUDIT)
def consistency_of_promotion(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the questions for the promotion."""
    return _audit(result, (Question.PROMOTION,), context.switches)


@measure(title="- stock", **AUDIT)
def consistency_of_stock(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the questions for stock; a channel that cannot say gives no answer."""
    return _audit(result, (Question.STOCK,), context.switches)


@measure(title="Continuity: cart", **AUDIT)
def continuity(result: RunResult, context: Context) -> list[Row]:
    """Like `consistency`, of the question whether the cart is there."""
    return _audit(result, (Question.CART,), context.switches)


@measure(title="Coordination", **AUDIT)
def coordination(result: RunResult, context: Context) -> list[Row]:
    """Whether channels send customers to each other: not in the audit, never measured."""
    return NOTHING


@measure(title="Process", **AUDIT)
def process(result: RunResult, context: Context) -> list[Row]:
    """Whether service and waits are alike across channels: not in the audit, never measured."""
    return NOTHING


@measure(
    base="changes with something in hand",
    period=DAYS,
    title="Consistency (experienced)",
    not_comparable="strategies change who changes channels, and with what in hand",
    **SHARE,
)
def experienced_consistency(result: RunResult, context: Context) -> list[Row]:
    """Share of the changes of channel with something in hand at which nothing broke, 0 to 1.

    In hand: a cart, findings worth taking along, or anything that another channel told her about
    her item, such as its price: nearly every change has that. Broken: a clash of price or
    promotion, a cart lost, asked again, taken for somebody else. By channel: where she
    arrived. Not comparable between strategies: they change who changes channels with
    what. If audit and experience disagree, that is selection.
    """
    switches = result.tallies["switches"].sum(0)
    return by_channel(result, switches[:, Switch.UNBROKEN], switches[:, Switch.IN_HAND])


def _audit(
    result: RunResult,
    questions: tuple[Question, ...],
    weights: np.ndarray,
    counted: int = Asked.CONSISTENT,
    base: int = Asked.ALL,
) -> list[Row]:
    """Weighted share of consistent answers, in all and by channel of the second question.

    The numerator is the weighted share times the questions asked, so that the
    denominator stays a number of observations.

    counted, base : what is counted, and of what
    """
    count = len(result.channel_names)
    answers = result.tallies["audit"][:, list(questions), :count, :count].sum((0, 1))
    asked, over, under = answers[..., Asked.ALL], answers[..., counted], answers[..., base]
    rows = [(ALL, ALL, *_weighted(asked, over, under, weights))]
    for here, name in enumerate(result.channel_names):
        columns = (part[:, here] for part in (asked, over, under, weights))
        rows.append((ALL, name, *_weighted(*columns)))
    return rows


def _weighted(asked: np.ndarray, over: np.ndarray, under: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Weighted shares of the questions asked at each pair, times all that were asked."""
    counts = (asked > 0) & (weights > 0)
    if not counts.any():
        return 0.0, 0.0
    total = asked[counts].sum().item()
    above, below = (
        np.average(part[counts] / asked[counts], weights=weights[counts]).item() * total for part in (over, under)
    )
    return above, below
