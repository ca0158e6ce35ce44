"""What a scenario says in vain is a warning with its place, and the next scenario, in which it works, has none."""

import tomllib
import warnings

import numpy as np
import pandas as pd
import pytest
from worlds import small_retail, switched

import simsuite
from simsuite.errors import ScenarioWarning
from simsuite.scenario.areas import clerks_for, desks_serve
from simsuite.scenario.loading import load
from simsuite.scenario.pack import pack
from simsuite.vocabulary import Flow

HALF = '[strategies.half]\nextends = "isolated"\n'
COLLECT = "capabilities.collect_in_store = true\n"
WAIT = "capabilities.master_read = true\n"
SMALL = {
    "population.customers": 400,
    "experiment.warm_up": 14,
    "experiment.horizon": 42,
    "experiment.cool_down": 14,
    "strategies.isolated": {},
    "strategies.integrated": {},
}


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


ONE = 'coverage = 0.5, channels = ["app"]'


@pytest.mark.parametrize("flow", [flow.name.lower() for flow in Flow if flow is not Flow.CART])
def test_a_flow_of_one_channel_links_nothing(world, flow):
    with pytest.warns(ScenarioWarning):
        (found,) = world(HALF + f"flows.{flow} = {{ {ONE} }}\n").warnings
    assert (found.file, found.line) == ("x.toml", 6) and found.source_line[found.column - 1 :].startswith('["app"]')
    assert f"[strategies.half.flows.{flow}] {flow} has no effect: only app is reached" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        f"flows.cart = {{ {ONE} }}\n",
        'flows.stock = { coverage = 0.5, channels = ["app", "store"] }\n',
        'flows.stock = { coverage = 0, channels = ["app"] }\n',
    ],
)
def test_carts_of_one_channel_two_channels_and_what_is_off_are_no_warning(world, lines):
    assert world(HALF + lines).warnings == ()


def without(*names):
    return "".join(f"[channels.{name}]\npresent = false\n" for name in names)


def test_a_list_of_the_catalog_of_which_one_channel_is_left_is_a_warning_at_the_strategy(world):
    with pytest.warns(ScenarioWarning):
        (found,) = world("[strategies.cross_channel]\n" + without("desktop_web", "mobile_web", "phone")).warnings
    assert (found.file, found.line, found.column) == ("x.toml", 4, 13)
    assert "[strategies] identity of cross_channel has no effect: only app is reached" in found.message


def test_an_own_coverage_over_such_a_list_is_told_of_where_it_was_said(world):
    lines = "[strategies.cross_channel.flows.identity]\ncoverage = 0.7\n"
    with pytest.warns(ScenarioWarning):
        (found,) = world(lines + without("desktop_web", "mobile_web", "phone")).warnings
    assert (found.line, found.column) == (5, 12) and "identity has no effect" in found.message


def connected(scenario):
    """Names of the flows of the integrated strategy."""
    return [name for name, flow in scenario.spec.strategies["integrated"].flows if flow.coverage]


def test_flows_without_a_list_are_told_of_once_where_only_one_channel_shares_data(world):
    """The marketplace is there too, and no flow reaches it."""
    others = without("desktop_web", "mobile_web", "phone", "social", "store")
    with pytest.warns(ScenarioWarning):
        scenario = world(others)
    (found,) = scenario.warnings
    assert (found.line, found.column) == (3, 13)
    named = ", ".join(name for name in connected(scenario) if name != "cart")
    assert f"{named} of integrated have no effect: only app is reached" in found.message


def test_where_no_channel_shares_data_not_even_carts_have_an_effect(world):
    others = without("desktop_web", "mobile_web", "phone", "social", "store", "marketplace")
    with pytest.warns(ScenarioWarning):
        scenario = world(others + "[channels.app]\nshares_data = false\noffers_collection = false\n")
    (found,) = scenario.warnings
    assert f"{', '.join(connected(scenario))} of integrated have no effect: no channel" in found.message


@pytest.mark.parametrize("flow", Flow)
def test_only_the_flow_of_carts_changes_a_run_in_one_channel_alone(flow):
    """A connected channel shows the shared record of its own carts, and with the error of the flow."""
    linked = {"coverage": 1.0, "error": 0.5, "channels": ["app"]}
    apart = {"isolated": {}, "one": {"extends": "isolated", "flows": {flow.name.lower(): linked}}}
    tables = small_retail(300, strategies=apart)
    assert (switched(tables, "one").digest() == switched(tables, "isolated").digest()) == (flow is not Flow.CART)


SHOP = '[channels.shop]\nextends = "app"\n'
PLACE = '[channels.place]\nextends = "store"\n'
AT_REST = [
    (SHOP + "delivers = false\ndelivery = 9\n", "delivery", "delivers = false"),
    (SHOP + "staffed = true\ncounts_carts = false\ndelivery = 9\n", "delivery", "staffed = true"),
    (SHOP + "staffed = true\ncounts_carts = false\ndelivers = false\ndelivery = 9\n", "delivery", "delivers = false"),
    (SHOP + "delivers = false\ndelivery_cost = 9.0\n", "delivery_cost", "delivers = false"),
    (SHOP + "staffed = true\ncounts_carts = true\n", "counts_carts", "staffed = true"),
    (SHOP + "sells_now = true\noffers_collection = true\n", "offers_collection", "sells_now = true"),
    (SHOP + "shares_data = false\noffers_collection = true\n", "offers_collection", "shares_data = false"),
    (SHOP + "hands_over = true\n", "hands_over", "sells_now = false"),
    (PLACE + "shares_data = false\nhands_over = true\n", "hands_over", "shares_data = false"),
    (PLACE + "reach_engagement = 0.5\n", "reach_engagement", "reach_share = 1"),
]


@pytest.mark.parametrize("lines, value, why", AT_REST)
def test_a_value_of_a_channel_that_another_one_keeps_from_acting_is_a_warning(world, lines, value, why):
    with pytest.warns(ScenarioWarning):
        (found,) = world(lines).warnings
    assert found.source_line.startswith(f"{value} = ")  # once, also where it has two reasons
    assert f"{value} = " in found.message and "has no effect" in found.message and why in found.message


def test_a_value_that_rests_in_every_channel_that_inherits_it_for_whatever_reason_is_a_warning(world):
    served = '[channels.twin]\nextends = "shop"\nstaffed = true\ncounts_carts = false\ndelivers = true\n'
    with pytest.warns(ScenarioWarning):
        found = world(SHOP + "delivery = 9\ndelivers = false\n" + served).warnings
    assert {problem.line for problem in found} == {6}


OPPOSITE = {
    "delivery": 1.0,
    "delivery_cost": 1.0,
    "counts_carts": False,
    "offers_collection": False,
    "hands_over": False,
    "reach_engagement": 0.0,
}


@pytest.mark.parametrize("lines, value, why", AT_REST)
def test_such_a_value_changes_no_measure(lines, value, why):
    def measured(**changes):
        said = {f"channels.{name}": entry for name, entry in tomllib.loads(lines)["channels"].items()}
        said |= {
            f"channels.{name}.{value}": new for name in tomllib.loads(lines)["channels"] for new in changes.values()
        }
        run = simsuite.run("retail_world", "integrated", overrides={**SMALL, **said})
        return run.measures["value"]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        pd.testing.assert_series_equal(measured(), measured(new=OPPOSITE[value]), check_exact=True)


@pytest.mark.parametrize(
    "lines",
    [
        SHOP + "delivery = 9\ndelivery_cost = 9\n",
        SHOP + "delivers = false\n",  # what is not said here, but in the catalog
        PLACE + "delivery = 3\ndelivery_cost = 0.0\ncounts_carts = false\n",
        PLACE + "reach_share = 0.5\nreach_engagement = 0.5\n",
        SHOP + 'delivery = 9\n[channels.twin]\nextends = "shop"\ndelivers = false\n',  # of the shop it acts
    ],
)
def test_a_value_of_a_channel_that_acts_or_is_not_said_is_no_warning(world, lines):
    assert world(lines).warnings == ()


@pytest.mark.parametrize(
    "sizes, line, words",
    [
        (
            "customers = 4_000\ncustomers_per_pool = 500",
            6,
            ["customers_per_pool = 500 acts as 2,000", "here of 1 with 2,000"],
        ),
        (
            "customers = 4_000\ncustomers_per_pool = 3_000",
            6,
            ["customers_per_pool = 3,000 acts as 4,000", "2 with 2,000"],
        ),
        ("customers_per_pool = 7_000", 5, ["customers_per_pool = 7,000 acts as 8,000", "4 with 2,000 customers each"]),
        (
            "customers = 10_000\ncustomers_per_region = 4_000",
            6,
            ["customers_per_region = 4,000 acts as 5,000", "10,000 customers make 2 regions"],
        ),
        ("customers = 2_500", 5, ["customers_per_region = 2,000 acts as 2,500", "2,500 customers make 1 region,"]),
        (
            "customers = 10_030\ncustomers_per_region = 100",
            6,
            ["customers_per_region = 100 acts as 100.3", "10,030 customers make 100 regions"],
        ),
        (
            "customers = 7\ncustomers_per_region = 3\ncustomers_per_pool = 7",
            6,
            ["customers_per_region = 3 acts as 3.5:"],
        ),
    ],
)
def test_sizes_that_come_out_otherwise_say_what_they_act_as(world, sizes, line, words):
    clerks = "\n[channels.store]\nservice = 0\n[channels.phone]\nservice = 0\n"
    with pytest.warns(ScenarioWarning):
        (found,) = world(f"[population]\n{sizes}{clerks}").warnings
    assert (found.file, found.line) == ("x.toml", line)
    assert all(each in found.message for each in words)


@pytest.mark.parametrize(
    "sizes",
    [
        "customers = 4_000\ncustomers_per_pool = 2_000",
        "customers = 4_000\ncustomers_per_pool = 4_000",
        "customers = 4_000\ncustomers_per_pool = 5_000",  # one area, and it is not full
        "customers = 1_500",  # one region, and it is not full
        "customers = 50_000",  # the last area is smaller
        "customers = 6_000\ncustomers_per_region = 1_500\ncustomers_per_pool = 3_000",
    ],
)
def test_sizes_that_come_out_as_they_are_said_and_what_is_smaller_than_one_area_are_no_warning(world, sizes):
    clerks = "\n[parameters.waiting]\ncustomers_per_clerk = 500\n"
    assert world(f"[population]\n{sizes}{clerks}").warnings == ()


def test_the_size_of_an_area_matters_to_nobody_where_every_region_has_its_own(world):
    own = "".join(f'[channels.{name}]\nstock_pool = "region"\n' for name in ("desktop_web", "mobile_web", "app"))
    gone = "".join(f"[channels.{name}]\npresent = false\n" for name in ("phone", "social", "marketplace"))
    lines = f"[population]\ncustomers = 4_000\ncustomers_per_pool = 500\n{own}{gone}"
    assert world(lines).warnings == ()


def test_whole_clerks_are_whole_also_where_regions_are_not(world):
    """15 regions of 1,066.7 customers are one area of 16,000, for whom 8 clerks of 2,000 are there."""
    lines = "[population]\ncustomers = 16_000\ncustomers_per_region = 1_100\n[channels.store]\nservice = 0\n"
    with pytest.warns(ScenarioWarning):
        (found,) = world(lines).warnings
    assert "customers_per_region = 1,100 acts as 1,067: 16,000 customers make 15 regions" in found.message


def test_an_area_of_regions_that_are_no_whole_number_of_customers_says_how_many_they_are(world):
    """106 customers in 7 regions of 15.14, two of which are an area of 30.29."""
    lines = "[population]\ncustomers = 106\ncustomers_per_region = 15\ncustomers_per_pool = 30\n"
    with pytest.warns(ScenarioWarning):
        scenario = world(lines + "[channels.store]\nservice = 0\n[channels.phone]\nservice = 0\n")
    of_regions, of_areas = [problem.message for problem in scenario.warnings]
    assert "customers_per_region = 15 acts as 15.1: 106 customers make 7 regions" in of_regions
    assert "customers_per_pool = 30 acts as 30.3: " in of_areas
    assert "of 2 with 15.1 customers each" in of_areas


def test_a_desk_whose_clerks_have_nearly_what_one_serves_is_no_warning(world):
    assert world("[population]\ncustomers = 20_001\n").warnings == ()


def test_a_desk_says_a_number_that_reads_as_another_one(world):
    """10 regions of 30.1 customers, one clerk each."""
    lines = "[population]\ncustomers = 301\ncustomers_per_region = 30\ncustomers_per_pool = 301\n"
    with pytest.warns(ScenarioWarning):
        scenario = world(lines + "[parameters.waiting]\ncustomers_per_clerk = 30\n[channels.phone]\nservice = 0\n")
    found = next(problem.message for problem in scenario.warnings if "a desk" in problem.message)
    assert "a desk for 30.1 customers has 1 clerk, 30.1 for each instead of 30:" in found


def test_a_desk_for_a_single_customer_is_told_of_in_the_singular(world):
    with pytest.warns(ScenarioWarning):
        (found,) = world("[population]\ncustomers = 1\n").warnings
    assert "a desk for 1 customer has 1 clerk, 1 for each" in found.message


def test_a_desk_has_as_many_clerks_as_were_counted_before(world):
    """Also where regions are not whole: 16,000 customers of 15 regions, and one of 2,500 for whom 1.25 clerks would be."""
    sizes = {
        "population.customers": 16_000,
        "population.customers_per_region": 1_100,
        "population.customers_per_pool": 4_000,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        spec = world(overrides=sizes).spec
    per_clerk = spec.parameters.waiting.customers_per_clerk
    tables = pack(spec)
    of_regions = np.concatenate([place.columns["desk"] for place in tables.places])
    customers = np.bincount(of_regions[of_regions >= 0]) * 16_000 / tables.regions
    of_desks = set(zip(customers.round().tolist(), tables.desks.columns["clerks"].tolist(), strict=True))
    assert of_desks == {(round(served), int(clerks_for(served, per_clerk))) for served in desks_serve(spec)}
    assert [int(clerks_for(served, 2_000)) for served in (1, 2_999, 2_999.9999999, 3_000, 16_000)] == [1, 1, 2, 2, 8]
