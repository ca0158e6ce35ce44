"""Figures drawn in two processes: the same page, whatever becomes of the second one."""

import os
import pickle
import signal
import subprocess
import sys
import threading

import pytest
from comparisons import compared, flagship

import simsuite
from simsuite.report.drawn.drawing import svgs
from simsuite.report.drawn.drawing_process import DrawingProcess, _same_program, _trial
from simsuite.report.page.page import render_report


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
        ask = beside._ask
        beside._ask = lambda packed: answers.append(ask(packed)) or answers[-1]
        assert page(beside.svgs) == drawn_here
    assert answers and None not in answers
    assert all(text.startswith("<svg") for plate in answers for text in plate)


def test_every_figure_can_be_drawn_from_what_is_handed_over():
    """Without the tables of the runs, which stay where they are."""
    handed_over = []

    def draw(plates):
        for drawings in plates:
            handed_over.append(pickle.dumps(drawings))
        return [pickle_drawn(packed) for packed in handed_over]

    def pickle_drawn(packed):
        return [drawing.svg() for drawing in pickle.loads(packed)]

    assert page(draw) == page(svgs)
    assert max(map(len, handed_over)) < 1_000_000


def test_the_other_process_begins_before_all_is_worked_out():
    from simsuite.report.drawn.drawing import Drawing

    begun = threading.Event()

    def plates():
        yield [Drawing(_trial, "first", "")]
        assert begun.wait(timeout=60)
        yield [Drawing(_trial, "second", "")]

    with DrawingProcess() as beside:
        ask = beside._ask
        beside._ask = lambda packed: (begun.set(), ask(packed))[1]
        assert [len(drawn) for drawn in beside.svgs(plates())] == [1, 1]


def test_what_cannot_be_worked_out_is_said_and_keeps_nothing_waiting():
    def plates():
        yield []
        raise KeyError("no such table")

    with DrawingProcess() as beside, pytest.raises(KeyError, match="no such table"):
        beside.svgs(plates())


@pytest.mark.parametrize("when", ["before it is asked", "when it has drawn one plate"])
def test_what_a_process_that_died_did_not_draw_is_drawn_here(drawn_here, when):
    with DrawingProcess() as beside:
        ask = beside._ask

        def ask_and_die(packed):
            answer = ask(packed) if when == "when it has drawn one plate" else None
            beside._process.kill()
            beside._process.wait()
            return answer or ask(packed)

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
        beside._process.stdin.close()
        assert beside._process.wait(timeout=60) == 0
    assert os.listdir(tmp_path) == ["pandas.py"]


def test_the_other_process_is_the_same_program_wherever_it_was_started(tmp_path):
    """Also where another one is installed."""
    code = "import simsuite; print(simsuite.__file__)"
    asked = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**os.environ, "PYTHONPATH": _same_program()},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == simsuite.__file__


def test_what_cannot_be_handed_over_is_drawn_here():
    from simsuite.report.drawn.drawing import Drawing, blank

    plates = [[Drawing(lambda narrow: blank(narrow, 50), f"number {number}", "nothing")] for number in range(4)]
    with DrawingProcess() as beside:
        assert beside.svgs(plates) == svgs(plates)
