"""The only file that imports numba: marking rules, compiling a book of rules, the cache folder.

`@rule` marks a function as behavior: plain Python that also compiles. `@kernel`
marks the few loops over records that call rules. `link` (in `rulebook.py`)
copies the marked functions into one book, interpreted or compiled.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

RULE_MARK = "__simsuite_rule__"
KERNEL_MARK = "__simsuite_kernel__"
TWIN_MARK = "__simsuite_twin__"


def rule(function: Callable) -> Callable:
    """Mark a function as a rule: what people and channels do. Does nothing else."""
    setattr(function, RULE_MARK, True)
    return function


def kernel(function: Callable) -> Callable:
    """Mark a function as a kernel: a loop over records that calls rules; compiled and cached."""
    setattr(function, KERNEL_MARK, True)
    return function


def twin(compiled_source: Callable[[], Callable]) -> Callable:
    """Give a function another body in compiled code: the 32 x 32 multiply, and handing on a pointer."""

    def mark(function: Callable) -> Callable:
        setattr(function, TWIN_MARK, compiled_source)
        return rule(function)

    return mark


def compile_rule(function: Callable) -> Callable:
    """Compile a rule as a part of the kernels that call it."""
    import numba

    return numba.njit(nogil=True, error_model="numpy", _nrt=False)(function)


def compile_kernel(function: Callable, folder: Path) -> Callable:
    """Compile a kernel, releasing the interpreter lock, with its machine code cached in `folder`."""
    import numba

    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)(function)
    finally:
        numba.config.CACHE_DIR = before


def by_reference_compiled() -> Callable:
    """Compiled body of `by_reference`: the named tuple is stored once and handed on as one pointer.

    Handed on by value a world of twenty tables costs a kilobyte of copies at every call.
    """
    from numba.core import cgutils, types
    from numba.core.datamodel import models
    from numba.core.imputils import impl_ret_borrowed
    from numba.core.typing.templates import AttributeTemplate
    from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model

    class Reference(types.Type):
        def __init__(self, target):
            self.target = target
            super().__init__(name=f"Reference({target})")

    @register_model(Reference)
    class ReferenceModel(models.PrimitiveModel):
        def __init__(self, manager, reference):
            super().__init__(manager, reference, manager.lookup(reference.target).get_value_type().as_pointer())

    @infer_getattr
    class ReferenceAttribute(AttributeTemplate):
        key = Reference

        def generic_resolve(self, reference, name):
            if name in reference.target.fields:
                return reference.target[reference.target.fields.index(name)]
            return None

    @lower_getattr_generic(Reference)
    def load_field(context, builder, reference, pointer, name):
        place = reference.target.fields.index(name)
        value = builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))
        return impl_ret_borrowed(context, builder, reference.target[place], value)

    @intrinsic
    def by_reference(typing_context, world):
        def store(context, builder, signature, arguments):
            return cgutils.alloca_once_value(builder, arguments[0])

        return Reference(world)(world), store

    return by_reference


@functools.cache
def _compiled_twin(source: Callable[[], Callable]) -> Callable:
    return source()


def compile_twin(function: Callable) -> Callable:
    """The compiled body of a rule that has one."""
    return _compiled_twin(getattr(function, TWIN_MARK))


def wide_multiply_compiled() -> Callable:
    """The 32 x 32 to 64 bit multiply in unsigned machine arithmetic: (high word, low word)."""
    import numba
    import numpy as np

    shift, mask = np.uint64(32), np.uint64(0xFFFFFFFF)

    @numba.njit(nogil=True, error_model="numpy", inline="always")
    def wide_multiply(a, b):
        product = np.uint64(a) * np.uint64(b)
        return np.int64(product >> shift), np.int64(product & mask)

    return wide_multiply


def cache_root() -> Path:
    """Where compiled code is kept: $SIMSUITE_CACHE, else the user's cache folder."""
    if folder := os.environ.get("SIMSUITE_CACHE"):
        return Path(folder)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "simsuite"


def cache_folder(sources: list[str]) -> Path:
    """The cache folder of one book: named by its sources, Python, numba and numpy.

    Numba notices an edit of the kernel's own file only; the digest makes an edit
    of any rule, or a replaced rule, a new folder.
    """
    import llvmlite
    import numba
    import numpy

    digest = hashlib.sha256()
    for text in (sys.version, numba.__version__, llvmlite.__version__, numpy.__version__, *sources):
        digest.update(text.encode())
        digest.update(b"\0")
    return cache_root() / digest.hexdigest()[:16]


@twin(by_reference_compiled)
def by_reference(world):
    """The world as one pointer, for compiled code; interpreted it is what it is."""
    return world
