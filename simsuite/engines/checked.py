"""What people ask of an engine, checked before it acts: the same in both engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from simsuite.arguments import argument, one_of, plain, whole_number, yes_or_no
from simsuite.engines.records import sizes_of
from simsuite.engines.things import fitting, unknown, variables_of
from simsuite.errors import UsageError
from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.rules.world import WORLD
from simsuite.scenario.pack import PackedScenario
from simsuite.scenario.words import counted
from simsuite.specs.parameters import Parameters

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
}
FROM_THE_START = (  # people, desks and shelves are made by these
    ("needs", "browse_share"),
    ("needs", "consider_share"),
    ("waiting", "customers_per_clerk"),
    ("stock", "expected_units"),
)


class Guarded:
    """An engine takes no attributes but its own, and none that would act on nothing; a subclass may add some."""

    made: ClassVar[bool] = False  # before the constructor has ended

    def __setattr__(self, name: str, value: Any) -> None:
        if self.made:
            if name in FIXED:
                raise UsageError(f"{name} is fixed once a run has been made: {FIXED[name]}.")
            ours = type(self).__module__.startswith("simsuite.")
            declared = any(name in vars(kind) for kind in type(self).__mro__)  # `hasattr` misses what Mesa observes
            if ours and name[0] != "_" and name not in vars(self) and not declared:
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
    for mechanism, name in FROM_THE_START:
        said, acts = (getattr(getattr(each, mechanism), name) for each in (parameters, packed.parameters))
        if said != acts:
            raise UsageError(
                f"{mechanism}.{name} = {said:g} would change nothing: people and shelves were made with {acts:g}. "
                "Change the scenario."
            )
    return parameters


def day_within(packed: PackedScenario, until_day: Any) -> int:
    """A day of the run, or the one after its last."""
    day = plain(until_day)
    if isinstance(day, int) and not isinstance(day, bool) and day > packed.days:
        raise UsageError(f"{argument('until_day', day)}: {length_of(packed)}")
    return whole_number("until_day", day, 0, packed.days)


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
    UsageError : no such table, place or variable, or a value of another kind
    """
    tables = tables_that_change(packed)
    record, sizes = tables[one_of("what", what, tables, "table")]
    places = tuple(plain(index)) if isinstance(index, (tuple, list)) else (plain(index),)
    if len(places) != max(1, len(sizes)):
        axes = "place" if len(sizes) < 2 else f"{len(sizes)} places, in a tuple"
        raise UsageError(f"{argument('index', index)}: one of {what} is named by its {axes}.")
    for name in values:
        if basis := getattr(variables_of(record).get(name), "worked_out", ""):
            raise UsageError(f"{record.name.lower()}.{name} is worked out from {basis}: a change would not last.")
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
