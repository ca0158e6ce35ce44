"""Records of the compiled engine, derived from the state variables that the rules declare."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import prod

import numpy as np
from pydantic import BaseModel

from simsuite.rules.mechanism import Record
from simsuite.rules.state import EVENT, SETTLED
from simsuite.rules.world import FIXED_SIZES, WORLD
from simsuite.scenario.pack import PackedScenario, Rows, StrategyTables, sizes_of_firm
from simsuite.specs.scenario import ScenarioSpec
from simsuite.vocabulary import PARTS_PER_DAY

EVENT_TYPE = np.dtype(list(EVENT))
SETTLED_TYPE = np.dtype(list(SETTLED))
HEAD_TYPE = np.dtype([("written", "i8"), ("room", "i8")])
CALENDAR_TYPE = np.dtype([("warm_up", "i8"), ("begins", "f8", PARTS_PER_DAY), ("ends", "f8", PARTS_PER_DAY)])


@cache
def record_type(record: Record) -> np.dtype:
    """The numpy type of one row: full-width fields, nested records, fixed rows of numbers."""
    return np.dtype([(variable.name, *_kind(variable.kind)) for variable in record.variables], align=True)


def _kind(kind) -> tuple:
    if isinstance(kind, Record):
        return (record_type(kind),)
    if isinstance(kind, tuple):
        return ("i8" if kind[0] is int else "f8", kind[1])
    return ({int: "i8", float: "f8", bool: "?"}[kind],)


@cache
def _initial(record: Record) -> np.ndarray:
    row = np.zeros(1, record_type(record))
    for variable in record.variables:
        if isinstance(variable.kind, Record):
            row[variable.name] = _initial(variable.kind)
        else:
            row[variable.name] = variable.initial
    row.flags.writeable = False
    return row


def blank(record: Record, *shape: int) -> np.ndarray:
    """Rows of this record at their initial values."""
    rows = np.empty(shape, record_type(record))
    whole = f"V{rows.itemsize}"  # assigned field by field it takes 25 times as long
    rows.view(whole)[...] = _initial(record).view(whole)[0]
    return rows


def copy_of(rows: np.ndarray) -> np.ndarray:
    """An independent copy of records, byte by byte: numpy copies them field by field, which takes ten times as long."""
    return rows.view(f"V{rows.itemsize}").copy().view(rows.dtype)


def fill(rows: np.ndarray, values) -> np.ndarray:
    """Write nested lists of {field: value}, or of rows by column, into the rows; returns them."""
    if isinstance(values, Rows):
        for name, column in values.columns.items():
            rows[name] = column
        return rows
    if isinstance(values, dict):
        values = [values]
    for index, value in enumerate(values):
        if isinstance(value, (list, Rows)):
            fill(rows[index], value)
            continue
        for name, entry in value.items():
            if name in rows.dtype.names:
                if isinstance(entry, list):
                    rows[index][name][: len(entry)] = entry
                else:
                    rows[index][name] = entry
    return rows


def sizes_of(packed: PackedScenario) -> dict[str, int]:
    """How long each axis of the world's tables is."""
    counted = ("segments", "channels", "categories", "items", "pools", "desks")
    return {
        **FIXED_SIZES,
        **{name: len(getattr(packed, name)) for name in counted},
        "regions": packed.regions,
        "clerks": int(packed.desks.columns["clerks"].max(initial=1)),
        "parts": packed.days * PARTS_PER_DAY + 1,
    }


def sizes_before_packing(spec: ScenarioSpec) -> dict[str, int]:
    """The same, of a scenario that has not been packed: counted, without making anything."""
    days = spec.experiment.warm_up + spec.experiment.horizon + spec.experiment.cool_down
    return {
        **FIXED_SIZES,
        **sizes_of_firm(spec),
        "segments": len(spec.population.segments),
        "channels": sum(channel.present for channel in spec.channels.values()),
        "categories": len(spec.categories),
        "items": sum(category.items for category in spec.categories.values()),
        "parts": days * PARTS_PER_DAY + 1,
    }


def luck_of(seed: int, replication: int) -> dict[str, int]:
    """The luck of a run: the seed in two words, and which replication it is."""
    return {"key_0": seed & 0xFFFFFFFF, "key_1": seed >> 32, "replication": replication}


def parameter_type(model: type[BaseModel]) -> np.dtype:
    """The numpy type of a group of parameters: f8, i8, bool and nested groups, same names."""
    fields = []
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields.append((name, parameter_type(kind)))
        elif kind in (float, int, bool):
            fields.append((name, {float: "f8", int: "i8", bool: "?"}[kind]))
    return np.dtype(fields, align=True)


def parameter_record(parameters: BaseModel) -> np.ndarray:
    """One row with the values of all parameters."""
    row = np.zeros(1, parameter_type(type(parameters)))
    _write(row, parameters)
    return row


def _write(row: np.ndarray, group: BaseModel) -> None:
    for name in row.dtype.names:
        value = getattr(group, name)
        if isinstance(value, BaseModel):
            _write(row[name], value)
        else:
            row[name] = value


def bytes_of_tables(sizes: Mapping[str, int]) -> int:
    """Memory of the world's tables; `sizes` as `sizes_of` gives them."""
    return sum(
        (record_type(table.record).itemsize if table.record else 8) * prod(sizes[axis] for axis in table.axes)
        for table in WORLD
    )


def bytes_needed(customers: int, channels: int, days: int = 0, states: int = 1, tables: int = 0) -> int:
    """Memory of runs at the same time: their states, what happens in a daypart, settled needs, and what Python itself takes.

    days : of the horizon, whose needs are kept (about ten a customer and year, sorted copies included); 0: none kept
    states : that exist at the same time
    tables : bytes of the world's tables, see `bytes_of_tables`
    """
    from simsuite.rules.state import CUSTOMER, RELATION, VISIT

    per_customer = record_type(CUSTOMER).itemsize + channels * record_type(RELATION).itemsize + 16
    per_customer += 0.03 * record_type(VISIT).itemsize + 4.0 * days
    return int(states * (customers * per_customer + tables)) + 350_000_000


def tables_at_start(packed: PackedScenario, strategy: str, replication: int, seed: int) -> dict[str, np.ndarray]:
    """The tables of the world at the start; what there is one of has one row."""
    sizes = sizes_of(packed)
    tables = {
        table.name: blank(table.record, *([sizes[axis] for axis in table.axes] or [1]))
        if table.record
        else np.zeros([sizes[axis] for axis in table.axes])
        for table in WORLD
    }
    for table in WORLD:
        if table.packed == "scenario":
            fill(tables[table.name], getattr(packed, table.name))
    fill(tables["now"], packed.clock)
    fill(tables["luck"], luck_of(seed, replication))
    write_strategy(tables, packed.strategies[strategy])
    return tables


def write_strategy(tables: dict[str, np.ndarray], strategy: StrategyTables) -> None:
    """Links, coverage and policy of a strategy, into the tables of the world."""
    for table in WORLD:
        if table.packed == "strategy":
            fill(tables[table.name], getattr(strategy, table.name))


def changed_of_strategy(tables: dict[str, np.ndarray], strategy: StrategyTables) -> list[str]:
    """Which of the tables of a strategy no longer hold what it says."""
    names = [table.name for table in WORLD if table.packed == "strategy"]
    return [
        name
        for name in names
        if fill(copy_of(tables[name]), getattr(strategy, name)).tobytes() != tables[name].tobytes()
    ]


def calendar_of(packed: PackedScenario) -> np.ndarray:
    """Days of warm-up; minutes of the day at which each daypart begins and ends."""
    calendar = np.zeros(1, CALENDAR_TYPE)
    calendar["warm_up"] = packed.warm_up
    calendar["begins"], calendar["ends"] = np.array(packed.dayparts).T
    return calendar
