"""Measures, tables and twins of finished runs."""

# The order of the families is the order in which reports list their measures.
# isort: off
from simsuite.metrics import conversion, abandonment, consistency, people, money

# isort: on
from simsuite.metrics.measure import REGISTRY, Measure, measure
from simsuite.metrics.run_tables import tables_of_run

__all__ = [
    "REGISTRY",
    "Measure",
    "abandonment",
    "consistency",
    "conversion",
    "measure",
    "money",
    "people",
    "tables_of_run",
]
