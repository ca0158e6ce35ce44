"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

UNEXPECTED = "Got unexpected extra argument"


class Command(TyperCommand):
    """A command that says what it takes where it is given a word too many."""

    def parse_args(self, context: Any, words: list[str]) -> Any:
        """As it is; without a word where one is needed, help, and the exit code of a wrong call."""
        if not words and any(each.required for each in self.params):
            typer.echo(context.get_help(), err=True)
            context.exit(2)
        try:
            return super().parse_args(context, words)
        except Exception as error:
            said = getattr(error, "message", "")
            if said.startswith(UNEXPECTED):
                options = [each.opts[0] for each in self.params if each.opts[0][0] == "-"]
                places = [each.metavar for each in self.params if each.opts[0][0] != "-"]
                error.message = f"{said}. It takes {', '.join([*places, *options]) or 'nothing'}."
            raise


def number(text: str) -> int | str:
    """A whole number, if it is one; of anything else the program says what it should have been."""
    try:
        return int(text)
    except ValueError:
        return text


NUMBER = {"parser": number, "metavar": "N"}
Scenarios = Annotated[
    list[str],
    typer.Argument(
        metavar="SCENARIO...", help="A file, or a name from scenarios/. Of several files the first is the reference."
    ),
]
OneScenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or a name from scenarios/.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value, e.g. --set population.customers=6000."),
]
Strategy = Annotated[list[str] | None, typer.Option("--strategy", help="Only these strategies; may be repeated.")]
Reference = Annotated[
    str | None,
    typer.Option(
        help="What the others are compared with; default: the scenario's reference, of several files the first."
    ),
]
Replications = Annotated[
    int | None, typer.Option(help="Paired replications, 2 or more; default: the scenario's.", **NUMBER)
]
Explained = Annotated[int, typer.Option(help="Paired replications, 2 or more.", **NUMBER)]
Replication = Annotated[int, typer.Option(**NUMBER, help="Which of the paired runs; 0 is the first.")]
Seed = Annotated[int | None, typer.Option(**NUMBER, help="Default: the scenario's.")]
Workers = Annotated[int | None, typer.Option(**NUMBER, help="Threads; default: one per processor.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]
Require = Annotated[
    list[str] | None,
    typer.Option("--require", metavar="'MEASURE: VERDICT'", help="Exit 5 unless it holds, e.g. 'conversion: better'."),
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="statements", help="Switch a mechanism off; may be repeated.")
]
Precision = Annotated[bool, typer.Option("--precision", help="Add replications until every interval is narrow enough.")]
Folder = Annotated[Path | None, typer.Option("--results", help="Results folder; default: results/<scenario>.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start over, deleting what the results folder holds.")]
Customer = Annotated[
    int | None, typer.Option(**NUMBER, help="Number of the customer; default: one whose story shows the difference.")
]
ResultsFolder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="A results folder, such as results/flagship_retailer.")
]
