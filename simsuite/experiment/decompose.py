"""What the difference between two strategies is made of: element by element, and knowing by deciding.

An experiment of its own with derived strategies, on the same people and the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsuite.errors import UsageError
from simsuite.experiment.paired import one_count
from simsuite.experiment.simulate import Arm, arms_of
from simsuite.experiment.statistics import LEVEL, pointwise_intervals
from simsuite.metrics.measure import ALL, Measure
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import Flows, StrategySpec

if TYPE_CHECKING:
    import pandas

ELEMENTS = (*Flows.model_fields, "authority", "capabilities", "announcement")
JOINTLY = "jointly"
SHARED, NOTHING_SHARED = "shared", "nothing shared"
CENTRAL, LOCAL = "central", "local"
SQUARE = tuple((knowing, deciding) for knowing in (NOTHING_SHARED, SHARED) for deciding in (LOCAL, CENTRAL))


def with_element(base: StrategySpec, source: StrategySpec, element: str) -> StrategySpec:
    """The strategy `base` with one element (a flow, authority, capabilities, announcement) as in `source`."""
    if element in Flows.model_fields:
        return base.model_copy(
            update={"flows": base.flows.model_copy(update={element: getattr(source.flows, element)})}
        )
    return base.model_copy(update={element: getattr(source, element)})


def differing_elements(one: StrategySpec, other: StrategySpec) -> list[str]:
    """Elements in which two strategies differ, flows first."""
    return [element for element in ELEMENTS if with_element(one, other, element) != one]


def decomposition_arms(spec: ScenarioSpec, compared: str) -> tuple[list[Arm], list[str]]:
    """Arms that take the difference apart, and the elements in which the strategies differ.

    Both strategies; every element first in ("+ price") and last out ("- price"); and four worlds
    in which what `compared` shares, or nothing, meets who decides: everybody locally, or one
    for all ("shared, local"). The level of the one price is that of `compared` or, where only the
    reference has one, of the reference.

    Raises
    ------
    UsageError : the strategies do not differ
    """
    reference = spec.experiment.reference
    start, end = spec.strategies[reference], spec.strategies[compared]
    elements = differing_elements(start, end)
    if not elements:
        raise UsageError(f"{reference} and {compared} do not differ.")
    worlds = {reference: start, compared: end}
    worlds |= {f"+ {element}": with_element(start, end, element) for element in elements}
    worlds |= {f"- {element}": with_element(end, start, element) for element in elements}
    central = next((each for each in (end, start) if each.authority.price == CENTRAL), end)
    for knowing, deciding in SQUARE:
        base = end if knowing == SHARED else start
        authority = central.authority.model_copy(update={"price": deciding, "promotion": deciding})
        worlds[f"{knowing}, {deciding}"] = base.model_copy(update={"authority": authority})
    return arms_of(spec.model_copy(update={"strategies": worlds})), elements


def waterfall_table(
    measures: pandas.DataFrame,
    reference: str,
    compared: str,
    elements: Sequence[str],
    measure: str = "conversion",
    level: float = LEVEL,
) -> pandas.DataFrame:
    """What each element adds: alone first in, taken out last, and the mean of both; the rest is joint.

    Returns
    -------
    data frame (element, first_in, last_out, contribution, low, high), in units of the measure;
    contributions and the row "jointly" add up to the whole change. low and high: pointwise
    interval of the contribution from whole replications.
    """
    import numpy as np
    import pandas as pd

    rows = measures[(measures["measure"] == measure) & (measures["segment"] == ALL) & (measures["channel"] == ALL)]
    wide, counted = (
        rows.pivot(index="replication", columns="strategy", values=column) for column in ("value", "numerator")
    )
    first = np.column_stack([wide[f"+ {element}"] - wide[reference] for element in elements])
    last = np.column_stack([wide[compared] - wide[f"- {element}"] for element in elements])
    contribution = (first + last) / 2
    joint = (wide[compared] - wide[reference]).to_numpy() - contribution.sum(axis=1)
    arms = [reference, compared]
    half_a_count = 0.5 * one_count(*(each[arms].to_numpy().T[:, :, None] for each in (wide, counted)))  # means of two
    intervals = pointwise_intervals(np.column_stack([contribution, joint]), level, half_a_count)
    return pd.DataFrame(
        {
            "element": [*elements, JOINTLY],
            "first_in": [*first.mean(axis=0), np.nan],
            "last_out": [*last.mean(axis=0), np.nan],
            "contribution": intervals.estimate,
            "low": intervals.low,
            "high": intervals.high,
        }
    )


def authority_table(
    measures: pandas.DataFrame, reference: str, declared: Sequence[Measure], level: float = LEVEL
) -> pandas.DataFrame:
    """The change against the reference when nothing, or everything, is shared and prices are local, or central.

    Returns
    -------
    data frame (knowing, deciding, measure, title, unit, reference_value, value, change, low, high),
    a row per measure and cell of the square, in displayed units; low and high: pointwise
    interval of the change from whole replications
    """
    import numpy as np
    import pandas as pd

    totals = measures[(measures["segment"] == ALL) & (measures["channel"] == ALL)]
    wide, counted = (
        totals.pivot(index="replication", columns=["measure", "strategy"], values=column)
        for column in ("value", "numerator")
    )
    cells = [(each, knowing, deciding) for each in declared for knowing, deciding in SQUARE]
    names = [[(each.name, reference) for each, _, _ in cells]]
    names.append([(each.name, f"{knowing}, {deciding}") for each, knowing, deciding in cells])
    before, after = (wide[arm].to_numpy() for arm in names)
    both = ~np.isnan(after - before)
    weights = one_count(np.stack([before, after]), np.stack([counted[arm].to_numpy() for arm in names]))
    intervals = pointwise_intervals(after - before, level, weights)
    means = [
        np.where(both, values, 0.0).sum(axis=0) / np.where(both.any(axis=0), both.sum(axis=0), np.nan)
        for values in (before, after)
    ]
    ends = [
        each.within_what_is_possible(*numbers)
        for (each, _, _), *numbers in zip(cells, means[0], intervals.low, intervals.high, strict=True)
    ]
    return pd.DataFrame(
        {
            "knowing": [knowing for _, knowing, _ in cells],
            "deciding": [deciding for _, _, deciding in cells],
            "measure": [each.name for each, _, _ in cells],
            "title": [each.title for each, _, _ in cells],
            "unit": [each.unit for each, _, _ in cells],
            "reference_value": means[0],
            "value": means[1],
            "change": intervals.estimate,
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }
    )
