"""Numbers in words: from where a change matters."""

import math

import pytest

from simsuite.report.labels import thresholds, verdict


def row(threshold, measure="margin", title="Margin per customer", unit="money"):
    return {"measure": measure, "title": title, "unit": unit, "threshold": threshold}


@pytest.mark.parametrize("values, said", [
    ([0.05], "0.05 EUR"), ([0.1, 0.1], "0.1 EUR"), ([0.1, 0.1000001], "0.1 EUR"), ([0.05, 0.02, 0.03], "0.02 to 0.05 EUR"),
    ([math.nan, 0.05], "0.05 EUR"), ([0.0], "0 EUR"), ([12.0], "12 EUR"), ([1200.0], "1,200 EUR"),
    ([0.004], "0.004 EUR"), ([0.0003], "0.0003 EUR"), ([0.000025], "0.00003 EUR"), ([0.00096], "0.001 EUR"), ([0.01], "0.01 EUR"),
    ([0.005, 0.05], "0.005 to 0.05 EUR"), ([0.0, 0.05], "0 to 0.05 EUR"),
])
def test_a_measure_matters_from_its_least_to_its_largest_threshold_and_never_from_0_if_it_is_more(values, said):
    assert thresholds([row(value) for value in values], "EUR") == f"margin per customer {said}"


def test_every_measure_that_was_measured_is_named_once_with_its_unit():
    rows = [row(0.5, "abandonment", "Cart abandonment", "%"), row(0.05), row(0.5, "abandonment", "Cart abandonment", "%"),
            row(math.nan, "time", "Time", "min")]
    assert thresholds(rows, "USD") == "cart abandonment 0.5 pt, margin per customer 0.05 USD"


@pytest.mark.parametrize("more, said", [(1, "1"), (16, "16"), (99, "99"), (100, "100"), (273, "280"), (1201, "1,300")])
def test_how_many_more_runs_it_takes_is_rounded_up_to_two_digits(more, said):
    assert verdict({"verdict": "cannot tell yet", "run_more": more}) == f"cannot tell yet (run about {said} more)"
