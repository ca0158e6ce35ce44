"""One replication: every arm lives the same luck; the tables that it leaves behind.

`switch_over`: one warm-up under the reference strategy, then every arm goes on from
the same state. `long_run`: every arm has its own warm-up under its own strategy.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simsuite.engines.batch import BatchEngine
from simsuite.experiment.outcome import DONE, ReplicationOutcome, RunRecord
from simsuite.experiment.room import check_memory
from simsuite.lives.parting import parting_of_run
from simsuite.machine.rulebook import Rulebook
from simsuite.metrics.run_tables import tables_of_run
from simsuite.metrics.twins import saved_from, twins_table
from simsuite.run_result import RunResult
from simsuite.scenario.pack import PackedScenario, categories_in_order, pack, segments_in_order
from simsuite.specs.base import code_of
from simsuite.specs.parameters import Parameters
from simsuite.specs.scenario import ScenarioSpec

if TYPE_CHECKING:
    import pandas

Heartbeat = Callable[[float], None]


@dataclass(frozen=True, repr=False)
class Arm:
    """One thing to compare: a strategy of a packed scenario under a name of its own.

    afterwards : parameters in force from day 0 on; None: those of the scenario
    """

    name: str
    packed: PackedScenario
    strategy: str
    world_digest: str
    people_digest: str
    afterwards: Parameters | None = None

    def __repr__(self) -> str:
        return f"<Arm {self.name}: {self.strategy}, {self.packed!r}>"

    def run_id(self, replication: int, rules: Rulebook) -> str:
        """First 16 hex digits over world, strategy, replication, seed and replaced rules."""
        text = json.dumps(
            [self.world_digest, self.strategy, replication, self.packed.seed, rules.signature()], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, repr=False)
class Simulation:
    """What one replication runs: the arms, the reference first, and what is kept of them.

    logged_replications : in the first so many customers are followed event by event
    logged_customers : about so many, spread evenly; None: all
    observe : makes further tables of a logged replication, by name, from the runs by arm name
    """

    arms: Sequence[Arm]
    rules: Rulebook
    engine: str = "batch"
    threads: int = 1
    logged_replications: int = 0
    logged_customers: int | None = None
    observe: Callable[[dict[str, RunResult]], dict[str, pandas.DataFrame]] | None = None

    def __repr__(self) -> str:
        return f"<Simulation of {', '.join(arm.name for arm in self.arms[:20])}, {self.engine} engine>"

    @property
    def reference(self) -> Arm:
        """The arm that all others are compared with."""
        return self.arms[0]

    def results(self, replication: int, heartbeat: Heartbeat = lambda fraction: None) -> dict[str, RunResult]:
        """Run every arm of one replication; results by arm name."""
        return {arm.name: result for arm, result in self.runs(replication, heartbeat)}

    def runs(self, replication: int, heartbeat: Heartbeat = lambda fraction: None) -> Iterator[tuple[Arm, RunResult]]:
        """Run one arm of a replication after the other; nothing is kept here of what was handed out.

        Arms of one scenario share the warm-up of a switch-over. The last of them goes on with
        the state itself, the others with a copy, so that at most two states exist at a time.
        """
        total = sum(arm.packed.days for arm in self.arms)
        last = {id(arm.packed): arm for arm in self.arms}
        bases: dict[int, BatchEngine] = {}
        done = 0
        for arm in self.arms:
            packed, place = arm.packed, id(arm.packed)
            beat = _beat(heartbeat, done, total)
            if packed.design == "switch_over" and self.engine == "batch":
                if place not in bases:
                    bases[place] = self._engine(packed, packed.reference, replication)
                    bases[place].run(packed.warm_up, beat)
                engine = bases.pop(place) if arm is last[place] else bases[place].fork()
            else:
                start = packed.reference if packed.design == "switch_over" else arm.strategy
                engine = self._engine(packed, start, replication)
                engine.run(packed.warm_up, beat)
            engine.switch_to(arm.strategy)
            if arm.afterwards is not None:
                engine.change_parameters(arm.afterwards)
            engine.run(packed.days, beat)
            result = engine.finish()
            del engine
            yield arm, result
            del result  # whoever was given it may have let go of it
            done += packed.days

    def _engine(self, packed: PackedScenario, strategy: str, replication: int):
        follow = {
            "keep_events": replication < self.logged_replications,
            "follow_every": follow_every(packed.customers, self.logged_customers),
        }
        if self.engine == "mesa":
            from simsuite.engines.model import RetailModel  # Mesa takes a second to import

            return RetailModel(packed, strategy, replication, rules=self.rules, **follow)
        return BatchEngine(packed, strategy, replication, rules=self.rules, threads=self.threads, **follow)

    def planned(self, replication: int) -> list[RunRecord]:
        """The runs of one replication, before they start."""
        return [
            RunRecord(arm.run_id(replication, self.rules), arm.name, replication, arm.packed.seed) for arm in self.arms
        ]

    def replicate(self, replication: int, heartbeat: Heartbeat) -> ReplicationOutcome:
        """Run one replication and turn it into tables."""
        import pandas as pd

        logged = replication < self.logged_replications
        records = {record.strategy: record for record in self.planned(replication)}
        results: dict[str, RunResult] = {}
        tables: dict[str, list] = {}
        runs, began = [], time.perf_counter()
        for arm, result in self.runs(replication, heartbeat):
            record = records[arm.name]
            results[arm.name] = result
            reference = results[self.reference.name]
            twin = reference if self.has_twins(arm) else None
            made = tables_of_run(result, record.run_id, arm.name, reference, arm.packed.channels, twin)
            for name, table in made.items():
                tables.setdefault(name, []).append(table)
            runs.append(replace(record, digest=result.digest(), status=DONE, seconds=time.perf_counter() - began))
            if arm is not self.reference and self.has_twins(arm):
                for name, make in (("twins", twins_table), ("saved_from", saved_from)):
                    table = make(reference, result, arm.name, self.reference.name)
                    table.insert(0, "replication", table.pop("replication"))
                    tables.setdefault(name, []).append(table)
                if logged and self.can_be_told(arm):
                    tables.setdefault("parting", []).append(
                        parting_of_run(reference, result, arm.name, self.reference.name)
                    )
            if not logged:
                results[arm.name] = result.without_states()
            del result, reference, twin  # so that no more than two states exist while the next arm runs
            began = time.perf_counter()
        if logged and self.observe is not None:
            for name, table in self.observe(results).items():
                tables.setdefault(name, []).append(table)
        whole = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
        return ReplicationOutcome(whole, runs)

    def has_twins(self, arm: Arm) -> bool:
        """Whether arm and reference hold the very same customers and needs."""
        return arm.people_digest == self.reference.people_digest

    def can_be_told(self, arm: Arm) -> bool:
        """Whether the days of twins can be set side by side: the same people, the same channels."""
        return self.has_twins(arm) and arm.packed.channel_names == self.reference.packed.channel_names


def follow_every(customers: int, wanted: int | None) -> int:
    """Customers whose number is a multiple of this are followed, if about `wanted` shall be; None: all."""
    return 1 if wanted is None else max(1, customers // wanted)


def _beat(heartbeat: Heartbeat, done: int, total: int) -> Callable[[int], None]:
    return lambda day: heartbeat((done + day) / total)


def digest_of(values: object) -> str:
    """16 hex digits of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def world_digest(spec: ScenarioSpec) -> str:
    """Digest of everything that a run depends on; not of titles, stories or the number of replications."""
    world = spec.model_dump(
        mode="json", include={"population", "clock", "segments", "categories", "channels", "parameters", "strategies"}
    )
    world["experiment"] = spec.experiment.model_dump(include={"design", "warm_up", "horizon", "cool_down", "reference"})
    return digest_of(world)


def people_digest(spec: ScenarioSpec) -> str:
    """Digest of what the customers and their needs are drawn from: equal digests make twins."""
    named = {"segments": segments_in_order(spec), "categories": categories_in_order(spec)}
    people: dict[str, object] = {"population": spec.population.model_dump(mode="json", exclude={"segments"})}
    for section, names in named.items():  # by code: what something is called changes nobody
        entries = getattr(spec, section)
        people[section] = {
            code_of(name, entries[name]): entries[name].model_dump(mode="json", exclude={"code", "title", "tastes"})
            for name in names
        }
    segments = {code_of(name, spec.segments[name]): name for name in named["segments"]}
    people["shares"] = {code: spec.population.segments[name] for code, name in segments.items()}
    people["tastes"] = {
        code: {code_of(to, spec.channels[to]): taste for to, taste in spec.segments[name].tastes.items()}
        for code, name in segments.items()
    }
    people["needs"] = spec.parameters.needs.model_dump(
        include={
            "browse_share",
            "consider_share",
            "lapse_log_browse",
            "lapse_log_consider",
            "lapse_log_buy",
            "lapse_spread",
            "lapse_deliberation",
            "basket_spread",
        }
    )
    people["experiment"] = spec.experiment.model_dump(include={"warm_up", "horizon", "seed"})
    return digest_of(people)


def arms_of(spec: ScenarioSpec, names: Sequence[str] | None = None) -> list[Arm]:
    """Strategies of one scenario as arms, the reference first."""
    check_memory(spec)
    packed = pack(spec)
    wanted = [name for name in dict.fromkeys(names or spec.strategies) if name != packed.reference]
    return [Arm(name, packed, name, world_digest(spec), people_digest(spec)) for name in (packed.reference, *wanted)]


def arm_of_file(name: str, spec: ScenarioSpec, strategy: str) -> Arm:
    """One strategy of a scenario file as an arm under the name of the file."""
    check_memory(spec)
    return Arm(name, pack(spec), strategy, world_digest(spec), people_digest(spec))
