"""The commands waterfall and removal: what they keep, and when the report shows it."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from commands import SMALL, TINY, of_another_program, simsuite, write_scenario

from simsuite.cli.kept import asked_scenario, why_not_shown
from simsuite.experiment.journal import Journal
from simsuite.vocabulary import LOSING_CAUSES


def test_explanations_go_into_the_results_folder_and_from_there_into_the_report(tmp_path):
    write_scenario(tmp_path)
    folder = tmp_path / "results" / "retail_question"
    first = simsuite("waterfall", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    assert (
        "contribution" in first.stdout
        and "all together" in first.stdout
        and "shared, central" in first.stdout
        and "simsuite report" not in first.stdout
    )
    simsuite("compare", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    digest = json.loads((folder / "manifest.json").read_text())["content_digest"]
    assert "Knowing is not deciding" in (folder / "report.html").read_text()
    done = simsuite(
        "removal", "retail_question.toml", "--strategy", "integrated", "--replications", "2", *SMALL, folder=tmp_path
    )
    assert max(len(line) for line in done.stdout.splitlines()[:-2]) <= 80
    assert "simsuite report results/retail_question" in done.stdout
    causes = [
        row.partition("  ")[0]
        for row in done.stdout.splitlines()
        if row.endswith(tuple("0123456789-")) and " % " in row
    ]
    assert set(causes) == {cause.words.label for cause in LOSING_CAUSES}
    again = simsuite("report", "results/retail_question", folder=tmp_path)
    assert "Element by element" in again.stdout
    text = (folder / "report.html").read_text()
    assert "Removal is not share" in text and "is left out" not in text
    assert json.loads((folder / "manifest.json").read_text())["content_digest"] == digest
    assert len(pd.read_parquet(folder / "removal.parquet")) == 19


@pytest.fixture
def own(compared, tmp_path, monkeypatch):
    """The scenario of the compared folder, and a copy of this folder as `r`, in a working directory of its own."""
    shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "r")
    monkeypatch.chdir(write_scenario(tmp_path))
    return lambda *changes: asked_scenario("retail_question.toml", [*SMALL[1::2], *changes], None, ())


def test_what_explains_a_comparison_of_another_version_will_not_be_shown(own):
    assert why_not_shown(Path("r"), own(), "integrated") == ""
    of_another_program(Path("r"))
    said = why_not_shown(Path("r"), own(), "integrated")
    assert "another version of the program" in said and "simsuite compare" in said


@pytest.mark.parametrize(
    "changes, named",
    [
        (["experiment.seed=7"], "experiment.seed"),
        (["parameters.giving_up.competitor=0.5"], "parameters.giving_up.competitor"),
        (
            ["experiment.horizon=21", "strategies.integrated.flows.cart.coverage=0.5"],
            "strategies.integrated.flows.cart.coverage, experiment.horizon",
        ),
        ([], ""),
    ],
)
def test_only_values_that_a_run_depends_on_keep_an_explanation_from_being_shown(own, changes, named):
    idle = [
        "experiment.replications=9",
        "experiment.logged_replications=2",
        "experiment.level=0.9",
        "title=Other",
        "currency=USD",
    ]
    said = why_not_shown(Path("r"), own(*idle, *changes), "integrated")
    assert f"other values ({named})" in said if named else said == ""


@pytest.mark.parametrize(
    "words, said",
    [
        (["removal", "--set", "parameters.giving_up.competitor=0.5"], "(parameters.giving_up.competitor)"),
        (["waterfall", "--seed", "7"], "(experiment.seed)"),
        (["removal"], ""),
    ],
    ids=["value", "seed", "same"],
)
def test_an_explanation_that_the_report_will_not_show_says_so_before_it_runs(compared, tmp_path, words, said):
    shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "r")
    command, *options = words
    done = simsuite(
        command,
        "retail_question.toml",
        "--replications",
        "2",
        *SMALL,
        *options,
        "--results",
        "r",
        folder=write_scenario(tmp_path),
    )
    assert said in done.stderr and ("The report will not show this" in done.stderr) == bool(said)
    assert ("simsuite report r" in done.stdout) != bool(said)


def test_an_explanation_of_another_world_is_left_out_with_a_word(tmp_path):
    write_scenario(tmp_path)
    simsuite(
        "waterfall",
        "retail_question.toml",
        "--replications",
        "2",
        *SMALL,
        "--set",
        "parameters.giving_up.competitor=0.5",
        folder=tmp_path,
    )
    done = simsuite("compare", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    assert "Element by element" not in done.stdout
    text = (tmp_path / "results" / "retail_question" / "report.html").read_text()
    assert "waterfall.parquet belongs to another scenario" in text and "Knowing is not deciding" not in text


def test_runs_of_an_explanation_are_kept_and_only_added_to(tmp_path):
    write_scenario(tmp_path)
    simsuite("waterfall", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    runs = tmp_path / "results" / "retail_question" / "explanations" / "waterfall_integrated"
    before = (runs / "journal.jsonl").read_text()
    simsuite("waterfall", "retail_question.toml", "--replications", "3", *SMALL, folder=tmp_path)
    added = (runs / "journal.jsonl").read_text().removeprefix(before)
    assert {
        entry["replication"] for line in added.splitlines() if (entry := json.loads(line))["kind"] == "replication"
    } == {2}
    before = (runs / "journal.jsonl").read_text()
    other = simsuite("waterfall", "retail_question.toml", "--replications", "2", "--seed", "5", *SMALL, folder=tmp_path)
    assert "waterfall_integrated_1" in other.stderr
    assert (runs.with_name("waterfall_integrated_1") / "journal.jsonl").read_text() == before
    assert set(pd.read_parquet(runs.parents[1] / "waterfall.parquet")["seed"]) == {5}


@pytest.mark.parametrize(
    "command, runs",
    [
        ("removal", "removal_isolated"),
        pytest.param("waterfall", "waterfall_integrated", marks=pytest.mark.verification),
    ],
)
def test_an_explanation_never_uses_runs_of_another_version_of_the_program(tmp_path, command, runs):
    write_scenario(tmp_path)
    words = [command, "retail_question.toml", "--replications", "2", *TINY]
    first = simsuite(*words, folder=tmp_path)
    folder = tmp_path / "results" / "retail_question" / "explanations" / runs
    of_another_program(folder)
    again = simsuite(*words, folder=tmp_path)
    assert f"{runs}_1" in again.stderr and again.stdout == first.stdout
    assert Journal.read(folder).of_this_program and len(list(folder.parent.iterdir())) == 2
    made = Journal.read(folder).entries
    assert {entry["replication"] for entry in made if entry["kind"] == "replication"} == {0, 1}
