"""README shows what a newcomer sees: the answer of its first command, files that are there, commands that exist, an example that loads."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import simsuite

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """Fenced blocks of this kind; "" for output and plain commands."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def shown_answer() -> list[str]:
    """Lines of the answer that README shows, up to where the report lies."""
    return TEXT[TEXT.index("Integrated data is better") :].partition("Report   ")[0].splitlines()


def without_seconds(lines: list[str]) -> list[str]:
    return [line for line in lines if not re.fullmatch(r"Time +[\d,.]+ (s|min).*", line)]


def test_the_first_command_prints_the_answer_that_readme_shows(tmp_path):
    """All but the seconds, which are those of the clock."""
    done = subprocess.run(
        [sys.executable, "-m", "simsuite", "compare", str(ROOT / "scenarios/flagship_retailer.toml")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.partition("Report   ")[0].splitlines()
    assert without_seconds(printed) == without_seconds(shown_answer())


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))))
def test_what_readme_points_to_is_there(path):
    assert (ROOT / path).exists()


def test_every_command_that_readme_names_exists():
    from typer.main import get_command

    from simsuite.cli.main import app

    named = set(re.findall(r"(?:^|`|bin/)simsuite +([a-z]+)", TEXT, re.MULTILINE)) - {"sends"}  # begins a sentence
    assert len(named) >= 5 and named <= set(get_command(app).commands)


def test_the_example_of_a_question_loads(tmp_path):
    (example,) = (each for each in blocks("toml") if "my_shop" in each)
    (tmp_path / "my_shop.toml").write_text(example, encoding="utf-8")
    assert set(simsuite.load(tmp_path / "my_shop.toml").spec.strategies) == {"isolated", "quarter"}
