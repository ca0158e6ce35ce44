"""Figures of one run show the numbers of its tables, in the colors of the report."""

import warnings

import numpy as np
import pytest

import simsuite
from simsuite.errors import ScenarioWarning, UsageError
from simsuite.report.drawn.drawing import COMPARED, REFERENCE, svg
from simsuite.report.drawn.figures import PLOTS as OF_COMPARISONS
from simsuite.report.drawn.run_figures import PLOTS

SMALL = {
    "population.customers": 400,
    "experiment.warm_up": 14,
    "experiment.horizon": 42,
    "experiment.cool_down": 14,
    "strategies.isolated": {},
    "strategies.integrated": {},
}


@pytest.fixture(scope="module")
def runs():
    return {name: simsuite.run("retail_world", name, overrides=SMALL) for name in ("isolated", "integrated")}


@pytest.fixture(scope="module")
def run(runs):
    return runs["integrated"]


def needs(run):
    return run.tables["funnel"].set_index("stage")["count"]


def said(figure):
    """All texts inside the panel."""
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("name, color", [("isolated", REFERENCE), ("integrated", COMPARED)])
def test_every_figure_says_which_run_it_is_in_the_color_of_its_world(runs, kind, name, color):
    figure = runs[name].plot(kind)
    title, which = figure.texts[:2]
    assert title.get_color() == color and title.get_text() in ("Isolated channels", "Integrated data")
    assert which.get_text() == "one run: replication 0, seed 1; no interval"
    figure.canvas.draw()  # nothing that cannot be drawn


def test_bars_of_the_ledger_add_up_to_all_that_was_lost(run):
    figure = run.plot()
    bars = [bar.get_width() for bar in figure.axes[0].patches]
    assert bars[:-1] == sorted(bars[:-1], reverse=True)
    assert sum(bars) * needs(run)["candidate_needs"] / 1000 == pytest.approx(run.ledger["journeys"].sum())
    assert all(text.startswith(f"{bar:.1f}  (") for bar, text in zip(bars, said(figure), strict=True))


def test_the_funnel_has_the_stages_of_the_table(run):
    stages = needs(run) * 1000 / needs(run)["candidate_needs"]
    widths = [bar.get_width() for bar in run.plot("funnel").axes[0].patches]
    assert widths == pytest.approx(stages[["candidate_needs", "considered", "planned", "planned_ordered"]].tolist())
    assert any(text.startswith(f"\N{MINUS SIGN} gave up {stages['gave_up']:.0f}") for text in said(run.plot("funnel")))


def test_the_days_are_those_of_the_table(run):
    each, mean = run.plot("days").axes[0].lines[:2]
    orders = run.tables["days"]["orders"].to_numpy()
    assert np.array_equal(each.get_ydata(), orders)
    assert mean.get_ydata()[10] == pytest.approx(orders[7:14].mean())


@pytest.mark.parametrize("kind, table, value", [("switches", "switches", "switches"), ("losses", "ledger", "journeys")])
def test_a_matrix_holds_every_count(run, kind, table, value):
    axes = run.plot(kind).axes[0]
    strength = axes.images[0].get_array()[..., 3]
    counts = run.tables[table].groupby(["from_channel", "to_channel"])[value].sum()
    assert (strength > 0.04 + 1e-9).sum() == (counts > 0).sum()
    assert strength.max() == pytest.approx(0.6)
    assert f"{counts.max() * 1000 / needs(run)['candidate_needs']:.0f}" in said(run.plot(kind))


@pytest.mark.filterwarnings("error::UserWarning", "ignore::simsuite.errors.ScenarioWarning")
def test_a_single_day_is_drawn_as_wide_as_a_day():
    one_day = {
        **{name: value for name, value in SMALL.items() if name != "strategies.integrated"},
        "strategies.one_price.authority.price": "central",
        "experiment.warm_up": 0,
        "experiment.horizon": 1,
        "experiment.cool_down": 0,
    }
    for shown in (
        simsuite.run("retail_world", "one_price", overrides=one_day),
        simsuite.compare("retail_world", overrides=one_day, replications=3),
    ):
        assert all(axes.get_xlim() == (0, 1) for axes in shown.plot("days").axes)


NOBODY = {f"segments.{name}.need_rate": 1e-6 for name in ("regular", "loyal", "deal_seeker", "newcomer")}


@pytest.fixture(scope="module")
def quiet():
    """A comparison of worlds in which nobody needs anything."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return simsuite.compare(
            "retail_world", overrides={**SMALL, **NOBODY, "population.customers": 2}, replications=2
        )


@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning", "ignore::simsuite.errors.ScenarioWarning")
@pytest.mark.parametrize("kind", PLOTS)
def test_a_run_in_which_nothing_happens_is_drawn_or_said_in_words(quiet, kind):
    run = simsuite.run("retail_world", "integrated", overrides={**SMALL, **NOBODY, "population.customers": 2})
    assert needs(run)["candidate_needs"] == 0
    figure = run.plot(kind)
    assert svg(figure, kind, kind)
    assert figure.texts[0 if figure.axes else 1].get_text() == "Integrated data"
    words = {"ledger": "No planned journey was lost.", "switches": "There were no changes of channel within a journey."}
    if kind in words:
        assert figure.texts[0].get_text() == words[kind] and not figure.axes


@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
@pytest.mark.parametrize("kind", sorted({*OF_COMPARISONS} - {"waterfall"}))
def test_a_comparison_in_which_nothing_happens_is_drawn_or_said_in_words(quiet, kind):
    assert svg(quiet.plot(kind), kind, kind)


def test_a_comparison_in_which_nothing_happens_has_a_report(quiet, tmp_path):
    assert "Nobody needed anything in either world." in quiet.save_report(tmp_path / "report.html").read_text()
    assert "No need was ordered in one world only." in (tmp_path / "report.html").read_text()


def test_another_figure_is_refused_with_the_names_of_those_there_are(run):
    with pytest.raises(UsageError, match="ledger, funnel, days, switches, losses"):
        run.plot("comparison")
