"""What is measured, against which target; one function a theme."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from simsuite import api
from simsuite.engines.model import RetailModel

from .children import command_seconds, compile_and_load, in_child
from .journey import JourneyModel
from .side_by_side import Turn, median_ratio, take_turns, timed
from .worlds_of_size import (
    FLAGSHIP,
    NOBODY_NEEDS,
    SETTLING_DAYS,
    STRATEGY,
    WEEK,
    batch,
    batch_turn,
    count_visits,
    flagship,
    journey_turn,
    mesa_turn,
)

MILLION = 1_000_000
ROUNDS = 5
VISIT_ROUNDS = 20  # a month of 100,000 customers takes a tenth of a second: five of them meet one mood of the machine
MONTH = 4 * WEEK  # of the compiled engine: after a turn of Mesa its first days find the caches full of Mesa
TIMES = "times as fast"
YARDSTICK = 8.4  # microseconds, where and when the targets were set
OWN, MESA, JOURNEY = "simsuite, compiled", "simsuite, its Mesa engine", "journey in plain Mesa"


@dataclass(frozen=True)
class Measured:
    """One measured value.

    target : None: no target
    at_least : the target is a lower bound
    yardstick : microseconds of the yardstick at the time; None: not measured
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    yardstick: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def at_the_speed_of_the_targets(self) -> float | None:
        """A time as it would be if the yardstick took what it took when the targets were set; None for all else."""
        if self.unit not in ("ns", "s") or self.yardstick is None:
            return None
        return self.value * YARDSTICK / self.yardstick


@dataclass(frozen=True)
class Point:
    """Cost per visit of one implementation at one population size, one thread."""

    implementation: str
    customers: int
    nanoseconds: float


@dataclass(frozen=True)
class Findings:
    """What one theme found."""

    values: tuple[Measured, ...]
    points: tuple[Point, ...] = ()


def yardstick() -> float:
    """Microseconds per active customer of `journey` in plain Mesa, 100,000 customers: how fast the machine is now."""
    days = take_turns({JOURNEY: journey_turn(JourneyModel(100_000))}, 3)
    return float(days[JOURNEY].min()) / 1000


def against_own_mesa_engine(quick: bool) -> Findings:
    """The compiled engine against the same rules interpreted: same digest, one thread."""
    values, points = [], []
    for customers in (300, 2_000) if quick else (300, 2_000, 10_000):
        tables = flagship(customers, SETTLING_DAYS + WEEK * ROUNDS)
        engine, model = batch(tables), RetailModel(tables, STRATEGY, keep_events=False)
        costs = take_turns({OWN: batch_turn(engine), MESA: mesa_turn(model)}, ROUNDS)
        if engine.result().digest() != model.result().digest():
            raise AssertionError(f"The two engines differ at {customers} customers.")
        values.append(
            Measured(
                f"compiled engine against its Mesa engine, same digest, {customers:,} customers",
                median_ratio(costs, MESA, OWN),
                TIMES,
                100,
                at_least=True,
            )
        )
        points += [Point(name, customers, cost.min()) for name, cost in costs.items()]
    return Findings(tuple(values), tuple(points))


def against_plain_mesa(quick: bool) -> Findings:
    """A visit of simsuite against an active one of the reference workload, by population."""
    points = []
    for customers in (20_000, 100_000):
        engine = batch(flagship(customers, SETTLING_DAYS + MONTH * VISIT_ROUNDS))
        turns = {
            OWN: batch_turn(engine, days=MONTH),
            JOURNEY: journey_turn(JourneyModel(customers)),
        }
        costs = take_turns(turns, 3 if quick else VISIT_ROUNDS)
        points += [Point(name, customers, cost.min()) for name, cost in costs.items()]
    if not quick:
        engine = batch(flagship(MILLION, SETTLING_DAYS + WEEK * ROUNDS))
        alone = take_turns({OWN: batch_turn(engine)}, ROUNDS)
        points.append(Point(OWN, MILLION, alone[OWN].min()))
    return Findings(
        (
            Measured(
                "journey in plain Mesa against simsuite, per visit, 100,000 customers",
                median_ratio(costs, JOURNEY, OWN),
                TIMES,
                8,
                at_least=True,
            ),
            Measured("a visit of the full model, 100,000 customers", costs[OWN].min(), "ns", 1000),
        ),
        tuple(points),
    )


def nobody_acts(quick: bool) -> Findings:
    """A day on which nobody does anything: needs so rare that none falls due."""
    engine = batch(flagship(MILLION, WEEK * (ROUNDS + 1), **NOBODY_NEEDS))

    def week() -> None:
        engine.run(engine.days_done + WEEK)

    def scan() -> None:
        engine.kernels.find_today(engine.worlds[0], 0)

    week()
    costs = take_turns({"week": timed(week), "scan": timed(scan)}, ROUNDS)
    if count_visits(engine):
        raise AssertionError("Somebody acted in the world in which nobody should.")
    day, looking = costs["week"].min() / WEEK / MILLION * 1e9, costs["scan"].min() / MILLION * 1e9
    return Findings(
        (
            Measured("a customer-day without action, 1 million customers", day, "ns", 1),
            Measured(
                "of it, looking who is due (the rest is the firm in 500 regions)",
                looking,
                "ns",
            ),
        )
    )


def one_million(quick: bool) -> Findings:
    """Memory and time of a million customers, in processes of their own."""
    memory = in_child("million", MILLION, 10, 1, 8, 0)
    values = [
        Measured(
            "peak memory, 1 million customers, 8 channels, 1 thread",
            memory["peak_bytes"] / 1e9,
            "GB",
            1.5,
        )
    ]
    if not quick:
        year = in_child("million", MILLION, 365, 2, 7, 1)
        values += [
            Measured("1 million customers, 365 days, one strategy, 2 threads", year["seconds"], "s", 20),
            Measured(
                f"its peak memory, all needs kept ({year['visits'] / 1e6:.1f} million visits)",
                year["peak_bytes"] / 1e9,
                "GB",
            ),
        ]
    return Findings(tuple(values))


def two_threads(quick: bool) -> Findings:
    """Two threads against one: several runs, one large run, and work that shares nothing."""
    replications = 2 if quick else 12

    def compare(workers: int) -> Turn:
        return timed(
            lambda: api.compare(FLAGSHIP, replications=replications, workers=workers),
            time.perf_counter,
        )

    def hash_twice(threads: int) -> Turn:
        def task() -> None:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda _: hashlib.sha256(bytes(200_000_000)).digest(), range(2)))

        return timed(task, time.perf_counter)

    many = take_turns({"one": compare(1), "two": compare(2)}, 1 if quick else 3)
    tables = flagship(MILLION, SETTLING_DAYS + WEEK * ROUNDS)
    large = take_turns(
        {name: batch_turn(batch(tables, threads), time.perf_counter) for name, threads in (("one", 1), ("two", 2))}
        | {"hash one": hash_twice(1), "hash two": hash_twice(2)},
        ROUNDS,
    )
    return Findings(
        (
            Measured(
                f"two threads against one, {replications} paired replications of the flagship",
                median_ratio(many, "one", "two"),
                TIMES,
                1.8,
                at_least=True,
            ),
            Measured(
                "two threads against one, one run of 1 million customers",
                median_ratio(large, "one", "two"),
                TIMES,
                1.6,
                at_least=True,
            ),
            Measured(
                "two threads against one, two hash sums (what the machine had to give)",
                median_ratio(large, "hash one", "hash two"),
                TIMES,
            ),
        )
    )


def commands(quick: bool) -> Findings:
    """What a person at the command line waits for; the median of several calls."""
    values = [
        Measured(
            "simsuite --help",
            float(np.median([command_seconds("--help") for _ in range(7)])),
            "s",
            0.4,
        )
    ]
    if not quick:
        first, loads = compile_and_load(5)
        command_seconds("compare", str(FLAGSHIP), "--replications", "2")  # warms the caches
        flagship_seconds = np.median([command_seconds("compare", str(FLAGSHIP)) for _ in range(3)])
        values += [
            Measured("first compilation ever", first["seconds"], "s", 25),
            Measured("of it, processor time", first["processor_seconds"], "s"),
            Measured("all kernels from the cache", float(np.median([load["seconds"] for load in loads])), "s", 1),
            Measured(
                "flagship comparison by command, 2 strategies x 20 replications",
                float(flagship_seconds),
                "s",
                15,
            ),
        ]
    return Findings(tuple(values))


THEMES = (
    against_own_mesa_engine,
    against_plain_mesa,
    nobody_acts,
    one_million,
    two_threads,
    commands,
)
