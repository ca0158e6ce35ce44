"""How sure an answer is: what its ranges cover, where there is none, how to go on where it cannot be told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsuite.arguments import in_words_of, override
from simsuite.experiment.comparison import Comparison, same_all_along
from simsuite.experiment.statistics import CANNOT_TELL, FEWEST
from simsuite.report.said import labels
from simsuite.report.said.facts import assumptions
from simsuite.scenario import Scenario

if TYPE_CHECKING:
    import pandas


def what_matters(scenario: Scenario, comparison: Comparison) -> str:
    """The smallest change that matters, measure by measure; empty where nothing was measured."""
    return labels.thresholds(comparison.table.to_dict("records"), scenario.spec.currency)


def without_range(table: pandas.DataFrame) -> str:
    """Why a measure of a comparison, or of a curve, has no likely range; empty where each has one."""
    bare = table[(table["verdict"] == CANNOT_TELL) & table["low"].isna()]
    few = bare["replications"] < FEWEST
    parts = [f"Fewer than {FEWEST} runs do not tell how far luck reaches."] if few.any() else []
    equal = bare[~few]
    for rows, words in (
        (
            equal[equal["change"] == 0],
            "Not one count apart in any run: {}. If a strategy acts on it at all, more customers show it.",
        ),
        (
            equal[equal["change"] != 0],
            "The same change in every run, but for less than one count, of {}: more runs, or more customers, tell what "
            "luck does.",
        ),
    ):
        if len(rows):
            parts.append(
                words.format(labels.listed([_where(title, rows, table) for title in dict.fromkeys(rows["title"])]))
            )
    return " ".join(parts)


def _where(title: str, rows: pandas.DataFrame, table: pandas.DataFrame) -> str:
    """A measure, and of a curve at which of its values, if not at all of them."""
    those, all_of_it = rows[rows["title"] == title], table[table["title"] == title]
    if "at" not in table or len(those) == len(all_of_it):
        return labels.within(title)
    return f"{labels.within(title)} at {labels.listed([f'{value:g}' for value in those['at']])}"


def until_enough(scenario: Scenario, comparison: Comparison) -> str:
    """How to go on where it cannot be told yet, and whether that helps."""
    table = comparison.table
    unsure = table[(table["verdict"] == CANNOT_TELL) & ~same_all_along(table)]
    if (unsure["half_width"] <= unsure["threshold"] / 2).all():
        return (
            "What cannot be told yet lies so close to the smallest change that matters that many more runs would have "
            "to decide it, if they do."
        )
    most = scenario.spec.experiment.most_replications
    rough = (
        "How many runs are still missing is a rough estimate. "
        f"{in_words_of('--precision', 'precision=True')} adds runs until every range is narrow enough, "
    )
    if table["replications"].max() < most:
        return f"{rough}up to experiment.most_replications ({most})."
    return (
        f"{rough}yet up to experiment.most_replications ({most}) and no further, and so many are done. "
        f"{override('experiment.most_replications', 'N')} allows more."
    )


def how_sure(scenario: Scenario, comparison: Comparison) -> str:
    """What the interval covers, and what it does not."""
    count = len(assumptions(scenario))
    return (
        f"The likely range ({100 * comparison.level:g} % for all measures together) is Monte "
        f"Carlo only: it covers the luck of these runs. How much hangs on the {count} assumptions "
        "of the scenario it does not say."
    )
