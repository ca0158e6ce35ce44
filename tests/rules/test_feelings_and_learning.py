"""M13: one form for everything learned, expectations that travel, losses that weigh more; L2: what
an announcement does.
"""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, parameters, rules, thing

from simsuite.vocabulary import EventKind, Recognition

SHARE = st.floats(0, 1)
EXPERIENCES = st.lists(st.tuples(st.integers(0, 400), SHARE, st.floats(0, 5)), max_size=12)


@cache
def fading(half_life=365.0):
    table = [0.0] * 100_000
    rules().keep_fading(table, half_life)
    return table


def learned(experiences, half_life=365.0):
    memory, part = thing("LEARNED"), 0
    for later, experience, weight in experiences:
        part += later
        rules().learn(memory, experience, weight, part, fading(half_life))
    return memory, part


@given(EXPERIENCES, SHARE, st.floats(0.01, 100), st.integers(0, 2000))
def test_what_is_learned_lies_between_the_prior_and_the_experiences(experiences, prior, weight, later):
    memory, part = learned(experiences)
    mean = rules().learned_mean(memory, prior, weight, part + later, fading())
    values = [prior, *(experience for _, experience, _ in experiences)]
    assert min(values) - 1e-9 <= mean <= max(values) + 1e-9


@given(EXPERIENCES, SHARE)
def test_a_good_experience_never_lowers_and_a_bad_one_never_raises(experiences, prior):
    memory, part = learned(experiences)
    before = rules().learned_mean(memory, prior, 2.0, part, fading())
    for experience, sign in ((1.0, 1), (0.0, -1)):
        after, _ = learned([*experiences, (0, experience, 1.0)])
        assert sign * (rules().learned_mean(after, prior, 2.0, part, fading()) - before) >= -1e-12


def test_learning_is_the_formula_of_the_model():
    # (2 x 0.3 + 1 + 0) / (2 + 2)
    memory, part = learned([(0, 1.0, 1.0), (0, 0.0, 1.0)])
    assert rules().learned_mean(memory, 0.3, 2.0, part, fading()) == pytest.approx(0.4)


def test_evidence_halves_in_its_half_life_and_fades_into_the_prior():
    memory, part = learned([(0, 1.0, 2.0)], half_life=100.0)
    mean = [rules().learned_mean(memory, 0.0, 2.0, 4 * days, fading(100.0)) for days in (0, 100, 200, 20_000)]
    assert mean == pytest.approx([0.5, 1 / 3, 0.2, 0.0], abs=1e-9)
    assert rules().faded(4 * 100, 0, fading(100.0)) == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(0, 400), SHARE, st.floats(0, 5)), min_size=1, max_size=6))
def test_fading_twice_is_fading_once(experiences):
    memory, part = learned(experiences)
    again, _ = learned([*experiences, (200, 0.5, 0.0)])
    for later in (200, 500):
        assert rules().learned_mean(again, 0.3, 2.0, part + later, fading()) == pytest.approx(
            rules().learned_mean(memory, 0.3, 2.0, part + later, fading())
        )


def felt(weight=1.0, effort=0.0, **values):
    customer = thing("CUSTOMER")
    customer.journey.effort = effort
    return rules().experience_of_visit(
        customer, thing("VISIT", line__patience=1e9, **values), weight, parameters().feelings
    )


BAD = {
    "wait": {"line__wait": 8.0},
    "lost": {"context__cart_lost": True},
    "again": {"context__asked_again": True},
    "wrong": {"help__factor": 0.85},
    "dear": {"price__excess": 0.1},
    "promise": {"promotion__missing": 0.1},
    "identity__creepy": {"identity__creepy": True},
    "out": {"stock__out": True},
    "broken": {"stock__out": True, "stock__promised": True},
}


@pytest.mark.parametrize("values", BAD.values(), ids=BAD)
def test_what_goes_wrong_feels_worse(values):
    assert felt(**values) < felt()


@pytest.mark.parametrize(
    "values",
    [{"race__steps": 2}, {"help__factor": 1.3}, {"price__good_surprise": 0.1}],
    ids=["steps", "help", "surprise"],
)
def test_what_goes_well_feels_better(values):
    assert felt(**values) > felt()


def test_being_taken_for_somebody_else_is_felt_once():
    assert felt(help__factor=0.85, identity__recognition=Recognition.WRONG_PERSON) == pytest.approx(
        felt(help__factor=0.85)
    )


@given(st.integers(0, 3), SHARE, SHARE, st.floats(0, 600), st.floats(0, 50), st.floats(0, 2))
def test_a_feeling_lies_between_zero_and_one(steps, excess, good, wait, effort, weight):
    assert (
        0.0
        <= felt(
            weight,
            effort,
            race__steps=steps,
            price__excess=excess,
            price__good_surprise=good,
            line__wait=wait,
            context__cart_lost=True,
        )
        <= 1.0
    )


def test_a_failed_switch_is_felt_the_more_the_more_she_believed():
    statements = parameters().statements
    feelings = [felt(rules().clash_weight(belief, statements), context__cart_lost=True) for belief in (0.0, 0.5, 1.0)]
    assert feelings == sorted(feelings, reverse=True) and len(set(feelings)) == 3


def after_visit(met, name, **values):
    """Change of satisfaction by a visit in this channel."""
    before = met.customer.satisfaction
    met.rules.feel(met.customer, met.relations, met.at(name, line__patience=1e9, **values), 1.0, met.world)
    return met.customer.satisfaction - before


def test_expectation_crosses_channels():
    """After a bad visit in the store the same visit in the app disappoints less, although nothing
    happened in the app.
    """
    fresh, hurt = Encounter(), Encounter()
    after_visit(hurt, "store", stock__out=True, stock__promised=True)
    hurt.customer.experiences = 0
    liking = [met.relations[met.channel("app")].liking.weight for met in (fresh, hurt)]
    changes = [after_visit(met, "app", line__wait=30.0) for met in (fresh, hurt)]
    assert liking == [0.0, 0.0] and changes[0] < changes[1] <= 0.0


def test_losses_weigh_more_than_gains():
    up, down = Encounter(), Encounter()
    for met in (up, down):
        met.customer.satisfaction = met.world.parameters.feelings.neutral
    gain, loss = (
        after_visit(up, "app", race__steps=1),
        after_visit(down, "app", line__wait=6.0),
    )  # +0.06 and -0.06
    assert loss == pytest.approx(-gain * up.world.parameters.feelings.asymmetry) and gain > 0


@given(st.integers(0, 1000))
def test_experiences_weigh_less_with_tenure_down_to_a_floor(count):
    made = parameters().feelings
    weight = [
        rules().weight_of_experience(thing("CUSTOMER", experiences=number), made) for number in (count, count + 1)
    ]
    assert made.learning_floor <= weight[1] <= weight[0] <= max(made.learning_weight, made.learning_floor)


@given(SHARE, st.integers(0, 3), st.floats(0, 500))
def test_satisfaction_stays_between_zero_and_one(satisfaction, steps, wait):
    MET.customer.satisfaction = satisfaction
    after_visit(MET, "app", race__steps=steps, line__wait=wait)
    assert 0.0 <= MET.customer.satisfaction <= 1.0


MET = Encounter()


def test_who_waits_and_leaves_is_less_satisfied():
    met = Encounter()
    met.begin_journey()
    before = met.customer.satisfaction
    visit = met.at("phone", line__wait=20.0, line__patience=10.0, line__served=False)
    met.rules.leave_line(met.customer, met.relations, visit, met.world)
    met.rules.feel_visit(met.customer, met.relations, visit, met.world)
    assert met.customer.satisfaction < before
    assert met.journey.channel == -1, "a line that was left is no channel that she comes from"


def arrival(met, in_hand, before="store", **values):
    visit = met.at("app", before, **values)
    met.rules.learn_from_arrival(met.customer, met.relations, visit, in_hand, met.world)
    return met.rules.belief_in_continuity(met.customer, met.world)


def test_belief_in_continuity_comes_from_switches_with_something_in_hand():
    prior = parameters().learning.belief_prior
    assert arrival(Encounter(), 1.0) > prior > arrival(Encounter(), 0.0)
    assert arrival(Encounter(), -1.0) == prior, "nothing in hand, nothing said, nothing learned"
    assert arrival(Encounter(), 1.0, before="app") == prior == arrival(Encounter(), 1.0, before=None)


@pytest.mark.parametrize("greeted, sign", [(True, 1), (False, -1)])
def test_being_greeted_or_not_after_saying_who_she_is_teaches_a_little(greeted, sign):
    met = Encounter()
    met.relations[met.channel("store")].known_since = 0
    prior = parameters().learning.belief_prior
    little = sign * (arrival(met, -1.0, identity__identified=True, identity__greeted=greeted) - prior)
    assert 0 < little < sign * (arrival(Encounter(), float(greeted)) - prior)


@pytest.mark.parametrize("greeted, recognition", [(True, 1), (False, 1), (True, Recognition.WRONG_PERSON)])
def test_a_greeting_weighs_as_its_parameter_says_and_none_by_another_name_counts(greeted, recognition):
    met = Encounter(
        parameters__learning__belief_prior=0.3,
        parameters__learning__belief_prior_weight=2.0,
        parameters__learning__belief_greeting_weight=0.5,
    )
    met.relations[met.channel("store")].known_since = 0
    told = {"identity__identified": True, "identity__greeted": greeted, "identity__recognition": recognition}
    right = greeted and recognition != Recognition.WRONG_PERSON
    # (2 x 0.3 + 0.5 x 1 or 0) / 2.5
    assert arrival(met, -1.0, **told) == pytest.approx(0.44 if right else 0.24)


def test_who_was_nobody_in_the_channel_before_expects_no_greeting_here():
    met = Encounter()
    told = {"identity__identified": True, "identity__greeted": False}
    assert arrival(met, -1.0, **told) == met.world.parameters.learning.belief_prior


def test_a_visit_costs_the_effort_of_coming_of_the_trip_and_of_the_screen():
    met = Encounter(
        parameters__race__visit_effort=0.2, parameters__race__trip_effort=0.01, parameters__race__friction_effort=0.5
    )
    channel = met.world.channels[met.channel("store")]
    channel.trip, channel.screen_friction, met.journey.effort = 30.0, 0.4, 1.0
    met.rules.spend_effort(met.customer, met.at("store"), met.world)
    # 1 before, 0.2 for coming, 0.01 x 30 for the trip, 0.5 x 0.4 for the screen
    assert met.journey.effort == pytest.approx(1.7)


def test_an_announcement_raises_belief_once_and_fades_with_experience():
    met = Encounter(strategies__isolated__announcement={"reach": 1.0, "strength": 4, "level": 0.9})
    learning, now = met.world.parameters.learning, met.world.now
    visit = met.at("app")
    met.rules.hear_announcement(met.customer, visit, met.world)
    assert not met.customer.announced, "nothing is announced before the switch"
    now.part = now.switch_part
    for _ in range(3):
        met.rules.hear_announcement(met.customer, visit, met.world)
    # (2 x 0.3 + 4 x 0.9) / 6
    told = met.rules.belief_in_continuity(met.customer, met.world)
    assert told == pytest.approx(
        (learning.belief_prior_weight * learning.belief_prior + 3.6) / (learning.belief_prior_weight + 4)
    )
    assert met.world.page.rows[met.world.page.head.written - 1].kind == EventKind.ANNOUNCED
    met.rules.learn(met.customer.belief, 0.0, 1.0, now.part, met.world.fading)
    assert met.rules.belief_in_continuity(met.customer, met.world) < told


def test_those_who_believe_more_switch_more_readily_with_a_cart_in_hand_and_lose_more_by_it():
    """L2: announced continuity lowers what holds her back, and raises what a failed switch costs."""
    met = Encounter()
    met.leave_cart("desktop_web")
    pull = [
        met.rules.channel_utility(met.customer, met.relations, met.channel("app"), 0.8, 0.0, 1.0, belief, met.world)
        for belief in (0.3, 0.8)
    ]
    stay = [
        met.rules.channel_utility(
            met.customer,
            met.relations,
            met.channel("desktop_web"),
            0.8,
            0.0,
            1.0,
            belief,
            met.world,
        )
        for belief in (0.3, 0.8)
    ]
    cost = [met.rules.clash_weight(belief, met.world.parameters.statements) for belief in (0.3, 0.8)]
    assert pull[1] > pull[0] and stay[1] == stay[0] and cost[1] > cost[0]


def test_a_silent_firm_raises_nobodys_belief():
    met = Encounter("isolated")
    met.world.now.part = met.world.now.switch_part + 3
    met.rules.hear_announcement(met.customer, met.at("app"), met.world)
    assert met.customer.belief.weight == 0.0


def test_paying_more_weighs_two_and_a_half_times_paying_less():
    """F60: losses weigh 2 to 4 times gains. Once, in the disconfirmation; not in what the visit felt like as well."""
    changes = []
    for path in ("price__excess", "price__good_surprise"):
        met = Encounter()
        feelings = met.world.parameters.feelings
        met.customer.satisfaction, met.customer.experiences = feelings.neutral, 0
        visit = met.at("app", **{path: 0.1})
        met.rules.feel(met.customer, met.relations, visit, 0.0, met.world)
        changes.append(met.customer.satisfaction - feelings.neutral)
    assert changes[0] / changes[1] == pytest.approx(-2.5)


def test_a_visit_feels_like_the_sum_of_what_happened():
    made = parameters().feelings
    well = made.step * 2 + made.good_help + made.price_surprise * 0.1 - made.waiting * 0.5
    assert felt(race__steps=2, help__factor=1.3, price__good_surprise=0.1, line__wait=0.5) == pytest.approx(
        made.neutral + well
    )
    badly = made.wrong_help + made.price_surprise * (0.02 + 0.01) + 0.5 * (made.cart_lost + made.asked_again)
    happened = {"price__excess": 0.02, "promotion__missing": 0.01, "context__cart_lost": True}
    assert felt(0.5, help__factor=0.85, context__asked_again=True, **happened) == pytest.approx(made.neutral - badly)
    customer = thing("CUSTOMER", effort_budget=2.0)
    customer.journey.effort = 0.4
    visit = thing("VISIT", identity__creepy=True)
    expected = made.neutral - made.creepy - made.effort * 0.4 / 2.0
    assert rules().experience_of_visit(customer, visit, 1.0, made) == pytest.approx(expected)


def test_every_visit_that_is_felt_is_an_experience_and_a_pick_up_is_none():
    met = Encounter()
    for felt, collecting in ((1, False), (2, False), (2, True)):
        visit = met.at("app", line__served=True, collecting=collecting)
        met.rules.feel_visit(met.customer, met.relations, visit, met.world)
        assert met.customer.experiences == felt
