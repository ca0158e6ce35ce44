"""Marks of functions: what people and channels do, loops over records, and what has another body in machine code.

A mark does nothing by itself; `link` (in `rulebook.py`) copies the marked functions into one book,
interpreted or compiled.
"""

from __future__ import annotations

from collections.abc import Callable

RULE_MARK = "__simsuite_rule__"
KERNEL_MARK = "__simsuite_kernel__"
HELPER_MARK = "__simsuite_helper__"
TWIN_MARK = "__simsuite_twin__"


def rule(function: Callable) -> Callable:
    """Mark a function as a rule: what people and channels do. Does nothing else."""
    setattr(function, RULE_MARK, True)
    return function


def kernel(function: Callable) -> Callable:
    """Mark a function as a kernel: a loop over records that calls rules; compiled and cached."""
    setattr(function, KERNEL_MARK, True)
    return function


def helper(function: Callable) -> Callable:
    """Mark a function as a part of kernels: inlined where it is called, not seen by rules."""
    setattr(function, HELPER_MARK, True)
    return function


def twin(body: Callable) -> Callable:
    """Give a function another body in compiled code: machine arithmetic of the same numbers, and what has no meaning in Python."""

    def mark(function: Callable) -> Callable:
        setattr(function, TWIN_MARK, body)
        return rule(function)

    return mark
