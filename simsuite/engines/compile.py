"""Compiling the rules before the first run, where no machine code lies in the cache yet.

Most of it is work of the compiler's front end, in Python and under one lock: where there
is a second processor, another process compiles a part of the kernels into the same cache.

    python -m simsuite.engines.compile          # what that process does
    python -m simsuite.engines.compile load     # load all kernels, and compile none
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from simsuite.engines.batch import BatchEngine
from simsuite.engines.rule_words import rules_in_words
from simsuite.engines.tiny import tiny_world
from simsuite.engines.whole_day import CALLED
from simsuite.machine.compiled import CompilationWatch, make_ready
from simsuite.machine.rulebook import Rulebook, standard_rules

KEPT_SECONDS = 60 * 86400
NAME_OF_FOLDER = re.compile("[0-9a-f]{16}")
EXPECTED = 156  # functions that a first compilation goes through in this process
ELSEWHERE = ("visit_all", "close_day", "conclude_all")  # about half of the work


def compile_rules(progress=None, rules: Rulebook | None = None) -> None:
    """Load or compile every kernel, with progress; afterwards a run starts at once.

    progress : an object with over(pieces) and reached(piece, fraction)
    """
    book = rules or standard_rules()
    with _watched(progress), _help_of_another_process(book), rules_in_words(book):
        engine = BatchEngine(tiny_world(), "isolated", rules=book)
        engine.kernels.close_run(engine.worlds[0], 0, 0)
        for name, numbers in {**CALLED, "run_days": 2}.items():
            if name not in ELSEWHERE:
                _compile(engine, name, numbers)
    engine.run(2)
    engine.finish()
    if book.folder is not None:
        tidy_cache(book.folder)


def tidy_cache(folder: Path) -> None:
    """Machine code in `folder` was used now; other rules' that nobody has used for two months goes."""
    with contextlib.suppress(OSError):  # a cache that cannot be written, or that another process tidies
        os.utime(folder)
        for other in folder.parent.iterdir():
            old = time.time() - other.stat().st_mtime > KEPT_SECONDS
            if old and NAME_OF_FOLDER.fullmatch(other.name) and any(other.glob("**/*.nbi")):
                shutil.rmtree(other)


def _compile(engine: BatchEngine, name: str, numbers: int) -> None:
    make_ready(getattr(engine.kernels, name), engine.worlds[0], numbers)


def compile_a_part() -> None:
    """Compile the kernels of ELSEWHERE into the cache, in a world that the other kernels leave empty."""
    standard = standard_rules()
    kernels = standard.kernels
    others = {name: lambda *_: None for name in vars(kernels) if name not in (*ELSEWHERE, "keep")}
    book = Rulebook(standard.functions)
    vars(book)["_kernels"] = SimpleNamespace(**{**vars(kernels), **others})
    engine = BatchEngine(tiny_world(), "isolated", rules=book)
    for name in ELSEWHERE:
        _compile(engine, name, CALLED[name])


def load_rules() -> None:
    """Load every kernel from the cache and live two days with them.

    Raises
    ------
    NothingKept : one of them would have to be compiled
    """

    def refuse(count: int) -> None:
        raise NothingKept

    with CompilationWatch(refuse):
        compile_rules()


class NothingKept(Exception):
    """The cache does not hold what was asked for."""


@contextlib.contextmanager
def _watched(progress) -> Iterator[None]:
    """Tell `progress` how many functions have been compiled."""
    if progress is None:
        yield
        return
    with progress.over([0]), CompilationWatch(lambda count: progress.reached(0, min(1.0, count / EXPECTED))):
        yield


@contextlib.contextmanager
def _help_of_another_process(book: Rulebook) -> Iterator[None]:
    """Where nothing is cached yet: another process compiles its part meanwhile; if it fails, so be it."""
    if book.replaced or book.folder is None or book.folder.exists() or (os.cpu_count() or 1) < 2:
        yield
        return
    with subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as helper:
        try:
            yield
        except BaseException:
            helper.kill()
            raise


if __name__ == "__main__":
    load_rules() if sys.argv[1:] == ["load"] else compile_a_part()
