"""Figures drawn in two processes: the same page, whatever becomes of the second one."""

import os
import signal

import pytest
from comparisons import compared, flagship

from simsuite.report.drawing import svgs
from simsuite.report.drawing_process import DrawingProcess
from simsuite.report.page import render_report


def page(draw):
    return render_report(flagship(), *compared(), {"command": "simsuite"}, draw=draw)


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture(scope="module")
def drawn_here():
    return page(svgs)


def test_two_processes_draw_the_same_page(drawn_here):
    answers = []
    with DrawingProcess() as beside:
        answer = beside._answer
        beside._answer = lambda: answers.append(answer()) or answers[0]
        assert page(beside.svgs) == drawn_here
    assert len(answers[0]) > 4 and all(text.startswith("<svg") for text in answers[0])


@pytest.mark.parametrize("when", ["before it is asked", "after it was asked"])
def test_what_a_process_that_died_did_not_draw_is_drawn_here(drawn_here, when):
    with DrawingProcess() as beside:
        ask, number = beside._ask, beside._process.pid

        def ask_and_die(drawings):
            if when == "before it is asked":
                os.kill(number, signal.SIGKILL)
                beside._process.wait()
            asked = ask(drawings)
            os.kill(number, signal.SIGKILL) if asked else None
            return asked

        beside._ask = ask_and_die
        assert page(beside.svgs) == drawn_here
    assert beside._process.returncode == -signal.SIGKILL


def test_a_process_that_is_asked_nothing_ends_by_itself_with_the_one_that_started_it():
    beside = DrawingProcess()
    beside._process.stdin.close()  # as the system does when its parent dies
    assert beside._process.wait(timeout=60) == 0
    assert beside._process.stdout.read() == b""
    beside._process.stdout.close()


def test_nothing_of_the_working_folder_is_run(tmp_path, monkeypatch, drawn_here):
    (tmp_path / "pandas.py").write_text("open('was run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    with DrawingProcess() as beside:
        assert page(beside.svgs) == drawn_here
        assert beside._process.returncode == 0
    assert os.listdir(tmp_path) == ["pandas.py"]


def test_what_cannot_be_handed_over_is_drawn_here():
    from simsuite.report.drawing import Drawing, blank

    drawings = [Drawing(lambda narrow: blank(narrow, 50), f"number {number}", "nothing") for number in range(4)]
    with DrawingProcess() as beside:
        assert beside.svgs(drawings) == svgs(drawings)
