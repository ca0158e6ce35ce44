"""In every laboratory both engines leave the same record, to the last bit."""

import pytest
from laboratory import SCENARIOS, packed, run

LABS = {
    "lab_race": ("isolated", "integrated_ideal", "erring"),
    "lab_choice": ("isolated",),
    "lab_inertia": ("isolated",),
    "lab_price": ("isolated",),
    "lab_repeat": ("isolated",),
    "lab_announced": ("isolated", "silent", "announced"),
    "lab_overwrite": ("isolated", "shared"),
}


def test_every_laboratory_is_compared():
    assert {path.stem for path in SCENARIOS.glob("lab_*.toml")} == set(LABS)


@pytest.mark.parametrize("scenario, strategy", [(name, strategy) for name, used in LABS.items() for strategy in used])
def test_both_engines_leave_the_same_record(scenario, strategy):
    tables = packed(scenario, population__customers=40)
    compiled = run(tables, strategy, "batch", keep_events=True)
    assert len(compiled.events) > 50
    assert run(tables, strategy, "mesa", keep_events=True).digest() == compiled.digest()


def test_another_strategy_or_replication_leaves_another_record():
    tables = packed("lab_race", population__customers=40)
    records = [
        run(tables, "isolated"),
        run(tables, "erring"),
        run(tables, "isolated", replication=1),
    ]
    assert len({record.digest() for record in records}) == 3
