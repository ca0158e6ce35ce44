"""The figures of a comparison: each takes the pair and returns a matplotlib figure.

`narrow` draws for a telephone: 350 pixels across, not 720.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsuite.experiment.comparison import Comparison
from simsuite.report import labels
from simsuite.report.drawing import (
    BAND,
    CIRCLE,
    COMPARED,
    DIAMOND,
    INK,
    MUTED,
    PAPER,
    REFERENCE,
    blank,
    dot_and_range,
    key,
    key_height,
    note,
    pair_of_bars,
    panel,
    rows,
    signed_ticks,
    spread,
    styled,
    zero_line,
)
from simsuite.report.findings import Pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simsuite.scenario import Scenario

ROW = 34               # pixels of a row
MOST_CAUSES = 12       # causes with a row of their own
LABELS, NARROW_LABELS = 172, 132
MOST_DAYS = 150        # points of a line over days


@styled
def overview(scenario: Scenario, comparison: Comparison, narrow: bool = False) -> Figure:
    """Every measure of every strategy: the change and its interval in thresholds, better to the right."""
    titles = labels.labels_of(scenario)
    table = comparison.table.to_dict("records")
    several = len(comparison.strategies) > 1
    lines: list[tuple[str, dict | None]] = []
    for place, row in enumerate(table):
        if several and place % len(comparison.strategies) == 0:
            lines.append((labels.measure_title(row, scenario.spec.currency), None))
        title = titles.strategy(row["strategy"]) if several else labels.measure_title(row, scenario.spec.currency)
        lines.append((title, row))
    left, right = (NARROW_LABELS + 10, 8) if narrow else (200, 222)
    height = 30 * len(lines)
    figure = blank(narrow, height + 74)
    axes = panel(figure, left, 26, (350 if narrow else 720) - left - right, height)
    rows(axes, [_folded(name, 20 if narrow else 34) for name, _ in lines])
    axes.axvspan(-1, 1, color=BAND, linewidth=0, zorder=0)
    zero_line(axes)
    for place, (_, row) in enumerate(lines):
        if row is None:
            axes.get_yticklabels()[place].set_weight("bold")
        else:
            _overview_row(axes, place, row, narrow)
    _threshold_axis(axes)
    note(figure, left, 12, "\N{LEFTWARDS ARROW} worse", color=MUTED, size=11)
    note(figure, (350 if narrow else 720) - right, 12, "better \N{RIGHTWARDS ARROW}", color=MUTED, size=11, ha="right")
    return figure


def _overview_row(axes: Axes, place: int, row: dict, narrow: bool) -> None:
    scale = (-1 if row["better"] == "lower" else 1) / row["threshold"] if row["threshold"] else np.nan
    estimate, ends = row["change"] * scale, sorted((row["low"] * scale, row["high"] * scale))
    if np.isnan(estimate):
        axes.text(0, place, " not measured", va="center", color=MUTED, size=11)
        return
    dot_and_range(axes, place, estimate, *ends)
    if not narrow:
        said = f"{labels.change(row)}  {row['verdict']}".replace("-", "\N{MINUS SIGN}")
        axes.annotate(said, (1, place), xycoords=("axes fraction", "data"), xytext=(10, 0),
                      textcoords="offset points", va="center", size=11,
                      color=INK if row["verdict"] in ("better", "worse") else MUTED)


def _threshold_axis(axes: Axes) -> None:
    """Linear within the thresholds, logarithmic beyond, so that small and large changes show."""
    axes.set_xscale("symlog", linthresh=1, linscale=0.8)
    reach = max(2.0, 1.15 * max(abs(value) for line in axes.lines for value in line.get_xdata()))
    axes.set_xlim(-reach, reach)
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000) if tick <= reach]
    axes.set_xticks([*(-tick for tick in reversed(ticks)), 0, *ticks], minor=False)
    axes.xaxis.set_major_formatter(signed_ticks)
    axes.minorticks_off()
    axes.set_xlabel("change, in thresholds that matter")


@styled
def losses(pair: Pair, narrow: bool = False) -> Figure:
    """Planned journeys lost by cause in both worlds, and the change of each with its interval."""
    from matplotlib.ticker import MaxNLocator

    found = pair.losses
    few = found.head(MOST_CAUSES)
    top, height = key_height(narrow) + 20, ROW * len(few)
    figure = blank(narrow, top + height + 42)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = NARROW_LABELS if narrow else LABELS
    middle, gap = (112, 14) if narrow else (300, 34)
    bars = panel(figure, left, top, middle, height)
    rows(bars, few["title"].tolist())
    for place, row in enumerate(few.itertuples()):
        pair_of_bars(bars, place, row.reference_value, row.value)
    bars.set_xlim(0, 1.02 * few[["reference_value", "value"]].to_numpy().max())
    bars.grid(axis="x")
    bars.set_title("lost", size=11)
    changes = panel(figure, left + middle + gap, top, (350 if narrow else 720) - left - middle - gap - 8, height)
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

    found = pair.saved.head(MOST_CAUSES)
    height, top = ROW * len(found), 28
    figure = blank(narrow, top + height + 42)
    left = NARROW_LABELS + 10 if narrow else LABELS
    axes = panel(figure, left, top, (350 if narrow else 720) - left - 10, height)
    rows(axes, [_folded(title, 20) if narrow else title for title in found["title"]])
    zero_line(axes)
    for place, row in enumerate(found.itertuples()):
        axes.barh(place, row.saved, 0.55, color=COMPARED, alpha=0.55, linewidth=0)
        axes.barh(place, -row.forfeited, 0.55, color=REFERENCE, alpha=0.28, linewidth=0)
        axes.barh(place, -row.forfeited, 0.55, facecolor="none", edgecolor=REFERENCE, linewidth=1.2)
        dot_and_range(axes, place, row.net, row.low, row.high, color=INK)
    note(figure, left, 12, "\N{LEFTWARDS ARROW} forfeited", color=REFERENCE, weight="bold")
    note(figure, (350 if narrow else 720) - 10, 12, "saved \N{RIGHTWARDS ARROW}", color=COMPARED, weight="bold", ha="right")
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
    axes = panel(figure, left, 8, (350 if narrow else 720) - left - (12 if narrow else 80), height)
    rows(axes, names)
    zero_line(axes)
    so_far = 0.0
    for place, step in enumerate(steps):
        grows = step["contribution"] >= 0
        axes.barh(place, step["contribution"], 0.5, left=so_far, color=COMPARED if grows else REFERENCE,
                  alpha=0.55, linewidth=0)
        between = sorted((step["first_in"], step["last_out"]))
        if not np.isnan(between).any():
            axes.plot(np.add(between, so_far), [place + 0.36] * 2, color=MUTED, linewidth=1.2)
        dot_and_range(axes, place, so_far + step["contribution"], so_far + step["low"], so_far + step["high"], color=INK)
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
        axes.annotate(text, (1, place), xycoords=("axes fraction", "data"), xytext=(70, 0),
                      textcoords="offset points", va="center", ha="right")


@styled
def funnel(pair: Pair, narrow: bool = False) -> Figure:
    """From candidate need to order in both worlds; what leaves between two stages stands between them."""
    found = pair.funnel
    stages = (("candidate_needs", "Candidate needs"), ("considered", "Considered"),
              ("planned", "Planned to buy"), ("planned_ordered", "Ordered"))
    leaving = ((("not_considered", "not considered"), ("absorbed", "part of another journey"), ("still_open", "still open")),
               (("browsing", "only looking around"),),
               (("gave_up", "gave up"), ("went_to_competitor", "to the competitor")))
    top, step = key_height(narrow) + 4, 92 if narrow else 76
    figure = blank(narrow, top + step * len(stages) - 14)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = 118 if narrow else 132
    axes = panel(figure, left, top, (350 if narrow else 720) - left - 50, step * len(stages) - 18)
    axes.set_ylim(len(stages) - 0.65, -0.35 - 8 / step)
    axes.set_xlim(0, 1000)
    axes.axis("off")
    for place, (stage, title) in enumerate(stages):
        before, after = found.loc[stage, ["reference_value", "value"]]
        pair_of_bars(axes, place, before, after, 0.2 if narrow else 0.24)
        axes.annotate(title, (0, place), xytext=(-8, 0), textcoords="offset points", ha="right", va="center", weight="bold")
        for shift, value, color in ((-0.17, before, REFERENCE), (0.17, after, COMPARED)):
            axes.annotate(f"{value:,.0f}", (value, place + shift), xytext=(5, 0), textcoords="offset points",
                          va="center", color=color)
        if place < len(leaving):
            lost = "; ".join(f"{name} {found.loc[code, 'reference_value']:,.0f} \N{RIGHTWARDS ARROW} {found.loc[code, 'value']:,.0f}"
                             for code, name in leaving[place] if found.loc[code, ["reference_value", "value"]].max() >= 0.5)
            axes.annotate(_folded(f"\N{MINUS SIGN} {lost}", 40) if narrow else f"\N{MINUS SIGN} {lost}", (0, place + 0.5),
                          xytext=(2, 0), textcoords="offset points", va="center", color=MUTED, size=11)
    return figure


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
    width = ((350 if narrow else 720) - left - 12 - 20 * (columns - 1)) / columns
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
        axes.set_title(_folded(measure["title"], 40 if narrow else 26), size=11)
    return figure


@styled
def audit(pair: Pair, narrow: bool = False) -> Figure:
    """Share of the mystery shoppers' questions answered alike, by part, in both worlds."""
    found = pair.audit
    top, height = key_height(narrow) + 6, ROW * len(found)
    figure = blank(narrow, top + height + 42)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left = 104 if narrow else LABELS
    axes = panel(figure, left, top, (350 if narrow else 720) - left - 16, height)
    rows(axes, [labels.from_code(part) for part in found["part"]])
    axes.set_xlim(0, 1)
    axes.grid(axis="x")
    for place, row in enumerate(found.itertuples()):
        if np.isnan(row.change):
            axes.text(0.01, place, "not measured", va="center", color=MUTED, size=11)
            continue
        axes.plot([row.reference_value, row.value], [place, place], color=MUTED, linewidth=1)
        axes.plot([row.reference_value], [place], marker=CIRCLE, color=REFERENCE, markersize=8, markerfacecolor=PAPER,
                  markeredgewidth=1.8, zorder=3, clip_on=False)
        dot_and_range(axes, place, row.value, row.reference_value + row.low, row.reference_value + row.high)
    axes.set_xlabel("share of questions answered alike, 0 to 1")
    return figure


@styled
def days(pair: Pair, narrow: bool = False) -> Figure:
    """Orders per day in both worlds, and the orders gained so far; bands: 10 to 90 % of the runs."""
    found = pair.days
    found = found.iloc[::max(1, -(-len(found) // MOST_DAYS))]
    top = key_height(narrow) + 22
    figure = blank(narrow, top + 320)
    key(figure, pair.reference_title, pair.strategy_title, narrow)
    left, width = 46, (350 if narrow else 720) - 46 - 16
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
        axes.set_xlim(found.index[0], found.index[-1])
        axes.axvline(0, color=MUTED, linewidth=1)
        axes.grid(axis="y")
    upper.set_xticklabels([])
    return figure


@styled
def convergence(pair: Pair, narrow: bool = False) -> Figure:
    """Half-width of the interval of each measure, in thresholds, as replications are added."""
    found = pair.convergence.dropna(axis=1, how="all")
    found = found.loc[:, (found > 0).any()]
    figure = blank(narrow, 330 if narrow else 300)
    left, right = 40, 134 if narrow else 210
    axes = panel(figure, left, 28, (350 if narrow else 720) - left - right, 220)
    axes.set_yscale("log")
    axes.set_xscale("log")
    axes.axhline(0.5, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    for name in found:
        axes.plot(found.index, found[name], color=COMPARED, linewidth=1.4, marker="o", markersize=2.5)
    low, high = min(0.4, found.min().min()) * 0.8, max(1.0, found.max().max()) * 1.3
    axes.set_ylim(low, high)
    ends = {name: float(np.log(found[name].iloc[-1])) for name in found} | {"enough": float(np.log(0.5))}
    for name, place in spread(ends, np.log(high / low) * 15 / 220).items():
        axes.annotate(_folded(name, 21, 1) if narrow else name, (1, np.exp(place)), xycoords=("axes fraction", "data"),
                      xytext=(8, 0), textcoords="offset points", va="center", size=11,
                      color=MUTED if name == "enough" else INK)
    ticks = [tick for tick in (0.01, 0.1, 1, 10, 100, 1000) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks(found.index[:: 3 if len(found) > 6 else 1], [str(count) for count in found.index[:: 3 if len(found) > 6 else 1]])
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set_xlabel("replications")
    axes.set_title("half-width of the interval, in thresholds", size=11)
    return figure


def _folded(text: str, width: int, lines: int = 3) -> str:
    import textwrap

    folded = textwrap.wrap(text, width)
    return "\n".join(folded[:lines])
