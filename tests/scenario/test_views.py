"""Looking at scenarios: all values, and what differs."""

import pytest

from simsuite.errors import UsageError
from simsuite.scenario import load
from simsuite.scenario.views import catalog_strategy, differences, strategy_of, values_of


def test_values_come_with_unit_source_and_origin(world):
    shown = values_of(world('[channels.store]\ntrip = "45 min"\n'), "channels.store.trip")
    assert [(one.path, one.value, one.unit, one.source, str(one.origin)) for one in shown] == [
        ("channels.store.trip", 45.0, "minutes", "assumption", "x.toml:5")
    ]


def test_a_prefix_is_a_whole_name(world):
    scenario = world('[channels.store_two]\nextends = "store"\n')
    assert {one.path.split(".")[1] for one in values_of(scenario, "channels.store")} == {"store"}
    assert len(values_of(scenario)) == len(scenario.origins)


def test_an_unknown_prefix_says_what_was_perhaps_meant(world):
    with pytest.raises(UsageError, match="Did you mean 'channels.store'"):
        values_of(world(), "channels.stor")


def test_only_what_differs_is_a_difference(world):
    before, after = world(), world("[experiment]\nseed = 5\n")
    assert [(one.path, one.left, one.right) for one in differences(before.spec, after.spec)] == [
        ("experiment.seed", 1, 5)
    ]
    assert differences(before.spec, before.spec) == []


def test_a_channel_that_only_one_has_is_one_difference(world):
    before, after = world(), world("[channels.phone]\npresent = false\n")
    assert [(one.path, one.left, one.right) for one in differences(before.spec, after.spec)] == [
        ("channels.phone", "there", None)
    ]


def test_two_strategies_differ_in_flows_authority_and_capabilities(world):
    spec = world('[strategies.half]\nextends = "integrated"\nflows.cart.coverage = 0.1\ntitle = "Half"\n')
    found = differences(strategy_of(spec, "integrated"), strategy_of(spec, "half"))
    assert {(one.path, one.left, one.right) for one in found} == {
        ("title", "Integrated data", "Half"),
        ("flows.cart.coverage", 0.85, 0.1),
    }


def test_an_unknown_strategy_says_what_was_perhaps_meant(world):
    with pytest.raises(UsageError, match="Did you mean 'integrated'"):
        strategy_of(world(), "integratd")


def test_strategies_of_the_catalog_stand_alone():
    assert catalog_strategy("integrated").flows.cart.coverage == 0.85
    assert catalog_strategy("nothing") is None


def test_a_folder_of_one_s_own_called_catalog_or_default_is_one_s_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "default.toml").write_text(
        'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n[population]\ncustomers = 4000\n'
    )
    scenario = load("catalog/default.toml")
    assert str(scenario.origins["population.customers"]).startswith("./catalog/default.toml:5")
    assert "./catalog/default.toml:5" in scenario._repr_html_() and "default of the model" not in scenario._repr_html_()
