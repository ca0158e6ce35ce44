"""The command killed at any moment and resumed gives the content of an undisturbed run."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest
from commands import ENVIRONMENT, simsuite

from simsuite.engines.compile import compile_rules
from simsuite.experiment.progress import Progress

RUNS = 20
COMPARE = ("compare", "question.toml", "--replications", str(RUNS), "--workers", "2", "--results", "results")
RESUME = ("resume", "results", "--workers", "2")
BESIDE = 7  # lines about what was asked for, the kept scenario, the tables and all views but the last
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT)  # in turn: every third is Ctrl-C


def write_scenario(folder):
    """Two small shops; a replication takes some hundredths of a second."""
    folder.mkdir()
    (folder / "question.toml").write_text(
        'title = "A cart in two shops"\nextends = "lab_world"\n[population]\ncustomers = 1000\n'
        "[segments.lab]\nneed_rate = 60.0\n"
        "[parameters.race]\ncheckout_self_service = -2.5\npause_rate = 0.1\n"
        "[parameters.giving_up]\nnot_ready_consider = 0.2\n"
        "[parameters.statements]\ncart_lost_rate = 1e12\n"
        "[strategies.isolated]\n[strategies.linked]\nflows.cart = { coverage = 1.0 }\n"
    )
    return folder


def content_of(folder):
    """Content digest by the manifest."""
    return json.loads((folder / "results" / "manifest.json").read_text())["content_digest"]


def journal_lines(folder):
    """Lines of the journal of an unfinished experiment: replications that are done, and what else was written."""
    journal = folder / "results" / "journal.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.exists() else 0


def struck(folder, lines, seconds, number):
    """Start or resume the command; so long after its journal has so many lines send it a signal; whether it was hit."""
    words = RESUME if journal_lines(folder) else COMPARE
    process = subprocess.Popen(
        [sys.executable, "-m", "simsuite", *words],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and journal_lines(folder) < lines:
        time.sleep(0.005)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    said = process.communicate(timeout=120)[1]
    python_began = "Failed to import the site module" in said  # a signal so early that nothing of simsuite had begun
    assert process.returncode in (0, -number, 130) or python_began, said
    if process.returncode == 130:
        assert "Interrupted. What was finished is kept" in said
    return process.returncode != 0


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.verification)])
def test_a_command_killed_at_random_moments_and_resumed_gives_the_same_content(tmp_path, kills):
    """Moments are spread over the start, the runs and the end of the command.

    Up to five kills hit one experiment; then it is left alone, compared, and the next one begins.
    """
    compile_rules(Progress("", None))
    undisturbed = write_scenario(tmp_path / "undisturbed")
    simsuite(*COMPARE, folder=undisturbed)
    expected = content_of(undisturbed)

    chance, hits, reached = random.Random(11), 0, set()
    for experiment in range(3 * kills):
        folder = write_scenario(tmp_path / f"struck-{experiment}")
        complete, most = False, min(hits + 5, kills)
        while hits < most and not complete:
            lines = min(journal_lines(folder) + chance.randint(0, 9), RUNS + BESIDE)
            complete = not struck(folder, lines, chance.uniform(0.0, 0.3), SIGNALS[hits % 3])
            if not complete:
                hits += 1
                reached.add(journal_lines(folder))
        if not complete:
            simsuite(*(RESUME if journal_lines(folder) else COMPARE), folder=folder)
        assert content_of(folder) == expected
        if hits == kills:
            break
    assert hits == kills, "the command ended before it was struck"
    assert len(reached) > 2, "no kill fell into the runs"
