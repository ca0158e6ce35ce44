"""Days of the compiled engine in one call: `run_day` itself, compiled, with the world as its engine.

Every thread lives the same days in a world of its own that shares all tables but what it writes
to alone. Customers are shared out in blocks; what the firm does is done by the first thread;
at the end of each phase all wait for each other. The phases are kernels, called where their
machine code lies: nothing is compiled twice, and the interpreter is asked only for more room.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from simsuite.engines.log import LINES_PER_DUE, SPARE_LINES
from simsuite.machine.compiled import address_of, method_of_world
from simsuite.machine.instructions import add_at_once, call_kernel, give_way, read_at_once
from simsuite.machine.tables import Pointer
from simsuite.vocabulary import PARTS_PER_DAY

CALLED = {
    "find_today": 1,
    "open_day": 1,
    "publish_part": 2,
    "find_due": 1,
    "begin_all": 1,
    "choose_all": 1,
    "serve_lines": 0,
    "visit_all": 1,
    "allocate_stock": 0,
    "conclude_all": 1,
    "close_day": 0,
}  # how many whole numbers each takes
FIND_TODAY, OPEN, PUBLISH, FIND, BEGIN, CHOOSE, SERVE, VISIT, ALLOCATE, CONCLUDE, CLOSE = range(len(CALLED))
GATE = 4  # places of the gate
ARRIVED, ROUND, ABANDONED, LACKING = range(GATE)


def addresses(kernels: SimpleNamespace, world: Pointer) -> np.ndarray:
    """Where the machine code of each phase lies, for `world.phases`; compiles what is not compiled yet."""
    return np.array([address_of(getattr(kernels, name), world, numbers) for name, numbers in CALLED.items()])


@method_of_world
def has_room(world, days_run):
    """Find who acts on the day to come; whether they have rows enough, every thread lines enough, and none has failed."""
    world.alone(FIND_TODAY, (days_run * PARTS_PER_DAY + PARTS_PER_DAY - 1,))
    last = world.blocks[len(world.blocks) - 1]
    acting = last.base + last.today
    lines = LINES_PER_DUE * PARTS_PER_DAY * acting + SPARE_LINES
    events, needs = world.page.head, world.needs.head  # without room at all where none are kept
    if acting > len(world.visits) or 0 < events.room < events.written + lines or 0 < needs.room < needs.written + lines:
        world.gate[LACKING] = 1
    world.wait()
    return world.gate[LACKING] == 0 and read_at_once(world.gate, ABANDONED) == 0


@method_of_world
def open_day(world, days_run):
    world.alone(OPEN, (days_run,))


@method_of_world
def publish(world, days_run, daypart):
    world.alone(PUBLISH, (days_run, daypart))


@method_of_world
def begin(world):
    world.by_block(FIND)
    world.by_block(BEGIN)


@method_of_world
def choose(world):
    world.by_block(CHOOSE)
    world.wait()


@method_of_world
def serve(world):
    world.alone(SERVE, ())


@method_of_world
def visit(world):
    world.by_block(VISIT)
    world.wait()


@method_of_world
def allocate(world):
    world.alone(ALLOCATE, ())


@method_of_world
def conclude(world):
    world.by_block(CONCLUDE)
    world.wait()


@method_of_world
def close_day(world):
    world.alone(CLOSE, ())


@method_of_world
def alone(world, phase, numbers):
    """What the firm does: the first thread does it, the others wait."""
    if world.seat.thread == 0:
        call_kernel(world.phases[phase], world, numbers)
    world.wait()


@method_of_world
def by_block(world, phase):
    """What customers do: each thread calls up the blocks of its own."""
    for number in range(world.seat.thread, len(world.blocks), world.seat.threads):
        call_kernel(world.phases[phase], world, (number,))


@method_of_world
def wait(world):
    """Wait until all threads are here; no longer if one of them failed."""
    if world.seat.threads == 1:
        return
    this_round = read_at_once(world.gate, ROUND)
    if add_at_once(world.gate, ARRIVED, 1) == world.seat.threads - 1:
        world.gate[ARRIVED] = 0
        add_at_once(world.gate, ROUND, 1)
    else:
        while read_at_once(world.gate, ROUND) == this_round and not read_at_once(world.gate, ABANDONED):
            give_way()
