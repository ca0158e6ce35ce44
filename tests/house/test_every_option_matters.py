"""No option does nothing: each changes what a command says or writes, or is refused. A new one is shown here too."""

import contextlib

import pytest
import typer
from typer.testing import CliRunner
from worlds import SHOP

import simsuite
from simsuite.cli.main import app
from simsuite.errors import SimsuiteError

pytestmark = pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")

SMALLER = ["--set", "population.customers=60"]
EXPERIMENT = {
    "--set": ["--set", "parameters.choice.inertia=3"],
    "--seed": ["--seed", "7"],
    "--without": ["--without", "giving_up"],
    "--strategy": ["--strategy", "ideal"],
    "--json": ["--json"],
}
KEPT = {
    **EXPERIMENT,
    "--replications": ["--replications", "4"],
    "--workers": ["--workers", "1"],
    "--results": ["--results", "elsewhere"],
    "--fresh": ["--fresh"],
}
COMMANDS = {
    "compare": (
        ["shop.toml"],
        {
            **KEPT,
            "--reference": ["--reference", "ideal"],
            "--precision": ["--precision"],
            "--require": ["--require", "conversion: worse"],
        },
    ),
    "run": (["shop.toml"], {**EXPERIMENT, "--replication": ["--replication", "1"], "--engine": ["--engine", "msea"]}),
    "sweep": (
        ["shop.toml", "--over", "flows.cart.coverage=0:1:0.5"],
        {**KEPT, "--over": ["--over", "flows.cart.error=0:0.4:0.4"]},
    ),
    "waterfall": (["shop.toml"], KEPT),
    "removal": (["shop.toml"], KEPT),
    "story": (
        ["shop.toml"],
        {**EXPERIMENT, "--customer": ["--customer", "3"], "--replication": ["--replication", "1"]},
    ),
    "export": (
        ["shop.toml", "--to", "events.csv"],
        {
            **EXPERIMENT,
            "--to": ["--to", "other.parquet"],
            "--journeys": ["--journeys"],
            "--replication": ["--replication", "1"],
        },
    ),
    "check": (["shop.toml"], {"--set": SMALLER, "--json": ["--json"]}),
    "show": (
        ["shop.toml"],
        {"--set": SMALLER, "--json": ["--json"], "--origin": ["--origin"], "--without": ["--without", "statements"]},
    ),
    "diff": (
        ["shop.toml", "isolated", "integrated"],
        {"--set": ["--set", "strategies.integrated.flows.cart.coverage=0.1"], "--json": ["--json"]},
    ),
    "doctor": ([], {"--json": ["--json"]}),
    "resume": (["kept"], {"--workers": ["--workers", "1"], "--json": ["--json"]}),
    "report": (["kept"], {"--json": ["--json"]}),
    "new": (["another"], {}),
    "schema": ([], {}),
}


class Planned(Exception):
    """Raised instead of running, with what would be run."""


def is_option(parameter):
    return parameter.param_type_name == "option" and parameter.name != "help"


def options_of(command):
    return {
        option
        for parameter in command.params
        if is_option(parameter)
        for option in parameter.opts
        if option.startswith("--")
    }


def commands():
    return typer.main.get_command(app).commands


def test_every_option_of_every_command_is_shown_here():
    assert {name: options_of(command) for name, command in commands().items()} == {
        name: set(options) for name, (_, options) in COMMANDS.items()
    }


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Does a command and says all that is seen of it; what would run many worlds is asked for only."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP.replace("customers = 80", "customers = 300"))

    @contextlib.contextmanager
    def carried_out(experiment, folder=None, workers=None, fresh=False, progress=False, about=None, **more):
        raise Planned(
            experiment.identity, experiment.replications, experiment.precise_up_to, str(folder), workers, fresh
        )
        yield  # what follows never happens

    def do(*words, planned=False):
        with monkeypatch.context() as patch:
            if planned:
                for place in ("simsuite.cli.explain.carried_out", "simsuite.experiment.results.carried_out"):
                    patch.setattr(place, carried_out)
            done = CliRunner().invoke(app, list(words))
        if not isinstance(done.exception, (Planned, SimsuiteError, SystemExit, type(None))):
            raise done.exception
        files = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.glob("*.*")}
        return (type(done.exception).__name__, str(done.exception), done.exit_code, done.stdout, files)

    return do


PLANNING = ("compare", "sweep", "waterfall", "removal")
DATA_OF_RUNS = {"--json", "--require"}


@pytest.mark.parametrize(
    "name, option",
    [
        (name, option)
        for name, (_, options) in COMMANDS.items()
        if name not in ("resume", "report")
        for option in options
    ],
)
def test_each_option_acts(command, name, option):
    words, options = COMMANDS[name]
    planned = name in PLANNING and option not in DATA_OF_RUNS
    plain = [name, *words]
    if name in PLANNING and not planned:
        plain += ["--replications", "2"]
    if option in ("--over", "--to"):  # needed: another value instead
        place = plain.index(option)
        other = [*plain[:place], *options[option], *plain[place + 2 :]]
    else:
        other = [*plain, *options[option]]
    before, after = command(*plain, planned=planned), command(*other, planned=planned)
    assert before[0] in (("Planned",) if planned else ("NoneType", "SystemExit")), before[:3]
    assert after[:4] != before[:4] or (name == "export" and after[4] != before[4])


def test_an_option_for_a_whole_number_is_refused_where_it_makes_no_sense(command):
    for words in (["run", "shop.toml", "--replication", "-1"], ["story", "shop.toml", "--replication", str(2**32)]):
        name, said = command(*words)[:2]
        assert name == "UsageError" and said.startswith(
            f"--replication {words[-1]}: this must be a whole number from 0"
        )


def test_what_goes_on_or_is_told_again_follows_its_options(command, monkeypatch):
    monkeypatch.setattr("simsuite.report.summary.write_views", lambda *given, **more: None)
    assert command("compare", "shop.toml", "--replications", "2", "--results", "kept")[2] == 0
    assert command("report", "kept")[3] != command("report", "kept", "--json")[3]
    assert command("resume", "kept")[3] != command("resume", "kept", "--json")[3]
    assert [command("resume", "kept", *more, planned=True)[1] for more in ([], ["--workers", "1"])] == [
        str(Planned(*asked)) for asked in asked_for("kept")
    ]


def asked_for(folder):
    experiment = simsuite.compare("shop.toml", replications=2).experiment
    return [(experiment.identity, 2, None, folder, workers, False) for workers in (None, 1)]


def test_a_value_is_not_taken_by_what_has_no_scenario(command):
    assert "takes no --set" in command("diff", "isolated", "integrated", "--set", "population.customers=3")[1]


def test_the_reference_is_not_compared_with_itself(command):
    for words in (["story"], ["waterfall"], ["sweep", "--over", "flows.cart.coverage=0:1:0.5"]):
        found = command(words[0], "shop.toml", *words[1:], "--strategy", "isolated")
        assert "this is the reference" in found[1], words
