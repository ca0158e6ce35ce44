"""M1 Needs and M2 Choice: bounds, directions and hand calculations of the single rules."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, of_everybody, parameters, rules, thing

from simsuite.rules.choice import UNREACHABLE
from simsuite.vocabulary import NEVER, Decision, Intent, Phase, Stated

SHARE = st.floats(0, 1)
UNIFORM = st.floats(2.0**-33, 1 - 2.0**-33)
UTILITY = st.floats(-8, 8)


@pytest.fixture(scope="module")
def met():
    return Encounter()


@given(UNIFORM, UNIFORM, SHARE, SHARE)
def test_intents_fall_by_their_shares(u, shift, browse, rest):
    needs = parameters(needs__browse_share=browse, needs__consider_share=(1 - browse) * rest).needs
    customer = thing("CUSTOMER")
    rules().aims_of(customer, 0.0, needs)
    intent = rules().intent_of_need(u, customer)
    buy = 1 - needs.browse_share - needs.consider_share
    expected = Intent.BUY if u < buy else Intent.CONSIDER if u < 1 - needs.browse_share else Intent.BROWSE
    assert intent == expected or min(abs(u - buy), abs(u - 1 + browse)) < 1e-9


@given(UNIFORM, st.floats(0, 2), st.floats(0, 4))
def test_heavy_buyers_come_with_the_aim_to_buy_at_least_as_often(u, slope, engagement):
    heavy, light = thing("CUSTOMER"), thing("CUSTOMER")
    rules().aims_of(heavy, slope * engagement, parameters().needs)
    rules().aims_of(light, slope * -engagement, parameters().needs)
    assert rules().intent_of_need(u, heavy) >= rules().intent_of_need(u, light)


@given(st.floats(0.001, 0.999), st.floats(-10, 10))
def test_a_shifted_share_has_the_shifted_log_odds(share, shift):
    moved = rules().shifted_share(share, shift)
    assert math.log(moved / (1 - moved)) == pytest.approx(math.log(share / (1 - share)) + shift, abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_and_everybody_stay_nobody_and_everybody(share):
    assert rules().shifted_share(share, 3.0) == share


@given(SHARE, st.floats(-40, 40), st.floats(0, 10))
def test_the_chance_of_a_need_is_a_probability_that_rises_with_awareness_and_offer(awareness, value, more):
    chance = rules().consideration_probability
    needs = parameters().needs
    assert 0.0 <= chance(awareness, value, needs) <= awareness
    assert chance(awareness, value + more, needs) >= chance(awareness, value, needs)
    assert chance(min(1.0, awareness + 0.1), value, needs) >= chance(awareness, value, needs)


def test_the_chance_of_a_need_is_the_formula_of_the_model():
    # A / (1 + exp(V0 - lambda IV)) with A 0.8, V0 -2, lambda 0.3, IV 1.5: 0.8 / (1 + e^-2.45) =
    # 0.73640
    assert rules().consideration_probability(0.8, 1.5, parameters().needs) == pytest.approx(
        0.8 / (1 + math.exp(-2.45)), rel=1e-9
    )


@given(UNIFORM, SHARE, SHARE)
def test_needs_stay_open_longer_where_people_consider_and_think_over(u, deliberation, more):
    days = {aim: rules().lapse_days(aim, deliberation, u, parameters().needs) for aim in Intent}
    assert days[Intent.CONSIDER] > days[Intent.BUY] > days[Intent.BROWSE] > 0
    assert rules().lapse_days(Intent.BUY, deliberation + more, u, parameters().needs) >= days[Intent.BUY]


def test_the_median_need_lapses_after_the_days_of_its_parameter():
    assert rules().lapse_days(Intent.BUY, 0.5, 0.5, parameters().needs) == pytest.approx(math.exp(2.3), rel=1e-9)


@given(UNIFORM)
def test_categories_and_items_fall_by_their_shares(u):
    categories = [thing("CATEGORY", need_share=share) for share in (0.5, 0.3, 0.2)]
    items = [thing("ITEM", popularity=share) for share in (0.0, 0.6, 0.4)]
    assert rules().category_of_need(u, categories) == (0 if u < 0.5 else 1 if u < 0.8 else 2)
    assert rules().item_of_need(u, thing("CATEGORY", first_item=1, items=2), items) == (1 if u < 0.6 else 2)


def test_a_new_need_finds_nothing_in_hand_but_old_carts_still_lie(met):
    met.leave_cart("app")
    met.relations[0].knowledge = 0.9
    need = thing("NEED", need=met.journey.need + 1)
    met.rules.open_journey(met.journey, need, met.relations, 12)
    app = met.channel("app")
    assert met.journey.cart_channel == met.journey.stated_by == -1 and met.relations[0].knowledge == 0.0
    assert met.relations[app].cart_need == need.need - 1
    met.begin_journey()


@given(st.floats(0, 1e300), st.integers(0, 20_000))
def test_whoever_has_no_journey_is_due_with_her_next_need_and_never_at_once(time, part):
    customer = thing("CUSTOMER", next_need_time=time)
    due = rules().next_due_part(customer, part)
    assert due > part and due < 2**31
    assert due == max(int(time), part + 1) or time > 1.9e9


@given(st.integers(0, 10**12), st.integers(0, 10**12) | st.just(NEVER))
def test_a_journey_is_due_at_its_next_visit_or_when_it_lapses(visit, lapses):
    customer = thing("CUSTOMER")
    customer.journey.phase, customer.journey.next_visit, customer.journey.lapses = (
        Phase.CART,
        visit,
        lapses,
    )
    due = rules().next_due_part(customer, 7)
    assert due == max(8, min(visit, lapses)) or min(visit, lapses) > 1.9e9


def readiness(phase=Phase.SEARCH, intent=Intent.CONSIDER, head=0.0, best=0.0):
    made = parameters()
    return rules().readiness(
        thing("JOURNEY", phase=phase, intent=intent, head_knowledge=head),
        best,
        made.choice,
        made.race,
    )


@given(st.sampled_from(list(Intent)), SHARE, SHARE, SHARE)
def test_readiness_lies_between_zero_and_one_and_grows_with_knowledge(intent, head, best, more):
    assert (
        0.0
        <= readiness(intent=intent, head=head, best=best)
        <= readiness(intent=intent, head=head + more, best=best)
        <= 1.0
    )
    assert (
        readiness(intent=intent, head=head, best=best)
        <= readiness(intent=intent, head=head, best=min(1.0, best + more)) + 1e-12
    )
    assert readiness(phase=Phase.CART, intent=intent, head=head) >= 0.8


def test_readiness_is_the_formula_of_the_model():
    # 0.25 + 0.75 x 0.9 x (0.2 + 0.4 x 0.5) = 0.52
    assert readiness(head=0.2, best=0.5) == pytest.approx(0.52)


def test_appeals_are_weights_times_attributes_times_traits():
    channel = thing(
        "CHANNEL",
        breadth=0.5,
        information=0.2,
        screen_friction=1.0,
        inspection=1.0,
        immediacy=0.5,
        reassurance=0.0,
        experience=0.25,
        form_friction=0.5,
    )
    category = thing("CATEGORY", need_to_inspect=0.4, urgency=1.0, risk=1.0, pleasure=0.8)
    choice = parameters(
        choice__search_breadth=1.5,
        choice__search_information=2.5,
        choice__search_friction=0.6,
        choice__buy_inspection=2.5,
        choice__buy_immediacy=1.5,
        choice__buy_experience=1.0,
        choice__buy_friction=1.2,
    ).choice
    assert rules().appeal_when_searching(channel, choice) == pytest.approx(1.5 * 0.5 + 2.5 * 0.2 - 0.6)
    assert rules().appeal_when_buying(channel, category, choice) == pytest.approx(
        2.5 * 0.4 + 1.5 * 0.5 + 1.0 * 0.2 - 1.2 * 0.5
    )


def utility(met, name, belief=0.3, ready=0.5, mean_price=1.0):
    best = met.rules.best_list_of(met.relations)
    return met.rules.channel_utility(
        met.customer, met.relations, met.channel(name), ready, best, mean_price, belief, met.world
    )


def test_utility_of_the_store_falls_after_a_wasted_trip():
    met = Encounter()
    before = utility(met, "store")
    memory = met.rules.shelf_memory(met.customer, met.journey, met.channel("store"))
    met.rules.learn(memory, 0.0, 1.0, met.world.now.part, met.world.fading)
    # p falls from 0.85 to 4 x 0.85 / 5; kappa 3 x readiness 0.5
    assert utility(met, "store") - before == pytest.approx(-3.0 * 0.5 * (0.85 - 0.68))


def test_a_wasted_trip_after_a_promise_says_nothing_about_silent_shelves():
    met = Encounter()
    met.journey.stated_stock, met.journey.stated_place = Stated.IN_STOCK, met.channel("store")
    assert met.rules.shelf_memory(met.customer, met.journey, met.channel("store")) is met.customer.shelf_yes
    met.journey.stated_stock = Stated.NOT_IN_STOCK
    assert met.rules.shelf_memory(met.customer, met.journey, met.channel("store")) is met.customer.shelf_no
    met.journey.stated_place = met.channel("app")
    assert met.rules.shelf_memory(met.customer, met.journey, met.channel("store")) is met.customer.shelf_silent


@pytest.mark.parametrize("said, sign", [(Stated.IN_STOCK, 1), (Stated.NOT_IN_STOCK, -1)])
def test_a_statement_about_stock_moves_people_to_the_place_or_away(said, sign):
    met = Encounter()
    before = utility(met, "store")
    met.journey.stated_stock, met.journey.stated_place = said, met.channel("store")
    assert sign * (utility(met, "store") - before) > 0


def test_inertia_offers_prices_waits_and_trips_enter_as_the_model_says():
    met = Encounter()
    choice = met.world.parameters.choice
    plain = utility(met, "phone")
    met.customer.last_channel = met.channel("phone")
    assert utility(met, "phone") - plain == pytest.approx(choice.inertia)
    met.customer.last_channel = -1
    desk = met.world.desks[met.world.places[met.channel("phone")][met.customer.region].desk]
    desk.expected_wait += 10.0
    assert utility(met, "phone") - plain == pytest.approx(-10.0 * choice.wait_weight)
    desk.expected_wait -= 10.0
    met.relations[met.channel("phone")].told_price = 0.9
    met.customer.price_sensitivity = 2.0
    assert utility(met, "phone") - plain == pytest.approx(0.1 * 2.0 * choice.price_weight)
    met.relations[met.channel("phone")].told_price = -1.0
    met.journey.stated_promotion, met.journey.stated_by, met.customer.deal_prone = (
        0.15,
        met.channel("phone"),
        True,
    )
    assert utility(met, "phone") - plain == pytest.approx(0.8)
    before = utility(met, "app", belief=0.0)
    assert utility(met, "app", belief=1.0) - before == pytest.approx(0.8), "usable elsewhere as far as she believes"


def test_what_lies_elsewhere_keeps_those_who_do_not_believe_in_continuity():
    met = Encounter()
    met.leave_cart("app")
    met.relations[met.channel("app")].knowledge = 0.5
    doubting, trusting = (utility(met, "phone", belief=belief) for belief in (0.0, 1.0))
    assert trusting - doubting == pytest.approx(0.5 * 1.0 + 1.5)
    assert utility(met, "app", belief=0.0) == utility(met, "app", belief=1.0)
    met.relations[met.channel("app")].knowledge, met.journey.cart_channel = 0.0, -1
    assert utility(met, "phone", belief=1.0) == pytest.approx(trusting), "who trusts fears no new start"


def test_channels_of_one_login_domain_ask_for_no_second_cart():
    met = Encounter()
    met.leave_cart("desktop_web")
    met.relations[met.channel("desktop_web")].knowledge = 0.0
    choice = met.world.parameters.choice
    cost = {
        name: met.rules.restart_cost(met.relations, met.channel(name), 0.0, met.journey, met.world.channels, choice)
        for name in ("desktop_web", "mobile_web", "app")
    }
    assert cost == {"desktop_web": 0.0, "mobile_web": 0.0, "app": 1.5}


def chosen(met, utilities, occasion):
    visit = met.at("store")
    visit.utilities[:] = [UNREACHABLE] * len(visit.utilities)
    visit.utilities[: len(utilities)] = utilities
    met.rules.set_pulls(visit, len(met.relations), met.world.parameters.choice.noise)
    met.rules.draw_for_choice(met.customer, visit.bits, occasion, met.world.luck)
    return met.rules.choose_channel(met.customer, visit, occasion, met.world)


@given(
    st.lists(UTILITY, min_size=7, max_size=7),
    st.integers(0, 6),
    st.floats(0.01, 5),
    st.integers(0, 10_000),
)
def test_raising_one_utility_moves_people_only_to_that_channel(met, utilities, index, more, occasion):
    before = chosen(met, utilities, occasion)
    raised = [value + more * (place == index) for place, value in enumerate(utilities)]
    assert chosen(met, raised, occasion) in (before, index)


@given(st.lists(UTILITY, min_size=7, max_size=7), st.integers(0, 10_000))
def test_the_choice_is_the_highest_utility_with_gumbel_noise(met, utilities, occasion):
    uniforms = [
        met.rules.draw(met.world.luck, met.customer.number, occasion, Decision.CHOICE, code) for code in range(7)
    ]
    noisy = [value - math.log(-math.log(u)) for value, u in zip(utilities, uniforms, strict=True)]
    best, second = sorted(noisy)[:-3:-1]
    assert chosen(met, utilities, occasion) == noisy.index(best) or best - second < 1e-9


def test_channels_of_any_code_have_the_luck_of_their_code():
    """A channel of one's own may have any code up to 15; the last four draw for themselves."""
    met, codes = Encounter(), [5, 8, 11, 12, 15, 3, 0]
    for channel, code in zip(met.world.channels, codes, strict=True):
        channel.code = code
    found = set()
    for occasion in range(200):
        uniforms = [
            met.rules.draw(met.world.luck, met.customer.number, occasion, Decision.CHOICE, code) for code in codes
        ]
        found.add(chosen(met, [0.0] * 7, occasion))
        assert chosen(met, [0.0] * 7, occasion) == uniforms.index(max(uniforms))
    assert found == set(range(7))


@given(st.lists(UTILITY, min_size=7, max_size=7), st.floats(-2000, 2000), st.integers(0, 10_000))
def test_only_differences_of_utility_count(met, utilities, level, occasion):
    assert chosen(met, [value + level for value in utilities], occasion) == chosen(met, utilities, occasion)


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.005])
@pytest.mark.parametrize("utilities", [[4.0, 5.0, 6.0], [-4.0, -5.0, -6.0], [0.0, 0.5, -90.0]])
def test_with_little_noise_everybody_takes_the_best_channel(noise, utilities):
    met = Encounter(parameters__choice__noise=noise)
    assert {chosen(met, utilities, occasion) for occasion in range(50)} == {utilities.index(max(utilities))}


def test_closed_and_unreachable_channels_are_not_chosen(met):
    assert chosen(met, [], 3) == -1
    met.world.channels[1].opens_noon = False
    assert {chosen(met, [0.0, 50.0, 0.0], occasion) for occasion in range(20)} == {0, 2}
    met.world.channels[1].opens_noon = True


@given(st.lists(UTILITY, min_size=1, max_size=7), UTILITY)
def test_the_inclusive_value_is_the_log_of_the_sum_and_more_channels_are_worth_more(utilities, another):
    visit = thing("VISIT")
    visit.utilities[: len(utilities) + 1] = [*utilities, another]

    def worth(n_channels):
        rules().set_pulls(visit, n_channels, 1.0)
        return rules().inclusive_value(visit, n_channels, 1.0)

    value = worth(len(utilities))
    assert value == pytest.approx(math.log(sum(math.exp(utility) for utility in utilities)), abs=1e-9)
    assert worth(len(utilities) + 1) > value


@given(st.lists(st.floats(0.001, 3), min_size=1, max_size=8))
def test_the_mean_told_price_lies_between_the_lowest_and_the_highest(prices):
    relations = [thing("RELATION", told_price=price) for price in prices]
    assert min(prices) - 1e-9 <= rules().mean_told_price(relations) <= max(prices) + 1e-9


def test_a_channel_that_told_nothing_counts_at_list_price_and_one_out_of_reach_not_at_all():
    relations = [
        thing("RELATION", told_price=0.8),
        thing("RELATION"),
        thing("RELATION", told_price=5.0, reachable=False),
    ]
    assert rules().mean_told_price(relations) == pytest.approx(0.9)


@pytest.mark.parametrize("number", range(8))
def test_traits_lie_around_those_of_the_segment_as_far_as_its_spread_says(number):
    """Price sensitivity and budget of effort are lognormal, tastes normal; the standard score is that of her own luck."""
    met = Encounter(
        **of_everybody(price_sensitivity_spread=0.3, effort_budget_spread=0.2, taste_spread=0.5),
    )
    customer, luck, standard = met.customer, met.world.luck, NormalDist().inv_cdf
    met.rules.draw_customer(customer, met.relations, number, 0, met.world)
    segment = met.world.segments[customer.segment]
    _, _, price, effort = met.rules.draw4(luck, number, 0, Decision.TRAITS, 0)
    assert math.log(customer.price_sensitivity / segment.price_sensitivity) == pytest.approx(0.3 * standard(price))
    assert math.log(customer.effort_budget / segment.effort_budget) == pytest.approx(0.2 * standard(effort))
    for channel, relation in zip(met.world.channels, met.relations, strict=True):
        score = standard(met.rules.draw(luck, number, 0, Decision.TASTES, channel.code))
        assert relation.taste - segment.tastes[channel.index] == pytest.approx(0.5 * score)


def test_what_she_cannot_reach_and_what_has_no_noise_pulls_nobody():
    visit = thing("VISIT")
    visit.pulls[:] = [9.0] * len(visit.pulls)
    visit.utilities[:3] = [0.5, UNREACHABLE, -0.5]
    rules().set_pulls(visit, 3, 1.0)
    assert visit.pulls[:3] == [1.0, 0.0, pytest.approx(math.exp(-1.0))]
    rules().set_pulls(visit, 3, 0.0)
    assert visit.pulls[:3] == [0.0, 0.0, 0.0]
