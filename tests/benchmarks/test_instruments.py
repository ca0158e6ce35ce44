"""What the benchmarks measure with; and, marked, the ratios themselves with room for noise."""

import itertools

import numpy as np
import pytest
from benchmarks.document import write
from benchmarks.measurements import (
    JOURNEY,
    MESA,
    OWN,
    Measured,
    Point,
    against_own_mesa_engine,
    against_plain_mesa,
)
from benchmarks.side_by_side import median_ratio, take_turns, timed, visits_of


def test_turns_alternate_and_every_other_round_is_reversed():
    called = []
    costs = take_turns({name: lambda name=name: called.append(name) or 1.0 for name in "AB"}, 3)
    assert "".join(called) == "ABBAAB"
    assert {name: len(cost) for name, cost in costs.items()} == {"A": 3, "B": 3}


def test_a_ratio_is_the_median_within_rounds_so_that_one_slow_round_changes_nothing():
    costs = {"slow": np.array([8.0, 80.0, 8.0]), "fast": np.array([2.0, 2.0, 2.0])}
    assert median_ratio(costs, "slow", "fast") == 4.0


def test_cost_is_per_visit_of_the_turn_and_not_of_the_run():
    ticks, visits = itertools.count(0, 6), iter([100, 103])
    days = []
    turn = visits_of(days.append, lambda: next(visits), days=5, clock=lambda: next(ticks))
    assert turn() == pytest.approx(6 / 3 * 1e9) and days == [5]


def test_a_timed_task_costs_what_the_clock_says():
    ticks = iter([10.0, 12.5])
    assert timed(lambda: None, lambda: next(ticks))() == 2.5


@pytest.mark.parametrize(
    "value, at_least, met",
    [(8, True, True), (7.9, True, False), (8, False, True), (8.1, False, False)],
)
def test_a_target_is_met_from_the_right_side(value, at_least, met):
    assert Measured("x", value, "s", 8, at_least).met is met


def test_without_a_target_nothing_is_met_or_missed():
    assert Measured("x", 1.0, "s").met is None


def test_the_document_shows_value_target_and_verdict_and_its_picture_every_implementation(tmp_path):
    write(
        [Measured("a visit", 1234.0, "ns", 1000)],
        [Point(name, 1000, 5000.0) for name in (OWN, MESA, JOURNEY)],
        "0.1",
        tmp_path,
    )
    assert "| a visit | 1,234 ns | at most 1000 | **no** |  |" in (tmp_path / "benchmarks.md").read_text()
    assert (tmp_path / "benchmarks.svg").stat().st_size > 1000


def test_times_are_told_at_the_speed_of_the_targets_and_nothing_else_is():
    assert Measured("a visit", 1400.0, "ns", 1000, yardstick=16.8).at_the_speed_of_the_targets == 700.0
    assert Measured("memory", 1.5, "GB", 1.5, yardstick=16.8).at_the_speed_of_the_targets is None
    assert Measured("a visit", 1400.0, "ns", 1000).at_the_speed_of_the_targets is None


@pytest.mark.benchmark
def test_the_compiled_engine_is_many_times_as_fast_as_the_same_rules_interpreted():
    assert min(entry.value for entry in against_own_mesa_engine(quick=True).values) > 30


@pytest.mark.benchmark
def test_a_visit_of_the_full_model_costs_far_less_than_a_small_one_in_plain_mesa():
    assert against_plain_mesa(quick=True).values[0].value > 3
