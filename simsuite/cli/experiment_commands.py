"""Commands that run something: run, compare, sweep, waterfall, removal, story, export, resume, report."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simsuite.cli import clock
from simsuite.cli.options import (
    AsJson,
    Command,
    Customer,
    Explained,
    Folder,
    Fresh,
    OneScenario,
    Precision,
    Reference,
    Replication,
    Replications,
    Require,
    ResultsFolder,
    Scenarios,
    Seed,
    SetOption,
    Strategy,
    Without,
    Workers,
)

if TYPE_CHECKING:
    from simsuite.cli.explain import Wish
    from simsuite.cli.sweep import Sweep
    from simsuite.experiment.results import Results
    from simsuite.report.drawn.drawing_process import DrawingProcess
    from simsuite.scenario import Scenario

RESULTS = Path("results")
KEEPING = ("compare", "sweep", "waterfall", "removal", "resume")  # commands that keep every finished replication


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    for command in (compare, run, sweep, waterfall, removal, story, export, resume, report):
        app.command(command.__name__, cls=Command)(command)


def memory_needed(spec: Any) -> int:
    """Bytes that a comparison of one scenario's strategies takes at the least."""
    from simsuite.experiment.room import bytes_for

    return bytes_for(spec, workers=1)


def compare(
    scenarios: Scenarios,
    strategy: Strategy = None,
    reference: Reference = None,
    set_: SetOption = None,
    replications: Replications = None,
    precision: Precision = False,
    seed: Seed = None,
    workers: Workers = None,
    without: Without = None,
    require: Require = None,
    results: Folder = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Compare strategies (or scenario files) on the same people and the same luck, and write the report."""
    from simsuite.report.drawn.drawing_process import DrawingProcess

    with DrawingProcess() as beside:  # first of all: while this process gets ready, the other processor is free
        from simsuite.experiment.plan import plan_comparison
        from simsuite.experiment.recorded import COMPARE, recorded, words_at_work
        from simsuite.report.summary import checked_requirements
        from simsuite.scenario import parse_overrides

        experiment = plan_comparison(
            scenarios, strategy, reference, replications, seed, parse_overrides(set_ or []), precision, without or ()
        )
        command = recorded(
            COMPARE,
            words_at_work(),
            experiment,
            scenarios=[str(name) for name in scenarios],
            strategies=strategy,
            reference=reference,
            set=set_ or [],
            replications=replications,
            precision=precision,
            seed=seed,
            without=without or [],
        )
        checked_requirements(require or [])
        asked = {"experiment": experiment, "folder": results or RESULTS / experiment.name, "fresh": fresh}
        _carry_out(asked, workers, as_json, require or [], command, beside)


def _carry_out(
    asked: dict[str, Any],
    workers: int | None,
    as_json: bool,
    require: list[str],
    command: dict[str, Any],
    beside: DrawingProcess,
) -> None:
    """Run, keep, print the answer, write every view of the results, name the report; failures and requirements last.

    asked : what `carried_out` is to run, where, and what becomes of what lies there
    """
    from simsuite.experiment.recorded import words_at_work
    from simsuite.experiment.results import carried_out
    from simsuite.report.summary import answer_as_data, check_requirements, findings_of, onward_of, write_views

    with carried_out(**asked, workers=workers, progress=True, about={"command": command}) as done:
        results, execution, store = done
        if execution.done:
            _say_what_counts(results)
            typer.echo(json.dumps(answer_as_data(results), indent=2) if as_json else findings_of(results))
            write_views(results, store, command["words"], words_at_work(), beside.svgs, clock=clock.seconds)
            if not as_json:
                typer.echo(onward_of(results, clock.seconds()))
    execution.raise_failures()
    check_requirements(results, require)


def _say_what_counts(results: Results) -> None:
    """Where the folder holds more or fewer replications than were asked for, say which do not count."""
    asked = len({run.replication for run in results.runs})
    if results.beyond:
        typer.echo(
            f"{results.folder} holds {results.beyond} more replications than the {asked} that were asked for. They stay, "
            "and count in nothing here.",
            err=True,
        )
    if results.missing:
        typer.echo(
            f"Of the replications that were asked for, {results.missing} failed or were not run yet. Run them with: "
            f"simsuite resume {shlex.quote(str(results.folder))}",
            err=True,
        )


def _compile_for(replication: int) -> None:
    """Compile the rules for this run if this machine has not done so yet, and say so."""
    from simsuite.engines.checked import replication_number
    from simsuite.engines.compile import compile_rules
    from simsuite.experiment.progress import Progress

    replication_number(replication)
    compile_rules(Progress("Compiling the rules (once)", sys.stderr))


def run(
    scenario: OneScenario,
    strategy: Annotated[str | None, typer.Option(help="Default: the reference.")] = None,
    set_: SetOption = None,
    seed: Seed = None,
    replication: Replication = 0,
    without: Without = None,
    as_json: AsJson = False,
    engine: Annotated[str, typer.Option(help="batch (compiled) or mesa (interpreted, for small worlds).")] = "batch",
) -> None:
    """Run one strategy once and print its measures."""
    from simsuite.cli.kept import asked_scenario
    from simsuite.cli.story_and_export import as_data
    from simsuite.experiment.single_run import run_once
    from simsuite.report.said.run_words import run_text

    asked = asked_scenario(scenario, set_ or [], seed, without or [])
    if engine == "batch":
        _compile_for(replication)
    done = run_once(asked, strategy, replication, engine=engine)
    typer.echo(
        as_data(asked, replication=replication, strategy=done.strategy, measures=done.measures)
        if as_json
        else run_text(done)
    )


def sweep(
    scenario: OneScenario,
    over: Annotated[
        str,
        typer.Option(
            metavar="PATH=FROM:TO:STEP",
            help="e.g. flows.identity.coverage=0:1:0.1 or strategies.integrated.flows.cart.error=0:0.4:0.1",
        ),
    ],
    strategy: Annotated[
        str | None, typer.Option(help="The strategy that is varied; default: the first that is not the reference.")
    ] = None,
    set_: SetOption = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    without: Without = None,
    results: Folder = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Vary one value and draw the curve of every measure against the reference, with intervals."""
    from simsuite.cli.kept import asked_scenario
    from simsuite.cli.sweep import override, plan_sweep
    from simsuite.experiment.recorded import SWEEP, recorded, words_at_work

    base = asked_scenario(scenario, set_ or [], seed, without or [])
    plan = plan_sweep(
        base, lambda path, value: base.with_overrides(override(path, value)), over, strategy, replications
    )
    command = recorded(
        SWEEP,
        words_at_work(),
        plan.experiment,
        scenarios=[str(scenario)],
        over=over,
        strategy=strategy,
        set=set_ or [],
        replications=replications,
        seed=seed,
        without=without or [],
    )
    _carry_out_sweep(
        plan, {"folder": results or RESULTS / plan.experiment.name, "fresh": fresh}, workers, as_json, command
    )


def _carry_out_sweep(
    plan: Sweep, where: dict[str, Any], workers: int | None, as_json: bool, command: dict[str, Any]
) -> None:
    """Run, keep, draw the curve, print it; failures last. `where`: folder, and what becomes of what lies there."""
    from simsuite.cli.sweep import write_sweep
    from simsuite.experiment.recorded import words_at_work
    from simsuite.experiment.results import carried_out

    about = {"command": command}
    with carried_out(plan.experiment, **where, workers=workers, progress=True, about=about) as done:
        results, execution, store = done
        if execution.done:
            _say_what_counts(results)
            typer.echo(write_sweep(plan, results, store, command["words"], words_at_work(), as_json))
    execution.raise_failures()


def waterfall(
    scenario: OneScenario,
    strategy: Annotated[str | None, typer.Option(help="Default: the first that is not the reference.")] = None,
    set_: SetOption = None,
    replications: Explained = 5,
    seed: Seed = None,
    workers: Workers = None,
    without: Without = None,
    results: Folder = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Take the difference apart: flow by flow (first in, last out, jointly), and knowing by deciding."""
    from simsuite.cli.explain import explain_difference
    from simsuite.cli.kept import asked_scenario

    wish = _wish(
        asked_scenario(scenario, set_ or [], seed, without or []), strategy, replications, workers, results, fresh
    )
    typer.echo(explain_difference(wish, as_json))


def removal(
    scenario: OneScenario,
    strategy: Annotated[str | None, typer.Option(help="Default: the reference.")] = None,
    set_: SetOption = None,
    replications: Explained = 5,
    seed: Seed = None,
    workers: Workers = None,
    without: Without = None,
    results: Folder = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Silence every cause of lost sales in turn: orders gained, beside the journeys lost to it."""
    from simsuite.cli.explain import explain_losses
    from simsuite.cli.kept import asked_scenario

    wish = _wish(
        asked_scenario(scenario, set_ or [], seed, without or []), strategy, replications, workers, results, fresh
    )
    typer.echo(explain_losses(wish, as_json))


def _wish(
    scenario: Scenario, strategy: str | None, replications: int, workers: int | None, results: Path | None, fresh: bool
) -> Wish:
    """What an explaining command was asked for; compiles the rules first."""
    from simsuite.cli.explain import Wish

    return Wish(scenario, strategy, replications, results or RESULTS / scenario.name, workers, fresh)


def story(
    scenario: OneScenario,
    customer: Customer = None,
    strategy: Annotated[
        str | None, typer.Option(help="The compared world; default: the first that is not the reference.")
    ] = None,
    replication: Replication = 0,
    set_: SetOption = None,
    seed: Seed = None,
    without: Without = None,
    as_json: AsJson = False,
) -> None:
    """Tell one customer's days in words, in both worlds, up to and after the act at which they part."""
    from simsuite.cli.kept import asked_scenario
    from simsuite.cli.story_and_export import story_of

    asked = asked_scenario(scenario, set_ or [], seed, without or [])
    _compile_for(replication)
    typer.echo(story_of(asked, customer, strategy, replication, as_json))


def export(
    scenario: OneScenario,
    to: Annotated[Path, typer.Option("--to", help="File ending in .csv or .parquet.")],
    strategy: Annotated[str | None, typer.Option(help="Default: the reference.")] = None,
    journeys: Annotated[bool, typer.Option("--journeys", help="One row per need instead of one per event.")] = False,
    replication: Replication = 0,
    set_: SetOption = None,
    seed: Seed = None,
    without: Without = None,
    as_json: AsJson = False,
) -> None:
    """Write the event log of one run; the columns are documented in docs/event_log.md."""
    from simsuite.cli.kept import asked_scenario
    from simsuite.cli.story_and_export import export_run

    asked = asked_scenario(scenario, set_ or [], seed, without or [])
    _compile_for(replication)
    typer.echo(export_run(asked, to, strategy, journeys, replication, as_json))


def resume(
    folder: ResultsFolder,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Go on with an interrupted comparison or sweep."""
    from simsuite.cli.kept import sweep_of
    from simsuite.experiment.recorded import SWEEP, comparison_of, held
    from simsuite.report.drawn.drawing_process import DrawingProcess

    with held(folder) as (command, journal, lock):
        where = {"folder": folder, "aside": False, "lock": lock}
        if journal.faults:
            typer.echo(f"Going on with: {shlex.join(command['words'])}", err=True)
        if command["kind"] == SWEEP:
            _carry_out_sweep(sweep_of(folder, command, journal), where, workers, as_json, command)
        else:
            with DrawingProcess() as beside:
                asked = {"experiment": comparison_of(folder, command, journal), **where}
                _carry_out(asked, workers, as_json, [], command, beside)


def report(folder: ResultsFolder, as_json: AsJson = False) -> None:
    """Write the report, or the curve, and the other views of a results folder again, without running anything."""
    from simsuite.cli.kept import sweep_of
    from simsuite.cli.sweep import write_sweep
    from simsuite.experiment.recorded import SWEEP, comparison_of, held, words_at_work
    from simsuite.experiment.results import results_in
    from simsuite.report.summary import answer_as_data, answer_of, write_views

    with held(folder) as (command, journal, lock):
        plan = sweep_of(folder, command, journal) if command["kind"] == SWEEP else None
        experiment = plan.experiment if plan else comparison_of(folder, command, journal)
        with results_in(experiment, folder, lock) as (results, store):
            _say_what_counts(results)
            if plan:
                typer.echo(write_sweep(plan, results, store, command["words"], words_at_work(), as_json))
            else:
                write_views(results, store, command["words"], words_at_work(), clock=clock.seconds)
                answer = answer_of(results, seconds=clock.seconds())
                typer.echo(json.dumps(answer_as_data(results), indent=2) if as_json else answer)
