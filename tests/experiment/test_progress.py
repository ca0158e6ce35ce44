import io
import itertools
import re

import pytest

from simsuite.experiment import progress as module
from simsuite.experiment.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass with every look at the clock."""
    step = [1.0]
    ticks = itertools.count()
    monkeypatch.setattr(module.time, "monotonic", lambda: next(ticks) * step[0])
    return step


def watched(stream, steps=100):
    progress = Progress("Running", stream)
    with progress.over([1, 2]):
        for step in range(steps + 1):
            for piece in (1, 2):
                progress.reached(piece, step / steps)
    return stream.getvalue()


def test_a_log_gets_one_line_for_every_tenth(clock):
    lines = watched(io.StringIO()).splitlines()
    assert lines == [f"Running: {tenth * 10} %" for tenth in range(1, 11)]


def test_work_under_two_seconds_shows_nothing(clock):
    clock[0] = 0.001
    assert watched(io.StringIO()) == "" and watched(Terminal()) == ""


def test_a_terminal_gets_a_bar_with_the_time_left(clock, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = watched(Terminal())
    assert "Running" in shown and "100%" in shown and re.search(r"\d:\d\d:\d\d", shown)
    assert "\x1b[38;5;" in shown


def test_no_color_is_honored(clock, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = watched(Terminal())
    assert "100%" in shown and not re.search(r"\x1b\[[0-9;]*(3|4|9)[0-9][;m]", shown)


def test_silence_is_possible(clock):
    progress = Progress("Running", None)
    with progress.over([1]):
        progress.reached(1, 1.0)
