"""What a sentence may name: only what luck alone would not do.

A range without 0 is told apart from no change. Out of many rows a sentence picks only those that
are `clear`, told apart with all the others in mind: of thirty pointwise ranges one would miss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsuite.report.said import labels

if TYPE_CHECKING:
    import pandas

MINUS = "\N{MINUS SIGN}"


def told_apart(low: float, high: float) -> bool:
    """Whether a range excludes 0; one that is missing does not."""
    return low > 0 or high < 0


def likely(low: float, high: float, decimals: int = 1) -> str:
    """'likely +0.4 to +0.6', with signs; in words where few or equal runs leave no range."""
    if labels.is_missing(low):
        return "without a likely range: too few runs, or all alike"
    return f"likely {signed(low, decimals)} to {signed(high, decimals)}"


def signed(value: float, decimals: int = 1) -> str:
    """'+0.3', and a real minus."""
    return labels.number(value, decimals, signed=True).replace("-", MINUS)


def clear_changes(found: pandas.DataFrame, column: str = "change") -> list[int]:
    """Labels of the rows with the largest clear fall and growth: told apart from none among all rows."""
    told = found[found["clear"].astype(bool)]
    down, up = told[told[column] < 0], told[told[column] > 0]
    rows = [down[column].idxmin()] if len(down) else []
    return [*rows, up[column].idxmax()] if len(up) else rows


def most_and_named(found: pandas.DataFrame, most: int, column: str = "change") -> pandas.DataFrame:
    """The first rows, and below them those that a caption names, however small they are."""
    kept = sorted({*found.index[:most], *clear_changes(found, column)})
    return found.loc[kept]
