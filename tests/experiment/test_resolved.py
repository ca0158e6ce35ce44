"""A scenario that a results folder keeps is the scenario, origins included."""

from pathlib import Path

import pytest

from simsuite.errors import StoreError
from simsuite.experiment.journal import Journal
from simsuite.experiment.resolved import are_kept, keep_scenarios, kept_scenario
from simsuite.experiment.store import ResultsStore
from simsuite.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def keep(folder, scenario):
    """Have a results folder keep a scenario."""
    with ResultsStore(folder, "identity") as store:
        keep_scenarios(store, [scenario])


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_values_and_origins_come_back_as_they_were(tmp_path, file):
    first = load(file, {"population.customers": "77", "title": 'so "it" is;  # said'}).without(["statements"])
    keep(tmp_path, first)
    again = kept_scenario(tmp_path, file.stem, switched_off=["statements"])
    assert again.digest == first.digest and again.switched_off == ("statements",)
    assert {path: str(origin) for path, origin in again.origins.items()} == {
        path: str(origin) for path, origin in first.origins.items()
    }
    assert again.text == first.text


def test_options_that_took_something_out_come_back_too(tmp_path):
    options = {"channels.phone.present": False, "channels.kiosk.extends": "store", "population.customers": 77}
    first = load(SCENARIOS / "flagship_retailer.toml", options)
    keep(tmp_path, first)
    assert kept_scenario(tmp_path, first.name).set_values == first.set_values == options


def test_a_comment_in_another_hand_leaves_the_place_in_the_kept_file(tmp_path):
    keep(tmp_path, load("retail_world", {"strategies.isolated": {}}))
    file = tmp_path / "resolved" / "retail_world.toml"
    file.write_text(file.read_text().replace("customers = 20000  # customers; ", "customers = 20000  # "))
    assert "retail_world.toml:" in str(kept_scenario(tmp_path, "retail_world").origins["population.customers"])


@pytest.mark.parametrize(("before", "after"), [("level = 0.95", "level = 0.9"), ("isolated", "insulated"), ("\n", "")])
def test_a_kept_scenario_that_was_changed_since_is_refused_until_it_is_written_anew(tmp_path, before, after):
    scenario = load("retail_world", {"strategies.isolated": {}})
    keep(tmp_path, scenario)
    file = tmp_path / "resolved" / "retail_world.toml"
    file.write_text(file.read_text().replace(before, after, 1))
    with pytest.raises(StoreError, match="retail_world.toml is not as simsuite wrote it.*run the command"):
        are_kept(tmp_path, ["retail_world"], Journal.read(tmp_path))
    keep(tmp_path, scenario)
    assert are_kept(tmp_path, ["retail_world"], Journal.read(tmp_path)) and file.read_text() == scenario.text
