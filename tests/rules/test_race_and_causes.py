"""M7 and M8: progress and giving up are one race; every clock has its own draw; causes have their
directions.
"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, parameters, rules, thing, with_values

from simsuite.vocabulary import MAX_CHANNELS, NO_CAUSE, Cause, Decision, Intent, Outcome, Phase, Recognition, Stated

RATE = st.floats(1e-6, 100) | st.just(0.0)
RATES = st.lists(RATE, min_size=17, max_size=17)
LUCK = thing("LUCK", key_0=5)


def race(rates, occasion=1, phase=Phase.SEARCH):
    """The row after the clocks at these rates ran."""
    visit, customer = thing("VISIT"), thing("CUSTOMER", number=3)
    customer.journey.phase = phase
    visit.rates[: len(rates)] = rates
    rules().draw_for_visit(customer, visit.bits, occasion, LUCK)
    rules().earliest_clock(customer, visit, occasion, LUCK)
    return visit


@given(RATES, st.integers(0, 10**6), st.sampled_from([Phase.SEARCH, Phase.CART, Phase.CHECKOUT]))
def test_the_earliest_clock_rings_and_the_next_in_line_is_second(rates, occasion, phase):
    times = [math.inf] * 17
    for cause, rate in enumerate(rates):
        if rate > 0:
            times[cause] = -math.log(rules().draw(LUCK, 3, occasion, Decision.RACE, phase * 64 + cause)) / rate
    order = sorted((cause for cause in range(17) if rates[cause] > 0), key=times.__getitem__)
    visit = race(rates, occasion, phase)
    assert visit.race.rang == (order[0] if order else Cause.PAUSE)
    assert visit.race.second == (order[1] if len(order) > 1 else -1)


@pytest.mark.parametrize("phase", [Phase.SEARCH, Phase.CART, Phase.CHECKOUT])
def test_each_clock_has_its_own_draw(phase):
    ended = set()
    for occasion in range(300):
        draws = [rules().draw(LUCK, 3, occasion, Decision.RACE, phase * 64 + cause) for cause in range(17)]
        first, then = sorted(range(17), key=lambda cause: -draws[cause])[:2]
        visit = race([1.0] * 17, occasion, phase)
        assert (visit.race.rang, visit.race.second) == (first, then)
        ended |= {first, then}
    assert ended == set(range(17))


@given(RATES, st.integers(0, 16), st.integers(0, 10**6))
def test_switching_a_clock_off_changes_nothing_unless_it_rang(rates, off, occasion):
    before = race(rates, occasion)
    after = race([rate * (cause != off) for cause, rate in enumerate(rates)], occasion)
    if before.race.rang != off:
        assert after.race.rang == before.race.rang
    elif before.race.second >= 0:
        assert after.race.rang == before.race.second


@given(RATES, st.integers(0, 16), st.floats(1, 10), st.integers(0, 10**6))
def test_a_faster_clock_takes_from_others_and_gives_nothing(rates, index, times, occasion):
    before = race(rates, occasion).race.rang
    assert race([rate * (times if cause == index else 1) for cause, rate in enumerate(rates)], occasion).race.rang in (
        before,
        index,
    )


@pytest.mark.parametrize("cause", [Cause.PROGRESS, Cause.COMPETITOR, Cause.EFFORT])
def test_a_clock_that_runs_alone_has_none_next_in_line(cause):
    visit = race([float(index == cause) for index in range(17)])
    assert (visit.race.rang, visit.race.second) == (cause, -1)


def test_where_no_clock_runs_she_pauses_and_none_is_next_in_line():
    visit = race([0.0] * 17)
    assert (visit.race.rang, visit.race.second) == (Cause.PAUSE, -1)


@pytest.mark.parametrize("phase, factor", [(Phase.SEARCH, 1.0), (Phase.CART, 0.3), (Phase.CHECKOUT, 0.3)])
def test_with_something_in_the_cart_not_being_ready_rings_at_another_rate(phase, factor):
    made = parameters(giving_up__not_ready_consider=0.5, giving_up__not_ready_in_cart=0.3).giving_up
    journey = thing("JOURNEY", intent=Intent.CONSIDER, phase=phase)
    assert rules().not_ready_rate(journey, made) == pytest.approx(0.5 * factor)


def test_a_race_is_won_in_proportion_to_the_rates():
    # rates 3 : 1 : 1, n = 5000: expected 0.6, standard error 0.0069, four of them 0.028
    rates = [0.0] * 17
    rates[Cause.PROGRESS], rates[Cause.PAUSE], rates[Cause.COMPETITOR] = 3.0, 1.0, 1.0
    won = [race(rates, occasion).race.rang for occasion in range(5000)]
    assert abs(won.count(Cause.PROGRESS) / 5000 - 0.6) < 0.028
    assert set(won) == {Cause.PROGRESS, Cause.PAUSE, Cause.COMPETITOR}


def progress(met, **changes):
    """x in the web shop; changes to the customer, journey or visit by name."""
    visit = met.at("desktop_web")
    for name, value in changes.items():
        owner = next(owner for owner in (visit, met.journey, met.customer) if hasattr(owner, name.split("__")[0]))
        with_values(owner, {name: value})
    return met.rules.log_progress(met.customer, met.relations, visit, changes.get("liking_of_her", 0.7), met.world)


DIRECTIONS = [
    ("head_knowledge", 0.3, 1),
    ("satisfaction", 0.95, 1),
    ("promotion__stated", 0.15, 1),
    ("price__stated", 1.1, -1),
    ("effort", 2.0, -1),
    ("intent", Intent.BUY, 1),
    ("intent", Intent.BROWSE, -1),
]


@pytest.mark.parametrize("name, value, sign", DIRECTIONS)
@pytest.mark.parametrize("phase", [Phase.SEARCH, Phase.CART, Phase.CHECKOUT])
def test_progress_has_the_directions_of_the_model(name, value, sign, phase):
    met = Encounter()
    met.begin_journey(Intent.CONSIDER)
    before = progress(met, phase=phase)
    assert sign * (progress(met, **{name: value}) - before) > 0


def test_liking_of_the_channel_enters_progress():
    met = Encounter()
    visit = met.at("desktop_web")
    low, high = (met.rules.log_progress(met.customer, met.relations, visit, liking, met.world) for liking in (0.4, 0.9))
    assert high - low == pytest.approx(0.5 * met.world.parameters.race.liking_weight)


def test_friction_and_staff_are_the_channel_s_attributes():
    met = Encounter()
    web = met.world.channels[met.channel("desktop_web")]
    before = progress(met, phase=Phase.CHECKOUT)
    web.form_friction += 0.1
    made = met.world.parameters.race
    assert progress(met) - before == pytest.approx(-0.1 * made.friction_checkout)
    web.form_friction -= 0.1
    web.staffed = True
    assert progress(met) - before == pytest.approx(made.checkout_staffed - made.checkout_self_service)


def test_the_rate_of_progress_is_exp_of_x():
    met = Encounter()
    visit = met.at("desktop_web")
    x = met.rules.log_progress(met.customer, met.relations, visit, 0.7, met.world)
    assert met.rules.rate_of_progress(met.customer, met.relations, visit, 0.7, met.world) == pytest.approx(math.exp(x))


def rates(met, name="desktop_web", phase=Phase.SEARCH, belief=0.5, **values):
    visit = met.at(name, belief=belief, **values)
    met.journey.phase = phase
    met.rules.set_all_rates(met.customer, met.relations, visit, 0.7, met.world)
    return visit.rates


@given(
    st.floats(0, 1),
    st.floats(0, 40),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
    st.sampled_from([Phase.SEARCH, Phase.CART, Phase.CHECKOUT]),
    st.sampled_from(list(Recognition)),
)
def test_no_rate_is_ever_negative(satisfaction, effort, excess, missing, belief, lost, again, phase, recognition):
    MET.customer.satisfaction, MET.journey.effort = satisfaction, effort
    given_rates = rates(
        MET,
        phase=phase,
        belief=belief,
        price__excess=excess,
        promotion__missing=missing,
        context__cart_lost=lost,
        context__asked_again=again,
        identity__recognition=recognition,
    )
    assert min(given_rates) >= 0.0 and given_rates[Cause.PROGRESS] == 0.7


MET = Encounter()
CHECKOUT_ONLY = (
    Cause.EXTRA_COST,
    Cause.FORCED_ACCOUNT,
    Cause.PAYMENT_DISTRUST,
    Cause.SLOW_DELIVERY,
    Cause.TEDIOUS_FORM,
)


def test_fees_account_payment_delivery_and_forms_strike_at_the_checkout_alone():
    for phase in (Phase.SEARCH, Phase.CART):
        assert [rates(MET, phase=phase)[cause] for cause in CHECKOUT_ONLY] == [0.0] * 5
    assert min(rates(MET, phase=Phase.CHECKOUT)[cause] for cause in CHECKOUT_ONLY) > 0


def test_an_account_is_forced_on_nobody_who_is_logged_in():
    assert rates(MET, phase=Phase.CHECKOUT, identity__identified=True)[Cause.FORCED_ACCOUNT] == 0.0


def test_in_the_store_just_a_fifth_of_the_extra_cost_strikes():
    store = rates(MET, "store", phase=Phase.CHECKOUT)
    giving_up = MET.world.parameters.giving_up
    assert [store[cause] for cause in CHECKOUT_ONLY] == pytest.approx([0.2 * giving_up.extra_cost, 0.0, 0.0, 0.0, 0.0])


def test_whoever_collects_pays_less_and_waits_for_no_delivery():
    plain, collecting = (rates(MET, phase=Phase.CHECKOUT, collects=collects) for collects in (False, True))
    assert collecting[Cause.EXTRA_COST] == pytest.approx(
        MET.world.parameters.orders.collect_extra_cost * plain[Cause.EXTRA_COST]
    )
    assert collecting[Cause.SLOW_DELIVERY] == 0.0 < plain[Cause.SLOW_DELIVERY]


def test_where_nothing_clashes_no_clash_acts():
    visit = MET.at("app", "desktop_web")
    MET.rules.set_all_rates(MET.customer, MET.relations, visit, 0.7, MET.world)
    clashes = (
        Cause.PRICE_CLASH,
        Cause.PROMOTION_CLASH,
        Cause.CART_LOST,
        Cause.ASKED_AGAIN,
        Cause.WRONG_PERSON,
        Cause.CREEPY,
    )
    assert [visit.rates[cause] for cause in clashes] == [0.0] * 6


def test_clashes_act_once_at_the_first_step():
    met = Encounter()
    visit = met.at(
        "app",
        "desktop_web",
        price__excess=0.08,
        promotion__missing=0.15,
        context__cart_lost=True,
        context__asked_again=True,
        identity__creepy=True,
        identity__recognition=Recognition.WRONG_PERSON,
        belief=0.5,
    )
    met.customer.deal_prone = True
    met.rules.set_all_rates(met.customer, met.relations, visit, 0.7, met.world)
    statements, identity = met.world.parameters.statements, met.world.parameters.identity
    weight = statements.expectation_floor + statements.expectation_slope * 0.5
    expected = {
        Cause.PRICE_CLASH: statements.price_clash_rate * (0.08 - statements.tolerance),
        Cause.PROMOTION_CLASH: statements.promotion_clash_rate * 0.15 * statements.deal_prone_factor,
        Cause.CART_LOST: statements.cart_lost_rate * weight,
        Cause.ASKED_AGAIN: statements.asked_again_rate * weight,
        Cause.WRONG_PERSON: statements.wrong_person_rate,
        Cause.CREEPY: identity.creepy_rate,
    }
    assert {cause: visit.rates[cause] for cause in expected} == pytest.approx(expected)
    met.rules.set_all_rates(met.customer, met.relations, visit, 0.7, met.world)
    assert {visit.rates[cause] for cause in expected} == {0.0}


def test_those_told_that_the_item_is_at_the_place_may_leave_the_page_for_it():
    met = Encounter()
    assert rates(met)[Cause.TO_PLACE] == 0.0
    met.journey.stated_stock, met.journey.stated_stock_by = (
        Stated.IN_STOCK,
        met.channel("desktop_web"),
    )
    assert rates(met)[Cause.TO_PLACE] == met.world.parameters.giving_up.to_place > 0
    assert rates(met, collects=True)[Cause.TO_PLACE] == rates(met, "app")[Cause.TO_PLACE] == 0.0
    met.journey.stated_stock = Stated.NOT_IN_STOCK
    assert rates(met)[Cause.TO_PLACE] == 0.0


@given(st.floats(0.01, 0.99), st.floats(0, 10))
def test_discontent_and_effort_drive_people_away(satisfaction, effort):
    MET.customer.satisfaction, MET.journey.effort, MET.customer.effort_budget = (
        satisfaction,
        effort,
        2.0,
    )
    now = rates(MET)
    MET.customer.satisfaction, MET.journey.effort = satisfaction / 2, effort + 1.0
    later = rates(MET)
    assert later[Cause.COMPETITOR] > now[Cause.COMPETITOR] and later[Cause.EFFORT] >= now[Cause.EFFORT]
    made = MET.world.parameters.giving_up
    assert now[Cause.EFFORT] == pytest.approx(made.effort * max(0.0, effort / 2 - made.effort_free))
    assert now[Cause.COMPETITOR] == pytest.approx(made.competitor * (1 - (satisfaction - 0.7)))


@pytest.mark.parametrize("phase", [Phase.SEARCH, Phase.CART])
def test_browsers_leave_soonest_and_buyers_stay_longest(phase):
    made = parameters().giving_up
    by_intent = [rules().not_ready_rate(thing("JOURNEY", intent=intent, phase=phase), made) for intent in Intent]
    assert by_intent == sorted(by_intent, reverse=True) and by_intent[-1] > 0


def test_a_paused_journey_goes_on_next_or_after_whole_days():
    made = parameters(giving_up__again_buy=0.4).giving_up
    customer = thing("CUSTOMER")
    customer.journey.intent = Intent.BUY
    parts = [rules().next_visit_part(customer, occasion, 6, made, LUCK) for occasion in range(4000)]
    # n = 4000, expected 0.4, standard error 0.0077, four of them 0.031
    assert abs(parts.count(7) / 4000 - 0.4) < 0.031
    assert min(part for part in parts if part != 7) >= 8 and {part % 4 for part in parts} == {
        0,
        1,
        2,
        3,
    }


@pytest.mark.parametrize(
    "before, here, origin, end",
    [
        ("desktop_web", None, "desktop_web", "home"),
        (None, None, "home", "home"),
        ("desktop_web", "app", "desktop_web", "app"),
        (None, "app", "home", "app"),
    ],
)
def test_a_loss_is_booked_from_the_channel_of_the_last_visit_to_where_she_is_now(before, here, origin, end):
    """At home nobody is in a channel any more; the last visit of the journey is what the loss comes from."""
    met = Encounter("isolated")
    places = {name: met.channel(name) for name in ("desktop_web", "app")} | {"home": MAX_CHANNELS}
    met.journey.channel = places.get(before, -1)
    visit = met.at("app", before if here else None)
    visit.channel = places.get(here, -1)
    met.rules.settle(met.customer, visit, met.journey, Outcome.GAVE_UP, Cause.LAPSED, met.world)
    for table, booked in ((met.world.tally.lost, 1), (met.world.tally.lost_cents, 5000)):
        assert table[met.customer.segment, Cause.LAPSED, places[origin], places[end]] == table.sum() == booked


def test_a_pause_that_does_not_go_on_at_once_lasts_the_days_of_its_parameter():
    made = parameters(giving_up__again_buy=0.0, giving_up__gap_log=math.log(5.5), giving_up__gap_spread=0.0).giving_up
    customer = thing("CUSTOMER")
    customer.journey.intent = Intent.BUY
    days = {rules().next_visit_part(customer, occasion, 6, made, LUCK) // 4 for occasion in range(100)}
    assert days == {1 + 1 + 5}, "part 6 is on day 1; a day, and the whole days of 5.5"


@pytest.mark.parametrize("step", ["search", "cart", "checkout"])
@pytest.mark.parametrize("served_by", ["staffed", "self_service"])
@pytest.mark.parametrize("aim", ["browse", "consider", "buy"])
def test_each_step_has_its_own_rate_and_its_own_weights_of_aim_knowledge_and_friction(step, served_by, aim):
    met = Encounter()
    met.begin_journey(intent=Intent[aim.upper()])
    made, channel = met.world.parameters.race, met.world.channels[met.channel("desktop_web")]
    channel.staffed, channel.screen_friction, channel.form_friction = served_by == "staffed", 0.3, 0.7
    met.customer.satisfaction = met.world.parameters.feelings.neutral
    met.journey.phase, met.journey.head_knowledge = Phase[step.upper()], 0.2
    met.relations[channel.index].knowledge = 0.5
    neutral = met.world.parameters.feelings.neutral
    x = met.rules.log_progress(met.customer, met.relations, met.at("desktop_web"), neutral, met.world)
    expected = getattr(made, f"{step}_{served_by}") + (0.0 if aim == "consider" else getattr(made, f"{aim}_{step}"))
    expected += getattr(made, f"knowledge_{step}") * (0.2 + made.list_weight * 0.5)
    expected -= getattr(made, f"friction_{step}") * (0.7 if step == "checkout" else 0.3)
    assert x == pytest.approx(expected)


@pytest.mark.parametrize("second, column", [(Cause.EFFORT, Cause.EFFORT), (-1, NO_CAUSE)])
def test_the_ledger_says_which_clock_would_have_rung_next(second, column):
    met = Encounter()
    visit = met.at("app", race__second=second)
    met.rules.settle(met.customer, visit, met.journey, Outcome.GAVE_UP, Cause.NOT_READY, met.world)
    in_line = met.world.tally.next_in_line
    assert in_line[Cause.NOT_READY, column] == in_line.sum() == 1
