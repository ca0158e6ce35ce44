"""A second process that draws a part of the report's figures.

Drawing is work in Python, under one lock, and more than half of what a comparison has left to do
when its runs are over. The process starts with the command and has imported what it needs long
before; it draws one plate after the other until the pipe is closed.

    python -m simsuite.report.drawn.drawing_process      # what that process does
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simsuite.report.drawn.drawing import Drawing


class DrawingProcess:
    """Draws beside this process. Use it in a `with` statement; whatever goes wrong in it is drawn here."""

    def __init__(self):
        self._process = None
        if (os.cpu_count() or 1) > 1:
            with contextlib.suppress(OSError):
                self._process = (
                    subprocess.Popen(  # -P: nothing from the working folder; Ctrl-C is for this process alone
                        [sys.executable, "-P", "-m", __name__],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        start_new_session=True,
                        env={**os.environ, "PYTHONPATH": _same_program()},
                    )
                )

    def __enter__(self) -> DrawingProcess:
        return self

    def __exit__(self, *_) -> None:
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(OSError), self._process:  # closes its pipes and waits
                pass

    def svgs(self, plates: Iterable[Sequence[Drawing]]) -> list[list[str]]:
        """The drawings of each plate as SVG; the same text as `drawing.svg()` gives for each.

        The other process begins with the first plate while this one works out the next ones; when
        all are worked out, both take whatever plate comes next.
        """
        waiting: SimpleQueue = SimpleQueue()
        drawn: dict[int, list[str]] = {}
        other = threading.Thread(target=self._draw_there, args=(waiting, drawn), daemon=True)
        other.start()
        count = 0
        try:
            for count, drawings in enumerate(plates, 1):
                waiting.put((count, drawings, self._packed(drawings)))
            _draw_here(waiting, drawn)
        finally:
            waiting.put(None)
        other.join()
        _draw_here(waiting, drawn)  # what the other process was given and did not draw
        return [drawn[number] for number in range(1, count + 1)]

    def _packed(self, drawings: Sequence[Drawing]) -> bytes:
        """What the other process is to draw; empty if there is none, or if it cannot be told.

        Packed here and now: while the thread that hands it over waits, more is worked out and kept within.
        """
        with contextlib.suppress(Exception):  # whatever cannot be packed is drawn here
            return pickle.dumps(drawings) if self._process is not None else b""
        return b""

    def _draw_there(self, waiting: SimpleQueue, drawn: dict[int, list[str]]) -> None:
        """Have plates drawn by the other process until None comes, or until it fails."""
        while (plate := waiting.get()) is not None:
            number, _, packed = plate
            answer = self._ask(packed)
            if answer is None:
                waiting.put(plate)
                return
            drawn[number] = answer

    def _ask(self, packed: bytes) -> list[str] | None:
        """The drawings as the other process makes them; None if it does not."""
        if self._process is None or not packed:
            return None
        try:
            self._process.stdin.write(packed)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)
        except Exception:  # a closed pipe, an answer that is none: whatever it is, the plate is drawn here
            return None


def _same_program() -> str:
    """Where the other process is to look for modules first: where this program lies."""
    return os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH")]))


def _draw_here(waiting: SimpleQueue, drawn: dict[int, list[str]]) -> None:
    """Draw the plates that wait."""
    with contextlib.suppress(Empty):
        while True:
            if (plate := waiting.get_nowait()) is not None:
                number, drawings, _ = plate
                drawn[number] = [drawing.svg() for drawing in drawings]


def main() -> None:
    """Draw something, so that all is imported; read drawings and write them as SVG until nothing more comes."""
    import pandas  # noqa: F401 (drawings hold tables)

    from simsuite.report.drawn import figures  # noqa: F401 (drawings name its functions)
    from simsuite.report.drawn.drawing import Drawing, one_style

    with one_style(), contextlib.suppress(EOFError):
        Drawing(_trial, "trial", "").svg()
        while True:
            drawings = pickle.load(sys.stdin.buffer)
            pickle.dump([drawing.svg() for drawing in drawings], sys.stdout.buffer)
            sys.stdout.buffer.flush()


def _trial(narrow: bool) -> Figure:
    """A figure with axes and text."""
    from simsuite.report.drawn.drawing import blank, panel

    figure = blank(narrow, 100)
    panel(figure, 0, 0, 100, 100)
    return figure


if __name__ == "__main__":
    main()
