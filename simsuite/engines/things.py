"""Things with attributes: a journey, a shelf, a link. A rule cannot tell them from records.

A `thing` takes what its record declares and nothing else, whoever writes: a misspelled name is refused, and a number
that means nothing; a whole number stays whole, NumPy's numbers become Python's. A visit is made and thrown away in
every daypart, and nobody but rules ever holds it: it is `scratch`, which refuses misspelled names alone and is five
times as fast to write.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, make_dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from simsuite.arguments import plain
from simsuite.errors import UnknownName, UsageError
from simsuite.rules import state
from simsuite.rules.mechanism import Record, Variable
from simsuite.scenario.words import did_you_mean

LONGEST_TEXT = 1800  # characters of a thing that is shown
MOST_SHOWN = 6  # numbers of a row that are shown
HAIR = 1e-9  # by so much a share that rules have worked out may miss 0 or 1
NO_NUMBER = (None, 0.0, 0.0)


class Thing:
    """The state variables of a record as plain attributes."""

    __slots__ = ()
    record: ClassVar[Record]
    guarded: ClassVar[bool] = False

    def __repr__(self) -> str:
        return shown({variable.name: getattr(self, variable.name) for variable in self.record.variables})

    def __reduce__(self) -> tuple:
        return _restored, (self.record.name, self.guarded), [getattr(self, each.name) for each in self.record.variables]

    def __setstate__(self, values: list) -> None:
        for variable, value in zip(self.record.variables, values, strict=True):
            object.__setattr__(self, variable.name, value)


def thing(record: Record, values: dict | None = None) -> Thing:
    """A thing of this record at its initial values, or at these."""
    made = _filled(_kind(record, True)(), values or {}, taken)
    for variable in record.variables:
        if variable.fixed and isinstance(variable.kind, tuple):
            setattr(made, variable.name, tuple(getattr(made, variable.name)))
    made.__class__ = _guarded(record)  # made by the kind without a guard, which takes a tenth of the time
    return made


def scratch(record: Record, values: dict | None = None) -> Thing:
    """A thing that lives for a daypart."""
    return _filled(scratch_kind(record)(), values or {})


def scratch_kind(record: Record) -> type[Thing]:
    """What makes `scratch` of this record at its initial values, without looking up how."""
    return _kind(record, False)


def things(record: Record | None, sizes: Sequence[int], values: list | dict | None = None):
    """A table of the world: lists within lists of things, or of numbers where there is no record; filled with `values`."""
    if not sizes:
        return thing(record, values) if record else 0.0
    return [things(record, sizes[1:], values[place] if values else None) for place in range(sizes[0])]


def alike(one: Any, other: Any) -> bool:
    """Whether two tables of things hold the same."""
    if isinstance(one, list):
        return all(map(alike, one, other))
    return state_of(one) == state_of(other) if isinstance(one, Thing) else one == other


def state_of(one: Thing) -> dict[str, Any]:
    """Its variables by name."""
    return {variable.name: getattr(one, variable.name) for variable in one.record.variables}


def fitting(record: Record, name: str, value: Any, sizes: Mapping[str, int] | None = None) -> Any:
    """The value as the variable of this name takes it from somebody who changes it, in a world of these sizes.

    Raises
    ------
    UnknownName : there is no such variable
    UsageError : it is of another kind, means nothing, or never changes
    """
    variable = variables_of(record).get(name)
    if variable is None:
        raise unknown(record.name.lower(), name, variables_of(record))
    if variable.fixed:
        raise UsageError(f"{record.name.lower()}.{name} is fixed: {variable.fixed}. Change the scenario.")
    value = taken(record, name, value)
    if isinstance(value, (int, float)):
        _check_within(record, variable, value, sizes)
    return value


def _check_within(record: Record, variable: Variable, value: float, sizes: Mapping[str, int] | None) -> None:
    """Refuse a number that is out of bounds, unless it is where the variable begins."""
    least, most = variable.bounds(sizes)
    if not least - HAIR <= value <= most + HAIR and value != variable.initial:
        allowed = f"from {least:.12g} to {most:.12g}" if most < math.inf else f"{least:.12g} or more"
        raise UsageError(f"{record.name.lower()}.{variable.name} = {value}: this must be {allowed}.")


def taken(record: Record, name: str, value: Any) -> Any:
    """The value as what its variable is: a number of Python of its kind, a thing, a row."""
    variable, value = variables_of(record)[name], plain(value)
    if isinstance(variable.kind, Record):
        if isinstance(value, Thing) and value.record is variable.kind:
            return value
        raise UsageError(f"{record.name.lower()}.{name} is a {variable.kind.name.lower()}; change what is in it.")
    if isinstance(variable.kind, tuple):
        return _row(record, variable, value)
    return _number(f"{record.name.lower()}.{name}", variable.kind, value, variable.meaning)


def unknown(owner: str, name: str, known: Sequence[str] | dict) -> UnknownName:
    """The error of a name that nothing here has."""
    meant = did_you_mean(name, known)
    remedy = f"Did you mean '{meant}'?" if meant else f"There are: {', '.join(known)}."
    return UnknownName(f"{owner} has no '{name:.60}'. {remedy}")


def shown(values: dict[str, Any]) -> str:
    """Names and values line by line, shortened."""
    lines = [f"{name} = {_shown_value(value)}" for name, value in values.items()]
    text, rest = "", len(lines)
    for line in lines:
        if len(text) + len(line) > LONGEST_TEXT:
            return f"{text}... and {rest} more: {', '.join(list(values)[-rest:])}"[: LONGEST_TEXT + 150]
        text, rest = f"{text}{line}\n", rest - 1
    return text.rstrip("\n")


def _shown_value(value: Any) -> str:
    if isinstance(value, Thing):
        return f"<{value.record.name}: {', '.join(list(state_of(value))[:4])} ...>"
    if isinstance(value, (list, tuple, np.ndarray)) and np.size(value) > MOST_SHOWN:
        first = ", ".join(f"{number:.4g}" for number in np.ravel(value)[:MOST_SHOWN])
        return f"[{first}, ... {' x '.join(map(str, np.shape(value)))} numbers]"
    return repr(value)


@cache
def variables_of(record: Record) -> dict[str, Variable]:
    """The state variables by name."""
    return {variable.name: variable for variable in record.variables}


@cache
def plain_numbers(record: Record) -> dict[str, tuple[type, float, float]]:
    """Python type and bounds of every variable that is one number and may change."""
    numbers = [variable for variable in record.variables if isinstance(variable.kind, type) and not variable.fixed]
    return {each.name: (each.kind, *each.bounds()) for each in numbers}


@cache
def _kind(record: Record, guarded: bool) -> type[Thing]:
    """The class of things of this record, without a guard; `guarded`: what is nested in them has one."""
    fields = [(each.name, object, field(default_factory=_initial(each, guarded))) for each in record.variables]
    plainly = {each.name: field(default=each.initial) for each in record.variables if isinstance(each.kind, type)}
    return make_dataclass(
        record.name,
        [(name, kind, plainly.get(name, made)) for name, kind, made in fields],
        bases=(Thing,),
        namespace={"record": record, "__module__": __name__},
        slots=True,
        repr=False,
        eq=False,
    )


def _initial(variable: Variable, guarded: bool):
    """What makes the initial value of a variable that is no single number."""
    if isinstance(variable.kind, Record):
        return (lambda: thing(variable.kind)) if guarded else _kind(variable.kind, False)
    if isinstance(variable.kind, tuple):
        kind, shape = variable.kind
        return (lambda: [kind(0)] * shape[0]) if len(shape) == 1 else lambda: np.zeros(shape, np.int64)
    return lambda: variable.initial


@cache
def _guarded(record: Record) -> type[Thing]:
    """The same class with a guard before every attribute."""
    plainly, write = plain_numbers(record).get, object.__setattr__

    def __setattr__(self, name, value):
        kind, least, most = plainly(name, NO_NUMBER)
        if type(value) is not kind or not least <= value <= most:
            value = fitting(record, name, value)
        write(self, name, value)

    names = {"__slots__": (), "__setattr__": __setattr__, "__module__": __name__, "guarded": True}
    return type(record.name, (_kind(record, True),), names)


def _filled(made: Thing, values: dict, fit: Callable[[Record, str, Any], Any] | None = None) -> Thing:
    """Take over those of the values that are of its variables, made to fit; the rest is of others."""
    for name in variables_of(made.record).keys() & values.keys():
        current, value = getattr(made, name), values[name]
        if isinstance(current, list) and isinstance(value, list):
            current[: len(value)] = value
        else:
            setattr(made, name, fit(made.record, name, value) if fit else value)
    return made


def _row(record: Record, variable: Variable, value: Any) -> Any:
    """A fixed table of numbers."""
    kind, shape = variable.kind
    name = f"{record.name.lower()}.{variable.name}"
    if np.shape(value) != shape:
        raise UsageError(f"{name} holds {' x '.join(map(str, shape))} numbers, {np.shape(value)} were given.")
    return (
        [_number(name, kind, each, variable.meaning) for each in value]
        if len(shape) == 1
        else np.array(value, np.int64)
    )


def _number(name: str, kind: type, value: Any, meaning: str) -> Any:
    """The value as this kind of number, if it is one; what is whole or yes or no may be written otherwise."""
    if isinstance(value, (bool, int, float)) and value == value:
        if kind is float or (abs(value) < 2**63 and kind(value) == value):
            return kind(value)
    words = {int: "a whole number", float: "a number", bool: "True or False"}[kind]
    raise UsageError(f"{name} = {value!r:.60}: this must be {words} ({meaning}).")


def _within(record: Record) -> Iterator[Record]:
    """The record and all that are nested in it."""
    yield record
    for variable in record.variables:
        if isinstance(variable.kind, Record):
            yield from _within(variable.kind)


@cache
def _records() -> dict[str, Record]:
    """All records of the world by name."""
    return {each.name: each for one in vars(state).values() if isinstance(one, Record) for each in _within(one)}


def _restored(name: str, guarded: bool) -> Thing:
    """A thing that a pickle fills."""
    made = _kind(_records()[name], guarded)()
    if guarded:
        made.__class__ = _guarded(made.record)
    return made
