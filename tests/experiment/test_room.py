"""How many runs go on at a time, and how many threads share one."""

import os

import pytest

from simsuite.experiment.room import SHARED_FROM, threads_beside
from simsuite.scenario import load


@pytest.mark.parametrize(
    "workers, customers, threads",
    [(1, SHARED_FROM, 4), (2, SHARED_FROM, 2), (3, SHARED_FROM, 1), (8, SHARED_FROM, 1), (1, SHARED_FROM - 1, 1)],
)
def test_threads_without_a_run_of_their_own_help_with_a_large_one(workers, customers, threads, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    specs = [load("flagship_retailer", {"population.customers": customers}).spec]
    assert threads_beside(workers, specs) == threads
