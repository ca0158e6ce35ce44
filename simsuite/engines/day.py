"""The day, written once for both engines: nine phases and their order."""

from __future__ import annotations

from typing import Protocol

from simsuite.machine.marks import helper, kernel
from simsuite.vocabulary import PARTS_PER_DAY


class Engine(Protocol):
    """What an engine has to offer: the nine phases. It decides nothing."""

    def open_day(self, days_run: int) -> None: ...
    def publish(self, days_run: int, daypart: int) -> None: ...
    def begin(self) -> None: ...
    def choose(self) -> None: ...
    def serve(self) -> None: ...
    def visit(self) -> None: ...
    def allocate(self) -> None: ...
    def conclude(self) -> None: ...
    def close_day(self) -> None: ...


@helper
def run_day(engine: Engine, days_run: int) -> None:
    """One day. What anyone reads in a daypart was published before it began; scarce things are
    settled by (minute, customer); so the order of customers, blocks and threads changes nothing."""
    engine.open_day(days_run)
    for daypart in range(PARTS_PER_DAY):
        engine.publish(days_run, daypart)
        engine.begin()
        engine.choose()
        engine.serve()
        engine.visit()
        engine.allocate()
        engine.conclude()
    engine.close_day()


@kernel
def run_days(engine, first: int, until: int) -> int:
    """Days from `first` on, before `until`, as long as the compiled engine has room for all that may be written; the day
    that was reached."""
    day = first
    while day < until and engine.has_room(day):
        run_day(engine, day)
        day += 1
    return day
