"""Where saved sales come from, what is assumed, and what the firm measured itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsuite.experiment.comparison import Comparison
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.report.said import labels
from simsuite.specs.base import code_of

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario
    from simsuite.scenario.views import ShownValue


PER_NEEDS = 1000


def mostly_from(tables: Mapping[str, pandas.DataFrame], strategy: str) -> list[tuple[str, float]]:
    """Orders gained, net, by what became of the need in the world without the order.

    Saved needs count for what they had come to in the reference, forfeited ones against what they
    come to under the strategy, so that the causes add up to the change in orders.

    Returns
    -------
    (words, orders per 1,000 candidate needs), what works in the direction of the sum first, the
    largest first; empty without twins
    """
    if "saved_from" not in tables:
        return []
    frame, funnel = tables["saved_from"], tables["funnel"]
    frame = frame[frame["strategy"] == strategy]
    stage = (funnel["strategy"] == strategy) & (funnel["stage"] == "candidate_needs")
    title = [labels.cause(*cell) for cell in zip(frame["cause"], frame["outcome"], strict=True)]
    signed = frame["needs"].where(frame["kind"] == "saved", -frame["needs"])
    net = signed.groupby(title).sum() * PER_NEEDS / funnel[stage]["count"].sum()
    direction = -1 if net.sum() < 0 else 1
    ordered = sorted(net.items(), key=lambda entry: (-direction * entry[1], entry[0]))
    return [(name, float(orders)) for name, orders in ordered]


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
    measures = measures[(measures["strategy"] == comparison.reference) & (measures["segment"] == ALL)]
    rows = []
    for channel, check in scenario.spec.check.items():
        code = code_of(channel, scenario.spec.channels[channel])
        for name, scale in CHECKED.items():
            firm = getattr(check, name)
            if firm is None:
                continue
            values = measures[(measures["measure"] == name) & (measures["channel"] == code)]["value"]
            rows.append(
                {
                    "channel": code,
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
