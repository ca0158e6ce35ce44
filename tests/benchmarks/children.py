"""What has to be timed in a process of its own: peak memory, compilation, commands.

`python -m tests.benchmarks.children <name> [numbers]` does one of them and prints its
figures as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = "from simsuite.cli.main import main; main()"


def million(customers: int, days: int, threads: int, n_channels: int, keep_needs: int) -> dict[str, float]:
    """One run of many customers: seconds, visits, bytes at the peak."""
    from .worlds_of_size import EIGHT_CHANNELS, batch, count_visits, flagship

    tables = flagship(customers, days, **(EIGHT_CHANNELS if n_channels == 8 else {}))
    if len(tables.channels) != n_channels:
        raise ValueError(f"The world has {len(tables.channels)} channels, not {n_channels}.")
    began = time.perf_counter()
    engine = batch(tables, threads=threads, keep_needs=bool(keep_needs))
    engine.run(days)
    engine.finish()
    return {
        "seconds": time.perf_counter() - began,
        "visits": count_visits(engine),
        "peak_bytes": peak_bytes(),
    }


def peak_bytes() -> int:
    """The most memory that this process has had; macOS counts bytes, elsewhere kilobytes.

    On Linux from /proc: what getrusage says also counts the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def compiling() -> dict[str, float]:
    """Seconds until every kernel is there, compiled or from the cache; imports not counted."""
    from simsuite.engines.compile import compile_rules

    began, used = time.perf_counter(), time.process_time()
    compile_rules()
    return {"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - used}


TASKS: dict[str, Callable[..., dict[str, float]]] = {"million": million, "compiling": compiling}


def in_child(task: str, *numbers: int, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Do a task in a fresh process; its figures."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.children", task, *map(str, numbers)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    return json.loads(done.stdout)


def compile_and_load(loads: int) -> tuple[dict[str, float], list[dict[str, float]]]:
    """The first compilation ever, and loading so many times from the cache that it left."""
    with tempfile.TemporaryDirectory(prefix="simsuite-") as folder:
        environment = {"SIMSUITE_CACHE": folder}
        first = in_child("compiling", environment=environment)
        return first, [in_child("compiling", environment=environment) for _ in range(loads)]


def command_seconds(*arguments: str) -> float:
    """Wall seconds of one `simsuite` command, in a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="simsuite-") as folder:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*map(int, sys.argv[2:]))))
