"""The clock of the command that is at work: it begins when the program does, before any heavy library is there."""

from __future__ import annotations

import time

_began = {"at": time.perf_counter(), "commands": 0}


def begin() -> None:
    """A command begins; the first one began when the program did."""
    _began["commands"] += 1
    if _began["commands"] > 1:  # several commands in one process, as in tests
        _began["at"] = time.perf_counter()


def seconds() -> float:
    """Seconds since the command began: reading, compiling, running, drawing, writing."""
    return time.perf_counter() - _began["at"]
