"""A fit starts at judged values, whatever the scenario holds, and finds parameters that are known."""

from pathlib import Path

import numpy as np
import pytest

from simsuite.evidence import recovery
from simsuite.evidence.calibration import STEP, calibrated_world, fit, residuals, simulate, table
from simsuite.evidence.parameter_sets import (
    FIRST,
    NEED_RATE,
    SEARCH_SELF_SERVICE,
    SEARCH_STAFFED,
    SECOND,
    SETS,
    THIRD,
    judged,
    values_of,
    with_values,
)
from simsuite.evidence.targets import FITTED, Target

DOCUMENT = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
BY_CODE = {target.code: target for target in FITTED}


@pytest.fixture(scope="module")
def world():
    return calibrated_world(1_500, horizon=120, warm_up=30)


@pytest.mark.parametrize("name", SETS)
def test_what_a_set_writes_it_reads_back(world, name):
    free = SETS[name]
    middle = [(parameter.low + parameter.high) / 2 for parameter in free]
    assert values_of(with_values(world, free, middle), free) == pytest.approx(middle)


def test_a_fit_does_not_depend_on_values_that_were_fitted_before(world):
    moved = with_values(world, SECOND, [parameter.high for parameter in SECOND])
    assert moved != world
    assert with_values(moved, FIRST, judged(FIRST)) == with_values(world, FIRST, judged(FIRST))


def test_every_segment_keeps_its_share_of_the_need_rate(world):
    """Judged 9.5, 16, 9.5 and 5 needs a year, times one factor."""
    segments = with_values(world, (NEED_RATE,), [0.5]).segments
    rates = {name: segment.need_rate for name, segment in segments.items()}
    assert rates == {"regular": 4.75, "loyal": 8.0, "deal_seeker": 4.75, "newcomer": 2.5}


def test_the_pull_is_a_tenth_of_a_unit_for_a_quarter_of_the_range():
    """Need rate from 0.3 to 3: a quarter of the range is 0.675."""
    found = residuals([1.675], np.array([0.7]), (NEED_RATE,), (BY_CODE["orders"],), [0.6])
    assert found == pytest.approx([(0.7 - 0.6) / 0.05, 0.1])


def test_a_quantity_that_cannot_be_measured_is_a_large_misfit():
    found = residuals([1.0], np.array([np.nan]), (NEED_RATE,), (BY_CODE["orders"],), [0.6])
    assert found == pytest.approx([10.0, 0.0])


def test_a_parameter_that_no_target_depends_on_stays_where_it_was_judged_to_be(world):
    """Its spread is that of the pull alone: a quarter of the range over a tenth, 2.5 ranges."""
    nothing = Target("x", "x", lambda results: 1.0, 1.0, 0.0, 2.0)
    found = fit(calibrated_world(50, horizon=5, warm_up=5), (NEED_RATE,), (nothing,), replications=(0,), rounds=2)
    assert found.values == pytest.approx([NEED_RATE.judged]) and found.spread == pytest.approx([2.5])
    assert not found.identified().any()


def test_a_known_need_rate_is_recovered_from_the_judged_one():
    """So many customers on either side that luck is a small part of the spread."""
    many = calibrated_world(48_000, horizon=60, warm_up=10)
    found = recovery.recover(many, (NEED_RATE,), [0.6], [BY_CODE["orders"]], rounds=4)
    assert found.found.identified().all()
    assert found.recovered().all(), recovery.table(found)


@pytest.mark.verification
def test_known_values_are_recovered_from_the_judged_ones():
    """Needs, searching alone and searching with help: orders a year, desktop and store conversion tell them apart."""
    free = (NEED_RATE, SEARCH_SELF_SERVICE, SEARCH_STAFFED)
    measured = [BY_CODE[code] for code in ("orders", "P2 d", "P2 a")]
    truth = [0.7, -1.6, -0.8]
    found = recovery.recover(calibrated_world(4_000, horizon=180, warm_up=30), free, truth, measured, rounds=5)
    assert found.found.identified().all()
    assert found.recovered().all(), recovery.table(found)
    assert (np.abs(np.array(judged(free)) - truth) > STEP).all()


def test_the_document_shows_the_values_in_use(world):
    rows = [f"| {free.name} | {value:.2f} |" for free, value in zip(THIRD, values_of(world, THIRD), strict=True)]
    assert [row for row in rows if row not in DOCUMENT] == []


@pytest.mark.verification
def test_the_table_of_the_document_is_what_the_command_prints():
    assert table(simulate(calibrated_world(20_000), range(4))) in DOCUMENT
