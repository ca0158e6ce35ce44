"""Compiling the rules before the first run, where no machine code lies in the cache yet."""

from __future__ import annotations

from simsuite.compiled import CompilationWatch
from simsuite.rulebook import Rulebook, standard_rules

EXPECTED = 175     # functions that a first compilation goes through


def compile_rules(progress=None, rules: Rulebook | None = None) -> None:
    """Load or compile every kernel, with progress; afterwards a run starts at once.

    progress : an object with over(pieces) and reached(piece, fraction)
    """
    from simsuite.engines.batch import BatchEngine
    from simsuite.engines.tiny import tiny_world

    def go() -> None:
        engine = BatchEngine(tiny_world(), "isolated", rules=rules or standard_rules())
        engine.run(2)
        engine.serve()
        engine.result()

    if progress is None:
        go()
        return
    with progress.over([0]), CompilationWatch(lambda count: progress.reached(0, min(1.0, count / EXPECTED))):
        go()
