"""Which program made results and explained them: a digest of all code that decides about them."""

from __future__ import annotations

import hashlib
from functools import cache

from simsuite.machine.imports import MACHINERY, texts_behind

DECIDING = ("simsuite.experiment.simulate", "simsuite.experiment.decompose", "simsuite.experiment.removal")


@cache
def program() -> str:
    """16 hex digits over all modules behind runs, their tables and what explains them, as on the disk when first asked."""
    digest = hashlib.sha256()
    for name, text in texts_behind(*DECIDING, *MACHINERY).items():
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:16]
