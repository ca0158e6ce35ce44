"""simsuite: what changes when the channels of a firm share what they know about their customers.

import simsuite
result = simsuite.compare("flagship_retailer")
result.table
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
_WHERE = {
    "load": "simsuite.scenario",
    "run": "simsuite.one_run",
    "compare": "simsuite.api",
    "rules": "simsuite.rules",
    "RetailModel": "simsuite.engines.model",
}
__all__ = ["load", "run", "compare", "rules", "RetailModel", "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'simsuite' has no attribute {name!r}")
    module = importlib.import_module(_WHERE[name])
    return module if name == "rules" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
