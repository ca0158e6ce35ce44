"""A tiny experiment that is a pure function of the replication; run as a script it fills a folder.

python small_experiment.py FOLDER REPLICATIONS SECONDS_EACH
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from simsuite.experiment.outcome import ReplicationOutcome, RunRecord
from simsuite.experiment.runner import execute
from simsuite.experiment.store import ResultsStore

WITH_SIMSUITE = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}  # environment of child processes
IDENTITY = "small experiment"
STRATEGIES = ("isolated", "integrated")


def plan(replication):
    return [RunRecord(f"{name}-{replication}", name, replication, seed=1) for name in STRATEGIES]


def outcome(replication, seconds=0.0):
    """Tables as a real replication leaves them: numbers, text, missing values, an empty table."""
    luck = np.random.default_rng(replication)
    runs, measures, ledger = [], [], []
    for run in plan(replication):
        runs.append(RunRecord(run.run_id, run.strategy, replication, 1, "digest", "done", "done", seconds))
        value = luck.normal() if replication % 7 else np.nan
        measures.append((run.run_id, run.strategy, replication, "conversion", "all", "all", value, 1.0, value))
        ledger += [
            (run.run_id, run.strategy, cause, "web", "store", int(luck.integers(1, 9)), 100)
            for cause in ("QUEUE", "PRICE")
        ]
    tables = {
        "measures": pd.DataFrame(
            measures,
            columns=[
                "run_id",
                "strategy",
                "replication",
                "measure",
                "segment",
                "channel",
                "numerator",
                "denominator",
                "value",
            ],
        ),
        "ledger": pd.DataFrame(
            ledger,
            columns=[
                "run_id",
                "strategy",
                "cause",
                "from_channel",
                "to_channel",
                "journeys",
                "cents",
            ],
        ),
        "audit": pd.DataFrame({"replication": pd.Series([], dtype="int64"), "asked": pd.Series([], dtype="int64")}),
    }
    return ReplicationOutcome(tables, runs)


def simulate(replication, heartbeat, seconds=0.0):
    started = time.perf_counter()
    for step in range(10):
        heartbeat(step / 10)
        time.sleep(seconds / 10)
    return outcome(replication, time.perf_counter() - started)


def main(folder, replications, seconds):
    with ResultsStore(folder, IDENTITY) as store:
        print("begun", flush=True)
        execute(
            range(replications),
            lambda number, heartbeat: simulate(number, heartbeat, seconds),
            plan,
            store,
            2,
        )
        store.consolidate()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
