"""How many runs go on at a time, and how many threads share one."""

import os
import re
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from small_experiment import WITH_SIMSUITE

from simsuite.engines.records import sizes_before_packing, sizes_of
from simsuite.errors import ScenarioError, UsageError
from simsuite.experiment import room
from simsuite.experiment.room import SHARED_FROM, check_memory, check_room_for_results, threads_beside, workers_that_fit
from simsuite.scenario import load
from simsuite.scenario.pack import pack


@pytest.mark.parametrize(
    "workers, customers, threads",
    [(1, SHARED_FROM, 4), (2, SHARED_FROM, 2), (3, SHARED_FROM, 1), (8, SHARED_FROM, 1), (1, SHARED_FROM - 1, 1)],
)
def test_threads_without_a_run_of_their_own_help_with_a_large_one(workers, customers, threads, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    specs = [load("flagship_retailer", {"population.customers": customers}).spec]
    assert threads_beside(workers, specs) == threads


MEASURED = """
import re, resource, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
from simsuite.experiment.plan import plan_comparison
from simsuite.experiment.results import carried_out
from simsuite.experiment.room import bytes_for
customers, per_region = map(int, sys.argv[1:])
changes = {"population.customers": customers, "population.customers_per_region": per_region}
changes |= {"experiment.warm_up": 7, "experiment.horizon": 14, "experiment.cool_down": 7}
experiment = plan_comparison(["retail_question.toml"], replications=2, overrides=changes)
with carried_out(experiment, workers=1):
    pass
kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
status = Path("/proc/self/status")
if status.exists():  # where the figure above is that of whoever started this process, if that was more
    kibibytes = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
print(kibibytes * (1 if sys.platform == "darwin" else 1024), bytes_for(experiment.scenario.spec, 1))
"""


@pytest.mark.parametrize(
    "customers, per_region", [(20_000, 2_000), pytest.param(60_000, 1, marks=pytest.mark.verification)]
)
def test_the_memory_that_is_estimated_is_that_which_a_comparison_takes(tmp_path, customers, per_region):
    """Within a quarter; with a region for every customer the world's tables are most of it."""
    compiled = [sys.executable, "-c", "from simsuite.engines.compile import compile_rules; compile_rules()"]
    subprocess.run(compiled, env=WITH_SIMSUITE, check=True)  # compiling itself takes memory
    (tmp_path / "retail_question.toml").write_text(
        'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'
    )
    words = [sys.executable, "-c", MEASURED, str(customers), str(per_region)]
    done = subprocess.run(words, cwd=tmp_path, env=WITH_SIMSUITE, capture_output=True, text=True, check=True)
    measured, estimated = map(int, done.stdout.split())
    assert estimated == pytest.approx(measured, rel=0.25)


def test_sizes_before_packing_are_those_of_the_packed_scenario():
    for changes in ({}, {"customers_per_region": 7}, {"customers": 30_000, "customers_per_pool": 9_000}):
        sizes = {"customers": 5000, **changes}
        spec = load("flagship_retailer", {f"population.{name}": value for name, value in sizes.items()}).spec
        assert sizes_before_packing(spec) == sizes_of(pack(spec))


def test_a_region_for_every_customer_is_packed_in_seconds():
    """Half a minute and more when every region had its rows and was counted for every pool."""
    spec = load("flagship_retailer", {"population.customers": 20_000, "population.customers_per_region": 1}).spec
    began = time.monotonic()
    packed = pack(spec)
    assert time.monotonic() - began < 5
    assert packed.regions == len(packed.places[0]) == 20_000


def test_pools_and_desks_hold_the_customers_of_their_regions():
    """5,000 customers in 10 regions of 500; areas of 4 regions: 4, 4 and 2 of them."""
    sizes = {"customers": 5_000, "customers_per_region": 500, "customers_per_pool": 2_000}
    spec = load("flagship_retailer", {f"population.{name}": value for name, value in sizes.items()}).spec
    packed = pack(spec)
    kinds = len({name.split()[0] for name in packed.pool_names})
    per_customer = spec.parameters.stock.expected_units / 365 / kinds  # of a pool's units a day
    customers = {}
    for name, row in zip(packed.pool_names, packed.pools, strict=True):
        customers.setdefault(name.split()[0], []).append(round(row["units_per_day"] / per_customer, 6))
    assert customers["store"] == [500] * 10
    assert customers["central"] == customers["marketplace"] == [2000, 2000, 1000]
    for rows in packed.places:
        for region, row in enumerate(rows):
            kind, place = packed.pool_names[row["pool"]].split()
            assert int(place) == (region if kind == "store" else region // 4)


def test_results_that_do_not_fit_are_refused_with_how_many_would(tmp_path, monkeypatch):
    """Two runs of 400,000 bytes a replication: 2.5 GB hold 3,125."""
    monkeypatch.setattr(room, "machine_memory", lambda: 2_500_000_000)
    check_room_for_results("shop", 2, 3_125)
    with pytest.raises(UsageError, match="3,126 replications of shop, with 2 runs each.*About 3,125 replications fit"):
        check_room_for_results("shop", 2, 3_126)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda place: SimpleNamespace(free=6_000_000_000))
    check_room_for_results("shop", 2, 10_000, tmp_path / "not" / "there")
    with pytest.raises(UsageError, match="free on the disk. About 10,000 replications fit"):
        check_room_for_results("shop", 2, 10_001, tmp_path / "not" / "there")


def flagship(customers):
    return load("flagship_retailer", {"population.customers": customers}).spec


def in_a_comparison(spec):
    assert workers_that_fit("shop", [spec], 2, 1) == 1


@pytest.mark.parametrize("fits", [check_memory, in_a_comparison])
@pytest.mark.parametrize("memory", [2_000_000_000, 360_000_000])
def test_the_number_of_customers_that_is_said_to_fit_does_and_one_percent_more_does_not(fits, memory, monkeypatch):
    monkeypatch.setattr(room, "machine_memory", lambda: memory)
    with pytest.raises(ScenarioError, match="5,000,000 customers in 2,500 regions.*About") as refused:
        fits(flagship(5_000_000))
    number = int(re.search(r"About ([\d,]+) customers fit", str(refused.value))[1].replace(",", ""))
    fits(flagship(number))
    with pytest.raises(ScenarioError):
        fits(flagship(number + number // 100 + 1))


def test_a_run_that_does_not_fit_also_says_how_many_customers_fit_into_a_comparison(monkeypatch):
    monkeypatch.setattr(room, "machine_memory", lambda: 2_000_000_000)
    with pytest.raises(ScenarioError) as refused:
        check_memory(flagship(5_000_000))
    in_a_comparison(flagship(int(re.search(r"([\d,]+) where", str(refused.value))[1].replace(",", ""))))


def test_a_run_that_fits_and_a_machine_that_does_not_tell_its_memory_are_no_error(monkeypatch):
    spec = flagship(5_000)
    needed = room._bytes_of(spec, 1)
    monkeypatch.setattr(room, "machine_memory", lambda: needed)
    check_memory(spec)
    monkeypatch.setattr(room, "machine_memory", lambda: None)
    check_memory(flagship(50_000_000))


def test_one_region_is_spoken_of_in_the_singular(monkeypatch):
    monkeypatch.setattr(room, "machine_memory", lambda: 1)
    for fits in (check_memory, in_a_comparison):
        with pytest.raises(ScenarioError, match="2,000 customers in 1 region need|2,000 customers in 1 region; "):
            fits(flagship(2_000))
