"""Whether an engine is at work: rules write state as they will; people may write what a run would take up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AT_WORK: ContextVar[bool] = ContextVar("an engine is at work", default=False)
is_at_work = _AT_WORK.get


class Edits:
    """How often people have written into agents and things of any model: whether a model has to look again at them."""

    count = 0


@contextmanager
def at_work() -> Iterator[None]:
    """What is written meanwhile is written by rules and engines; also a decorator."""
    before = _AT_WORK.set(True)
    try:
        yield
    finally:
        _AT_WORK.reset(before)
