"""A delay acts as whole dayparts or whole days, and whoever looks is told."""

import warnings
from pathlib import Path

import pytest
from worlds import small_retail, switched

from simsuite.errors import ScenarioWarning
from simsuite.report.said.labels import what_differs
from simsuite.scenario import load
from simsuite.scenario.delays import acts_as, days_in_words, in_words
from simsuite.scenario.views import values_of
from simsuite.vocabulary import Flow

OF_CUSTOMERS = (Flow.IDENTITY, Flow.CART, Flow.PROFILE)
OF_CHANNELS = (Flow.PRICE, Flow.PROMOTION, Flow.STOCK)
HOURS_OF_CUSTOMERS = [(0, 0), (3.5, 0), (8.9, 0), (9, 0.5), (14, 0.5), (16, 0.75), (20.9, 0.75), (21, 1), (26, 1)]
HOURS_OF_CHANNELS = [(0, 0), (12, 0), (20.9, 0), (21, 1), (24, 1), (44, 1), (45, 2), (48, 2)]


@pytest.mark.parametrize("flow", Flow)
def test_it_acts_as_whole_dayparts_for_customers_and_as_whole_days_for_channels(flow):
    assert flow.words.by_day == (flow in OF_CHANNELS)
    expected = HOURS_OF_CHANNELS if flow.words.by_day else HOURS_OF_CUSTOMERS
    assert [acts_as(flow, hours / 24) for hours, _ in expected] == [days for _, days in expected]


@pytest.mark.parametrize("flow", [Flow.IDENTITY, Flow.PRICE, Flow.STOCK])
def test_two_delays_that_act_alike_give_the_same_run_and_others_do_not(flow):
    def digest(hours):
        flows = {flow.name.lower(): {"delay": f"{hours} h"}}
        tables = small_retail(300, strategies={"isolated": {}, "integrated": {"flows": flows}})
        return switched(tables, "integrated").digest()

    pairs = HOURS_OF_CUSTOMERS if flow in OF_CUSTOMERS else HOURS_OF_CHANNELS
    found = {}
    for hours, days in pairs:
        found.setdefault(days, set()).add(digest(hours))
    assert all(len(digests) == 1 for digests in found.values())
    assert len(set.union(*found.values())) == len(found)


@pytest.mark.parametrize("hours", [4, 8])
def test_a_single_daypart_keeps_no_channel_waiting_for_the_shared_copy(hours):
    def digest(master_read):
        strategy = {"flows": {"cart": {"delay": f"{hours} h"}}, "capabilities": {"master_read": master_read}}
        return switched(small_retail(300, strategies={"isolated": {}, "integrated": strategy}), "integrated").digest()

    assert digest(True) == digest(False)


LINES = '[strategies.half]\nextends = "isolated"\nflows.{flow} = {{ coverage = 0.5, delay = "{delay}" }}\n'


@pytest.mark.parametrize(
    "flow, delay, words",
    [
        ("cart", "0.3 days", None),
        ("cart", "7.2 h", "delay = 0.3 days acts as 0: "),
        ("identity", "6 h", "delay = 0.25 days acts as 0: "),
        ("profile", "11 h", "acts as 2 dayparts: "),
        ("identity", "26 h", "acts as 1 day: "),
        ("stock", "12 h", "delay = 0.5 days acts as 0: channels publish once a day"),
        ("price", "36 h", "delay = 1.5 days acts as 1 day: "),
        ("promotion", "22 h", "acts as 1 day: "),
    ],
)
def test_a_delay_that_acts_otherwise_is_a_warning_with_its_place(world, flow, delay, words):
    lines = LINES.format(flow=flow, delay=delay)
    with pytest.warns(ScenarioWarning):
        (found,) = world(lines).warnings
    assert (found.file, found.line) == ("x.toml", 6) and found.source_line[found.column - 1 :].startswith('"')
    assert f"[strategies.half.flows.{flow}]" in found.message and (words or "acts as 0: ") in found.message


@pytest.mark.parametrize(
    "flow, delay", [("cart", "12 h"), ("cart", "18 h"), ("profile", "2 days"), ("price", "3 days")]
)
def test_a_delay_that_acts_as_it_is_said_is_no_warning(world, flow, delay):
    assert world(LINES.format(flow=flow, delay=delay)).warnings == ()


def test_a_flow_that_is_off_needs_no_warning(world):
    assert (
        world('[strategies.half]\nextends = "isolated"\nflows.cart = { coverage = 0.0, delay = "7 h" }\n').warnings
        == ()
    )


def test_show_and_what_differs_say_what_it_acts_as(world):
    with pytest.warns(ScenarioWarning):
        scenario = world(LINES.format(flow="cart", delay="11 h"))
    (shown,) = values_of(scenario, "strategies.half.flows.cart.delay")
    assert shown.acts_as == "2 dayparts"
    assert {value.path for value in values_of(scenario) if value.acts_as} == {shown.path}
    (row,) = what_differs(scenario, ["isolated", "half"])
    assert row == ("cart", ["off", "50 %, after 0.458333 days (acts as 2 dayparts)"])


def test_what_the_catalog_and_the_scenarios_say_acts_as_it_is_said():
    for path in Path(__file__).parents[2].joinpath("scenarios").glob("*.toml"):
        with warnings.catch_warnings():
            warnings.simplefilter("error", ScenarioWarning)
            assert not [value for value in values_of(load(path)) if value.acts_as]


def test_words():
    assert [days_in_words(days) for days in (0.5, 1, 1.0, 2.5)] == ["0.5 days", "1 day", "1 day", "2.5 days"]
    assert [in_words(Flow.CART, days) for days in (0.3, 0.5, 0.8, 1.1, 2.0)] == [
        "0",
        "2 dayparts",
        "3 dayparts",
        "1 day",
        "2 days",
    ]
