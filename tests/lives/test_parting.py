"""Where the lives of twins part."""

import numpy as np
import pytest

from simsuite.errors import SimsuiteError
from simsuite.lives.parting import TOUCHES, TOUCHES_BY_CLASH, parting_of_run, parting_table
from simsuite.vocabulary import INPUT_KINDS, Cause, EventKind, Outcome, Phase


def event(kind, part=0, customer=0, **fields):
    return {
        "customer": customer,
        "part": part,
        "kind": EventKind[kind],
        "cause": -1,
        "phase": 0,
        **fields,
    }


def life(*events):
    """Events of one customer, with ordinals counted within each daypart."""
    seen = {}
    for entry in events:
        entry["ordinal"] = seen.get(entry["part"], 0)
        seen[entry["part"]] = entry["ordinal"] + 1
    return list(events)


def visit(part, *inputs, end="PAUSED", **fields):
    return [event("CHOSE", part), *inputs, event(end, part, **fields)]


@pytest.fixture
def part(make_run):
    """The rows in which two event logs part, as dicts."""

    def part(before, after):
        table = parting_table(make_run(events=life(*before)), make_run(events=life(*after)))
        return table.to_dict("records")

    return part


def test_the_same_life_has_no_row(part):
    told = event("TOLD_PRICE", 1, value=0.9)
    assert part(visit(1, dict(told)), visit(1, dict(told))) == []


def test_an_input_that_changes_nothing_touches_without_parting(part):
    before = visit(1, event("TOLD_PRICE", 1, value=0.9))
    after = visit(1, event("TOLD_PRICE", 1, value=1.0))
    assert part(before, after) == [
        {
            "customer": 0,
            "first_touched": 1,
            "first_touched_by": "price",
            "first_parted": -1,
            "reference_event": -1,
            "compared_event": -1,
            "touched_by": "price",
        }
    ]


def test_the_first_act_that_differs_is_found_behind_inputs_of_any_number(part):
    before = [*visit(1), *visit(4, end="GAVE_UP")]
    after = [
        *visit(1),
        *visit(4, event("FOUND_CONTEXT", 4, value=1), event("HELPED", 4), end="ORDERED"),
    ]
    assert part(before, after) == [
        {
            "customer": 0,
            "first_touched": 4,
            "first_touched_by": "cart",
            "first_parted": 4,
            "reference_event": 3,
            "compared_event": 5,
            "touched_by": "cart, profile",
        }
    ]


def test_what_differs_after_the_parting_does_not_count(part):
    before = [*visit(1, event("WAITED", 1, value=2)), *visit(4), *visit(6)]
    after = [*visit(1, event("WAITED", 1, value=9)), *visit(5, event("RECOGNIZED", 5, value=2))]
    assert part(before, after) == [
        {
            "customer": 0,
            "first_touched": 1,
            "first_touched_by": "wait",
            "first_parted": 4,
            "reference_event": 3,
            "compared_event": 3,
            "touched_by": "wait",
        }
    ]


def test_one_world_may_have_nothing_more(part):
    (row,) = part([*visit(1), *visit(3)], visit(1))
    assert (row["first_parted"], row["reference_event"], row["compared_event"]) == (3, 2, -1)
    assert (row["first_touched"], row["touched_by"]) == (-1, "")


def test_a_phase_is_an_act_only_where_she_steps_forward(part):
    assert part(visit(1, phase=Phase.CART), visit(1, phase=Phase.SEARCH)) == []
    (row,) = part(visit(1, end="STEPPED", phase=1), visit(1, end="STEPPED", phase=2))
    assert row["first_parted"] == 1


def test_a_clash_is_named_by_its_cause(part):
    (row,) = part(
        visit(2),
        visit(
            2,
            event("CLASH", 2, cause=Cause.PROMOTION_CLASH),
            event("CLASH", 2, cause=Cause.WRONG_PERSON),
        ),
    )
    assert row["first_touched_by"] == "promotion"
    assert row["touched_by"] == "identity, promotion"


def test_every_kind_of_input_is_about_something():
    assert set(TOUCHES) | {EventKind.CLASH} == set(INPUT_KINDS)
    assert set(TOUCHES_BY_CLASH) >= {
        Cause.PRICE_CLASH,
        Cause.PROMOTION_CLASH,
        Cause.CART_LOST,
        Cause.ASKED_AGAIN,
        Cause.WRONG_PERSON,
        Cause.STOCK_CLASH,
    }


def test_customers_are_kept_apart(make_run):
    quiet = life(*visit(1))
    loud = [{**entry, "customer": 3} for entry in life(*visit(1))]
    moved = [{**entry, "customer": 3, "channel": 2} for entry in life(*visit(1))]
    table = parting_table(make_run(events=quiet + loud), make_run(events=quiet + moved))
    assert table.customer.tolist() == [3]
    assert table.reference_event.tolist() == [2]


def test_a_run_without_events_is_refused_with_what_to_do(make_run):
    with pytest.raises(SimsuiteError, match="kept no events"):
        parting_table(make_run(events=life(*visit(1))), make_run())


def test_worlds_of_other_channels_have_no_twins(make_run):
    log = life(*visit(1))
    with pytest.raises(SimsuiteError, match="other customers or other channels"):
        parting_table(make_run(events=log), make_run(events=log, channels=("a", "b", "c")))


def test_nobody_parts_in_a_real_world_before_something_touched_her(worlds):
    _, isolated, integrated = worlds
    table = parting_table(isolated, integrated)
    parted = table[table.first_parted >= 0]
    assert len(parted) > 0
    assert (parted.first_touched >= 4 * isolated.warm_up).all()
    assert (parted.first_touched <= parted.first_parted).all()
    assert parting_table(isolated, isolated).empty


def test_a_real_parting_is_found_by_walking_through_both_lives(worlds):
    _, isolated, integrated = worlds
    table = parting_table(isolated, integrated).set_index("customer")
    fields = ["part", "need", "visit", "kind", "channel", "other_channel", "cause", "value"]
    for customer in range(len(isolated.customers)):
        lives = []
        for result in (isolated, integrated):
            hers = result.events[result.events["customer"] == customer]
            acts = hers[~np.isin(hers["kind"], INPUT_KINDS)]
            lives.append(
                [
                    (
                        *(act[name] for name in fields),
                        act["phase"] if act["kind"] == EventKind.STEPPED else -1,
                    )
                    for act in acts
                ]
            )
        same = lives[0] == lives[1]
        parted = table.first_parted.get(customer, -1)
        assert same == (parted < 0)
        if not same:
            shared = min(map(len, lives))
            first = next((k for k in range(shared) if lives[0][k] != lives[1][k]), shared)
            assert parted == min(acts[first][0] for acts in lives if len(acts) > first)


def test_a_table_of_a_run_counts_days_from_the_switch_and_orders_of_both_worlds(make_run):
    # The run has one day before the switch: daypart 6 is the afternoon of day 0, daypart 9 the noon of day 1.
    told = event("TOLD_PRICE", 6, value=0.9)
    before = make_run(events=life(*visit(6, told), *visit(9)), needs=[{"customer": 0, "outcome": Outcome.GAVE_UP}])
    after = make_run(
        events=life(*visit(6, {**told, "value": 1.0}), *visit(9, end="ORDERED")),
        needs=[{"customer": 0, "outcome": Outcome.ORDERED}],
    )
    (row,) = parting_of_run(before, after, "shared", "silos").to_dict("records")
    assert row == {
        "replication": 7,
        "strategy": "shared",
        "reference": "silos",
        "customer": 0,
        "first_touched": 0.5,
        "first_touched_by": "price",
        "first_parted": 1.25,
        "touched_by": "price",
        "reference_orders": 0,
        "orders": 1,
    }


def test_who_is_touched_and_never_parts_has_no_day_of_parting(make_run):
    told = event("TOLD_PRICE", 4, value=0.9)
    runs = [make_run(events=life(*visit(4, {**told, "value": value}))) for value in (0.9, 1.0)]
    table = parting_of_run(*runs, "shared", "silos")
    assert table["first_touched"].tolist() == [0.0]
    assert table["first_parted"].isna().all()


@pytest.mark.parametrize("other", [{"events": []}, {"channels": ("store", "web", "phone")}])
def test_worlds_that_cannot_be_set_side_by_side_leave_no_rows(make_run, other):
    known = {"events": life(*visit(1))}
    table = parting_of_run(make_run(**known), make_run(**{**known, **other}), "shared", "silos")
    assert len(table) == 0
