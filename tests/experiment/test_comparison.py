import math

import numpy as np
import pandas as pd
import pytest

from simsuite.errors import UsageError
from simsuite.experiment.comparison import MEASURE_COLUMNS, compare
from simsuite.experiment.statistics import runs_needed
from simsuite.metrics import REGISTRY
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


def runs(**digests):
    """A table of runs: digests of each strategy by replication."""
    return pd.DataFrame(
        [
            {"strategy": name, "replication": number, "digest": digest}
            for name, each in digests.items()
            for number, digest in enumerate(each)
        ]
    )


def test_a_change_that_is_the_same_in_every_replication_cannot_be_told_yet():
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
    assert math.isnan(found.low) and math.isnan(found.high) and math.isnan(found.half_width)
    assert (found.verdict, found.wins, found.replications) == ("cannot tell yet", 3, 3)
    assert found.variance_reduction == 1.0
    assert pd.isna(found.run_more)


def counted(strategy, orders, needs):
    """Orders per 100 needs, as a run counts them."""
    return [
        (f"{strategy}-{number}", strategy, number, "conversion", "all", "all", order, need, 100 * order / need)
        for number, (order, need) in enumerate(zip(orders, needs, strict=True))
    ]


@pytest.mark.parametrize(
    ("orders", "needs"),
    [
        ([9, 8, 7], [87, 87, 93]),  # 200 customers: as many orders in both worlds
        ([10, 9, 8], [87, 87, 93]),  # one more in each replication, of unlike many needs
    ],
)
def test_small_worlds_that_count_the_same_three_times_cannot_tell(orders, needs):
    reference = counted("isolated", [9, 8, 7], needs)
    found = line(compare(table(reference, counted("integrated", orders, needs)), "isolated", [CONVERSION]))
    assert found.verdict == "cannot tell yet" and math.isnan(found.low)
    more = counted("integrated", [orders[0] + 1, *orders[1:]], needs)
    assert math.isfinite(line(compare(table(reference, more), "isolated", [CONVERSION])).low)


def test_runs_that_are_the_same_to_the_last_bit_are_identical():
    same = table(rows("conversion", "isolated", [6.0, 7.0, 8.0]), rows("conversion", "integrated", [6.0, 7.0, 8.0]))

    def verdict_of(run_table):
        return line(compare(same, "isolated", DECLARED, runs=run_table)).verdict

    assert verdict_of(runs(isolated="abc", integrated="abc")) == "identical"
    assert verdict_of(runs(isolated="abc", integrated="abd")) == "cannot tell yet"
    assert verdict_of(runs(isolated="abc", integrated="ab")) == "cannot tell yet"  # one has no digest
    assert verdict_of(runs(isolated=["", "", ""], integrated=["", "", ""])) == "cannot tell yet"  # nor here
    assert verdict_of(runs(integrated="abc")) == "cannot tell yet"
    assert verdict_of(None) == "cannot tell yet"


def test_of_identical_runs_the_change_is_known_without_any_range():
    parts = [
        rows("conversion", name, values, segment, channel)
        for name in ("isolated", "integrated")
        for segment, channel in (("all", "all"), ("loyal", "all"), ("all", "store"))
        for values in ([6.0, 7.0],)
    ]
    found = compare(table(*parts), "isolated", DECLARED, runs=runs(isolated="ab", integrated="ab"))
    for row in found.all_rows().query("measure == 'conversion'").itertuples():
        assert (row.change, row.low, row.high, row.half_width, row.verdict) == (0.0, 0.0, 0.0, 0.0, "identical")
    assert line(found, "margin").verdict == "not measured"
    assert found.is_precise()


def test_measures_that_differ_though_the_runs_do_not_are_not_called_identical():
    """What is measured may hang on more than the run, such as on what a strategy lets channels say."""
    parts = rows("conversion", "isolated", [6.0, 7.0, 8.0]), rows("conversion", "integrated", [6.0, 7.0, 9.5])
    found = line(compare(table(*parts), "isolated", [CONVERSION], runs=runs(isolated="abc", integrated="abc")))
    assert found.verdict == "cannot tell yet"


def test_less_abandonment_is_better_and_its_wins_are_falls():
    found = line(
        compare(
            table(
                rows("abandonment", "isolated", [71.0, 72.0, 70.0]),
                rows("abandonment", "integrated", [69.0, 70.2, 67.8]),
            ),
            "isolated",
            DECLARED,
        ),
        "abandonment",
    )
    assert found.change == pytest.approx(-2.0)
    assert (found.verdict, found.wins) == ("better", 3)


SHARE = Measure("share", "Share", "", 1, "higher", 0.02, len, bounds=(0.0, 1.0))


@pytest.mark.parametrize(
    ("measure", "before", "after", "low", "high"),
    [
        # Differences 1, 2, 9: mean 4, standard error 2.517, Student's t with 2 degrees of freedom 4.303, +- 10.83
        (ABANDONMENT, [2.0, 2.0, 2.0], [3.0, 4.0, 11.0], -2.0, 14.83),
        (ABANDONMENT, [88.0, 88.0, 88.0], [89.0, 90.0, 97.0], -6.83, 12.0),
        (SHARE, [0.02, 0.02, 0.02], [0.03, 0.04, 0.11], -0.02, 0.1483),
        (MARGIN, [2.0, 2.0, 2.0], [3.0, 4.0, 11.0], -6.83, 14.83),  # money has no bounds
    ],
)
def test_no_range_leaves_what_is_possible(measure, before, after, low, high):
    parts = rows(measure.name, "isolated", before), rows(measure.name, "integrated", after)
    found = line(compare(table(*parts), "isolated", [measure]), measure.name)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-3)
    assert found.half_width == pytest.approx(4.3027 * found.change * 2.5166 / 4, rel=1e-3)  # as luck has it


def test_every_share_that_is_measured_is_known_to_be_one():
    for measure in REGISTRY.values():
        low, high = measure.within_what_is_possible(0.0, -math.inf, math.inf)
        if measure.unit == "%" or "0 to 1" in measure.definition or "Share of" in measure.definition:
            assert high == (100.0 if measure.unit == "%" else 1.0), measure.name
            assert low == (-math.inf if measure.name == "discount" else 0.0), measure.name


def test_a_relative_threshold_is_a_share_of_the_reference():
    found = line(
        compare(
            table(
                rows("margin", "isolated", [-40.0, -44.0, -42.0]),
                rows("margin", "integrated", [-40.01, -44.0, -41.99]),
            ),
            "isolated",
            DECLARED,
        ),
        "margin",
    )
    assert found.threshold == pytest.approx(0.42)
    assert found.verdict == "no difference that matters"


def test_too_few_runs_say_how_many_more():
    # Differences 1, -1, 0: mean 0, standard deviation 1, standard error 0.577, Student's t 4.303 with two
    # degrees of freedom and one measure. The number is that of runs_needed, held by tests of its own.
    found = line(
        compare(
            table(
                rows("conversion", "isolated", [6.0, 6.0, 6.0]),
                rows("conversion", "integrated", [7.0, 5.0, 6.0]),
            ),
            "isolated",
            DECLARED,
        )
    )
    assert found.verdict == "cannot tell yet"
    assert found.half_width == pytest.approx(4.303 * 0.5774, abs=5e-4)
    assert found.run_more == runs_needed(0.0, 1 / math.sqrt(3), found.half_width, 0.1, 3) > 20


def test_two_runs_cannot_tell_and_have_no_range():
    parts = rows("conversion", "isolated", [6.0, 6.1]), rows("conversion", "integrated", [7.0, 7.2])
    found = line(compare(table(*parts), "isolated", [CONVERSION]))
    assert found.verdict == "cannot tell yet" and math.isnan(found.low) and pd.isna(found.run_more)


def test_replications_are_paired_by_number_not_by_place():
    isolated, integrated = (
        rows("conversion", "isolated", [1.0, 2.0, 3.0]),
        rows("conversion", "integrated", [2.0, 3.0, 4.0]),
    )
    found = line(compare(table(isolated, integrated[::-1]), "isolated", DECLARED))
    assert (found.change, found.wins) == (1.0, 3)


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
        rows("conversion", "isolated", [1.0, 2.0, 3.0]),
        rows("conversion", "integrated", [1.0, 2.01, 2.99]),
    ]
    assert compare(table(*same), "isolated", [CONVERSION]).is_precise()
    assert compare(table(*same), "isolated", DECLARED).is_precise()  # the others were not measured
    wide = [
        rows("abandonment", "isolated", [1.0, 2.0, 3.0]),
        rows("abandonment", "integrated", [2.0, 1.0, 3.0]),
    ]
    assert not compare(table(*same, *wide), "isolated", DECLARED).is_precise()
    assert not compare(table(same[0][:2], same[1][:2]), "isolated", [CONVERSION]).is_precise()  # two runs: no width
    equal = table(same[0], rows("conversion", "integrated", [1.0, 2.0, 3.0]))
    assert not compare(equal, "isolated", [CONVERSION]).is_precise()  # nor where all are equal
    untouched = [rows("abandonment", name, [1.0, 2.0, 3.0]) for name in ("isolated", "integrated")]
    assert compare(table(*same, *untouched), "isolated", DECLARED).is_precise()  # nothing acts on the one
    moved = [untouched[0], rows("abandonment", "integrated", [2.0, 3.0, 4.0])]
    assert not compare(table(*same, *moved), "isolated", DECLARED).is_precise()  # equal, yet not alike


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
