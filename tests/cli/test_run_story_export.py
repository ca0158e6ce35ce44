"""The commands run, story and export."""

import json

import pandas as pd
import pytest
from commands import SMALL, TINY, inside, simsuite, write_scenario


def test_an_export_has_one_row_per_event_and_one_per_need(tmp_path):
    write_scenario(tmp_path)
    simsuite("export", "retail_question.toml", "--to", "events.csv", *SMALL, folder=tmp_path)
    simsuite("export", "retail_question.toml", "--journeys", "--to", "journeys.parquet", *SMALL, folder=tmp_path)
    events, journeys = pd.read_csv(tmp_path / "events.csv"), pd.read_parquet(tmp_path / "journeys.parquet")
    assert len(events) > len(journeys) > 100
    assert not journeys.duplicated(["customer", "need"]).any()


def test_a_story_is_told_in_both_worlds(tmp_path):
    done = simsuite("story", "retail_question.toml", "--customer", "17", *SMALL, folder=write_scenario(tmp_path))
    assert "Isolated channels" in done.stdout and "Integrated data" in done.stdout


def test_a_story_as_data_holds_what_the_words_say(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["story", "retail_question.toml", *SMALL, "--without", "stock"]
    told = json.loads(inside(*words, "--json"))
    assert (told["reference"], told["strategy"], told["seed"], told["switched_off"]) == (
        "isolated",
        "integrated",
        1,
        ["stock"],
    )
    said = " ".join(inside(*words).split())
    assert told["story"]["who"] in said and all(world in said for world in told["story"]["worlds"])
    first = told["story"]["moments"][0]
    assert first["left"].partition(":")[0] in said and first["day"] < told["story"]["moments"][-1]["day"]


def test_no_story_is_no_story_as_data_either(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    with (tmp_path / "retail_question.toml").open("a") as file:
        file.write("[strategies.just_the_same]\n")
    words = ["story", "retail_question.toml", "--strategy", "just_the_same", *TINY]
    assert json.loads(inside(*words, "--json"))["story"] is None
    assert "No customer's days differ" in inside(*words)


@pytest.mark.parametrize("options, holds", [([], "events"), (["--journeys"], "journeys")])
def test_an_export_as_data_says_what_was_written(tmp_path, monkeypatch, options, holds):
    monkeypatch.chdir(write_scenario(tmp_path))
    said = json.loads(
        inside(
            "export",
            "retail_question.toml",
            "--to",
            "made/table.csv",
            "--strategy",
            "integrated",
            *options,
            *TINY,
            "--json",
        )
    )
    table = pd.read_csv(tmp_path / said["written"])
    assert (said["holds"], said["rows"], said["columns"]) == (holds, len(table), list(table.columns))
    assert (said["scenario"], said["strategy"], said["replication"]) == ("retail_question", "integrated", 0)


def test_a_single_run_reads_like_an_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["run", "retail_question.toml", "--strategy", "integrated", *TINY]
    said, told = inside(*words), json.loads(inside(*words, "--json"))
    lines = said.splitlines()
    about = "Integrated data, one run: replication 0, seed 1, 100 customers, needs of 28 days after a warm-up of 14,"
    assert " ".join(said.split()).startswith(about) and max(map(len, lines)) <= 80
    for row in told["measures"]:
        title = row["title"] + (" (EUR)" if row["unit"] == "money" else "")
        (own,) = [line for line in lines if line.partition("  ")[0] == title] or [""]
        assert bool(own) == (row["value"] is not None), title
        if own:
            value, unit = own.removeprefix(title).split()[:2]
            assert float(value) == pytest.approx(row["value"], abs=0.051) and (
                unit == row["unit"] or row["unit"] in ("", "money")
            )
    (over,) = [
        row["denominator"] for row in told["measures"] if row["measure"] == "discount"
    ]  # the list value, in cents
    assert f"  {over / 100:,.2f} EUR of list value" in said.partition("\nDiscount ")[2].partition("\n")[0]


def test_a_single_run_prints_its_measures_in_both_engines_alike(tmp_path):
    write_scenario(tmp_path)
    tiny = [*SMALL, "--set", "population.customers=60"]
    printed = [
        simsuite("run", "retail_question.toml", "--engine", engine, "--json", *tiny, folder=tmp_path).stdout
        for engine in ("batch", "mesa")
    ]
    assert json.loads(printed[0]) == json.loads(printed[1])
