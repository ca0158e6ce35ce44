"""The command killed at any moment and resumed gives the content of an undisturbed run."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest
from test_experiment_commands import ENVIRONMENT, simsuite

from simsuite.engines.compile import compile_rules
from simsuite.experiment.progress import Progress

COMPARE = (
    "compare", "question.toml", "--replications", "20", "--workers", "2", "--results", "results"
)
RESUME = ("resume", "results", "--workers", "2")
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT)  # in turn: every third is Ctrl-C


def write_scenario(folder):
    """Two small shops; a replication takes a tenth of a second."""
    folder.mkdir()
    (folder / "question.toml").write_text(
        'title = "A cart in two shops"\nextends = "lab_world"\n[population]\ncustomers = 2000\n'
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
    """Lines of the journal of an unfinished experiment: replications that are done, and the first."""
    journal = folder / "results" / "journal.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.exists() else 0


def struck(folder, seconds, number):
    """Start or resume the command, send it a signal after so many seconds; whether it was hit."""
    words = RESUME if journal_lines(folder) else COMPARE
    process = subprocess.Popen(
        [sys.executable, "-m", "simsuite.cli.main", *words],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        process.wait(120)
    assert process.returncode in (0, -number, 130)
    return process.returncode != 0


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.verification)])
def test_a_command_killed_at_random_moments_and_resumed_gives_the_same_content(tmp_path, kills):
    """Moments are spread over the time of an undisturbed run; what is resumed has less to do.

    Up to five kills hit one experiment; then it is left alone, compared, and the next one begins.
    """
    compile_rules(Progress("", None))
    undisturbed = write_scenario(tmp_path / "undisturbed")
    began = time.monotonic()
    simsuite(*COMPARE, folder=undisturbed)
    duration = time.monotonic() - began
    expected = content_of(undisturbed)

    chance, hits, reached = random.Random(11), 0, set()
    for experiment in range(3 * kills):
        folder = write_scenario(tmp_path / f"struck-{experiment}")
        complete, most = False, min(hits + 5, kills)
        while hits < most and not complete:
            share = 0.6 if journal_lines(folder) else 1.0
            number = SIGNALS[hits % 3]
            complete = not struck(folder, chance.uniform(0.0, share * duration), number)
            if not complete:
                hits += 1
                reached.add(journal_lines(folder))
        if not complete:
            simsuite(*(RESUME if journal_lines(folder) else COMPARE), folder=folder)
        assert content_of(folder) == expected
        if hits == kills:
            break
    assert hits == kills, "the command is faster than when it was timed"
    assert len(reached) > 1, "no kill fell into the runs"
