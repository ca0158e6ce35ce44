"""The house may move; what happens in it may not: digests of every scenario and preset, as they were before.

Frozen in `tests/frozen_digests.csv` under the names that everything had then. Columns go by
name, so that where a field stands in its record is no part of it; what has got another name
since stands in `NAMES_THEN`.
"""

import csv
import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from worlds import packed, switched

from simsuite.scenario import load
from simsuite.scenario.pack import pack

FROZEN = Path(__file__).parents[1] / "frozen_digests.csv"
SCENARIOS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.toml"))
PRESETS = ("isolated", "cross_channel", "integrated", "integrated_ideal", "integrated_ideal_known")
IN_BOTH, COMPILED = 100, 2_000  # customers: in both engines, in the compiled one
NAMES_THEN = {"customers.journey.visits": "customers.journey.visit"}  # name now: name then


def columns(array: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """Every plain field of an array by its full name."""
    if array.dtype.names is None:
        return {name: array}
    found = {}
    for field in array.dtype.names:
        full = f"{name}.{field}"
        found |= columns(array[field], NAMES_THEN.get(full, full))
    return found


def digest_of_content(result) -> str:
    """Digest of all that a run leaves behind, column by column, in the order of their names."""
    found = {f"tallies.{name}": array for name, array in result.tallies.items()}
    for name in ("days", "needs", "events", "customers", "relations", "stock", "satisfaction"):
        found |= columns(getattr(result, name), name)
    digest = hashlib.sha256()
    for name in sorted(found):
        column = np.ascontiguousarray(found[name])
        digest.update(f"{name} {column.shape} {column.dtype.str}".encode() + column.tobytes())
    return digest.hexdigest()[:16]


@cache
def tables(world: str, customers: int):
    """A scenario, or the retail world under every preset."""
    if world == "presets":
        return packed(
            strategies=PRESETS, population__customers=customers, population__customers_per_region=customers // 2
        )
    return pack(load(world, {"population.customers": customers}).spec)


def cases() -> list[tuple[str, str, str]]:
    """Every world, strategy and size with its digest."""
    with FROZEN.open(encoding="utf-8", newline="") as file:
        return [
            (row["world"], row["strategy"], row["digest_in_both_engines"], row["digest_compiled"])
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("world, strategy, in_both, compiled", cases(), ids=lambda value: str(value)[:24])
def test_what_happens_is_what_happened_before(world, strategy, in_both, compiled):
    for engine in ("batch", "mesa"):
        assert digest_of_content(switched(tables(world, IN_BOTH), strategy, engine)) == in_both, engine
    assert digest_of_content(switched(tables(world, COMPILED), strategy, threads=2)) == compiled


def test_no_scenario_and_no_preset_is_left_out():
    expected = {
        (world, strategy) for world in (*SCENARIOS, "presets") for strategy in tables(world, IN_BOTH).strategies
    }
    assert {case[:2] for case in cases()} == expected


def write() -> None:
    """Freeze what happens now."""
    with FROZEN.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["world", "strategy", "digest_in_both_engines", "digest_compiled"])
        for world in (*SCENARIOS, "presets"):
            for strategy in tables(world, IN_BOTH).strategies:
                one, other = (
                    digest_of_content(switched(tables(world, IN_BOTH), strategy, engine))
                    for engine in ("batch", "mesa")
                )
                assert one == other, (world, strategy)
                table.writerow(
                    [world, strategy, one, digest_of_content(switched(tables(world, COMPILED), strategy, threads=2))]
                )


if __name__ == "__main__":
    write()
