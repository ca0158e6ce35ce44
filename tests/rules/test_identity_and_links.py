"""M4 Identity and links: drawn once, nested, both ends, consent; records are read where they lie,
never copied.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, rules, small_retail, started, thing

from simsuite.vocabulary import Cause, Flow, Recognition

SHARE = st.floats(0, 1)
PER_CUSTOMER = (Flow.IDENTITY, Flow.CART, Flow.PROFILE)


def coverage(share):
    return [[[thing("COVERAGE", share=share)]] * 2] * 6


@given(SHARE, SHARE, SHARE)
def test_whoever_is_connected_at_a_low_coverage_is_connected_at_every_higher_one(u, low, high):
    relations = [thing("RELATION", link=u)]
    low, high = sorted((low, high))
    connected = [rules().is_connected(relations, 0, Flow.CART, 0, coverage(share)) for share in (low, high)]
    assert connected[0] <= connected[1] and connected == [u < low, u < high]


def test_unlinked_stays_unlinked():
    """u(i, a) is one number of a customer and a channel: no day, visit, flow or strategy draws it
    again.
    """
    tables = small_retail(60, strategies__integrated__flows__cart={"coverage": 0.5})
    one, other = (started(tables, strategy, "mesa") for strategy in ("isolated", "integrated"))
    before = [[relation.link for relation in customer.relations] for customer in one.customers]
    for model in (one, other):
        model.run(10)
    assert [[relation.link for relation in customer.relations] for customer in one.customers] == before
    assert [[relation.link for relation in customer.relations] for customer in other.customers] == before
    assert {round(link, 1) for links in before for link in links} == {tenth / 10 for tenth in range(11)}


@pytest.mark.parametrize("flow", PER_CUSTOMER)
@pytest.mark.parametrize(
    "ends, reads",
    [((0.2, 0.2), True), ((0.2, 0.8), False), ((0.8, 0.2), False), ((0.8, 0.8), False)],
)
def test_a_switch_needs_both_ends(flow, ends, reads):
    met = Encounter("integrated_ideal")
    for table in met.world.coverage[flow]:
        for entry in table:
            entry.share = 0.5
    met.relations[0].link, met.relations[1].link = ends
    assert met.rules.can_read(met.relations, flow, 0, 1, 0, met.customer.region, met.world) == reads


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 12))
def test_a_record_is_seen_once_it_is_old_enough(part, written, delay):
    met = MET
    met.world.now.part = part
    met.world.links[Flow.IDENTITY][0][1].delay = delay
    assert met.rules.can_read(met.relations, Flow.IDENTITY, 0, 1, written, 0, met.world) == (part - written >= delay)
    assert not met.rules.can_read(met.relations, Flow.IDENTITY, 0, 1, -1, 0, met.world), "nothing was ever written"


MET = Encounter("integrated_ideal")


def test_a_third_party_is_reached_by_no_flow():
    met = Encounter("integrated_ideal")
    place = met.channel("marketplace")
    for flow in PER_CUSTOMER:
        for other in range(len(met.relations)):
            if other != place:
                assert not met.rules.can_read(met.relations, flow, place, other, 0, 0, met.world)
                assert not met.rules.can_read(met.relations, flow, other, place, 0, 0, met.world)
    for flow in (Flow.PRICE, Flow.PROMOTION, Flow.STOCK):
        assert not met.rules.channel_can_read(flow, place, 0, 0, met.world)
        assert not met.rules.channel_can_read(flow, 0, place, 0, met.world)


@given(st.integers(0, 5000), st.integers(0, 15), SHARE, SHARE)
def test_a_version_that_is_wrong_at_a_small_error_is_wrong_at_a_larger_one(written, code, small, large):
    small, large = sorted((small, large))
    customer, luck = thing("CUSTOMER", number=9), thing("LUCK", key_0=3)
    wrong = [rules().version_is_wrong(customer, Flow.CART, code, written, error, luck) for error in (small, large)]
    assert wrong[0] <= wrong[1]
    assert not rules().version_is_wrong(customer, Flow.CART, code, written, 0.0, luck)
    assert rules().version_is_wrong(customer, Flow.CART, code, written, 1.0, luck)


def test_versions_are_wrong_as_often_as_the_error_says():
    # n = 4000, p = 0.2: standard error 0.0063, four of them 0.025
    customer, luck = thing("CUSTOMER", number=9), thing("LUCK", key_0=3)
    wrong = [rules().version_is_wrong(customer, Flow.CART, 2, written, 0.2, luck) for written in range(4000)]
    assert abs(sum(wrong) / 4000 - 0.2) < 0.025


def test_a_record_is_never_copied():
    """What is read depends on the source as it is now: gone there, gone here."""
    met = Encounter("integrated_ideal")
    store, app = met.channel("store"), met.channel("app")
    met.relations[store].known_since = 0
    assert met.rules.knows_from_elsewhere(met.customer, met.relations, app, met.world) == store
    met.relations[store].known_since = -1
    assert met.rules.knows_from_elsewhere(met.customer, met.relations, app, met.world) == -1
    assert met.relations[app].known_since == -1


def recognized(met, name, occasions=200, **rates):
    """How often she is recognized as whom, over many visits."""
    for key, value in rates.items():
        setattr(met.world.channels[met.channel(name)], key, value)
    seen = []
    for occasion in range(occasions):
        visit = met.at(name)
        met.rules.draw_for_visit(met.customer, visit.bits, occasion, met.world.luck)
        met.rules.identify(met.customer, met.relations, visit, met.world)
        seen.append((Recognition(visit.identity.recognition), visit.identity.identified, visit.identity.creepy))
    return seen


def test_whoever_says_who_she_is_is_known_and_others_only_where_a_record_lies():
    met = Encounter("isolated")
    assert {who for who, *_ in recognized(met, "app", identification_rate=1.0)} == {Recognition.OWN_RECORD}
    assert {who for who, *_ in recognized(met, "app", identification_rate=0.0, recognizable=1.0)} == {
        Recognition.NOBODY
    }
    met.relations[met.channel("app")].known_since = 0
    assert {who for who, *_ in recognized(met, "app", identification_rate=0.0, recognizable=1.0)} == {
        Recognition.OWN_RECORD
    }


def test_a_record_of_another_channel_recognizes_her_only_with_flow_consent_and_device():
    met = Encounter("integrated_ideal")
    met.relations[met.channel("app")].known_since = 0
    hidden = {"identification_rate": 0.0, "recognizable": 1.0}
    assert {who for who, *_ in recognized(met, "store", **hidden)} == {Recognition.SHARED_RECORD}
    assert {who for who, *_ in recognized(met, "store", identification_rate=0.0, recognizable=0.0)} == {
        Recognition.NOBODY
    }
    met.customer.consents = False
    assert {who for who, *_ in recognized(met, "store", **hidden)} == {Recognition.NOBODY}
    silent = Encounter("isolated")
    silent.relations[silent.channel("app")].known_since = 0
    assert {who for who, *_ in recognized(silent, "store", **hidden)} == {Recognition.NOBODY}


@pytest.mark.parametrize(
    "concerned, identified, known_here, creepy",
    [
        (True, False, False, True),
        (False, False, False, False),
        (True, True, False, False),
        (True, False, True, False),
    ],
)
def test_only_the_privacy_concerned_mind_being_recognized_without_having_said_who_they_are(
    concerned, identified, known_here, creepy
):
    met = Encounter("integrated_ideal", parameters__identity__withdrawal_probability=0.0)
    met.world.policy.discreet = False
    met.customer.privacy_concerned = concerned
    met.relations[met.channel("app")].known_since = 0
    met.relations[met.channel("store")].known_since = 0 if known_here else -1
    seen = recognized(met, "store", identification_rate=float(identified), recognizable=1.0)
    assert {mind for *_, mind in seen} == {creepy}


def test_a_withdrawn_consent_acts_in_all_linked_channels():
    met = Encounter("integrated_ideal", parameters__identity__withdrawal_probability=1.0)
    met.world.policy.discreet = False
    met.customer.privacy_concerned = True
    for relation in met.relations:
        relation.known_since = 0
    met.relations[met.channel("store")].known_since = -1
    assert recognized(met, "store", occasions=1, identification_rate=0.0, recognizable=1.0)[0][2]
    assert not met.customer.consents
    for here in range(len(met.relations)):
        assert met.rules.knows_from_elsewhere(met.customer, met.relations, here, met.world) == -1
        assert met.rules.profile_source(met.customer, met.relations, here, met.world) == -1


def test_a_discreet_firm_recognizes_without_letting_those_who_mind_notice():
    met = Encounter("integrated_ideal", parameters__identity__withdrawal_probability=1.0)
    met.customer.privacy_concerned = True
    met.relations[met.channel("app")].known_since = 0
    seen = recognized(met, "store", identification_rate=0.0, recognizable=1.0)
    assert {who for who, *_ in seen} == {Recognition.SHARED_RECORD}
    assert not any(mind for *_, mind in seen) and met.customer.consents


def test_where_everybody_is_known_nobody_is_missed_in_own_channels_and_consent_is_no_limit():
    met = Encounter("integrated_ideal_known", strategies=("integrated_ideal_known",))
    met.customer.consents = False
    met.relations[met.channel("app")].known_since = 0
    hidden = {"identification_rate": 0.0, "recognizable": 0.0}
    assert {who for who, *_ in recognized(met, "store", **hidden)} == {Recognition.OWN_RECORD}
    assert {who for who, *_ in recognized(met, "marketplace", **hidden)} == {Recognition.NOBODY}
    assert met.rules.knows_from_elsewhere(met.customer, met.relations, met.channel("store"), met.world) >= 0


def test_in_isolation_nobody_is_recognized_by_another_channel_so_nobody_withdraws():
    met = Encounter("isolated", parameters__identity__withdrawal_probability=1.0)
    met.customer.privacy_concerned = True
    for relation in met.relations:
        relation.known_since = 0
    assert not any(mind for *_, mind in recognized(met, "store", identification_rate=0.0, recognizable=1.0))
    assert met.customer.consents


def test_a_false_merge_lasts_until_she_complains():
    met = Encounter("integrated_ideal", parameters__identity__complaint_probability=0.0)
    met.relations[met.channel("app")].known_since = 0
    for visit in met.world.links[Flow.IDENTITY]:
        for link in visit:
            link.error = 1.0
    assert {who for who, *_ in recognized(met, "store", identification_rate=1.0)} == {Recognition.WRONG_PERSON}
    met.relations[met.channel("store")].complained = True
    assert {who for who, *_ in recognized(met, "store", identification_rate=1.0)} == {Recognition.OWN_RECORD}


def test_a_complaint_puts_the_merge_right():
    met = Encounter("integrated_ideal", parameters__identity__complaint_probability=1.0)
    met.relations[met.channel("app")].known_since = 0
    for visit in met.world.links[Flow.IDENTITY]:
        for link in visit:
            link.error = 1.0
    seen = [who for who, *_ in recognized(met, "store", occasions=3, identification_rate=1.0)]
    assert seen == [Recognition.WRONG_PERSON, Recognition.OWN_RECORD, Recognition.OWN_RECORD]


def test_a_silo_never_takes_her_for_somebody_else():
    met = Encounter("isolated")
    for relation in met.relations:
        relation.known_since = 0
    for visit in met.world.links[Flow.IDENTITY]:
        for link in visit:
            link.error = 1.0
    assert Recognition.WRONG_PERSON not in {
        who for who, *_ in recognized(met, "store", identification_rate=0.5, recognizable=1.0)
    }


@pytest.mark.parametrize(
    "recognition, known",
    [
        (Recognition.NOBODY, False),
        (Recognition.OWN_RECORD, True),
        (Recognition.SHARED_RECORD, True),
        (Recognition.WRONG_PERSON, False),
    ],
)
def test_only_visits_of_somebody_rightly_known_leave_a_record(recognition, known):
    relations = [thing("RELATION")]
    rules().keep_record(relations, thing("VISIT", channel=0, identity__recognition=recognition), 17)
    assert (relations[0].recognized, relations[0].known_since) == (known, 17 if known else -1)


@pytest.mark.parametrize(
    "recognition, error, factor",
    [
        (Recognition.NOBODY, 0.0, 1.0),
        (Recognition.OWN_RECORD, 0.0, 1.3),
        (Recognition.SHARED_RECORD, 0.0, 1.3),
        (Recognition.OWN_RECORD, 1.0, 0.85),
        (Recognition.WRONG_PERSON, 0.0, 0.85),
    ],
)
def test_the_right_history_helps_and_a_wrong_one_hinders(recognition, error, factor):
    met = Encounter("integrated_ideal")
    met.relations[met.channel("app")].known_since = met.relations[met.channel("app")].written = 0
    for visit in met.world.links[Flow.PROFILE]:
        for link in visit:
            link.error = error
    visit = met.at("store", identity__recognition=recognition)
    met.rules.receive_help(met.customer, met.relations, visit, met.world)
    assert visit.help.factor == factor
    assert visit.identity.greeted == (recognition in (Recognition.OWN_RECORD, Recognition.SHARED_RECORD))


@pytest.mark.parametrize("own_error, factor", [(0.0, 1.3), (1.0, 0.85)])
def test_the_own_history_of_a_silo_errs_by_its_own_error_and_by_that_of_no_flow(own_error, factor):
    met = Encounter("isolated", parameters__context__own_error=own_error)
    met.relations[met.channel("store")].known_since = met.relations[met.channel("store")].written = 0
    for visit in met.world.links[Flow.PROFILE]:
        for link in visit:
            link.error = 1.0 - own_error
    visit = met.at("store")
    met.rules.receive_help(met.customer, met.relations, visit, met.world)
    assert (visit.help.factor, visit.identity.greeted) == (factor, False)


@pytest.mark.parametrize("history, own_error, times", [(None, 0.0, 1.0), (0, 0.0, 1.5), (0, 1.0, 0.5)])
def test_a_visit_teaches_more_with_the_right_history_and_less_with_a_wrong_one(history, own_error, times):
    met = Encounter(
        "isolated",
        parameters__context__own_error=own_error,
        parameters__race__help_right=1.5,
        parameters__race__help_wrong=0.5,
        parameters__race__head_gain=0.6,
    )
    store = met.relations[met.channel("store")]
    met.world.channels[met.channel("store")].knowledge_gain = 0.4
    store.known_since = store.written = -1 if history is None else history
    visit = met.at("store", race__rang=Cause.PAUSE)
    met.rules.at_arrival(met.customer, met.relations, visit, met.world)
    met.rules.conclude_visit(met.customer, met.relations, visit, met.world)
    # of what she does not know yet, 1 here and 0.6 in her head, the visit closes 0.4 times the help
    assert store.knowledge == pytest.approx(0.4 * times)
    assert met.journey.head_knowledge == pytest.approx(0.6 * 0.4 * times)


def test_no_two_flows_and_pairs_of_channels_share_their_luck():
    pairs = [rules().pair_of(one, other) for one in range(64) for other in range(64)]
    items = {rules().channel_version_item(flow, pair) for flow in range(16) for pair in pairs}
    assert len(items) == 16 * 64 * 64
