"""No argument does nothing: each changes what comes out, or is refused. A new one is shown here too."""

import contextlib
import inspect

import pytest
import typer
from typer.testing import CliRunner
from worlds import again_probability

import simsuite
from simsuite import api, one_run
from simsuite.cli.main import app
from simsuite.errors import ScenarioError, SimsuiteError

pytestmark = pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")

SHOP = """extends = "retail_world"
[population]
customers = 80
[experiment]
warm_up = 7
horizon = 28
cool_down = 7
replications = 3
most_replications = 4
logged_replications = 1
[strategies.isolated]
[strategies.integrated]
[strategies.ideal]
extends = "integrated_ideal"
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The file of a small scenario, and one like it in its folder."""
    folder = tmp_path_factory.mktemp("shops")
    (folder / "other.toml").write_text(SHOP + "[parameters.choice]\ninertia = 1.5\n")
    path = folder / "shop.toml"
    path.write_text(SHOP)
    return path


@pytest.fixture(scope="module")
def results(shop):
    return simsuite.compare(shop)


@pytest.fixture(scope="module")
def one(shop):
    return simsuite.run(shop)


def arguments_of(function):
    return {name for name in inspect.signature(function).parameters if name != "self"}


def digests(results):
    return (results.content_digest, [arm.name for arm in results.experiment.arms], sorted(results.tables))


# Python ---------------------------------------------------------------------------------------------------------------

OF_RUN = {
    "strategy": "integrated",
    "replication": 1,
    "seed": 7,
    "overrides": {"population.customers": 90},
    "events": True,
    "without": ["giving_up"],
}


def seen_of_run(**arguments):
    found = simsuite.run(**arguments)
    return (found.digest(), len(found.events), type(found).__name__)


@pytest.mark.parametrize("name", OF_RUN)
@pytest.mark.parametrize("loaded", [False, True], ids=["by name", "as a Scenario"])
def test_each_argument_of_run_acts(shop, name, loaded):
    scenario = simsuite.load(shop) if loaded else shop
    assert seen_of_run(scenario=scenario, **{name: OF_RUN[name]}) != seen_of_run(scenario=scenario)


def test_run_takes_its_rules_and_its_engine(shop):
    tiny = {"population.customers": 40, "experiment.horizon": 14}
    plain = simsuite.run(shop, overrides=tiny)
    never = rules_that_change_something()
    assert simsuite.run(shop, overrides=tiny, rules=never).digest() != plain.digest()
    assert simsuite.run(shop, overrides=tiny, engine="mesa").digest() == plain.digest()
    with pytest.raises(SimsuiteError, match="no such engine"):
        simsuite.run(shop, engine="msea")


def rules_that_change_something():
    return simsuite.rules.replace(again_probability=again_probability)


OF_COMPARE = {
    "strategies": ["ideal"],
    "reference": "integrated",
    "replications": 2,
    "seed": 7,
    "overrides": {"population.customers": 90},
    "precision": True,
    "without": ["giving_up"],
}


@pytest.mark.parametrize("name", OF_COMPARE)
@pytest.mark.parametrize("loaded", [False, True], ids=["by name", "as a Scenario"])
def test_each_argument_of_compare_acts(shop, results, name, loaded):
    scenario = simsuite.load(shop) if loaded else shop
    assert digests(simsuite.compare(scenario, **{name: OF_COMPARE[name]})) != digests(results)


def test_compare_takes_scenarios_rules_engine_workers_folder_and_progress(shop, results, tmp_path, capsys, monkeypatch):
    files = simsuite.compare(shop, shop.with_name("other.toml"), replications=2)
    assert [arm.name for arm in files.experiment.arms] == ["shop", "other"]
    turned = simsuite.compare(shop, shop.with_name("other.toml"), replications=2, reference="other")
    assert [arm.name for arm in turned.experiment.arms] == ["other", "shop"]
    tiny = {"population.customers": 40, "experiment.horizon": 14}
    plain, replaced, mesa = (
        simsuite.compare(shop, replications=2, overrides=tiny, **more)
        for more in ({}, {"rules": rules_that_change_something()}, {"engine": "mesa"})
    )
    assert replaced.content_digest != plain.content_digest == mesa.content_digest and mesa.experiment.engine == "mesa"
    seen = []
    monkeypatch.setattr("simsuite.experiment.results.workers_that_fit", lambda *args: seen.append(args[-1]) or 1)
    simsuite.compare(shop, replications=2, workers=2)
    kept = simsuite.compare(shop, replications=2, folder=tmp_path / "kept")
    assert seen == [2, None] and kept.folder == tmp_path / "kept" and (tmp_path / "kept" / "runs.parquet").is_file()
    assert "Running" not in capsys.readouterr().err
    monkeypatch.setattr("simsuite.experiment.progress.LINE_SECONDS", 0.0)
    simsuite.compare(shop, replications=2, progress=True)
    assert "Running" in capsys.readouterr().err


OF_LOAD = {"overrides": {"population.customers": 90}, "memory_needed": lambda spec: 1 << 60}


def test_each_argument_of_load_acts(shop):
    assert simsuite.load(shop, OF_LOAD["overrides"]).digest != simsuite.load(shop).digest
    with pytest.raises(ScenarioError, match="of memory"):
        simsuite.load(shop, memory_needed=OF_LOAD["memory_needed"])


def drawn(figure):
    import io

    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


@pytest.mark.parametrize(
    "kind",
    ["comparison", "ledger", "saved", "funnel", "switches", "losses", "segments", "audit", "days", "convergence"],
)
def test_figures_of_results_follow_the_strategy_and_kind(results, kind, shop):
    first, second = (drawn(results.plot(kind, strategy=name)) for name in ("integrated", "ideal"))
    assert first != second
    with pytest.raises(SimsuiteError, match="was not compared"):
        results.plot(kind, strategy="nobody")


def test_figures_of_one_run_follow_the_kind_and_reports_go_where_they_are_told(one, results, tmp_path):
    assert len({drawn(one.plot(kind)) for kind in ("ledger", "funnel", "days", "switches", "losses")}) == 5
    with pytest.raises(SimsuiteError, match="no figure"):
        one.plot("nothing")
    assert results.save_report(tmp_path / "told.html") == tmp_path / "told.html" and (tmp_path / "told.html").is_file()
    with pytest.raises(SimsuiteError, match="kept in no folder"):
        results.save_report()


def test_worlds_follow_the_replication(results):
    assert results.worlds(1)["ideal"].digest() != results.worlds()["ideal"].digest()


def test_every_argument_of_python_is_shown_here():
    assert arguments_of(simsuite.run) == {"scenario", "rules", "engine", *OF_RUN}
    assert arguments_of(simsuite.compare) == {
        "scenarios",
        "rules",
        "engine",
        "workers",
        "folder",
        "progress",
        *OF_COMPARE,
    }
    assert arguments_of(simsuite.load) == {"name_or_path", *OF_LOAD}
    assert arguments_of(api.Results.plot) == {"kind", "strategy"} and arguments_of(one_run.Run.plot) == {"kind"}
    assert arguments_of(api.Results.save_report) == {"path"} and arguments_of(api.Results.worlds) == {"replication"}
    assert arguments_of(api.Results.answer) == set()


WRONG = [
    {"replications": value} for value in (0, 1, -3, 2.5, True)
] + [{"workers": 0}, {"workers": 1.5}, {"strategies": []}, {"strategies": ["isolated"]},
     {"without": "statement"}, {"precision": "no"}, {"seed": -1}, {"reference": ""}, {"engine": "Mesa"},
     {"progress": "no"}, {"folder": 3}]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_compare_cannot_do_is_refused_and_not_taken_for_the_default(shop, wrong):
    with pytest.raises(SimsuiteError):
        simsuite.compare(shop, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenario": None},
        {"strategy": ["integrated"]},
        {"replication": -1},
        {"replication": 2**32},
        {"replication": 0.5},
        {"strategy": ""},
        {"events": 1},
    ],
    ids=str,
)
def test_what_run_cannot_do_is_refused(shop, wrong):
    with pytest.raises(SimsuiteError):
        simsuite.run(**{"scenario": shop, **wrong})


def test_numbers_of_numpy_are_numbers(shop, results):
    np = pytest.importorskip("numpy")
    assert digests(simsuite.compare(shop, replications=np.int64(3))) == digests(results)


# Commands -------------------------------------------------------------------------------------------------------------

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
        ["shop.toml", "population"],
        {"--set": SMALLER, "--json": ["--json"], "--origin": ["--origin"], "--without": ["--without", "statementz"]},
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
def command(shop, tmp_path, monkeypatch):
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
        assert command(*words)[2] == 2


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
