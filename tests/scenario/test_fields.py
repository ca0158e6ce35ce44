"""What is declared about a value is found by its path."""

import pytest

from simsuite.scenario.fields import declared, names_at, plain_number
from simsuite.specs.channel import ChannelSpec
from simsuite.specs.scenario import ScenarioSpec


@pytest.mark.parametrize(
    "path, kind, low, high, unit",
    [
        ("population.customers", "whole", 1, 50_000_000, "customers"),
        ("population.segments.anything", "share", None, None, "share of customers"),
        ("channels.anything.service", "minutes", 0, 480, "minutes"),
        ("channels.anything.delivery", "days", 0, 60, "days"),
        ("channels.anything.staffed", "yes or no", None, None, "yes or no"),
        ("channels.anything.opens", "list", None, None, "dayparts"),
        ("strategies.x.flows.cart.coverage", "share", 0, 1, "share of records connected"),
        ("strategies.x.authority.price", "choice", None, None, ""),
        ("experiment.horizon", "whole days", 1, 3650, "days"),
        ("check.store.order_value", "number", 0, None, "money"),
        ("title", "text", None, None, ""),
    ],
)
def test_a_path_leads_to_kind_range_and_unit(path, kind, low, high, unit):
    found = declared(ScenarioSpec, path.split("."))
    assert (found.kind, found.low, found.high, found.unit) == (kind, low, high, unit)


def test_a_path_to_nothing_is_not_declared():
    assert declared(ScenarioSpec, ("population", "customer")) is None
    assert declared(ScenarioSpec, ("title", "length")) is None


def test_tables_know_their_names_and_tables_of_free_names_their_spec():
    assert "customers" in names_at(ScenarioSpec, ("population",))
    assert names_at(ScenarioSpec, ("channels",)) == []
    assert declared(ScenarioSpec, ("channels",)).spec is ChannelSpec
    assert names_at(ScenarioSpec, ("channels", "x")) == list(ChannelSpec.model_fields)


def test_a_choice_lists_its_words():
    assert declared(ScenarioSpec, ("experiment", "design")).allowed() == 'one of "switch_over", "long_run"'


@pytest.mark.parametrize(
    "value, text",
    [
        (50_000_000, "50,000,000"),
        (3650, "3,650"),
        (0.25, "0.25"),
        (1e12, "1e12"),
        (-50, "-50"),
        (9_007_199_254_740_991, "9,007,199,254,740,991"),
        (1.0, "1"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert plain_number(value) == text
