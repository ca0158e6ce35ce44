"""Things with attributes: a journey, a shelf, a link. A rule cannot tell them from records.

A `thing` takes what its record declares and nothing else, whoever writes: a misspelled name is refused; a whole number
stays whole, NumPy's numbers become Python's. Of people it takes no number that means nothing, and nothing that would
not last or not act. A visit is made and thrown away in every daypart, and nobody but rules ever holds it: it is
`scratch`, which refuses misspelled names alone and is five times as fast to write.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, make_dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from simsuite.arguments import level_outside, plain
from simsuite.engines.at_work import Edits, is_at_work
from simsuite.errors import ScenarioWarning, UnknownName, UsageError
from simsuite.rules import state
from simsuite.rules.mechanism import LARGEST_WHOLE, Record, Variable
from simsuite.scenario.fields import declared
from simsuite.scenario.words import did_you_mean
from simsuite.specs.category import CategorySpec
from simsuite.specs.channel import ChannelSpec
from simsuite.vocabulary import NEVER

LONGEST_TEXT = 1800  # characters of a thing that is shown
MOST_SHOWN = 6  # numbers of a row that are shown
LARGEST_FLOAT = sys.float_info.max
OPEN, OVER = "open", "over"
Guard = str | Callable[[str, Any], str]
RUN_IS_OVER = "The last day is over, and a change would act on nothing. Begin another run."
HAIR = 1e-9  # by so much a share that rules have worked out may miss 0 or 1
WORDS = {NEVER: "simsuite.vocabulary.NEVER"}
AS_IN_FILES = {state.CHANNEL: ChannelSpec, state.CATEGORY: CategorySpec}  # whose values stand in tables as in files


class Thing:
    """The state variables of a record as plain attributes."""

    __slots__ = ()
    record: ClassVar[Record]
    guard: ClassVar[Guard] = (
        ""  # none; OPEN to what people write; OVER with the run; or what says what comes of a change
    )

    def __repr__(self) -> str:
        return shown({variable.name: getattr(self, variable.name) for variable in self.record.variables})

    def __reduce__(self) -> tuple:
        return _restored, (self.record.name, self.guard), [getattr(self, each.name) for each in self.record.variables]

    def __setstate__(self, values: list) -> None:
        for variable, value in zip(self.record.variables, values, strict=True):
            object.__setattr__(self, variable.name, value)


def thing(record: Record, values: dict | None = None) -> Thing:
    """A thing of this record at its initial values, or at these."""
    made = _filled(_kind(record, True)(), values or {}, taken)
    for variable in record.variables:
        if variable.fixed and isinstance(variable.kind, tuple):
            setattr(made, variable.name, tuple(getattr(made, variable.name)))
    made.__class__ = _guarded(record, OPEN)  # made by the kind without a guard, which takes a tenth of the time
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


def close(one: Any) -> None:
    """The run is over: nobody changes this table of things any more, nor what is nested in it."""
    if isinstance(one, (list, tuple)):
        for each in one:
            close(each)
    elif isinstance(one, Thing) and one.guard not in ("", OVER):
        object.__setattr__(one, "__class__", _guarded(one.record, OVER))
        for variable in one.record.variables:
            close(getattr(one, variable.name))


def tell_when_changed(one: Thing, remark: Callable[[str, Any], str]) -> None:
    """The thing can be changed, and whoever does so hears what `remark` says of the name and the value, if anything."""
    object.__setattr__(one, "__class__", _guarded(one.record, remark))


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
    UsageError : it is of another kind, means nothing, never changes, or is worked out anew before anybody reads it
    """
    variable, owner = _variable(record, name), record.name.lower()
    if variable.fixed:
        raise UsageError(f"{owner}.{name} is fixed: {variable.fixed}. Change the scenario.")
    if variable.worked_out:
        raise UsageError(f"{owner}.{name} is worked out from {variable.worked_out}: a change would not last.")
    if isinstance(variable.kind, Record):
        within = [each.name for each in variable.kind.variables]
        raise UsageError(
            f"{owner}.{name} is made of {', '.join(within[:4])}{' ...' * (len(within) > 4)}: change these, in the Mesa model, as in "
            f"{owner}.{name}.{within[0]} = ..."
        )
    if isinstance(plain(value), bool) and variable.kind is not bool:
        raise _no_number(record, variable, value)
    value = taken(record, name, value)
    _check_within(record, variable, value, sizes)
    return value


def _variable(record: Record, name: str) -> Variable:
    """The variable of this name, or an error that says what there is."""
    variable = variables_of(record).get(name)
    if variable is None:
        raise unknown(record.name.lower(), name, variables_of(record))
    return variable


def _check_within(record: Record, variable: Variable, value: float, sizes: Mapping[str, int] | None) -> None:
    """Refuse a number that is out of bounds, unless it is where the variable begins."""
    least, most = bounds_of(record, variable, sizes)
    if least - HAIR <= value <= most + HAIR or value == variable.initial:
        return
    if most < LARGEST_WHOLE:
        allowed = f"from {least:.12g} to {most:.12g}"
    else:
        allowed = "of a reasonable size" if least <= -LARGEST_WHOLE else f"{least:.12g} or more, of a reasonable size"
    unit = f", in {variable.unit}" if variable.unit else ""
    begins = "" if least <= variable.initial <= most else f", or {WORDS.get(variable.initial, variable.initial)}"
    raise UsageError(f"{record.name.lower()}.{variable.name} = {value!s:.60}: this must be {allowed}{unit}{begins}.")


def bounds_of(record: Record, variable: Variable, sizes: Mapping[str, int] | None = None) -> tuple[float, float]:
    """The smallest and the largest number that a variable takes of people: where a scenario says it, as there."""
    spec, (least, most) = AS_IN_FILES.get(record), variable.bounds(sizes)
    said = declared(spec, (variable.name,)) if spec and variable.name in spec.model_fields else None
    if said is None or not said.is_numeric:
        return least, most
    return (least if said.low is None else said.low), (most if said.high is None else said.high)


def taken(record: Record, name: str, value: Any) -> Any:
    """The value as what its variable is: a number of Python of its kind, or a thing.

    Raises
    ------
    UnknownName : there is no such variable
    UsageError : it is of another kind
    """
    variable, value = _variable(record, name), plain(value)
    if not isinstance(variable.kind, Record):
        return _number(record, variable, value)
    if isinstance(value, Thing) and value.record is variable.kind:
        return value
    raise UsageError(f"{record.name.lower()}.{name} is a {variable.kind.name.lower()}: change what is in it.")


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
def kinds_of_numbers(record: Record) -> dict[str, type]:
    """Python type of every variable that is one number."""
    return {each.name: each.kind for each in record.variables if isinstance(each.kind, type)}


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
def _guarded(record: Record, guard: Guard) -> type[Thing]:
    """The same class with a guard before every attribute."""
    kind_of, write = kinds_of_numbers(record).get, object.__setattr__

    def __setattr__(self, name, value):
        if is_at_work():
            if type(value) is not kind_of(name):
                value = taken(record, name, value)
        elif guard == OVER:
            raise UsageError(RUN_IS_OVER)
        else:
            Edits.count += 1
            value = fitting(record, name, value)
            if guard != OPEN and (said := guard(name, value)):
                warnings.warn(said, ScenarioWarning, stacklevel=level_outside())
        write(self, name, value)

    kept = staticmethod(guard) if callable(guard) else guard  # a function would become a method of the thing
    names = {"__slots__": (), "__setattr__": __setattr__, "__module__": __name__, "guard": kept}
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


def _number(record: Record, variable: Variable, value: Any) -> Any:
    """The value as the variable's kind of number, if it is one; what is whole or yes or no may be written otherwise."""
    kind = variable.kind
    if isinstance(value, (bool, int, float)) and abs(value) <= LARGEST_FLOAT:  # neither infinite nor no number
        if kind is float or kind(value) == value:
            return kind(value)
    raise _no_number(record, variable, value)


def _no_number(record: Record, variable: Variable, value: Any) -> UsageError:
    """The error of a value that is no number of the variable's kind."""
    words = {int: "a whole number", float: "a number", bool: "True or False"}[variable.kind]
    unit = f" of {variable.unit}" if variable.unit else ""
    least, most = bounds_of(record, variable)
    span = f"{',' * bool(unit)} from {least:g} to {most:g}" if variable.kind is not bool and most < 1000 else ""
    what = f"{record.name.lower()}.{variable.name} = {value!r:.60}"
    return UsageError(f"{what}: this must be {words}{unit}{span} ({variable.meaning}).")


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


def _restored(name: str, guard: Guard) -> Thing:
    """A thing that a pickle fills."""
    made = _kind(_records()[name], bool(guard))()
    if guard:
        made.__class__ = _guarded(made.record, guard)
    return made
