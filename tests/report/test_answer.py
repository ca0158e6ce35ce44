"""The answer in words: what the first sentence says in every case, and that all of it fits."""

import json
import math
import shlex
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from comparisons import compared, flagship, tables, three_strategies, waterfall, with_verdicts

from simsuite.arguments import asked_by_command
from simsuite.report.said import onward
from simsuite.report.said.answer import findings, for_json, verdict_in_words
from simsuite.report.said.findings import Pair
from simsuite.report.said.terminal import add_row, drawn, filled, grid
from simsuite.scenario import load

BETTER, WORSE, SAME, SAME_RUNS, OPEN, MISSING = (
    "better",
    "worse",
    "no difference that matters",
    "identical",
    "cannot tell yet",
    "not measured",
)


def answer(scenario, comparison, tables, report=None, others=None, **options):
    """What a comparison says, and what to do next."""
    folder = Path(report).parent if report else None
    explained = options.get("waterfall") is not None or bool(others)
    return "\n".join(
        [
            findings(scenario, comparison, tables, others=others, **options),
            onward.lines(scenario, comparison, folder, report, explained),
        ]
    )


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (
            [BETTER, BETTER, SAME, OPEN],
            "Integrated data is better than isolated channels on 2 of 4 measures.",
        ),
        ([BETTER, BETTER], "Integrated data is better than isolated channels on all 2 measures."),
        (
            [WORSE, SAME, SAME],
            "Integrated data is worse than isolated channels on 1 of 3 measures.",
        ),
        (
            [BETTER, WORSE, WORSE, SAME],
            "Integrated data is better than isolated channels on 1 of 4 measures and worse on 2.",
        ),
        (
            [OPEN, SAME, OPEN],
            "It cannot be told yet whether integrated data is better than isolated channels. "
            "No difference that matters on 1 of 3 measures.",
        ),
        (
            [SAME, SAME],
            "Integrated data makes no difference that matters, compared with isolated channels, on all 2 measures.",
        ),
        ([SAME_RUNS] * 2, "Integrated data is identical to isolated channels: every run is the same to the last bit."),
        (
            [SAME_RUNS, SAME],
            "Integrated data makes no difference that matters, compared with isolated channels, on all 2 measures.",
        ),
        ([MISSING], "Nothing could be measured of integrated data against isolated channels."),
        ([BETTER, MISSING], "Integrated data is better than isolated channels on the one measure."),
    ],
)
def test_the_first_sentence_says_what_the_verdicts_say(verdicts, words):
    assert " ".join(verdict_in_words(flagship(), with_verdicts(verdicts)).split()) == words


def test_every_verdict_stands_in_the_table_with_the_runs_it_still_takes():
    text = answer(flagship(), with_verdicts([BETTER, WORSE, SAME, OPEN, MISSING], run_more=60), {})
    flat = " ".join(text.split())
    assert "(run about 60 more)" in flat
    for verdict in (BETTER, WORSE, "no difference", "cannot tell yet", MISSING):
        assert verdict in text


def test_where_it_cannot_be_told_yet_the_option_that_runs_until_it_can_is_named_as_who_asks_would_write_it():
    asked = flagship(), with_verdicts([BETTER, OPEN], run_more=60), {}
    assert "precision=True adds runs" in answer(*asked) and "--precision" not in answer(*asked)
    with asked_by_command():
        assert "--precision adds runs" in answer(*asked) and "precision=" not in answer(*asked)
    assert "precision" not in answer(flagship(), with_verdicts([BETTER, SAME], run_more=60), {})


def test_where_all_runs_that_are_allowed_are_done_it_says_how_to_allow_more():
    scenario = load("scenarios/flagship_retailer.toml", {"experiment.most_replications": 20})
    with asked_by_command():
        words = " ".join(answer(scenario, with_verdicts([BETTER, OPEN], run_more=60), {}).split())
    assert "(20) and no further, and so many are done. --set experiment.most_replications=N allows more." in words


def test_where_the_ranges_are_narrow_no_more_runs_are_advised():
    comparison = with_verdicts([BETTER, OPEN], run_more=1300)
    comparison.table.loc[1, ["low", "high", "half_width", "threshold"]] = [0.4, 0.6, 0.1, 0.5]
    words = " ".join(answer(flagship(), comparison, {}).split())
    assert "so close to the smallest change that matters" in words and "--precision" not in words


def test_a_measure_that_no_strategy_acts_on_is_no_reason_to_advise_more_runs():
    comparison = with_verdicts([OPEN, OPEN], run_more=1300)
    table = comparison.table
    table.loc[0, ["low", "high", "half_width", "threshold"]] = [0.4, 0.6, 0.1, 0.5]
    table.loc[1, ["change", "low", "high", "half_width"]] = [0.0, math.nan, math.nan, math.nan]
    table.loc[1, "run_more"] = None
    assert comparison.is_precise()
    words = " ".join(answer(flagship(), comparison, {}).split())
    assert "so close to the smallest change that matters" in words and "precision" not in words


def test_parts_of_the_audit_that_are_0_for_want_of_an_answer_are_named():
    comparison, found = compared()
    said = "Audited consistency of stock is 0 in the reference: a channel that cannot say counts as not alike."
    for before, told in ((0.0, True), (0.1, False)):
        stock = comparison.companions.head(1).assign(measure="consistency_of_stock", reference_value=before, value=0.6)
        words = " ".join(answer(flagship(), replace(comparison, companions=stock), found).split())
        assert (said in words) == told


def test_no_line_is_wider_than_80_columns():
    for scenario, strategies in (
        (flagship(), ("isolated", "integrated")),
        (three_strategies(), ("isolated", "half_silent", "half_announced", "integrated")),
    ):
        comparison, found = compared(strategies)
        text = answer(
            scenario,
            comparison,
            found,
            waterfall=waterfall(),
            report="results/x/report.html",
        )
        assert max(map(len, text.splitlines())) <= 80
        assert text.count("Measure ") == len(strategies) - 1


def test_numbers_with_many_decimals_neither_widen_the_answer_nor_cut_a_title():
    comparison = with_verdicts([SAME] * 4)
    table = comparison.table.copy()
    table[["change", "low", "high", "threshold"]] = [0.0199993, -0.0000123, 0.0399996, 0.02]
    lines = answer(flagship(), replace(comparison, table=table), {}).splitlines()
    assert max(map(len, lines)) <= 80 and not [line for line in lines if "\N{HORIZONTAL ELLIPSIS}" in line]
    assert "-0.00001 to" in "".join(lines) and "Consistency(audit)" in "".join(
        line.split()[0] for line in lines if line.strip()
    )


def test_from_where_a_change_matters_is_said_once_with_units():
    comparison, found = compared(("isolated", "half_silent", "half_announced", "integrated"))
    text = " ".join(answer(three_strategies(), comparison, found).split())
    said = text.partition("A change matters from: ")[2].partition(". The likely range")[0].split(", ")
    own = comparison.table.drop_duplicates("measure").set_index("title")["threshold"]
    assert len(said) == len(own) and text.count("A change matters from") == 1
    for part, (title, threshold) in zip(said, own.items(), strict=True):
        name, _, value = part.partition(title[1:] + " ")
        assert name.lower() == title[0].lower() and float(value.split()[0]) == pytest.approx(threshold, abs=0.006)
    assert said[1].endswith("0.5 pt") and said[-1].endswith("EUR")


def test_a_number_keeps_its_unit_on_its_line():
    for width in range(1, 90):
        lines = filled("x" * width + " 14 % of all, 1 day, -1.5 pt and 20 EUR").splitlines()
        assert not [line for line in lines if line[-1].isdigit()], lines
    table = grid("a", "b", "c", "d")
    add_row(table, ["80 %, after 1 day, 2 % wrong, then 12 days"] * 4)
    text = drawn(table)
    assert text.count("80 %") == text.count("2 %") == text.count("1 day") == 4 and len(text.splitlines()) > 2


def test_only_what_differs_is_named():
    text = answer(flagship(), *compared())
    differs = text.split("What differs")[1].split("Measure")[0]
    assert "80 %, after 1 day, 2 % wrong" in differs
    assert "collect in store" in differs
    assert "announced" not in differs  # no strategy of the flagship announces anything


def test_of_strategies_that_are_the_same_it_is_said_that_nothing_differs():
    spec = flagship().spec
    same = {name: spec.strategies["isolated"] for name in spec.strategies}
    copied = replace(flagship(), spec=spec.model_copy(update={"strategies": same}))
    text = answer(copied, with_verdicts([SAME]), {})
    assert "What differs  nothing\n" in text and "simsuite diff" not in text


def test_the_next_command_of_a_scenario_as_it_stands_is_one_line():
    text = answer(flagship(), with_verdicts([BETTER]), {}, report="results/flagship_retailer/report.html")
    assert text.splitlines()[-1] == "Next     simsuite waterfall flagship_retailer   what each flow adds"


def test_the_next_command_repeats_the_options_that_were_used():
    changes = {"population.customers": "500", "channels.store.title": "'A shop'", "experiment.seed": 7}
    changed = load("scenarios/half_integrated.toml", changes).without(["statements", "giving_up"])
    comparison, found = compared(("isolated", "integrated"))
    text = answer(changed, comparison, found, report="results/other place/report.html")
    said = text.partition("Next     what each flow adds:\n")[2]
    assert len(said.splitlines()) > 2 and max(map(len, said.splitlines())) <= 80
    command = shlex.split(said.replace("\\\n", ""))  # as a shell reads it
    assert command[:5] == ["simsuite", "waterfall", "half_integrated", "--strategy", "integrated"]
    options = list(zip(command[5::2], command[6::2], strict=True))
    assert sorted(options) == [
        ("--results", "results/other place"),
        ("--seed", "7"),
        ("--set", 'channels.store.title="A shop"'),
        ("--set", "population.customers=500"),
        ("--without", "giving_up"),
        ("--without", "statements"),
    ]


def test_the_next_command_names_a_scenario_from_elsewhere_by_the_file_that_was_kept():
    elsewhere = replace(flagship(), name="a_file_elsewhere")
    text = answer(elsewhere, with_verdicts([BETTER]), {}, report="results/a_file_elsewhere/report.html")
    assert text.splitlines()[-1] == "simsuite waterfall results/a_file_elsewhere/resolved/a_file_elsewhere.toml"


@pytest.mark.parametrize("explained", [False, True])
def test_the_next_command_repeats_what_took_a_channel_out(explained):
    changed = load(
        "scenarios/flagship_retailer.toml", {"channels.phone.present": "false", "experiment.seed": 7}
    ).without(["statements"])
    text = answer(
        changed,
        with_verdicts([BETTER]),
        {},
        report="results/flagship_retailer/report.html",
        waterfall=waterfall() if explained else None,
    )
    words = shlex.split(text.partition("\nNext ")[2].replace("\\\n", ""))
    assert ("show" in words and "--origin" in words) if explained else "waterfall" in words
    options = set(zip(words, words[1:], strict=False))
    seed = ("--set", "experiment.seed=7") if explained else ("--seed", "7")
    assert {("--set", "channels.phone.present=false"), ("--without", "statements"), seed} <= options


def test_of_files_the_answer_says_which_is_the_reference():
    other = load("scenarios/flagship_retailer.toml", {"channels.store.trip": "12 min"})
    text = answer(flagship(), with_verdicts([BETTER]), {}, others={"isolated": flagship(), "integrated": other})
    assert "The reference is isolated: the first file unless reference= names another." in " ".join(text.split())
    assert "The reference is" not in answer(flagship(), with_verdicts([BETTER]), {})


def test_the_source_of_a_gain_is_where_the_needs_had_gone():
    # gained is 10 to 15 by replication: 13.5 saved from a lost cart, 4 not considered, and 5 forfeited
    text = " ".join(answer(flagship(), *compared()).split())
    assert "Sales gained, net (saved less forfeited): +12.5 per 1,000 needs (likely 10.5 to 14.5)" in text
    assert "mostly from: cart lost +13.5, not considered +4.0 " in text


def test_of_a_loss_it_is_said_where_it_went():
    comparison, found = compared()
    swapped = found["saved_from"]["kind"].map({"saved": "forfeited", "forfeited": "saved"})
    lost = {**found, "saved_from": found["saved_from"].assign(kind=swapped)}
    text = " ".join(answer(flagship(), comparison, lost).split())
    assert "Sales lost, net (saved less forfeited): -12.5 per 1,000 needs" in text
    assert "mostly to: cart lost -13.5, not considered -4.0 " in text
    assert "Sales gained" not in text


def test_a_cause_that_forfeits_as_much_as_it_saves_is_no_source():
    comparison, found = compared()
    frame = found["saved_from"]
    back = frame[frame["cause"] == "CART_LOST"].assign(kind="forfeited")
    both = {**found, "saved_from": pd.concat([frame, back], ignore_index=True)}
    net = {row["title"]: row["net"] for row in Pair(flagship(), comparison, both, "integrated").sources}
    assert net == pytest.approx({"not considered": 4.0, "cart lost": 0.0, "not ready to buy": -5.0})


def test_a_cart_that_is_ordered_elsewhere_stands_under_the_abandoned_ones():
    text = answer(flagship(), *compared())
    places = [text.index(f"\n{title}") for title in ("Cart", "- ordered", "- lost for", "Consistency")]
    assert places == sorted(places)
    text = " ".join(text.split())
    assert "Lines with a dash belong to the measure above them" in text


def test_what_is_experienced_stands_under_the_audit_without_a_verdict():
    comparison, found = compared()
    lines = answer(flagship(), comparison, found).splitlines()
    audit = next(place for place, line in enumerate(lines) if line.startswith("(audit)"))
    assert "not comparable" in " ".join(lines[audit + 1 : audit + 3])
    assert "Consistency (experienced) has no verdict: strategies change who" in " ".join(lines)


@pytest.mark.parametrize(("experienced", "told"), [(0.2, False), (-0.2, True)])
def test_selection_is_named_if_audit_and_experience_disagree(experienced, told):
    comparison, found = compared()
    table, beside = comparison.table.copy(), comparison.companions.copy()
    set_row(table, "consistency", 0.3, "better")
    set_row(beside, "experienced_consistency", experienced, "not comparable")
    turned = replace(comparison, table=table, companions=beside)
    assert ("disagree" in (text := answer(flagship(), turned, found))) == told
    assert ("selection" in text) == told


@pytest.mark.parametrize(
    ("up", "down", "told"),
    [(15.0, 10.0, "gains and losses cancel"), (4.0, 12.0, "more losses, too few"), (2.0, 1.0, "")],
)
def test_a_mean_that_hides_many_who_moved_says_so(up, down, told):
    comparison, found = compared()
    table, beside = comparison.table.copy(), comparison.companions.copy()
    set_row(table, "satisfaction", 0.0, "no difference that matters")
    set_row(beside, "more_satisfied", up, "better")
    set_row(beside, "less_satisfied", down, "worse")
    text = answer(flagship(), replace(comparison, table=table, companions=beside), found)
    flat = " ".join(text.split())
    assert told in flat
    assert (f"{up:.0f} % of the customers" in flat) == bool(told)


def set_row(table, measure, change, verdict):
    """Write a change with a narrow interval and a verdict into the row of a measure."""
    columns = ["reference_value", "value", "change", "low", "high", "verdict"]
    row = [0.0, change, change, change - 1e-4, change + 1e-4, verdict]
    table.loc[table["measure"] == measure, columns] = row


def test_without_twins_it_is_said_that_other_people_live_there():
    comparison, found = compared()
    strangers = {name: table for name, table in found.items() if name not in ("twins", "saved_from")}
    text = " ".join(answer(flagship(), comparison, strangers).split())
    assert "no twins" in text
    assert "the same 20,000 customers" not in text
    assert "Sales saved" not in text


def test_elements_are_told_beside_the_whole_change():
    text = answer(flagship(), *compared(), waterfall=waterfall())
    text = " ".join(text.split())
    assert "orders per 100 needs: identity +0.60, cart +0.30" in text
    assert "jointly" not in text  # 0.1 in every run
    total = waterfall()["contribution"].sum()
    assert float(text.partition("Element by element, of ")[2].split()[0]) == pytest.approx(total, abs=0.005)


def test_the_answer_says_what_the_interval_leaves_out():
    flat = " ".join(answer(flagship(), *compared()).split())
    assert "Monte Carlo only" in flat
    assert "assumptions of the scenario" in flat


def test_colors_come_only_when_asked_for():
    verdicts = with_verdicts([BETTER, WORSE])
    assert "\x1b[" not in answer(flagship(), verdicts, {})
    assert "\x1b[" in answer(flagship(), verdicts, {}, color=True)


def test_brackets_in_a_title_are_no_markup():
    scenario = flagship()
    strategies = dict(scenario.spec.strategies)
    strategies["integrated"] = strategies["integrated"].model_copy(update={"title": "All [bold]data[/bold]"})
    marked = type(scenario)(
        scenario.spec.model_copy(update={"strategies": strategies}), scenario.name, scenario.origins
    )
    assert "[bold]data[/bold]" in answer(marked, with_verdicts([BETTER]), {})


def test_files_against_each_other_show_the_values_that_differ():
    other = load("scenarios/flagship_retailer.toml", {"channels.store.trip": "12 min"})
    text = answer(flagship(), with_verdicts([BETTER], strategy="far_away"), {}, others={"far_away": other})
    assert "channels.store.trip" in text.split("Measure")[0]


def test_the_data_form_holds_the_same_answer_and_is_valid_json():
    data = for_json(
        flagship(),
        with_verdicts([BETTER, OPEN, MISSING], run_more=7),
        tables(),
        waterfall=waterfall(),
    )
    again = json.loads(json.dumps(data, allow_nan=False))
    assert [row["verdict"] for row in again["measures"]] == [BETTER, OPEN, MISSING]
    assert [row["run_more"] for row in again["measures"]] == [None, 7, None]
    assert again["measures"][2]["value"] is None
    assert again["elements"]["integrated"][0]["contribution"] == pytest.approx(0.6)


def test_the_next_command_names_the_scenario_that_was_compared_though_another_has_its_name(tmp_path, monkeypatch):
    text = Path("scenarios/flagship_retailer.toml").read_text()
    for folder in ("scenarios", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shop.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    comparison, found = compared()
    for name, named in (("shop", "shop"), ("mine/shop.toml", "results/shop/resolved/shop.toml")):
        words = answer(load(name), comparison, found, report="results/shop/report.html").split()
        assert words[words.index("waterfall") + 1] == named
