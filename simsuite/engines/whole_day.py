"""The day of the compiled engine in one call: `run_day` itself, compiled, with the world as its engine.

The phases are kernels, called where their machine code lies: nothing is compiled twice, and the
interpreter is asked once a day and not forty times. With several threads Python hands out the blocks.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from simsuite.compiled import Pointer, address_of, call_kernel, method_of_world

CALLED = {"open_day": 1, "publish_part": 2, "find_all_due": 0, "begin_all": 3, "choose_all": 3, "serve_lines": 1,
          "visit_all": 3, "allocate_stock": 1, "conclude_all": 3, "close_day": 0}     # how many whole numbers each takes
OPEN, PUBLISH, FIND, BEGIN, CHOOSE, SERVE, VISIT, ALLOCATE, CONCLUDE, CLOSE = range(len(CALLED))


def addresses(kernels: SimpleNamespace, world: Pointer) -> np.ndarray:
    """Where the machine code of each phase lies, for `world.phases`; compiles what is not compiled yet."""
    return np.array([address_of(getattr(kernels, name), world, numbers) for name, numbers in CALLED.items()])


@method_of_world
def open_day(world, days_run):
    call_kernel(world.phases[OPEN], world, (days_run,))


@method_of_world
def publish(world, days_run, daypart):
    call_kernel(world.phases[PUBLISH], world, (days_run, daypart))


@method_of_world
def begin(world):
    call_kernel(world.phases[FIND], world, ())
    call_kernel(world.phases[BEGIN], world, (0, 0, world.counts.due))


@method_of_world
def choose(world):
    call_kernel(world.phases[CHOOSE], world, (0, 0, world.counts.due))


@method_of_world
def serve(world):
    call_kernel(world.phases[SERVE], world, (world.counts.due,))


@method_of_world
def visit(world):
    call_kernel(world.phases[VISIT], world, (0, 0, world.counts.due))


@method_of_world
def allocate(world):
    call_kernel(world.phases[ALLOCATE], world, (world.counts.due,))


@method_of_world
def conclude(world):
    call_kernel(world.phases[CONCLUDE], world, (0, 0, world.counts.due))


@method_of_world
def close_day(world):
    call_kernel(world.phases[CLOSE], world, ())
