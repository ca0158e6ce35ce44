"""The curves of a sweep: one panel a measure, the change against the reference, its interval, its threshold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simsuite.report.drawn.drawing import (
    BAND,
    COMPARED,
    INK,
    MUTED,
    blank,
    folded,
    full_width,
    note,
    panel,
    signed_ticks,
    styled,
    svg_file,
)

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

COLUMNS, PANEL_HEIGHT, GAP, HEAD = 2, 150, 70, 64


@styled
def sweep_curves(table: pandas.DataFrame, path: str, against: str, currency: str, narrow: bool = False) -> Figure:
    """A panel for every measure.

    table : columns at, measure, title, unit, change, low, high, threshold
    path : of the value that was varied
    against : what the change is against, "isolated channels"
    """
    measures = list(dict.fromkeys(table["measure"]))
    columns = 1 if narrow else COLUMNS
    lines = math.ceil(len(measures) / columns)
    figure = blank(narrow, HEAD + lines * (PANEL_HEIGHT + GAP))
    width = (full_width(narrow) - 60 * columns) / columns
    head = f"Change against {against} (line) with its likely range (blue). Within the band around 0 no change matters."
    note(figure, 60, 18, folded(head, 60 if narrow else 120), fontsize=9)
    for place, name in enumerate(measures):
        rows = table[table["measure"] == name].sort_values("at")
        axes = panel(
            figure,
            60 + (place % columns) * (width + 60),
            HEAD + (place // columns) * (PANEL_HEIGHT + GAP),
            width - 10,
            PANEL_HEIGHT,
        )
        axes.fill_between(rows["at"], -rows["threshold"], rows["threshold"], color=BAND, linewidth=0, zorder=0)
        axes.axhline(0.0, color=MUTED, linewidth=0.8)
        axes.fill_between(rows["at"], rows["low"], rows["high"], color=COMPARED, alpha=0.25, linewidth=0)
        axes.plot(rows["at"], rows["change"], color=COMPARED, marker="o", markersize=3.5, linewidth=1.4)
        axes.set_title(_title(rows.iloc[0], currency), loc="left", fontsize=9, color=INK)
        axes.set_xlabel(path.removeprefix("strategies."), fontsize=8)
        axes.yaxis.set_major_formatter(signed_ticks)
        axes.tick_params(labelsize=9)
        axes.margins(x=0.03)
    return figure


def _title(row: pandas.Series, currency: str) -> str:
    """What changes, and in which unit."""
    unit = {"%": "points", "min": "minutes", "money": currency}.get(row["unit"])
    return f"{row['title']}, {unit}" if unit else row["title"]


def sweep_svg(table: pandas.DataFrame, path: str, against: str, currency: str) -> str:
    """The curves as an SVG file of its own."""
    return svg_file(sweep_curves(table, path, against, currency), "sweep", facecolor="white")
