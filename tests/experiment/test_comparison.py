import math

import numpy as np
import pandas as pd
import pytest

from simsuite.errors import UsageError
from simsuite.experiment.comparison import MEASURE_COLUMNS, compare
from simsuite.metrics.measure import Measure

CONVERSION = Measure("conversion", "Orders per 100 needs", "", 100, "higher", 0.1, len)
ABANDONMENT = Measure("abandonment", "Cart abandonment", "%", 100, "lower", 0.5, len)
MARGIN = Measure("margin", "Margin per customer", "", 1, "higher", 0.01, len, threshold_is_relative=True)
DECLARED = [CONVERSION, ABANDONMENT, MARGIN]


def rows(measure, strategy, values, segment="all", channel="all"):
    return [
        (f"{strategy}-{number}", strategy, number, measure, segment, channel, value, 1.0, value)
        for number, value in enumerate(values)
    ]


def table(*parts):
    return pd.DataFrame([row for part in parts for row in part], columns=list(MEASURE_COLUMNS))


def line(comparison, measure="conversion", strategy="integrated"):
    found = comparison.table.query("measure == @measure and strategy == @strategy")
    assert len(found) == 1
    return found.iloc[0]


def test_a_change_that_is_the_same_in_every_replication_is_sure():
    found = line(
        compare(
            table(
                rows("conversion", "isolated", [6.0, 7.0, 8.0]),
                rows("conversion", "integrated", [6.5, 7.5, 8.5]),
            ),
            "isolated",
            DECLARED,
        )
    )
    assert (found.reference_value, found.value, found.change) == (7.0, 7.5, 0.5)
    assert (found.low, found.high, found.half_width) == (0.5, 0.5, 0.0)
    assert (found.verdict, found.wins, found.replications) == ("better", 3, 3)
    assert found.variance_reduction == 1.0
    assert pd.isna(found.run_more)


def test_less_abandonment_is_better_and_its_wins_are_falls():
    found = line(
        compare(
            table(
                rows("abandonment", "isolated", [71.0, 72.0, 70.0]),
                rows("abandonment", "integrated", [69.0, 70.0, 68.0]),
            ),
            "isolated",
            DECLARED,
        ),
        "abandonment",
    )
    assert (found.change, found.verdict, found.wins) == (-2.0, "better", 3)


def test_a_relative_threshold_is_a_share_of_the_reference():
    found = line(
        compare(
            table(
                rows("margin", "isolated", [-40.0, -44.0]),
                rows("margin", "integrated", [-40.0, -44.0]),
            ),
            "isolated",
            DECLARED,
        ),
        "margin",
    )
    assert found.threshold == pytest.approx(0.42)
    assert found.verdict == "no difference that matters"


def test_too_few_runs_say_how_many_more():
    # Differences 1, -1: mean 0, standard deviation sqrt 2, standard error 1, Student's t 12.706
    # with one degree of freedom and one measure. Seen from here the mean of n runs is N(0, 1 - 2 / n)
    # and with seven chances in ten beyond 0.385 of its spread; Student's t of n - 1, about 2.00, times
    # sqrt(2 / n) comes under 0.385 sqrt(1 - 2 / n) from n = 56.2 on.
    found = line(
        compare(
            table(
                rows("conversion", "isolated", [6.0, 6.0]),
                rows("conversion", "integrated", [7.0, 5.0]),
            ),
            "isolated",
            DECLARED,
        )
    )
    assert found.verdict == "cannot tell yet"
    assert found.half_width == pytest.approx(12.706, abs=5e-4)
    assert found.run_more == 55


def test_replications_are_paired_by_number_not_by_place():
    isolated, integrated = (
        rows("conversion", "isolated", [1.0, 2.0, 3.0]),
        rows("conversion", "integrated", [2.0, 3.0, 4.0]),
    )
    found = line(compare(table(isolated, integrated[::-1]), "isolated", DECLARED))
    assert (found.change, found.half_width) == (1.0, 0.0)


def test_a_replication_without_its_twin_is_left_out_of_both_values():
    found = line(
        compare(
            table(
                rows("conversion", "isolated", [1.0, 2.0, 100.0]),
                rows("conversion", "integrated", [2.0, 3.0]),
            ),
            "isolated",
            DECLARED,
        )
    )
    assert (found.reference_value, found.value, found.change, found.replications) == (
        1.5,
        2.5,
        1.0,
        2,
    )


def test_what_is_measured_nowhere_is_not_measured():
    comparison = compare(
        table(
            rows("conversion", "isolated", [math.nan] * 3),
            rows("conversion", "integrated", [1.0] * 3),
        ),
        "isolated",
        DECLARED,
    )
    assert line(comparison).verdict == "not measured"
    assert math.isnan(line(comparison).change) and line(comparison).replications == 0
    assert line(comparison, "margin").verdict == "not measured"  # declared, and without a row in the table


def test_strategies_share_one_level_and_keep_the_order_of_measures():
    luck = np.random.default_rng(1)
    reference = rows("conversion", "isolated", luck.normal(size=20))
    half, full = (rows("conversion", name, luck.normal(size=20)) for name in ("half", "integrated"))
    both = compare(table(reference, half, full), "isolated", [CONVERSION])
    alone = compare(table(reference, full), "isolated", [CONVERSION])
    assert list(both.table["strategy"]) == ["half", "integrated"] and both.strategies == (
        "half",
        "integrated",
    )
    assert line(both).half_width > line(alone).half_width
    assert line(both).change == pytest.approx(line(alone).change)


def test_segments_and_channels_have_tables_of_their_own_with_pointwise_intervals():
    parts = []
    for name, shift in (("isolated", 0.0), ("integrated", 1.0)):
        for segment, channel in (
            ("all", "all"),
            ("loyal", "all"),
            ("new", "all"),
            ("all", "store"),
            ("loyal", "store"),
        ):
            parts.append(rows("conversion", name, [shift, shift + 1], segment, channel))
    comparison = compare(table(*parts), "isolated", [CONVERSION])
    assert list(comparison.by_segment["segment"]) == ["loyal", "new"]
    assert list(comparison.by_channel["channel"]) == ["store"]
    assert set(comparison.by_segment["interval"]) == {"pointwise"} and set(comparison.table["interval"]) == {
        "simultaneous"
    }
    assert len(comparison.all_rows()) == 4
    assert list(comparison.all_rows().columns) == list(comparison.table.columns)


def test_precise_means_every_half_width_under_half_its_threshold():
    same = [
        rows("conversion", "isolated", [1.0, 2.0]),
        rows("conversion", "integrated", [1.0, 2.0]),
    ]
    assert compare(table(*same), "isolated", [CONVERSION]).is_precise()
    assert compare(table(*same), "isolated", DECLARED).is_precise()  # the others were not measured
    wide = [
        rows("abandonment", "isolated", [1.0, 2.0]),
        rows("abandonment", "integrated", [2.0, 1.0]),
    ]
    assert not compare(table(*same, *wide), "isolated", DECLARED).is_precise()
    assert not compare(table(same[0][:1], same[1][:1]), "isolated", [CONVERSION]).is_precise()  # one run: no width


@pytest.mark.parametrize(
    ("measures", "reference", "words"),
    [
        (table(rows("conversion", "isolated", [1.0])), "isolated", "needs a second strategy"),
        (
            table(rows("conversion", "isolated", [1.0])),
            "integrated",
            "'integrated' has no finished run",
        ),
        (table(), "isolated", "Strategies that ran: none"),
        (
            table(rows("conversion", "isolated", [1.0])).drop(columns="value"),
            "isolated",
            "no column value",
        ),
        (
            table(rows("conversion", "isolated", [1.0]) * 2, rows("conversion", "integrated", [1.0])),
            "isolated",
            "twice",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(measures, reference, words):
    with pytest.raises(UsageError, match=words):
        compare(measures, reference, DECLARED)


def test_a_strategy_against_itself_under_other_seeds_rarely_shows_a_difference_that_matters():
    # Three correlated measures, thresholds next to nothing, so that only the interval protects.
    # At most 5 % of experiments may err; n = 100, standard error 2.2 points, bound of the
    # product: 8 %.
    experiments, luck, errors = 100, np.random.default_rng(11), 0
    declared = [Measure(name, name, "", 1, "higher", 1e-9, len) for name in ("a", "b", "c")]
    for _ in range(experiments):
        parts = []
        for strategy in ("isolated", "again"):
            shared = luck.gamma(2, size=20)
            parts += [rows(measure.name, strategy, shared + luck.gamma(2, size=20)) for measure in declared]
        verdicts = compare(table(*parts), "isolated", declared).table["verdict"]
        errors += bool(verdicts.isin(["better", "worse"]).any())
    assert errors / experiments <= 0.08


VISITS = Measure(
    "visits",
    "Visits that end in an order",
    "%",
    100,
    "neither",
    0.1,
    len,
    not_comparable="they change who visits",
    by_channel=True,
)


def test_companions_stand_beside_with_intervals_of_their_own():
    before, after = [70.0, 73.0, 71.0, 74.0], [71.0, 72.0, 74.0, 75.0]
    parts = [
        rows(name, strategy, values)
        for name in ("conversion", "abandonment")
        for strategy, values in (("isolated", before), ("integrated", after))
    ]
    found = compare(table(*parts), "isolated", [CONVERSION], companions=[ABANDONMENT])
    alone = compare(table(*parts[2:]), "isolated", [ABANDONMENT])
    assert list(found.table["measure"]) == ["conversion"] and list(found.companions["measure"]) == ["abandonment"]
    assert list(found.companions["interval"]) == ["pointwise"]
    assert found.companions["half_width"].iloc[0] == pytest.approx(alone.table["half_width"].iloc[0])
    assert line(found).half_width == pytest.approx(line(compare(table(*parts), "isolated", [CONVERSION])).half_width)
    assert len(found.all_rows()) == 2


def test_what_is_not_comparable_has_a_reason_in_the_place_of_a_verdict():
    parts = [
        rows("visits", strategy, values, channel=channel)
        for channel in ("all", "store")
        for strategy, values in (("isolated", [5.0, 6.0, 7.0]), ("integrated", [9.0, 10.0, 11.0]))
    ]
    parts.append(rows("conversion", "isolated", [1.0, 1.0, 1.0]))
    found = compare(table(*parts), "isolated", [CONVERSION], companions=[VISITS])
    for frame in (found.companions, found.by_channel):
        row = frame.iloc[0]
        assert (row["change"], row["verdict"], row["reason"]) == (4.0, "not comparable", "they change who visits")
        assert pd.isna(row["run_more"])
    assert line(found)["verdict"] == "not measured" and line(found)["reason"] == ""
