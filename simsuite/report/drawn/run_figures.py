"""The figures of one run: each takes the run and returns a matplotlib figure in the style of the report.

Counts are per 1,000 candidate needs of the run, as in the figures of a comparison. One run has
no interval: how far luck could have moved what is shown, only a comparison tells.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simsuite.errors import UsageError
from simsuite.report.drawn.drawing import (
    CIRCLE,
    COMPARED,
    DIAMOND,
    INK,
    LABELS,
    MUTED,
    PAPER,
    REFERENCE,
    ROW,
    WIDE,
    across_days,
    blank,
    note,
    nothing,
    panel,
    rows,
    styled,
)
from simsuite.report.drawn.figures import LEAVING, MOST_CAUSES, STAGES
from simsuite.report.drawn.people_figures import cells
from simsuite.report.said import labels
from simsuite.report.said.findings import PER_NEEDS, SMOOTHED_DAYS

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simsuite.experiment.single_run import Run

HEAD = 34  # pixels of the line that says which run it is


@styled
def ledger(run: Run) -> Figure:
    """Planned journeys lost by cause, most first; beyond a dozen causes the rest together."""
    lost = _per_needs(run, run.ledger.groupby("cause")["journeys"].sum())
    lost = lost.rename(labels.cause).sort_values(ascending=False, kind="stable")
    if lost.empty:
        return _nothing(run, "No planned journey was lost.")
    names, values = list(lost.index[:MOST_CAUSES]), list(lost[:MOST_CAUSES])
    if len(lost) > MOST_CAUSES:
        names.append(f"{len(lost) - MOST_CAUSES} other causes")
        values.append(lost[MOST_CAUSES:].sum())
    figure = blank(False, HEAD + ROW * len(names) + 46)
    _head(figure, run)
    axes = panel(figure, LABELS, HEAD, WIDE - LABELS - 100, ROW * len(names))
    rows(axes, names)
    axes.set_xlim(0, max(values, default=1.0))
    axes.grid(axis="x")
    for place, value in enumerate(values):
        _bar(axes, run, place, value, 0.5)
        share = 100 * value / lost.sum()
        said = f"{value:.1f}  ({share:.0f} %)" if share >= 0.5 else f"{value:.1f}  (under 1 %)"
        axes.annotate(said, (value, place), (6, 0), textcoords="offset points", va="center")
    axes.set_xlabel("planned journeys lost, per 1,000 needs; share of all that were lost", loc="left")
    return figure


@styled
def funnel(run: Run) -> Figure:
    """From candidate need to order; between two stages stands what leaves."""
    found = _per_needs(run, run.tables["funnel"].set_index("stage")["count"])
    step, left = 62, 136
    figure = blank(False, HEAD + step * len(STAGES))
    _head(figure, run)
    axes = panel(figure, left, HEAD, WIDE - left - 50, step * len(STAGES) - 18)
    axes.set_ylim(len(STAGES) - 0.65, -0.35)
    axes.set_xlim(0, PER_NEEDS)
    axes.axis("off")
    beside = {"textcoords": "offset points", "va": "center"}
    for place, (stage, title) in enumerate(STAGES):
        _bar(axes, run, place, found[stage], 0.4)
        axes.annotate(title, (0, place), (-8, 0), ha="right", weight="bold", **beside)
        axes.annotate(f"{found[stage]:,.0f}", (found[stage], place), (5, 0), color=_color(run), **beside)
        if place < len(LEAVING):
            parts = [f"{name} {found[code]:,.0f}" for code, name in LEAVING[place].items() if found[code] >= 0.5]
            text = f"\N{MINUS SIGN} {'; '.join(parts)}" if parts else ""
            axes.annotate(text, (0, place + 0.5), (2, 0), color=MUTED, size=11, **beside)
    return figure


@styled
def days(run: Run) -> Figure:
    """Orders of every day, and their mean over a week; lines at the switch and at the end of the horizon."""
    orders = run.tables["days"].set_index("day")["orders"]
    mean = orders.rolling(SMOOTHED_DAYS, center=True, min_periods=1).mean()
    horizon = run.scenario.spec.experiment.horizon
    figure = blank(False, HEAD + 250)
    _head(figure, run)
    axes = panel(figure, 46, HEAD + 22, WIDE - 46 - 16, 170)
    axes.plot(orders.index, orders, color=_color(run), marker=".", markersize=3, linestyle="none", alpha=0.45)
    axes.plot(mean.index, mean, color=_color(run), linewidth=1.8)
    axes.set_title("Orders per day: each day, and the mean over a week", size=11)
    axes.set_xlabel("days since the switch")
    across_days(axes, orders.index)
    axes.set_ylim(0)
    axes.axvline(0, color=MUTED, linewidth=1)
    if horizon < orders.index[-1]:
        axes.axvline(horizon, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    axes.grid(axis="y")
    return figure


@styled
def matrix(
    run: Run, table: str = "switches", value: str = "switches", what: str = "changes of channel within a journey"
) -> Figure:
    """Counts from channel (row) to channel (column)."""
    counts = _per_needs(run, run.tables[table].groupby(["from_channel", "to_channel"])[value].sum()).unstack(
        fill_value=0.0
    )
    known = list(labels.labels_of(run.scenario).channels)
    before, after = (
        [*(name for name in known if name in index), *sorted(set(index) - set(known))]
        for index in (counts.index, counts.columns)
    )
    counts = counts.reindex(index=before, columns=after).to_numpy()
    if not counts.size:
        return _nothing(run, f"There were no {what}.")
    titles = labels.labels_of(run.scenario)
    cell, left, top = 38, 150, HEAD + 130
    figure = blank(False, top + cell * len(before) + 34)
    _head(figure, run)
    axes = panel(figure, left, top, min(1.5 * cell * len(after), WIDE - left - 10), cell * len(before))
    cells(axes, counts, max(counts.max(initial=0.0), 1e-12), signed=False, color=_color(run))
    axes.set_yticks(range(len(before)), [titles.channel(name) for name in before])
    axes.set_xticks(range(len(after)), [titles.channel(name) for name in after], rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=11, labelcolor=INK)
    note(
        figure,
        left,
        top + cell * len(before) + 18,
        f"{what}, from row to column, per 1,000 needs",
        color=MUTED,
        size=11,
    )
    return figure


PLOTS = {
    "ledger": ledger,
    "funnel": funnel,
    "days": days,
    "switches": matrix,
    "losses": partial(matrix, table="ledger", value="journeys", what="planned journeys lost"),
}


def plot(kind: str, run: Run) -> Figure:
    """One figure by its name.

    Raises
    ------
    UsageError : no such figure
    """
    if kind not in PLOTS:
        raise UsageError(f"There is no figure {kind!r} of one run. There are: {', '.join(PLOTS)}.")
    return PLOTS[kind](run)


def _per_needs(run: Run, counts: pandas.Series) -> pandas.Series:
    """Counts per 1,000 candidate needs."""
    stages = run.tables["funnel"].set_index("stage")["count"]
    return counts * (PER_NEEDS / max(stages["candidate_needs"], 1))


def _nothing(run: Run, words: str) -> Figure:
    """A figure of a run in which there is nothing of what it shows."""
    figure = nothing(False, HEAD, words)
    _head(figure, run)
    return figure


def _is_reference(run: Run) -> bool:
    return run.arm.strategy == run.scenario.spec.experiment.reference


def _color(run: Run) -> str:
    """The reference is orange in every figure, whatever is compared with it blue."""
    return REFERENCE if _is_reference(run) else COMPARED


def _head(figure: Figure, run: Run) -> None:
    """Which run this is, in the upper left corner."""
    from matplotlib.lines import Line2D

    across, down = (72 * length for length in figure.get_size_inches())
    shape, fill = (CIRCLE, PAPER) if _is_reference(run) else (DIAMOND, COMPARED)
    figure.add_artist(
        Line2D(
            [6 / across],
            [1 - 9 / down],
            marker=shape,
            color=_color(run),
            markersize=7,
            markerfacecolor=fill,
            markeredgewidth=1.6,
        )
    )
    title = labels.labels_of(run.scenario).strategy(run.arm.strategy)
    note(figure, 18, 9, title, color=_color(run), weight="bold")
    note(
        figure,
        across - 8,
        9,
        f"one run: replication {run.replication}, seed {run.seed}; no interval",
        color=MUTED,
        size=11,
        ha="right",
    )


def _bar(axes: Axes, run: Run, place: float, value: float, thickness: float) -> None:
    """A bar from zero: of the reference an outline, of a compared world solid."""
    if _is_reference(run):
        axes.barh(place, value, thickness, color=REFERENCE, alpha=0.28, linewidth=0)
        axes.barh(place, value, thickness, facecolor="none", edgecolor=REFERENCE, linewidth=1.2)
    else:
        axes.barh(place, value, thickness, color=COMPARED)
