"""The books of a run balance: every candidate need ends once, every lost sale has one cause."""

from __future__ import annotations

from simsuite.errors import SimsuiteError
from simsuite.metrics.abandonment import LOST
from simsuite.metrics.conversion import PLANNED, outcomes_of
from simsuite.run_result import RunResult
from simsuite.vocabulary import Intent, Outcome


def check_books(result: RunResult) -> None:
    """Raise a SimsuiteError that names the run and both figures if two counts of one thing differ.

    Counted twice: lost planned journeys, orders, and, if the run kept them, candidate needs.
    """
    tallies = result.tallies
    everything = tuple(Intent)
    lost = outcomes_of(result, PLANNED, LOST).sum()
    ordered = outcomes_of(result, everything, (Outcome.ORDERED,)).sum()
    pairs = [
        (
            "journeys in the ledger of lost sales",
            tallies["lost"].sum(),
            "lost planned journeys",
            lost,
        ),
        (
            "losses by the next cause in line",
            tallies["next_in_line"].sum(),
            "lost planned journeys",
            lost,
        ),
        ("orders by channel", tallies["orders"].sum(), "needs that were ordered", ordered),
        (
            "orders by time since the first visit",
            tallies["time_to_order"].sum(),
            "needs that were ordered",
            ordered,
        ),
        (
            "browsers given up or gone",
            outcomes_of(result, (Intent.BROWSE,), LOST).sum(),
            "expected",
            0,
        ),
        (
            "planned journeys without a plan",
            outcomes_of(result, PLANNED, (Outcome.NO_PLAN,)).sum(),
            "expected",
            0,
        ),
    ]
    if len(result.needs):
        pairs.append(("outcomes", tallies["outcomes"].sum(), "settled candidate needs", len(result.needs)))
    for what, count, against, expected in pairs:
        if count != expected:
            raise SimsuiteError(
                f"The books of the run of '{result.strategy}', replication {result.replication} "
                f"(seed {result.seed}) do not balance: {count} {what}, {expected} {against}. "
                "This is a defect of simsuite, not of the scenario; please report it."
            )
