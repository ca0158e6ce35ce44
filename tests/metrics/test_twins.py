"""The same candidate need in two worlds."""

import pytest

from simsuite.errors import SimsuiteError
from simsuite.metrics.twins import saved_from, twins_table
from simsuite.vocabulary import Cause, Intent, Outcome

ORDERED, GAVE_UP, GONE = Outcome.ORDERED, Outcome.GAVE_UP, Outcome.WENT_TO_COMPETITOR


def ordered(channel=0, closed=20):
    return {"outcome": ORDERED, "cause": -1, "channel": channel, "closed": closed}


def lost(cause, outcome=GAVE_UP):
    return {"outcome": outcome, "cause": cause, "channel": 0, "closed": 20}


PAIRS = {
    "saved": (lost(Cause.EFFORT), ordered()),
    "forfeited": (ordered(), lost(Cause.CREEPY)),
    "moved": (ordered(channel=0), ordered(channel=1, closed=3)),
    "sooner": (ordered(closed=20), ordered(closed=19)),
    "later": (ordered(closed=20), ordered(closed=21)),
    "same": (ordered(), ordered()),
    "changed": (lost(Cause.EFFORT), lost(Cause.LAPSED)),
}


@pytest.fixture
def make_pair(make_run):
    """Two worlds from pairs of fates, one need each."""

    def make(*pairs, **both):
        sides = []
        for side, strategy in ((0, "isolated"), (1, "integrated")):
            needs = [
                {"customer": number, "need": 5, "intent": Intent.BUY, **both, **pair[side]}
                for number, pair in enumerate(pairs)
            ]
            orders = sum(need["outcome"] == ORDERED for need in needs)
            sides.append(make_run({"orders": {(0, 0): orders}}, needs=needs, strategy=strategy))
        return sides

    return make


def counts(pair):
    table = twins_table(*pair, "integrated", "isolated")
    return table[table.needs > 0].groupby("kind").needs.sum().to_dict()


@pytest.mark.parametrize("kind", PAIRS)
def test_each_kind_of_twins(kind, make_pair):
    assert counts(make_pair(PAIRS[kind])) == {kind: 1}


def test_the_same_outcome_for_the_same_cause_is_the_same(make_pair):
    loss = lost(Cause.COMPETITOR, GONE)
    assert counts(make_pair((loss, {**loss, "channel": 2, "closed": 3}))) == {"same": 1}
    assert counts(make_pair((loss, lost(Cause.COMPETITOR, GAVE_UP)))) == {"changed": 1}
    assert counts(make_pair((lost(Cause.COMPETITOR, GAVE_UP), loss))) == {"changed": 1}


def test_the_table_has_every_segment_intent_and_kind(make_pair):
    table = twins_table(*make_pair(*PAIRS.values(), segment=1), "half", "isolated")
    assert len(table) == 2 * 3 * 7
    assert list(table.columns) == [
        "strategy",
        "reference",
        "replication",
        "segment",
        "intent",
        "kind",
        "needs",
    ]
    hers = table[(table.segment == "loyal") & (table.intent == "BUY")]
    assert hers.needs.tolist() == [1] * 7
    assert table.needs.sum() == 7
    assert set(table.strategy) == {"half"} and set(table.reference) == {"isolated"}


def test_saved_sales_are_booked_to_what_the_reference_world_booked(make_pair):
    pair = make_pair(
        (lost(Cause.EFFORT), ordered()),
        (lost(Cause.EFFORT), ordered()),
        (lost(Cause.OUT_OF_STOCK, GONE), ordered()),
        ({"outcome": Outcome.NOT_CONSIDERED, "cause": -1}, ordered()),
        (ordered(), lost(Cause.CREEPY)),
        (lost(Cause.CREEPY), lost(Cause.CREEPY)),
    )
    table = saved_from(*pair, "integrated", "isolated")
    assert set(table.iloc[:, 3:].itertuples(index=False, name=None)) == {
        ("saved", "GAVE_UP", "EFFORT", 2),
        ("saved", "WENT_TO_COMPETITOR", "OUT_OF_STOCK", 1),
        ("saved", "NOT_CONSIDERED", "none", 1),
        ("forfeited", "GAVE_UP", "CREEPY", 1),
    }
    assert set(table.replication) == {7}


def test_channels_are_compared_by_name_not_by_place(make_run):
    need = {"customer": 0, "need": 0, **ordered(channel=0)}
    before = make_run({"orders": {(0, 0): 1}}, needs=[need])
    after = make_run({"orders": {(0, 2): 1}}, needs=[{**need, "channel": 2}], channels=("web", "market", "store"))
    assert counts((before, after)) == {"same": 1}
    assert counts(
        (
            before,
            make_run({"orders": {(0, 0): 1}}, needs=[need], channels=("web", "market", "store")),
        )
    ) == {"moved": 1}


def test_worlds_with_other_needs_have_no_twins(make_run, make_pair):
    before, after = make_pair(PAIRS["same"])
    other = make_run({"orders": {(0, 0): 1}}, needs=[{"customer": 0, "need": 6, **ordered()}])
    for wrong in (other, make_run(strategy="integrated")):
        with pytest.raises(SimsuiteError, match="do not hold the same needs"):
            twins_table(before, wrong, "b", "a")
    assert counts((before, after)) == {"same": 1}


def test_a_change_in_orders_that_twins_do_not_explain_is_refused(make_pair):
    before, after = make_pair(PAIRS["saved"])
    after.tallies["orders"][0, 0] += 1
    with pytest.raises(SimsuiteError, match="1 more saved than forfeited, 2 more orders"):
        twins_table(before, after, "integrated", "isolated")


def test_saved_less_forfeited_is_the_change_in_orders_of_real_worlds(worlds):
    _, isolated, integrated = worlds
    table = twins_table(isolated, integrated, "integrated", "isolated")
    kinds = table.groupby("kind").needs.sum()
    change = integrated.tallies["orders"].sum() - isolated.tallies["orders"].sum()
    assert kinds["saved"] - kinds["forfeited"] == change
    assert kinds.sum() == len(isolated.needs)
    assert kinds["same"] < kinds.sum()
    sources = saved_from(isolated, integrated, "integrated", "isolated").groupby("kind").needs.sum()
    assert sources.get("saved", 0) == kinds["saved"]
    assert sources.get("forfeited", 0) == kinds["forfeited"]


def test_a_world_is_its_own_twin(worlds):
    _, isolated, _ = worlds
    assert counts((isolated, isolated)) == {"same": len(isolated.needs)}
    assert saved_from(isolated, isolated, "isolated", "isolated").empty
