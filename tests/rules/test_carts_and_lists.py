"""M5 Context: what survives a change of channel, what is lost once, what still lies there; L1: one
record for all.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, rules, thing

from simsuite.vocabulary import Cause, EventKind, Flow, Phase, Recognition


def arrive(met, name, before, **values):
    """A visit in channel `name`; returns the row, with `in_hand` beside it."""
    visit = met.at(name, before, **values)
    in_hand = met.rules.arrive_with_context(met.customer, met.relations, visit, met.world)
    return visit, in_hand


def with_errors(met, error, flow=Flow.CART):
    for visit in met.world.links[flow]:
        for link in visit:
            link.error = error


@pytest.fixture
def silo():
    """Isolated channels that make no mistakes of their own; a cart lies in the web shop."""
    met = Encounter("isolated", parameters__context__own_error=0.0)
    met.leave_cart("desktop_web")
    return met


@pytest.fixture
def linked():
    met = Encounter("integrated_ideal", parameters__context__own_error=0.0)
    met.leave_cart("desktop_web")
    return met


def test_a_cart_waits_where_it_was_left(silo):
    visit, in_hand = arrive(silo, "desktop_web", "desktop_web")
    assert (in_hand, visit.context.cart_lost, silo.journey.phase, silo.journey.effort) == (
        1.0,
        False,
        Phase.CART,
        0.0,
    )


def test_a_cart_does_not_follow_into_another_silo_and_starting_again_costs(silo):
    silo.journey.head_knowledge = 0.5
    context = silo.world.parameters.context
    visit, in_hand = arrive(silo, "app", "desktop_web")
    assert (in_hand, visit.context.cart_lost, silo.journey.phase) == (0.0, True, Phase.SEARCH)
    assert silo.journey.effort == context.effort_lost_cart
    assert silo.journey.head_knowledge == pytest.approx(0.5 * context.memory_of_knowledge)


def test_the_old_cart_still_lies_there(silo):
    arrive(silo, "app", "desktop_web")
    visit, in_hand = arrive(silo, "desktop_web", "app")
    assert (in_hand, visit.context.cart_lost, silo.journey.phase) == (1.0, False, Phase.CART)


def test_a_cart_that_stayed_elsewhere_is_missed_once_and_not_at_every_visit(silo):
    arrive(silo, "app", "desktop_web")
    effort = silo.journey.effort
    visit, in_hand = arrive(silo, "app", "app")
    assert (visit.context.cart_lost, in_hand, silo.journey.effort) == (False, -1.0, effort)


def test_the_clash_names_the_channel_in_which_the_cart_lies(silo):
    arrive(silo, "store", "desktop_web")
    visit, _ = arrive(silo, "app", "store")
    silo.rules.note_clashes(visit, silo.journey, silo.world)
    clash = silo.world.page.rows[-1]
    assert (clash.kind, clash.cause) == (EventKind.CLASH, Cause.CART_LOST)
    assert (clash.other_channel, clash.channel) == (
        silo.channel("desktop_web"),
        silo.channel("app"),
    )


@pytest.mark.parametrize(
    "known_there, known_here, follows",
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_desktop_and_mobile_share_a_cart_only_for_those_logged_in_at_both(silo, known_there, known_here, follows):
    silo.relations[silo.channel("desktop_web")].recognized = known_there
    visit, _ = arrive(silo, "mobile_web", "desktop_web", identity__recognition=int(known_here))
    assert visit.context.cart_lost is not follows


@pytest.mark.parametrize(
    "broken",
    [
        "nothing",
        "unknown here",
        "wrong person",
        "unknown there",
        "no consent",
        "unlinked there",
        "unlinked here",
        "too young",
        "wrong version",
    ],
)
def test_a_cart_follows_iff_known_at_both_ends_linked_old_enough_and_right(linked, broken):
    there, here = (linked.relations[linked.channel(name)] for name in ("desktop_web", "app"))
    values = {
        "unknown here": {"identity__recognition": Recognition.NOBODY},
        "wrong person": {"identity__recognition": Recognition.WRONG_PERSON},
    }
    there.recognized = broken != "unknown there"
    linked.customer.consents = broken != "no consent"
    there.link, here.link = (1.0 if broken == f"unlinked {end}" else 0.5 for end in ("there", "here"))
    if broken == "too young":
        linked.world.links[Flow.CART][linked.channel("desktop_web")][linked.channel("app")].delay = (
            linked.world.now.part + 1
        )
    with_errors(linked, 1.0 if broken == "wrong version" else 0.0)
    visit, in_hand = arrive(linked, "app", "desktop_web", **values.get(broken, {}))
    assert visit.context.cart_lost is (broken != "nothing") and in_hand == (1.0 if broken == "nothing" else 0.0)


def test_a_wrong_write_replaces_the_good_cart_also_where_she_left_it(linked):
    with_errors(linked, 1.0)
    visit, _ = arrive(linked, "app", "desktop_web")
    with_errors(linked, 0.0)
    again, in_hand = arrive(linked, "desktop_web", "app")
    assert visit.context.cart_lost and not again.context.cart_lost and in_hand == -1.0
    assert linked.relations[linked.channel("desktop_web")].cart_need == -1


def own_look_ups_lost(strategy, error, own_error=0.1, consents=True, visits=300):
    """At how many of some look-ups, each of another version, a cart is not where she left it."""
    met = Encounter(strategy, parameters__context__own_error=own_error)
    with_errors(met, error)
    met.customer.consents = consents
    lost = 0
    for part in range(visits):
        met.leave_cart("desktop_web", part)
        lost += arrive(met, "desktop_web", "desktop_web")[0].context.cart_lost
    return lost


def test_with_one_record_for_all_own_carts_are_lost_the_more_often_the_more_it_errs():
    lost = [own_look_ups_lost("integrated_ideal", error) for error in (0.0, 0.05, 0.3, 1.0)]
    assert lost[0] == 0 < lost[1] < lost[2] < lost[3] == 300


def test_a_silo_loses_own_carts_by_its_own_error_alone():
    assert (
        own_look_ups_lost("isolated", 0.0)
        == own_look_ups_lost("isolated", 1.0)
        > 0
        == own_look_ups_lost("isolated", 1.0, own_error=0.0)
    )


def test_who_does_not_consent_keeps_the_cart_of_her_own_channel():
    assert own_look_ups_lost("integrated_ideal", 1.0, own_error=0.0, consents=False) == 0


@pytest.mark.parametrize("master_read, lost", [(False, False), (True, True)])
def test_a_copy_not_yet_synchronized_loses_what_silos_keep_only_where_the_shared_copy_is_read(
    linked, master_read, lost
):
    linked.world.policy.master_read = master_read
    for visit in linked.world.links[Flow.CART]:
        for link in visit:
            link.delay = 40
    assert arrive(linked, "desktop_web", "desktop_web")[0].context.cart_lost is lost


def test_whoever_is_taken_for_somebody_else_is_shown_no_cart_of_hers_and_it_still_lies_there(silo):
    """L1: a false merge loses what silos keep; once she has complained, her cart is back."""
    silo.leave_cart("app", 2)
    visit = silo.at("app", "app", identity__recognition=Recognition.WRONG_PERSON)
    in_hand = silo.rules.arrive_with_context(silo.customer, silo.relations, visit, silo.world)
    assert (in_hand, visit.context.cart_lost, silo.journey.phase) == (0.0, True, Phase.SEARCH)
    assert silo.relations[silo.channel("app")].cart_need == silo.journey.need
    visit, in_hand = arrive(silo, "app", "app")
    assert (in_hand, silo.journey.phase) == (1.0, Phase.CART)


def test_the_cart_that_is_shown_is_the_one_whose_version_is_written(silo):
    """An older cart here, a newer one elsewhere: she goes on with the one that is here."""
    app = silo.channel("app")
    silo.leave_cart("app", 2)
    silo.leave_cart("desktop_web", 3)
    visit, in_hand = arrive(silo, "app", "desktop_web")
    silo.rules.write_version(silo.journey, silo.relations, visit, 30)
    assert in_hand == 1.0 and silo.journey.cart_channel == app
    assert (silo.relations[app].written, silo.relations[silo.channel("desktop_web")].written) == (
        30,
        3,
    )


def with_list(met, knowledge=0.6):
    met.journey.cart_channel, met.journey.phase = -1, Phase.SEARCH
    there = met.relations[met.channel("desktop_web")]
    there.cart_need, there.knowledge = -1, knowledge
    return there


def test_what_she_learned_follows_with_the_cart_flow_and_is_asked_again_without(linked, silo):
    for met, identified, in_hand in ((linked, True, 1.0), (silo, True, 0.0), (silo, False, 0.0)):
        with_list(met)
        met.journey.effort = 0.0
        visit, result = arrive(met, "app", "desktop_web", identity__identified=identified)
        assert result == in_hand
        assert visit.context.asked_again is (met is silo and identified)
        assert met.journey.effort == (0.0 if met is linked else met.world.parameters.context.effort_lost_knowledge)
    assert linked.relations[linked.channel("app")].knowledge == 0.6
    assert silo.relations[silo.channel("app")].knowledge == 0.0


def test_somebody_who_was_anonymous_there_cannot_be_asked_again_but_has_lost_her_list(silo):
    with_list(silo).recognized = False
    visit, in_hand = arrive(silo, "app", "desktop_web", identity__identified=True)
    assert (visit.context.asked_again, in_hand) == (False, 0.0)


def test_little_knowledge_is_nothing_that_can_be_lost(silo):
    with_list(silo, silo.world.parameters.context.knowledge_threshold - 0.01)
    visit, in_hand = arrive(silo, "app", "desktop_web", identity__identified=True)
    assert (in_hand, visit.context.asked_again, silo.journey.effort) == (-1.0, False, 0.0)


def test_whoever_comes_from_home_has_nothing_in_hand():
    met = Encounter("isolated")
    assert arrive(met, "app", None)[1] == -1.0
    met.relations[-1].knowledge = 0.9  # what lies in some channel is nothing that she brings from home
    assert arrive(met, "app", None)[1] == -1.0 and met.journey.effort == 0.0


def test_a_new_cart_is_counted_once_and_carries_its_need(silo):
    app = silo.channel("app")
    visit = silo.at("app", "desktop_web")
    for part in (8, 9):
        silo.rules.begin_cart(silo.customer, silo.relations, visit, False, part, silo.world.tally)
    assert silo.world.tally.carts[silo.customer.segment, app].tolist() == [1, 0, 0]
    assert (silo.relations[app].cart_need, silo.relations[app].cart_since) == (silo.journey.need, 8)
    assert silo.journey.cart_channel == app and visit.context.cart_here
    assert silo.relations[silo.channel("desktop_web")].cart_need == silo.journey.need, "the old one still lies there"


def test_a_basket_before_somebody_who_serves_ends_with_the_visit(silo):
    """It is no cart: nothing lies in the store, nothing is counted, and she begins again when she comes back."""
    silo.begin_journey()
    visit = silo.at("store")
    carts = silo.world.tally.carts.copy()
    silo.journey.phase = Phase.CART
    silo.rules.begin_cart(silo.customer, silo.relations, visit, True, 8, silo.world.tally)
    silo.rules.write_version(silo.journey, silo.relations, visit, 8)
    silo.rules.pause_journey(silo.customer, visit, silo.world)
    assert (silo.relations[silo.channel("store")].cart_need, silo.journey.cart_channel) == (-1, -1)
    assert (silo.world.tally.carts == carts).all() and silo.journey.phase == Phase.SEARCH


def test_a_basket_in_the_store_leaves_the_cart_in_the_web_as_it_is(silo):
    silo.begin_journey()
    silo.leave_cart("desktop_web", part=2)
    visit = silo.at("store", "desktop_web")
    silo.journey.phase = Phase.CART
    silo.rules.begin_cart(silo.customer, silo.relations, visit, True, 8, silo.world.tally)
    silo.rules.write_version(silo.journey, silo.relations, visit, 8)
    silo.rules.pause_journey(silo.customer, visit, silo.world)
    web = silo.relations[silo.channel("desktop_web")]
    assert (web.cart_need, web.written, silo.journey.cart_channel) == (
        silo.journey.need,
        2,
        silo.channel("desktop_web"),
    )


@given(st.floats(0, 1), st.floats(1, 3), st.floats(0, 0.6), st.floats(0, 1))
def test_a_visit_teaches_and_knowledge_keeps_its_bounds(gain, help_factor, head, lies_here):
    from worlds import parameters

    customer, relation = thing("CUSTOMER"), thing("RELATION", knowledge=lies_here)
    customer.journey.head_knowledge = head
    rules().take_in(
        customer,
        [relation],
        thing("VISIT", channel=0, help__gain=gain, help__factor=help_factor),
        parameters().race,
    )
    assert head <= customer.journey.head_knowledge <= 0.6 + 1e-12
    assert lies_here <= relation.knowledge <= 1.0 + 1e-12
