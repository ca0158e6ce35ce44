"""How a mechanism says what belongs to it: its parameters, its state and how that is reset, its decisions.

A mechanism is one module of rules with a `MECHANISM`; `mechanisms.py` lists them and calls them. From
these declarations follow the records of the compiled engine, the attributes of the agents and the tables
of what happened, so that each is written once and a rule cannot tell an agent from a record.
"""

from __future__ import annotations

import linecache
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from types import FunctionType

from simsuite.machine.marks import rule
from simsuite.vocabulary import Decision, Flow

LARGEST_WHOLE = 2**53
TABLES_MADE = "tables are made by it"
STAYS = object()  # a need that opens leaves the variable as it is


@dataclass(frozen=True)
class Variable:
    """One state variable.

    kind : int, float (8 bytes each), bool, a Record, or (int or float, shape) for a fixed table of numbers
    initial : value before anything happens
    anew : value when a need opens, for what is about the open need; else STAYS
    axis : of the table in which the number is a place, such as "regions": other numbers point nowhere
    fixed : what was made by it before the first day, in words, so that a change would do nothing; "" nothing
    worked_out : what it is worked out from before anybody reads it again, in words; "" from nothing
    least, most : numbers that mean something; where it begins is allowed as well, such as NEVER
    unit : of the number, where messages say it
    """

    name: str
    kind: object
    initial: object
    meaning: str
    anew: object = STAYS
    axis: str = ""
    fixed: str = ""
    worked_out: str = ""
    least: float = -math.inf
    most: float = math.inf
    unit: str = ""

    def bounds(self, sizes: Mapping[str, int] | None = None) -> tuple[float, float]:
        """The smallest and the largest number that it takes, in a world of these sizes; None: of any. No infinity."""
        if self.axis:
            return self.initial, sizes[self.axis] - (self.initial < 1) if sizes else LARGEST_WHOLE
        largest = LARGEST_WHOLE if self.kind is int else sys.float_info.max
        return self.least if self.least > -math.inf else -largest, self.most if self.most < math.inf else largest


@dataclass(frozen=True, eq=False)
class Record:
    """The state variables of one kind of thing. There is one Record of each kind, looked up by which it is."""

    name: str
    variables: tuple[Variable, ...]


def whole(name: str, initial: int, meaning: str, anew: object = STAYS) -> Variable:
    """A whole number."""
    return Variable(name, int, initial, meaning, anew)


def count(name: str, meaning: str, anew: object = STAYS) -> Variable:
    """A whole number of things that there are."""
    return Variable(name, int, 0, meaning, anew, least=0, most=2**31)


def code(name: str, initial: int, kind: type[IntEnum], meaning: str = "", anew: object = STAYS) -> Variable:
    """One of a kind of codes, or where it begins."""
    meaning = f"code of {kind.__name__}{meaning and '; '}{meaning}"
    return Variable(name, int, initial, meaning, anew, least=0, most=max(kind))


def which(name: str, meaning: str, anew: object = STAYS) -> Variable:
    """A place that rules look up; -1 for none, where it begins."""
    return Variable(name, int, -1, meaning, anew, least=-1)


def minutes(name: str, meaning: str) -> Variable:
    """Minutes of a desk or a clerk."""
    return Variable(name, float, 0.0, f"minutes {meaning}", least=0.0, most=1e12)


def place(name: str, initial: int, axis: str, meaning: str) -> Variable:
    """A place along an axis of the world's tables, from 0, with -1 for none where it begins so; or a count from 1."""
    return Variable(name, int, initial, meaning, axis=axis)


def shape(name: str, initial: int, meaning: str) -> Variable:
    """A whole number by which tables are made, or a place in them."""
    return Variable(name, int, initial, meaning, fixed=TABLES_MADE)


def trait(name: str, meaning: str, length: int = 0) -> Variable:
    """A number, or a row of this length, by which people are drawn before the first day."""
    kind = (float, (length,)) if length else float
    return Variable(name, kind, 0.0, meaning, fixed="people were drawn by it before the first day")


def fixed(variable: Variable, why: str) -> Variable:
    """The variable, which nobody can change once a run has been made."""
    return replace(variable, fixed=why)


def worked_out(variable: Variable, basis: str) -> Variable:
    """The variable, which is worked out from `basis` before anybody reads it again."""
    return replace(variable, worked_out=basis)


def amount(name: str, initial: float, meaning: str, anew: object = STAYS) -> Variable:
    """A number that is not negative, or where it begins."""
    return Variable(name, float, initial, meaning, anew, least=0.0)


def real(name: str, initial: float, meaning: str, anew: object = STAYS) -> Variable:
    """A number."""
    return Variable(name, float, initial, meaning, anew)


def share(name: str, initial: float, meaning: str, anew: object = STAYS) -> Variable:
    """A number from 0 to 1."""
    return Variable(name, float, initial, meaning, anew, least=0.0, most=1.0)


def delay(name: str, initial: int, longest: int, meaning: str) -> Variable:
    """Dayparts that something takes."""
    return Variable(name, int, initial, meaning, least=0, most=longest, unit="dayparts, four a day")


def yes(name: str, initial: bool, meaning: str, anew: object = STAYS) -> Variable:
    """Yes or no."""
    return Variable(name, bool, initial, meaning, anew)


def nested(name: str, record: Record, meaning: str) -> Variable:
    """A record within a record."""
    return Variable(name, record, None, meaning)


def group(name: str, *variables: Variable, meaning: str) -> Variable:
    """Variables of a visit that belong together: `visit.price.stated`."""
    return Variable(name, Record(f"Visit.{name}", variables), None, meaning)


def counts(name: str, *shape: int, meaning: str) -> Variable:
    """A table of counts."""
    return Variable(name, (int, shape), 0, meaning)


def numbers(name: str, length: int, meaning: str) -> Variable:
    """Room for a row of numbers. Whoever looks at one has written it before, in the same visit."""
    return Variable(name, (float, (length,)), 0.0, meaning)


LEARNED = Record(
    "Learned",
    (
        Variable("evidence", float, 0.0, "weighted sum of what she experienced, 0 to weight", least=0.0),
        Variable("weight", float, 0.0, "observations, faded to `since`", least=0.0),
        count("since", "part up to which both have faded"),
    ),
)


@dataclass(frozen=True)
class Mechanism:
    """What belongs to one mechanism.

    parameters : group of `parameters`, which is also its word in `--without`; "" if it has none
    decisions : what it asks luck about
    flows : what it reads across channels
    customer, journey, relation, visit : state variables that it adds to these things
    tally : counts that it keeps
    """

    parameters: str = ""
    decisions: tuple[Decision, ...] = ()
    flows: tuple[Flow, ...] = ()
    customer: tuple[Variable, ...] = ()
    journey: tuple[Variable, ...] = ()
    relation: tuple[Variable, ...] = ()
    visit: tuple[Variable, ...] = ()
    tally: tuple[Variable, ...] = ()


def renewal(name: str, record: Record, module: str) -> Callable:
    """A rule of a module that sets a thing to what it is when a need opens: every variable that is about the open need."""
    lines = [
        f"    thing.{variable.name} = {variable.anew!r}" for variable in record.variables if variable.anew is not STAYS
    ]
    text = "\n".join(
        [f"def {name}(thing):", f'    """Reset a {record.name.lower()} for a need that opens."""', *lines, ""]
    )
    file, made = f"<{name}, from the declared state>", {}
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), made)
    return rule(FunctionType(made[name].__code__, {"__name__": module}, name))
