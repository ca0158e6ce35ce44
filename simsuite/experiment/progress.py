"""How far the work is, on stderr: a bar for people who watch, a few lines for those who log."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TextIO

PATIENCE_SECONDS = 2.0  # shorter work shows nothing


class Progress:
    """Progress over some pieces of work that advance at the same time; safe to call from threads.

    On a terminal a bar with the time left, otherwise at most one line for every 10 %; neither
    before two seconds have passed. NO_COLOR is honored.

    Parameters
    ----------
    title : what is being done, a word or two
    stream : where to, as a rule sys.stderr; None for silence
    """

    def __init__(self, title: str, stream: TextIO | None):
        self.title, self.stream = title, stream
        self._mutex = threading.Lock()

    @contextlib.contextmanager
    def over(self, pieces: Sequence[int]) -> Iterator[None]:
        """Show progress over these pieces while the block runs."""
        self._fractions = dict.fromkeys(pieces, 0.0)
        self._started, self._tenths, self._bar = time.monotonic(), 0, None
        try:
            yield
        finally:
            if self._bar is not None:
                self._bar.stop()

    def reached(self, piece: int, fraction: float) -> None:
        """Piece number `piece` is done to this fraction, 0 to 1."""
        if self.stream is None:
            return
        with self._mutex:
            self._fractions[piece] = fraction
            if time.monotonic() - self._started >= PATIENCE_SECONDS:
                self._show(sum(self._fractions.values()) / len(self._fractions))

    def _show(self, share: float) -> None:
        if self._bar is None and self.stream.isatty():
            self._bar = _bar(self.stream)
            self._task = self._bar.add_task(self.title, total=1.0)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._task, completed=share)
        elif int(share * 10) > self._tenths:
            self._tenths = int(share * 10)
            print(f"{self.title}: {self._tenths * 10} %", file=self.stream, flush=True)


def _bar(stream: TextIO):
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
