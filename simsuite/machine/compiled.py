"""Marking rules, compiling them; of the files that import numba the one that others ask.

`@rule` marks a function as behavior: plain Python that also compiles. `@kernel`
marks the few loops over records that call rules, `@helper` what they share. `link` (in `machine/rulebook.py`)
copies the marked functions into one book, interpreted or compiled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numba
from numba import types
from numba.extending import overload_method

from simsuite.machine import cache
from simsuite.machine.of_numba import NOT_FROM_PYTHON, OPTIONS, events
from simsuite.machine.parts import PartCompiler
from simsuite.machine.tables import Pointer, Reference


def compile_rule(function: Callable) -> Callable:
    """Compile a rule, or a helper, as a part of the kernels that call it."""
    return numba.njit(forceinline=True, pipeline_class=PartCompiler, **NOT_FROM_PYTHON, **OPTIONS)(function)


def compile_kernel(function: Callable, book: str, folder: Path | None) -> Callable:
    """Compile a kernel, releasing the interpreter lock, with its machine code kept in `folder`; None: nowhere.

    The name of its book becomes a part of the kernel's: machine code of two books that are
    loaded into one process must not share a symbol.
    """
    function.__name__ = function.__qualname__ = f"{function.__name__}_{book}"
    kernel = numba.njit(**OPTIONS)(function)
    if folder is not None:
        cache.keep(kernel, folder)
    return kernel


def make_ready(compiled: Callable, pointer: Pointer, numbers: int) -> tuple:
    """Compile a kernel that takes a world and so many whole numbers, or load it; returns their types."""
    taken = (pointer._numba_type_, *[types.int64] * numbers)
    compiled.compile(taken)
    return taken


def address_of(compiled: Callable, pointer: Pointer, numbers: int) -> int:
    """Where the machine code of a kernel lies that takes a world and so many whole numbers, and returns nothing."""
    found = compiled.get_compile_result(types.none(*make_ready(compiled, pointer, numbers)))
    return found.library.get_pointer_to_function(found.fndesc.llvm_func_name)


def method_of_world(function: Callable) -> Callable:
    """Make a function of a world its method in compiled code: `world.begin()` calls `begin(world)`."""

    @functools.wraps(function)
    def always(*_):
        return function

    overload_method(Reference, function.__name__, jit_options=OPTIONS)(always)
    return function


class CompilationWatch(events.Listener):
    """Calls `report(compiled so far)` for every function that is compiled anew."""

    def __init__(self, report: Callable[[int], None]):
        self.report, self.count = report, 0

    def on_start(self, event) -> None:
        pass

    def on_end(self, event) -> None:
        self.count += 1
        self.report(self.count)

    def __enter__(self) -> CompilationWatch:
        events.register("numba:compile", self)
        return self

    def __exit__(self, *_) -> None:
        events.unregister("numba:compile", self)
