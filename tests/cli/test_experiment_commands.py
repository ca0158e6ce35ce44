"""The commands that run something, as a person types them, on small worlds."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from simsuite.cli import main
from simsuite.cli.kept import asked_scenario, why_not_shown
from simsuite.cli.main import app
from simsuite.cli.sweep import beside, label, name_at, plan_sweep
from simsuite.errors import ScenarioError, UsageError
from simsuite.experiment.journal import Journal
from simsuite.report.labels import CAUSES
from simsuite.scenario import load
from simsuite.scenario.fields import leaves
from simsuite.specs.parameters import Parameters

SMALL = ["--set", "population.customers=400", "--set", "experiment.warm_up=14", "--set", "experiment.horizon=28",
         "--set", "experiment.cool_down=7"]
TINY = [*SMALL, "--set", "population.customers=100"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.getcwd(), "NO_COLOR": "1"}


def simsuite(*words: str, folder, check: bool = True) -> subprocess.CompletedProcess:
    """Run the command in a folder of its own."""
    done = subprocess.run([sys.executable, "-m", "simsuite.cli.main", *words], cwd=folder, capture_output=True, text=True,
                          env=ENVIRONMENT)
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A folder in which a comparison has been run, and what it printed."""
    folder = tmp_path_factory.mktemp("compared")
    done = simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, folder=write_scenario(folder))
    return folder, done


def write_scenario(folder):
    """A scenario file with three strategies."""
    (folder / "retail_question.toml").write_text(
        'title = "A small question"\nextends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n')
    return folder


def test_the_answer_comes_in_words_first_and_fits_eighty_columns(compared):
    lines = compared[1].stdout.splitlines()
    assert "isolated channels" in lines[0].lower() and lines[0].endswith(".")
    assert max(len(line) for line in lines) <= 80
    assert any("Monte Carlo" in line for line in lines)


def test_a_results_folder_holds_tables_report_workbook_and_manifest(compared):
    folder = compared[0] / "results" / "retail_question"
    for name in ("report.html", "summary.xlsx", "comparisons.csv", "runs.parquet", "measures.parquet", "ledger.parquet",
                 "twins.parquet", "manifest.json", "journal.jsonl", "resolved/retail_question.toml"):
        assert (folder / name).is_file(), name
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 6 and set(runs["status"]) == {"done"}
    assert not list(folder.glob("**/*.tmp"))


def test_running_again_and_resuming_keep_the_content_digest(compared):
    folder = compared[0]
    manifest = folder / "results" / "retail_question" / "manifest.json"
    before = json.loads(manifest.read_text())["content_digest"]
    simsuite("resume", "results/retail_question", folder=folder)
    assert json.loads(manifest.read_text())["content_digest"] == before
    simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, "--results", "again", folder=folder)
    assert json.loads((folder / "again" / "manifest.json").read_text())["content_digest"] == before


def test_a_changed_scenario_is_another_experiment_and_puts_the_results_of_the_first_aside(compared, tmp_path):
    folder = tmp_path / "results" / "retail_question"
    shutil.copytree(compared[0] / "results" / "retail_question", folder)
    shutil.copy(compared[0] / "retail_question.toml", tmp_path)
    before = (folder / "manifest.json").read_bytes()
    done = simsuite("compare", "retail_question.toml", "--replications", "2", "--seed", "2", *SMALL, folder=tmp_path)
    assert "retail_question_1" in done.stderr and "Orders per 100" in done.stdout
    assert (folder.with_name("retail_question_1") / "manifest.json").read_bytes() == before
    assert json.loads((folder / "manifest.json").read_text())["content_digest"] not in before.decode()


def test_what_was_begun_is_resumed_from_anywhere_whatever_became_of_its_file(compared, tmp_path):
    """Values, their origins and what was switched off come from the results folder alone."""
    write_scenario(tmp_path)
    words = ["compare", "retail_question.toml", *SMALL, "--without", "M9", "--seed", "3"]
    simsuite(*words, "--replications", "2", folder=tmp_path)
    folder = tmp_path / "results" / "retail_question"
    before = (folder / "resolved" / "retail_question.toml").read_bytes()
    assert b"; --without M9\n" in before
    moved = folder.rename(tmp_path / "elsewhere")
    (tmp_path / "retail_question.toml").unlink()
    with (moved / "journal.jsonl").open("a") as journal:      # a later command, cut short before its first replication
        asked = {**Journal.read(moved)[0].about["command"], "replications": 3}
        journal.write(json.dumps({"kind": "about", "about": {"command": asked}}) + "\n")
    (tmp_path / "cwd").mkdir()
    done = simsuite("resume", "../elsewhere", folder=tmp_path / "cwd")
    assert "Switched off: M9." in " ".join(done.stdout.split()) and "3 paired runs" in done.stdout
    assert (moved / "resolved" / "retail_question.toml").read_bytes() == before
    again = simsuite("report", "../elsewhere", folder=tmp_path / "cwd")
    about = json.loads((moved / "manifest.json").read_text())
    assert about["command"] == ["simsuite", *words, "--replications", "2"]
    assert about["last_command"] == ["simsuite", "report", "../elsewhere"]
    assert again.stdout.partition("What differs")[2] == done.stdout.partition("What differs")[2] != ""
    assert list((tmp_path / "cwd").iterdir()) == []


def test_an_answer_counts_what_was_asked_for_whatever_the_folder_holds_beyond(compared, tmp_path):
    write_scenario(tmp_path)
    shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "used")
    few = ["compare", "retail_question.toml", "--replications", "2", *SMALL, "--json"]
    fresh, used = (simsuite(*few, "--results", name, folder=tmp_path) for name in ("fresh", "used"))
    assert used.stdout == fresh.stdout and "1 more replications than the 2 that were asked for" in used.stderr
    about = [json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("fresh", "used")]
    assert [each["replications"] for each in about] == [[0, 1], [0, 1]]
    assert about[0]["content_digest"] == about[1]["content_digest"]
    assert (tmp_path / "used" / "comparisons.csv").read_bytes() == (tmp_path / "fresh" / "comparisons.csv").read_bytes()
    assert set(pd.read_parquet(tmp_path / "used" / "measures.parquet")["replication"]) == {0, 1, 2}
    again = simsuite("report", "used", folder=tmp_path)
    assert "2 paired runs" in again.stdout and "1 more replications" in again.stderr


def test_several_files_are_resumed_from_what_the_folder_keeps(tmp_path):
    write_scenario(tmp_path)
    shutil.copy(tmp_path / "retail_question.toml", tmp_path / "other.toml")
    words = ["compare", "retail_question.toml", "other.toml", "--reference", "other", "--strategy", "integrated", *TINY]
    first = simsuite(*words, "--replications", "2", "--results", "r", folder=tmp_path)
    for name in ("retail_question.toml", "other.toml"):
        (tmp_path / name).unlink()
    again = simsuite("resume", "r", folder=tmp_path)
    first, again = (re.sub(r"  \d+ s\n", "\n", each.stdout) for each in (first, again))
    assert again == first


def test_where_no_scenario_is_kept_a_changed_file_cannot_be_resumed_and_nothing_is_moved(compared, tmp_path):
    folder = tmp_path / "results" / "retail_question"
    shutil.copytree(compared[0] / "results" / "retail_question", folder)
    shutil.rmtree(folder / "resolved")
    (tmp_path / "retail_question.toml").write_text(
        (compared[0] / "retail_question.toml").read_text() + "[parameters.choice]\ninertia = 0.9\n")
    done = simsuite("resume", "results/retail_question", folder=tmp_path, check=False)
    assert done.returncode == 1 and "another experiment" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["retail_question"]


def test_a_requirement_that_does_not_hold_ends_with_five(compared):
    done = simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, "--require", "conversion: worse",
                    folder=compared[0], check=False)
    assert done.returncode == 5 and "conversion is" in done.stderr


def test_json_is_data_and_nothing_else_on_stdout_and_a_report_gives_the_same(compared):
    done = simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, "--json", folder=compared[0])
    assert isinstance(json.loads(done.stdout), dict)
    assert simsuite("report", "results/retail_question", "--json", folder=compared[0]).stdout == done.stdout


def test_explanations_go_into_the_results_folder_and_from_there_into_the_report(tmp_path):
    write_scenario(tmp_path)
    folder = tmp_path / "results" / "retail_question"
    first = simsuite("waterfall", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    assert "contribution" in first.stdout and "all together" in first.stdout and "shared, central" in first.stdout and "simsuite report" not in first.stdout
    simsuite("compare", "retail_question.toml", "--replications", "2", *SMALL, folder=tmp_path)
    digest = json.loads((folder / "manifest.json").read_text())["content_digest"]
    assert "Knowing is not deciding" in (folder / "report.html").read_text()
    done = simsuite("removal", "retail_question.toml", "--strategy", "integrated", "--replications", "2", *SMALL, folder=tmp_path)
    assert max(len(line) for line in done.stdout.splitlines()[:-2]) <= 80
    assert "simsuite report results/retail_question" in done.stdout
    causes = [row.partition("  ")[0] for row in done.stdout.splitlines() if row.endswith(tuple("0123456789-")) and " % " in row]
    assert set(causes) == set(CAUSES.values())
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


@pytest.mark.parametrize("changes, named", [
    (["experiment.seed=7"], "experiment.seed"),
    (["parameters.giving_up.competitor=0.5"], "parameters.giving_up.competitor"),
    (["experiment.horizon=21", "strategies.integrated.flows.cart.coverage=0.5"],
     "strategies.integrated.flows.cart.coverage, experiment.horizon"),
    ([], ""),
])
def test_only_values_that_a_run_depends_on_keep_an_explanation_from_being_shown(own, changes, named):
    idle = ["experiment.replications=9", "experiment.logged_replications=2", "experiment.level=0.9", "title=Other", "currency=USD"]
    said = why_not_shown(Path("r"), own(*idle, *changes), "integrated")
    assert f"other values ({named})" in said if named else said == ""


@pytest.mark.parametrize("words, said", [
    (["removal", "--set", "parameters.giving_up.competitor=0.5"], "(parameters.giving_up.competitor)"),
    (["waterfall", "--seed", "7"], "(experiment.seed)"),
    (["removal"], ""),
], ids=["value", "seed", "same"])
def test_an_explanation_that_the_report_will_not_show_says_so_before_it_runs(compared, tmp_path, words, said):
    shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "r")
    command, *options = words
    done = simsuite(command, "retail_question.toml", "--replications", "2", *SMALL, *options, "--results", "r",
                    folder=write_scenario(tmp_path))
    assert said in done.stderr and ("The report will not show this" in done.stderr) == bool(said)
    assert ("simsuite report r" in done.stdout) != bool(said)


def test_an_explanation_of_another_world_is_left_out_with_a_word(tmp_path):
    write_scenario(tmp_path)
    simsuite("waterfall", "retail_question.toml", "--replications", "2", *SMALL, "--set", "parameters.giving_up.competitor=0.5",
             folder=tmp_path)
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
    assert {entry["replication"] for line in added.splitlines() if (entry := json.loads(line))["kind"] == "replication"} == {2}
    before = (runs / "journal.jsonl").read_text()
    other = simsuite("waterfall", "retail_question.toml", "--replications", "2", "--seed", "5", *SMALL, folder=tmp_path)
    assert "waterfall_integrated_1" in other.stderr
    assert (runs.with_name("waterfall_integrated_1") / "journal.jsonl").read_text() == before
    assert set(pd.read_parquet(runs.parents[1] / "waterfall.parquet")["seed"]) == {5}


@pytest.mark.parametrize("command, runs", [("removal", "removal_isolated"), ("waterfall", "waterfall_integrated")])
def test_an_explanation_never_uses_runs_of_another_version_of_the_program(tmp_path, command, runs):
    write_scenario(tmp_path)
    words = [command, "retail_question.toml", "--replications", "2", *TINY]
    first = simsuite(*words, folder=tmp_path)
    folder = tmp_path / "results" / "retail_question" / "explanations" / runs
    of_another_program(folder)
    again = simsuite(*words, folder=tmp_path)
    assert f"{runs}_1" in again.stderr and again.stdout == first.stdout
    assert Journal.read(folder)[0].of_this_program and len(list(folder.parent.iterdir())) == 2
    made = Journal.read(folder)[1]
    assert {entry["replication"] for entry in made if entry["kind"] == "replication"} == {0, 1}


def of_another_program(folder):
    """Have the results of a folder come from another version of the program."""
    journal = folder / "journal.jsonl"
    journal.write_text(re.sub(r'"program":"\w+"', '"program":"another"', journal.read_text()))


def test_a_sweep_has_a_row_for_every_value_and_measure(tmp_path):
    done = simsuite("sweep", "retail_question.toml", "--over", "flows.cart.coverage=0:1:0.5", "--replications", "2",
                    *SMALL, folder=write_scenario(tmp_path))
    said = " ".join(done.stdout.split())
    assert "Monte Carlo only" in said and "A change matters from: orders per 100 needs 0.1," in said
    assert "Margin per customer (EUR)" in done.stdout and "money" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "/curve." not in line) <= 80
    curve = pd.read_csv(next(tmp_path.glob("results/*/curve.csv")))
    assert sorted(set(curve["at"])) == [0.0, 0.5, 1.0]
    assert (curve.groupby("measure").size() == 3).all()
    heads = [f"{title} (EUR)" if unit == "money" else title for title, unit in zip(curve["title"], curve["unit"], strict=True)]
    lines = {}
    for line in done.stdout.splitlines():
        if line in heads:
            lines[line] = own = {}
        elif lines and line.startswith("  "):
            own[line.split()[0]] = line
        elif lines:
            break
    assert {head: set(own) for head, own in lines.items()} == dict.fromkeys(heads, {"0", "0.5", "1"})
    for head, row in zip(heads, curve.itertuples(), strict=True):
        line = lines[head][f"{row.at:g}"]
        assert line.partition("  " + row.verdict)[2].startswith("" if pd.isna(row.run_more) else " (run about ") and float(line.split()[1]) == pytest.approx(row.change, abs=0.051)
    assert next(tmp_path.glob("results/*/curve.svg")).read_text().startswith("<?xml")


def test_a_sweep_is_resumed_from_anywhere_and_its_folder_says_how_it_came_about(tmp_path, monkeypatch):
    """Also where another strategy extends the varied one, and so varies with it."""
    write_scenario(tmp_path)
    file = tmp_path / "retail_question.toml"
    file.write_text(file.read_text() + '[strategies.half]\nextends = "integrated"\nflows.stock.coverage = 0.4\n')
    monkeypatch.chdir(tmp_path)
    words = ["sweep", "retail_question.toml", "--over", "flows.cart.coverage=0:0.5:0.5", "--replications", "2", *TINY,
             "--without", "M9", "--results", "swept"]
    first = inside(*words)
    about = json.loads((tmp_path / "swept" / "manifest.json").read_text())
    assert about["strategies"] == ["isolated", "= 0", "= 0.5"] and about["replications"] == [0, 1]
    resolved = {path.name: path.read_text() for path in (tmp_path / "swept" / "resolved").iterdir()}
    assert set(resolved) == {f"retail_question{value}.toml" for value in ("", "_0", "_0.5")}
    assert "; --set strategies.integrated.flows.cart.coverage=0.5\n" in resolved["retail_question_0.5.toml"]

    file.unlink()
    folder = (tmp_path / "swept").rename(tmp_path / "moved")
    (folder / "manifest.json").unlink()
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    assert inside("resume", "../moved") == first.replace("swept", "../moved")
    again = json.loads((folder / "manifest.json").read_text())
    assert (again["identity"], again["content_digest"]) == (about["identity"], about["content_digest"])
    assert resolved == {path.name: path.read_text() for path in (folder / "resolved").iterdir()}
    (folder / "curve.csv").unlink()
    assert inside("report", "../moved") == first.replace("swept", "../moved") and (folder / "curve.csv").is_file()
    told = json.loads(inside("report", "../moved", "--json"))
    assert told == json.loads(inside("resume", "../moved", "--json")) and told["values"] == [0.0, 0.5]


def test_an_interrupted_sweep_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["sweep", "retail_question.toml", "--over", "parameters.choice.inertia=0:1:0.5", *TINY]
    whole = inside(*words, "--replications", "3", "--results", "whole")
    inside(*words, "--replications", "2", "--results", "part")
    with (tmp_path / "part" / "journal.jsonl").open("a") as journal:      # a command cut short before its first replication
        asked = {**Journal.read(tmp_path / "part")[0].about["command"], "replications": 3}
        journal.write(json.dumps({"kind": "about", "about": {"command": asked}}) + "\n")
    assert inside("resume", "part") == whole.replace("whole", "part")
    for name in ("curve.csv", "curve.svg"):
        assert (tmp_path / "part" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


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
    words = ["story", "retail_question.toml", *SMALL, "--without", "M9"]
    told = json.loads(inside(*words, "--json"))
    assert (told["reference"], told["strategy"], told["seed"], told["switched_off"]) == ("isolated", "integrated", 1, ["M9"])
    said = " ".join(inside(*words).split())
    assert told["story"]["who"] in said and all(world in said for world in told["story"]["worlds"])
    first = told["story"]["moments"][0]
    assert first["left"].partition(":")[0] in said and first["day"] < told["story"]["moments"][-1]["day"]


def test_no_story_is_no_story_as_data_either(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["story", "retail_question.toml", "--strategy", "isolated", *TINY]
    assert json.loads(inside(*words, "--json"))["story"] is None
    assert "No customer's days differ" in inside(*words)


@pytest.mark.parametrize("options, holds", [([], "events"), (["--journeys"], "journeys")])
def test_an_export_as_data_says_what_was_written(tmp_path, monkeypatch, options, holds):
    monkeypatch.chdir(write_scenario(tmp_path))
    said = json.loads(inside("export", "retail_question.toml", "--to", "made/table.csv", "--strategy", "integrated", *options,
                             *TINY, "--json"))
    table = pd.read_csv(tmp_path / said["written"])
    assert (said["holds"], said["rows"], said["columns"]) == (holds, len(table), list(table.columns))
    assert (said["scenario"], said["strategy"], said["replication"]) == ("retail_question", "integrated", 0)


def test_a_single_run_reads_like_an_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["run", "retail_question.toml", "--strategy", "integrated", *TINY]
    said, told = inside(*words), json.loads(inside(*words, "--json"))
    lines = said.splitlines()
    assert said.startswith("Integrated data, one run: replication 0, seed 1, 100 customers, 28 days.") and max(map(len, lines)) <= 80
    for row in told["measures"]:
        title = row["title"] + (" (EUR)" if row["unit"] == "money" else "")
        (own,) = [line for line in lines if line.partition("  ")[0] == title] or [""]
        assert bool(own) == (row["value"] is not None), title
        if own:
            value, unit = own.removeprefix(title).split()[:2]
            assert float(value) == pytest.approx(row["value"], abs=0.051) and (unit == row["unit"] or row["unit"] in ("", "money"))
    (over,) = [row["denominator"] for row in told["measures"] if row["measure"] == "discount"]     # the list value, in cents
    assert f"  {over / 100:,.2f} EUR\n" in said.partition("\nDiscount ")[2].partition("\n")[0] + "\n"


@pytest.mark.parametrize("words", [["compare", "--replications", "2"], ["waterfall", "--replications", "2"], ["run"], ["story"],
                                   ["sweep", "--over", "flows.cart.coverage=0:1:1", "--replications", "2"]],
                         ids=lambda words: words[0])
def test_data_say_what_was_set_and_what_was_switched_off(tmp_path, monkeypatch, words):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    told = json.loads(inside(command, "retail_question.toml", *options, *TINY, "--seed", "3", "--without", "M9", "--json"))
    assert told["switched_off"] == ["M9"]
    assert told["set"] == {"population.customers": 100, "experiment.warm_up": 14, "experiment.horizon": 28,
                           "experiment.cool_down": 7, "experiment.seed": 3}


def test_a_single_run_prints_its_measures_in_both_engines_alike(tmp_path):
    write_scenario(tmp_path)
    tiny = [*SMALL, "--set", "population.customers=60"]
    printed = [simsuite("run", "retail_question.toml", "--engine", engine, "--json", *tiny, folder=tmp_path).stdout
               for engine in ("batch", "mesa")]
    assert json.loads(printed[0]) == json.loads(printed[1])


def inside(*words: str) -> str:
    """What a command prints, run within this process and folder."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def without_by_hand(mechanism: str) -> list[str]:
    """The options that set every value of a mechanism to where it does nothing."""
    before, after = (dict(leaves(parameters)) for parameters in (Parameters(), Parameters().without(mechanism)))
    return [word for path, value in after.items() if value != before[path]
            for word in ("--set", f"parameters.{'.'.join(path)}={value}")]


@pytest.mark.parametrize("words", [
    ["waterfall", "--replications", "2", "--fresh"], ["removal", "--replications", "2", "--fresh"],
    ["sweep", "--over", "flows.cart.coverage=0:1:1", "--replications", "2", "--fresh"],
    ["story", "--customer", "17"], ["export", "--to", "events.csv"],
], ids=lambda words: words[0])
def test_a_mechanism_is_switched_off_in_every_command_that_runs_and_the_answer_says_so(tmp_path, monkeypatch, words):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    off = inside(command, "retail_question.toml", *options, *TINY, "--without", "M8")
    by_hand = inside(command, "retail_question.toml", *options, *TINY, *without_by_hand("M8"))
    as_it_is = inside(command, "retail_question.toml", *options, *TINY)
    said = off.replace("Switched off: M8.", "")
    assert said != off
    assert said.split() == by_hand.split() and (command == "story" or by_hand != as_it_is)


def test_a_sweep_of_what_is_switched_off_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    with pytest.raises(UsageError, match="--without M8 holds"):
        inside("sweep", "retail_question.toml", "--over", "parameters.giving_up.competitor=0.1:0.2:0.1", "--without", "M8")


@pytest.mark.parametrize("over", ["experiment.replications=2:4:1", "experiment.seed=1:3:1", "experiment.level=0.8:0.9:0.1",
                                  "check.app.order_value=10:20:10"])
def test_a_sweep_of_what_is_no_part_of_the_world_is_refused(tmp_path, monkeypatch, over):
    monkeypatch.chdir(write_scenario(tmp_path))
    with pytest.raises(UsageError, match="change nothing that happens in a run"):
        inside("sweep", "retail_question.toml", "--over", over)
    assert not (tmp_path / "results").exists()


def test_a_sweep_of_a_strategy_that_is_not_compared_is_refused_unless_a_compared_one_extends_it(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    file = tmp_path / "retail_question.toml"
    file.write_text(file.read_text() + '[strategies.half]\nextends = "integrated"\n[strategies.ideal]\nextends = "integrated_ideal"\n')

    def planned(over, strategy):
        return plan_sweep(load(file.name), lambda path, value: load(file.name, {path: value}), over, strategy, 2)

    with pytest.raises(UsageError, match="change nothing that happens in a run of retail_question, which compares half with isolated"):
        planned("strategies.ideal.flows.cart.coverage=0:1:0.5", "half")
    assert planned("strategies.integrated.flows.cart.coverage=0:1:0.5", "half").values == (0.0, 0.5, 1.0)


@pytest.mark.parametrize("words, said", [
    (["compare", "retail_question.toml", "--strategy", "nope"], "has no strategy 'nope'"),
    (["compare", "retail_question.toml", "--without", "M99"], "known mechanisms are M1, M2, M3"),
    (["sweep", "retail_question.toml", "--over", "coverage"], "PATH=FROM:TO:STEP"),
    (["export", "retail_question.toml", "--to", "events.txt"], ".csv or .parquet"),
    (["resume", "nowhere"], "no results folder"),
])
def test_a_wrong_call_says_what_was_allowed_and_ends_with_two(tmp_path, words, said):
    done = simsuite(*words, folder=write_scenario(tmp_path), check=False)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words, code", [(["compare", "nothere.toml"], 3), (["run", "retail_question.toml", "--strategy", "nope"], 2),
                                         (["report", "nowhere"], 2)], ids=lambda word: str(word))
def test_of_an_error_there_are_no_data_on_stdout_but_a_sentence_and_an_exit_code(tmp_path, words, code):
    done = simsuite(*words, "--json", folder=write_scenario(tmp_path), check=False)
    assert (done.returncode, done.stdout) == (code, "") and words[-1] in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["check"], ["run"], ["compare", "--replications", "2"]], ids=lambda words: words[0])
def test_what_has_no_effect_is_warned_of_once_and_goes_through(tmp_path, words):
    command, *options = words
    file = write_scenario(tmp_path) / "retail_question.toml"
    file.write_text(file.read_text() + '[strategies.half]\nextends = "isolated"\ncapabilities.collect_in_store = true\n')
    done = simsuite(command, file.name, *options, *TINY, folder=tmp_path)
    assert done.stderr.count("collect_in_store = true has no effect") == 1
    assert "Warning: retail_question.toml:7:33: " in done.stderr and ".py" not in done.stderr
    for later in ("resume", "report") if command == "compare" else ():
        assert "Warning" not in simsuite(later, "results/retail_question", folder=tmp_path).stderr


@pytest.mark.parametrize("words, goes_on", [
    (["compare", "x"], "the same command goes on"), (["resume", "x"], "the same command goes on"),
    (["compare", "x", "--fresh"], "the same command without --fresh goes on"), (["run", "x"], ""), (["check", "x"], ""),
])
def test_who_interrupts_is_told_that_something_is_kept_only_where_it_is(monkeypatch, capsys, words, goes_on):
    def interrupted(**options):
        sys.exit(130)

    monkeypatch.setattr(main, "app", interrupted)
    monkeypatch.setattr(sys, "argv", ["simsuite", *words])
    with pytest.raises(SystemExit) as end:
        main.main()
    said = capsys.readouterr().err
    assert end.value.code == 130 and said.startswith("Interrupted.")
    assert goes_on in said and ("is kept" in said) == bool(goes_on)


def test_help_imports_nothing_heavy(tmp_path):
    code = ("import sys; from simsuite.cli.main import app; "
            "print([name for name in ('numba', 'pandas', 'mesa', 'scipy', 'matplotlib', 'pydantic') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=os.getcwd())
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words, named", [
    (["compare", "--reference", "nope"], "--reference nope: "), (["compare", "--seed", str(10**20)], f"--seed {10**20}: "),
    (["run", "--seed", str(10**20)], f"--seed {10**20}: "),
    (["sweep", "--over", "flows.cart.coverage=0:2:1"], "--over strategies.integrated.flows.cart.coverage, value 2: "),
    (["compare", "--set", "population.customers=0"], "--set population.customers=0: "),
], ids=lambda words: words[1] if isinstance(words, list) else "")
def test_an_error_names_the_option_that_was_used(tmp_path, monkeypatch, words, named):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    with pytest.raises(ScenarioError) as error:
        inside(command, "retail_question.toml", *options)
    assert str(error.value).startswith(named) and "--set" not in str(error.value).removeprefix(named)


def test_values_of_a_sweep_that_differ_late_have_names_of_their_own():
    values = (1000000.0, 1000001.0, 0.123456789, 0.12345679)
    assert len({label(value) for value in values}) == len({name_at("shop", value) for value in values}) == 4
    assert label(0.1) == "= 0.1" and name_at("shop", 2.0) == "shop_2"


@pytest.mark.filterwarnings("ignore:.*is the same as the reference")
@pytest.mark.parametrize("path", ["strategies.isolated.flows.cart.coverage", "strategies.integrated.flows.cart.coverage"])
def test_a_sweep_of_the_reference_varies_the_reference(path):
    """The arm beside a value is the reference with that value, also where it takes it over from another strategy."""
    base = load("flagship_retailer", {"population.customers": 200, "strategies.taker.extends": "integrated",
                                      "experiment.reference": "taker" if "integrated" in path else "isolated"})

    def at(path, value):
        return load("flagship_retailer", {**base_options(base), path: value})

    plan = plan_sweep(base, at, f"{path}=0:1:0.5", None, 2)
    assert plan.of_the_world and [arm.name for arm in plan.experiment.arms][:2] == [beside(0.0), label(0.0)]
    assert len({arm.world_digest for arm in plan.experiment.arms}) == 3


def base_options(scenario):
    return {"population.customers": 200, "strategies.taker.extends": "integrated",
            "experiment.reference": scenario.spec.experiment.reference}


def test_the_help_of_compare_says_which_file_is_the_reference():
    assert "Of several files the first is the reference" in " ".join(inside("compare", "--help").split())


def test_files_with_and_without_twins_are_compared_and_the_answer_says_which_and_under_what(tmp_path):
    world = 'extends = "lab_world"\n[population]\ncustomers = 60\n[experiment]\nreference = "plain"\n[strategies.plain]\n'
    for name, more in (("one", ""), ("two", "[parameters.race]\npause_rate = 0.2\n"), ("three", "")):
        text = world.replace("customers = 60", "customers = 80") if name == "three" else world
        (tmp_path / f"{name}.toml").write_text(f'title = "{name}"\n{text}{more}')
    answer = simsuite("compare", "one.toml", "two.toml", "three.toml", "--replications", "3", "--results", "r",
                      folder=tmp_path).stdout
    words = " ".join(answer.split())
    assert "no twins, in: Three" in words and "All under the strategy plain" in words
    assert "The reference is one: the first file unless --reference names another." in words
    assert "strategy plain" in " ".join((tmp_path / "r" / "report.html").read_text().split())


def test_the_report_is_named_when_it_is_there_and_the_answer_stands_before_it(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    report, said = tmp_path / "results" / "retail_question" / "report.html", []
    echo = typer.echo
    monkeypatch.setattr(typer, "echo", lambda text, **more: (said.append((text, report.is_file())), echo(text, **more)))
    printed = inside("compare", "retail_question.toml", "--replications", "2", *TINY)
    (before, was_there), (after, is_there) = said
    assert not was_there and "Monte Carlo only" in before and "report.html" not in before
    assert is_there and after.splitlines()[0].split() == ["Report", "results/retail_question/report.html"]
    assert printed == f"{before}\n{after}\n" and "\nNext  " in after
