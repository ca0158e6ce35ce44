"""Registered before any calibrated run: somewhere in the box, half an integration that is announced is worse than none.

n: 8 paired replications of 20,000 customers. The sign is a claim of docs/registered.md, not a figure of the program.
"""

from pathlib import Path

import pytest

import simsuite

pytestmark = pytest.mark.verification

HALF = Path(__file__).parents[2] / "scenarios" / "half_integrated.toml"
FLOWS = ("identity", "cart", "profile", "price", "promotion")
CORNER = {f"strategies.half_silent.flows.{flow}.coverage": 0.25 for flow in FLOWS}


@pytest.fixture(scope="module")
def compared():
    return simsuite.compare(HALF, strategies=["half_silent", "half_announced"], replications=8, overrides=CORNER)


def row(compared, strategy):
    table = compared.table
    return table[(table["measure"] == "conversion") & (table["strategy"] == strategy)].iloc[0]


def test_announced_and_a_quarter_linked_loses_orders_beyond_the_threshold(compared):
    announced = row(compared, "half_announced")
    assert announced["high"] < 0 and announced["change"] < -0.1
    assert announced["verdict"] == "worse"


def test_the_same_links_without_a_word_lose_nothing(compared):
    assert row(compared, "half_silent")["high"] > 0


def test_the_ledger_names_carts_that_were_lost_and_questions_asked_again(compared):
    lost = compared.ledger.groupby(["strategy", "cause"])["journeys"].sum().unstack(0).fillna(0)
    grown = (lost["half_announced"] - lost["isolated"]).sort_values(ascending=False)
    assert set(grown.index[:2]) == {"CART_LOST", "ASKED_AGAIN"}
