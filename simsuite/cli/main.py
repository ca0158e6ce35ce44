"""The command `simsuite`. Commands import what they need when they run, so that --help answers at once."""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import os
import sys
import warnings

import typer

from simsuite.arguments import asked_by_command
from simsuite.cli import clock, experiment_commands, scenario_commands
from simsuite.errors import SimsuiteError, SimsuiteWarning, StoreError, UsageError
from simsuite.files import REASONS

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
    clock.begin()
    context.with_resource(asked_by_command())


experiment_commands.register(app)
scenario_commands.register(app, experiment_commands.memory_needed)


def in_words(message: Warning | str, category: type[Warning], *place, as_usual=warnings.formatwarning, **more) -> str:
    """A warning for the person who works with it, without the line of the program that gave it."""
    return (
        f"Warning: {message}\n"
        if issubclass(category, SimsuiteWarning)
        else as_usual(message, category, *place, **more)
    )


def main() -> None:
    """Run a command; a person's mistake ends in a sentence and an exit code, never in a traceback."""
    warnings.formatwarning = in_words
    _hold_standard_streams()
    os.environ["MPLBACKEND"] = "agg"  # what a notebook sets for itself is none for a command
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells where it keeps its list of fonts
    try:
        _stand_somewhere()
        app(standalone_mode=True)
    except SimsuiteError as error:
        _leave(str(error), error.exit_code)
    except SystemExit as end:
        if end.code == 130:  # what typer makes of Ctrl-C
            without = " without --fresh" if "--fresh" in sys.argv else ""  # with it, everything would start over again
            kept = f" What was finished is kept; the same command{without} goes on from there."
            print(f"Interrupted.{kept if {*sys.argv[1:2]} & {*experiment_commands.KEEPING} else ''}", file=sys.stderr)
        sys.exit(141 if isinstance(end.__context__, BrokenPipeError) else end.code)  # typer makes 1 of it
    except BrokenPipeError:
        sys.exit(141)
    except OSError as error:  # of the machine, where no part of the program has put it into words
        _leave(_of_the_machine(error), StoreError.exit_code)


def _stand_somewhere() -> None:
    """Before anything is loaded: Python 3.13 loads no library from a working folder that was deleted.

    Raises
    ------
    UsageError : it is not there any more
    """
    try:
        os.getcwd()
    except OSError:
        raise UsageError(
            "The working folder is not there any more. Change into another one (cd), and say it again."
        ) from None


def _of_the_machine(error: OSError) -> str:
    """What the operating system refused, in words; without a file it is the output of the command."""
    reason = REASONS.get(error.errno, f"{error.strerror or error}.")
    if error.filename is not None:
        return f"Cannot use {error.filename}: {reason}"
    if error.errno == errno.ENOSPC:
        reason = "there is no room where it goes."
        if {*sys.argv[1:2]} & {*experiment_commands.KEEPING}:
            reason += " Runs are kept: the same command, with room for what it says, does not repeat them."
    return f"The output cannot be written: {reason}"


def _leave(text: str, code: int) -> None:
    """End with a sentence. What waits in the output is given up if nobody takes it: Python would try again, and complain."""
    print(text, file=sys.stderr)
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _hold_standard_streams() -> None:
    """Where a standard stream is closed, the next file would get its number, and whatever a library prints."""
    for stream in range(3):
        try:
            os.fstat(stream)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _Unheard(
            sys.stderr.buffer, sys.stderr.encoding, sys.stderr.errors, line_buffering=True, write_through=True
        )


class _Unheard(io.TextIOWrapper):
    """What goes to stderr is for who listens; a log on a full disk ends no run."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()
