"""What one run leaves behind: the record that measures, reports and stories are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.lib.recfunctions import repack_fields


@dataclass(frozen=True, repr=False)
class RunResult:
    """One strategy, one replication.

    tallies : integer arrays by name, axes as `rules/state.py` TALLY says
    days : integers [days of the run, visits | journeys | orders | losses]
    needs : one row per settled candidate need of the horizon, by (customer, need); empty if not kept
    events : the event log by (customer, part, ordinal); empty if not logged
    customers : records at the end of the run, by customer number
    relations : records [customers, channels]
    stock : records [pools, items]
    satisfaction : float [customers], at the end of the horizon
    """

    strategy: str
    replication: int
    seed: int
    channel_names: tuple[str, ...]
    segment_names: tuple[str, ...]
    warm_up: int
    horizon: int
    tallies: dict[str, np.ndarray]
    days: np.ndarray
    needs: np.ndarray
    events: np.ndarray
    customers: np.ndarray
    relations: np.ndarray
    stock: np.ndarray
    satisfaction: np.ndarray

    def __repr__(self) -> str:
        early = "" if len(self.satisfaction) else ", before its horizon has ended"
        return f"<{type(self).__name__} of {self.strategy}, replication {self.replication}, seed {self.seed}{early}>"

    def without_states(self) -> RunResult:
        """The same record with nothing of the final states but whose segment each customer is in: a hundredth of the memory."""
        return replace(
            self,
            customers=repack_fields(self.customers[["segment"]]),
            relations=self.relations[:0].copy(),
            events=self.events[:0].copy(),
        )

    def digest(self) -> str:
        """Content digest: events by their key, states by customer, tallies, settled needs; 16 hex digits."""
        digest = hashlib.sha256()
        for name in sorted(self.tallies):
            _add(digest, name, self.tallies[name])
        for name in ("days", "needs", "events", "customers", "relations", "stock", "satisfaction"):
            _add(digest, name, getattr(self, name))
        return digest.hexdigest()[:16]


def _add(digest, name: str, array: np.ndarray) -> None:
    """Feed an array. Bytes between the fields of records count as zero, whatever is there."""
    digest.update(f"{name} {array.shape} {array.dtype.names}".encode())
    content = np.ascontiguousarray(array).view(np.uint8).reshape(-1, array.dtype.itemsize)
    unused = _unused_bytes(array.dtype)
    if content[:, unused].any():
        content = content.copy()
        content[:, unused] = 0
    digest.update(content)


@cache
def _unused_bytes(kind: np.dtype) -> np.ndarray:
    """Places of a record that no field covers."""
    used = np.zeros(kind.itemsize, bool)
    for place, width in _fields(kind):
        used[place : place + width] = True
    return np.flatnonzero(~used)


def _fields(kind: np.dtype, begin: int = 0) -> Iterator[tuple[int, int]]:
    """Place and width of every plain field, also within nested records."""
    if kind.names is None:
        yield begin, kind.itemsize
    else:
        for field, place, *_ in kind.fields.values():
            yield from _fields(field, begin + place)
