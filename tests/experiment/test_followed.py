"""Customers followed event by event: a sample, in the first replications, and what is kept of it."""

from pathlib import Path

import numpy as np
import pytest

import simsuite
from simsuite.experiment.plan import plan_comparison
from simsuite.experiment.simulate import Simulation, arms_of, follow_every
from simsuite.lives.kept_story import from_json
from simsuite.machine.rulebook import standard_rules
from simsuite.scenario import load

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "flagship_retailer.toml"
SMALL = {
    "population.customers": 400,
    "experiment.warm_up": 14,
    "experiment.horizon": 42,
    "experiment.cool_down": 14,
    "parameters.audit.shoppers": 1,
}
FIFTH = SMALL | {"experiment.logged_customers": 80}


def simulation(engine="batch", overrides=SMALL, **options):
    return Simulation(arms_of(load(FLAGSHIP, overrides).spec), standard_rules(), engine, **options)


@pytest.mark.parametrize(
    "customers, wanted, every",
    [(20_000, 2_000, 10), (1_000, 2_000, 1), (2_999, 2_000, 1), (4_000, 2_000, 2), (20_000, None, 1)],
)
def test_about_as_many_are_followed_as_are_wanted(customers, wanted, every):
    assert follow_every(customers, wanted) == every


def test_those_followed_have_all_their_events_and_the_others_none():
    everybody, sample = (simulation(logged_replications=1, logged_customers=count).results(0) for count in (None, 80))
    for name, result in everybody.items():
        expected = result.events[result.events["customer"] % 5 == 0]
        assert len(expected) and np.array_equal(sample[name].events, expected)
        assert np.array_equal(sample[name].needs, result.needs)


def test_both_engines_and_any_number_of_threads_follow_the_same_customers():
    tiny = SMALL | {
        "population.customers": 60,
        "experiment.warm_up": 7,
        "experiment.horizon": 14,
        "experiment.cool_down": 7,
    }
    digests = {
        tuple(
            result.digest()
            for result in simulation(engine, tiny, threads=threads, logged_replications=1, logged_customers=20)
            .results(0)
            .values()
        )
        for engine, threads in (("batch", 1), ("batch", 2), ("mesa", 1))
    }
    assert len(digests) == 1


def test_only_the_logged_replications_keep_events():
    running = simulation(logged_replications=1)
    assert all(len(result.events) for result in running.results(0).values())
    assert not any(len(result.events) for result in running.results(1).values())


def test_a_comparison_keeps_where_lives_part_and_one_story(tmp_path):
    results = simsuite.compare(FLAGSHIP, overrides=FIFTH, replications=2, folder=tmp_path / "kept")
    parting = results.tables["parting"]
    assert set(parting["replication"]) == {0} and set(parting["strategy"]) == {"integrated"}
    assert (parting["customer"] % 5 == 0).all() and not parting["customer"].duplicated().any()
    assert (parting[["first_touched", "first_parted"]].min() >= 0).all()  # before the switch all worlds are one
    story = results.tables["story"]
    assert len(story) <= 1
    for row in story.itertuples():
        assert from_json(row.story).customer == row.customer and row.customer % 5 == 0


def test_order_and_number_of_workers_change_no_content(tmp_path):
    digests = {
        simsuite.compare(FLAGSHIP, overrides=FIFTH, replications=3, workers=workers).content_digest
        for workers in (1, 3)
    }
    assert len(digests) == 1


def test_without_logged_replications_nobody_is_followed():
    results = simsuite.compare(FLAGSHIP, overrides=SMALL | {"experiment.logged_replications": 0}, replications=2)
    assert not {"parting", "story"} & set(results.tables)


def test_whom_a_comparison_follows_is_part_of_what_it_is():
    identities = {
        plan_comparison([FLAGSHIP], overrides=SMALL | {f"experiment.logged_{what}": count}).identity
        for what, count in (("replications", 0), ("replications", 1), ("replications", 2), ("customers", 50))
    }
    assert len(identities) == 4


def test_other_channels_leave_twins_without_parting(tmp_path):
    for name, extra in (("first", ""), ("second", "[channels.phone]\npresent = false\n")):
        (tmp_path / f"{name}.toml").write_text(
            f'title = "{name}"\nextends = "retail_world"\n[strategies.isolated]\n{extra}'
        )
    results = simsuite.compare(tmp_path / "first.toml", tmp_path / "second.toml", overrides=SMALL, replications=2)
    assert not {"parting", "story"} & set(results.tables)
    assert len(results.answer()) > 0
