"""Where saved sales come from, what is assumed, and what the firm measured itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsuite.experiment.comparison import Comparison
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.report import labels

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario
    from simsuite.scenario.views import ShownValue


def mostly_from(
    tables: Mapping[str, pandas.DataFrame], strategy: str
) -> dict[str, list[tuple[str, float]]]:
    """What became of the saved and of the forfeited needs in the world without the order.

    Returns
    -------
    dict from "saved" and "forfeited" to (words, share of that kind), most first; the kind with
    more needs alone, so that a loss is not told as a gain; empty without twins
    """
    if "saved_from" not in tables:
        return {}
    frame = tables["saved_from"]
    frame = frame[frame["strategy"] == strategy]
    totals = {kind: frame[frame["kind"] == kind]["needs"].sum() for kind in ("saved", "forfeited")}
    kind = max(totals, key=totals.get)
    if not totals[kind]:
        return {}
    rows = frame[frame["kind"] == kind]
    title = [labels.cause(*cell) for cell in zip(rows["cause"], rows["outcome"], strict=True)]
    needs = rows.groupby(title)["needs"].sum()
    ordered = sorted(needs.items(), key=lambda entry: (-entry[1], entry[0]))
    return {kind: [(name, float(count / totals[kind])) for name, count in ordered]}


def assumptions(scenario: Scenario) -> list[ShownValue]:
    """Every value whose source is an assumption."""
    from simsuite.scenario.views import values_of

    return [value for value in values_of(scenario) if value.source.startswith("assumption")]


CHECKED = {
    "visits_per_customer_year": 1.0,
    "session_conversion": 100.0,
    "cart_abandonment": 100.0,
    "order_value": 1.0,
}  # from the unit of [check] to that of the measure


def firm_and_model(
    scenario: Scenario, comparison: Comparison, tables: Mapping[str, pandas.DataFrame]
) -> pandas.DataFrame | None:
    """The firm's own figures beside those of the reference world; None if it gave none.

    Returns
    -------
    data frame (channel, title, measure, unit, firm, model, low, high); low and high: 10 and 90 %
    quantiles of the model's runs
    """
    import pandas as pd

    measures = tables["measures"]
    measures = measures[
        (measures["strategy"] == comparison.reference) & (measures["segment"] == ALL)
    ]
    rows = []
    for channel, check in scenario.spec.check.items():
        for name, scale in CHECKED.items():
            firm = getattr(check, name)
            if firm is None:
                continue
            values = measures[(measures["measure"] == name) & (measures["channel"] == channel)][
                "value"
            ]
            rows.append(
                {
                    "channel": channel,
                    "title": REGISTRY[name].title,
                    "measure": name,
                    "unit": REGISTRY[name].unit,
                    "firm": scale * firm,
                    "model": values.mean(),
                    "low": values.quantile(0.1),
                    "high": values.quantile(0.9),
                }
            )
    return pd.DataFrame(rows) if rows else None
