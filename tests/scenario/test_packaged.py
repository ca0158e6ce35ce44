"""Scenarios come with simsuite: they are known by name in any folder, in the sources and installed."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest

from simsuite.scenario import load
from simsuite.scenario.library import INSTALLED, PACKAGE, PACKAGED, known_as

ROOT = PACKAGE.parent
NAMES = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))


def built() -> dict:
    """What pyproject.toml says of the build."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_scenario_is_found_by_its_name_in_a_folder_that_has_none(folder):
    assert os.listdir(folder) == []
    assert sorted(path.stem for path in PACKAGED.glob("*.toml")) == NAMES and "flagship_retailer" in NAMES
    for name in NAMES:
        assert known_as(name) == PACKAGED / f"{name}.toml"


def test_the_origin_says_that_the_scenario_is_the_one_of_simsuite(folder):
    assert str(load("flagship_retailer").origins["question"]).startswith("simsuite/scenarios/flagship_retailer.toml:")


def test_the_own_folder_comes_first_and_the_origin_says_so(folder, write):
    write('question = "mine?"\nextends = "retail_world"\n[strategies.isolated]\n', "scenarios/flagship_retailer.toml")
    found = load("flagship_retailer")
    assert found.spec.question == "mine?"
    assert str(found.origins["question"]) == "scenarios/flagship_retailer.toml:1"


def test_no_scenario_has_the_name_of_a_world_of_the_catalog():
    assert {*NAMES}.isdisjoint(path.stem for path in (PACKAGE / "specs" / "catalog" / "worlds").glob("*.toml"))


def test_the_build_takes_every_room_and_the_folder_of_scenarios():
    rooms = {".".join(("simsuite", *file.parent.relative_to(PACKAGE).parts)) for file in PACKAGE.rglob("__init__.py")}
    assert {*built()["packages"]} == rooms | {"simsuite.scenarios"}
    assert built()["package-dir"] == {"simsuite.scenarios": "scenarios"}
    assert INSTALLED == PACKAGE / "scenarios" and not INSTALLED.exists()


@pytest.mark.verification
def test_an_installed_wheel_knows_the_scenarios_in_any_folder(tmp_path):
    """Builds the wheel with pip, in an environment of its own; lays it out as an installation does."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".git", ".venv", "results", "build", "*.egg-info", "__pycache__", "tests", "docs")
    shutil.copytree(ROOT, source, ignore=ignored)
    made = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(source)]
    done = subprocess.run(made, capture_output=True, text=True)
    if "No matching distribution" in done.stderr or "Could not find a version" in done.stderr:
        pytest.skip("no package index can be reached, and a wheel is built with setuptools from there")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("simsuite-*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    ours = {
        path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    theirs = {path.relative_to(site).as_posix() for path in (site / "simsuite").rglob("*") if path.is_file()}
    assert theirs == ours | {f"simsuite/scenarios/{name}.toml" for name in NAMES}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    text = "import simsuite as s; print(s.__file__, s.load('flagship_retailer').origins['question'])"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    shown = subprocess.run(
        [sys.executable, "-c", text], cwd=elsewhere, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert shown.startswith(f"{site}/simsuite/__init__.py simsuite/scenarios/flagship_retailer.toml:")
