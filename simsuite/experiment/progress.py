"""How far the work is, on stderr: a bar for people who watch, a few lines for those who log."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TextIO

PATIENCE_SECONDS = 2.0  # shorter work shows nothing on a terminal
LINE_SECONDS = 30.0  # between two lines of a log, and before the first


class Progress:
    """Progress over some pieces of work that advance at the same time; safe to call from threads.

    On a terminal a bar, after two seconds; otherwise a line for every 10 % or 30 seconds, whichever
    is rarer. Both say how much time is left. NO_COLOR is honored.

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
        self._started = self._last_line = time.monotonic()
        self._tenths, self._bar = 0, None
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
            share, now = sum(self._fractions.values()) / len(self._fractions), time.monotonic()
            if self.stream.isatty():
                if now - self._started >= PATIENCE_SECONDS:
                    self._move_bar(share)
            elif int(share * 10) > self._tenths and now - self._last_line >= LINE_SECONDS:
                self._tenths, self._last_line = int(share * 10), now
                self._write_line(share, now - self._started)

    def _move_bar(self, share: float) -> None:
        if self._bar is None:
            self._bar = _bar(self.stream)
            self._task = self._bar.add_task(self.title, total=1.0)
            self._bar.start()
        self._bar.update(self._task, completed=share)

    def _write_line(self, share: float, passed: float) -> None:
        left = f", about {duration(passed * (1 - share) / share)} left" if share < 1 else ""
        print(f"{self.title}: {share * 100:.0f} %{left}", file=self.stream, flush=True)


def duration(seconds: float) -> str:
    """'40 s', '12 min', '2 h 10 min': as exact as a guess can be."""
    if seconds < 60:
        return f"{max(10, round(seconds, -1)):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


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
