"""The tables of one run: measures, the ledger of lost sales, and what reports draw from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simsuite.metrics.books import check_books
from simsuite.metrics.context import context_of
from simsuite.metrics.conversion import ENDED, PLANNED
from simsuite.metrics.measure import REGISTRY
from simsuite.run_result import RunResult
from simsuite.vocabulary import LOSING_CAUSES, MAX_CHANNELS, Cause, Intent, Outcome, Question

if TYPE_CHECKING:
    from pandas import DataFrame

AT_HOME = "at home"
NO_OTHER = "none"              # nothing else would have happened next
PERSONAS = ("anonymous", "consenting", "member")


def tables_of_run(result: RunResult, run_id: str, name: str, reference: RunResult | None,
                  channels: Sequence[Mapping]) -> dict[str, DataFrame]:
    """Every table of a run, by name.

    Parameters
    ----------
    result : the run
    run_id : its identifier
    name : of the arm, for the column `strategy`
    reference : the run of the reference strategy in the same replication; it sets the weights
        of the audit. None: the run itself
    channels : properties of each channel of the run, as its packed scenario lists them

    Returns
    -------
    dict of data frames, each beginning with run_id, strategy, replication:
    measures, ledger, next_in_line, switches, clashes, research, audit, days, funnel

    Raises
    ------
    SimsuiteError if the books of the run do not balance: a defect of the program
    """
    check_books(result)
    context = context_of(result, reference or result, channels)
    columns = {
        "measures": _measures(result, context), "ledger": _ledger(result), "next_in_line": _next_in_line(result),
        "switches": _switches(result), "clashes": _clashes(result), "research": _research(result),
        "audit": _audit(result), "days": _days(result), "funnel": _funnel(result)}
    identity = {"run_id": run_id, "strategy": name, "replication": result.replication}
    return {table: _frame(identity, entries) for table, entries in columns.items()}


def _frame(identity: dict[str, str | int], columns: dict[str, Sequence]) -> DataFrame:
    """A data frame with the identity of the run in front; columns have their type even without rows."""
    import pandas as pd

    frame = pd.DataFrame(columns)
    for place, (name, value) in enumerate(identity.items()):
        frame.insert(place, name, value)
    texts = [name for name in frame if name != "replication" and frame[name].dtype.kind not in "if"]
    return frame.astype({"replication": "int64", **dict.fromkeys(texts, str)})


def _measures(result: RunResult, context) -> dict[str, Sequence]:
    rows = [(name, *row, measure.value(*row[2:])) for name, measure in REGISTRY.items()
            for row in measure.compute(result, context)]
    names, segments, channels, numerators, denominators, values = zip(*rows, strict=True)
    return {"measure": names, "segment": segments, "channel": channels,
            "numerator": np.array(numerators, "f8"), "denominator": np.array(denominators, "f8"),
            "value": np.array(values, "f8")}


def _texts(names: Sequence[str], indices: np.ndarray) -> np.ndarray:
    return np.array(names, object)[indices]


def _causes() -> list[str]:
    """Name of every code of Cause, with gaps where there is none; the last: nothing."""
    names = [""] * (max(Cause) + 1)
    for cause in Cause:
        names[cause] = cause.name
    return [*names, NO_OTHER]


def _places(result: RunResult) -> list[str]:
    """Names for an axis of channels and "at home"."""
    return [*result.channel_names, *[""] * (MAX_CHANNELS - len(result.channel_names)), AT_HOME]


def _ledger(result: RunResult) -> dict[str, Sequence]:
    lost = result.tallies["lost"]
    segment, cause, origin, end = place = np.nonzero(lost)
    return {"segment": _texts([*result.segment_names], segment), "cause": _texts(_causes(), cause),
            "from_channel": _texts(_places(result), origin), "to_channel": _texts(_places(result), end),
            "journeys": lost[place], "cents": result.tallies["lost_cents"][place]}


def _next_in_line(result: RunResult) -> dict[str, Sequence]:
    cause, then = place = np.nonzero(result.tallies["next_in_line"])
    return {"cause": _texts(_causes(), cause), "then": _texts(_causes(), then),
            "journeys": result.tallies["next_in_line"][place]}


def _switches(result: RunResult) -> dict[str, Sequence]:
    switches = result.tallies["switches"]
    before, here = place = np.nonzero(switches[:, :, 0])
    counts = switches[place]
    return {"from_channel": _texts(result.channel_names, before), "to_channel": _texts(result.channel_names, here),
            "switches": counts[:, 0], "in_hand": counts[:, 1], "unbroken": counts[:, 2]}


def _clashes(result: RunResult) -> dict[str, Sequence]:
    cause, before, here = place = np.nonzero(result.tallies["clashes"])
    return {"cause": _texts(_causes(), cause), "from_channel": _texts(result.channel_names, before),
            "to_channel": _texts(result.channel_names, here), "clashes": result.tallies["clashes"][place]}


def _research(result: RunResult) -> dict[str, Sequence]:
    before, here = place = np.nonzero(result.tallies["research"])
    return {"from_channel": _texts(result.channel_names, before), "to_channel": _texts(result.channel_names, here),
            "orders": result.tallies["research"][place]}


def _audit(result: RunResult) -> dict[str, Sequence]:
    answers = result.tallies["audit"]
    persona, question, before, here = place = np.nonzero(answers[..., 0])
    return {"persona": _texts(PERSONAS, persona), "question": _texts([entry.name for entry in Question], question),
            "from_channel": _texts(result.channel_names, before), "to_channel": _texts(result.channel_names, here),
            "asked": answers[place][:, 0], "consistent": answers[place][:, 1]}


def _days(result: RunResult) -> dict[str, Sequence]:
    columns = dict(zip(("visits", "journeys", "orders", "losses"), result.days.T, strict=True))
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
        "candidate_needs": outcomes.sum(), "absorbed": outcomes[:, Outcome.ABSORBED].sum(),
        "not_considered": outcomes[:, Outcome.NOT_CONSIDERED].sum(), "still_open": outcomes[:, Outcome.STILL_OPEN].sum(),
        "considered": outcomes[:, ended].sum(), "browsing": browsing[ended].sum(),
        "browsing_ordered": browsing[Outcome.ORDERED], "no_plan": browsing[Outcome.NO_PLAN],
        "planned": planned[ended].sum(), "planned_ordered": planned[Outcome.ORDERED],
        "gave_up": planned[Outcome.GAVE_UP], "went_to_competitor": planned[Outcome.WENT_TO_COMPETITOR]}
    return {"stage": list(stages), "count": np.array(list(stages.values()), "i8")}
