"""Rows of a measure from arrays: by segment, by channel, or both; totals under "all"."""

from __future__ import annotations

import numpy as np

from simsuite.metrics.measure import ALL
from simsuite.run_result import RunResult

Row = tuple[str, str, float, float]  # segment, channel, numerator, denominator


def by_segment(result: RunResult, numerators: np.ndarray, denominators: np.ndarray) -> list[Row]:
    """The total, then each segment. Both arrays: [segments], or longer with unused rows."""
    return [
        _total(numerators, denominators),
        *(
            (name, ALL, numerators[index].item(), denominators[index].item())
            for index, name in enumerate(result.segment_names)
        ),
    ]


def by_channel(result: RunResult, numerators: np.ndarray, denominators: np.ndarray) -> list[Row]:
    """The total, then each channel. Both arrays: [channels], or longer with unused rows."""
    return [
        _total(numerators, denominators),
        *(
            (ALL, name, numerators[index].item(), denominators[index].item())
            for index, name in enumerate(result.channel_names)
        ),
    ]


def by_both(result: RunResult, numerators: np.ndarray, denominators: np.ndarray) -> list[Row]:
    """The total, each segment over all channels, each channel over all segments.

    numerators : [segments, channels]
    denominators : [segments, channels], or [segments] if every channel is seen against the
        same denominator, such as customers; then the channels add up to the total
    """
    if denominators.ndim == 1:
        per_segment, per_channel = denominators, np.full(numerators.shape[1], denominators.sum())
    else:
        per_segment, per_channel = denominators.sum(1), denominators.sum(0)
    return [
        *by_segment(result, numerators.sum(1), per_segment),
        *by_channel(result, numerators.sum(0), per_channel)[1:],
    ]


def _total(numerators: np.ndarray, denominators: np.ndarray) -> Row:
    return ALL, ALL, numerators.sum().item(), denominators.sum().item()


def customers_by_segment(result: RunResult) -> np.ndarray:
    """Number of customers, as long as the segment axis of the tallies."""
    return np.bincount(result.customers["segment"], minlength=len(result.tallies["outcomes"]))
