"""Both engines run the same rules on the same luck: the same bits, whatever the strategy, threads
and blocks.
"""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from worlds import STRATEGIES, small_retail, started, switched

from simsuite.rules.state import VISIT
from simsuite.specs.parameters import Parameters
from simsuite.vocabulary import Cause, EventKind, Flow, Outcome

BUSY = {
    "parameters__orders__collect_probability": 0.8,
    "parameters__stock__expected_units": 0.5,
    "parameters__stock__cover": 2.0,
    "parameters__giving_up__to_place": 0.3,
    "channels__store__service": "20 min",
}


@pytest.fixture(scope="module")
def tables():
    """200 customers, 42 days, scarce stock, lines at the desks, collected orders, two
    announcements.
    """
    announced = {"reach": 0.8, "strength": 4, "level": 0.9}
    return small_retail(**BUSY, strategies__integrated__announcement=announced)


@pytest.fixture(scope="module")
def in_mesa(tables):
    """The run of every strategy in the interpreted engine."""
    return {strategy: switched(tables, strategy, "mesa") for strategy in STRATEGIES}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_both_engines_leave_the_same_record(tables, in_mesa, strategy):
    assert switched(tables, strategy, "batch").digest() == in_mesa[strategy].digest()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_phase_of_the_day_had_work(in_mesa, strategy):
    result = in_mesa[strategy]
    visits, journeys, orders, losses = result.days.sum(0)
    assert min(visits, journeys, orders, losses) > 0
    queue = result.tallies["queue"].sum(0)
    assert queue[0] > 0 and queue[1] > 0 and queue[2] > 0, "nobody stood in line, left it or waited"
    assert result.stock["sold"].sum() > 0 and result.stock["received"].sum() > 0
    assert result.tallies["audit"].sum() > 0


def test_together_the_strategies_make_everything_happen(in_mesa):
    kinds = {int(kind) for result in in_mesa.values() for kind in result.events["kind"]}
    assert {kind.name for kind in EventKind} - {EventKind(kind).name for kind in kinds} == set()
    outcomes = {int(outcome) for result in in_mesa.values() for outcome in result.needs["outcome"]}
    assert {outcome.name for outcome in Outcome} - {Outcome(outcome).name for outcome in outcomes} == set()


def test_every_cause_is_booked_in_some_world():
    """At high rates each clock strikes somebody; what happens nowhere is no mechanism."""
    loud = {
        "parameters__statements__price_clash_rate": 100.0,
        "parameters__statements__promotion_clash_rate": 100.0,
        "parameters__statements__cart_lost_rate": 5.0,
        "parameters__statements__asked_again_rate": 5.0,
        "parameters__statements__wrong_person_rate": 5.0,
        "parameters__identity__creepy_rate": 5.0,
        "parameters__giving_up__effort": 5.0,
        "parameters__race__buy_search": 4.0,
        "parameters__stock__expected_units": 0.01,
        "parameters__stock__lead_time": 20,
    }
    tables = small_retail(
        400,
        **{**BUSY, **loud},
        strategies__integrated__flows__identity={"coverage": 1.0, "error": 0.3},
    )
    booked = sum(switched(tables, strategy).tallies["lost"].sum((0, 2, 3)) for strategy in ("isolated", "integrated"))
    lost_by = {cause.name for cause in Cause if booked[cause] > 0}
    assert {cause.name for cause in Cause} - lost_by == {"PROGRESS", "PAUSE", "TO_PLACE"}


@pytest.mark.parametrize("threads, block", [(1, None), (1, 1), (1, 7), (2, 64), (2, 8192), (7, 7), (7, 64)])
def test_blocks_and_threads_change_nothing(tables, in_mesa, threads, block):
    result = switched(tables, "integrated", "batch", threads=threads, block=block)
    assert result.digest() == in_mesa["integrated"].digest()


def test_another_seed_replication_or_strategy_is_another_run(tables):
    digests = {
        switched(tables, "integrated").digest(),
        switched(tables, "isolated").digest(),
        switched(tables, "integrated", seed=2).digest(),
        switched(tables, "integrated", replication=1).digest(),
    }
    assert len(digests) == 4


def test_whether_events_or_needs_are_kept_changes_nothing_else(tables):
    kept, not_kept = (switched(tables, "integrated", keep_events=keep, keep_needs=keep) for keep in (True, False))
    assert len(kept.events) > 0 and len(kept.needs) > 0 and len(not_kept.events) == len(not_kept.needs) == 0
    for name in kept.tallies:
        assert (kept.tallies[name] == not_kept.tallies[name]).all(), name
    assert (kept.customers == not_kept.customers).all()


def test_the_order_in_which_channels_are_written_changes_nothing(tables):
    from dataclasses import replace

    from simsuite.scenario import load
    from simsuite.scenario.pack import pack

    spec = load(
        "retail_world",
        {
            "strategies.isolated": {},
            "population.customers": 50,
            "experiment.warm_up": 2,
            "experiment.horizon": 10,
            "experiment.cool_down": 2,
        },
    ).spec
    backward = spec.model_copy(update={"channels": dict(reversed(spec.channels.items()))})
    assert switched(pack(spec), "isolated").digest() == switched(pack(backward), "isolated").digest()
    assert replace(pack(backward), customers=1) != pack(spec)


def test_customers_are_the_same_people_in_a_bigger_population(tables):
    few, many = (
        started(small_retail(customers, population__customers_per_region=customers)) for customers in (50, 100)
    )
    for name in (
        "segment",
        "need_rate",
        "price_sensitivity",
        "deal_prone",
        "consents",
        "next_need_time",
    ):
        assert (few.customers[name] == many.customers[name][:50]).all(), name


GROUPS = {name: info.annotation for name, info in Parameters.model_fields.items()}
KEPT = {
    ("needs", "browse_share"),
    ("needs", "consider_share"),
    ("audit", "shoppers"),
    ("audit", "every"),
}


@st.composite
def any_parameters(draw):
    """Some parameters of some groups anywhere in their ranges; rates and log rates where something
    still happens.
    """
    changed = {}
    for group, model in GROUPS.items():
        for name in draw(st.lists(st.sampled_from(sorted(model.model_fields)), max_size=4, unique=True)):
            info = model.model_fields[name]
            low, high = (
                next(bound for bound in (getattr(limit, side, None) for limit in info.metadata) if bound is not None)
                for side in ("ge", "le")
            )
            if (group, name) in KEPT or name.startswith(("go_to_competitor", "give_up", "come_back")):
                continue
            whole = info.annotation is int
            low, high = max(low, -50), min(high, 100_000 if whole else 50.0 if low < 0 else 1e9)
            changed[f"parameters__{group}__{name}"] = draw(st.integers(low, high) if whole else st.floats(low, high))
    return changed


FLOW = st.fixed_dictionaries(
    {
        "coverage": st.floats(0, 1),
        "delay": st.integers(0, 12).map(lambda quarters: quarters / 4),
        "error": st.floats(0, 1),
    }
)
STRATEGY = st.fixed_dictionaries(
    {
        "flows": st.dictionaries(st.sampled_from([flow.name.lower() for flow in Flow]), FLOW),
        "authority": st.fixed_dictionaries(
            {
                **{name: st.sampled_from(["local", "central"]) for name in ("price", "promotion")},
                "price_level": st.sampled_from(["mean", "list", "lowest"]) | st.floats(-0.9, 2),
            }
        ),
        "capabilities": st.fixed_dictionaries({name: st.booleans() for name in ("collect_in_store", "master_read")}),
        "announcement": st.fixed_dictionaries(
            {"reach": st.floats(0, 1), "strength": st.floats(0, 100), "level": st.floats(0, 1)}
        ),
    }
)
CODES = st.dictionaries(  # of one's own: numbers far from those of the catalog
    st.sampled_from(["store", "app", "phone"]), st.text("abcdefgh", min_size=3, max_size=12), max_size=3
).filter(lambda codes: len(set(codes.values())) == len(codes))
ABSENT = st.sets(
    st.sampled_from(["store", "desktop_web", "mobile_web", "app", "social", "marketplace", "phone"]),
    max_size=6,
)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(any_parameters(), STRATEGY, ABSENT, CODES, st.integers(0, 2**53 - 1), st.integers(1, 5))
def test_engines_agree_on_any_scenario(changed, strategy, absent, codes, seed, regions):
    tables = small_retail(
        40,
        strategies=("isolated",),
        warm_up=3,
        horizon=9,
        cool_down=2,
        population__customers_per_region=max(1, 40 // regions),
        experiment__seed=seed,
        **{f"strategies__any__{key}": value for key, value in strategy.items()},
        **{f"channels__{name}__present": False for name in absent},
        **{f"channels__{name}__code": code for name, code in codes.items()},
        **changed,
    )
    expected = switched(tables, "any", "mesa").digest()
    assert switched(tables, "any", "batch").digest() == expected
    assert switched(tables, "any", "batch", threads=2, block=7).digest() == expected


def test_the_room_to_work_in_is_the_end_of_a_row():
    """A new daypart leaves it as it is, and blanks all that stands before it."""
    fixed = [isinstance(variable.kind, tuple) for variable in VISIT.variables]
    assert fixed == sorted(fixed) and any(fixed)
