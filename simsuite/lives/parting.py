"""Where the lives of twins part: the first input that differs, and the first act that differs.

An input is what reaches a customer (a price told, a cart found, a wait), an act what she
does. Up to the first act that differs she has done the same in both worlds, so the inputs
between any two of her acts can be set side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsuite.errors import SimsuiteError
from simsuite.run_result import RunResult
from simsuite.vocabulary import INPUT_KINDS, PARTS_PER_DAY, Cause, EventKind, Outcome

if TYPE_CHECKING:
    from pandas import DataFrame

TOUCHES = {kind: kind.words.touch for kind in INPUT_KINDS if kind.words.touch}
TOUCHES_BY_CLASH = {cause: cause.words.touch for cause in Cause if cause.words.touch}
NO_PART = np.iinfo("i8").max  # later than any act
COMPARED = ("part", "need", "visit", "kind", "channel", "other_channel", "cause", "value")


def parting_table(reference: RunResult, compared: RunResult) -> DataFrame:
    """Every customer whose life differs between the two worlds, by customer number.

    Returns
    -------
    data frame
        customer : number
        first_touched : daypart of the run of the first input that differs before her acts
            part; -1 if none was logged
        first_touched_by : what that input is about; "" if none
        first_parted : daypart of the first act that differs; the earlier one if the worlds
            disagree when; -1 if she does the same throughout
        reference_event, compared_event : row of that act in the event log of each world;
            -1 where she does nothing more
        touched_by : all that differed until then, separated by commas: identity, cart,
            profile, price, promotion, stock, wait, announcement. Empty for whoever parts
            although no logged input differs, as where expected waits changed her choice

    Raises
    ------
    SimsuiteError if a run kept no events, or the worlds have other customers or channels
    """
    _check_comparable(reference, compared)
    customers = len(reference.customers)
    logs = [_Log(result, customers) for result in (reference, compared)]
    parted = _first_difference(*(log.acts() for log in logs))
    parts, rows = zip(*(log.act_at(parted) for log in logs), strict=True)
    touches = _touches(logs, parted)
    differs = parted >= 0
    differs[touches["customer"]] = True
    return _table(np.flatnonzero(differs), touches, np.minimum(*parts), rows)


def parting_of_run(reference: RunResult, compared: RunResult, name: str, reference_name: str) -> DataFrame:
    """Of the customers whose events were kept, those whose lives differ; the names are those of the arms.

    Returns
    -------
    data frame (replication, strategy, reference, customer, first_touched, first_touched_by,
    first_parted, touched_by, reference_orders, orders): as `parting_table` says, but times are
    days since the switch, with a quarter for each daypart that has passed of the day, and
    missing where there is none. Orders are those for needs of the horizon. No rows where a
    world has no events or other channels
    """
    import pandas as pd

    frame = pd.DataFrame(columns=["customer", "first_touched", "first_touched_by", "first_parted", "touched_by"])
    same_channels = reference.channel_names == compared.channel_names
    if len(reference.events) and len(compared.events) and same_channels:
        frame = parting_table(reference, compared)[list(frame.columns)]
    for column in ("first_touched", "first_parted"):
        parts = frame[column].astype("float64")
        frame[column] = (parts / PARTS_PER_DAY - reference.warm_up).where(parts >= 0)
    for column, result in (("reference_orders", reference), ("orders", compared)):
        bought = result.needs["customer"][result.needs["outcome"] == Outcome.ORDERED]
        counts = np.bincount(bought, minlength=len(result.customers))
        frame[column] = counts[frame["customer"].to_numpy("int64")]
    frame.insert(0, "reference", reference_name)
    frame.insert(0, "strategy", name)
    frame.insert(0, "replication", reference.replication)
    whole = ("replication", "customer", "reference_orders", "orders")
    words = ("strategy", "reference", "first_touched_by", "touched_by")
    return frame.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(words, str))


class _Log:
    """The events of one world, with the number of acts that each customer had done before each."""

    def __init__(self, result: RunResult, customers: int):
        self.events = result.events
        self.is_input = np.isin(self.events["kind"], INPUT_KINDS)
        self.act_rows = np.flatnonzero(~self.is_input)
        numbers = np.arange(customers + 1)
        self.first_act = np.searchsorted(self.events["customer"][self.act_rows], numbers)
        self.acts_before = np.cumsum(~self.is_input) - self.first_act[self.events["customer"]]

    def acts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Contents of the acts, the customer of each, and where each customer's acts begin."""
        acts = self.events[self.act_rows]
        steps = acts["kind"] == EventKind.STEPPED
        contents = np.empty(len(acts), [(name, acts.dtype[name]) for name in (*COMPARED, "phase")])
        for name in COMPARED:
            contents[name] = acts[name]
        contents["phase"] = np.where(steps, acts["phase"], -1)  # elsewhere a state, not an act
        return contents, acts["customer"], self.first_act

    def act_at(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Daypart and row of each customer's act number `place`; NO_PART and -1 without one."""
        exists = (place >= 0) & (place < np.diff(self.first_act))
        rows = np.full(len(place), -1)
        rows[exists] = self.act_rows[(self.first_act[:-1] + place)[exists]]
        parts = np.full(len(place), NO_PART)
        parts[exists] = self.events["part"][rows[exists]]
        return parts, rows

    def inputs(self, parted: np.ndarray) -> DataFrame:
        """Inputs up to each customer's act number `parted`, all of them where that is -1."""
        import pandas as pd

        limit = np.where(parted >= 0, parted, len(self.events))
        rows = np.flatnonzero(self.is_input & (self.acts_before <= limit[self.events["customer"]]))
        inputs = self.events[rows]
        frame = pd.DataFrame({name: inputs[name] for name in ("customer", *COMPARED)})
        return frame.assign(acts_before=self.acts_before[rows], ordinal=inputs["ordinal"])


def _first_difference(one: tuple, other: tuple) -> np.ndarray:
    """By customer, the place of the first act that differs or that only one world has; -1: none."""
    (contents, customer, starts), (others, _, other_starts) = one, other
    counts, other_counts = np.diff(starts), np.diff(other_starts)
    shared = np.minimum(counts, other_counts)
    first = np.where(counts != other_counts, shared, -1)
    place = np.arange(len(contents)) - starts[customer]
    rows = np.flatnonzero(place < shared[customer])
    unequal = rows[contents[rows] != others[other_starts[customer[rows]] + place[rows]]]
    who, at = np.unique(customer[unequal], return_index=True)
    first[who] = place[unequal[at]]
    return first


def _touches(logs: list[_Log], parted: np.ndarray) -> DataFrame:
    """Inputs that only one world has, in order, with what they are about."""
    left, right = (log.inputs(parted) for log in logs)
    keys = ["customer", "acts_before", *COMPARED]
    merged = left.merge(right, on=keys, how="outer", indicator=True, suffixes=("", "_there"))
    touches = merged[merged["_merge"] != "both"]
    ordinal = touches["ordinal"].fillna(touches["ordinal_there"])
    touches = touches.assign(ordinal=ordinal).sort_values(["customer", "part", "ordinal"], kind="stable")
    about = touches["kind"].map(TOUCHES).fillna(touches["cause"].map(TOUCHES_BY_CLASH))
    return touches.assign(about=about)[["customer", "part", "about"]]


def _table(customers: np.ndarray, touches: DataFrame, parts: np.ndarray, rows: tuple) -> DataFrame:
    import pandas as pd

    by_customer = touches.groupby("customer")
    first = by_customer[["part", "about"]].first().reindex(customers)
    names = touches.drop_duplicates(["customer", "about"]).sort_values(["customer", "about"], kind="stable")
    all_names = names.groupby("customer")["about"].agg(", ".join).reindex(customers)
    return pd.DataFrame(
        {
            "customer": customers,
            "first_touched": first["part"].fillna(-1).astype("int64").to_numpy(),
            "first_touched_by": first["about"].fillna("").astype(str).to_numpy(),
            "first_parted": np.where(parts[customers] == NO_PART, -1, parts[customers]),
            "reference_event": rows[0][customers],
            "compared_event": rows[1][customers],
            "touched_by": all_names.fillna("").astype(str).to_numpy(),
        }
    )


def _check_comparable(reference: RunResult, compared: RunResult) -> None:
    for result in (reference, compared):
        if not len(result.events):
            raise SimsuiteError(
                f"The run of '{result.strategy}', replication {result.replication}, kept no "
                "events. Run it with its events kept to see where lives part."
            )
    if len(reference.customers) != len(compared.customers) or reference.channel_names != compared.channel_names:
        raise SimsuiteError(
            f"The worlds '{reference.strategy}' and '{compared.strategy}' have other customers or "
            "other channels, so that nobody has a twin. Compare runs of the same scenario."
        )
