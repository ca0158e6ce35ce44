"""What the tables of a comparison hold, ready to be shown: one data frame per question.

Counts are per 1,000 candidate needs, which are the same in all worlds; intervals are
pointwise and come from whole replications. What a sentence picks out of many is `clear`: it
holds for all rows together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simsuite.experiment.comparison import Comparison, compare, precision_by_replications
from simsuite.experiment.statistics import Intervals, pointwise_intervals, simultaneous_intervals
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.report.said import labels

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario

PER_NEEDS = 1000
AUDIT_PARTS = {
    "consistency_of_price": "price",
    "consistency_of_promotion": "promotion",
    "consistency_of_stock": "stock",
    "continuity": "cart",
    "coordination": "coordination",
    "process": "process",
}
SMOOTHED_DAYS = 7
FIRST_REPLICATIONS = 3  # below, an interval says nothing
STEPS_OF_CONVERGENCE = 8
PAIR_COLUMNS = ["reference_value", "value", "change", "low", "high"]


@dataclass(frozen=True)
class Pair:
    """One compared strategy beside the reference: what figures and tables are made from.

    waterfall : of this strategy, columns as `experiment.decompose.waterfall_table` gives
    """

    scenario: Scenario
    comparison: Comparison
    tables: Mapping[str, pandas.DataFrame]
    strategy: str
    waterfall: pandas.DataFrame | None = None

    def __getstate__(self) -> dict[str, Any]:
        """For another process: what was found in the tables, without the tables themselves, a hundred times as large."""
        return {**self.__dict__, "tables": None}

    @cached_property
    def titles(self) -> labels.Labels:
        return labels.labels_of(self.scenario)

    @property
    def reference_title(self) -> str:
        return self.titles.strategy(self.comparison.reference)

    @property
    def strategy_title(self) -> str:
        return self.titles.strategy(self.strategy)

    @property
    def reference(self) -> str:
        """Title of the reference within a sentence."""
        return labels.within(self.reference_title)

    @property
    def compared(self) -> str:
        """Title of the compared strategy within a sentence."""
        return labels.within(self.strategy_title)

    @cached_property
    def rows(self) -> pandas.DataFrame:
        """The totals of this strategy."""
        table = self.comparison.table
        return table[table["strategy"] == self.strategy]

    @property
    def horizon(self) -> int:
        """Day on which the horizon ends; the run goes on, so that journeys can end."""
        return int(self.scenario.spec.experiment.horizon)

    @cached_property
    def has_twins(self) -> bool:
        """Whether both worlds hold the same people, so that each need is there twice."""
        return "twins" in self.tables and (self.tables["twins"]["strategy"] == self.strategy).any()

    @cached_property
    def needs(self) -> pandas.Series:
        """Candidate needs of the reference by replication; 1 where there was none, since counts are divided by them."""
        funnel = self.tables["funnel"]
        stage = (funnel["strategy"] == self.comparison.reference) & (funnel["stage"] == "candidate_needs")
        return funnel[stage].set_index("replication")["count"].sort_index().clip(lower=1)

    def paired(
        self, frame: pandas.DataFrame, keys: Sequence[str], value: str, most: float = math.inf
    ) -> pandas.DataFrame:
        """Sums of a column per 1,000 needs in both worlds, with the interval of their difference.

        most : that a sum can be; none is below 0

        Returns
        -------
        data frame, one row per combination of keys that occurs: keys, PAIR_COLUMNS, clear (whether
        the change is told apart from none among all rows)
        """
        import pandas as pd

        names = [self.comparison.reference, self.strategy]
        sums = frame[frame["strategy"].isin(names)].groupby([*keys, "strategy", "replication"])[value].sum()
        if sums.empty:
            return pd.DataFrame(columns=[*keys, *PAIR_COLUMNS, "clear"])
        wide = sums.unstack("replication").reindex(columns=self.needs.index)
        wide = wide.fillna(0.0).div(self.needs, axis=1) * PER_NEEDS
        before, after = (
            wide.xs(name, level="strategy")
            if name in wide.index.get_level_values("strategy")
            else wide.iloc[:0].droplevel("strategy")
            for name in names
        )
        every = before.index.union(after.index)
        before, after = (part.reindex(every, fill_value=0.0) for part in (before, after))
        differences, levels = (after - before).to_numpy().T, before.mean(axis=1).to_numpy()
        intervals, clear = self._intervals(differences)
        return every.to_frame(index=False).assign(
            reference_value=levels,
            value=after.mean(axis=1).to_numpy(),
            change=intervals.estimate,
            low=np.maximum(intervals.low, -levels),
            high=np.minimum(intervals.high, most - levels),
            clear=clear,
        )

    def in_all(self, frame: pandas.DataFrame, value: str, most: float = math.inf) -> pandas.Series:
        """The one row of `paired` over everything; frame : with at least one row."""
        return self.paired(frame.assign(all=ALL), ["all"], value, most).iloc[0]

    def _intervals(self, differences: np.ndarray) -> tuple[Intervals, np.ndarray]:
        """Pointwise intervals of counts per 1,000 needs, and which columns are told apart from 0 among all; [R, M]."""
        one_count = PER_NEEDS / self.needs.to_numpy(float)[:, None]
        together = simultaneous_intervals(differences, self.comparison.level, one_count)
        pointwise = pointwise_intervals(differences, self.comparison.level, one_count)
        return pointwise, (together.low > 0) | (together.high < 0)

    @cached_property
    def losses(self) -> pandas.DataFrame:
        """Lost planned journeys by cause, most first: cause, title, PAIR_COLUMNS, clear."""
        found = self.paired(self.tables["ledger"], ["cause"], "journeys", PER_NEEDS)
        found["title"] = found["cause"].map(labels.cause)
        return (
            found.assign(most=found[["reference_value", "value"]].max(axis=1))
            .sort_values(["most", "cause"], ascending=[False, True], ignore_index=True)
            .drop(columns="most")
        )

    @cached_property
    def saved(self) -> pandas.DataFrame | None:
        """Orders won and forfeited, by what became of the need in the other world.

        Returns
        -------
        data frame (title, saved, forfeited, net, low, high, clear), most first, perhaps empty; None without twins
        """
        import pandas as pd

        wide = self._saved_by_replication
        if wide is None:
            return None
        if wide.empty:
            return pd.DataFrame(columns=["title", "saved", "forfeited", "net", "low", "high", "clear"])
        titles = sorted(set(wide.index.get_level_values("title")))
        won, lost = (
            wide.reindex([(kind, title) for title in titles], fill_value=0.0).to_numpy()
            for kind in ("saved", "forfeited")
        )
        net, clear = self._intervals((won - lost).T)
        found = pd.DataFrame(
            {
                "title": titles,
                "saved": won.mean(axis=1),
                "forfeited": lost.mean(axis=1),
                "net": net.estimate,
                "low": net.low,
                "high": net.high,
                "clear": clear,
            }
        )
        most = (found["saved"] + found["forfeited"]).to_numpy()
        return found.iloc[np.argsort(-most, kind="stable")].reset_index(drop=True)  # of equal ones by title

    @cached_property
    def saved_in_all(self) -> pandas.Series | None:
        """The change in orders: net, low, high; None without twins."""
        import pandas as pd

        wide = self._saved_by_replication
        if wide is None:
            return None
        signs = wide.index.get_level_values("kind").map({"saved": 1, "forfeited": -1}).to_numpy()
        net, _ = self._intervals((wide.to_numpy() * signs[:, None]).sum(axis=0)[:, None])
        return pd.Series({"net": net.estimate[0], "low": net.low[0], "high": net.high[0]})

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Rows of `saved`, what works in the direction of the whole change first, the largest first."""
        if self.saved is None:
            return []
        direction = -1 if self.saved_in_all["net"] < 0 else 1
        return sorted(self.saved.to_dict("records"), key=lambda row: (-direction * row["net"], row["title"]))

    @cached_property
    def _saved_by_replication(self) -> pandas.DataFrame | None:
        """Needs per 1,000, index (kind, title), a column per replication; None without twins."""
        if not self.has_twins:
            return None
        frame = self.tables["saved_from"]
        frame = frame[frame["strategy"] == self.strategy]
        frame = frame.assign(title=[labels.cause(*cell) for cell in zip(frame["cause"], frame["outcome"], strict=True)])
        sums = frame.groupby(["kind", "title", "replication"])["needs"].sum().unstack("replication")
        return sums.reindex(columns=self.needs.index).fillna(0.0).div(self.needs, axis=1) * PER_NEEDS

    @cached_property
    def funnel(self) -> pandas.DataFrame:
        """Stages from need to order: stage, PAIR_COLUMNS."""
        return self.paired(self.tables["funnel"], ["stage"], "count", PER_NEEDS).set_index("stage")

    def matrix(self, table: str, value: str) -> pandas.DataFrame:
        """Counts from channel to channel: from_channel, to_channel, PAIR_COLUMNS, clear."""
        return self.paired(self.tables[table], ["from_channel", "to_channel"], value)

    @cached_property
    def audit(self) -> pandas.DataFrame:
        """Share of the audit's questions answered alike: part, PAIR_COLUMNS, clear; NaN: not measured."""
        import pandas as pd

        measures = self.tables["measures"]
        totals = measures[(measures["segment"] == ALL) & (measures["channel"] == ALL)]
        parts = [name for name in AUDIT_PARTS if name in set(totals["measure"])]
        declared = [REGISTRY[name] for name in parts]
        if not declared:
            return pd.DataFrame(columns=["part", *PAIR_COLUMNS, "clear"])
        names = [self.comparison.reference, self.strategy]
        rows = compare(totals[totals["strategy"].isin(names)], names[0], declared, self.comparison.level).table
        clear = (rows["low"] > 0) | (rows["high"] < 0)  # they hold together already
        return rows[PAIR_COLUMNS].assign(part=rows["measure"].map(AUDIT_PARTS), clear=clear)

    @cached_property
    def days(self) -> pandas.DataFrame:
        """Orders per day as a moving mean over a week, and their running difference since day 0.

        Returns
        -------
        data frame, index day; columns (reference | value | gained, low | median | high), the
        10, 50 and 90 % quantiles over replications
        """
        import pandas as pd

        smooth = self._orders.rolling(SMOOTHED_DAYS, center=True, min_periods=1).mean()
        before, after = smooth[self.comparison.reference], smooth[self.strategy]
        parts = {"reference": before, "value": after, "gained": self._gained}
        quantiles = {
            (name, label): part.quantile(share, axis=1)
            for name, part in parts.items()
            for label, share in (("low", 0.1), ("median", 0.5), ("high", 0.9))
        }
        return pd.DataFrame(quantiles)

    @cached_property
    def gained_by_horizon(self) -> Intervals:
        """Orders gained on days of the horizon, in a run: one column."""
        gained = self._gained
        last = gained[gained.index < self.horizon].iloc[-1].to_numpy(float)
        return pointwise_intervals(last[:, None], self.comparison.level, one_count=1.0)

    @property
    def _orders(self) -> pandas.DataFrame:
        """Orders by day; columns (strategy, replication) of both worlds."""
        frame, names = self.tables["days"], [self.comparison.reference, self.strategy]
        frame = frame[frame["strategy"].isin(names)]
        return frame.pivot(index="day", columns=["strategy", "replication"], values="orders").sort_index()

    @property
    def _gained(self) -> pandas.DataFrame:
        """Orders gained since day 0 by the end of each day, a column per replication."""
        wide = self._orders
        gained = wide[self.strategy] - wide[self.comparison.reference]
        gained[gained.index < 0] = 0
        return gained.cumsum()

    @cached_property
    def segments(self) -> pandas.DataFrame:
        """Rows of the comparison by segment, with titles of the segments."""
        table = self.comparison.by_segment
        rows = table[table["strategy"] == self.strategy]
        return rows.assign(segment_title=rows["segment"].map(self.titles.segment))

    @cached_property
    def lives(self) -> pandas.DataFrame | None:
        """Orders won and lost by segment, per 1,000 of its needs; None without twins.

        Returns
        -------
        data frame (segment_title, saved, forfeited, net, low, high)
        """
        import pandas as pd

        if not self.has_twins:
            return None
        frame = self.tables["twins"]
        frame = frame[frame["strategy"] == self.strategy]
        counts = frame.pivot_table(index=["segment", "replication"], columns="kind", values="needs", aggfunc="sum")
        shares = counts[["saved", "forfeited"]].div(counts.sum(axis=1), axis=0).fillna(0.0) * PER_NEEDS
        won, lost = (shares[kind].unstack("replication") for kind in ("saved", "forfeited"))
        weights = (PER_NEEDS / counts.sum(axis=1)).unstack("replication").to_numpy().T
        net = pointwise_intervals((won - lost).to_numpy().T, self.comparison.level, weights)
        return pd.DataFrame(
            {
                "segment_title": won.index.map(self.titles.segment),
                "saved": won.mean(axis=1).to_numpy(),
                "forfeited": lost.mean(axis=1).to_numpy(),
                "net": net.estimate,
                "low": net.low,
                "high": net.high,
            }
        )

    @cached_property
    def convergence(self) -> pandas.DataFrame:
        """Half-widths of the headline intervals with fewer replications, in thresholds.

        Returns
        -------
        data frame, index replications, one column per measure title
        """
        import pandas as pd

        measures = self.tables["measures"]
        totals = measures[(measures["segment"] == ALL) & (measures["channel"] == ALL)]
        declared = [REGISTRY[name] for name in self.rows["measure"]]
        found = totals["replication"].nunique()
        if found < FIRST_REPLICATIONS:
            return pd.DataFrame()
        counts = np.unique(np.geomspace(FIRST_REPLICATIONS, found, STEPS_OF_CONVERGENCE).round().astype(int))
        return precision_by_replications(
            totals, self.comparison.reference, self.strategy, declared, counts, self.comparison.level
        )


def channel_views(pair: Pair, table: str, value: str) -> tuple[list[str], list[str], list[np.ndarray]]:
    """Channels before and after, and three matrices: reference, compared world, difference."""
    found = pair.matrix(table, value)
    known = list(pair.titles.channels)
    order = [*known, *sorted({*found["from_channel"], *found["to_channel"]} - {*known})]
    before, after = (
        [name for name in order if name in set(found[column])] for column in ("from_channel", "to_channel")
    )
    views = [
        found.pivot(index="from_channel", columns="to_channel", values=column)
        .reindex(index=before, columns=after)
        .fillna(0.0)
        .to_numpy()
        for column in ("reference_value", "value", "change")
    ]
    return before, after, views


def pairs_of(
    scenario: Scenario,
    comparison: Comparison,
    tables: Mapping[str, pandas.DataFrame],
    waterfall: pandas.DataFrame | None = None,
) -> list[Pair]:
    """Every compared strategy beside the reference.

    waterfall : may have a column strategy; without one it belongs to the first compared strategy
    """
    return [
        Pair(scenario, comparison, tables, name, waterfall_of(waterfall, comparison, name))
        for name in comparison.strategies
    ]


def waterfall_of(waterfall: pandas.DataFrame | None, comparison: Comparison, strategy: str) -> pandas.DataFrame | None:
    """The part of a waterfall that belongs to a strategy; None if there is none."""
    if waterfall is None:
        return None
    if "strategy" not in waterfall:
        return waterfall if strategy == comparison.strategies[0] else None
    part = waterfall[waterfall["strategy"] == strategy]
    return part if len(part) else None
