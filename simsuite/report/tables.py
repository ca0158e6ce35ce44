"""Tables for people, as HTML: the comparison for notebooks, and the tables of the report page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from simsuite.experiment import statistics
from simsuite.experiment.comparison import Comparison
from simsuite.report import labels
from simsuite.report.findings import Pair

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

MARKS = {statistics.BETTER: "▲", statistics.WORSE: "▼", statistics.NO_DIFFERENCE: "=",
         statistics.CANNOT_TELL: "?", statistics.NOT_MEASURED: "–", statistics.HIGHER: "↑",
         statistics.LOWER: "↓"}
MINUS = "\N{MINUS SIGN}"


def table_html(headings: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1, caption: str = "") -> str:
    """A table; its numbers stand decimal point under decimal point.

    Parameters
    ----------
    headings : one per column
    rows : cells as text; what is Raw goes in as it is
    texts : how many columns from the left are text, which the others are if they hold no number
    caption : of the table, may be empty
    """
    head = "".join(f'<th scope="col"{"" if place < texts else _NUMERIC}>{escape(name)}</th>'
                   for place, name in enumerate(headings))
    body = "".join(f"<tr>{_row(row, texts)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="scroll"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


class Raw(str):
    """A cell that is HTML already."""


_NUMERIC = ' class="number"'
_PARTS = re.compile(r"([+-]?[\d,]+)((?:\.\d+)?(?: \S+)?)")


def _row(row: Sequence[str], texts: int) -> str:
    first, *others = row
    cells = [f'<th scope="row">{escape(first)}</th>']
    for place, cell in enumerate(others, start=1):
        number = None if place < texts else _PARTS.fullmatch(cell)
        if number:
            whole, rest = (escape(part).replace("-", MINUS) for part in number.groups())
            cells.append(f'<td class="number">{whole}<span>{rest}</span></td>')
        elif isinstance(cell, Raw):
            cells.append(f"<td>{cell}</td>")
        else:
            style = _NUMERIC if place >= texts and cell == "-" else ""
            cells.append(f"<td{style}>{escape(cell) if place < texts else escape(cell).replace('-', MINUS)}</td>")
    return "".join(cells)


def comparison_html(comparison: Comparison, scenario: Scenario | None = None) -> str:
    """The comparison as an HTML fragment: every measure with its change, likely range and verdict.

    Parameters
    ----------
    comparison : its totals are shown
    scenario : gives titles to strategies and money its currency; without one, codes are read as words
    """
    titles = labels.labels_of(scenario) if scenario else labels.Labels({}, {}, {})
    currency = scenario.spec.currency if scenario else "money"
    return "".join(strategy_html(comparison, strategy, titles, currency) for strategy in comparison.strategies)


def strategy_html(comparison: Comparison, strategy: str, titles: labels.Labels, currency: str) -> str:
    """The rows of one compared strategy."""
    table = comparison.table
    rows = [[labels.measure_title(row, currency), labels.level(row, "reference_value"), labels.level(row, "value"),
             labels.change(row), labels.likely_range(row), verdict_html(row), f"{row['wins']} of {row['replications']}"]
            for row in table[table["strategy"] == strategy].to_dict("records")]
    headings = ["Measure", titles.strategy(comparison.reference), titles.strategy(strategy), "Change",
                "Likely range", "Verdict", "Paired wins"]
    return table_html(headings, rows)


def verdict_html(row) -> Raw:
    """A verdict with its mark, which does not rely on color."""
    kind = row["verdict"].split()[0]
    return Raw(f'<span class="verdict {kind}"><span aria-hidden="true">{MARKS[row["verdict"]]}</span> '
               f"{escape(labels.verdict(row))}</span>")


def pairs_html(frame: pandas.DataFrame, column: str, heading: str, pair: Pair, decimals: int = 2) -> str:
    """A data frame with PAIR_COLUMNS as a table; `column` names its rows."""
    rows = [[str(row[column]), *(labels.number(row[name], decimals) for name in ("reference_value", "value")),
             labels.number(row["change"], decimals, signed=True), interval(row["low"], row["high"], decimals)]
            for row in frame.to_dict("records")]
    return table_html([heading, pair.reference_title, pair.strategy_title, "Change", "Likely range"], rows)


def interval(low: float, high: float, decimals: int) -> str:
    """'0.4 to 0.6'; '-' where nothing was measured."""
    if low != low:
        return "-"
    signed = low < 0 < high
    return f"{labels.number(low, decimals, signed)} to {labels.number(high, decimals, signed)}"


def matrix_html(pair: Pair, table: str, value: str) -> str:
    """Counts per 1,000 needs from channel (row) to channel (column): reference, compared world, difference."""
    found = pair.matrix(table, value)
    known = list(pair.scenario.spec.channels)
    order = [*known, *sorted({*found["from_channel"], *found["to_channel"]} - {*known})]
    before, after = ([name for name in order if name in set(found[column])] for column in ("from_channel", "to_channel"))
    views = ((pair.reference_title, "reference_value", "reference"), (pair.strategy_title, "value", "compared"),
             ("Difference", "change", ""))
    most = max(found[["reference_value", "value"]].to_numpy().max(initial=0), 1e-12)
    parts = []
    for title, column, color in views:
        wide = found.pivot(index="from_channel", columns="to_channel", values=column).reindex(
            index=before, columns=after).fillna(0.0)
        strongest = most if color else max(wide.abs().to_numpy().max(initial=0), 1e-12)
        parts.append(_heat(wide, title, color, strongest, pair.titles))
    return f'<div class="matrices">{"".join(parts)}</div>'


def _heat(wide: pandas.DataFrame, title: str, color: str, strongest: float, titles: labels.Labels) -> str:
    """One matrix; the strength of a cell is its share of the strongest."""
    head = "".join(f'<th scope="col"><span>{escape(titles.channel(name))}</span></th>' for name in wide.columns)
    body = []
    for name, counts in zip(wide.index, wide.to_numpy(), strict=True):
        cells = "".join(_heat_cell(count, color, strongest) for count in counts)
        body.append(f'<tr><th scope="row">{escape(titles.channel(name))}</th>{cells}</tr>')
    return (f'<div class="scroll"><table class="heat"><caption class="{color}">{escape(title)}</caption><thead><tr>'
            f'<td></td>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>')


def _heat_cell(count: float, color: str, strongest: float) -> str:
    shade = color or ("compared" if count > 0 else "reference")
    text = labels.number(count, 0, signed=not color).replace("-", MINUS)
    strength = round(60 * abs(count) / strongest)
    return f'<td class="{shade}" style="--s:{strength}%">{"" if text == "0" else text}</td>'
