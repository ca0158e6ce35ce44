"""The JSON Schema accepts what `load` accepts, and marks what editors can mark."""

import tomllib

import jsonschema
import pytest

from simsuite.scenario.library import CATALOG
from simsuite.scenario.schema import scenario_schema


@pytest.fixture(scope="module")
def validator():
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "text",
    [
        'extends = "retail_world"',
        "[strategies.isolated]\n[channels.store]\n",
        '[channels.kiosk]\nextends = "store"\ntrip = "5 min"\n[channels.phone]\npresent = false',
        '[strategies.half]\nextends = "integrated"\nflows.cart = { coverage = "50 %", delay = 1 }',
        'population.segments = { regular = "50 %", loyal = 0.5 }',
        '[experiment]\nhorizon = "180 days"\nwarm_up = 30',
        '[segments.new]\nextends = "loyal"\n[categories.new]\nextends = "fashion"',
        '[strategies.x.authority]\nprice_level = "-5 %"',
        '[strategies.x.authority]\nprice_level = "lowest"',
        "[strategies.x.authority]\nprice_level = -0.9",
        '[channels.store]\ntrip = "1.5000 h"',
        '[channels.store]\ntrip = "0.125 h"',
    ],
)
def test_partial_files_are_accepted(validator, text):
    validator.validate(tomllib.loads(text))


@pytest.mark.parametrize("file", sorted((CATALOG / "worlds").glob("*.toml")), ids=lambda file: file.stem)
def test_the_worlds_of_the_catalog_are_accepted(validator, file):
    validator.validate(tomllib.loads(file.read_text()))


def test_a_written_scenario_is_accepted(validator, world):
    validator.validate(tomllib.loads(world().text))


@pytest.mark.parametrize(
    "text",
    [
        "populaton = {}",
        "[channels.store]\nservce = 1",
        "[population]\ncustomers = 0",
        "[population]\ncustomers = 1.5",
        '[channels.store]\ntrip = "5 fortnights of days"',
        '[channels.store]\ntrip = "5 fortnights"',
        '[channels.store]\ntrip = "1.500 min"',
        '[strategies.x.authority]\nprice_level = "highest"',
        '[strategies.x.authority]\nprice_level = "-5,5 %"',
        "[strategies.x.authority]\nprice_level = -0.91",
        "[strategies.x.authority]\nprice_level = 2.1",
        "[strategies.x.flows.cart]\ncoverage = 1.5",
        '[channels.store]\nopens = ["night"]',
        '[channels."A b"]\nextends = "store"',
        "extends = 5",
    ],
)
def test_mistakes_are_marked(validator, text):
    assert not validator.is_valid(tomllib.loads(text))


def test_units_and_sources_are_in_the_schema():
    trip = scenario_schema()["$defs"]["ChannelSpec"]["properties"]["trip"]
    assert (trip["unit"], trip["source"]) == ("minutes", "assumption")
