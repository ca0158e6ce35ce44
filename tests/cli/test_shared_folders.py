"""Two commands on one results folder, a person's own files in it, damage to it, names with dots, and calls in Python."""

import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import typer
from commands import ENVIRONMENT, SMALL, TINY, inside, simsuite, write_scenario

import simsuite as library
from simsuite.errors import StoreError, StoreWarning
from simsuite.experiment.journal import Journal

SLOW = pytest.mark.verification
FEW = ["--replications", "2", *TINY]
CHANGES = dict(word.split("=") for word in TINY[1::2])


def knowledge_alone(relations, index, best_list, journey, channels, choice):
    """A rule of one's own: a cart costs nothing to fill again."""
    return choice.restart_knowledge * (best_list - relations[index].knowledge)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    return tmp_path


WHILE_IN_USE = {
    "changed": ["compare", "retail_question.toml", *FEW, "--seed", "2"],
    "fresh": ["compare", "retail_question.toml", *FEW, "--fresh"],
    "resume": ["resume", "results/retail_question"],
    "report": ["report", "results/retail_question"],
    "waterfall": ["waterfall", "retail_question.toml", *FEW],
    "removal": ["removal", "retail_question.toml", *FEW],
    "sweep": ["sweep", "retail_question.toml", "--over", "flows.cart.coverage=0:1:1", *FEW]
    + ["--results", "results/retail_question"],
}


def test_nobody_touches_a_folder_until_the_last_file_is_written(here, monkeypatch):
    """Each other command comes when the runs of the first are over and its report is not written yet."""
    others, echo = {}, typer.echo

    def interrupted(text, **more):
        if not others:
            others.update({name: simsuite(*words, folder=here, check=False) for name, words in WHILE_IN_USE.items()})
        echo(text, **more)

    monkeypatch.setattr(typer, "echo", interrupted)
    inside("compare", "retail_question.toml", *FEW)
    assert set(others) == set(WHILE_IN_USE)
    for name, done in others.items():
        assert done.returncode == 4 and "Traceback" not in done.stderr and done.stdout == "", name
        assert f"in use by another run (process {os.getpid()}: " in done.stderr, name
        assert "Wait until it has finished" in done.stderr, name
    assert os.listdir(here / "results") == ["retail_question"]
    about = json.loads((here / "results" / "retail_question" / "manifest.json").read_text())
    assert about["seeds"] == [1] and "report.html" in about["written"]
    assert (here / "results" / "retail_question" / "report.html").is_file()


def test_a_report_is_never_saved_into_the_results_of_another_comparison(here):
    first = library.compare("retail_question.toml", overrides=CHANGES, replications=2, folder="r")
    with pytest.warns(StoreWarning, match="They are now in r_1"):
        library.compare("retail_question.toml", overrides=CHANGES, replications=2, seed=2, folder="r")
    with pytest.raises(StoreError, match="another experiment"):
        first.save_report()
    assert not Path("r/report.html").exists() and Path("r_1/manifest.json").exists()


def test_a_person_s_own_files_survive_whatever_is_done_to_a_results_folder(here):
    folder = here / "results" / "retail_question"
    inside("compare", "retail_question.toml", *FEW)
    own = ["mine.csv", "mine.parquet", "curve.svg", "events/log.txt", "days/1.csv", "resolved/mine.toml", "parts/1.txt"]
    own += ["explanations/mine/runs.parquet", "parts/0/notes.md"]
    for name in own:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("years of work")

    def all_there(where):
        assert [name for name in own if (where / name).read_text() != "years of work"] == []

    inside("compare", "retail_question.toml", "--replications", "3", *TINY)  # parts are put together
    inside("waterfall", "retail_question.toml", *FEW)
    all_there(folder)
    inside("compare", "retail_question.toml", *FEW, "--fresh")
    all_there(folder)
    assert not (folder / "waterfall.parquet").exists() and os.listdir(folder / "explanations") == ["mine"]
    assert set(pd.read_parquet(folder / "runs.parquet")["replication"]) == {0, 1}
    done = simsuite("compare", "retail_question.toml", *FEW, "--seed", "2", folder=here)
    said = " ".join(done.stderr.split())
    assert "retail_question_1. So are files there that simsuite did not write: curve.svg, days, events, " in said
    all_there(folder.with_name("retail_question_1"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert not {*own} & {*manifest["files"], *manifest["written"]}


def test_what_is_not_finished_is_cleared_as_well_and_nothing_else(here):
    """The command is killed before there is a manifest."""
    words = [sys.executable, "-m", "simsuite", "compare", "retail_question.toml", "--replications", "60", *SMALL]
    process = subprocess.Popen(words, cwd=here, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = here / "results" / "retail_question"
    while not list(folder.glob("parts/*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (folder / "manifest.json").exists()
    (folder / "mine.csv").write_text("years of work")
    inside("compare", "retail_question.toml", *FEW, "--fresh")
    assert (folder / "mine.csv").exists() and not (folder / "parts").exists()


def test_the_folder_that_one_works_in_is_not_put_aside(here, monkeypatch):
    inside("compare", "retail_question.toml", *FEW, "--results", "r")
    monkeypatch.chdir("r")
    with pytest.raises(StoreError, match="you work in it. Go to the folder above"):
        inside("compare", "../retail_question.toml", *FEW, "--seed", "2", "--results", ".")
    assert sorted(os.listdir(here)) == ["r", "retail_question.toml"]


@pytest.mark.parametrize("command", ["waterfall", "removal"])
def test_explaining_goes_into_no_folder_of_somebody_else(here, command):
    (here / "notes").mkdir()
    (here / "notes" / "thesis.csv").write_text("years of work")
    with pytest.raises(StoreError, match="not a results folder"):
        inside(command, "retail_question.toml", *FEW, "--results", "notes")
    assert os.listdir(here / "notes") == ["thesis.csv"]


@pytest.mark.parametrize(
    "command, other",
    [
        ("waterfall", ["--set", "parameters.giving_up.competitor=0.5"]),
        pytest.param("removal", ["--seed", "7"], marks=SLOW),
    ],
)
def test_an_explanation_of_other_values_leaves_that_of_the_comparison_alone(here, command, other):
    inside("compare", "retail_question.toml", *FEW)
    inside(command, "retail_question.toml", *FEW)
    folder = here / "results" / "retail_question"
    before = (folder / f"{command}.parquet").read_bytes()
    done = simsuite(command, "retail_question.toml", *FEW, *other, folder=here)
    (runs,) = folder.glob(f"explanations/{command}_i*[a-z]")
    assert f"Written  {runs.relative_to(here)}/{command}.parquet" in done.stdout
    assert (folder / f"{command}.parquet").read_bytes() == before != (runs / f"{command}.parquet").read_bytes()
    inside("report", "results/retail_question")
    page = (folder / "report.html").read_text()
    assert (
        "is left out" not in page
        and ("Knowing is not deciding" if command == "waterfall" else "Removal is not share") in page
    )


@pytest.mark.parametrize(
    "name", ["retail.v2", *(pytest.param(name, marks=SLOW) for name in ("re tail", "a.b.c", "retail_question.toml"))]
)
def test_a_scenario_with_dots_or_spaces_in_its_name_is_gone_on_with_and_every_next_command_works(here, name):
    """Named as in scenarios/, in a results folder with dots and spaces; its file is gone then."""
    (here / "scenarios").mkdir()
    file = here / "scenarios" / f"{name}.toml"
    shutil.copy("retail_question.toml", file)
    if name.endswith(".toml"):
        Path("retail_question.toml").unlink()
    asked = f"scenarios/{name}.toml" if name.endswith(".toml") else name
    first = inside("compare", asked, *FEW, "--results", "my results/v1.2")
    next_command = first.partition("\nNext ")[2].partition("simsuite ")[2].partition("\nTime ")[0]
    words = shlex.split(next_command.replace("\\\n", " "))
    explained = inside(*words, "--replications", "2")
    file.unlink()
    told = explained.splitlines()[-1]
    assert told == "Report   simsuite report 'my results/v1.2'"
    assert "Element by element" in inside(*shlex.split(told)[2:])
    again = inside("resume", "my results/v1.2")
    assert (
        again.partition("What differs")[2]
        .partition("Report")[0]
        .startswith(first.partition("What differs")[2].partition("Lines with a dash")[0][:500])
    )


def test_two_scenarios_that_are_one_up_to_the_dot_are_not_mixed(here):
    (here / "scenarios").mkdir()
    for name, customers in (("shop", 60), ("shop.v2", 90)):
        text = Path("retail_question.toml").read_text() + f"[population]\ncustomers = {customers}\n"
        (here / "scenarios" / f"{name}.toml").write_text(text)
    words = [
        "compare",
        "shop",
        "shop.v2",
        "--strategy",
        "integrated",
        "--replications",
        "2",
        *SMALL[2:],
        "--results",
        "r",
    ]
    inside(*words)
    before = Path("r/comparisons.csv").read_bytes()
    shutil.rmtree("scenarios")
    Path("r/comparisons.csv").unlink()
    inside("resume", "r")
    assert Path("r/comparisons.csv").read_bytes() == before
    assert {"customers = 60 ", "customers = 90 "} == {
        line[: len("customers = 60 ")]
        for file in Path("r/resolved").iterdir()
        for line in file.read_text().splitlines()
        if line.startswith("customers = ")
    }


def test_a_sweep_of_a_scenario_with_a_dot_in_its_name_is_gone_on_with(here):
    (here / "scenarios").mkdir()
    shutil.move("retail_question.toml", "scenarios/retail.v2.toml")
    first = inside("sweep", "retail.v2", "--over", "flows.cart.coverage=0:1:1", *FEW, "--results", "r")
    shutil.rmtree("scenarios")
    assert inside("resume", "r") == first == inside("report", "r")


@pytest.mark.parametrize("which", ["journal", *(pytest.param(name, marks=SLOW) for name in ("table", "scenario"))])
def test_a_damaged_folder_is_not_reported_and_the_same_command_makes_it_whole(compared, tmp_path, which):
    folder = shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "r")
    write_scenario(tmp_path)
    truth = json.loads((folder / "manifest.json").read_text())
    chance = random.Random(3)
    files = {"journal": "journal.jsonl", "table": "ledger.parquet", "scenario": "resolved/retail_question.toml"}
    damaged = bytearray((folder / files[which]).read_bytes())
    header = damaged.index(b"\n") + 1
    damaged[chance.randrange(header, len(damaged) - 1)] ^= 1
    (folder / files[which]).write_bytes(damaged)
    report = simsuite("report", "r", folder=tmp_path, check=False)
    assert report.returncode == 4 and report.stdout == "" and "Traceback" not in report.stderr
    assert Path(files[which]).name in report.stderr and (folder / files[which]).read_bytes() == damaged
    words = ["compare", "retail_question.toml", "--replications", "3", *SMALL, "--results", "r"]
    done = simsuite(*(words if which == "scenario" else ["resume", "r"]), folder=tmp_path)
    assert which == "scenario" or "r is damaged: " in done.stderr
    healed = json.loads((folder / "manifest.json").read_text())
    assert [healed[key] for key in ("content_digest", "runs", "replications")] == [
        truth[key] for key in ("content_digest", "runs", "replications")
    ]
    again = simsuite("report", "r", folder=tmp_path)
    assert again.stderr == "" and "3 paired runs" in again.stdout


def test_a_journal_of_an_earlier_version_is_refused_in_words_and_put_aside_by_compare(compared, tmp_path):
    folder = shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "results" / "retail_question")
    write_scenario(tmp_path)
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    for line in lines:
        del line["check"]
    (folder / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for command in ("report", "resume"):
        done = simsuite(command, "results/retail_question", folder=tmp_path, check=False)
        assert done.returncode == 4 and "an earlier version of simsuite wrote it" in done.stderr
    done = simsuite("compare", "retail_question.toml", *FEW, folder=tmp_path)
    assert "Warning: results/retail_question held results with a journal" in done.stderr
    assert (tmp_path / "results" / "retail_question_1" / "report.html").is_file()


def test_a_report_of_a_part_of_the_runs_says_what_is_missing(compared, tmp_path):
    folder = shutil.copytree(compared[0] / "results" / "retail_question", tmp_path / "r")
    journal = Journal.read(folder)
    journal.append({"kind": "about", "about": {"command": {**journal.about["command"], "replications": 5}}})
    done = simsuite("report", "r", folder=tmp_path)
    assert "3 paired runs" in done.stdout
    assert "2 failed or were not run yet. Run them with: simsuite resume r" in done.stderr


def test_compare_in_python_leaves_what_the_command_leaves_but_for_the_report(here):
    overrides = {name: int(value) for name, value in CHANGES.items()}
    results = library.compare("retail_question.toml", overrides=overrides, replications=2, seed=0, folder="python")
    inside("compare", "retail_question.toml", *FEW, "--seed", "0", "--results", "command")
    left, right = (
        {path.relative_to(name).as_posix() for path in Path(name).rglob("*")} for name in ("python", "command")
    )
    assert right - left == {"report.html"} and left < right
    python, command = (json.loads(Path(name, "manifest.json").read_text()) for name in ("python", "command"))
    assert python["content_digest"] == command["content_digest"] and python["identity"] == command["identity"]
    assert python["command"] == [
        f"simsuite.compare('retail_question.toml', replications=2, seed=0, overrides={overrides}, folder='python')"
    ]
    assert Path("python/comparisons.csv").read_bytes() == Path("command/comparisons.csv").read_bytes()
    Path("retail_question.toml").unlink()
    assert (
        inside("resume", "python").partition("What differs")[2].partition("Report")[0]
        == inside("report", "command").partition("What differs")[2].partition("Report")[0]
    )
    written = Path("python/report.html").stat().st_mtime_ns
    shutil.copy("command/resolved/retail_question.toml", "retail_question.toml")
    library.compare(library.load("python/resolved/retail_question.toml"), replications=3, folder="python")
    assert Path("python/report.html").stat().st_mtime_ns > written, "a report that is there is never of fewer runs"
    assert results.table["measure"].tolist()[0] == "conversion"


def test_what_python_made_by_other_rules_is_gone_on_with_in_python_only(here):
    book = library.rules.replace(restart_cost=knowledge_alone)
    library.compare("retail_question.toml", overrides=CHANGES, replications=2, rules=book, engine="mesa", folder="r")
    for command in ("resume", "report"):
        done = simsuite(command, "r", folder=here, check=False)
        assert done.returncode == 2 and "made in Python by other rules (restart_cost)" in done.stderr
