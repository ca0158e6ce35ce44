"""What holds for every command that runs something."""

import json
import os
import subprocess
import sys

import pytest
from commands import TINY, inside, simsuite, write_scenario

from simsuite.cli import main
from simsuite.errors import ScenarioError, UsageError
from simsuite.scenario.checks import LEAST_REPLICATIONS
from simsuite.scenario.fields import leaves
from simsuite.specs.parameters import Parameters


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "--replications", "2"],
        ["waterfall", "--replications", "2"],
        ["run"],
        ["story"],
        ["sweep", "--over", "flows.cart.coverage=0:1:1", "--replications", "2"],
    ],
    ids=lambda words: words[0],
)
def test_data_say_what_was_set_and_what_was_switched_off(tmp_path, monkeypatch, words):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    told = json.loads(
        inside(command, "retail_question.toml", *options, *TINY, "--seed", "3", "--without", "stock", "--json")
    )
    assert told["switched_off"] == ["stock"]
    assert told["set"] == {
        "population.customers": 100,
        "experiment.warm_up": 14,
        "experiment.horizon": 28,
        "experiment.cool_down": 7,
        "experiment.seed": 3,
    }


def without_by_hand(mechanism: str) -> list[str]:
    """The options that set every value of a mechanism to where it does nothing."""
    before, after = (dict(leaves(parameters)) for parameters in (Parameters(), Parameters().without(mechanism)))
    return [
        word
        for path, value in after.items()
        if value != before[path]
        for word in ("--set", f"parameters.{'.'.join(path)}={value}")
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["waterfall", "--replications", "2", "--fresh"],
        ["removal", "--replications", "2", "--fresh"],
        ["sweep", "--over", "flows.cart.coverage=0:1:1", "--replications", "2", "--fresh"],
        ["story", "--customer", "17"],
        ["export", "--to", "events.csv"],
    ],
    ids=lambda words: words[0],
)
def test_a_mechanism_is_switched_off_in_every_command_that_runs_and_the_answer_says_so(tmp_path, monkeypatch, words):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    off = inside(command, "retail_question.toml", *options, *TINY, "--without", "giving_up")
    by_hand = inside(command, "retail_question.toml", *options, *TINY, *without_by_hand("giving_up"))
    as_it_is = inside(command, "retail_question.toml", *options, *TINY)
    said = off.replace("Switched off: giving_up.", "")
    assert said != off
    assert said.split() == by_hand.split() and (command == "story" or by_hand != as_it_is)


@pytest.mark.parametrize(
    "words, said",
    [
        (["compare", "retail_question.toml", "--strategy", "nope"], "has no strategy 'nope'"),
        (["compare", "retail_question.toml", "--without", "M6"], "M6 is called statements."),
        (
            ["compare", "retail_question.toml", "--replications", "3", "--set", "experiment.replications=5"],
            "--replications 3 and --set experiment.replications=5 ask for two things. Say one.",
        ),
        (
            ["run", "retail_question.toml", "--seed", "3", "--set", "experiment.seed=5"],
            "--seed 3 and --set experiment.seed=5 ask for two things. Say one.",
        ),
        (
            ["sweep", "retail_question.toml", "--over", "flows.cart.coverage=0:1:1", "--replications", "3"]
            + ["--set", "experiment.replications=5"],
            "--replications 3 and --set experiment.replications=5 ask for two things. Say one.",
        ),
        (["sweep", "retail_question.toml", "--over", "coverage"], "PATH=FROM:TO:STEP"),
        (["export", "retail_question.toml", "--to", "events.txt"], ".csv or .parquet"),
        (["resume", "nowhere"], "no results folder"),
        (["run", "retail_question.toml", "integrated"], "(integrated). It takes SCENARIO, --strategy, "),
        (["run", "retail_question.toml", "--strategy", "integratd"], "Did you mean 'integrated'?"),
        (
            ["compare", "retail_question.toml", "--replications", "5,5"],
            "--replications 5,5: this must be a whole number",
        ),
        (["compare", "retail_question.toml", "--workers", "x"], "--workers x: this must be a whole number from 1"),
        (
            ["run", "retail_question.toml", "--replication", "1.5"],
            "--replication 1.5: this must be a whole number from 0",
        ),
        (
            ["story", "retail_question.toml", "--replication", "x"],
            "--replication x: this must be a whole number from 0",
        ),
        (["story", "retail_question.toml", "--customer", "x"], "--customer x: this must be a whole number from 0 to"),
        (
            ["story", "retail_question.toml", "--customer", "99999999"],
            "--customer 99999999: this must be a whole number",
        ),
    ],
)
def test_a_wrong_call_says_what_was_allowed_and_ends_with_two(tmp_path, words, said):
    done = simsuite(*words, folder=write_scenario(tmp_path), check=False)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["compare", "run", "resume", "check", "new"])
def test_a_command_alone_shows_what_it_takes(command, tmp_path):
    done = simsuite(command, folder=tmp_path, check=False)
    assert done.returncode == 2 and f"simsuite {command} " in done.stdout + done.stderr
    assert "Arguments:" in done.stdout + done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words, code",
    [
        (["compare", "nothere.toml"], 3),
        (["run", "retail_question.toml", "--strategy", "nope"], 2),
        (["report", "nowhere"], 2),
    ],
    ids=lambda word: str(word),
)
def test_of_an_error_there_are_no_data_on_stdout_but_a_sentence_and_an_exit_code(tmp_path, words, code):
    done = simsuite(*words, "--json", folder=write_scenario(tmp_path), check=False)
    assert (done.returncode, done.stdout) == (code, "") and words[-1] in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["compare", "sweep", "waterfall", "removal"])
def test_fewer_replications_than_the_scenario_may_have_are_refused_by_every_command(tmp_path, monkeypatch, command):
    monkeypatch.chdir(write_scenario(tmp_path))
    over = ["--over", "flows.cart.coverage=0:1:1"] if command == "sweep" else []
    few = str(LEAST_REPLICATIONS - 1)
    with pytest.raises(
        UsageError, match=f"--replications {few}: this must be a whole number from {LEAST_REPLICATIONS}"
    ):
        inside(command, "retail_question.toml", *over, "--replications", few)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("words", [["check"], ["run"], ["compare", "--replications", "2"]], ids=lambda words: words[0])
def test_what_has_no_effect_is_warned_of_once_and_goes_through(tmp_path, words):
    command, *options = words
    file = write_scenario(tmp_path) / "retail_question.toml"
    file.write_text(
        file.read_text() + '[strategies.half]\nextends = "isolated"\ncapabilities.collect_in_store = true\n'
    )
    done = simsuite(command, file.name, *options, *TINY, folder=tmp_path)
    assert done.stderr.count("collect_in_store = true has no effect") == 1
    assert "Warning: retail_question.toml:7:33: " in done.stderr and ".py" not in done.stderr
    for later in ("resume", "report") if command == "compare" else ():
        assert "Warning" not in simsuite(later, "results/retail_question", folder=tmp_path).stderr


@pytest.mark.parametrize(
    "words, goes_on",
    [
        (["compare", "x"], "the same command goes on"),
        (["resume", "x"], "the same command goes on"),
        (["compare", "x", "--fresh"], "the same command without --fresh goes on"),
        (["run", "x"], ""),
        (["check", "x"], ""),
    ],
)
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
    code = (
        "import sys; from simsuite.cli.main import app; "
        "print([name for name in ('numba', 'pandas', 'mesa', 'scipy', 'matplotlib', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=os.getcwd())
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words, named",
    [
        (["compare", "--reference", "nope"], "--reference nope: "),
        (["compare", "--seed", str(10**20)], f"--seed {10**20}: "),
        (["compare", "--seed", "abc"], '--seed abc: [experiment] seed = "abc" must be a whole number from 0'),
        (["run", "--seed", "-1"], "--seed -1: [experiment] seed = -1 must be a whole number from 0"),
        (["run", "--seed", str(10**20)], f"--seed {10**20}: "),
        (
            ["sweep", "--over", "flows.cart.coverage=0:2:1"],
            "--over strategies.integrated.flows.cart.coverage, value 2: ",
        ),
        (["compare", "--set", "population.customers=0"], "--set population.customers=0: "),
    ],
    ids=lambda words: words[1] if isinstance(words, list) else "",
)
def test_an_error_names_the_option_that_was_used(tmp_path, monkeypatch, words, named):
    monkeypatch.chdir(write_scenario(tmp_path))
    command, *options = words
    with pytest.raises(ScenarioError) as error:
        inside(command, "retail_question.toml", *options)
    assert str(error.value).startswith(named) and "--set" not in str(error.value).removeprefix(named)


def test_whoever_reads_no_further_is_no_mistake_of_the_program(tmp_path):
    words = [sys.executable, "-m", "simsuite", "show", "retail_question.toml"]
    running = subprocess.Popen(words, cwd=write_scenario(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    assert (running.wait(), running.stderr.read()) == (141, b"")
