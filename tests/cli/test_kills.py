"""The command killed at any moment and resumed gives the content of an undisturbed run."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest
from test_experiment_commands import ENVIRONMENT, simsuite

COMPARE = (
    "compare", "question.toml", "--replications", "30", "--workers", "2", "--results", "results"
)
RESUME = ("resume", "results", "--workers", "2")
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT)  # in turn: every third is Ctrl-C


def write_scenario(folder):
    """Two small shops; a replication takes a tenth of a second."""
    folder.mkdir()
    (folder / "question.toml").write_text(
        'title = "A cart in two shops"\nextends = "lab_world"\n[population]\ncustomers = 100\n'
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
    """Moments are spread evenly, each at random within its share of the time of an undisturbed run.

    An experiment that completes in spite of the kills is compared and the next one begins.
    """
    undisturbed = write_scenario(tmp_path / "undisturbed")
    simsuite(*COMPARE, folder=undisturbed)
    began = time.monotonic()
    simsuite(*COMPARE, "--fresh", folder=undisturbed)  # again, with everything in the cache
    duration = time.monotonic() - began
    expected = content_of(undisturbed)

    chance = random.Random(11)
    moments = [(place + chance.random()) / kills * duration for place in range(kills)]
    chance.shuffle(moments)
    hits, experiments, reached = 0, 0, set()
    folder = write_scenario(tmp_path / "struck-0")
    while hits < kills:
        if struck(folder, moments[hits], SIGNALS[hits % 3]):
            hits += 1
            reached.add(journal_lines(folder))
            continue
        assert content_of(folder) == expected
        experiments += 1
        assert experiments <= 3 * kills, "the command is faster than it was when it was timed"
        folder = write_scenario(tmp_path / f"struck-{experiments}")
    simsuite(*(RESUME if journal_lines(folder) else COMPARE), folder=folder)
    assert content_of(folder) == expected
    assert len(reached) > 1, "no kill fell into the runs"
