"""Figures for notebooks and for the page."""

import warnings
from xml.etree import ElementTree

import pytest
from comparisons import compared, flagship, waterfall

from simsuite.errors import UsageError
from simsuite.report.drawn.drawing import NARROW, WIDE, blank, folded, note, spread, styled, svg
from simsuite.report.drawn.figures import PLOTS, plot
from simsuite.report.said.findings import Pair


@pytest.mark.parametrize("kind", PLOTS)
def test_every_figure_draws_for_a_notebook_and_tells_the_worlds_apart(kind):
    figure = plot(kind, flagship(), *compared(), waterfall=waterfall())
    assert figure.get_size_inches()[0] == pytest.approx(WIDE / 72)
    assert "var(--compared)" in svg(figure, kind, "words")


@pytest.mark.parametrize("kind", [kind for kind in PLOTS if kind != "comparison"])
def test_every_figure_has_a_form_for_telephones(kind):
    figure = PLOTS[kind](Pair(flagship(), *compared(), "integrated", waterfall()), narrow=True)
    assert figure.get_size_inches()[0] == pytest.approx(NARROW / 72)


def test_bars_begin_at_zero():
    for kind in ("ledger", "saved", "waterfall", "funnel"):
        axes = plot(kind, flagship(), *compared(), waterfall=waterfall()).axes[0]
        assert axes.get_xlim()[0] <= 0 <= axes.get_xlim()[1]


def test_every_row_of_the_comparison_has_its_interval():
    comparison, found = compared()
    axes = plot("comparison", flagship(), comparison, found).axes[0]
    ranges = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2]
    assert len(ranges) == len(comparison.table)


def test_better_points_to_the_right_also_where_less_is_better():
    comparison, found = compared()
    axes = plot("comparison", flagship(), comparison, found).axes[0]
    points = [line for line in axes.lines if len(line.get_xdata()) == 1]
    for row, point in zip(comparison.table.to_dict("records"), points, strict=True):
        good = row["change"] * (-1 if row["better"] == "lower" else 1)
        assert (point.get_xdata()[0] > 0) == (good > 0)


def test_an_unknown_figure_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="no figure 'pie'.*comparison, ledger"):
        plot("pie", flagship(), *compared())
    with pytest.raises(UsageError, match="'other' was not compared"):
        plot("ledger", flagship(), *compared(), strategy="other")
    with pytest.raises(UsageError, match="needs what these runs lack"):
        plot("waterfall", flagship(), *compared())


def test_the_settings_of_a_session_do_not_change_a_figure():
    import matplotlib

    before = svg(plot("ledger", flagship(), *compared()), "a", "words")
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.grid": True}):
        assert svg(plot("ledger", flagship(), *compared()), "a", "words") == before


def test_labels_keep_their_distance_and_their_order():
    assert spread({"a": 0.0, "b": 0.5, "c": 9.0}, 2.0) == {"a": -0.75, "b": 1.25, "c": 9.0}
    assert spread({"b": 1.0, "a": 1.0, "c": 1.0}, 1.0) == {"a": 0.0, "b": 1.0, "c": 2.0}
    assert spread({"a": 0.0, "b": 3.0}, 2.0) == {"a": 0.0, "b": 3.0}


STRANGE = ["$5 and $10", r"$\frac{1}{$", "統合データ 🛒", '<b>&"', "עברית"]


@pytest.mark.parametrize("title", STRANGE)
def test_any_title_is_drawn_as_the_text_that_it_is_without_a_warning(title):
    """Two dollars make no formula, and fonts of this machine do not decide what a reader's fonts show."""

    @styled
    def titled():
        figure = blank(False, 50)
        note(figure, 10, 10, title)
        return figure

    figure = titled()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = svg(figure, "title", title)
    root = ElementTree.fromstring(drawn)
    assert title in [text for element in root.iter() if (text := "".join(element.itertext()).strip())]
    assert root.get("aria-label") == title


def test_wide_writing_is_folded_after_half_as_many_characters():
    assert folded("x" * 12, 6) == "xxxxxx\nxxxxxx"
    assert folded("統" * 6, 6) == "統統統\n統統統"
    assert folded("", 6) == ""
