"""Tables for people, as HTML: the comparison for notebooks, and the tables of the report page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from simsuite.experiment import statistics
from simsuite.experiment.comparison import NOT_COMPARABLE, Comparison
from simsuite.experiment.one_sided import FROM_NOTHING, TO_NOTHING
from simsuite.metrics.measure import REGISTRY
from simsuite.report.said import labels
from simsuite.report.said.beside import lines_of
from simsuite.report.said.findings import Pair, channel_views

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

MARKS = {
    statistics.BETTER: "\N{BLACK UP-POINTING TRIANGLE}",
    statistics.WORSE: "\N{BLACK DOWN-POINTING TRIANGLE}",
    statistics.NO_DIFFERENCE: "=",
    statistics.IDENTICAL: "\N{IDENTICAL TO}",
    statistics.CANNOT_TELL: "?",
    statistics.NOT_MEASURED: "\N{EN DASH}",
    statistics.HIGHER: "\N{UPWARDS ARROW}",
    statistics.LOWER: "\N{DOWNWARDS ARROW}",
    NOT_COMPARABLE: "\N{EN DASH}",
    FROM_NOTHING: "+",
    TO_NOTHING: "\N{MINUS SIGN}",
}
MINUS = "\N{MINUS SIGN}"
TINY = 1e-12


class Raw(str):
    """A cell that is HTML already."""


def table_html(headings: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", stacks: bool = False) -> str:
    """A table; numbers stand decimal point under decimal point; they, ranges and units are not broken.

    Parameters
    ----------
    headings : one per column
    rows : cells as text; the first of each row is its heading; what is Raw goes in as it is
    caption : of the table, may be empty
    stacks : on a telephone every row becomes a card, so that nothing is out of sight
    """
    kinds = [_kind([row[place] for row in rows]) for place in range(len(headings))]
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in zip(headings, kinds, strict=True)
    )
    names = headings if stacks else [""] * len(headings)
    body = "".join(f"<tr>{''.join(map(_cell, row, kinds, names, range(len(row))))}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll"><table{" class=stacks" if stacks else ""}>{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


_NUMBER = re.compile(r"([+-]?\d[\d,]*)((?:\.\d+)?(?: (?:%|pt|min))?)")
_RANGE = re.compile(r"\S+ to \S+")
_LONG_NAME = re.compile(r"[^\s&<>]{25,}")  # a path of values or files, wider than a column


def _kind(cells: Sequence[str]) -> str:
    """What a column holds: "number", "range" or "text"; a dash fits everywhere."""
    told = [cell for cell in cells if cell != "-" and not isinstance(cell, Raw)]
    for kind, pattern in (("number", _NUMBER), ("range", _RANGE)):
        if told and all(pattern.fullmatch(cell) for cell in told):
            return kind
    return "text"


def _breakable(name: re.Match) -> str:
    """A dotted or slashed name that may be broken behind its dots and slashes."""
    return re.sub(r"(?<=[./])(?=\w)", "<wbr>", name.group())


def _cell(text: str, kind: str, heading: str, place: int) -> str:
    content = text if isinstance(text, Raw) else _LONG_NAME.sub(_breakable, escape(text))
    content = labels.together(content) if kind == "text" and place > 0 else content
    if kind != "text":
        content = content.replace("-", MINUS)
    found = _NUMBER.fullmatch(text) if kind == "number" else None
    if found:
        whole, rest = found.groups()
        content = f"{whole.replace('-', MINUS)}<span>{rest}</span>"
    tag = 'th scope="row"' if place == 0 else "td"
    named = f' data-heading="{escape(heading)}"' if heading else ""
    return f'<{tag} class="{kind}"{named}>{content}</{tag[:2]}>'


def comparison_html(comparison: Comparison, scenario: Scenario | None = None) -> str:
    """The comparison as an HTML fragment: every measure with its change, likely range and verdict.

    Parameters
    ----------
    comparison : its totals are shown
    scenario : gives titles to strategies and money its currency; without one, codes are read
        as words
    """
    titles = labels.labels_of(scenario) if scenario else labels.Labels({}, {}, {})
    currency = scenario.spec.currency if scenario else "money"
    return "".join(strategy_html(comparison, strategy, titles, currency) for strategy in comparison.strategies)


def strategy_html(comparison: Comparison, strategy: str, titles: labels.Labels, currency: str) -> str:
    """The rows of one compared strategy, each with what has to be read with it."""
    return measures_html(lines_of(comparison, strategy), comparison, strategy, titles, currency)


def companions_html(comparison: Comparison, strategy: str, titles: labels.Labels, currency: str) -> str:
    """All other measures of one compared strategy, and those about channels by channel."""
    totals, by_channel = (
        table[table["strategy"] == strategy].to_dict("records")
        for table in (comparison.companions, comparison.by_channel)
    )
    about = [row for row in by_channel if REGISTRY[row["measure"]].by_channel]
    named = [{**row, "title": f"{row['title']}: {titles.channel(row['channel'])}"} for row in about]
    return measures_html([*totals, *named], comparison, strategy, titles, currency)


def measures_html(
    lines: Sequence[Mapping[str, Any]],
    comparison: Comparison,
    strategy: str,
    titles: labels.Labels,
    currency: str,
) -> str:
    """Rows of a comparison as a table."""
    rows = [
        [
            labels.measure_title(row, currency),
            labels.level(row, "reference_value"),
            labels.level(row, "value"),
            labels.change(row),
            labels.likely_range(row),
            verdict_html(row),
        ]
        for row in lines
    ]
    headings = [
        "Measure",
        titles.strategy(comparison.reference),
        titles.strategy(strategy),
        "Change",
        "Likely range",
        "Verdict",
    ]
    return table_html(headings, rows, stacks=True)


def won_html(comparison: Comparison, titles: labels.Labels) -> str:
    """Pair by pair: in how many replications each strategy did better, and what pairing saved."""
    rows = [
        [
            row["title"],
            titles.strategy(row["strategy"]),
            str(row["replications"]),
            str(row["wins"]),
            "-" if labels.is_missing(row["variance_reduction"]) else f"{100 * row['variance_reduction']:.0f} %",
        ]
        for row in comparison.table.to_dict("records")
    ]
    caption = "Pair by pair: in how many replications the strategy did better, and what pairing saved"
    headings = ["Measure", "Strategy", "Replications", "Won", "Variance saved"]
    return table_html(headings, rows, caption, stacks=True)


def verdict_html(row) -> Raw:
    """A verdict with its mark, which does not rely on color."""
    kind = row["verdict"].split()[0]
    return Raw(
        f'<span class="verdict {kind}"><span aria-hidden="true">{MARKS[row["verdict"]]}</span>'
        f"<span>{escape(labels.verdict(row))}</span></span>"
    )


def pairs_html(frame: pandas.DataFrame, column: str, heading: str, pair: Pair, decimals: int = 2) -> str:
    """A data frame with PAIR_COLUMNS as a table; `column` names its rows."""
    rows = [
        [
            str(row[column]),
            *(labels.number(row[name], decimals) for name in ("reference_value", "value")),
            labels.number(row["change"], decimals, signed=True),
            labels.interval(row["low"], row["high"], decimals),
        ]
        for row in frame.to_dict("records")
    ]
    headings = [heading, pair.reference_title, pair.strategy_title, "Change", "Likely range"]
    return table_html(headings, rows, stacks=True)


def matrix_html(pair: Pair, table: str, value: str) -> str:
    """Counts per 1,000 needs from channel (row) to channel (column), in both worlds and apart."""
    before, after, views = channel_views(pair, table, value)
    most = max(TINY, *(view.max(initial=0) for view in views[:2]))
    parts = []
    for title, counts, style in zip(
        (pair.reference_title, pair.strategy_title, "Difference"),
        views,
        ("reference", "compared", "difference"),
        strict=True,
    ):
        strongest = max(TINY, abs(counts).max(initial=0)) if style == "difference" else most
        body = [[_heat_cell(count, style, strongest) for count in row] for row in counts]
        parts.append(
            _heat(
                [pair.titles.channel(name) for name in before],
                [pair.titles.channel(name) for name in after],
                body,
                title,
                style,
            )
        )
    return f'<div class="matrices">{"".join(parts)}</div>'


def _heat(before: list[str], after: list[str], body: list[list[str]], title: str, style: str) -> str:
    """One matrix as a table."""
    head = "".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in after)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>'
        for name, cells in zip(before, body, strict=True)
    )
    return (
        f'<div class="scroll"><table class="heat {style}">'
        f'<caption class="{style}">{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _heat_cell(count: float, style: str, strongest: float) -> str:
    """A cell as strong as its share of the strongest."""
    differs = style == "difference"
    shade = ("compared" if count > 0 else "reference") if differs else style
    text = labels.number(count, 1 if differs and strongest < 10 else 0, signed=differs).replace("-", MINUS)
    strength = round(60 * abs(count) / strongest)
    return f'<td class="{shade}" style="--s:{strength}%">{text if text.strip("0.") else ""}</td>'
