"""A working directory of its own for every test, and scenario files in it."""

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario.loading import load

HEAD = 'extends = "retail_world"\n'
STRATEGIES = "[strategies.isolated]\n[strategies.integrated]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder):
    def write(text, name="x.toml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    return write


@pytest.fixture
def world(write):
    """Load a world of the catalog with two strategies and the given lines below them."""

    def world(lines="", **options):
        return load(write(HEAD + STRATEGIES + lines), **options)

    return world


@pytest.fixture
def refused(write):
    """The message with which these lines, from line 4 of a valid scenario on, are refused."""

    def refused(lines, **options):
        with pytest.raises(ScenarioError) as caught:
            load(write(HEAD + STRATEGIES + lines), **options)
        assert caught.value.exit_code == 3
        return str(caught.value)

    return refused


@pytest.fixture
def refused_text(write):
    """The message with which this whole text is refused."""

    def refused_text(text, **options):
        with pytest.raises(ScenarioError) as caught:
            load(write(text), **options)
        return str(caught.value)

    return refused_text
