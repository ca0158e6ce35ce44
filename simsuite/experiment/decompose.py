"""What the difference between two strategies is made of: element by element, information by authority, cause by cause.

Each is an experiment of its own with derived strategies or parameters, on the same people and the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsuite.experiment.simulate import Arm, arm_of_file, arms_of
from simsuite.experiment.statistics import pointwise_intervals
from simsuite.specs.scenario import ScenarioSpec
from simsuite.specs.strategy import Flows, StrategySpec
from simsuite.vocabulary import Cause

if TYPE_CHECKING:
    import pandas

ELEMENTS = (*Flows.model_fields, "authority", "capabilities", "announcement")
JOINTLY = "jointly"

# The parameter whose off value silences a clock; causes without one follow from stock and time.
SILENCED_BY = {
    Cause.NOT_READY: ("giving_up.not_ready_browse", "giving_up.not_ready_consider", "giving_up.not_ready_buy"),
    Cause.COMPETITOR: ("giving_up.competitor",),
    Cause.EXTRA_COST: ("giving_up.extra_cost",),
    Cause.FORCED_ACCOUNT: ("giving_up.forced_account",),
    Cause.PAYMENT_DISTRUST: ("giving_up.payment_distrust",),
    Cause.SLOW_DELIVERY: ("giving_up.slow_delivery",),
    Cause.TEDIOUS_FORM: ("giving_up.tedious_form",),
    Cause.EFFORT: ("giving_up.effort",),
    Cause.PRICE_CLASH: ("statements.price_clash_rate",),
    Cause.PROMOTION_CLASH: ("statements.promotion_clash_rate",),
    Cause.CART_LOST: ("statements.cart_lost_rate",),
    Cause.ASKED_AGAIN: ("statements.asked_again_rate",),
    Cause.WRONG_PERSON: ("statements.wrong_person_rate",),
    Cause.CREEPY: ("identity.creepy_rate",),
    Cause.WAITING: ("giving_up.waiting",),
}


def with_element(base: StrategySpec, source: StrategySpec, element: str) -> StrategySpec:
    """The strategy `base` with one element (a flow, authority, capabilities, announcement) as in `source`."""
    if element in Flows.model_fields:
        return base.model_copy(update={"flows": base.flows.model_copy(update={element: getattr(source.flows, element)})})
    return base.model_copy(update={element: getattr(source, element)})


def differing_elements(one: StrategySpec, other: StrategySpec) -> list[str]:
    """Elements in which two strategies differ, flows first."""
    return [element for element in ELEMENTS if with_element(one, other, element) != one]


def waterfall_arms(spec: ScenarioSpec, compared: str) -> tuple[list[Arm], list[str]]:
    """Arms of a waterfall: both strategies, every element first in, every element last out."""
    reference = spec.experiment.reference
    start, end = spec.strategies[reference], spec.strategies[compared]
    elements = differing_elements(start, end)
    worlds = {reference: start, compared: end}
    worlds |= {f"+ {element}": with_element(start, end, element) for element in elements}
    worlds |= {f"- {element}": with_element(end, start, element) for element in elements}
    return arms_of(spec.model_copy(update={"strategies": worlds})), elements


def waterfall_table(measures: pandas.DataFrame, reference: str, compared: str, elements: Sequence[str],
                    measure: str = "conversion") -> pandas.DataFrame:
    """What each element adds: alone first in, taken out last, and the mean of both; the rest is joint.

    Returns
    -------
    data frame (element, first_in, last_out, contribution, low, high), in units of the measure;
    contributions and the row "jointly" add up to the whole change. low and high: pointwise
    interval of the contribution from whole replications.
    """
    import numpy as np
    import pandas as pd

    rows = measures[(measures["measure"] == measure) & (measures["segment"] == "all") & (measures["channel"] == "all")]
    wide = rows.pivot(index="replication", columns="strategy", values="value")
    first = np.column_stack([wide[f"+ {element}"] - wide[reference] for element in elements])
    last = np.column_stack([wide[compared] - wide[f"- {element}"] for element in elements])
    contribution = (first + last) / 2
    joint = (wide[compared] - wide[reference]).to_numpy() - contribution.sum(axis=1)
    intervals = pointwise_intervals(np.column_stack([contribution, joint]))
    return pd.DataFrame({
        "element": [*elements, JOINTLY],
        "first_in": [*first.mean(axis=0), np.nan], "last_out": [*last.mean(axis=0), np.nan],
        "contribution": intervals.estimate,
        "low": intervals.estimate - intervals.half_width, "high": intervals.estimate + intervals.half_width})


def knowing_and_deciding_arms(spec: ScenarioSpec, compared: str) -> list[Arm]:
    """Four worlds: what `compared` shares, or nothing, times who decides: everybody locally, or one for all."""
    reference = spec.experiment.reference
    start, end = spec.strategies[reference], spec.strategies[compared]
    central = end.authority.model_copy(update={"price": "central", "promotion": "central"})
    local = end.authority.model_copy(update={"price": "local", "promotion": "local"})
    worlds = {reference: start,
              "nothing shared, local": start.model_copy(update={"authority": local}),
              "nothing shared, central": start.model_copy(update={"authority": central}),
              "shared, local": end.model_copy(update={"authority": local}),
              "shared, central": end.model_copy(update={"authority": central})}
    return arms_of(spec.model_copy(update={"strategies": worlds}))


def without_cause(spec: ScenarioSpec, cause: Cause) -> ScenarioSpec:
    """The same world with the clock of one cause silenced."""
    data = spec.model_dump()
    for path in SILENCED_BY[cause]:
        group, name = path.split(".")
        data["parameters"][group][name] = 0.0
    return ScenarioSpec.model_validate(data)


def removal_arms(spec: ScenarioSpec, strategy: str, causes: Sequence[Cause] = tuple(SILENCED_BY)) -> list[Arm]:
    """One strategy as it is, and with each cause silenced in turn."""
    arms = [arm_of_file(strategy, spec, strategy)]
    arms += [arm_of_file(f"without {cause.name}", without_cause(spec, cause), strategy) for cause in causes]
    return arms


def removal_table(measures: pandas.DataFrame, ledger: pandas.DataFrame, strategy: str,
                  causes: Sequence[Cause] = tuple(SILENCED_BY)) -> pandas.DataFrame:
    """Orders gained with a cause silenced, beside the journeys lost to it; gains do not add up over causes.

    Returns
    -------
    data frame (cause, lost, share, removal_gain, gain_over_lost): planned journeys lost to the
    cause per replication, their share of all lost, net orders gained, and their ratio
    """
    import pandas as pd

    orders = measures[(measures["measure"] == "conversion") & (measures["segment"] == "all") & (measures["channel"] == "all")]
    orders = orders.groupby("strategy")["numerator"].mean()
    replications = ledger["replication"].nunique()
    lost = ledger[ledger["strategy"] == strategy].groupby("cause")["journeys"].sum() / replications
    rows = []
    for cause in causes:
        struck = float(lost.get(cause.name, 0.0))
        gain = float(orders[f"without {cause.name}"] - orders[strategy])
        rows.append({"cause": cause.name, "lost": struck, "share": struck / lost.sum(), "removal_gain": gain,
                     "gain_over_lost": gain / struck if struck else float("nan")})
    return pd.DataFrame(rows).sort_values("removal_gain", ascending=False, ignore_index=True)
