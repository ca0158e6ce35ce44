"""What lost sales would come back if a cause were not there: every cause silenced in turn.

One strategy, one warm-up, the same people and the same luck; on day 0 the clock of one cause
falls silent. A cause that struck many may bring back few: whom it no longer strikes, the next
one may. So what is removed does not add up over causes, and is no share of anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsuite.experiment.simulate import Arm, digest_of, people_digest, world_digest
from simsuite.experiment.statistics import LEVEL, pointwise_intervals
from simsuite.scenario.pack import pack
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec
from simsuite.vocabulary import LOSING_CAUSES, Cause, Intent, Outcome

if TYPE_CHECKING:
    import pandas


PLANNED = (Intent.CONSIDER.name, Intent.BUY.name)


def without_cause(parameters: Parameters, cause: Cause) -> Parameters:
    """The same parameters with the clock of one cause silent; whoever it would have driven away answers otherwise, if
    the vocabulary says how.

    Raises
    ------
    ValueError : the cause loses nothing
    """
    words = cause.words
    if not words.silence:
        raise ValueError(f"{cause.name} loses nothing; it cannot be silenced.")
    data = parameters.model_dump()

    def value(path: str) -> float:
        group, name = path.split(".")
        return data[group][name]

    changes = dict(words.silence)
    if words.instead:
        changes[words.instead] = min(1.0, sum(map(value, (*words.silence, words.instead))))
    for path, changed in changes.items():
        group, name = path.split(".")
        data[group][name] = changed
    return Parameters.model_validate(data)


def removal_arms(spec: ScenarioSpec, strategy: str, causes: Sequence[Cause] = LOSING_CAUSES) -> list[Arm]:
    """One strategy as it is, and with each cause silent from day 0 on; all from one warm-up."""
    packed, world, people = pack(spec), world_digest(spec), people_digest(spec)
    arms = [Arm(strategy, packed, strategy, world, people)]
    for cause in causes:
        silent = without_cause(spec.parameters, cause)
        digest = digest_of([world, silent.model_dump(mode="json")])
        arms.append(Arm(without(cause), packed, strategy, digest, people, afterwards=silent))
    return arms


def without(cause: Cause) -> str:
    """Name of the arm in which a cause is silent."""
    return f"without {cause.name}"


def removal_table(
    ledger: pandas.DataFrame,
    twins: pandas.DataFrame,
    saved_from: pandas.DataFrame,
    strategy: str,
    causes: Sequence[Cause] = LOSING_CAUSES,
    level: float = LEVEL,
) -> pandas.DataFrame:
    """Lost planned journeys by cause, and what comes back without it; per replication.

    Parameters
    ----------
    ledger, twins, saved_from : tables of the runs of `removal_arms`
    strategy : name of the arm in which no cause is silent

    Returns
    -------
    data frame (cause, lost, share, rescued, removal_gain, low, high, gain_over_lost, forfeited, forfeited_to,
    forfeited_net), most lost first
        lost : planned journeys lost to the cause
        share : of all lost planned journeys
        rescued : those of them that end in an order without the cause
        removal_gain : orders more for planned journeys without the cause, gained less forfeited
        low, high : pointwise interval of removal_gain from whole replications
        gain_over_lost : removal_gain / lost; missing where nothing was lost
        forfeited : planned journeys that are ordered with the cause and not without it
        forfeited_to : what most of them have become, browsers included and less what is saved from it: a cause, or an
            outcome where no cause is booked; empty where nothing is lost that way
        forfeited_net : orders lost that way, 0 or more
    """
    import numpy as np
    import pandas as pd

    replications = sorted(twins["replication"].unique())
    own = ledger[ledger["strategy"] == strategy]
    gains = np.column_stack(
        [_gain(twins[twins["strategy"] == without(cause)]).reindex(replications, fill_value=0) for cause in causes]
    )
    intervals = pointwise_intervals(gains, level, one_count=1.0)
    lost = np.array([own[own["cause"] == cause.name]["journeys"].sum() for cause in causes]) / len(replications)
    rescued = np.array([_rescued(saved_from, cause) for cause in causes]) / len(replications)
    every = own["journeys"].sum() / len(replications)
    found = pd.DataFrame(
        {
            "cause": [cause.name for cause in causes],
            "lost": lost,
            "share": lost / every if every else np.zeros(len(lost)),
            "rescued": rescued,
            "removal_gain": intervals.estimate,
            "low": intervals.low,
            "high": intervals.high,
            **_forfeits(twins, saved_from, causes, len(replications)),
            "gain_over_lost": np.divide(intervals.estimate, lost, out=np.full(len(lost), np.nan), where=lost > 0),
        }
    )
    return found.sort_values(["lost", "cause"], ascending=[False, True], ignore_index=True)


def _forfeits(
    twins: pandas.DataFrame, saved_from: pandas.DataFrame, causes: Sequence[Cause], replications: int
) -> dict[str, list]:
    """What is forfeited without each cause, and what most of it has become."""
    planned = twins[twins["intent"].isin(PLANNED) & (twins["kind"] == "forfeited")].groupby("strategy")["needs"].sum()
    booked = saved_from["outcome"].isin([Outcome.GAVE_UP.name, Outcome.WENT_TO_COMPETITOR.name])
    become = saved_from["cause"].where(booked, saved_from["outcome"])
    signed = saved_from["needs"].where(saved_from["kind"] == "forfeited", -saved_from["needs"])
    net = signed.groupby([saved_from["strategy"], become]).sum()
    found: dict[str, list] = {"forfeited": [], "forfeited_to": [], "forfeited_net": []}
    for arm in map(without, causes):
        own = net[arm] if arm in net.index.get_level_values(0) else net.iloc[:0]
        most = own.idxmax() if len(own) and own.max() > 0 else ""
        found["forfeited"].append(planned.get(arm, 0) / replications)
        found["forfeited_to"].append(most)
        found["forfeited_net"].append(own[most] / replications if most else 0.0)
    return found


def _gain(twins: pandas.DataFrame) -> pandas.Series:
    """Orders of planned journeys, saved less forfeited, by replication."""
    planned = twins[twins["intent"].isin(PLANNED)]
    signs = planned["kind"].map({"saved": 1, "forfeited": -1}).fillna(0)
    return (planned["needs"] * signs).groupby(planned["replication"]).sum()


def _rescued(saved_from: pandas.DataFrame, cause: Cause) -> int:
    """Planned journeys lost to the cause that end in an order where it is silent."""
    lost = [Outcome.GAVE_UP.name, Outcome.WENT_TO_COMPETITOR.name]
    rows = saved_from[
        (saved_from["strategy"] == without(cause))
        & (saved_from["kind"] == "saved")
        & (saved_from["cause"] == cause.name)
        & saved_from["outcome"].isin(lost)
    ]
    return int(rows["needs"].sum())
