"""A scenario that is written out holds everything and loads to the same values."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsuite.scenario.loading import load
from simsuite.scenario.written import toml_value


@pytest.mark.parametrize(
    "lines",
    [
        "",
        '[channels.phone]\npresent = false\n[channels.kiosk]\nextends = "store"\n',
        '[strategies.half]\nextends = "cross_channel"\nflows.stock.regions = [0, 3]\n',
        '[strategies.cross_channel]\nextends = "integrated"\n',  # not what the catalog calls so
        "[segments.loyal.tastes]\napp = 0.1\n[check.app]\norder_value = 5.5\n",
        "[parameters.learning]\nhalf_life = 0.1e3\n",
    ],
)
def test_a_written_scenario_loads_again_to_the_same_digest(world, write, lines):
    scenario = world(lines)
    again = load(write(scenario.text, "resolved.toml"))
    assert again.digest == scenario.digest
    assert again.spec == scenario.spec


def test_a_written_scenario_needs_no_parent(world):
    values = tomllib.loads(world().text)
    assert "extends" not in values
    assert values["channels"]["store"]["trip"] == 30.0


def test_every_line_says_unit_source_and_origin(world):
    text = world("[population]\ncustomers = 5\n").text
    assert "customers = 5  # customers; scenario; x.toml:5\n" in text
    assert "trip = 30.0  # minutes; assumption; catalog/channels/store.toml:" in text


@pytest.mark.parametrize(
    "text",
    [
        'quotes " and \\ backslash',
        "two\nlines and \t tab",
        "# no comment",
        "ä 漢 🛒",
        "\u00a0",
        "a = 1\n[b]",
    ],
)
def test_any_text_survives(world, write, text):
    scenario = world(overrides={"question": text})
    assert load(write(scenario.text, "resolved.toml")).spec.question == text


def test_a_file_name_cannot_write_lines_of_its_own(folder, write):
    name = write('extends = "retail_world"\n[strategies.isolated]\n', "a\ncurrency = 'XXX'\n#.toml")
    scenario = load(folder / name)
    assert load(write(scenario.text, "resolved.toml")).spec.currency == "EUR"


@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(-(2**63), 2**63 - 1),
        st.booleans(),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.lists(st.integers(0, 9)),
    )
)
def test_values_keep_every_bit(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value
