"""Lines that kernels write, events and settled needs: a page of fixed room, and what was put aside before."""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np

from simsuite.engines.records import HEAD_TYPE, copy_of
from simsuite.errors import RunError

PAGE_LINES = 65536  # of a page, at least
LINES_PER_DUE = 48  # lines that one customer can write in one daypart, with a margin
SPARE_LINES = 4096
PILED_UP = (
    "More happened at once than can be written down: the needs of a customer have piled up. Look at need_rate, "
    "next_need_time and replaced rules."
)


class Page(NamedTuple):
    """Lines written so far: rows and a head that counts them."""

    rows: np.ndarray
    head: np.void


class Log:
    """Lines of one kind that one thread writes: the page that kernels fill, and what was put aside before.

    every : of customers whose number is a multiple of it lines are kept, of the others they are dropped
    """

    def __init__(self, kind: np.dtype, keep: bool, every: int = 1):
        self.keep, self.every = keep, every
        self.rows = np.zeros(0, kind)
        self.head = np.zeros(1, HEAD_TYPE)
        self.aside: list[np.ndarray] = []

    def make_room(self, lines: int) -> bool:
        """See that so many more lines fit; returns whether the page is another one now."""
        written = int(self.head["written"][0])
        if not self.keep or written + lines <= len(self.rows):
            return False
        if written:
            self.aside.append(self._kept(written))
            self.head["written"] = 0
        if lines <= len(self.rows):
            return False
        self.rows = np.zeros(max(2 * lines, PAGE_LINES), self.rows.dtype)
        self.head["room"] = len(self.rows)
        return True

    def written(self) -> list[np.ndarray]:
        """All lines so far, in pieces."""
        count = int(self.head["written"][0]) if self.keep else 0
        return [*self.aside, self._kept(count)]

    def _kept(self, count: int) -> np.ndarray:
        """A copy of the first lines of the page, without those of customers that are not followed.

        Raises
        ------
        RunError : more was written than there was room for; compiled code counts such lines and drops them
        """
        lines = self.rows[:count]
        if count > len(lines) or ("ordinal" in lines.dtype.names and (lines["ordinal"] < 0).any()):
            raise RunError(PILED_UP)
        return copy_of(lines) if self.every == 1 else lines[lines["customer"] % self.every == 0]

    def copy(self) -> Log:
        """An independent copy; lines put aside never change and are shared."""
        twin = copy.copy(self)
        written = int(self.head["written"][0])
        twin.rows, twin.head, twin.aside = (
            np.zeros(self.rows.shape, self.rows.dtype),
            self.head.copy(),
            list(self.aside),
        )
        twin.rows[:written] = self.rows[:written]
        return twin
