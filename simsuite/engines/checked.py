"""What people ask of an engine, checked before it acts: the same in both engines."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from simsuite.arguments import argument, level_outside, one_of, plain, whole_number, yes_or_no
from simsuite.engines.at_work import is_at_work
from simsuite.engines.records import sizes_of
from simsuite.engines.things import RUN_IS_OVER, fitting, unknown
from simsuite.errors import ScenarioWarning, UsageError
from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.rules.world import WORLD
from simsuite.scenario.fields import declared
from simsuite.scenario.pack import PackedScenario
from simsuite.scenario.words import counted
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import PARTS_PER_DAY, Flow

MOST_SEED, MOST_REPLICATIONS = 2**53 - 1, 2**32 - 1
FIXED = {
    "strategy": "say switch_to(strategy)",
    "packed": "begin another run",
    "replication": "begin another run",
    "seed": "begin another run",
    "seed_of_run": "begin another run",
    "parameters": "say change_parameters(parameters)",
    "rulebook": "begin another run",
    "threads": "begin another run",
    "block": "begin another run",
    "satisfaction": "it is kept as the horizon ends; change that of a customer, as in customers[3].satisfaction = 0.2",
}
WEEKLY = frozenset({"price", "promotion_ends", "promotion_again"})  # of a channel, decided in the morning of a week
FROM_THE_START = (  # people, desks and shelves are made by these
    ("needs", "browse_share"),
    ("needs", "consider_share"),
    ("waiting", "customers_per_clerk"),
    ("stock", "expected_units"),
)


class Guarded:
    """An engine whose attributes belong to the run: nobody else changes them, or adds some; a subclass may add its own."""

    def seal(self, others: Iterable[str] = ()) -> None:
        """The engine has been made; all attributes that it has are its own but `others`."""
        vars(self)["_own"] = frozenset(vars(self)).difference(others)

    def __setattr__(self, name: str, value: Any) -> None:
        own = vars(self).get("_own")
        if own is not None and name[0] != "_" and not is_at_work():
            if name in own:
                raise UsageError(
                    f"{name} is fixed once a run has been made: {FIXED.get(name, 'the run itself changes it')}."
                )
            ours = type(self).__module__.startswith("simsuite.")
            has = any(name in vars(kind) for kind in type(self).__mro__)  # `hasattr` misses what Mesa observes
            if ours and name not in vars(self) and not has:
                known = [own for own in vars(self) if own[0] != "_"]
                raise unknown(f"A {type(self).__name__}", name, known)
        super().__setattr__(name, value)


def strategy_in(packed: PackedScenario, strategy: Any) -> str:
    """A strategy of the scenario, by its name."""
    return one_of("strategy", strategy, packed.strategies, "strategy")


def replication_number(replication: Any) -> int:
    """Which replication, from 0."""
    return whole_number("replication", replication, 0, MOST_REPLICATIONS)


def seed_number(seed: Any, name: str = "seed") -> int:
    """A seed, by the name of its argument."""
    return whole_number(name, seed, 0, MOST_SEED)


def iteration_of_batch_run() -> int:
    """The number of the iteration if Mesa's `batch_run` makes this model, else 0.

    Mesa tells a model its parameters and nothing else, so that all iterations would be one and the same run: who
    makes the model knows which one it is.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner":
            if not isinstance(frame.f_locals.get("iteration"), int):
                raise UsageError('In batch_run name the replications: {"replication": range(5), ...}.')
            return frame.f_locals["iteration"]
        frame = frame.f_back
    return 0


def kept(keep_needs: Any, keep_events: Any, follow_every: Any) -> tuple[bool, bool, int]:
    """What an engine writes down, and of whom."""
    return (
        yes_or_no("keep_needs", keep_needs),
        yes_or_no("keep_events", keep_events),
        whole_number("follow_every", follow_every, 1, 2**31 - 1),
    )


def changed_parameters(packed: PackedScenario, parameters: Any) -> Parameters:
    """Parameters as a scenario has them, for a run that has been made by those of this one."""
    if not isinstance(parameters, Parameters):
        raise UsageError(f"{argument('parameters', parameters)}: say the `parameters` of a packed scenario.")
    _check_names(parameters, "parameters")
    try:
        parameters = Parameters.model_validate(
            parameters.model_dump(warnings=False)
        )  # copies are not held to any range
    except ValidationError as error:
        first = error.errors()[0]
        place, rule = first["loc"], declared(Parameters, first["loc"])
        raise UsageError(
            f"parameters.{'.'.join(map(str, place))} = {first['input']!r:.60}: this must be {rule.allowed() if rule else first['msg']}."
        ) from None
    for mechanism, name in FROM_THE_START:
        said, acts = (getattr(getattr(each, mechanism), name) for each in (parameters, packed.parameters))
        if said != acts:
            raise UsageError(
                f"{mechanism}.{name} = {said:g} would change nothing: people and shelves were made with {acts:g}. "
                "Change the scenario."
            )
    return parameters


def _check_names(group: BaseModel, path: str) -> None:
    """Refuse names that a copy has taken without looking, within groups as well."""
    for name, value in vars(group).items():
        if name not in type(group).model_fields:
            raise unknown(path, name, type(group).model_fields)
        if isinstance(value, BaseModel):
            _check_names(value, f"{path}.{name}")


def still_running(packed: PackedScenario, days_run: int, is_finished: bool = False) -> None:
    """Whether there is a day to come on which a change can act.

    Raises
    ------
    UsageError : there is none
    """
    if is_finished or days_run >= packed.days:
        raise UsageError(RUN_IS_OVER)


@dataclass(frozen=True)
class Idle:
    """Says of every change of a thing why it acts on nothing."""

    why: str

    def __call__(self, name: str, value: Any) -> str:
        return self.why


def in_whole_days(name: str, value: Any) -> str:
    """Says of a delay between two days as which one it acts, where channels publish once a day."""
    acting = value // PARTS_PER_DAY * PARTS_PER_DAY
    if name != "delay" or value == acting:
        return ""
    return (
        f"delay = {value} acts as {acting}: channels publish price, promotion and stock once a day, so that it acts in whole "
        f"days of {PARTS_PER_DAY} dayparts."
    )


def why_idle(
    flow: int, source: int, target: int, shares: Sequence[Sequence[float]], shelves: Sequence[bool], strategy: str
) -> str:
    """Why a link acts on nothing; empty: it acts.

    shares : of the records that the flow connects, by channel and region
    shelves : whether there is one, by channel
    """
    words, name = Flow(flow).words, Flow(flow).name.lower()
    if source == target and not words.in_one_channel:
        return f"The flow {name} brings to a channel what others know: its link to itself acts on nothing."
    if flow == Flow.STOCK and not shelves[source]:
        return "The flow stock says what lies on a shelf: a link from a channel without one acts on nothing."
    if not (np.any(shares[source]) and np.any(shares[target])):
        return (
            f"The flow {name} reaches no record at one end of this link under {strategy}, which is in force: unless its coverage "
            "is changed too, the link acts on nothing. Links of another strategy are changed after switch_to(...)."
        )
    return ""


def why_decided_anew(name: str, shares_data: bool, central_price: bool, packed: PackedScenario, days_run: int) -> str:
    """Why what was changed of a channel after so many days acts on nothing; empty: it acts."""
    if name == "price_level" and central_price and shares_data:
        return (
            "One price is decided for all channels that share data: price_level of one of them acts on nothing. Change "
            "policy.central_price_level."
        )
    if name in WEEKLY and (days_run == 0 or (days_run - packed.warm_up) % 7 == 0):
        return (
            f"The day to come begins a week, and {name} is decided anew in its morning: this change is lost. Change it "
            "when that day has been run."
        )
    return ""


def warn_of_idle_edit(engine: Any, what: str, places: Sequence[int], values: Mapping[str, Any]) -> None:
    """Warn of an edit by `set` of the compiled engine that acts on nothing, or as another one."""
    tables = engine.tables
    if what == "links":
        shares, shelves = tables["coverage"]["share"][places[0]], tables["channels"]["sells_now"]
        idle = why_idle(*places, shares, shelves, engine.strategy)
        warn_of_idle(idle)
        for name, value in values.items() if Flow(places[0]).words.by_day and not idle else ():
            warn_of_idle(in_whole_days(name, value))
    elif what == "channels":
        shares, central = tables["channels"]["shares_data"][places[0]], tables["policy"]["central_price"][0]
        for name in values:
            warn_of_idle(why_decided_anew(name, shares, central, engine.packed, engine.days_done))


def warn_of_idle(why: str) -> None:
    """Warn of what acts on nothing, if there is a reason."""
    if why:
        warnings.warn(why, ScenarioWarning, stacklevel=level_outside())


def warn_of_lost(changed: Sequence[str], strategy: str, following: str, day: int) -> None:
    """Warn that what was changed of tables of a strategy ends with it."""
    if changed:
        warnings.warn(
            f"What was changed of {' and '.join(changed)} was changed under {strategy}, and ends here: from day {day} on "
            f"{following} is in force, as the scenario has it. Change it again after "
            f'switch_to("{following}") on day {day}.',
            ScenarioWarning,
            stacklevel=level_outside(),
        )


def called_or_none(name: str, value: Any) -> Any:
    """What is called now and then, or None."""
    if value is None or callable(value):
        return value
    raise UsageError(f"{argument(name, value)}: this must be a function, or None.")


def day_within(packed: PackedScenario, until_day: Any, days_run: int) -> int:
    """The day until which a run is to go, after so many days.

    Raises
    ------
    UsageError : it is no day of the run, nor the one after its last, or has gone by
    """
    day = plain(until_day)
    if isinstance(day, int) and not isinstance(day, bool) and day > packed.days:
        raise UsageError(f"{argument('until_day', day)}: {length_of(packed)}")
    day = whole_number("until_day", day, 0, packed.days)
    if 0 < days_run >= day:
        more = f"For one more say run({days_run + 1})." if days_run < packed.days else "It was the last."
        why = (
            f"{argument('until_day', day)}: {counted(days_run, 'day')} {'has' if days_run == 1 else 'have'} been run, and run() "
            f"is told until which day it goes, not how many days. {more}"
        )
        if day < days_run:
            raise UsageError(why)
        warnings.warn(f"Nothing was run. {why}", ScenarioWarning, stacklevel=level_outside())
    return day


def length_of(packed: PackedScenario) -> str:
    """How many days a run has, in words."""
    return (
        f"a run of this scenario has {counted(packed.days, 'day')}: {packed.warm_up} of warm-up, {packed.horizon} of horizon, "
        f"{packed.cool_down} of cool-down."
    )


def edit(packed: PackedScenario, what: Any, index: Any, values: dict[str, Any]) -> tuple[tuple[int, ...], dict]:
    """Where `set` writes, and the values as the state takes them.

    Raises
    ------
    UsageError : no such table, place or variable, or a value that `fitting` refuses
    """
    tables = tables_that_change(packed)
    if not values:
        raise UsageError(
            f'Say what to change, as in set("{what}", 0, {"satisfaction=0.2" if what == "customers" else "..."}).'
        )
    record, sizes = tables[one_of("what", what, tables, "table")]
    places = tuple(plain(index)) if isinstance(index, (tuple, list)) else (plain(index),)
    if len(places) != max(1, len(sizes)):
        axes = "place" if len(sizes) < 2 else f"{len(sizes)} places, in a tuple"
        raise UsageError(f"{argument('index', index)}: one of {what} is named by its {axes}.")
    checked = [whole_number("index", place, 0, size - 1) for place, size in zip(places, sizes or (1,), strict=True)]
    return tuple(checked), {name: fitting(record, name, value, sizes_of(packed)) for name, value in values.items()}


def tables_that_change(packed: PackedScenario) -> dict[str, tuple[Record, Sequence[int]]]:
    """What each table that can be changed is made of, and its sizes."""
    sizes = sizes_of(packed)
    shared = {each.name: (each.record, [sizes[axis] for axis in each.axes]) for each in WORLD if each.record}
    return {
        "customers": (state.CUSTOMER, [packed.customers]),
        "relations": (state.RELATION, [packed.customers, len(packed.channels)]),
        **shared,
    }
