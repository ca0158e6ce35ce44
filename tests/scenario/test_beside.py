"""Files that lie beside the one that was asked for: none of them stops, fools or delays anybody."""

import os
import time

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario import library
from simsuite.scenario.loading import load


@pytest.fixture
def strange(folder, write):
    """One good scenario among files that are none."""
    write('extends = "retail_world"\n[strategies.isolated]\n', "good.toml")
    os.mkfifo(folder / "pipe.toml")
    (folder / "folder.toml").mkdir()
    (folder / "endless.toml").symlink_to("/dev/zero")
    (folder / "dangling.toml").symlink_to("nowhere")
    write("a = " + "[" * 100_000 + "]" * 100_000, "deep.toml")
    write("[" + "a." * 50_000 + "a]", "long_key.toml")
    (folder / "binary.toml").write_bytes(bytes(range(256)) * 1000)
    with open(folder / "big.toml", "wb") as file:
        file.truncate(1 << 30)
    return folder


def test_a_missing_name_is_told_in_seconds_among_strange_files(strange):
    began = time.monotonic()
    for name in ("nowhere", "nowhere.toml"):
        with pytest.raises(ScenarioError, match="there is no scenario .nowhere") as caught:
            load(name)
        assert "good" in str(caught.value) and "deep" not in str(caught.value)
    assert time.monotonic() - began < 5


def test_a_missing_parent_is_told_among_strange_files(strange, write):
    with pytest.raises(ScenarioError, match="There are: .*good.toml"):
        load(write('extends = "nowhere.toml"\n', "child.toml"))


@pytest.mark.parametrize("name", ["pipe", "folder", "endless", "dangling", "deep", "long_key", "binary", "big"])
def test_each_of_them_asked_for_is_refused_in_words(strange, name):
    with pytest.raises(ScenarioError, match=f"^{name}.toml"):
        load(f"{name}.toml")


def test_names_of_files_reach_the_terminal_without_control_characters(write):
    write("[population]\n", "evil\033[31m.toml")
    with pytest.raises(ScenarioError) as caught:
        load("nowhere.toml")
    assert "\033" not in str(caught.value) and "evil?" in str(caught.value)


def test_of_very_many_files_some_are_looked_into(write, monkeypatch):
    monkeypatch.setattr(library, "MOST_LOOKED_INTO", 3)
    for number in range(9):
        write("[population]\n", f"many_{number}.toml")
    with pytest.raises(ScenarioError) as caught:
        load("wherever.toml")
    assert str(caught.value).count("many_") == 3
