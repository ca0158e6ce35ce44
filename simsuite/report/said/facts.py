"""What is assumed, and what the firm measured itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simsuite.experiment.comparison import Comparison
from simsuite.metrics.measure import ALL, REGISTRY
from simsuite.specs.base import code_of

if TYPE_CHECKING:
    import pandas

    from simsuite.scenario import Scenario
    from simsuite.scenario.views import ShownValue


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
