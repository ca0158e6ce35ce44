"""Compiling what is only a part of kernels: linked and inlined there, never translated by itself.

Numba optimizes every function it compiles and makes machine code of it, though nobody calls
a rule from Python, and a kernel that holds the rule is optimized as a whole once more. That
was half of the work of a first compilation.
"""

from __future__ import annotations

from simsuite.machine.of_numba import (
    AnalysisPass,
    AnnotateTypes,
    CompilerBase,
    DefaultPassBuilder,
    JITCodeLibrary,
    NativeLowering,
    register_pass,
)


class Part(JITCodeLibrary):
    """Code that waits to be linked into a kernel."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=False, analysis_only=True)
class IntoPart(AnalysisPass):
    """Before the code is made: have it go into a Part."""

    _name = "into_part"

    def __init__(self):
        super().__init__()

    def run_pass(self, state) -> bool:
        state.library = Part(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class KeepPart(AnalysisPass):
    """Afterwards: tell the compiler of kernels where the part is."""

    _name = "keep_part"

    def __init__(self):
        super().__init__()

    def run_pass(self, state) -> bool:
        # The compiler knows code by the function that Python would call; here by one that refuses.
        nothing = {}.__getitem__
        state.targetctx.insert_user_function(nothing, state.cr.fndesc, [state.library])
        state.cr = state.cr._replace(cfunc=nothing)
        return False


class PartCompiler(CompilerBase):
    """The usual passes; the code becomes a Part."""

    def define_pipelines(self) -> list:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(IntoPart, AnnotateTypes)
        passes.add_pass_after(KeepPart, NativeLowering)
        passes.finalize()
        return [passes]
