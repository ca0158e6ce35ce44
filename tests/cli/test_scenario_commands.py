"""The commands about scenario files: data on stdout, messages on stderr, exit codes."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from simsuite.cli import scenario_commands
from simsuite.cli.scenario_commands import register
from simsuite.engines.compile import compile_rules
from simsuite.errors import ScenarioError, ScenarioWarning, UsageError
from simsuite.machine.rulebook import standard_rules
from simsuite.scenario.written import toml_value

VALID = 'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run():
    """Run a command line; gives the result with stdout, stderr, exit code and exception."""
    app = typer.Typer()
    register(app, memory_needed=lambda spec: spec.population.customers * 1_000)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.fixture
def file(folder):
    def file(text=VALID, name="x.toml"):
        (folder / name).write_text(text)
        return name

    return file


def test_a_new_scenario_is_valid_as_it_is(run, folder):
    made = run("new", "mine")
    assert made.stdout == "scenarios/mine.toml\n"
    assert "simsuite check mine" in made.stderr
    assert tomllib.loads((folder / "scenarios/mine.toml").read_text())["title"] == "mine"
    assert run("check", "mine").exit_code == 0


def without_comment_sign(line):
    """An example of the template as somebody would use it; sentences stay comments."""
    example = line.removeprefix("# ")
    return example if example.startswith("[") or " = " in example.split("#")[0] else line


def test_every_example_of_the_template_is_valid(run, folder):
    run("new", "mine")
    file = folder / "scenarios/mine.toml"
    file.write_text("\n".join(map(without_comment_sign, file.read_text().split("\n"))))
    values = tomllib.loads(file.read_text())
    assert {"kiosk", "phone"} <= set(values["channels"]) and "half" in values["strategies"]
    result = run("check", "mine")
    assert result.exit_code == 0, result.exception


def test_new_never_overwrites(run, folder):
    run("new", "mine")
    (folder / "scenarios/mine.toml").write_text("kept")
    result = run("new", "mine")
    assert isinstance(result.exception, UsageError) and "stays as it is" in str(result.exception)
    assert (folder / "scenarios/mine.toml").read_text() == "kept"


@pytest.mark.parametrize(
    "name",
    [
        "../up",
        "a/b",
        "Name",
        "",
        "x" * 50,
        ".toml",
        "Name.toml",
        "../up.toml",
        "/up.toml",
        "a/../../up.toml",
        "absent/a.toml",
        f"{'a' * 300}/x.toml",
    ],
)
def test_a_new_scenario_has_a_plain_name_and_goes_where_a_folder_is(run, folder, name):
    assert isinstance(run("new", name).exception, UsageError)
    assert list(folder.iterdir()) == [] and not (folder.parent / "up.toml").exists()


@pytest.mark.parametrize(
    "path, known", [("scenarios/mine.toml", "mine"), ("mine.toml", "mine.toml"), ("own/mine.toml", "own/mine.toml")]
)
def test_a_new_scenario_may_be_named_by_its_path(run, folder, path, known):
    (folder / "own").mkdir()
    made = run("new", path)
    assert made.stdout == f"{path}\n" and made.stderr.endswith(f"simsuite check {known}\n")
    assert run("check", known).exit_code == 0 and tomllib.loads((folder / path).read_text())["title"] == "mine"


def test_a_new_scenario_behind_a_link_onto_itself_is_refused(run, folder):
    (folder / "loop").symlink_to("loop")
    assert isinstance(run("new", "loop/mine.toml").exception, UsageError)


def test_the_command_that_checks_a_new_scenario_can_be_pasted(run, folder):
    (folder / "my shops").mkdir()
    assert run("new", "my shops/mine.toml").stderr.endswith("simsuite check 'my shops/mine.toml'\n")


def test_a_new_scenario_never_leaves_the_working_directory_through_a_link(run, folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "link").symlink_to(elsewhere)
    assert "outside of the working directory" in str(run("new", "link/mine.toml").exception)
    assert list(elsewhere.iterdir()) == []


def test_check_says_in_one_line_what_a_scenario_holds(run, file):
    result = run("check", file())
    assert result.stdout == (
        "x.toml: valid. 20,000 customers in 4 segments, 7 channels, 3 categories; strategies "
        "isolated (reference), integrated; 180 + 180 + 60 days, 20 replications.\n"
    )


def test_check_says_what_a_file_with_one_strategy_is_for_and_calls_it_valid(run, file):
    result = run("check", file('extends = "retail_world"\n[strategies.isolated]\n'))
    assert result.exit_code == 0 and "x.toml: valid. " in result.stdout
    assert "run, removal and export; compare needs a second one, [strategies.NAME], or a second file" in result.stdout
    assert "compare needs" not in run("check", file()).stdout


def test_check_tells_the_problems_of_all_files_at_once(run, file):
    bad = file(VALID + "[population]\ncustomers = 0\n", "bad.toml")
    worse = file("title = \n", "worse.toml")
    result = run("check", bad, file(), worse, "absent.toml")
    assert isinstance(result.exception, ScenarioError) and result.exception.exit_code == 3
    assert [problem.file for problem in result.exception.problems] == [
        "bad.toml",
        "worse.toml",
        None,
    ]
    assert result.stdout.startswith("x.toml: valid.")


def test_check_as_json_exits_with_3_and_lists_places(run, file):
    result = run("check", file(), file(VALID + "[population]\ncustomers = 0\n", "bad.toml"), "--json")
    assert result.exit_code == 3
    good, bad = json.loads(result.stdout)
    assert good["valid"] and len(good["digest"]) == 64
    assert (bad["valid"], bad["problems"][0]["line"], bad["problems"][0]["column"]) == (
        False,
        5,
        13,
    )


def test_check_warns_of_what_has_no_effect_and_calls_the_file_valid(run, file):
    name = file(VALID + "[strategies.integrated.flows.stock]\ncoverage = 0\n")
    with pytest.warns(ScenarioWarning, match="collect_in_store = true has no effect"):
        result = run("check", name)
    assert result.exit_code == 0 and result.stdout.startswith("x.toml: valid.")
    with pytest.warns(ScenarioWarning):
        (found,) = json.loads(run("check", name, "--json").stdout)
    assert found["valid"] and len(found["warnings"]) == 1
    assert json.loads(run("check", file(), "--json").stdout)[0]["warnings"] == []


def test_check_takes_options_and_memory_into_account(run, file):
    assert run("check", file(), "--set", "population.customers=100").stdout.count("100 customers") == 1
    result = run("check", file(), "--set", "population.customers=50000000", "--set", "experiment.seed=x")
    assert str(result.exception).startswith("--set experiment.seed=x: ")


def test_memory_that_is_not_there_is_a_problem(file):
    app = typer.Typer()
    register(app, memory_needed=lambda spec: 10**18)
    result = CliRunner().invoke(app, ["check", file()])
    assert "1000000000.0 GB" in str(result.exception)


def test_show_prints_value_unit_source_and_with_origin_the_place(run, file):
    name = file(VALID + '[channels.store]\ntrip = "45 min"\n')
    result = run("show", name, "channels.store.trip", "--origin")
    assert result.stdout.split("\n")[1].split() == [
        "channels.store.trip",
        "45.0",
        "minutes",
        "assumption",
        "x.toml:5",
    ]
    assert "x.toml" not in run("show", name, "channels.store.trip").stdout


@pytest.mark.parametrize("width", [60, 80, 200])
def test_show_fits_the_terminal_and_cuts_no_value(run, file, monkeypatch, width):
    """A line is wider only where a path with its value is."""
    monkeypatch.setenv("COLUMNS", str(width))
    name = file(VALID + "[experiment]\nseed = 7\n")
    shown = json.loads(run("show", name, "--json").stdout)
    lines = run("show", name, "--origin").stdout.splitlines()
    beginnings = [line for line in lines if not line.startswith("    ")]
    assert [line.split()[0] for line in beginnings] == [one["path"] for one in shown]
    for line, one in zip(beginnings, shown, strict=True):
        value = toml_value(one["value"])
        assert line.removeprefix(one["path"]).lstrip().startswith(value)
        assert len(line) <= max(width, len(f"{one['path']:<48}  {value}"))
    assert max((len(line) for line in lines if line.startswith("    ")), default=0) <= width
    said = " ".join(" ".join(lines).split())
    assert all(f"{one['origin']['file']}:{one['origin']['line']}" in said for one in shown)


def test_show_as_json_is_complete(run, file):
    shown = json.loads(run("show", file(), "population", "--json").stdout)
    customers = next(one for one in shown if one["path"] == "population.customers")
    assert (customers["value"], customers["unit"]) == (20_000, "customers")
    origin = customers["origin"]
    assert (origin["file"], origin["column"], origin["default"]) == ("simsuite/specs/scenario.py", None, True)


def test_show_gives_the_line_of_the_program_that_declares_a_default(run, file):
    home = Path(scenario_commands.__file__).parents[2]
    name = file(VALID + '[channels.store]\ntrip = "45 min"\n')
    shown = json.loads(run("show", name, "--json").stdout)
    defaults = [one for one in shown if one["origin"]["default"]]
    assert len(defaults) > 50 and "channels.store.trip" not in {one["path"] for one in defaults}
    for one in defaults:
        line = (home / one["origin"]["file"]).read_text().splitlines()[one["origin"]["line"] - 1]
        field, names = line.split(":")[0].strip(), one["path"].split(".")
        assert field == names[-1] or "dict[" in line and field in names, one["path"]
    shown = run("show", name, "parameters.choice.inertia", "--origin").stdout
    assert "default, simsuite/specs/demand.py:" in shown


def test_show_without_a_mechanism_shows_what_switches_it_off(run, file):
    shown = run("show", file(), "parameters.giving_up", "--origin", "--without", "giving_up").stdout
    assert (
        "--without giving_up" in shown
        and "--without giving_up" not in run("show", "x.toml", "parameters.giving_up", "--origin").stdout
    )


def test_show_of_an_unknown_path_is_a_usage_error(run, file):
    assert isinstance(run("show", file(), "channel").exception, UsageError)


def test_diff_prints_only_what_differs_between_two_files(run, file):
    other = file(VALID + "[experiment]\nseed = 5\n", "y.toml")
    lines = run("diff", file(), other).stdout.split("\n")
    assert [line.split() for line in lines if line] == [
        ["value", "x.toml", "y.toml"],
        ["experiment.seed", "1", "5"],
    ]


def test_diff_compares_two_strategies_of_a_file(run, file):
    name = file(
        VALID + '[strategies.half]\nextends = "integrated"\ntitle = "Integrated data"\nflows.cart.coverage = 0.1\n'
    )
    lines = run("diff", name, "integrated", "half").stdout.split("\n")
    assert [line.split() for line in lines if line] == [
        ["value", "integrated", "half"],
        ["flows.cart.coverage", "0.85", "0.1"],
    ]


def test_diff_compares_two_strategies_of_the_catalog(run):
    found = json.loads(run("diff", "isolated", "integrated", "--json").stdout)
    assert {"path": "authority.price", "left": "local", "right": "central"} in found


def test_diff_of_the_same_prints_nothing_on_stdout(run, file):
    result = run("diff", file(), file())
    assert (result.stdout, result.stderr) == ("", "Nothing differs.\n")


@pytest.mark.parametrize("names", [["x.toml"], ["x.toml", "a", "b", "c"]])
def test_diff_takes_two_or_three_names(run, file, names):
    file()
    assert isinstance(run("diff", *names).exception, UsageError)


def test_schema_is_json(run):
    assert "channels" in json.loads(run("schema").stdout)["properties"]


def test_doctor_finds_this_machine_fine(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path / "cache"))
    result = run("doctor", "--json")
    found = {one["what"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert found["folder of compiled rules"]["fine"] and int(found["cores"]["found"]) >= 1
    assert (tmp_path / "cache").is_dir()
    assert run("doctor").stdout.splitlines()[-1] == "All is well."


def test_doctor_finds_a_cache_folder_that_cannot_be_written(run, tmp_path, monkeypatch):
    (tmp_path / "occupied").write_text("a file where the folder should be")
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path / "occupied"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "set SIMSUITE_CACHE" in result.stdout and "<- not fine" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Not fine: folder of compiled rules. Do what stands there")


def test_doctor_loads_what_was_compiled_and_finds_what_is_damaged(run, tmp_path, monkeypatch):
    """A copy of the compiled rules of these tests, whole, then with one file cut off, then without one."""
    compile_rules()
    kept = standard_rules().folder
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / kept.name
    monkeypatch.setitem(standard_rules().__dict__, "folder", folder)

    def found():
        result = run("doctor", "--json")
        (one,) = [one for one in json.loads(result.stdout) if one["what"] == "compiled rules"]
        return result.exit_code, one["found"]

    assert found() == (0, "none yet: the next run compiles them, half a minute")
    shutil.copytree(kept, folder)
    code, words = found()
    assert code == 0 and words.startswith("loaded, ")
    file = next(folder.glob("**/*.nbc"))
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    code, words = found()
    assert code == 1 and words.startswith("1 of ") and words.endswith(f"files are damaged: delete {folder}")
    for file in folder.glob("**/*.nbc"):  # also those of copies of the program in other folders
        file.unlink()
    assert found() == (0, "not all of them are there: the next run compiles the others")


def test_doctor_says_which_systems_are_supported(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path))
    monkeypatch.setattr(scenario_commands.sys, "platform", "win32")
    monkeypatch.setattr(scenario_commands.platform, "system", lambda: "Windows")
    result = run("doctor")
    assert result.exit_code == 1 and "Windows is not supported: Linux and macOS are" in result.stdout


def test_doctor_says_which_python_it_takes(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMSUITE_CACHE", str(tmp_path))
    monkeypatch.setattr(scenario_commands, "OLDEST_PYTHON", (9, 1))
    result = run("doctor")
    assert result.exit_code == 1 and "is too old: install 9.1 or newer" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Not fine: Python.")


def test_doctor_finds_a_missing_package(run, monkeypatch):
    monkeypatch.setattr(scenario_commands, "PACKAGES", ("no-such-package",))
    result = run("doctor")
    assert result.exit_code == 1 and "pip install no-such-package" in result.stdout


def test_commands_are_registered_without_loading_heavy_packages():
    code = (
        "import sys, typer; from simsuite.cli.scenario_commands import register; "
        "register(typer.Typer()); heavy = {'pydantic', 'pandas', 'numba', 'tree_sitter', "
        "'pyarrow', 'mesa', 'matplotlib', 'scipy'}; print(sorted(heavy & set(sys.modules)))"
    )
    home = Path(scenario_commands.__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=home, check=True)
    assert result.stdout.strip() == "[]"
