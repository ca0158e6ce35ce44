"""What a scenario says in vain is a warning with its place, and the next scenario, in which it works, has none."""

import pytest

from simsuite.errors import ScenarioWarning
from simsuite.scenario.loading import load

HALF = '[strategies.half]\nextends = "isolated"\n'
COLLECT = "capabilities.collect_in_store = true\n"
WAIT = "capabilities.master_read = true\n"


@pytest.mark.parametrize(
    "lines, place, words",
    [
        (COLLECT, (6, 33), "without the flow stock"),
        (COLLECT + "flows.stock = { coverage = 0.0 }\n", (6, 33), "collect_in_store = false"),
        (WAIT + "flows.cart = { coverage = 0.5 }\n", (6, 28), "a flow cart with a delay"),
        (WAIT + "flows.cart = { coverage = 0.5, delay = 0.0 }\n", (6, 28), "9 h or more"),
        ("capabilities.discreet = true\n", (6, 25), "without the flow identity"),
        ('flows.cart = { delay = "1 day", error = 0.1 }\n', (6, 24), "coverage is not said"),
        ("announcement = { reach = 0.8 }\n", (6, 26), "strength is not said"),
        ("announcement = { strength = 4 }\n", (6, 29), "reach is not said"),
        ('authority.price = "local"\nauthority.price_level = "lowest"\n', (7, 25), "price_level has no effect"),
    ],
)
def test_what_has_no_effect_is_a_warning_with_its_place(world, lines, place, words):
    with pytest.warns(ScenarioWarning):
        (found,) = world(HALF + lines).warnings
    assert (found.file, found.line, found.column) == ("x.toml", *place)
    assert "[strategies.half" in found.message and words in found.message


@pytest.mark.parametrize(
    "lines",
    [
        COLLECT + "flows.stock.coverage = 0.5\n",
        WAIT + 'flows.cart = { coverage = 0.5, delay = "1 day" }\n',
        WAIT + 'flows.cart = { coverage = 0.5, delay = "12 h" }\n',
        "capabilities.discreet = true\nflows.identity.coverage = 0.5\n",
        "capabilities.everybody_known = true\n",
        'flows.cart = { coverage = 0.5, delay = "1 day", error = 0.1 }\n',
        "announcement = { reach = 0.8, strength = 4 }\n",
        'authority = { price = "central", price_level = "lowest" }\n',
        'flows.cart = { coverage = 0.0, delay = "1 day" }\n',  # switched off on purpose
    ],
)
def test_what_works_and_what_is_switched_off_on_purpose_is_no_warning(world, lines):
    assert world(HALF + lines).warnings == ()


def test_a_capability_that_is_inherited_loses_its_flow(world):
    with pytest.warns(ScenarioWarning):
        (found,) = world('[strategies.dark]\nextends = "integrated"\nflows.stock.coverage = 0.0\n').warnings
    assert "[strategies.dark.capabilities] collect_in_store" in found.message


@pytest.mark.parametrize(
    "lines, words",
    [
        ("[strategies.integratd]\n", "Did you mean 'integrated'?"),
        (
            '[strategies.other]\ntitle = "Another name alone"\nextends = "isolated"\n',
            "Say below it what it does otherwise.",
        ),
        (
            "[strategies.integrated_ideal]\nextends = ''\n",
            "Say below it what it does otherwise.",
        ),  # a name of the catalog is none misspelt
    ],
)
def test_a_strategy_that_does_what_the_reference_does_is_a_warning(write, lines, words):
    with pytest.warns(ScenarioWarning):
        (found,) = load(write('extends = "retail_world"\n[strategies.isolated]\n' + lines)).warnings
    assert (found.file, found.line, found.column) == ("x.toml", 3, 13)
    assert "is the same as the reference isolated" in found.message and words in found.message


def test_the_strategy_that_is_the_reference_is_no_copy_of_itself(world):
    assert world('[experiment]\nreference = "integrated"\n').warnings == ()
