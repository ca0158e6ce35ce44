"""The parts of numba that it does not promise to keep, each named here and nowhere else, and what it is there for.

Tried with numba 0.66, 0.67 and 0.68 (`make numba`). A new version of numba: run that, and look here first.
"""

# ruff: noqa: F401, I001 (handed on, in the order of what they are for)

# An event at the beginning and end of every compilation: progress is counted by it.
import numba.core.event as events

# The code of one function before it is linked; a part's is neither optimized nor made into machine code by itself.
from numba.core.codegen import JITCodeLibrary

# The compiler's pipeline as a class, and the usual order of its passes: parts go through it with two passes more.
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass

# The passes before and after which the two stand: types are known; code has been made.
from numba.core.typed_passes import AnnotateTypes, NativeLowering

# How values of a type lie in memory: tables lie as arrays do, a reference is one address.
from numba.core.datamodel import models

# How reads and writes by index are made into code: tables take over those of arrays, with indices that have no sign.
from numba.core.imputils import impl_ret_borrowed, lower_builtin
from numba.np import arrayobj

# How attributes get their type: those of a reference are the fields of its world.
from numba.core.typing.templates import AttributeTemplate, signature

# Helpers to write code: addresses within structures, branches that are rarely taken, tuples.
from numba.core import cgutils

# What numba keeps of compiled functions, and the files it keeps them in: ours carry checksums. Set as `_cache` of a
# function, with its own `_cache_file`; `_load_index`, `_load_data`, `_open_for_write` read and write the files.
from numba.core.caching import FunctionCache, IndexDataCacheFile

# No reference counting (`_nrt`): rules allocate nothing, and counting the world's tables at every call cost half the time.
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
NOT_FROM_PYTHON = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # for what only compiled code calls
