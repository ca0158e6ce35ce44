"""What explains a comparison, on the page: captions state the finding, numbers come from the tables."""

import re

import numpy as np
import pandas as pd
import pytest
from comparisons import compared, explanations, flagship, parting, removed

from simsuite.experiment.explanations import Explanations
from simsuite.report.page.explained import pair_plates, parting_plate, removal_caption, removal_plates
from simsuite.report.said.findings import Pair


def words(plate):
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join([plate.caption, plate.body, plate.reading, plate.table]))
    )


@pytest.fixture(scope="module")
def pair():
    comparison, found = compared()
    return Pair(flagship(), comparison, {**found, "parting": parting()}, "integrated")


def test_the_square_tells_sharing_and_deciding_apart(pair):
    plate, _ = pair_plates(pair, explanations())
    assert plate.caption == (
        "Sharing while each channel decides changes orders per 100 needs by +0.80 (likely 0.55 to 1.05), one price "
        "and calendar for all without sharing by \N{MINUS SIGN}0.10 (likely \N{MINUS SIGN}0.35 to +0.15, not told apart from "
        "none), both by +1.00 (likely 0.75 to 1.25)."
    )
    assert (
        "3 paired runs of 20,000 customers, seed 1, needs of 180 days after a warm-up of 180, followed for 60 more."
        in plate.reading
    )
    assert "Satisfaction" in plate.table


def test_removal_is_said_not_to_be_share():
    (plate,) = removal_plates(flagship(), explanations())
    assert plate.title == "Isolated channels"
    assert plate.caption == (
        "Removal is not share: competitor takes 80 % of the lost planned journeys, but without it 10 orders "
        "come back for 100 lost (+8 a run, likely +6 to +10). Most come back without cart lost: 10 a run, likely "
        "+8 to +12."
    )
    text = words(plate)
    assert "Monte Carlo only" in text and "gains do not" in text and "3 paired runs" in text
    assert "<svg" not in plate.body  # never stacked


def test_where_nothing_was_lost_nothing_can_be_won_back():
    assert "nothing to win back" in removal_caption(removed().assign(lost=0.0))


def test_of_the_customers_followed_it_says_who_differs_and_who_orders_more(pair):
    *_, plate = pair_plates(pair, Explanations())
    assert plate.caption == (
        "Of 2,000 customers followed, 5 live other days in the two worlds; most often price (80 %) and "
        "nothing that is written down (20 %) touch them first, which luck alone "
        "could put in this order. Of them, 2 order more with integrated data and 1 fewer."
    )
    text = words(plate)
    assert "Price 4 3 2 1" in text and "Nothing that is written down 1 0 0 0" in text


def test_what_comes_back_by_luck_is_not_told_as_fact():
    """Gains of -1, 0 and 1, and of 2 three times over: neither says that anything comes back."""
    told = removal_caption(removed().assign(low=-2.5, high=2.5))
    assert "whether orders come back without it is not told apart from luck" in told and "Most come back" not in told
    alike = removal_caption(removed().assign(low=np.nan, high=np.nan))
    assert "too few runs, or all alike" in alike and "Most come back" not in alike


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        # The difference of two counts of the same people has a variance of at most their sum.
        ([80, 20], "most often it is price (80 %) that touches them first"),  # 60 beside 2 sqrt 100
        ([55, 45], "price (55 %) and cart (45 %) touch them first, which luck alone could put in this order"),
        ([30, 29, 28, 27], "not told apart from luck"),
    ],
)
def test_what_touches_most_of_them_first_is_named_if_the_counts_tell_it(pair, customers, said):
    row = parting().iloc[0]
    rows = [
        {**row, "first_touched_by": name}
        for name, count in zip(("price", "cart", "stock", "profile"), customers, strict=False)
        for _ in range(count)
    ]
    assert said in parting_plate(pair, pd.DataFrame(rows)).caption


def test_lives_that_do_not_differ_are_said_not_to(pair):
    assert "none lives other days" in parting_plate(pair, parting().head(0)).caption


def test_a_world_without_explanations_has_no_plates():
    assert list(pair_plates(Pair(flagship(), *compared(), "integrated"), Explanations())) == []
    assert removal_plates(flagship(), Explanations()) == []
