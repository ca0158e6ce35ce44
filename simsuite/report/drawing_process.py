"""A second process that draws a part of the report's figures.

Drawing is work in Python, under one lock, and more than half of what a comparison has left to do
when its runs are over. The process starts with the command and has imported what it needs long
before; it reads once what to draw, answers and ends.

    python -m simsuite.report.drawing_process      # what that process does
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simsuite.report.drawing import Drawing

UNREADABLE = (pickle.PickleError, EOFError, AttributeError, TypeError, ImportError)  # what pickle raises
OWN_SHARE = 2  # of so many drawings this process makes one


class DrawingProcess:
    """Draws beside this process, once. Use it in a `with` statement; whatever goes wrong in it is drawn here."""

    def __init__(self):
        self._process = None
        if (os.cpu_count() or 1) > 1:
            with contextlib.suppress(OSError):
                self._process = subprocess.Popen(  # -P: nothing from the working folder; Ctrl-C is for this process alone
                    [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, start_new_session=True)

    def __enter__(self) -> DrawingProcess:
        return self

    def __exit__(self, *_) -> None:
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(OSError), self._process:  # closes its pipes and waits
                pass

    def svgs(self, drawings: Sequence[Drawing]) -> list[str]:
        """All drawings as SVG, in their order; the same text as `drawing.svg()` gives for each."""
        theirs = [place for place in range(len(drawings)) if place % OWN_SHARE]
        asked = self._ask([drawings[place] for place in theirs])
        done = {place: drawings[place].svg() for place in range(0, len(drawings), OWN_SHARE)}
        done.update(zip(theirs, self._answer() if asked else (), strict=False))
        return [done[place] if place in done else drawing.svg() for place, drawing in enumerate(drawings)]

    def _ask(self, drawings: list[Drawing]) -> bool:
        """Hand over what to draw; whether that went well."""
        if self._process is None:
            return False
        try:
            self._process.stdin.write(pickle.dumps(drawings))
            self._process.stdin.close()
        except (OSError, *UNREADABLE):
            return False
        return True

    def _answer(self) -> list[str]:
        """What was drawn; nothing if the process failed."""
        try:
            content = self._process.stdout.read()
            return pickle.loads(content) if self._process.wait() == 0 else []
        except (OSError, *UNREADABLE):
            return []


def main() -> None:
    """Draw something, so that all is imported; read drawings, write them as SVG; without any, end quietly."""
    import pandas  # noqa: F401 (drawings hold tables)

    from simsuite.report import figures  # noqa: F401 (drawings name its functions)
    from simsuite.report.drawing import Drawing, one_style, svgs

    with one_style():
        Drawing(_trial, "trial", "").svg()
        content = sys.stdin.buffer.read()
        if content:
            sys.stdout.buffer.write(pickle.dumps(svgs(pickle.loads(content))))


def _trial(narrow: bool) -> Figure:
    """A figure with axes and text."""
    from simsuite.report.drawing import blank, panel

    figure = blank(narrow, 100)
    panel(figure, 0, 0, 100, 100)
    return figure


if __name__ == "__main__":
    main()
