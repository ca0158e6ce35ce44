"""CONTRIBUTING.md is followed to the letter in a copy of the project: what it adds is there, and touches few files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("simsuite", "scenarios", "docs", "tests", "notebooks", "README.md", "CONTRIBUTING.md", "pyproject.toml")
SAY = "import json, sys; from worlds import *; "


def section(title: str) -> str:
    """The text below a heading that begins so."""
    return re.search(rf"^## {re.escape(title)}[^\n]*\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)[1]


def steps(title: str) -> list[tuple[str, str, str]]:
    """(kind, path, text) of every block of a section that names a file."""
    return re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)


def changed(text: str, diff: str) -> str:
    """The text with every hunk of a diff applied where, and only where, its lines stand."""
    for hunk in diff.split("@@\n")[1:]:
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if line[0] in " -\n")
        after = "".join(line[1:] or "\n" for line in lines if line[0] in " +\n")
        assert text.count(before) == 1, f"these lines stand {text.count(before)} times in the file:\n{before}"
        text = text.replace(before, after)
    return text


class Copy:
    """A copy of the project, in which a section has been followed."""

    def __init__(self, folder: Path, title: str):
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".hypothesis", ".ipynb_checkpoints")
                shutil.copytree(ROOT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder / name)
        before = self.contents()
        for kind, path, text in steps(title):
            file = folder / path
            file.write_text(
                changed(file.read_text(encoding="utf-8"), text) if kind == "diff" else text, encoding="utf-8"
            )
        if "make documents" in section(title):
            self.python("tests/docs/render.py")
        after = self.contents()
        self.touched = sorted(path for path in after if after[path] != before.get(path))

    def contents(self) -> dict[str, bytes]:
        """Every file with its content."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in files}

    def python(self, *words: str) -> str:
        """What Python prints in the copy."""
        where = {"PYTHONPATH": os.pathsep.join(map(str, (self.folder, self.folder / "tests")))}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env={**os.environ, **where}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def tests(self, *paths: str) -> None:
        """Some tests of the house pass in the copy, as they stand."""
        self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *paths)


def test_a_scenario_is_one_file(tmp_path):
    copy = Copy(tmp_path, "A scenario")
    assert copy.touched == ["scenarios/rainy_spring.toml"]
    assert "rainy_spring" in copy.python("-m", "simsuite", "check", "rainy_spring")


def test_a_channel_is_one_file(tmp_path):
    copy = Copy(tmp_path, "A channel")
    assert copy.touched == ["simsuite/specs/catalog/channels/kiosk.toml"]
    visits = copy.python(
        "-c",
        SAY + "tables = small_retail(60, channels__kiosk={}); run = switched(tables, 'integrated', 'mesa'); "
        "place = tables.channel_names.index('kiosk'); print(run.tallies['visits'].sum(0)[place])",
    )
    assert int(visits) > 0
    copy.tests("tests/house/test_names.py", "tests/house/test_codes.py")


def test_a_measure_is_one_function_and_one_row_of_the_documents(tmp_path):
    copy = Copy(tmp_path, "A measure")
    assert copy.touched == ["docs/results.md", "simsuite/metrics/money.py"]
    small = ("--engine", "mesa", "--set", "population.customers=60", "--set", "experiment.horizon=28")
    shown = copy.python("-m", "simsuite", "run", "flagship_retailer", *small)
    assert "Goods per customer" in shown
    copy.tests("tests/docs/test_results_document.py", "-k", "every_measure or matter_are")


@pytest.fixture(scope="module")
def reminding(tmp_path_factory):
    """The project with reminders of left carts."""
    return Copy(tmp_path_factory.mktemp("reminding"), "A mechanism")


def test_a_mechanism_touches_eight_files_at_most(reminding):
    assert len(reminding.touched) <= 8
    assert "docs/event_log.md" in reminding.touched and "simsuite/rules/reminders.py" in reminding.touched


def test_a_mechanism_is_run_by_both_engines_and_booked(reminding):
    """A cause appended is booked under its own name, and 'none' has kept its place behind all causes."""
    said = reminding.python(
        "-c",
        SAY + "from simsuite.metrics.books import check_books\n"
        "from simsuite.metrics.run_tables import _ledger, _next_in_line\n"
        "tables = small_retail(200, parameters__reminders__annoyance_rate=2.0)\n"
        "runs = [switched(tables, 'integrated', engine) for engine in ('batch', 'mesa')]\n"
        "check_books(runs[0])\n"
        "print(json.dumps({'digests': [run.digest() for run in runs], 'reminded': int((runs[0].events['kind'] == 19).sum()),"
        "'causes': sorted(set(map(str, _ledger(runs[0])['cause']))),"
        "'next': sorted(set(map(str, _next_in_line(runs[0])['then'])))}))",
    )
    found = json.loads(said)
    assert len(set(found["digests"])) == 1 and found["reminded"] > 0
    assert "OVER_MESSAGED" in found["causes"] and "LAPSED" in found["causes"]
    assert {"none", "OVER_MESSAGED"} <= set(found["next"])


def test_the_tests_of_the_house_follow_a_mechanism(reminding):
    reminding.tests(
        "tests/house/test_names.py",
        "tests/house/test_codes.py",
        "tests/docs/test_scenarios_document.py",
        "tests/lives/test_sentences.py",
        "tests/lives/test_log_tables.py",
    )


@pytest.mark.verification
def test_all_tests_of_rules_engines_and_the_house_follow_a_mechanism(reminding):
    reminding.tests(
        *(
            "tests/house",
            "tests/rules",
            "tests/engines",
            "tests/lives",
            "tests/metrics",
            "tests/machine",
            "tests/scenario",
        ),
    )
