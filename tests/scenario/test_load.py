"""A scenario knows all its values, where they come from, and a digest of what they are."""

import dataclasses

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario.fields import leaves
from simsuite.scenario.loading import load


def test_an_error_reads_as_promised(refused):
    assert refused("[population]\ncustomers = -5\n") == (
        "x.toml:5:13: [population] customers = -5 must be a whole number from 1 to 50,000,000."
        "\n  customers = -5\n              ^"
    )


def test_an_unknown_parameter_reads_as_promised(refused):
    message = refused("[channels.store]\nservce = 3\n")
    assert message.startswith(
        "x.toml:5:1: [channels.store] has no parameter 'servce'. Did you mean 'service'?\n  servce = 3\n  ^"
    )


def test_an_element_of_a_list_has_its_own_place(refused):
    message = refused('[channels.store]\nopens = ["noon", "night"]\n')
    assert message.startswith('x.toml:5:18: [channels.store] opens contains "night"')
    assert '"morning", "noon", "afternoon", "evening"' in message


def test_only_scenarios_are_suggested(write):
    write('[project]\nname = "own"\n', "pyproject.toml")
    write('title = "a list of plants"\n', "garden.toml")
    write('extends = "retail_world"\n', "own.toml")
    with pytest.raises(ScenarioError) as caught:
        load("nothing_like_it.toml")
    known = str(caught.value).partition("Known by name: ")[2].partition(".")[0].split(", ")
    assert {"own", "retail_world"} <= set(known) and not {"pyproject", "garden"} & set(known)


def test_of_a_name_it_is_said_where_it_was_looked_up_and_of_a_path_not():
    with pytest.raises(
        ScenarioError,
        match=r'no scenario "shop_of_mine": names are looked up in \./scenarios and among those of simsuite',
    ):
        load("shop_of_mine")
    with pytest.raises(ScenarioError, match=r'no scenario "elsewhere/shop_of_mine\.toml"\. Known'):
        load("elsewhere/shop_of_mine.toml")


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("flagship", "flagship_retailer"),  # begins with it, although another name is nearer
        ("retailer", "flagship_retailer"),  # contains it
        ("flagships", "flagshop"),  # nothing does: the nearest
    ],
)
def test_a_name_typed_in_part_is_completed(write, typed, meant):
    for name in ("flagship_retailer", "flagshop"):
        write('extends = "retail_world"\n', f"scenarios/{name}.toml")
    with pytest.raises(ScenarioError, match=f"Did you mean '{meant}'"):
        load(typed)


def test_a_scenario_without_strategies_is_told_how_to_get_them(refused_text):
    message = refused_text('extends = "retail_world"\n')
    assert "lacks strategies" in message and "[strategies.NAME]" in message


def test_every_value_has_an_origin(world):
    scenario = world('[channels.store]\nservice = "4 min"\n')
    assert set(scenario.origins) == {".".join(path) for path, _ in leaves(scenario.spec)}


@pytest.mark.parametrize(
    "path, origin",
    [
        ("channels.store.service", "x.toml:5"),
        ("channels.store.trip", "catalog/channels/store.toml"),
        ("population.segments.loyal", "catalog/worlds/retail_world.toml"),
        ("strategies.integrated.flows.cart.coverage", "catalog/strategies/integrated.toml"),
        ("parameters.choice.inertia", "default of the model"),
        ("strategies.isolated.flows.cart.coverage", "default of the model"),
    ],
)
def test_origins_name_file_and_line(world, path, origin):
    scenario = world('[channels.store]\nservice = "4 min"\n')
    assert str(scenario.origins[path]).startswith(origin)


def test_the_name_is_the_name_of_the_file(world):
    assert world().name == "x"


def test_the_digest_does_not_depend_on_how_it_is_written(world):
    written = world("[population]\ncustomers = 5000\n[channels.store]\nservice = 4\n")
    otherwise = world('[channels.store]\nservice = "240 s"\n[population]\ncustomers = 5_000\n')
    assert written.digest == otherwise.digest
    assert len(written.digest) == 64


@pytest.mark.parametrize(
    "lines",
    [
        "[experiment]\nseed = 2\n",
        "[channels.store]\nservice = 5.000001\n",
        "[channels.phone]\npresent = false\n",
        "[parameters.race]\npause_rate = 1.1\n",
    ],
)
def test_another_value_makes_another_digest(world, lines):
    assert world(lines).digest != world().digest


def test_a_scenario_cannot_be_changed(world):
    scenario = world()
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.name = "y"
    with pytest.raises(ValueError, match="frozen"):
        scenario.spec.experiment.seed = 5


def test_loading_reads_a_path_as_well_as_a_name(world, folder):
    digest = world().digest
    assert load(folder / "x.toml").digest == load("x.toml").digest == digest
