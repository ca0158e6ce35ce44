"""Numbers in words: changes, their ranges, and from where a change matters."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as given_some

from simsuite.experiment import statistics
from simsuite.experiment.plan import plan_comparison
from simsuite.metrics.measure import REGISTRY
from simsuite.report.said.labels import change, definition, labels_of, likely_range, thresholds, verdict
from simsuite.scenario import load
from simsuite.scenario.words import counted


def row(threshold, measure="margin", title="Margin per customer", unit="money"):
    return {
        "measure": measure,
        "title": title,
        "unit": unit,
        "change": math.nan,
        "low": math.nan,
        "high": math.nan,
        "threshold": threshold,
    }


@pytest.mark.parametrize(
    "values, said",
    [
        ([0.05], "0.05 EUR"),
        ([0.1, 0.1], "0.1 EUR"),
        ([0.1, 0.1000001], "0.1 EUR"),
        ([0.05, 0.02, 0.03], "0.02 to 0.05 EUR"),
        ([math.nan, 0.05], "0.05 EUR"),
        ([0.0], "0 EUR"),
        ([12.0], "12 EUR"),
        ([1200.0], "1,200 EUR"),
        ([0.004], "0.004 EUR"),
        ([0.0003], "0.0003 EUR"),
        ([0.000025], "0.00003 EUR"),
        ([0.00096], "0.001 EUR"),
        ([0.01], "0.01 EUR"),
        ([0.005, 0.05], "0.005 to 0.05 EUR"),
        ([0.0, 0.05], "0 to 0.05 EUR"),
    ],
)
def test_a_measure_matters_from_its_least_to_its_largest_threshold_and_never_from_0_if_it_is_more(values, said):
    assert thresholds([row(value) for value in values], "EUR") == f"margin per customer {said}"


def test_every_measure_that_was_measured_is_named_once_with_its_unit():
    rows = [
        row(0.5, "abandonment", "Cart abandonment", "%"),
        row(0.05),
        row(0.5, "abandonment", "Cart abandonment", "%"),
        row(math.nan, "time", "Time", "min"),
    ]
    assert thresholds(rows, "USD") == "cart abandonment 0.5 pt, margin per customer 0.05 USD"


UNDECIDED = {"verdict": "cannot tell yet", "change": 0.25, "low": -0.2, "high": 0.7, "better": "lower"}


@pytest.mark.parametrize("more, said", [(1, "1"), (16, "16"), (99, "99"), (100, "100"), (273, "280"), (1201, "1,300")])
def test_how_many_more_runs_it_takes_is_rounded_up_to_two_digits(more, said):
    assert verdict({**UNDECIDED, "run_more": more}) == f"cannot tell yet (run about {said} more)"


@pytest.mark.parametrize(
    "low, high, better, way",
    [
        (0.1, 0.7, "lower", "worse"),
        (-0.7, -0.1, "lower", "better"),
        (0.1, 0.7, "higher", "better"),
        (-0.7, -0.1, "neither", "lower"),
    ],
)
def test_where_the_direction_is_sure_only_whether_it_matters_cannot_be_told(low, high, better, way):
    row = {**UNDECIDED, "change": (low + high) / 2, "low": low, "high": high, "better": better, "run_more": 290}
    assert verdict(row) == f"{way}, cannot tell yet if it matters (run about 290 more)"
    assert verdict({**row, "run_more": None}) == f"{way}, cannot tell yet if it matters"
    assert verdict({**row, "verdict": "worse", "run_more": None}) == "worse"


FIGURES = given_some.floats(-1, 1).map(lambda figure: round(figure, 5))


@pytest.mark.parametrize(
    "measure, unit, scale", [("consistency", "", 0.03), ("satisfaction", "", 0.002), ("abandonment", "%", 1.0)]
)
@given(FIGURES, FIGURES.map(abs), FIGURES.map(abs))
def test_what_is_printed_gives_the_verdict_that_is_printed(measure, unit, scale, estimate, half_width, smallest):
    """Read back from the text, change, range and threshold lead to the verdict of the exact ones, and ends keep their signs
    unless nothing that matters lies between them."""
    figures = [round(scale * figure, 5) for figure in (estimate, estimate - half_width, estimate + half_width)]
    smallest = round(scale * smallest, 5)
    row = {
        "measure": measure,
        "title": "It",
        "unit": unit,
        **dict(zip(("change", "low", "high"), figures, strict=True)),
        "threshold": smallest,
    }
    low, high = map(float, likely_range(row).split(" to "))
    printed = float(change(row).split()[0]), low, high, float(thresholds([row], "EUR").split()[1])
    found = statistics.verdict(*figures, smallest, "higher")
    assert statistics.verdict(*printed, "higher") == found
    if found != statistics.NO_DIFFERENCE:
        assert [math.copysign(end != 0, end) for end in (low, high)] == [
            math.copysign(end != 0, end) for end in figures[1:]
        ]


@pytest.mark.parametrize(
    "figures, said",
    [
        ((0.0204, 0.015, 0.0258), "+0.0204, 0.0150 to 0.0258"),
        ((0.32, 0.28, 0.36), "+0.32, 0.28 to 0.36"),
        ((0.01, -0.0004, 0.03), "+0.0100, -0.0004 to +0.0300"),
        ((0.01, -0.0004, 0.02), "+0.01, 0.00 to 0.02"),
        ((0.1, 1e-17, 0.2), "+0.10, 0.00 to 0.20"),
    ],
)
def test_more_decimals_are_shown_only_where_they_are_needed(figures, said):
    row = {
        "measure": "consistency",
        "title": "It",
        "unit": "",
        **dict(zip(("change", "low", "high"), figures, strict=True)),
        "threshold": 0.02,
    }
    assert f"{change(row)}, {likely_range(row)}" == said


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_definitions_name_other_measures_by_their_titles(measure):
    text = definition(measure)
    assert not {*re.findall(r"\w+_\w+", text)} & {*REGISTRY}
    for other in {*re.findall(r"`(\w+)`", REGISTRY[measure].definition)} & {*REGISTRY}:
        assert f"\N{LEFT DOUBLE QUOTATION MARK}{REGISTRY[other].title}\N{RIGHT DOUBLE QUOTATION MARK}" in text


WORLD = 'extends = "retail_world"\n[strategies.isolated]\n'


def test_two_strategies_of_one_title_are_told_apart(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text(WORLD + '[strategies.integrated]\ntitle = "Same"\n[strategies.cross_channel]\ntitle = "Same"\n')
    titles = labels_of(load(file))
    assert titles.strategy("integrated") == "Same (integrated)"
    assert titles.strategy("cross_channel") == "Same (cross_channel)"


def test_a_channel_called_at_home_is_not_taken_for_the_place(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text(WORLD + '[channels.home]\nextends = "app"\ntitle = "At home"\n')
    titles = labels_of(load(file))
    assert titles.channel("at home") == "At home" and titles.channel("home") == "At home (home)"


def test_titles_of_every_file_are_known_when_files_are_compared(tmp_path):
    for name, more in {"one": "", "two": '[channels.kiosk]\nextends = "app"\ntitle = "The little kiosk"\n'}.items():
        (tmp_path / f"{name}.toml").write_text(WORLD + more)
    compared = plan_comparison([tmp_path / "one.toml", tmp_path / "two.toml"])
    assert labels_of(compared.scenario).channel("kiosk") == "The little kiosk"


def test_what_is_there_once_is_counted_in_the_singular():
    told = [counted(count, "paired run") for count in (0, 1, 2, 1200)]
    assert told == ["0 paired runs", "1 paired run", "2 paired runs", "1,200 paired runs"]
    assert [counted(count, "category", "categories") for count in (1, 3)] == ["1 category", "3 categories"]
