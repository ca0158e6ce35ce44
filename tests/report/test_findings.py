"""What figures and captions are made from, against sums done by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from comparisons import compared, flagship, three_strategies, waterfall, with_verdicts

from simsuite.errors import UsageError
from simsuite.report.drawn.figures import plot
from simsuite.report.page.plates import plates_of, ways_to_say_why
from simsuite.report.said import captions, labels
from simsuite.report.said.facts import firm_and_model
from simsuite.report.said.findings import Pair, pairs_of
from simsuite.report.said.told_apart import most_and_named
from simsuite.scenario import load

GAINED = 12.5  # mean of 10 to 15, per 1,000 needs


@pytest.fixture(scope="module")
def pair():
    return Pair(flagship(), *compared(), "integrated", waterfall())


def test_losses_stand_per_1000_needs_with_the_interval_of_their_change(pair):
    found = pair.losses.set_index("title")
    assert found.loc["cart lost", "reference_value"] == pytest.approx(100)
    assert found.loc["cart lost", "value"] == pytest.approx(100 - GAINED)
    assert found.loc["cart lost", "low"] < -GAINED < found.loc["cart lost", "high"] < 0
    assert found.loc["not ready to buy", ["low", "high"]].isna().all()  # 150 in every replication of both worlds


def test_a_cause_that_one_world_does_not_have_counts_zero_there():
    comparison, found = compared()
    ledger = found["ledger"]
    kept = ledger[~((ledger["strategy"] == "integrated") & (ledger["cause"] == "COMPETITOR"))]
    losses = Pair(flagship(), comparison, {**found, "ledger": kept}, "integrated").losses.set_index("cause")
    assert losses.loc["COMPETITOR", ["reference_value", "value", "change"]].tolist() == [50, 0, -50]


def test_saved_less_forfeited_is_the_change_in_orders(pair):
    found = pair.saved
    assert found["net"].sum() == pytest.approx(GAINED)
    assert (found["saved"] - found["forfeited"]).tolist() == pytest.approx(found["net"].tolist())


def test_where_twins_part_in_no_order_that_is_said_and_not_that_there_are_no_twins():
    comparison, found = compared()
    alike = {**found, "saved_from": found["saved_from"].head(0)}
    pair = Pair(flagship(), comparison, alike, "integrated")
    assert pair.saved.empty and pair.sources == [] and pair.saved_in_all["net"] == 0
    assert captions.saved(pair) == "No need was ordered in one world only."
    figure = plot("saved", flagship(), comparison, alike)
    assert figure.texts[0].get_text() == "No need was ordered in one world only."
    strangers = {name: table for name, table in found.items() if name not in ("twins", "saved_from")}
    assert Pair(flagship(), comparison, strangers, "integrated").saved_in_all is None
    with pytest.raises(UsageError, match="lack, twins: the worlds hold other people"):
        plot("saved", flagship(), comparison, strangers)


def test_the_funnel_is_closed(pair):
    for world in ("reference_value", "value"):
        stage = pair.funnel[world]
        assert stage["candidate_needs"] == pytest.approx(
            stage[["absorbed", "not_considered", "still_open", "considered"]].sum()
        )
        assert stage["considered"] == pytest.approx(stage["browsing"] + stage["planned"])
        assert stage["planned"] == pytest.approx(stage[["planned_ordered", "gave_up", "went_to_competitor"]].sum())


def test_orders_are_gained_from_the_day_of_the_switch_on(pair):
    gained = pair.days["gained"]["median"]
    assert (gained[gained.index < 0] == 0).all()
    assert gained.iloc[-1] == pytest.approx(20 * GAINED)  # days 0 to 19


def test_the_last_step_of_convergence_is_the_interval_of_the_comparison(pair):
    last = pair.convergence.iloc[-1]
    rows = pair.rows.set_index("title")
    assert last.tolist() == pytest.approx((rows["half_width"] / rows["threshold"]).reindex(last.index).tolist())


def test_two_replications_tell_nothing_of_convergence():
    comparison, found = compared()
    few = {**found, "measures": found["measures"][found["measures"]["replication"] < 2]}
    assert Pair(flagship(), comparison, few, "integrated").convergence.empty


def test_a_waterfall_without_names_belongs_to_the_first_strategy():
    comparison, found = compared(("isolated", "half_silent", "integrated"))
    first, second = pairs_of(flagship(), comparison, found, waterfall())
    assert first.waterfall is not None
    assert second.waterfall is None
    first, second = pairs_of(flagship(), comparison, found, waterfall().assign(strategy="integrated"))
    assert first.waterfall is None
    assert second.waterfall is not None


@pytest.mark.parametrize(
    "low, high, said", [(0.6, 1.4, "Yet more journeys end by it (+1.0, above)"), (-0.2, 1.4, None), (-1.4, -0.7, None)]
)
def test_a_cause_that_saves_sales_and_yet_ends_more_journeys_is_reconciled(pair, low, high, said):
    best = captions.saved(pair).partition("The largest part of it: ")[2].partition(" (")[0]
    losses = pair.losses.assign(change=(low + high) / 2, low=low, high=high, clear=low * high > 0)
    assert best in set(losses["title"])
    other = replace(pair)
    vars(other).update(losses=losses, saved=pair.saved)
    assert said in captions.saved(other) if said else captions.saved(other) == captions.saved(pair)


def test_captions_state_what_the_numbers_say(pair):
    assert "300 of 1,000 needs with isolated channels, 288 with integrated data" in captions.losses(pair)
    assert "cart lost (\N{MINUS SIGN}12.5, likely \N{MINUS SIGN}14" in captions.losses(pair)
    assert "12.5 orders more" in captions.saved(pair)
    assert captions.waterfall(pair) == "Identity adds most: +0.60 of +1.00 orders per 100 needs (60 %)."
    assert "250 orders more" in captions.days(pair)


@pytest.mark.parametrize(
    "low, orders", [(0.5, "1 order more among 1 customer;"), (-0.5, "+1 order among 1 customer, in the mean")]
)
def test_one_order_of_one_customer_is_said_in_the_singular(pair, low, orders):
    population = flagship().spec.population.model_copy(update={"customers": 1})
    scenario = replace(flagship(), spec=flagship().spec.model_copy(update={"population": population}))
    days = pair.days.copy()
    days[("gained", "median")] = 1.0
    mean = SimpleNamespace(estimate=np.ones(1), low=np.array([low]), high=np.array([1.5]))
    other = replace(pair, scenario=scenario)
    vars(other).update(days=days, gained_by_horizon=mean)
    assert orders in captions.days(other)


def test_an_element_that_adds_more_than_all_together_is_no_share_of_it(pair):
    steps = pair.waterfall.copy()
    best = steps["contribution"].idxmax()
    steps["contribution"] = steps["contribution"].where(steps.index == best, -0.1)
    other = replace(pair)
    vars(other).update(waterfall=steps)
    assert captions.waterfall(other).startswith(
        "Identity adds most: +0.60 orders per 100 needs; all together it is +0."
    )
    assert "%" not in captions.waterfall(other)


def test_a_figure_shows_what_its_caption_names_however_small_it_is():
    sizes = [9.0, 8.0, 7.0, 0.2, 0.1]
    found = pd.DataFrame({"low": [-1, -1, -1, -2.0, 0.1], "high": [1, 1, 1, -1.0, 0.3]}).assign(
        value=sizes, change=[0, 0, 0, -1.5, 0.2], clear=[False, False, False, True, True]
    )
    assert most_and_named(found, 2)["value"].tolist() == [9.0, 8.0, 0.2, 0.1]
    assert most_and_named(found, 4)["value"].tolist() == sizes


def test_the_orders_over_time_are_told_at_the_end_of_the_horizon():
    scenario = load("scenarios/flagship_retailer.toml", {"experiment.horizon": 12})
    told = captions.days(Pair(scenario, *compared(), "integrated"))
    assert "By day 11, a middling run has 150 orders more" in told  # days 0 to 11, 12.5 each
    assert "by day 19 it is +250, with orders for needs that came later" in told


def test_a_caption_turns_around_with_its_numbers():
    comparison, found = compared()
    worlds = {"isolated": "integrated", "integrated": "isolated"}
    turned = {
        name: table.assign(strategy=table["strategy"].map(worlds))
        for name, table in found.items()
        if name not in ("twins", "saved_from")
    }
    pair = Pair(flagship(), comparison, turned, "integrated")
    assert captions.losses(pair).startswith("More planned journeys are lost")
    assert "orders fewer" in captions.days(pair)


def test_the_firms_figures_stand_beside_the_reference_world_in_the_same_unit():
    scenario = load("scenarios/flagship_retailer.toml", {"check.app.cart_abandonment": "70 %"})
    comparison, found = compared()
    measures = found["measures"]
    row = measures[measures["measure"] == "cart_abandonment"].assign(channel="app", segment="all")
    shown = firm_and_model(scenario, comparison, {"measures": row})
    assert shown.loc[0, "firm"] == pytest.approx(70)
    assert shown.loc[0, "model"] == pytest.approx(row[row["strategy"] == "isolated"]["value"].mean())
    assert firm_and_model(flagship(), comparison, found) is None


def test_what_was_never_measured_is_no_zero(pair):
    comparison, found = compared()
    measures = found["measures"].copy()
    measures.loc[measures["measure"] == "process", "value"] = np.nan
    audit = Pair(flagship(), comparison, {**found, "measures": measures}, "integrated").audit.set_index("part")
    assert np.isnan(audit.loc["process", "change"])
    assert not np.isnan(audit.loc["price", "change"])


def test_the_report_opens_with_the_first_measure_and_tells_what_is_open_in_two_ways():
    comparison = with_verdicts(["better", "cannot tell yet", "cannot tell yet"], run_more=8)
    table = comparison.table.copy()
    first, (sure, unsure) = table["title"].iloc[0], table["title"].iloc[1:3].map(labels.within)
    table.loc[0, ["change", "low", "high", "threshold"]] = [0.8, 0.7, 0.9, 0.1]
    table.loc[1, ["low", "high"]] = [0.1, 0.9]
    told = captions.overview(flagship(), replace(comparison, table=table))
    assert told.startswith(f"{first}: +0.80, better; likely 0.70 to 0.90, 8.0 times the smallest change that matters. ")
    assert (
        f"The direction is sure, not yet whether it matters, of {sure} (worse). Nothing can be told yet of {unsure}."
        in told
    )
    table.loc[0, "threshold"] = 0.0
    assert captions.overview(flagship(), replace(comparison, table=table)).startswith(
        f"{first}: +0.80, better; likely 0.70 to 0.90. "
    )


def test_of_several_strategies_it_is_said_which_one_is_open():
    one, other = (with_verdicts(["better", "cannot tell yet"], run_more=8).table for _ in range(2))
    one.loc[1, ["low", "high"]] = [0.1, 0.9]
    table = pd.concat([one, other.assign(strategy="half_silent")], ignore_index=True)
    comparison = replace(with_verdicts(["better"]), strategies=("integrated", "half_silent"), table=table)
    told = captions.overview(three_strategies(), comparison)
    titles, measure = labels.labels_of(three_strategies()), labels.within(one["title"].iloc[1])
    assert f"whether it matters, of {measure} ({titles.strategy('integrated')}, worse)." in told
    assert f"Nothing can be told yet of {measure} ({titles.strategy('half_silent')})." in told


def test_the_figures_that_say_why_are_told_apart():
    shown = list(plates_of(Pair(flagship(), *compared(), "integrated", waterfall()), 0))
    found = dict(ways_to_say_why(shown))
    assert list(found) == ["Where sales are lost", "Where the saved sales come from", "What each element adds"]
    assert all(found.values())
