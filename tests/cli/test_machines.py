"""Commands on machines that are not as they should be: full, closed, deleted, inherited from elsewhere."""

import os
import subprocess
import sys

import pandas as pd
import pytest
from commands import ENVIRONMENT, SMALL, simsuite, write_scenario

FULL = "/dev/full"
needs_full = pytest.mark.skipif(not os.path.exists(FULL), reason="this system has no /dev/full")


def end(*words, folder, **options):
    """A command with streams, or surroundings, of its own."""
    words = [sys.executable, "-m", "simsuite", *words]
    return subprocess.run(words, **{"cwd": folder, "env": ENVIRONMENT, "text": True, "timeout": 120, **options})


@needs_full
@pytest.mark.parametrize("words", [("show", "retail_question.toml"), ("schema",), ("--help",)])
def test_an_output_without_room_ends_in_words(tmp_path, words):
    with open(FULL, "w") as full:
        done = end(*words, folder=write_scenario(tmp_path), stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert done.stderr == "The output cannot be written: there is no room where it goes.\n"


@needs_full
def test_a_comparison_whose_answer_finds_no_room_keeps_its_runs(tmp_path):
    words = ("compare", "retail_question.toml", "--replications", "2", *SMALL, "--results", "kept")
    with open(FULL, "w") as full:
        done = end(*words, folder=write_scenario(tmp_path), stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4 and "Runs are kept" in done.stderr and "Traceback" not in done.stderr
    again = simsuite(*words, folder=tmp_path)
    assert "Running" not in again.stderr and (tmp_path / "kept" / "report.html").is_file()


@needs_full
def test_what_nobody_hears_on_stderr_changes_no_exit_code(tmp_path):
    with open(FULL, "w") as full:
        assert end("check", "nowhere.toml", folder=tmp_path, stderr=full).returncode == 3
        done = end(
            "check", "retail_question.toml", folder=write_scenario(tmp_path), stderr=full, stdout=subprocess.PIPE
        )
    assert done.returncode == 0 and "valid" in done.stdout


def test_closed_streams_lend_no_file_their_number(tmp_path):
    """A library that prints to a closed stream would write into whatever file came to have its number."""
    code = (
        "import os, sys; os.close(1); os.close(2); from simsuite.cli import main; main._hold_standard_streams(); "
        "sys.exit(os.open('file', os.O_CREAT | os.O_WRONLY))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT).returncode > 2


def test_a_working_folder_that_was_deleted_is_told(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = (
        f"import os, runpy, sys; os.rmdir({str(gone)!r}); sys.argv = ['simsuite', 'check', 'retail_world']; "
        "runpy.run_module('simsuite', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=gone, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("The working folder is not there any more.")


@pytest.mark.parametrize(
    "backend",
    ["module://matplotlib_inline.backend_inline", pytest.param("no such backend", marks=pytest.mark.verification)],
)
def test_the_backend_of_a_notebook_does_not_reach_a_command(tmp_path, backend):
    words = ("compare", "retail_question.toml", "--replications", "2", *SMALL)
    done = end(
        *words,
        folder=write_scenario(tmp_path),
        env={**ENVIRONMENT, "MPLBACKEND": backend, "MPLCONFIGDIR": "/dev/null/nowhere"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert "atplotlib" not in done.stderr


def test_without_a_folder_for_temporary_files_a_comparison_is_made(tmp_path):
    """No folder can be made where Python looks for one."""
    program = (
        "import runpy, sys, tempfile\n"
        "def none(): raise FileNotFoundError('No usable temporary directory found')\n"
        "tempfile.gettempdir = tempfile._get_default_tempdir = none\n"
        "sys.argv = ['simsuite', *sys.argv[1:]]\nrunpy.run_module('simsuite', run_name='__main__')"
    )
    words = ("compare", "retail_question.toml", "--replications", "2", *SMALL)
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=write_scenario(tmp_path),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "retail_question" / "report.html").is_file()


def test_replications_that_no_machine_holds_are_refused_before_anything_is_touched(tmp_path):
    words = ("compare", "retail_question.toml", *SMALL, "--results", "kept", "--replications")
    simsuite(*words, "2", folder=write_scenario(tmp_path))
    before = sorted(path.name for path in tmp_path.iterdir())
    for count in (10_000_000, 10**30):
        done = simsuite(*words, str(count), "--seed", "5", folder=tmp_path, check=False)
        assert done.returncode == 2 and "a whole number from 2 to 100,000" in done.stderr
    done = simsuite(*words, "100000", "--seed", "5", folder=tmp_path, check=False)
    assert done.returncode == 2 and "100,000 replications of retail_question, with 2 runs each" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_one_strategy_named_twice_is_compared_once(tmp_path):
    words = ("--strategy", "integrated", "--strategy", "integrated")
    simsuite("compare", "retail_question.toml", *words, "--replications", "2", *SMALL, folder=write_scenario(tmp_path))
    table = pd.read_csv(tmp_path / "results" / "retail_question" / "comparisons.csv")
    assert not table.duplicated(["measure", "segment", "channel", "strategy"]).any()
    assert set(table["strategy"]) == {"integrated"}
    alone = simsuite("compare", "retail_question.toml", "--strategy", "isolated", folder=tmp_path, check=False)
    assert alone.returncode == 2 and "isolated is the reference" in alone.stderr and "integrated" in alone.stderr


def test_a_new_scenario_is_whole_or_absent(tmp_path):
    def limit():
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = end("new", "mine.toml", folder=tmp_path, capture_output=True, preexec_fn=limit)
    assert done.returncode == 2 and "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
