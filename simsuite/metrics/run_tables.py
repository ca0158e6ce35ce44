"""The tables of one run: measures, the ledger of lost sales, and what reports draw from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simsuite.metrics.books import check_books
from simsuite.metrics.conversion import ENDED, PLANNED
from simsuite.metrics.measure import REGISTRY
from simsuite.metrics.surroundings import Context, context_of
from simsuite.run_result import RunResult
from simsuite.shown import Tables
from simsuite.tallies import Asked, Daily, Switch
from simsuite.vocabulary import MAX_CHANNELS, PERSONAS, Cause, Intent, Outcome, Question

if TYPE_CHECKING:
    from pandas import DataFrame

AT_HOME = "at home"
NO_OTHER = "none"  # nothing else would have happened next


def tables_of_run(
    result: RunResult,
    run_id: str,
    name: str,
    reference: RunResult | None,
    channels: Sequence[Mapping],
    twin: RunResult | None = None,
) -> dict[str, DataFrame]:
    """Every table of a run, by name.

    Parameters
    ----------
    result : the run
    run_id : its identifier
    name : of the arm, for the column `strategy`
    reference : the run of the reference strategy in the same replication; it sets the weights
        of the audit. None: the run itself
    channels : properties of each channel of the run, as its packed scenario lists them
    twin : the reference run if it holds the same customers and needs; without it what compares
        twins is not measured

    Returns
    -------
    dict of data frames, each beginning with run_id, strategy, replication:
    measures, ledger, next_in_line, switches, clashes, research, audit, days, funnel

    Raises
    ------
    SimsuiteError if the books of the run do not balance: a defect of the program
    """
    check_books(result)
    context = replace(context_of(result, reference or result, channels), twin=twin)
    columns = {
        "measures": _measures(result, context),
        "ledger": _ledger(result),
        "next_in_line": _next_in_line(result),
        "switches": _switches(result),
        "clashes": _clashes(result),
        "research": _research(result),
        "audit": _audit(result),
        "days": _days(result),
        "funnel": _funnel(result),
    }
    identity = {"run_id": run_id, "strategy": name, "replication": result.replication}
    return Tables({table: _frame(identity, entries) for table, entries in columns.items()})


def _frame(identity: dict[str, str | int], columns: dict[str, Sequence]) -> DataFrame:
    """A data frame, the identity of the run in front; columns keep their type without rows."""
    import pandas as pd

    rows = len(next(iter(columns.values())))
    whole = {name: np.full(rows, value, object) for name, value in identity.items() if name != "replication"}
    whole["replication"] = np.full(rows, identity["replication"], "i8")
    return pd.DataFrame({name: _column(values) for name, values in (whole | dict(columns)).items()})


def _column(values: Sequence) -> Sequence:
    """Numbers as they are, all else as text."""
    import pandas as pd

    numbers = np.asarray(values)
    return numbers if numbers.dtype.kind in "if" else pd.Series(numbers.astype(object), dtype=str)


def _measures(result: RunResult, context: Context) -> dict[str, Sequence]:
    rows = [
        (name, *row, measure.value(*row[2:]))
        for name, measure in REGISTRY.items()
        for row in measure.compute(result, context)
    ]
    names, segments, channels, numerators, denominators, values = zip(*rows, strict=True)
    return {
        "measure": names,
        "segment": segments,
        "channel": channels,
        "numerator": np.array(numerators, "f8"),
        "denominator": np.array(denominators, "f8"),
        "value": np.array(values, "f8"),
    }


def _nonzero(axes: dict[str, Sequence[str]], counts: dict[str, np.ndarray]) -> dict[str, Sequence]:
    """Long columns of arrays with these named axes, where the first of the arrays is not zero."""
    first, *_ = counts.values()
    cells = np.nonzero(first)
    labels = {axis: np.array(names, object)[place] for (axis, names), place in zip(axes.items(), cells, strict=True)}
    return labels | {name: array[cells] for name, array in counts.items()}


def _causes() -> list[str]:
    """Name of every code of Cause, with gaps where there is none; the last: nothing."""
    names = [""] * (max(Cause) + 1)
    for cause in Cause:
        names[cause] = cause.name
    return [*names, NO_OTHER]


def _ledger(result: RunResult) -> dict[str, Sequence]:
    unused = [""] * (MAX_CHANNELS - len(result.channel_names))
    places = [*result.channel_names, *unused, AT_HOME]
    return _nonzero(
        {
            "segment": result.segment_names,
            "cause": _causes(),
            "from_channel": places,
            "to_channel": places,
        },
        {"journeys": result.tallies["lost"], "cents": result.tallies["lost_cents"]},
    )


def _next_in_line(result: RunResult) -> dict[str, Sequence]:
    return _nonzero({"cause": _causes(), "then": _causes()}, {"journeys": result.tallies["next_in_line"]})


def _switches(result: RunResult) -> dict[str, Sequence]:
    switches = result.tallies["switches"]
    columns = {"switches": Switch.ALL, "in_hand": Switch.IN_HAND, "unbroken": Switch.UNBROKEN}
    counts = {name: switches[:, :, kind] for name, kind in columns.items()}
    return _nonzero(_from_to(result), counts)


def _clashes(result: RunResult) -> dict[str, Sequence]:
    return _nonzero({"cause": _causes(), **_from_to(result)}, {"clashes": result.tallies["clashes"]})


def _research(result: RunResult) -> dict[str, Sequence]:
    return _nonzero(_from_to(result), {"orders": result.tallies["research"]})


def _audit(result: RunResult) -> dict[str, Sequence]:
    questions = [question.name for question in Question]
    audit = result.tallies["audit"]
    return _nonzero(
        {"persona": PERSONAS, "question": questions, **_from_to(result)},
        {
            "asked": audit[..., Asked.ALL],
            "answered": audit[..., Asked.ANSWERED],
            "consistent": audit[..., Asked.CONSISTENT],
        },
    )


def _from_to(result: RunResult) -> dict[str, Sequence[str]]:
    return {"from_channel": result.channel_names, "to_channel": result.channel_names}


def _days(result: RunResult) -> dict[str, Sequence]:
    columns = {column.name.lower(): result.days[:, column] for column in Daily}
    return {"day": np.arange(len(result.days)) - result.warm_up, **columns}


def _funnel(result: RunResult) -> dict[str, Sequence]:
    """From candidate need to order; closed: each branch is what is left of the stage before.

    candidate_needs = absorbed + not_considered + still_open + considered;
    considered = browsing + planned; browsing = browsing_ordered + no_plan;
    planned = planned_ordered + gave_up + went_to_competitor
    """
    outcomes = result.tallies["outcomes"].sum(0)
    planned, browsing = outcomes[list(PLANNED)].sum(0), outcomes[Intent.BROWSE]
    ended = list(ENDED)
    stages = {
        "candidate_needs": outcomes.sum(),
        "absorbed": outcomes[:, Outcome.ABSORBED].sum(),
        "not_considered": outcomes[:, Outcome.NOT_CONSIDERED].sum(),
        "still_open": outcomes[:, Outcome.STILL_OPEN].sum(),
        "considered": outcomes[:, ended].sum(),
        "browsing": browsing[ended].sum(),
        "browsing_ordered": browsing[Outcome.ORDERED],
        "no_plan": browsing[Outcome.NO_PLAN],
        "planned": planned[ended].sum(),
        "planned_ordered": planned[Outcome.ORDERED],
        "gave_up": planned[Outcome.GAVE_UP],
        "went_to_competitor": planned[Outcome.WENT_TO_COMPETITOR],
    }
    return {"stage": list(stages), "count": np.array(list(stages.values()), "i8")}
