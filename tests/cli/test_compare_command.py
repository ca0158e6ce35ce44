"""The commands compare, resume and report: what they print and keep, what goes on, what is refused."""

import json
import re
import shutil

import pandas as pd
import typer
from commands import SMALL, TINY, inside, simsuite, write_scenario

from simsuite.experiment.journal import Journal


def test_the_answer_comes_in_words_first_and_fits_eighty_columns(compared):
    lines = compared[1].stdout.splitlines()
    assert "isolated channels" in lines[0].lower() and lines[0].endswith(".")
    assert max(len(line) for line in lines) <= 80
    assert any("Monte Carlo" in line for line in lines)


def test_a_results_folder_holds_tables_report_workbook_and_manifest(compared):
    folder = compared[0] / "results" / "retail_question"
    for name in (
        "report.html",
        "summary.xlsx",
        "comparisons.csv",
        "runs.parquet",
        "measures.parquet",
        "ledger.parquet",
        "twins.parquet",
        "manifest.json",
        "journal.jsonl",
        "resolved/retail_question.toml",
    ):
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
    words = ["compare", "retail_question.toml", *SMALL, "--without", "stock", "--seed", "3"]
    simsuite(*words, "--replications", "2", folder=tmp_path)
    folder = tmp_path / "results" / "retail_question"
    before = (folder / "resolved" / "retail_question.toml").read_bytes()
    assert b"; --without stock\n" in before
    moved = folder.rename(tmp_path / "elsewhere")
    (tmp_path / "retail_question.toml").unlink()
    journal = Journal.read(moved)  # and a later command, cut short before its first replication
    journal.append({"kind": "about", "about": {"command": {**journal.about["command"], "replications": 3}}})
    (tmp_path / "cwd").mkdir()
    done = simsuite("resume", "../elsewhere", folder=tmp_path / "cwd")
    assert "Switched off: stock." in " ".join(done.stdout.split()) and "3 paired runs" in done.stdout
    assert (moved / "resolved" / "retail_question.toml").read_bytes() == before
    again = simsuite("report", "../elsewhere", folder=tmp_path / "cwd")
    about = json.loads((moved / "manifest.json").read_text())
    assert about["command"] == ["simsuite", *words, "--replications", "2"]
    assert about["last_command"] == ["simsuite", "report", "../elsewhere"]
    first, second = (
        re.sub(r"Time     \d+ s\n", "", each.stdout.partition("What differs")[2]) for each in (done, again)
    )
    assert second == first != ""
    assert list((tmp_path / "cwd").iterdir()) == []


def test_a_scenario_named_in_place_of_its_results_is_told_where_they_are(compared):
    for command in ("report", "resume"):
        done = simsuite(command, "retail_question", folder=compared[0], check=False)
        assert done.returncode == 2 and "Did you mean results/retail_question?" in done.stderr


def test_one_pair_of_runs_is_refused_with_the_reason(tmp_path):
    write_scenario(tmp_path)
    done = simsuite("compare", "retail_question.toml", "--replications", "1", folder=tmp_path, check=False)
    assert done.returncode == 2
    assert "from 2 to 100,000. One pair of runs shows no luck" in done.stderr


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
    first, again = (re.sub(r"Time     \d+ s\n", "", each.stdout) for each in (first, again))
    assert again == first


def test_where_no_scenario_is_kept_a_changed_file_cannot_be_resumed_and_nothing_is_moved(compared, tmp_path):
    folder = tmp_path / "results" / "retail_question"
    shutil.copytree(compared[0] / "results" / "retail_question", folder)
    shutil.rmtree(folder / "resolved")
    (tmp_path / "retail_question.toml").write_text(
        (compared[0] / "retail_question.toml").read_text() + "[parameters.choice]\ninertia = 0.9\n"
    )
    done = simsuite("resume", "results/retail_question", folder=tmp_path, check=False)
    assert done.returncode == 4 and "another experiment" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["retail_question"]


def test_a_requirement_that_does_not_hold_ends_with_five(compared):
    done = simsuite(
        "compare",
        "retail_question.toml",
        "--replications",
        "3",
        *SMALL,
        "--require",
        "conversion: worse",
        folder=compared[0],
        check=False,
    )
    assert done.returncode == 5 and "conversion is" in done.stderr


def test_json_is_data_and_nothing_else_on_stdout_and_a_report_gives_the_same(compared):
    done = simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, "--json", folder=compared[0])
    assert isinstance(json.loads(done.stdout), dict)
    assert simsuite("report", "results/retail_question", "--json", folder=compared[0]).stdout == done.stdout


def test_the_help_of_compare_says_which_file_is_the_reference():
    assert "Of several files the first is the reference" in " ".join(inside("compare", "--help").split())


def test_files_with_and_without_twins_are_compared_and_the_answer_says_which_and_under_what(tmp_path):
    world = (
        'extends = "lab_world"\n[population]\ncustomers = 60\n[experiment]\nreference = "plain"\n[strategies.plain]\n'
    )
    for name, more in (("one", ""), ("two", "[parameters.race]\npause_rate = 0.2\n"), ("three", "")):
        text = world.replace("customers = 60", "customers = 80") if name == "three" else world
        (tmp_path / f"{name}.toml").write_text(f'title = "{name}"\n{text}{more}')
    answer = simsuite(
        "compare", "one.toml", "two.toml", "three.toml", "--replications", "3", "--results", "r", folder=tmp_path
    ).stdout
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
