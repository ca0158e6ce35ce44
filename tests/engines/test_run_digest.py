"""The digest of a run: every field counts, what lies between the fields of records does not."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import small_retail, switched

STATES = ("needs", "events", "customers", "relations", "stock")


@pytest.fixture(scope="module")
def result():
    return switched(small_retail(20, horizon=7), "integrated")


def fields(kind, path=()):
    """Paths to all plain fields of a record."""
    for name in kind.names:
        if kind[name].names:
            yield from fields(kind[name], (*path, name))
        else:
            yield (*path, name)


def covered(kind):
    """Which bytes of a record belong to a field: those that change with it."""
    used = np.zeros(kind.itemsize, bool)
    for path in fields(kind):
        row = np.zeros(1, kind)
        view = row
        for name in path:
            view = view[name]
        view.view(np.uint8)[...] = 255
        used |= row.view(np.uint8) != 0
    return used


@pytest.mark.parametrize("state", STATES)
def test_every_field_counts(result, state):
    for path in fields(getattr(result, state).dtype):
        rows = getattr(result, state).copy()
        view = rows
        for name in path:
            view = view[name]
        view[-1:] = ~view[-1:] if view.dtype == bool else view[-1:] + 1
        assert replace(result, **{state: rows}).digest() != result.digest(), path


@pytest.mark.parametrize("state", ("customers", "relations", "stock"))
def test_what_lies_between_fields_does_not_count(result, state):
    rows = getattr(result, state).copy()
    between = ~covered(rows.dtype)
    assert between.any()
    rows.view(np.uint8).reshape(-1, rows.dtype.itemsize)[:, between] = 7
    assert replace(result, **{state: rows}).digest() == result.digest()
