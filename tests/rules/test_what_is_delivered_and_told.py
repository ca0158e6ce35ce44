"""What is delivered costs its delivery and can be too slow; draws of shelves go by names; who hears an announcement when."""

import pytest
from worlds import Encounter, packed, small_retail, started

from simsuite.vocabulary import Cause, EventKind

DELIVERY = [(True, False, True), (False, False, False), (True, True, False)]  # delivers, collects, is delivered


def at_web(delivers, collects):
    """A customer at the checkout of a web shop that serves itself."""
    met = Encounter()
    channel = met.world.channels[met.channel("desktop_web")]
    channel.delivers, channel.staffed, channel.delivery_cost_cents = delivers, False, 490
    return met, met.at("desktop_web", collects=collects)


@pytest.mark.parametrize("delivers, collects, delivered", DELIVERY)
def test_only_what_is_delivered_can_be_delivered_too_slowly(delivers, collects, delivered):
    met, visit = at_web(delivers, collects)
    met.rules.checkout_rates(met.customer, visit, met.world)
    assert (visit.rates[Cause.SLOW_DELIVERY] > 0.0) == delivered


@pytest.mark.parametrize("days", [0.5, 2.0, 7.0])
def test_delivery_is_too_slow_in_proportion_to_its_days(days):
    met, visit = at_web(True, False)
    met.world.channels[visit.channel].delivery = days
    met.rules.checkout_rates(met.customer, visit, met.world)
    giving_up = met.world.parameters.giving_up
    expected = giving_up.slow_delivery / giving_up.usual_delivery * days
    assert visit.rates[Cause.SLOW_DELIVERY] == pytest.approx(expected)


@pytest.mark.parametrize("delivers, collects, delivered", DELIVERY)
def test_only_what_is_delivered_costs_its_delivery(delivers, collects, delivered):
    met, visit = at_web(delivers, collects)
    met.rules.book_order(met.customer, met.relations, visit, met.world)
    assert met.world.tally.money[met.customer.segment, visit.channel, 3] == (490 if delivered else 0)
    assert met.world.tally.money[met.customer.segment, visit.channel, 0] == met.journey.basket_cents


def vanished(**overrides):
    """Units that vanished from each stock pool, by its name, where nobody buys anything."""
    nobody = {f"segments__{name}__need_rate": 1e-6 for name in ("regular", "loyal", "deal_seeker", "newcomer")}
    tables = small_retail(40, warm_up=0, horizon=120, parameters__stock__shrinkage=0.05, **nobody, **overrides)
    engine = started(tables)
    engine.run(tables.days)
    return dict(zip(tables.pool_names, engine.tables["stock"]["vanished"].tolist(), strict=True))


def test_what_vanishes_from_a_shelf_does_not_depend_on_what_other_channels_there_are():
    all_channels, fewer = vanished(), vanished(channels__store__present=False)
    assert set(fewer) < set(all_channels)
    for name, units in fewer.items():
        assert units == all_channels[name] and sum(units) > 20
    assert len({str(units) for units in all_channels.values()}) == len(all_channels), "every pool has its own luck"


TOLD = {"announcement": {"reach": 1.0, "strength": 20.0, "level": 0.9}}


@pytest.mark.parametrize("design, warm_up_hears", [("switch_over", False), ("long_run", True)])
def test_an_announcement_is_heard_from_the_switch_on_or_in_a_long_run_from_the_first_day(design, warm_up_hears):
    """In a long run the strategy has always been in force, so its warm-up knows of it too."""
    busy = {f"segments__{name}__need_rate": 150.0 for name in ("regular", "loyal", "deal_seeker", "newcomer")}
    tables = packed(
        strategies={"silent": {}, "told": TOLD},
        population__customers=100,
        experiment__design=design,
        experiment__warm_up=14,
        experiment__horizon=14,
        experiment__cool_down=0,
        **busy,
    )
    engine = started(tables, "told" if design == "long_run" else "silent")
    engine.run(tables.warm_up)
    engine.switch_to("told")
    engine.run(tables.days)
    events = engine.result().events
    heard = events[events["kind"] == EventKind.ANNOUNCED]
    assert len(heard) > 30
    assert (heard["part"] < tables.warm_up * 4).any() == warm_up_hears
    assert len(set(heard["customer"].tolist())) == len(heard), "each hears it once"
