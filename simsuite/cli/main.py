"""The command `simsuite`. Commands import what they need when they run, so that --help answers at once."""

from __future__ import annotations

import os
import sys
import warnings

import typer

from simsuite.arguments import asked_by_command
from simsuite.cli import experiment_commands, scenario_commands
from simsuite.errors import ScenarioWarning, SimsuiteError

# Threads of simsuite run whole replications; those of numpy's linear algebra only wait in circles beside them,
# and took an eighth of a comparison's processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HELP = """What changes when the channels of a firm share what they know about their customers.

First steps: simsuite compare scenarios/flagship_retailer.toml"""

app = typer.Typer(
    name="simsuite",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def version(shown: bool) -> None:
    """Print the version and stop."""
    if shown:
        from simsuite import __version__

        typer.echo(f"simsuite {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=version, is_eager=True, help="Print the version."),
) -> None:
    """Options before the command."""
    context.with_resource(asked_by_command())


experiment_commands.register(app)
scenario_commands.register(app, experiment_commands.memory_needed)


def in_words(message: Warning | str, category: type[Warning], *place, as_usual=warnings.formatwarning, **more) -> str:
    """A warning about a scenario without the line of the program that gave it."""
    return (
        f"Warning: {message}\n"
        if issubclass(category, ScenarioWarning)
        else as_usual(message, category, *place, **more)
    )


def main() -> None:
    """Run a command; a person's mistake ends in a sentence and an exit code, never in a traceback."""
    warnings.formatwarning = in_words
    try:
        app(standalone_mode=True)
    except SimsuiteError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code == 130:  # what typer makes of Ctrl-C
            without = " without --fresh" if "--fresh" in sys.argv else ""  # with it, everything would start over again
            kept = f" What was finished is kept; the same command{without} goes on from there."
            print(f"Interrupted.{kept if {*sys.argv[1:2]} & {*experiment_commands.KEEPING} else ''}", file=sys.stderr)
        raise
    except BrokenPipeError:
        sys.exit(141)
