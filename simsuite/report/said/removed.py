"""What a cause removed takes away: why fewer orders may be placed without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsuite.report.said import labels
from simsuite.vocabulary import Outcome

if TYPE_CHECKING:
    import pandas

WHY = {
    Outcome.ABSORBED.name: "a journey that the cause no longer ends stays open, and a need of its kind that comes up "
    "meanwhile joins it instead of becoming an order of its own",
    Outcome.STILL_OPEN.name: "a journey that the cause no longer ends stays open, and needs of another kind that come up "
    "meanwhile wait behind it, many to the end of the run",
    Outcome.NOT_CONSIDERED.name: "another need is open longer, or what she lived through makes her look elsewhere, so that "
    "fewer needs are considered",
}


def what_loses(rows: pandas.DataFrame) -> list[str]:
    """A sentence for every cause without which clearly fewer orders are placed: how many, and what becomes of them.

    rows : of `experiment.removal.removal_table`
    """
    told = []
    for row in rows[rows["high"] < 0].to_dict("records"):
        text = (
            f"Without {labels.cause(row['cause'])} {-row['removal_gain']:,.0f} orders a run are lost: "
            f"{row['forfeited']:,.0f} are forfeited that are placed with it."
        )
        if row["forfeited_to"]:
            become = row["forfeited_to"]
            why = f", since {WHY[become]}" if become in WHY else ""
            text += (
                f" What most of them become, browsers included: {labels.cause(become, become)} "
                f"({row['forfeited_net']:,.0f} net of what is saved){why}."
            )
        told.append(text)
    return told
