"""Every measure of a strategy beside the reference, replication by replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import UsageError
from simsuite.metrics.measure import ALL, Measure

if TYPE_CHECKING:
    import pandas

CELL = ["measure", "segment", "channel"]


@dataclass(frozen=True)
class PairedMeasure:
    """One row to be: a measure of one strategy beside the reference, [replications] each."""

    measure: Measure
    segment: str
    channel: str
    strategy: str
    reference: np.ndarray
    other: np.ndarray
    one_count: np.ndarray


def one_count(value: np.ndarray, numerator: np.ndarray) -> np.ndarray:
    """What one thing more in the numerator makes of a value; 0 in a column whose numerators are no whole numbers.

    value, numerator : [arms, R, M], NaN where not measured; taken is the arm with the largest numerator

    Returns
    -------
    [R, M]; 1 where nothing was counted, so that no difference is no count
    """
    value, numerator = (np.nan_to_num(np.asarray(each, float)) for each in (value, numerator))
    most = np.abs(numerator).argmax(axis=0)[None]
    value, counted = (np.take_along_axis(each, most, axis=0)[0] for each in (value, numerator))
    weight = np.abs(np.divide(value, counted, out=np.ones_like(value), where=counted != 0))
    whole = (numerator % 1 == 0).all(axis=(0, 1))
    return np.where(whole, np.where(weight > 0, weight, 1.0), 0.0)


def differences_of(pairs: Sequence[PairedMeasure]) -> tuple[np.ndarray, np.ndarray]:
    """Paired differences, and what one count makes of each; both [replications, pairs]."""
    if not pairs:
        return np.empty((0, 0)), np.empty((0, 0))
    return (
        np.column_stack([pair.other - pair.reference for pair in pairs]),
        np.column_stack([pair.one_count for pair in pairs]),
    )


def totals_of(declared: Sequence[Measure]) -> list[tuple[str, str, str]]:
    """The rows of all customers and channels: (measure, segment, channel)."""
    return [(measure.name, ALL, ALL) for measure in declared]


def means_of(pair: PairedMeasure, count: int | None = None) -> tuple[float, float]:
    """Means of reference and other over the first replications in which both were measured."""
    reference, other = pair.reference[:count], pair.other[:count]
    both = ~np.isnan(other - reference)
    return (reference[both].mean(), other[both].mean()) if both.any() else (np.nan, np.nan)


def threshold_of(measure: Measure, reference_value: float) -> float:
    """The smallest change that matters, in units of the measure."""
    return measure.threshold * (abs(reference_value) if measure.threshold_is_relative else 1.0)


def paired(
    measures: pandas.DataFrame,
    reference: str,
    others: Sequence[str],
    declared: Sequence[Measure],
    cells: list[tuple[str, str, str]],
) -> list[PairedMeasure]:
    """Values of each cell (measure, segment, channel) and strategy, aligned by replication."""
    by_name = {measure.name: measure for measure in declared}
    wanted = measures[measures["measure"].isin(by_name)]
    if wanted.duplicated([*CELL, "strategy", "replication"]).any():
        raise UsageError("The table of measures lists a measure of the same run twice.")
    values, numerators = (
        wanted.pivot(index="replication", columns=[*CELL, "strategy"], values=column).astype(float)
        for column in ("value", "numerator")
    )
    nothing = np.full(len(values), np.nan)
    order = {name: position for position, name in enumerate(by_name)}
    pairs = []
    for cell in sorted((cell for cell in cells if cell[0] in order), key=lambda cell: order[cell[0]]):
        for strategy in others:
            found, counted = (
                np.array(
                    [
                        wide[(*cell, name)].to_numpy() if (*cell, name) in wide else nothing
                        for name in (reference, strategy)
                    ]
                )
                for wide in (values, numerators)
            )
            weight = one_count(found[:, :, None], counted[:, :, None])[:, 0]
            pairs.append(PairedMeasure(by_name[cell[0]], *cell[1:], strategy, *found, weight))
    return pairs
