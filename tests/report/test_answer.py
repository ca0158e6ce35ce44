"""The answer in words: what the first sentence says in every case, and that all of it fits."""

import json

import pytest
from comparisons import compared, flagship, tables, three_strategies, waterfall, with_verdicts

from simsuite.report.answer import answer, for_json, verdict_in_words

BETTER, WORSE, SAME, OPEN, MISSING = (
    "better",
    "worse",
    "no difference that matters",
    "cannot tell yet",
    "not measured",
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
            "Integrated data makes no difference that matters, compared with isolated "
            "channels, on all 2 measures.",
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
    assert "(run 60 more)" in flat
    for verdict in (BETTER, WORSE, "no difference", "cannot tell yet", MISSING):
        assert verdict in text


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
            seconds=9,
            report="results/x/report.html",
        )
        assert max(map(len, text.splitlines())) <= 80
        assert text.count("Measure ") == len(strategies) - 1


def test_only_what_differs_is_named():
    text = answer(flagship(), *compared())
    differs = text.split("What differs")[1].split("Measure")[0]
    assert "80 %, after 1 day, 2 % wrong" in differs
    assert "collect in store" in differs
    assert "announced" not in differs  # no strategy of the flagship announces anything


def test_the_source_of_a_gain_is_where_the_needs_had_gone():
    # over 6 replications, gained is 10 to 15: 81 of 81 + 24 saved needs had lost their cart
    text = answer(flagship(), *compared())
    assert "Sales saved mostly from: cart lost (77 %), not considered (23 %)" in text


def test_of_a_loss_it_is_said_where_it_went():
    comparison, found = compared()
    swapped = found["saved_from"]["kind"].map({"saved": "forfeited", "forfeited": "saved"})
    lost = {**found, "saved_from": found["saved_from"].assign(kind=swapped)}
    text = answer(flagship(), comparison, lost)
    assert "Sales forfeited mostly to: cart lost (77 %)" in text
    assert "saved mostly" not in text


def test_without_twins_it_is_said_that_other_people_live_there():
    comparison, found = compared()
    strangers = {
        name: table for name, table in found.items() if name not in ("twins", "saved_from")
    }
    text = " ".join(answer(flagship(), comparison, strangers).split())
    assert "no twins" in text
    assert "the same 20,000 customers" not in text
    assert "Sales saved" not in text


def test_elements_are_told_as_shares_of_the_whole_change():
    text = answer(flagship(), *compared(), waterfall=waterfall())
    assert "Element by element: identity (60 %), cart (30 %), jointly (10 %)" in text


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
    strategies["integrated"] = strategies["integrated"].model_copy(
        update={"title": "All [bold]data[/bold]"}
    )
    marked = type(scenario)(
        scenario.spec.model_copy(update={"strategies": strategies}), scenario.name, scenario.origins
    )
    assert "[bold]data[/bold]" in answer(marked, with_verdicts([BETTER]), {})


def test_files_against_each_other_show_the_values_that_differ():
    from simsuite.scenario import load

    other = load("scenarios/flagship_retailer.toml", {"channels.store.trip": "12 min"})
    text = answer(
        flagship(), with_verdicts([BETTER], strategy="far_away"), {}, others={"far_away": other}
    )
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
