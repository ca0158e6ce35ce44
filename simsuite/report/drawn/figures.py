"""The figures of a comparison: each takes the pair and returns a matplotlib figure.

`narrow` draws for a telephone: 350 pixels across, not 720.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import UsageError
from simsuite.experiment.comparison import Comparison
from simsuite.experiment.statistics import BETTER, WORSE
from simsuite.report.drawn.drawing import (
    BAND,
    COMPARED,
    INK,
    LABELS,
    MUTED,
    NARROW_LABELS,
    REFERENCE,
    ROW,
    blank,
    dot_and_range,
    folded,
    full_width,
    key,
    key_height,
    note,
    nothing,
    pair_of_bars,
    panel,
    rows,
    signed_ticks,
    styled,
    zero_line,
)
from simsuite.report.drawn.people_figures import audit, convergence, days, matrix, segments
from simsuite.report.said import labels
from simsuite.report.said.findings import Pair, pairs_of
from simsuite.report.said.told_apart import most_and_named

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simsuite.scenario import Scenario

MOST_CAUSES = 12  # causes with a row of their own
SHORTEST_RANGE = 2.0  # pixels of the funnel; shorter ones could not be told from dust


@styled
def overview(scenario: Scenario, comparison: Comparison, narrow: bool = False) -> Figure:
    """Change and interval of every measure and strategy, in thresholds; better to the right."""
    titles = labels.labels_of(scenario)
    table = comparison.table.to_dict("records")
    several = len(comparison.strategies) > 1
    lines: list[tuple[str, dict | None]] = []
    for place, row in enumerate(table):
        if several and place % len(comparison.strategies) == 0:
            lines.append((labels.measure_title(row, scenario.spec.currency), None))
        title = titles.strategy(row["strategy"]) if several else labels.measure_title(row, scenario.spec.currency)
        lines.append((title, row))
    left, right = (NARROW_LABELS + 10, 8) if narrow else (224 if several else 200, 222)
    height = 30 * len(lines)
    figure = blank(narrow, height + 74)
    axes = panel(figure, left, 26, full_width(narrow) - left - right, height)
    fits = (17, 30) if several else (20, 34)  # headings are bold
    rows(axes, [folded(name, fits[not narrow]) for name, _ in lines])
    axes.axvspan(-1, 1, color=BAND, linewidth=0, zorder=0)
    zero_line(axes)
    for place, (_, row) in enumerate(lines):
        if row is None:
            axes.get_yticklabels()[place].set_weight("bold")
        else:
            _overview_row(axes, place, row, narrow)
    _threshold_axis(axes, narrow)
    note(figure, left, 12, "\N{LEFTWARDS ARROW} worse", color=MUTED, size=11)
    note(
        figure,
        full_width(narrow) - right,
        12,
        "better \N{RIGHTWARDS ARROW}",
        color=MUTED,
        size=11,
        ha="right",
    )
    return figure


def _overview_row(axes: Axes, place: int, row: dict, narrow: bool) -> None:
    scale = (-1 if row["better"] == "lower" else 1) / row["threshold"] if row["threshold"] else np.nan
    estimate, ends = row["change"] * scale, sorted((row["low"] * scale, row["high"] * scale))
    if np.isnan(estimate):
        why = " not measured" if np.isnan(row["change"]) else " no threshold"
        axes.text(0, place, why, va="center", color=MUTED, size=11)
        return
    dot_and_range(axes, place, estimate, *ends)
    if not narrow:
        verdict = f"{labels.direction(row)}, if it matters" if labels.only_size_is_open(row) else row["verdict"]
        said = f"{labels.change(row)}  {verdict}".replace("-", "\N{MINUS SIGN}")
        axes.annotate(
            said,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            size=11,
            color=INK if row["verdict"] in (BETTER, WORSE) else MUTED,
        )


def _threshold_axis(axes: Axes, narrow: bool) -> None:
    """Linear within the thresholds, logarithmic beyond, so that small and large changes show."""
    axes.set_xscale("symlog", linthresh=1, linscale=0.8)
    ends = np.abs(np.concatenate([line.get_xdata() for line in axes.lines]))
    reach = max(2.0, 1.15 * np.nanmax(ends))
    axes.set_xlim(-reach, reach)
    steps = (1, 10, 100, 1000) if narrow and reach >= 10 else (1, 3, 10, 30, 100, 300, 1000)
    ticks = [tick for tick in steps if tick <= reach]
    axes.set_xticks([*(-tick for tick in reversed(ticks)), 0, *ticks], minor=False)
    axes.xaxis.set_major_formatter(signed_ticks)
    axes.minorticks_off()
    axes.set_xlabel("change, in thresholds that matter")


@styled
def losses(pair: Pair, narrow: bool = False) -> Figure:
    """Planned journeys lost by cause in both worlds, and the change of each with its interval."""
    from matplotlib.ticker import MaxNLocator

    few = most_and_named(pair.losses, MOST_CAUSES)
    if few.empty:
        return nothing(narrow, 0, "No planned journey was lost in either world.")
    top, height = key_height(narrow) + 20, ROW * len(few)
    figure = blank(narrow, top + height + 42)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = NARROW_LABELS if narrow else LABELS
    middle, gap = (112, 14) if narrow else (300, 34)
    bars = panel(figure, left, top, middle, height)
    rows(bars, few["title"].tolist())
    for place, row in enumerate(few.itertuples()):
        pair_of_bars(bars, place, row.reference_value, row.value)
    bars.set_xlim(0, 1.02 * few[["reference_value", "value"]].to_numpy().max(initial=1e-9))
    bars.grid(axis="x")
    bars.set_title("lost", size=11)
    changes = panel(figure, left + middle + gap, top, full_width(narrow) - left - middle - gap - 8, height)
    rows(changes, few["title"].tolist(), show_names=False)
    zero_line(changes)
    for place, row in enumerate(few.itertuples()):
        dot_and_range(changes, place, row.change, row.low, row.high)
    changes.set_title("change", size=11)
    changes.xaxis.set_major_formatter(signed_ticks)
    for axes in (bars, changes):
        axes.xaxis.set_major_locator(MaxNLocator(2 if narrow else 4))
    bars.set_xlabel("per 1,000 needs", loc="left")
    return figure


@styled
def saved(pair: Pair, narrow: bool = False) -> Figure:
    """Orders saved and forfeited by what became of the need in the other world, and the net."""
    from matplotlib.ticker import MaxNLocator

    found = most_and_named(pair.saved, MOST_CAUSES, "net")
    if found.empty:
        return nothing(narrow, 0, "No need was ordered in one world only.")
    height, top = ROW * len(found), 28
    figure = blank(narrow, top + height + 42)
    left = NARROW_LABELS + 10 if narrow else LABELS
    axes = panel(figure, left, top, full_width(narrow) - left - 10, height)
    rows(axes, [folded(title, 20) if narrow else title for title in found["title"]])
    zero_line(axes)
    for place, row in enumerate(found.itertuples()):
        axes.barh(place, row.saved, 0.55, color=COMPARED, alpha=0.55, linewidth=0)
        axes.barh(place, -row.forfeited, 0.55, color=REFERENCE, alpha=0.28, linewidth=0)
        axes.barh(place, -row.forfeited, 0.55, facecolor="none", edgecolor=REFERENCE, linewidth=1.2)
        dot_and_range(axes, place, row.net, row.low, row.high, color=INK)
    note(figure, left, 12, "\N{LEFTWARDS ARROW} forfeited", color=REFERENCE, weight="bold")
    note(
        figure,
        full_width(narrow) - 10,
        12,
        "saved \N{RIGHTWARDS ARROW}",
        color=COMPARED,
        weight="bold",
        ha="right",
    )
    axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 8))
    axes.xaxis.set_major_formatter(signed_ticks)
    axes.set_xlabel("orders per 1,000 needs; diamond: net")
    return figure


@styled
def waterfall(pair: Pair, narrow: bool = False) -> Figure:
    """What each element adds, from nothing to the whole change; thin line: first in to last out."""
    steps = pair.waterfall.to_dict("records")
    total = sum(step["contribution"] for step in steps)
    names = [labels.from_code(step["element"]) for step in steps] + ["Together"]
    height, left = ROW * len(names), NARROW_LABELS if narrow else LABELS
    figure = blank(narrow, height + 54)
    axes = panel(figure, left, 8, full_width(narrow) - left - (12 if narrow else 80), height)
    rows(axes, names)
    zero_line(axes)
    so_far = 0.0
    for place, step in enumerate(steps):
        grows = step["contribution"] >= 0
        axes.barh(
            place,
            step["contribution"],
            0.5,
            left=so_far,
            color=COMPARED if grows else REFERENCE,
            alpha=0.55,
            linewidth=0,
        )
        between = sorted((step["first_in"], step["last_out"]))
        if not np.isnan(between).any():
            axes.plot(np.add(between, so_far), [place + 0.36] * 2, color=MUTED, linewidth=1.2)
        dot_and_range(
            axes,
            place,
            so_far + step["contribution"],
            so_far + step["low"],
            so_far + step["high"],
            color=INK,
        )
        so_far += step["contribution"]
        axes.plot([so_far, so_far], [place + 0.25, place + 0.75], color=MUTED, linewidth=0.8)
        _at_end(axes, place, _hundredths(step["contribution"]), narrow)
    axes.barh(len(steps), total, 0.5, color=COMPARED if total >= 0 else REFERENCE)
    _at_end(axes, len(steps), _hundredths(total), narrow)
    axes.xaxis.set_major_formatter(signed_ticks)
    axes.set_xlabel("change in orders per 100 needs")
    return figure


def _hundredths(value: float) -> str:
    return labels.number(value, 2, signed=True).replace("-", "\N{MINUS SIGN}")


def _at_end(axes: Axes, place: float, text: str, narrow: bool) -> None:
    if not narrow:
        axes.annotate(
            text,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(70, 0),
            textcoords="offset points",
            va="center",
            ha="right",
        )


STAGES = (
    ("candidate_needs", "Candidate needs"),
    ("considered", "Considered"),
    ("planned", "Planned to buy"),
    ("planned_ordered", "Ordered"),
)
LEAVING = (  # after each stage but the last
    {
        "not_considered": "not considered",
        "absorbed": "part of another journey",
        "still_open": "still open",
    },
    {"browsing": "only looking around"},
    {"gave_up": "gave up", "went_to_competitor": "to the competitor"},
)


@styled
def funnel(pair: Pair, narrow: bool = False) -> Figure:
    """From candidate need to order in both worlds; between two stages stands what leaves."""
    found = pair.funnel
    most = found.loc["candidate_needs", ["reference_value", "value"]].max()
    if not most > 0:
        return nothing(narrow, 0, "Nobody needed anything in either world.")
    top, step = key_height(narrow) + 4, 100 if narrow else 76
    figure = blank(narrow, top + step * len(STAGES) - 14)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = 128 if narrow else 136
    height = step * len(STAGES) - 18
    across = full_width(narrow) - left - 50
    axes = panel(figure, left, top, across, height)
    axes.set_ylim(len(STAGES) - 0.65, -0.35 - 8 / step)
    axes.set_xlim(0, most)
    axes.axis("off")
    beside = {"textcoords": "offset points", "va": "center"}
    for place, (stage, title) in enumerate(STAGES):
        before, after = found.loc[stage, ["reference_value", "value"]]
        pair_of_bars(axes, place, before, after, 0.2 if narrow else 0.24)
        ends = before + found.loc[stage, ["low", "high"]].to_numpy(float)
        if (ends[1] - ends[0]) / most * across >= SHORTEST_RANGE:
            axes.plot(ends, [place + 0.19] * 2, color=INK, linewidth=2, solid_capstyle="butt", zorder=3)
        axes.annotate(title, (0, place), xytext=(-8, 0), ha="right", weight="bold", **beside)
        for shift, value, color in ((-0.17, before, REFERENCE), (0.17, after, COMPARED)):
            axes.annotate(f"{value:,.0f}", (value, place + shift), (5, 0), color=color, **beside)
        if place < len(LEAVING):
            text = _leaving(found, LEAVING[place])
            text = folded(text, 36) if narrow else text
            axes.annotate(text, (0, place + 0.5), (2, 0), color=MUTED, size=10 if narrow else 11, **beside)
    return figure


def _leaving(found: pandas.DataFrame, branches: Mapping[str, str]) -> str:
    """What leaves after a stage in both worlds, without what is next to nothing."""
    counts = [(title, *found.loc[code, ["reference_value", "value"]]) for code, title in branches.items()]
    parts = [
        f"{title} {before:,.0f} \N{RIGHTWARDS ARROW} {after:,.0f}"
        for title, before, after in counts
        if max(before, after) >= 0.5
    ]
    return f"\N{MINUS SIGN} {'; '.join(parts)}" if parts else ""


PLOTS = {
    "comparison": overview,
    "ledger": losses,
    "saved": saved,
    "waterfall": waterfall,
    "funnel": funnel,
    "switches": matrix,
    "losses": partial(matrix, table="ledger", value="journeys"),
    "segments": segments,
    "audit": audit,
    "days": days,
    "convergence": convergence,
}


def plot(
    kind: str,
    scenario: Scenario,
    comparison: Comparison,
    tables: Mapping[str, pandas.DataFrame],
    strategy: str | None = None,
    waterfall: pandas.DataFrame | None = None,
) -> Figure:
    """One figure by its name, for notebooks.

    Parameters
    ----------
    kind : one of PLOTS
    strategy : compared with the reference; default: the first that is, in the figure "comparison" all
    waterfall : needed for "waterfall", see `experiment.decompose.waterfall_table`

    Raises
    ------
    UsageError : no such figure or strategy, or the runs do not hold what it shows
    """
    if kind not in PLOTS:
        raise UsageError(f"There is no figure {kind!r}. There are: {', '.join(PLOTS)}.")
    pairs = {pair.strategy: pair for pair in pairs_of(scenario, comparison, tables, waterfall)}
    if strategy is not None and strategy not in pairs:
        raise UsageError(f"{strategy!r} was not compared. Compared were: {', '.join(pairs)}.")
    if kind == "comparison":
        return overview(scenario, comparison if strategy is None else comparison.of(strategy))
    pair = pairs[strategy or comparison.strategies[0]]
    if (kind == "saved" and pair.saved is None) or (kind == "waterfall" and pair.waterfall is None):
        missing = (
            "twins: the worlds hold other people" if kind == "saved" else "waterfall: simsuite waterfall makes one"
        )
        raise UsageError(f"The figure {kind!r} needs what these runs lack, {missing}.")
    return PLOTS[kind](pair)
