"""What luck alone does is not told as a finding: whatever names a direction is held by its range."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from comparisons import REPLICATIONS, compared, flagship, waterfall

from simsuite.report.said import captions
from simsuite.report.said.answer import findings, net_sales
from simsuite.report.said.beside import cancellation, contradictions
from simsuite.report.said.certainty import without_range
from simsuite.report.said.findings import Pair
from simsuite.report.said.told_apart import clear_changes, likely, told_apart

NOISE = (1, -1, 0, 1, -1, 0)  # orders more of 1,000 needs: in the mean none


@pytest.fixture(scope="module")
def noise():
    return Pair(flagship(), *compared(orders_gained=NOISE), "integrated")


@pytest.fixture(scope="module")
def clear():
    return Pair(flagship(), *compared(), "integrated", waterfall())


def answer(pair):
    return " ".join(findings(pair.scenario, pair.comparison, pair.tables, waterfall=pair.waterfall).split())


def test_orders_that_come_and_go_are_neither_gained_nor_lost(noise):
    text = answer(noise)
    assert "Sales saved less forfeited: 0.0 per 1,000 needs, likely -0.9 to +0.9: not told apart from none." in text
    assert "mostly" not in text and "Sales gained" not in text and "Sales lost" not in text


def test_of_sales_gained_only_causes_that_are_clear_are_named(clear):
    """A third cause gains 2 in the mean, between -8 and 12: larger than none, and not told apart from it."""
    saved = clear.tables["saved_from"]
    needs = dict(enumerate([0, 14, 0, 12, 0, 14]))
    rare = saved[saved["cause"] == "CART_LOST"].assign(cause="EFFORT")
    rare["needs"] = rare["replication"].map(needs)
    back = rare.assign(kind="forfeited", needs=5)
    other = replace(clear, tables={**clear.tables, "saved_from": pd.concat([saved, rare, back], ignore_index=True)})
    found = other.saved.set_index("title")
    assert found.loc["too much effort", "net"] == pytest.approx(40 / 6 - 5)
    text = answer(other)
    assert "mostly from: cart lost +13.5, not considered +4.0 " in text and "too much effort" not in text


def test_captions_name_no_direction_where_there_is_none(noise):
    told = {name: getattr(captions, name)(noise) for name in ("losses", "saved", "funnel", "days")}
    assert told["losses"].startswith("As far as can be told, as many planned journeys are lost: 300 of 1,000 needs")
    assert told["losses"].endswith("No single change is clear of chance.")
    assert told["saved"].endswith("not told apart from none.") and "largest part" not in told["saved"]
    assert "in the mean not told apart from none" in told["days"]
    for text in told.values():
        assert not {"more", "fewer", "Fewer", "More"} & set(text.replace(";", "").split())


def test_captions_name_it_where_there_is_one(clear):
    assert captions.losses(clear).startswith("Fewer planned journeys are lost: 300 of 1,000 needs")
    assert "12.5 orders more, likely +10.5 to +14.5." in captions.saved(clear)
    assert "orders more among" in captions.days(clear)


def test_no_element_is_named_that_luck_could_have_made(clear):
    steps = clear.waterfall.assign(low=-1.0, high=2.0)
    other = replace(clear, waterfall=steps)
    assert captions.waterfall(other).startswith("No element is told apart from luck; all together it is +1.00")
    assert "orders per 100 needs: none is told apart from luck" in answer(other)
    wide = replace(clear, waterfall=clear.waterfall.assign(low=[-0.1, 0.1, -0.2], high=[1.3, 0.5, 0.4]))
    assert captions.waterfall(wide).startswith("Cart adds most: +0.30")  # the largest is identity, by luck perhaps
    assert "orders per 100 needs: cart +0.30" in answer(wide) and "identity +" not in answer(wide)


def with_clashes(pair, **here):
    """The same pair with contradictions: 70 price clashes in the reference and so many in the other world."""
    rows = [
        {"strategy": strategy, "replication": number, "cause": cause, "clashes": count}
        for strategy, counts in (
            ("isolated", {"PRICE_CLASH": [70] * REPLICATIONS, "STOCK_CLASH": [5, 7, 6, 5, 7, 6]}),
            ("integrated", here),
        )
        for cause, each in counts.items()
        for number, count in enumerate(each)
    ]
    table, beside = pair.comparison.table.copy(), pair.comparison.companions.copy()
    table.loc[table["measure"] == "satisfaction", "verdict"] = "no difference that matters"
    for name, value in (("more_satisfied", 12.0), ("less_satisfied", 10.0)):
        beside.loc[beside["measure"] == name, ["value", "low", "high"]] = [value, value - 1, value + 1]
    comparison = replace(pair.comparison, table=table, companions=beside)
    return replace(pair, comparison=comparison, tables={**pair.tables, "clashes": pd.DataFrame(rows)})


def test_contradictions_that_are_not_clearly_more_frequent_are_not_called_so(clear):
    told = contradictions(with_clashes(clear, PRICE_CLASH=[71, 70, 69, 72, 70, 69], STOCK_CLASH=[5, 8, 6, 5, 6, 6]))
    assert told.startswith(
        "Contradictions that customers notice, per 1,000 needs: 76 in the reference, 76 here (likely "
    )
    assert told.endswith("; none is clearly more frequent.") and "more often" not in told


def test_contradictions_that_are_have_their_range(clear):
    told = contradictions(
        with_clashes(clear, PRICE_CLASH=[71, 70, 69, 72, 70, 69], STOCK_CLASH=[15, 18, 16, 15, 17, 16])
    )
    named = told.partition("; more often: ")[2]
    assert "from 6.0 to 16.2 (likely +" in named and " and " not in named


@pytest.mark.parametrize(
    ("up", "down", "told"),
    [
        ((12, 11, 13), (4, 3, 5), "more gains, too few or too small"),
        ((12, 2, 22), (4, -3, 11), "which of both are more cannot be told yet"),
        ((12, np.nan, np.nan), (4, np.nan, np.nan), "which of both are more cannot be told yet"),
    ],
)
def test_more_gains_than_losses_takes_ranges_that_lie_apart(clear, up, down, told):
    comparison = with_clashes(clear).comparison
    beside = comparison.companions.copy()
    for name, numbers in (("more_satisfied", up), ("less_satisfied", down)):
        beside.loc[beside["measure"] == name, ["value", "low", "high"]] = numbers
    assert told in cancellation(replace(comparison, companions=beside), "integrated")


def test_out_of_thirty_causes_without_any_effect_hardly_ever_one_is_named():
    """Poisson counts in both worlds, 20 replications, thirty causes: with a range for each alone two of three
    experiments would name one. n 100, nominal 5 %, four standard errors 8.7 points.
    """
    luck, named = np.random.default_rng(50), 0
    comparison, found = compared()
    replications = range(20)
    needs = pd.DataFrame(
        [
            {"strategy": "isolated", "replication": number, "stage": "candidate_needs", "count": 1000}
            for number in replications
        ]
    )
    cells = pd.MultiIndex.from_product(
        [("isolated", "integrated"), replications, range(30)], names=["strategy", "replication", "cause"]
    ).to_frame(index=False)
    for _ in range(100):
        pair = Pair(flagship(), comparison, {"funnel": needs}, "integrated")
        rows = pair.paired(cells.assign(journeys=luck.poisson(20, len(cells))), ["cause"], "journeys")
        named += bool(clear_changes(rows))
    assert named / 100 <= 0.05 + 4 * (0.05 * 0.95 / 100) ** 0.5


def test_no_count_falls_by_more_than_there_is(clear):
    rows = [
        {"strategy": strategy, "replication": number, "cause": "RARE", "journeys": count}
        for strategy, counts in (("isolated", [1, 0, 2, 0, 0, 0]), ("integrated", [0, 0, 0, 9, 0, 0]))
        for number, count in enumerate(counts)
    ]
    found = clear.paired(pd.DataFrame(rows), ["cause"], "journeys", 1000).iloc[0]
    assert found["reference_value"] == pytest.approx(0.5) and found["low"] == pytest.approx(-0.5)


def test_it_is_said_why_a_measure_has_no_range(clear):
    table = clear.comparison.table.copy()
    table.loc[0, ["low", "high", "half_width"]] = np.nan
    table.loc[0, "verdict"] = "cannot tell yet"
    equal = without_range(table)
    assert equal.startswith("The same change in every run, but for less than one count, of orders per 100 needs:")
    table.loc[0, "change"] = 0.0
    assert without_range(table).startswith("Not one count apart in any run: orders per")
    table.loc[0, "replications"] = 2
    assert without_range(table) == ("Fewer than 3 runs do not tell how far luck reaches.")
    assert without_range(clear.comparison.table) == ""


def test_a_range_that_is_missing_tells_nothing_apart():
    assert not told_apart(np.nan, np.nan) and not told_apart(-1.0, 1.0) and not told_apart(0.0, 1.0)
    assert told_apart(0.1, 1.0) and told_apart(-1.0, -0.1)
    assert likely(np.nan, np.nan) == "without a likely range: too few runs, or all alike"
    assert likely(-0.24, 1.0) == "likely \N{MINUS SIGN}0.2 to +1.0"


@pytest.mark.parametrize(
    "part, told",
    [(0.6, "clearly from: asked again +0.6"), (4.0, "mostly from: asked again +4.0")],
)
def test_a_small_part_of_a_gain_is_not_called_most_of_it(part, told):
    pair = SimpleNamespace(
        saved_in_all=(8.0, 5.8, 10.3), sources=[{"title": "asked again", "net": part, "clear": True}]
    )
    assert told in net_sales(pair)
