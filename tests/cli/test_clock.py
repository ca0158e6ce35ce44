"""The seconds that a command prints and keeps are those of the clock, from its start to its end."""

import json
import re
import time

import pytest
from commands import TINY, simsuite, write_scenario


@pytest.fixture
def timed(tmp_path):
    """Runs a command; what it printed as its time, what the manifest keeps, and the least and most that is right.

    Python takes a while to begin and to end, more on a busy machine: as long as a command that does nothing.
    """
    write_scenario(tmp_path)

    def timed(*words):
        began = time.perf_counter()
        simsuite("--version", folder=tmp_path)
        nothing, began = time.perf_counter() - began, time.perf_counter()
        done = simsuite(*words, folder=tmp_path)
        took = time.perf_counter() - began
        kept = json.loads((tmp_path / "results" / "retail_question" / "manifest.json").read_text())
        printed = int(re.search(r"^Time     (\d+) s$", done.stdout, re.MULTILINE)[1])
        return printed, kept["seconds"]["command"], 0.9 * took - 3 * nothing - 1, took

    return timed


@pytest.mark.verification
def test_the_seconds_of_a_command_are_those_of_the_clock_with_what_is_compiled_and_drawn(timed, tmp_path):
    printed, kept, least, most = timed("compare", "retail_question.toml", *TINY, "--replications", "2")
    assert least - 0.5 <= printed <= max(most + 0.5, 1) and least <= kept <= most
    folder = tmp_path / "results" / "retail_question"
    assert (folder / "manifest.json").stat().st_mtime_ns >= (folder / "report.html").stat().st_mtime_ns
    printed, kept, least, most = timed("report", "results/retail_question")
    assert least - 0.5 <= printed <= max(most + 0.5, 1) and 0 < kept <= most  # its own time, and not none


def test_an_answer_in_python_says_how_long_the_call_took(tmp_path, monkeypatch):
    import simsuite as package

    monkeypatch.chdir(write_scenario(tmp_path))
    tiny = dict(word.split("=") for word in TINY[1::2])
    compare, began = package.compare, time.perf_counter()  # what it imports is no part of the call
    results = compare("retail_question.toml", replications=2, overrides=tiny)
    took = time.perf_counter() - began
    assert 0.9 * took - 0.1 <= results.seconds <= took
    assert f"Time     {max(round(results.seconds), 1)} s" in results.answer()
