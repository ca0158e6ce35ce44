"""What people open beside the Parquet tables: comparisons.csv and manifest.json."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from simsuite.experiment.comparison import Comparison
from simsuite.experiment.digest import EXPLANATIONS
from simsuite.experiment.outcome import RunRecord
from simsuite.experiment.own_files import own_files
from simsuite.experiment.store import ResultsStore
from simsuite.files import file_digest

LIBRARIES = ("simsuite", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


COMPARISONS, MANIFEST = "comparisons.csv", "manifest.json"


def write_comparisons(store: ResultsStore, comparison: Comparison) -> None:
    """comparisons.csv: all rows of a comparison, numbers in full precision, missing ones empty."""
    store.write(COMPARISONS, comparison.all_rows().to_csv(index=False, lineterminator="\n").encode())


def manifest(
    store: ResultsStore,
    content: str,
    command: Sequence[str],
    runs: Sequence[RunRecord],
    seconds: float,
    last_command: Sequence[str] | None = None,
) -> dict[str, Any]:
    """How these results came about, to be repeated elsewhere. Says nothing about the machine.

    Parameters
    ----------
    store : of the results; its tables are listed with their digests
    content : content digest, equal wherever and however the same runs are made
    command : words of the command that asked for the runs
    runs : what ran
    seconds : wall-clock time of the last command
    last_command : words of the command that wrote this, such as `simsuite report`; None: the same
    """
    folder = store.folder
    explained = [path.name for path in own_files(folder) if path.parent == folder and path.stem in EXPLANATIONS]
    tables = [*(f"{name}.parquet" for name in store.table_names), *explained]
    return {
        "command": list(command),
        "last_command": list(last_command or command),
        "identity": store.identity,
        "content_digest": content,
        "versions": {
            "python": platform.python_version(),
            "platform": sys.platform,
            **{name: version for name in LIBRARIES if (version := _version(name))},
        },
        "strategies": list(dict.fromkeys(run.strategy for run in runs)),
        "seeds": sorted({run.seed for run in runs}),
        "replications": sorted({run.replication for run in runs}),
        "runs": {status: sum(run.status == status for run in runs) for status in sorted({run.status for run in runs})},
        "seconds": {
            "command": round(seconds, 3),
            "runs": round(sum(run.seconds for run in runs), 3),
        },
        "files": {name: file_digest(folder / name) for name in sorted(tables)},
        "written": sorted({*tables, *store.files, MANIFEST}),
    }


def write_manifest(store: ResultsStore, content: Mapping[str, Any]) -> None:
    """manifest.json"""
    store.write(MANIFEST, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
