"""Which program made results and explained them: a digest of all code that decides about them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import simsuite

DECIDING = (
    "rules/*.py",
    "engines/*.py",
    "metrics/*.py",
    "specs/*.py",
    "scenario/pack.py",
    "experiment/simulate.py",
    "experiment/decompose.py",
    "experiment/removal.py",
    "run_result.py",
    "rulebook.py",
    "vocabulary.py",
    "compiled.py",
    "kernel_parts.py",
    "kernel_tables.py",
)


@cache
def program() -> str:
    """16 hex digits over rules, engines, measures, what prepares and what explains them, as on the disk when first asked."""
    package, digest = Path(simsuite.__file__).parent, hashlib.sha256()
    for path in sorted(path for pattern in DECIDING for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
