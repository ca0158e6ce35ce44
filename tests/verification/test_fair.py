"""T20: the comparison is fair. Where no flow can act, both strategies leave the same record."""

import pytest
from laboratory import CHANNELS, finished, packed, started

ALL_FLOWS = ("identity", "cart", "profile", "price", "promotion", "stock")
# Mystery shoppers are not sent: they change channels by order, to measure just what differs here.
SMALL = {
    "population__customers": 200,
    "population__customers_per_region": 100,
    "experiment__warm_up": 0,
    "experiment__horizon": 40,
    "experiment__cool_down": 10,
    "parameters__audit__shoppers": 0,
}


def integrated(**flow):
    """All flows on, else as `isolated`: local authority, no capability, no announcement."""
    return {"flows": {name: flow for name in ALL_FLOWS}}


def digests(tables, strategies, engine="batch", start=lambda world: None):
    """Digest of events, states, tallies, settled needs under each strategy."""
    found = []
    for strategy in strategies:
        world = started(tables, strategy, engine, keep_events=True)
        start(world)
        result = finished(world)
        assert len(result.events) > 100
        found.append(result.digest())
    return found


def one_channel(channel):
    """A world with this channel alone, and silos that err as often as the flow."""
    others = {f"channels__{name}__present": False for name in CHANNELS if name != channel}
    flows = {"all": integrated(coverage=1.0, delay=0.0, error=0.05)}
    return packed("flagship_retailer", flows, parameters__context__own_error=0.05, **SMALL, **others)


@pytest.mark.parametrize("engine", ["batch", "mesa"])
@pytest.mark.parametrize("channel", ["store", "desktop_web", "app"])
def test_with_one_channel_both_strategies_are_the_same_event_by_event(channel, engine):
    isolated, shared = digests(one_channel(channel), ("isolated", "all"), engine)
    assert isolated == shared


def test_with_two_channels_they_are_not():
    others = {f"channels__{name}__present": False for name in CHANNELS[2:]}
    flows = {"all": integrated(coverage=1.0, delay=0.0, error=0.05)}
    tables = packed("flagship_retailer", flows, parameters__context__own_error=0.05, **SMALL, **others)
    isolated, shared = digests(tables, ("isolated", "all"))
    assert isolated != shared


def keep_to_one_channel(world):
    """Every customer can reach one channel alone: nobody ever switches."""
    channels = len(world.packed.channels)
    for number in range(world.packed.customers):
        for channel in range(channels):
            if channel != number % channels:
                world.set("relations", (number, channel), reachable=False)


@pytest.mark.parametrize("engine", ["batch", "mesa"])
def test_without_switching_both_strategies_are_the_same_event_by_event(engine):
    """Seven channels, and customers who keep to one of them."""
    flows = {"all": integrated(coverage=1.0, delay=0.0, error=0.05)}
    tables = packed("flagship_retailer", flows, parameters__context__own_error=0.05, **SMALL)
    isolated, shared = digests(tables, ("isolated", "all"), engine, keep_to_one_channel)
    assert isolated == shared


@pytest.mark.parametrize("engine", ["batch", "mesa"])
def test_with_all_dials_at_zero_both_strategies_are_the_same_event_by_event(engine):
    """Flows that connect nobody, whatever their delay and error."""
    flows = {"off": integrated(coverage=0.0, delay=1.0, error=0.3)}
    isolated, off = digests(packed("flagship_retailer", flows, **SMALL), ("isolated", "off"), engine)
    assert isolated == off


@pytest.mark.parametrize("flow", ALL_FLOWS)
def test_with_any_one_flow_on_they_are_not(flow):
    longer = {**SMALL, "experiment__horizon": 160}  # a promotion is seldom told in two channels
    tables = packed("flagship_retailer", {"one": {"flows": {flow: {"coverage": 1.0}}}}, **longer)
    isolated, one = digests(tables, ("isolated", "one"))
    assert isolated != one


@pytest.mark.parametrize(
    "change",
    [
        {"announcement": {"reach": 1.0, "strength": 4.0}},
        {"authority": {"price": "central", "promotion": "central"}},
        {"flows": {"cart": {"coverage": 1.0, "error": 0.5}}},
    ],
)
def test_with_one_channel_whatever_else_differs_parts_them(change):
    """An announcement, another authority, another error: each alone breaks the equality."""
    others = {f"channels__{name}__present": False for name in CHANNELS if name != "desktop_web"}
    tables = packed(
        "flagship_retailer",
        {"changed": change},
        parameters__context__own_error=0.0,
        **SMALL,
        **others,
    )
    isolated, changed = digests(tables, ("isolated", "changed"))
    assert isolated != changed
