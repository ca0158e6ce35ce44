"""Figures of where people go and who gains, of what shoppers find, of time and certainty."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from simsuite.report.drawn.drawing import (
    BAND,
    CIRCLE,
    COMPARED,
    INK,
    LABELS,
    MUTED,
    NARROW_LABELS,
    PAPER,
    REFERENCE,
    ROW,
    across_days,
    blank,
    dot_and_range,
    folded,
    full_width,
    key,
    key_height,
    note,
    nothing,
    panel,
    rows,
    signed_ticks,
    spread,
    styled,
    zero_line,
)
from simsuite.report.said import labels
from simsuite.report.said.findings import Pair, channel_views

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LINES = ("-", (0, (5, 2)), (0, (1, 1.5)))  # styles of lines that share a color
NAMES_OF_COUNTS = {"switches": "changes of channel", "journeys": "planned journeys lost"}
MOST_DAYS = 150  # points of a line over days


@styled
def matrix(pair: Pair, table: str = "switches", value: str = "switches", narrow: bool = False) -> Figure:
    """Counts from channel (row) to channel (column): reference, compared world, difference."""
    before, after, views = channel_views(pair, table, value)
    if not before:
        return nothing(narrow, 0, f"There were no {NAMES_OF_COUNTS[value]} in either world.")
    most = max(1e-12, *(view.max() for view in views[:2]))
    tall, wide = 27 * len(before), 27 * len(after)
    figure = blank(narrow, 3 * (tall + 150) if narrow else tall + 150)
    room = (720 - 130) / 3
    for place, (title, counts, color) in enumerate(
        zip(
            (pair.reference_title, pair.strategy_title, "Difference"),
            views,
            (REFERENCE, COMPARED, INK),
            strict=True,
        )
    ):
        across, down = (130, 126 + place * (tall + 150)) if narrow else (130 + place * room, 126)
        axes = panel(figure, across, down, min(wide, room - 10), tall)
        cells(
            axes,
            counts,
            most if place < 2 else max(np.abs(counts).max(), 1e-12),
            signed=place == 2,
            color=color,
        )
        titles = [pair.titles.channel(name) for name in before]
        axes.set_yticks(range(len(before)), titles if narrow or place == 0 else [""] * len(before))
        axes.set_xticks(range(len(after)), [pair.titles.channel(name) for name in after], rotation=90)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelsize=10, labelcolor=INK)
        note(figure, across, down + tall + 12, title, color=color, weight="bold", size=11)
    return figure


def cells(axes: Axes, counts: np.ndarray, most: float, signed: bool, color: str) -> None:
    """Squares as strong as their count, which stands inside."""
    from matplotlib.colors import to_rgb

    hues = (
        np.where((counts > 0)[..., None], to_rgb(COMPARED), to_rgb(REFERENCE))
        if signed
        else np.broadcast_to(to_rgb(color), (*counts.shape, 3))
    )
    axes.imshow(np.dstack([hues, 0.04 + 0.56 * np.abs(counts) / most]), aspect="auto")
    axes.spines[:].set_visible(False)
    for (down, across), count in np.ndenumerate(counts):
        text = signed_ticks(round(count, 1)) if signed else f"{count:.0f}"
        if text != "0":
            axes.text(across, down, text, ha="center", va="center", size=8)


@styled
def segments(pair: Pair, narrow: bool = False) -> Figure:
    """Change of each measure by segment, with pointwise intervals; better to the right."""
    from matplotlib.ticker import MaxNLocator

    found = pair.segments
    measures = [row for row in pair.rows.to_dict("records") if row["measure"] in set(found["measure"])]
    names = list(dict.fromkeys(found["segment_title"]))
    columns, height = (1 if narrow else 3), 28 * len(names)
    lines = -(-len(measures) // columns)
    left = NARROW_LABELS if narrow else 132
    width = (full_width(narrow) - left - 12 - 20 * (columns - 1)) / columns
    figure = blank(narrow, lines * (height + 66))
    for place, measure in enumerate(measures):
        down, across = divmod(place, columns)
        axes = panel(figure, left + across * (width + 20), 28 + down * (height + 66), width, height)
        rows(axes, names, show_names=across == 0)
        zero_line(axes)
        axes.axvspan(-measure["threshold"], measure["threshold"], color=BAND, linewidth=0, zorder=0)
        part = found[found["measure"] == measure["measure"]].set_index("segment_title")
        for line, name in enumerate(names):
            row = part.loc[name]
            if not np.isnan(row["change"]):
                dot_and_range(axes, line, row["change"], row["low"], row["high"])
        if measure["better"] == "lower":
            axes.invert_xaxis()
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.xaxis.set_major_formatter(signed_ticks)
        axes.set_title(folded(measure["title"], 40 if narrow else 26), size=11)
    return figure


@styled
def audit(pair: Pair, narrow: bool = False) -> Figure:
    """Share of the mystery shoppers' questions answered alike, by part, in both worlds."""
    found = pair.audit
    top, height = key_height(narrow) + 6, ROW * len(found)
    figure = blank(narrow, top + height + 42)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = 104 if narrow else LABELS
    axes = panel(figure, left, top, full_width(narrow) - left - 16, height)
    rows(axes, [labels.from_code(part) for part in found["part"]])
    axes.set_xlim(0, 1)
    axes.grid(axis="x")
    for place, row in enumerate(found.itertuples()):
        if np.isnan(row.change):
            axes.text(0.01, place, "not measured", va="center", color=MUTED, size=11)
            continue
        axes.plot([row.reference_value, row.value], [place, place], color=MUTED, linewidth=1)
        axes.plot(
            [row.reference_value],
            [place],
            marker=CIRCLE,
            color=REFERENCE,
            markersize=8,
            markerfacecolor=PAPER,
            markeredgewidth=1.8,
            zorder=3,
            clip_on=False,
        )
        dot_and_range(axes, place, row.value, row.reference_value + row.low, row.reference_value + row.high)
    axes.set_xlabel("share of questions answered alike, 0 to 1")
    return figure


@styled
def days(pair: Pair, narrow: bool = False) -> Figure:
    """Orders per day in both worlds, and those gained so far; bands: 10 to 90 % of the runs."""
    found = pair.days
    found = found.iloc[:: max(1, -(-len(found) // MOST_DAYS))]
    top = key_height(narrow) + 22
    figure = blank(narrow, top + 320)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left, width = 46, full_width(narrow) - 46 - 16
    upper = panel(figure, left, top, width, 130)
    for name, color, line in (("reference", REFERENCE, (0, (4, 2))), ("value", COMPARED, "-")):
        part = found[name]
        upper.fill_between(part.index, part["low"], part["high"], color=color, alpha=0.16, linewidth=0)
        upper.plot(part.index, part["median"], color=color, linewidth=1.8, linestyle=line)
    upper.set_ylim(0)
    upper.set_title("Orders per day, mean over a week", size=11)
    lower = panel(figure, left, top + 170, width, 100)
    gained = found["gained"]
    lower.fill_between(gained.index, gained["low"], gained["high"], color=COMPARED, alpha=0.16, linewidth=0)
    lower.plot(gained.index, gained["median"], color=COMPARED, linewidth=1.8)
    lower.set_title("Orders gained so far", size=11)
    lower.axhline(0, color=MUTED, linewidth=1)
    lower.set_xlabel("days since the switch")
    for axes in (upper, lower):
        across_days(axes, found.index)
        axes.axvline(0, color=MUTED, linewidth=1)
        if pair.horizon < found.index[-1]:
            axes.axvline(pair.horizon, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.grid(axis="y")
    upper.set_xticklabels([])
    return figure


def _thinned(counts: list[int], ratio: float) -> list[int]:
    """Ticks of a logarithmic axis: the last, and every earlier one that stands far enough before the next."""
    kept = counts[-1:]
    for count in reversed(counts[:-1]):
        if kept[0] >= ratio * count:
            kept.insert(0, count)
    return kept


@styled
def convergence(pair: Pair, narrow: bool = False) -> Figure:
    """Half-width of the interval of each measure, in thresholds, as replications are added."""
    found = pair.convergence.dropna(axis=1, how="all")
    found = found.loc[:, (found > 0).any()]
    figure = blank(narrow, 330 if narrow else 300)
    left, right = 40, 134 if narrow else 210
    axes = panel(figure, left, 28, full_width(narrow) - left - right, 220)
    axes.set_yscale("log")
    axes.set_xscale("log")
    axes.axhline(0.5, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    looks = {
        name: {"color": color, "linestyle": style}
        for name, (style, color) in zip(found, product(LINES, (COMPARED, INK, MUTED)), strict=False)
    }
    for name, look in looks.items():
        axes.plot(found.index, found[name], linewidth=1.4, marker="o", markersize=2.5, **look)
    low, high = min(0.4, found.min().min()) * 0.8, max(1.0, found.max().max()) * 1.3
    axes.set_ylim(low, high)
    ends = {name: float(np.log(found[name].iloc[-1])) for name in found} | {"enough": float(np.log(0.5))}
    beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    for name, place in spread(ends, np.log(high / low) * 15 / 220).items():
        look = looks.get(name, {"color": MUTED, "linestyle": (0, (4, 3))})
        axes.plot(
            [1.0, 1.06 if narrow else 1.04],
            [np.exp(ends[name]), np.exp(place)],
            transform=axes.get_yaxis_transform(),
            clip_on=False,
            linewidth=0.9,
            **look,
        )
        axes.annotate(
            folded(name, 21, 1) if narrow else name,
            (1, np.exp(place)),
            xytext=(14 if narrow else 22, 0),
            va="center",
            size=10 if narrow else 11,
            color=look["color"],
            **beside,
        )
    ticks = [tick for tick in (0.01, 0.1, 1, 10, 100, 1000) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    counts = _thinned(list(found.index), 1.6 if narrow else 1.25)
    axes.margins(x=0)
    axes.set_xticks(counts, [str(count) for count in counts])
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set_xlabel("replications")
    axes.set_title("half-width of the interval, in thresholds", size=11)
    return figure
