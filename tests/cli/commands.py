"""Running commands on small worlds, as a person types them."""

import os
import subprocess
import sys

from typer.testing import CliRunner

from simsuite.cli.main import app
from simsuite.experiment.journal import Journal

SMALL = [
    "--set",
    "population.customers=400",
    "--set",
    "experiment.warm_up=14",
    "--set",
    "experiment.horizon=28",
    "--set",
    "experiment.cool_down=7",
]
TINY = [*SMALL, "--set", "population.customers=100"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.getcwd(), "NO_COLOR": "1"}


def simsuite(*words: str, folder, check: bool = True) -> subprocess.CompletedProcess:
    """Run the command in a folder of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "simsuite", *words], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


def write_scenario(folder):
    """A scenario file with three strategies."""
    (folder / "retail_question.toml").write_text(
        'title = "A small question"\nextends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'
    )
    return folder


def of_another_program(folder):
    """Have the results of a folder come from another version of the program."""
    journal = Journal.read(folder)
    journal.header["program"] = "another"
    journal.write()


def inside(*words: str) -> str:
    """What a command prints, run within this process and folder."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout
