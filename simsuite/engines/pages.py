"""What the Mesa model writes down: pages of lines, and the state of agents as records."""

from __future__ import annotations

import copy

import numpy as np

from simsuite.engines.log import PILED_UP
from simsuite.engines.records import record_type
from simsuite.errors import RunError
from simsuite.rules.mechanism import Record


class Written:
    """One written line of a page: whatever is assigned."""


class Lines(list):
    """Rows of a page; the next one appears when it is asked for."""

    def __getitem__(self, place):
        if place == len(self):
            self.append(Written())
        return super().__getitem__(place)


class Page:
    """Lines written so far: rows and a head that counts them. `room` 0 keeps nothing."""

    def __init__(self, keep: bool):
        self.rows = Lines()
        self.head = Written()
        self.head.written = 0
        self.head.room = 1 << 60 if keep else 0

    def continued(self) -> Page:
        """Another page on which what is written already stands as well; lines themselves never change."""
        other = copy.copy(self)
        other.rows, other.head = Lines(self.rows), copy.copy(self.head)
        return other

    def table(self, kind: np.dtype) -> np.ndarray:
        """The lines as records.

        Raises
        ------
        RunError : a customer wrote more lines in one daypart than there are numbers for
        """
        rows = np.zeros(len(self.rows), kind)
        try:
            for place, line in enumerate(self.rows):
                for name in kind.names:
                    rows[place][name] = getattr(line, name)
        except OverflowError:
            raise RunError(PILED_UP) from None
        return rows


def as_records(record: Record, things: list) -> np.ndarray:
    """The state variables of agents as records, for the digest and the measures."""
    rows = np.zeros(len(things), record_type(record))
    for place, one in enumerate(things):
        _write(rows[place], record, one)
    return rows


def _write(row, record: Record, thing) -> None:
    for variable in record.variables:
        value = getattr(thing, variable.name)
        if isinstance(variable.kind, Record):
            _write(row[variable.name], variable.kind, value)
        else:
            row[variable.name] = value
