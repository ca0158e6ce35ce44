"""Commands about scenario files: new, check, show, diff, schema, doctor."""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsuite.cli.options import AsJson, Command, SetOption
from simsuite.errors import CacheWarning, Problem, ScenarioError, UsageError

if TYPE_CHECKING:
    from simsuite.scenario.loading import Scenario
    from simsuite.scenario.views import Difference
    from simsuite.specs.base import Spec

PACKAGES = (
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "numba",
    "mesa",
    "pydantic",
    "typer",
    "tree-sitter",
    "tree-sitter-toml",
    "matplotlib",
    "jinja2",
    "xlsxwriter",
)
OLDEST_PYTHON = (3, 11)
SYSTEMS = ("linux", "darwin")  # beginnings of sys.platform
WIDEST_COLUMN = 48
PROGRAM = Path(__file__).parents[2]  # where another process finds this program


def register(app: typer.Typer, memory_needed: Callable[[Any], int] | None = None) -> None:
    """Add the commands to an application.

    memory_needed : bytes that a run of a scenario's spec takes, for `check`
    """

    def check(
        files: Annotated[
            list[str], typer.Argument(metavar="FILE...", help="Scenario files, or names from scenarios/.")
        ],
        set_: SetOption = None,
        as_json: AsJson = False,
    ) -> None:
        """Say all that is wrong in scenario files, or what they hold."""
        check_files(files, set_ or [], as_json, memory_needed)

    app.command("new", cls=Command)(new)
    app.command("check", cls=Command)(check)
    app.command("show", cls=Command)(show)
    app.command("diff", cls=Command)(diff)
    app.command("schema", cls=Command)(schema)
    app.command("doctor", cls=Command)(doctor)


def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Such as my_shop.")]) -> None:
    """Write a commented scenario to begin with: scenarios/NAME.toml, or a file NAME.toml in a folder that is there."""
    from simsuite.scenario.library import SCENARIOS

    path = _path_of_new(name)
    template = Path(__file__).with_name("scenario_template.toml").read_text(encoding="utf-8")
    try:
        if path.parent == SCENARIOS:
            SCENARIOS.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(template.replace("{name}", path.stem))
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise UsageError(f"{path} is there already and stays as it is. Choose another name.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    typer.echo(str(path))
    known = path.stem if path.parent == SCENARIOS else path
    typer.echo(f"Next: edit it, then simsuite check {shlex.quote(str(known))}", err=True)


def _path_of_new(name: str) -> Path:
    """Where a new scenario goes: a name into scenarios/, a path ending in .toml where it says, within the working directory."""
    from simsuite.scenario.library import CODE_RULE, SCENARIOS, is_code
    from simsuite.scenario.words import shown_value

    path = Path(name) if name.endswith(".toml") else SCENARIOS / f"{name}.toml"
    stem = path.stem if name.endswith(".toml") else name
    if not is_code(stem):
        raise UsageError(
            f"{shown_value(stem)} cannot be the name of a scenario: {CODE_RULE}. Say a name, "
            "such as my_shop, or a path that ends in .toml, such as scenarios/my_shop.toml."
        )
    if path.parent == SCENARIOS:
        return path
    folder = os.path.realpath(path.parent)  # unlike Path.resolve it takes links in circles and names that are too long
    if not Path(folder).is_relative_to(os.path.realpath(".")):
        raise UsageError(
            f"{shown_value(name)} leads outside of the working directory. Go to the folder and "
            f"say simsuite new {path.name} there."
        )
    if not os.path.isdir(folder):
        raise UsageError(
            f"{shown_value(name)}: there is no folder {shown_value(str(path.parent))} here. Make it first, "
            f"or say simsuite new {path.stem}, which writes {SCENARIOS / path.name}."
        )
    return path


def check_files(
    files: Sequence[str],
    settings: Sequence[str],
    as_json: bool,
    memory_needed: Callable[[Any], int] | None,
) -> None:
    """Check every file; raise one error with the problems of all of them."""
    from simsuite.scenario.loading import load, parse_overrides

    overrides = parse_overrides(settings)
    report: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            scenario = load(file, overrides, memory_needed=memory_needed)
        except ScenarioError as error:
            problems += error.problems
            report.append(
                {
                    "file": file,
                    "valid": False,
                    "problems": [_problem_data(problem) for problem in error.problems],
                }
            )
        else:
            report.append(
                {
                    "file": file,
                    "valid": True,
                    "digest": scenario.digest,
                    "holds": _holds(scenario),
                    "warnings": [_problem_data(problem) for problem in scenario.warnings],
                }
            )
            if not as_json:
                typer.echo(f"{file}: valid. {_holds(scenario)}")
    if as_json:
        _print_json(report)
    if problems and as_json:
        raise typer.Exit(ScenarioError.exit_code)
    if problems:
        raise ScenarioError(problems)


def _problem_data(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }


def _holds(scenario: Scenario) -> str:
    from simsuite.scenario.words import counted

    spec, days = scenario.spec, scenario.spec.experiment
    strategies = (f"{name} (reference)" if name == days.reference else name for name in spec.strategies)
    return (
        f"{counted(spec.population.customers, 'customer')} in "
        f"{counted(len(spec.segments), 'segment')}, "
        f"{counted(len(spec.channels), 'channel')}, "
        f"{counted(len(spec.categories), 'category', 'categories')}; "
        f"strategies {', '.join(strategies)}; "
        f"{days.warm_up} + {days.horizon} + {days.cool_down} days, "
        f"{counted(days.replications, 'replication')}.{_alone(scenario)}"
    )


def _alone(scenario: Scenario) -> str:
    """What a scenario with one strategy is for, and what it takes to compare it; empty for others."""
    if len(scenario.spec.strategies) > 1:
        return ""
    return (
        " With one strategy it is for run, removal and export; compare needs a second one, "
        "[strategies.NAME], or a second file."
    )


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or a name from scenarios/.")],
    prefix: Annotated[str, typer.Argument(metavar="[PATH]", help="Only what lies below, e.g. channels.store.")] = "",
    origin: Annotated[bool, typer.Option("--origin", help="Also say where it was written; data always do.")] = False,
    set_: SetOption = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="statements", help="Switch a mechanism off; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print every value of a scenario with unit and source."""
    from simsuite.cli.values import values_as_data, values_in_words
    from simsuite.scenario.loading import load, parse_overrides
    from simsuite.scenario.views import values_of

    shown = values_of(load(file, parse_overrides(set_ or [])).without(without or []), prefix)
    if as_json:
        _print_json(values_as_data(shown))
    else:
        typer.echo(values_in_words(shown, origin))


def diff(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="A B | FILE STRATEGY STRATEGY | STRATEGY STRATEGY",
            help="Two files, two strategies of a file, or two strategies of the catalog.",
        ),
    ],
    set_: SetOption = None,
    as_json: AsJson = False,
) -> None:
    """Print only what differs."""
    from simsuite.scenario.loading import parse_overrides
    from simsuite.scenario.views import differences
    from simsuite.scenario.written import toml_value

    left, right = _two_specs(names, parse_overrides(set_ or []))
    found = differences(left, right)
    if as_json:
        _print_json([{"path": one.path, "left": one.left, "right": one.right} for one in found])
        return
    if not found:
        typer.echo("Nothing differs.", err=True)
        return
    rows = [(one.path, *(_side(one, value, toml_value) for value in (one.left, one.right))) for one in found]
    _print_table(("value", *names[-2:]), rows)


def _side(one: Difference, value: Any, written: Callable[[Any], str]) -> str:
    if value is None:
        return "-"
    return value if one.path.count(".") == 1 and value == "there" else written(value)


def _two_specs(names: Sequence[str], overrides: dict[str, str]) -> tuple[Spec, Spec]:
    from simsuite.scenario.loading import load
    from simsuite.scenario.views import catalog_strategy, strategy_of

    if len(names) == 3:
        scenario = load(names[0], overrides)
        return strategy_of(scenario, names[1]), strategy_of(scenario, names[2])
    if len(names) != 2:
        raise UsageError("diff takes two files, or one file and two of its strategies.")
    left, right = (catalog_strategy(name) for name in names)
    if left is not None and right is not None:
        if overrides:
            raise UsageError(
                "diff of two strategies of the catalog takes no --set, which changes a value of a scenario file."
            )
        return left, right
    return load(names[0], overrides).spec, load(names[1], overrides).spec


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simsuite.scenario.schema import scenario_schema

    _print_json(scenario_schema())


def doctor(as_json: AsJson = False) -> None:
    """Look at what simsuite needs: Python, system, packages, compiled rules, memory, cores."""
    findings = [*_python(), *_packages(), *_cache(), *_machine()]
    if as_json:
        _print_json([{"what": what, "found": found, "fine": fine} for what, found, fine in findings])
    else:
        _print_table(
            ("what", "found", ""),
            [(what, found, "" if fine else "<- not fine") for what, found, fine in findings],
        )
        typer.echo(f"\n{_verdict([what for what, _, fine in findings if not fine])}")
    if not all(fine for *_, fine in findings):
        raise typer.Exit(1)


def _verdict(not_fine: Sequence[str]) -> str:
    """Whether everything is as simsuite needs it."""
    if not not_fine:
        return "All is well."
    return f"Not fine: {', '.join(not_fine)}. Do what stands there, then run simsuite doctor again."


def _python() -> Iterable[tuple[str, str, bool]]:
    fine, oldest = sys.version_info[:2] >= OLDEST_PYTHON, ".".join(map(str, OLDEST_PYTHON))
    yield "Python", platform.python_version() + ("" if fine else f" is too old: install {oldest} or newer"), fine
    fine = sys.platform.startswith(SYSTEMS)
    name = platform.system() or sys.platform
    yield (
        "system",
        name if fine else f"{name} is not supported: Linux and macOS are, also Linux under Windows (WSL)",
        fine,
    )


def _packages() -> Iterable[tuple[str, str, bool]]:
    from importlib.metadata import PackageNotFoundError, version

    for package in PACKAGES:
        try:
            yield package, version(package), True
        except PackageNotFoundError:
            yield package, f"missing: pip install {package}", False


def _cache() -> Iterable[tuple[str, str, bool]]:
    """The folder of compiled rules, and what becomes of them when they are loaded from there."""
    try:
        from simsuite.machine.cache import FILES, is_damaged, wanted_root, why_not
        from simsuite.machine.rulebook import standard_rules
    except ImportError as error:
        yield "compiled rules", f"cannot be looked for: {error}", False
        return
    if why := why_not(wanted_root()):
        yield "folder of compiled rules", f"{why}: set SIMSUITE_CACHE to a folder that can be written", False
    else:
        yield "folder of compiled rules", str(wanted_root()), True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CacheWarning)  # said above
        folder = standard_rules().folder
    files = list(folder.glob(FILES)) if folder else []
    damaged = sum(map(is_damaged, files))
    if damaged:
        yield "compiled rules", f"{damaged} of {len(files)} files are damaged: delete {folder}", False
    elif not files:
        yield "compiled rules", "none yet: the next run compiles them, half a minute", True
    else:
        yield ("compiled rules", *_loaded(len(files), folder))


def _loaded(count: int, folder: Path) -> tuple[str, bool]:
    """What another process says that loads the compiled rules: it may break down over them."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "simsuite.engines.compile", "load"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(PROGRAM), os.environ.get("PYTHONPATH")]))},
    )
    if done.returncode == 0:
        return f"loaded, {count} files", True
    why = (done.stderr.strip().splitlines() or [f"signal {-done.returncode}"])[-1]
    if why.endswith("NothingKept"):
        return "not all of them are there: the next run compiles the others", True
    return f"cannot be loaded ({why}): delete {folder}", False


def _machine() -> Iterable[tuple[str, str, bool]]:
    from simsuite.scenario.checks import gigabytes, machine_memory

    memory = machine_memory()
    yield "memory", "unknown" if memory is None else gigabytes(memory), True
    yield "cores", str(os.cpu_count() or "unknown"), True


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of equal width, two blanks apart; a long text moves only its own line."""
    lines = [header, *rows]
    widths = [min(max(len(line[column]) for line in lines), WIDEST_COLUMN) for column in range(len(header))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
