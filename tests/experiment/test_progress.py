import io
import itertools
import re

import pytest

from simsuite.experiment import progress as module
from simsuite.experiment.progress import Progress, duration


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


def logged(monkeypatch, seconds):
    """Lines about work that takes so many seconds and moves by a hundredth at a time."""
    now, stream = [0.0], io.StringIO()
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    progress = Progress("Running", stream)
    with progress.over([0]):
        for step in range(101):
            now[0] = seconds * step / 100
            progress.reached(0, step / 100)
    return stream.getvalue().splitlines()


def test_a_log_gets_a_line_for_every_tenth_with_the_time_left(monkeypatch):
    left = (
        "3 h 0 min",
        "2 h 40 min",
        "2 h 20 min",
        "2 h 0 min",
        "1 h 40 min",
        "1 h 20 min",
        "1 h 0 min",
        "40 min",
        "20 min",
    )
    assert logged(monkeypatch, 12_000) == [
        *(f"Running: {10 * (place + 1)} %, about {words} left" for place, words in enumerate(left)),
        "Running: 100 %",
    ]


def test_a_log_gets_no_line_more_often_than_every_thirty_seconds(monkeypatch):
    assert logged(monkeypatch, 100) == [
        "Running: 30 %, about 1 min left",
        "Running: 60 %, about 40 s left",
        "Running: 90 %, about 10 s left",
    ]
    assert logged(monkeypatch, 29) == []


def test_work_under_two_seconds_shows_nothing(clock):
    clock[0] = 0.001
    assert watched(io.StringIO()) == "" and watched(Terminal()) == ""


@pytest.mark.parametrize(
    "seconds, words", [(0.2, "10 s"), (44, "40 s"), (61, "1 min"), (3599, "1 h 0 min"), (7800, "2 h 10 min")]
)
def test_a_duration_is_as_exact_as_a_guess(seconds, words):
    assert duration(seconds) == words


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
