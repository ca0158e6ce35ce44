"""Strategies against a reference: the paired change of every measure, and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import UsageError
from simsuite.experiment import statistics
from simsuite.experiment.one_sided import Place, places_of, said_of_one_sided, with_nothing
from simsuite.experiment.paired import (
    CELL,
    PairedMeasure,
    differences_of,
    means_of,
    paired,
    threshold_of,
    totals_of,
)
from simsuite.metrics.measure import ALL, Measure

if TYPE_CHECKING:
    import pandas

WHAT_THE_INTERVAL_COVERS = (
    "The likely range is Monte Carlo only: it says how far luck could have moved the result of "
    "these runs. It says nothing about whether the assumptions of the scenario are right."
)
SIMULTANEOUS, POINTWISE = "simultaneous", "pointwise"
NOT_COMPARABLE = "not comparable"  # in the place of a verdict, with the reason beside it
MEASURE_COLUMNS = (
    "run_id",
    "strategy",
    "replication",
    "measure",
    "segment",
    "channel",
    "numerator",
    "denominator",
    "value",
)


@dataclass(frozen=True, repr=False)
class Comparison:
    """Every strategy against the reference, one row per measure and strategy.

    reference, strategies : names; the strategies in the order of the measures table
    level : of the intervals, 0 to 1
    table : totals with simultaneous intervals over all measures and strategies. Columns:
        measure, title, unit, base, period, better, segment, channel, strategy, reference_value, value, change,
        low, high (cut off at what is possible), half_width (before that), threshold (all in
        displayed units; the range is missing where few or equal observations leave none),
        interval, verdict, run_more (more replications until the verdict probably settles;
        missing if none needed or none would help), wins (replications in which it did better), replications (pairs
        measured), variance_reduction (by pairing, share), reason (why there is no verdict; empty
        where there is one)
    by_segment, by_channel : the same columns, split, by channel also for the companions that are
        about channels; intervals pointwise, so that of many some miss by chance
    companions : the same columns, totals of the measures that stand beside the declared ones;
        intervals pointwise
    """

    reference: str
    strategies: tuple[str, ...]
    level: float
    table: pandas.DataFrame
    by_segment: pandas.DataFrame
    by_channel: pandas.DataFrame
    companions: pandas.DataFrame

    def __repr__(self) -> str:
        compared = ", ".join(self.strategies[:20])
        return f"<Comparison of {compared} with {self.reference}; say .table, .companions, .by_segment, .by_channel>"

    def all_rows(self) -> pandas.DataFrame:
        """The four tables below each other; `interval` tells simultaneous from pointwise."""
        import pandas

        tables = (self.table, self.companions, self.by_segment, self.by_channel)
        parts = [part for part in tables if len(part)]
        return pandas.concat(parts, ignore_index=True) if parts else self.table

    def of(self, strategy: str) -> Comparison:
        """The same rows of one compared strategy alone; its simultaneous intervals still hold for all together."""
        named = {name: getattr(self, name) for name in ("table", "by_segment", "by_channel", "companions")}
        rows = {name: table[table["strategy"] == strategy] for name, table in named.items()}
        return replace(self, strategies=(strategy,), **rows)

    def is_precise(self) -> bool:
        """Whether every half-width that was measured is at most half its threshold; one that is missing is not.

        What was the same all along holds nothing up.
        """
        measured = self.table[(self.table["verdict"] != statistics.NOT_MEASURED) & ~same_all_along(self.table)]
        return len(measured) > 0 and bool((measured["half_width"] <= measured["threshold"] / 2).all())


def same_all_along(table: pandas.DataFrame) -> pandas.Series:
    """Which rows were the same in both worlds in all of several runs, to the last count.

    A strategy that does not act on a measure leaves it so for ever, however many runs are added.
    """
    return table["half_width"].isna() & (table["change"] == 0) & (table["replications"] >= statistics.FEWEST)


def compare(
    measures: pandas.DataFrame,
    reference: str,
    declared: Sequence[Measure],
    level: float = statistics.LEVEL,
    companions: Sequence[Measure] = (),
    runs: pandas.DataFrame | None = None,
) -> Comparison:
    """Compare all strategies of a measures table with one of them, replication by replication.

    A replication in which a measure is NaN under either strategy is left out for that pair, so
    that value - reference_value = change always holds.

    Measures that gave the same in every replication are "cannot tell yet": in a small world that is
    luck. They are "identical" where the runs themselves are, to the last bit.

    Parameters
    ----------
    measures : columns MEASURE_COLUMNS, one row per run, measure, segment and channel
    reference : name of the strategy that the others are compared with
    declared : the measures to compare; all their totals share one simultaneous level
    level : 0 to 1
    companions : measures that stand beside the declared ones, each with an interval for itself
    runs : columns strategy, replication and digest, one row per run; None: nothing is identical

    Raises
    ------
    UsageError : the reference did not run, nothing to compare it with, a column is missing, or
        a run lists the same measure twice
    """
    missing = [column for column in MEASURE_COLUMNS if column not in measures.columns]
    if missing:
        raise UsageError(f"The table of measures has no column {', '.join(missing)}.")
    strategies = list(dict.fromkeys(measures["strategy"]))
    if reference not in strategies:
        raise UsageError(
            f"The reference {reference!r} has no finished run. Strategies that ran: {', '.join(strategies) or 'none'}."
        )
    others = tuple(name for name in strategies if name != reference)
    if not others:
        raise UsageError(f"Only {reference!r} ran; a comparison needs a second strategy.")
    has, measures = places_of(measures), with_nothing(measures)
    total_segment, total_channel = measures["segment"] == ALL, measures["channel"] == ALL
    split = [*declared, *(measure for measure in companions if measure.by_channel)]
    identical = _identical(runs, reference, others, set(measures["replication"])) if runs is not None else ()
    tables = [
        _rows(measures[keep], reference, others, compared, level, interval, identical, has)
        for keep, compared, interval in (
            (total_segment & total_channel, declared, SIMULTANEOUS),
            (~total_segment & total_channel, declared, POINTWISE),
            (total_segment & ~total_channel, split, POINTWISE),
            (total_segment & total_channel, companions, POINTWISE),
        )
    ]
    return Comparison(reference, others, level, *tables)


def precision_by_replications(
    measures: pandas.DataFrame,
    reference: str,
    strategy: str,
    declared: Sequence[Measure],
    counts: Sequence[int],
    level: float = statistics.LEVEL,
) -> pandas.DataFrame:
    """Half-widths that the simultaneous intervals have after so many replications, in thresholds.

    Parameters
    ----------
    counts : numbers of replications; counted are the first so many
    (others) : as in `compare`; the intervals hold for all strategies together, shown is one

    Returns
    -------
    data frame, index counts, one column per measure title
    """
    import pandas

    totals = measures[(measures["segment"] == ALL) & (measures["channel"] == ALL)]
    others = [name for name in dict.fromkeys(totals["strategy"]) if name != reference]
    pairs = paired(totals, reference, others, declared, totals_of(declared))
    differences, one_count = differences_of(pairs)
    lines = {}
    for count in counts:
        reached = statistics.simultaneous_intervals(differences[:count], level, one_count[:count]).half_width
        lines[int(count)] = {
            pair.measure.title: half_width / threshold_of(pair.measure, means_of(pair, count)[0])
            for pair, half_width in zip(pairs, reached, strict=True)
            if pair.strategy == strategy
        }
    return pandas.DataFrame(lines).T


def _identical(
    runs: pandas.DataFrame, reference: str, others: Sequence[str], replications: Collection[int]
) -> list[str]:
    """Strategies whose run has the content of the reference's in each of these replications, and is there in each."""
    digests = runs.set_index(["replication", "strategy"])["digest"].unstack("strategy").reindex(list(replications))
    if reference not in digests:
        return []
    known = digests[reference].fillna("") != ""
    return [name for name in others if name in digests and (known & (digests[name] == digests[reference])).all()]


def _rows(
    measures: pandas.DataFrame,
    reference: str,
    others: Sequence[str],
    declared: Sequence[Measure],
    level: float,
    interval: str,
    identical: Collection[str],
    has: Mapping[str, set[Place]],
) -> pandas.DataFrame:
    """One table of the comparison from the rows of the measures table that belong to it.

    has : segments and channels of each strategy
    """
    import pandas

    cells = list(measures[CELL].drop_duplicates().itertuples(index=False, name=None))
    if interval == SIMULTANEOUS:  # a declared measure that has no row is shown as not measured
        cells = totals_of(declared)
    pairs = paired(measures, reference, others, declared, cells)
    differences, counts = differences_of(pairs)
    intervals = (statistics.simultaneous_intervals if interval == SIMULTANEOUS else statistics.pointwise_intervals)(
        differences, level, counts
    )
    rows = [
        _row(pair, change, standard_error, half_width, int(count), interval, pair.strategy in identical)
        | said_of_one_sided(pair, has[reference], has[pair.strategy])
        for pair, change, standard_error, half_width, count in zip(
            pairs,
            intervals.estimate,
            intervals.standard_error,
            intervals.half_width,
            intervals.replications,
            strict=True,
        )
    ]
    table = pandas.DataFrame(rows, columns=ROW_COLUMNS)
    return table.astype({"run_more": "Int64"})


ROW_COLUMNS = [
    "measure",
    "title",
    "unit",
    "base",
    "period",
    "better",
    "segment",
    "channel",
    "strategy",
    "reference_value",
    "value",
    "change",
    "low",
    "high",
    "half_width",
    "threshold",
    "interval",
    "verdict",
    "run_more",
    "wins",
    "replications",
    "variance_reduction",
    "reason",
]


def _row(
    pair: PairedMeasure,
    change: float,
    standard_error: float,
    half_width: float,
    replications: int,
    interval: str,
    same_runs: bool,
) -> dict:
    """One line of a comparison, by the names of ROW_COLUMNS."""
    measure = pair.measure
    reference_value, value = means_of(pair)
    threshold = threshold_of(measure, reference_value)
    identical = same_runs and replications > 0 and not np.nan_to_num(pair.other - pair.reference).any()
    half_width = 0.0 if identical else half_width
    low, high = measure.within_what_is_possible(reference_value, change - half_width, change + half_width)
    said = statistics.verdict(change, low, high, threshold, measure.better)
    if identical:
        said = statistics.IDENTICAL
    elif not measure.comparable and said != statistics.NOT_MEASURED:
        said = NOT_COMPARABLE
    more = None
    if said == statistics.CANNOT_TELL:
        more = statistics.runs_needed(change, standard_error, half_width, threshold, replications)
    return {
        "measure": measure.name,
        "title": measure.title,
        "unit": measure.unit,
        "base": measure.base,
        "period": measure.period,
        "better": measure.better,
        "segment": pair.segment,
        "channel": pair.channel,
        "strategy": pair.strategy,
        "reference_value": reference_value,
        "value": value,
        "change": change,
        "low": low,
        "high": high,
        "half_width": half_width,
        "threshold": threshold,
        "interval": interval,
        "verdict": said,
        "run_more": more,
        "wins": statistics.paired_wins(pair.other - pair.reference, measure.better),
        "replications": replications,
        "variance_reduction": statistics.variance_reduction(pair.reference, pair.other),
        "reason": measure.not_comparable if said == NOT_COMPARABLE else "",
    }
