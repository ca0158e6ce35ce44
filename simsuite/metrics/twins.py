"""Twins: the same candidate need of the same customer in two worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import SimsuiteError
from simsuite.run_result import RunResult
from simsuite.vocabulary import Cause, Intent, Outcome

if TYPE_CHECKING:
    from pandas import DataFrame

KINDS = ("saved", "forfeited", "moved", "sooner", "later", "same", "changed")
SAVED, FORFEITED, MOVED, SOONER, LATER, SAME, CHANGED = range(len(KINDS))
NO_CAUSE = "none"


def kinds_of_twins(reference: RunResult, compared: RunResult) -> np.ndarray:
    """What became of each candidate need: codes [needs], index into KINDS, in the order of `needs`.

    saved : ordered only in the compared world
    forfeited : ordered only in the reference world
    moved : ordered in both, in another channel
    sooner, later : ordered in both in the same channel, in an earlier or later daypart
    same : ordered in both alike, or not ordered for the same outcome and cause
    changed : ordered in neither, with another outcome or cause

    Raises
    ------
    SimsuiteError if the two runs do not hold the same candidate needs, or if
        saved less forfeited is not the change in orders
    """
    before, after = reference.needs, compared.needs
    _check_same_needs(reference, compared)
    ordered_before = before["outcome"] == Outcome.ORDERED
    ordered_after = after["outcome"] == Outcome.ORDERED
    both = ordered_before & ordered_after
    alike = (before["outcome"] == after["outcome"]) & (before["cause"] == after["cause"])
    kinds = np.select(
        [
            ordered_after & ~ordered_before,
            ordered_before & ~ordered_after,
            both & _elsewhere(reference, compared),
            both & (after["closed"] < before["closed"]),
            both & (after["closed"] > before["closed"]),
            both | alike,
        ],
        [SAVED, FORFEITED, MOVED, SOONER, LATER, SAME],
        CHANGED,
    )
    _check_change_in_orders(reference, compared, kinds)
    return kinds


def twins_table(reference: RunResult, compared: RunResult, name: str, reference_name: str) -> DataFrame:
    """Candidate needs by what became of them in the two worlds; the names are those of the arms.

    Returns
    -------
    data frame (strategy, reference, replication, segment, intent, kind, needs), a row for
    every combination, zero included; the needs add up to all candidate needs of the horizon

    Raises
    ------
    SimsuiteError, see `kinds_of_twins`
    """
    import pandas as pd

    needs = reference.needs
    shape = (len(reference.segment_names), len(Intent), len(KINDS))
    counts = np.zeros(shape, "i8")
    np.add.at(counts, (needs["segment"], needs["intent"], kinds_of_twins(reference, compared)), 1)
    segment, intent, kind = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            "strategy": name,
            "reference": reference_name,
            "replication": reference.replication,
            "segment": np.array(reference.segment_names)[segment],
            "intent": np.array([entry.name for entry in Intent])[intent],
            "kind": np.array(KINDS)[kind],
            "needs": counts.ravel(),
        }
    )


def saved_from(reference: RunResult, compared: RunResult, name: str, reference_name: str) -> DataFrame:
    """From what sales were saved, and to what they were forfeited.

    A saved need is booked to the outcome and cause that it had in the reference world, a
    forfeited one to those that it has in the compared world.

    Returns
    -------
    data frame (strategy, reference, replication, kind, outcome, cause, needs), only where
    needs is not zero; cause is "none" where the outcome has none

    Raises
    ------
    SimsuiteError, see `kinds_of_twins`
    """
    import pandas as pd

    kinds = kinds_of_twins(reference, compared)
    saved, forfeited = reference.needs[kinds == SAVED], compared.needs[kinds == FORFEITED]
    rows = [
        (kind, Outcome(outcome).name, Cause(cause).name if cause >= 0 else NO_CAUSE, count)
        for kind, needs in (("saved", saved), ("forfeited", forfeited))
        for (outcome, cause), count in _counts(needs)
    ]
    frame = pd.DataFrame(rows, columns=["kind", "outcome", "cause", "needs"]).astype({"needs": "int64"})
    frame.insert(0, "replication", reference.replication)
    frame.insert(0, "reference", reference_name)
    frame.insert(0, "strategy", name)
    return frame.astype(
        {"replication": "int64"} | dict.fromkeys(("strategy", "reference", "kind", "outcome", "cause"), str)
    )


def _elsewhere(reference: RunResult, compared: RunResult) -> np.ndarray:
    """Which needs ended in channels of different names."""
    code = {name: place for place, name in enumerate(reference.channel_names)}
    translated = np.array([code.get(name, len(code)) for name in compared.channel_names])
    return reference.needs["channel"] != translated[compared.needs["channel"]]


def _counts(needs: np.ndarray) -> list[tuple[tuple[int, int], int]]:
    """How many needs have each pair of outcome and cause."""
    pairs, counts = np.unique(np.stack([needs["outcome"], needs["cause"]], 1), axis=0, return_counts=True)
    return [((int(outcome), int(cause)), int(count)) for (outcome, cause), count in zip(pairs, counts, strict=True)]


def _check_same_needs(reference: RunResult, compared: RunResult) -> None:
    keys = ("customer", "need", "segment", "intent", "category")
    before, after = reference.needs, compared.needs
    if len(before) != len(after) or any((before[key] != after[key]).any() for key in keys):
        raise SimsuiteError(
            f"The worlds '{reference.strategy}' (replication {reference.replication}, "
            f"{len(before)} candidate needs) and '{compared.strategy}' (replication "
            f"{compared.replication}, {len(after)}) do not hold the same needs, so "
            "there are no twins. Compare runs of the same scenario, seed and replication."
        )


def _check_change_in_orders(reference: RunResult, compared: RunResult, kinds: np.ndarray) -> None:
    gained = (kinds == SAVED).sum() - (kinds == FORFEITED).sum()
    change = compared.tallies["orders"].sum() - reference.tallies["orders"].sum()
    if gained != change:
        raise SimsuiteError(
            f"Twins of '{compared.strategy}' and '{reference.strategy}', replication "
            f"{reference.replication}: {gained} more saved than forfeited, {change} more orders. "
            "If both runs kept their needs this is a defect of simsuite; please report it."
        )
