"""Text and tables for a terminal, 80 columns wide; a number and its unit stay on one line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from simsuite.report.said.labels import NO_BREAK, together

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 80
JOINT = "\N{SYMBOL FOR SPACE}"  # stands for a blank at which rich must not break a line


def filled(text: str, indent: str = "") -> str:
    """A paragraph, at most WIDTH columns wide; `indent` before its first line, two more before the others."""
    lines = textwrap.fill(
        together(text), WIDTH, initial_indent=indent, subsequent_indent=indent and indent + "  ", break_on_hyphens=False
    )
    return lines.replace(NO_BREAK, " ")


def narrow(text: str, width: int = 12) -> str:
    """A heading in lines of this width."""
    return "\n".join(textwrap.wrap(together(text), width)).replace(NO_BREAK, " ")


def grid(*headings: str) -> Table:
    """A table without lines; further columns may be added."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading)
    return table


def add_row(table: Table, cells: Sequence[str]) -> None:
    """Cells in which numbers keep their units."""
    table.add_row(*(together(cell, JOINT) if isinstance(cell, str) else cell for cell in cells))


def drawn(table: Table, color: bool = False) -> str:
    """The table as text that ends with a line break; `color` with codes for a terminal."""
    from rich.console import Console

    console = Console(
        width=WIDTH,
        file=StringIO(),
        force_terminal=color,
        force_jupyter=False,
        no_color=not color,
        highlight=False,
        markup=False,
        color_system="standard" if color else None,
        legacy_windows=False,
    )
    console.print(table)
    lines = console.file.getvalue().replace(JOINT, " ").splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> list[str]:
    """Lines of a table whose columns are as wide as they must be, two blanks apart; numbers stand on the right.

    left : places of the columns with text
    """
    lines = [headings, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    return [
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
