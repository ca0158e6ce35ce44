"""One replication: every arm lives the same luck; the tables that it leaves behind.

`switch_over`: one warm-up under the reference strategy, then every arm goes on from
the same state. `long_run`: every arm has its own warm-up under its own strategy.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simsuite.engines.batch import BatchEngine
from simsuite.engines.model import RetailModel
from simsuite.experiment.journal import ReplicationOutcome, RunRecord
from simsuite.metrics.tables import tables_of_run
from simsuite.metrics.twins import twins_table
from simsuite.rulebook import Rulebook, standard_rules
from simsuite.run_result import RunResult
from simsuite.scenario.pack import PackedScenario

Heartbeat = Callable[[float], None]


@dataclass(frozen=True)
class Arm:
    """One thing to compare: a strategy of a packed scenario under a name of its own."""

    name: str
    packed: PackedScenario
    strategy: str
    world_digest: str

    def run_id(self, replication: int, rules: Rulebook) -> str:
        """First 16 hex digits over world, strategy, replication, seed and replaced rules."""
        text = json.dumps([self.world_digest, self.strategy, replication, self.packed.seed, rules.signature()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Simulation:
    """What one replication runs: the arms, the reference first, and what is kept of them."""

    arms: Sequence[Arm]
    rules: Rulebook
    engine: str = "batch"
    threads: int = 1
    logged_replications: int = 0

    @property
    def reference(self) -> Arm:
        """The arm that all others are compared with."""
        return self.arms[0]

    def results(self, replication: int, heartbeat: Heartbeat = lambda fraction: None) -> dict[str, RunResult]:
        """Run every arm of one replication; results by arm name."""
        total = sum(arm.packed.days for arm in self.arms)
        done = 0
        results: dict[str, RunResult] = {}
        keep_events = replication < self.logged_replications
        forks: dict[int, object] = {}
        for arm in self.arms:
            packed = arm.packed
            beat = _beat(heartbeat, done, total)
            if packed.design == "switch_over" and self.engine == "batch":
                base = forks.get(id(packed))
                if base is None:
                    base = self._engine(packed, packed.reference, replication, keep_events)
                    base.run(packed.warm_up, beat)
                    forks[id(packed)] = base
                engine = base.fork()
            else:
                start = packed.reference if packed.design == "switch_over" else arm.strategy
                engine = self._engine(packed, start, replication, keep_events)
                engine.run(packed.warm_up, beat)
            engine.switch_to(arm.strategy)
            engine.run(packed.days, beat)
            results[arm.name] = engine.result()
            done += packed.days
        return results

    def _engine(self, packed: PackedScenario, strategy: str, replication: int, keep_events: bool):
        if self.engine == "mesa":
            return RetailModel(packed, strategy, replication, rules=self.rules, keep_events=keep_events)
        return BatchEngine(packed, strategy, replication, rules=self.rules, threads=self.threads, keep_events=keep_events)

    def replicate(self, replication: int, heartbeat: Heartbeat) -> ReplicationOutcome:
        """Run one replication and turn it into tables."""
        import pandas as pd

        began = time.perf_counter()
        results = self.results(replication, heartbeat)
        seconds = (time.perf_counter() - began) / len(results)
        reference = results[self.reference.name]
        tables: dict[str, list] = {}
        runs = []
        for arm in self.arms:
            result = results[arm.name]
            run_id = arm.run_id(replication, self.rules)
            for name, table in tables_of_run(result, run_id, arm.name, reference).items():
                tables.setdefault(name, []).append(table)
            runs.append(RunRecord(run_id=run_id, strategy=arm.name, replication=replication, seed=arm.packed.seed,
                                  digest=result.digest(), status="done", stage="done", seconds=seconds, message=""))
            if arm is not self.reference and arm.packed.customers == self.reference.packed.customers:
                tables.setdefault("twins", []).append(twins_table(reference, result, arm.name, self.reference.name))
        return ReplicationOutcome(tables={name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}, runs=runs)


def _beat(heartbeat: Heartbeat, done: int, total: int) -> Callable[[int], None]:
    return lambda day: heartbeat((done + day) / total)


def world_digest(spec) -> str:
    """Digest of everything of a scenario that a run depends on, its strategies' own tables included."""
    world = spec.model_dump(mode="json", include={"population", "clock", "segments", "categories", "channels", "parameters"})
    world["experiment"] = spec.experiment.model_dump(include={"design", "warm_up", "horizon", "cool_down", "reference"})
    world["strategies"] = spec.model_dump(mode="json")["strategies"]
    return hashlib.sha256(json.dumps(world, sort_keys=True).encode()).hexdigest()[:16]


def arms_of(spec, packed: PackedScenario, names: Sequence[str] | None = None) -> list[Arm]:
    """The strategies of one scenario as arms, the reference first."""
    digest = world_digest(spec)
    wanted = list(names or packed.strategies)
    ordered = [packed.reference, *[name for name in wanted if name != packed.reference]]
    return [Arm(name, packed, name, digest) for name in ordered]


def all_rules(rules: Rulebook | None) -> Rulebook:
    """The given rules, or the project's own."""
    return rules or standard_rules()
