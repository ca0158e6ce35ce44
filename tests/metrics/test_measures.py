"""Every measure on counts that were filled in by hand."""

import math

import pytest

from simsuite.metrics import REGISTRY
from simsuite.metrics.measure import measure
from simsuite.vocabulary import Intent, Outcome, Question

HEADLINES = [
    "conversion",
    "abandonment",
    "cart_abandonment",
    "consistency",
    "satisfaction",
    "margin",
]


def outcomes(**by_intent):
    """Outcome counts of the first segment: browse={Outcome.NO_PLAN: 3}, ..."""
    return {
        (0, Intent[intent.upper()], outcome): count
        for intent, counts in by_intent.items()
        for outcome, count in counts.items()
    }


def test_the_headlines_are_the_declared_ones_in_their_order():
    assert [name for name, entry in REGISTRY.items() if entry.headline] == HEADLINES


def test_thresholds_are_those_of_the_model():
    thresholds = {name: REGISTRY[name].threshold for name in HEADLINES}
    assert thresholds == {
        "conversion": 0.1,
        "abandonment": 0.5,
        "cart_abandonment": 0.5,
        "consistency": 0.02,
        "satisfaction": 0.01,
        "margin": 0.01,
    }
    assert [name for name in HEADLINES if REGISTRY[name].threshold_is_relative] == ["margin"]


def test_every_measure_says_what_it_counts():
    assert all(len(entry.definition) > 40 for entry in REGISTRY.values())


def test_a_measure_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="'margin' is declared twice"):
        measure(name="margin", title="", unit="", scale=1.0, better="neither", threshold=0.0)(len)


def test_conversion_counts_orders_per_100_needs_of_any_outcome(make_run, context, value_of):
    run = make_run(
        {
            "orders": {(0, 0): 2, (0, 1): 1},
            "outcomes": outcomes(
                buy={Outcome.ORDERED: 3, Outcome.GAVE_UP: 2},
                browse={Outcome.NOT_CONSIDERED: 10, Outcome.STILL_OPEN: 5},
            ),
        }
    )
    assert value_of("conversion", run, context) == pytest.approx(100 * 3 / 20)
    assert value_of("conversion", run, context, channel="store") == pytest.approx(100 * 2 / 20)
    assert value_of("conversion", run, context, channel="web") == pytest.approx(100 * 1 / 20)
    assert math.isnan(value_of("conversion", run, context, segment="loyal"))


def test_journeys_are_those_that_ended_and_browsers_are_no_lost_sale(make_run, context, value_of):
    run = make_run(
        {
            "outcomes": outcomes(
                buy={Outcome.ORDERED: 2, Outcome.GAVE_UP: 1, Outcome.STILL_OPEN: 9},
                consider={
                    Outcome.WENT_TO_COMPETITOR: 5,
                    Outcome.ABSORBED: 9,
                    Outcome.NOT_CONSIDERED: 9,
                },
                browse={Outcome.ORDERED: 1, Outcome.NO_PLAN: 7},
            )
        }
    )
    assert value_of("journey_conversion", run, context) == pytest.approx(100 * 2 / 8)
    assert value_of("abandonment", run, context) == pytest.approx(100 * 6 / 8)
    assert value_of("journey_conversion_with_browsers", run, context) == pytest.approx(100 * 3 / 16)


def test_session_conversion_is_by_channel_and_not_comparable(make_run, context, value_of):
    run = make_run({"visits": {(0, 0): 10, (1, 1): 40}, "buying_visits": {(0, 0): 4, (1, 1): 1}})
    assert value_of("session_conversion", run, context, channel="store") == pytest.approx(40.0)
    assert value_of("session_conversion", run, context, channel="web") == pytest.approx(2.5)
    assert value_of("session_conversion", run, context, segment="regular") == pytest.approx(40.0)
    assert value_of("session_conversion", run, context) == pytest.approx(10.0)
    assert not REGISTRY["session_conversion"].comparable


def test_time_to_order_is_cumulative(make_run, context, value_of):
    run = make_run({"time_to_order": {0: 3, 3: 1, 6: 2, 8: 4}})
    points = ("20_minutes", "1_hour", "3_hours", "24_hours", "3_days", "7_days", "14_days")
    shares = [value_of(f"ordered_within_{point}", run, context) for point in points]
    assert shares == pytest.approx([30, 30, 30, 40, 40, 40, 60])


def test_only_carts_of_own_online_shops_count_and_rescued_ones_are_abandoned(make_run, context, value_of):
    run = make_run(
        {
            "carts": {
                (0, 0, 0): 1000,
                (0, 1, 0): 20,
                (0, 1, 1): 5,
                (0, 1, 2): 2,
                (1, 2, 0): 5,
                (1, 2, 1): 5,
            }
        }
    )
    assert value_of("cart_abandonment", run, context, channel="web") == pytest.approx(75.0)
    assert value_of("cart_abandonment", run, context, segment="loyal") == 0.0
    assert value_of("cart_abandonment", run, context) == pytest.approx(100 * 15 / 25)
    assert value_of("carts_rescued", run, context) == pytest.approx(100 * 2 / 25)
    assert math.isnan(value_of("cart_abandonment", run, context, channel="store"))


def test_left_carts_are_split_by_who_left_them(make_run, context, value_of):
    run = make_run({"carts_left": {(0, 0, 0): 99, (0, 1, 0): 3, (0, 1, 1): 5, (0, 2, 2): 2}})
    assert value_of("carts_left_by_browsers", run, context) == pytest.approx(30.0)
    assert value_of("carts_left_not_ready", run, context) == pytest.approx(50.0)
    assert value_of("carts_left_not_ready", run, context, channel="web") == pytest.approx(62.5)


def test_lines_left_and_waits_are_per_arrival(make_run, context, value_of):
    run = make_run({"queue": {(0, 0): 8, (0, 1): 2, (0, 2): 960}})
    assert value_of("lines_left", run, context, channel="store") == pytest.approx(25.0)
    assert value_of("wait_minutes", run, context, channel="store") == pytest.approx(2.0)
    assert math.isnan(value_of("wait_minutes", run, context, channel="web"))


def audit_run(make_run):
    """Store to web: 100 asked each question; promotion kept for half of them, no cart found.

    Web to store, where nobody of the reference world changes to: nothing right.
    """
    cells = {}
    right = {Question.PRICE: 100, Question.PROMOTION: 50, Question.STOCK: 100, Question.CART: 0}
    for question, count in right.items():
        cells[0, question, 0, 1, 0], cells[0, question, 0, 1, 1] = 100, count
        cells[1, question, 1, 0, 0] = 300
    return make_run({"audit": cells})


def test_the_audit_weighs_pairs_by_the_changes_of_the_reference_world(make_run, context, value_of):
    run = audit_run(make_run)
    assert value_of("consistency", run, context) == pytest.approx(250 / 400)
    assert value_of("consistency_unweighted", run, context) == pytest.approx(250 / 400 / 2)
    context.switches[1, 0] = 30
    assert value_of("consistency", run, context) == pytest.approx(0.25 * 250 / 400)


def test_the_parts_of_consistency(make_run, context, value_of):
    run = audit_run(make_run)
    values = {
        part: value_of(part, run, context)
        for part in (
            "consistency_of_price",
            "consistency_of_promotion",
            "consistency_of_stock",
            "consistency_of_content",
            "continuity",
        )
    }
    assert values == pytest.approx(
        {
            "consistency_of_price": 1.0,
            "consistency_of_promotion": 0.5,
            "consistency_of_stock": 1.0,
            "consistency_of_content": 250 / 300,
            "continuity": 0.0,
        }
    )
    assert value_of("continuity", run, context, channel="web") == 0.0


@pytest.mark.parametrize("part", ["coordination", "process"])
def test_what_is_not_modeled_is_not_measured(part, make_run, context, value_of):
    assert math.isnan(value_of(part, audit_run(make_run), context))


@pytest.mark.parametrize(("asked", "measured"), [(99, False), (100, True)])
def test_consistency_takes_100_observations(asked, measured, make_run, context, value_of):
    run = make_run(
        {
            "audit": {(0, 0, 0, 1, 0): asked, (0, 0, 0, 1, 1): asked},
            "switches": {(0, 1, 0): 500, (0, 1, 1): asked, (0, 1, 2): asked},
        }
    )
    assert math.isnan(value_of("consistency", run, context)) != measured
    assert math.isnan(value_of("experienced_consistency", run, context)) != measured


def test_consistency_without_any_change_of_channel_is_not_measured(make_run, context, value_of):
    context.switches[:] = 0
    assert math.isnan(value_of("consistency", audit_run(make_run), context))


def test_experienced_consistency_is_over_changes_with_something_in_hand(make_run, context, value_of):
    run = make_run(
        {
            "switches": {
                (0, 1, 0): 900,
                (0, 1, 1): 400,
                (0, 1, 2): 100,
                (1, 0, 0): 100,
                (1, 0, 1): 100,
                (1, 0, 2): 100,
            }
        }
    )
    assert value_of("experienced_consistency", run, context) == pytest.approx(0.4)
    assert value_of("experienced_consistency", run, context, channel="web") == pytest.approx(0.25)
    assert value_of("experienced_consistency", run, context, channel="store") == pytest.approx(1.0)


def test_money_is_cents_per_customer_of_whom_there_are_four(make_run, context, value_of):
    run = make_run(
        {
            "money": {
                (0, 0, 0): 10_000,
                (0, 0, 1): 1_000,
                (0, 0, 2): 4_000,
                (0, 0, 3): 500,
                (1, 1, 0): 2_000,
                (1, 1, 1): -400,
            },
            "orders": {(0, 0): 3, (1, 1): 1},
        }
    )
    assert value_of("revenue", run, context) == pytest.approx((90 + 24) / 4)
    assert value_of("margin", run, context) == pytest.approx((45 + 24) / 4)
    assert value_of("margin", run, context, segment="regular") == pytest.approx(45 / 3)
    assert value_of("margin", run, context, segment="loyal") == pytest.approx(24 / 1)
    assert value_of("margin", run, context, channel="store") == pytest.approx(45 / 4)
    assert value_of("order_value", run, context, channel="store") == pytest.approx(30.0)
    assert value_of("discount", run, context, channel="web") == pytest.approx(-20.0)


def test_satisfaction_is_the_mean_over_customers(make_run, context, value_of):
    run = make_run(satisfaction=(0.1, 0.2, 0.6, 0.9))
    assert value_of("satisfaction", run, context) == pytest.approx(0.45)
    assert value_of("satisfaction", run, context, segment="regular") == pytest.approx(0.3)
    assert value_of("satisfaction", run, context, segment="loyal") == pytest.approx(0.9)


def test_a_year_has_five_horizons_of_73_days(make_run, context, value_of):
    run = make_run({"visits": {(0, 0): 8, (1, 1): 2}, "orders": {(0, 0): 4, (1, 1): 1}, "switches": {(0, 1, 0): 1}})
    assert value_of("visits_per_customer_year", run, context) == pytest.approx(5 * 10 / 4)
    assert value_of("visits_per_customer_year", run, context, channel="web") == pytest.approx(2.5)
    assert value_of("orders_per_customer_year", run, context, segment="regular") == pytest.approx(20 / 3)
    assert value_of("visit_share", run, context, channel="store") == pytest.approx(80.0)
    assert value_of("order_share", run, context, channel="web") == pytest.approx(20.0)
    assert value_of("switching", run, context) == pytest.approx(10.0)
    assert value_of("switching", run, context, channel="web") == pytest.approx(50.0)


def test_research_shopping_is_a_change_of_group_not_of_channel(make_run, context, value_of):
    run = make_run({"research": {(0, 0): 4, (1, 0): 3, (0, 1): 1, (1, 2): 2}})
    assert value_of("research_shopping", run, context) == pytest.approx(60.0)
    assert value_of("research_shopping", run, context, channel="store") == pytest.approx(100 * 3 / 7)
    assert value_of("webrooming_share", run, context) == pytest.approx(30.0)
    assert value_of("showrooming_share", run, context) == pytest.approx(10.0)
    alike = type(context)(context.counts_carts, ("place", "place", "place"), context.switches)
    assert value_of("research_shopping", run, alike) == 0.0


def test_of_many_channels_each_is_seen_against_all_customers(make_run, context, value_of):
    """Sixteen channels can be in one scenario, more than there are segments."""
    names = tuple(f"channel {number}" for number in range(16))
    run = make_run({"money": {(0, number, 0): 100 * number for number in range(16)}}, channels=names)
    # cents; four customers
    assert value_of("revenue", run, context) == pytest.approx(sum(range(16)) / 4)
    for number, name in enumerate(names):
        assert value_of("revenue", run, context, channel=name) == pytest.approx(number / 4)


def test_shares_of_channels_are_of_the_orders_of_all_segments(make_run, context, value_of):
    run = make_run({"orders": {(0, 0): 3, (1, 0): 2, (0, 1): 5}})
    names = run.channel_names
    assert [value_of("order_share", run, context, channel=name) for name in names[:3]] == [50.0, 50.0, 0.0]


def test_what_is_a_share_in_percent_stays_between_none_and_all_and_money_may_go_anywhere():
    def cut(name):
        return REGISTRY[name].within_what_is_possible(30.0, -1000.0, 1000.0)

    assert cut("abandonment") == cut("order_share") == (-30.0, 70.0)
    assert cut("margin") == (-1000.0, 1000.0) and cut("revenue") == (-30.0, 1000.0)
