"""A scenario that is loaded takes overrides as its file would have taken them."""

from dataclasses import replace

import pytest

import simsuite
from simsuite.errors import ScenarioError, ScenarioWarning, UsageError

HALF = '[strategies.half]\nextends = "integrated"\nflows.stock.coverage = 0.5\n'
CHANGES = [
    {"population.customers": 77},
    {"experiment.seed": 5, "experiment.reference": "half"},
    {"strategies.integrated.flows.cart.coverage": 0.25},  # half inherits it
    {"channels.phone.present": False},
    {"channels.kiosk.extends": "store", "channels.kiosk.title": "Kiosk"},
    {"channels.store.trip": "2 h"},
    {"population.segments.loyal": "25 %", "population.segments.regular": 0.45},
    {"strategies.integrated.extends": "isolated"},
    {"parameters.statements.tolerance": 0.07},
]


@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_they_act_as_if_the_file_had_been_loaded_with_them(world, changes):
    one, other = world(HALF).with_overrides(changes), world(HALF, overrides=changes)
    assert one.digest == other.digest != world(HALF).digest
    assert one.origins == other.origins and one.text == other.text
    assert one.set_values == other.set_values != {}


def test_earlier_ones_stay_and_later_ones_go_first(world):
    first = world(overrides={"population.customers": 77, "experiment.seed": 5})
    both = first.with_overrides({"population.customers": 78})
    assert (both.spec.population.customers, both.spec.experiment.seed) == (78, 5)
    assert first.spec.population.customers == 77


def test_what_was_switched_off_stays_off(world):
    silent = world().without(["statements"])
    changed = silent.with_overrides({"parameters.statements.price_clash_rate": 9.0})
    assert changed.spec.parameters.statements == silent.spec.parameters.statements
    assert changed.switched_off == ("statements",)


def test_a_new_name_stays(world):
    assert replace(world(), name="y").with_overrides({"experiment.seed": 5}).name == "y"


@pytest.mark.parametrize("path", ["population.custommers", "nonsense", "strategies.integrated.flows.carts.coverage"])
def test_a_misspelt_path_is_refused(world, path):
    with pytest.raises(ScenarioError, match=path.rpartition(".")[2]):
        world().with_overrides({path: 1})


def test_what_they_leave_without_effect_is_a_warning(world):
    with pytest.warns(ScenarioWarning, match="same as the reference") as told:
        world().with_overrides({"strategies.integrated.extends": "isolated"})
    assert told[0].filename == __file__


def test_a_change_by_hand_is_not_lost_silently(world):
    scenario = world()
    by_hand = replace(scenario, spec=scenario.spec.model_copy(update={"currency": "USD"}))
    assert by_hand.with_overrides({}) is by_hand
    with pytest.raises(UsageError, match="changed by hand"):
        by_hand.with_overrides({"experiment.seed": 5})


def test_a_file_that_has_changed_since_does_not_matter(world, folder):
    scenario = world()
    (folder / "x.toml").unlink()
    assert scenario.with_overrides({"experiment.seed": 5}).spec.experiment.seed == 5


def tiny(**more):
    return {"population.customers": 100, "experiment.horizon": 7, "experiment.warm_up": 0, **more}


@pytest.mark.parametrize(
    "call",
    [
        lambda: simsuite.load("flagship_retailer", tiny()),
        lambda: simsuite.run("flagship_retailer", overrides=tiny()),
        lambda: simsuite.RetailModel("flagship_retailer", overrides=tiny()),
        lambda: simsuite.compare("flagship_retailer", replications=2, overrides=tiny()),
    ],
    ids=["load", "run", "RetailModel", "compare"],
)
def test_a_warning_stands_at_the_line_that_called_whatever_was_called(call):
    with pytest.warns(ScenarioWarning, match="a desk for 100 customers") as told:
        call()
    assert {one.filename for one in told} == {__file__}
