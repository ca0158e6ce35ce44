"""Tests of rules set the world as rules do: whatever they need."""

import pytest

from simsuite.engines.at_work import at_work


@pytest.fixture(autouse=True)
def as_rules_do():
    with at_work():
        yield
