"""Behind `simsuite show`: values with unit, source and origin, in words and as data."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from simsuite.cli.defaults import place_of_default
from simsuite.report.said.terminal import WIDTH, columns
from simsuite.scenario.origin import DEFAULT, Origin
from simsuite.scenario.views import ShownValue
from simsuite.scenario.written import toml_value

WIDEST_PATH = 48
INDENT = "    "


def values_in_words(shown: Sequence[ShownValue], origin: bool) -> str:
    """The values below each other, in columns if these fit the terminal.

    If they do not, each value follows its path, and what is said about it goes on in lines of its own. No value is cut.
    """
    width = shutil.get_terminal_size((WIDTH, 0)).columns
    rows = [
        [one.path, toml_value(one.value), _unit(one), one.source, *([_origin_in_words(one)] if origin else [])]
        for one in shown
    ]
    header = ["value", "", "unit", "source", *(["origin"] if origin else [])]
    table = columns(header, rows, left=range(len(header)))
    if max(map(len, table)) <= width:
        return "\n".join(table)
    widest = min(max(len(one.path) for one in shown), WIDEST_PATH)
    return "\n".join(line for path, *cells in rows for line in _lines([path.ljust(widest), *cells], width))


def _unit(one: ShownValue) -> str:
    """'days', or 'days, acts as 2 dayparts'"""
    return f"{one.unit}, acts as {one.acts_as}" if one.acts_as else one.unit


def _lines(cells: Sequence[str], width: int) -> list[str]:
    """Path and value, and behind them what fits of the rest."""
    path, value, *about = cells
    lines = [f"{path}  {value}"]
    for text in filter(None, about):
        if len(f"{lines[-1]}  {text}") <= width:
            lines[-1] += f"  {text}"
        else:
            lines += textwrap.wrap(text, width, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False)
    return lines


def values_as_data(shown: Sequence[ShownValue]) -> list[dict[str, Any]]:
    """The same with description and the column of the origin."""
    return [_as_data(one) for one in shown]


def _as_data(one: ShownValue) -> dict[str, Any]:
    place, is_default = _origin_of(one)
    return {
        "path": one.path,
        "value": one.value,
        "unit": one.unit,
        "acts_as": one.acts_as or None,
        "source": one.source,
        "description": one.description,
        "origin": {"file": place.file, "line": place.line, "column": place.column, "default": is_default},
    }


def _origin_of(one: ShownValue) -> tuple[Origin, bool]:
    """Where a value is written, and whether that is the program, because no file says it."""
    if one.origin == DEFAULT:
        return place_of_default(one.path.split(".")), True
    return one.origin, False


def _origin_in_words(one: ShownValue) -> str:
    place, is_default = _origin_of(one)
    return f"default, {place}" if is_default else str(place)
