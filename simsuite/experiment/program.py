"""Which program made results: a digest of all code that decides them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import simsuite

DECIDING = ("rules/*.py", "engines/*.py", "metrics/*.py", "specs/*.py", "scenario/pack.py", "experiment/simulate.py",
            "run_result.py", "vocabulary.py", "compiled.py", "kernel_parts.py", "kernel_tables.py")


@cache
def program() -> str:
    """16 hex digits over the rules, engines, measures and what prepares them, as they lie on the disk when first asked."""
    package, digest = Path(simsuite.__file__).parent, hashlib.sha256()
    for path in sorted(path for pattern in DECIDING for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
