"""Reading one TOML file: what it says and where, or a clear word about why it cannot be read."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from simsuite.errors import Problem, ScenarioError
from simsuite.scenario.origin import Leaf, Origin, Table, shown_line
from simsuite.scenario.positions import Path as ValuePath
from simsuite.scenario.positions import Positions, find_positions
from simsuite.scenario.words import as_numbers, readings
from simsuite.specs.base import MINUTES_PER

MOST_BYTES = 1_000_000
DEEPEST = 16  # tables in tables, lists in lists, parts of a dotted key

_STRING_OR_COMMENT = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+"""|'
    r"'''(?:[^']|'(?!''))*+'''|"
    r'"(?:[^"\\\n]|\\.)*+"|'
    r"'[^'\n]*+'|(?P<comment>\#[^\n]*)",
    re.DOTALL,
)
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE = re.compile(r"overwrite|twice|immutable|Duplicate|redefine", re.IGNORECASE)
_PERCENT = re.compile(r"=[ \t]*(-?\d+(?:[.,]\d+)?)[ \t]*%")
_WITHOUT_QUOTES = re.compile(rf"=[ \t]*(-?\d+(?:\.\d+)?[ \t]*(?:{'|'.join(MINUTES_PER)}))[ \t]*(?=[,}}#]|$)")
_SEPARATED = re.compile(r"=[ \t]*([-+]?\d+(?:[.,' \u00a0\u2009\u202f]\d+)+)[ \t]*(?=[,}#]|$)")
HINTS = {
    "Invalid value": "this is no value: text needs quotes, a list brackets, decimals a leading digit",
    "Expected '=' after a key": "after a name comes '=' and its value",
    "Invalid initial character for a key": "a line begins with a name, a [heading] or a # comment",
    "Invalid statement": "a line begins with a name, a [heading] or a # comment",
    "Expected newline or end of document": "one value a line: something stands behind the value "
    "that does not belong there",
    "Illegal character '\\n'": "the text is not closed: a quotation mark is missing at the end",
    "Unterminated string": "the text is not closed: a quotation mark is missing at the end",
    "Unclosed array": "the list is not closed: ']' or a comma is missing",
    "Unclosed inline table": "the table is not closed: '}' or a comma is missing",
    "Expected ']'": "the heading is not closed: ']' is missing",
}


def read_table(path: Path, shown: str) -> Table:
    """The values of one file, each with its place.

    Parameters
    ----------
    path : of the file
    shown : how messages name it

    Raises
    ------
    ScenarioError
        No such regular file, over 1 MB, not UTF-8, empty, no valid TOML, a key
        twice, nested too deeply, a number that no computer word holds.
    """
    return parse_table(_read_text(path, shown), shown)


def names_in(path: Path) -> set[str]:
    """The names at the top of one file; refuses what `read_table` refuses."""
    return set(_values(_read_text(path, path.name), path.name))


def _values(text: str, shown: str) -> dict[str, Any]:
    """The values of a TOML text."""
    _refuse_depth(text, shown)
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ScenarioError([_syntax_problem(error, text, shown)]) from None


def parse_table(text: str, shown: str) -> Table:
    """The values of a TOML text, each with its place; `shown` is how messages name the text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    values = _values(text, shown)
    if not values:
        raise _refusal(
            shown,
            "the file is empty or says nothing. 'simsuite new NAME' writes a scenario to begin with.",
        )
    return _Builder(find_positions(text), shown).table(values, (), Origin(shown))


def _read_text(path: Path, shown: str) -> str:
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise _refusal(shown, "this is a folder, not a scenario file. Name a .toml file in it.")
        if not stat.S_ISREG(info.st_mode):
            raise _refusal(shown, "this is not an ordinary file. Name a .toml file.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refusal(shown, f"the file cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise _refusal(
            shown,
            f"the file has {info.st_size / 1e6:.1f} MB; a scenario may have 1 MB. Is it data instead of a scenario?",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal(
            shown,
            "the file is not UTF-8 text. Save it as UTF-8, or name a scenario file instead of a binary one.",
        ) from None


def _refusal(shown: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(message, shown)])


def _refuse_depth(text: str, shown: str) -> None:
    """Before parsing: what is nested without end costs time and stack without end."""
    bare = _STRING_OR_COMMENT.sub(lambda m: "" if m["comment"] else "_" + "\n" * m[0].count("\n"), text)
    depth = 0
    place = _LONG_KEY.search(bare)
    offset = place.start() if place else None
    for bracket in re.finditer(r"[\[{\]}]", bare):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            offset = min(bracket.start(), offset if offset is not None else bracket.start())
            break
    if offset is not None:
        line = bare.count("\n", 0, offset) + 1
        message = f"tables and lists are nested more than {DEEPEST} deep here; a scenario needs five."
        raise ScenarioError([Problem(message, shown, line)])


def _syntax_problem(error: ValueError, text: str, shown: str) -> Problem:
    """A TOML parser's complaint with file, line, column and a hint."""
    complaint = str(error)
    place = _PLACE.search(complaint)
    lines = text.split("\n")
    if not isinstance(error, tomllib.TOMLDecodeError) or not place:
        return Problem(f"this cannot be read as TOML: {complaint[:120]}.", shown)
    complaint = complaint[: place.start()]
    line = int(place[1]) if place[1] else len(lines)
    if _TWICE.search(complaint):
        found = find_positions("\n".join(lines[:line]))
        if found.duplicates:
            return _duplicate_problem(found, shown)
    column = int(place[2]) if place[2] else len(lines[-1]) + 1
    if number := _number_as_people_write_it(lines[line - 1], column):
        message, column = number
        return Problem(message, shown, line, column, shown_line(lines[line - 1], column))
    hint = next((hint for start, hint in HINTS.items() if complaint.startswith(start)), None)
    if line > 1 and not lines[line - 1] and place[1] is None:
        line, column = line - 1, len(lines[line - 2]) + 1
    message = f"{hint} ({complaint})." if hint else f"this is no valid TOML: {complaint}."
    return Problem(message, shown, line, column, shown_line(lines[line - 1], column))


def _number_as_people_write_it(line: str, column: int) -> tuple[str, int] | None:
    """A bare percentage or duration, a decimal comma, separated thousands, at which the parser stopped: what to write, where."""
    for found in (each for kind in (_PERCENT, _WITHOUT_QUOTES, _SEPARATED) for each in kind.finditer(line)):
        if found.start(1) < column <= found.end() + 1:
            if found.re is _WITHOUT_QUOTES:
                return f'{found[1]} is no value: a number with a unit needs quotes, "{found[1]}".', found.start(1) + 1
            if found.re is _PERCENT:
                number = found[1].replace(",", ".")
                share = f"{float(number) / 100:g}"
                return (
                    f'{found[1]}% is no value: a share needs quotes, "{number} %", or is written {share}.',
                    found.start(1) + 1,
                )
            if meant := readings(found[1]):
                is_decimal = meant == [found[1].replace(",", ".")]
                rule = (
                    f"a decimal point, not a comma: {meant[0]}."
                    if is_decimal
                    else f"decimals follow a point, and nothing separates thousands. {as_numbers(found[1], meant)}"
                )
                return f"{found[1]} is no value: {rule}", found.start(1) + 1
    return None


def _duplicate_problem(found: Positions, shown: str) -> Problem:
    path, place, first_line, is_heading = found.duplicates[0]
    keys = [str(step) for step in path]
    if is_heading:
        what = f"the heading [{'.'.join(keys)}] is there twice"
        remedy = "Put the lines of both below one heading."
    else:
        table = f"[{'.'.join(keys[:-1])}] " if keys[:-1] else ""
        what = f"{table}{keys[-1]} is set twice"
        remedy = "Delete one of the two."
    message = f"{what}; the first is on line {first_line}. {remedy}"
    line = shown_line(found.lines[place.line - 1], place.key_column)
    return Problem(message, shown, place.line, place.key_column, line)


class _Builder:
    """Joins values and places."""

    def __init__(self, positions: Positions, shown: str):
        self.positions = positions
        self.shown = shown

    def table(self, values: dict[str, Any], path: ValuePath, around: Origin) -> Table:
        entries: dict[str, Leaf | Table] = {}
        for name, value in values.items():
            here = (*path, name)
            origin = self._origin(here, around)
            if isinstance(value, dict):
                entries[name] = self.table(value, here, origin)
            else:
                entries[name] = Leaf(value, origin, self._items(value, here, origin))
        return Table(around, entries)

    def _items(self, value: Any, path: ValuePath, around: Origin) -> tuple[Origin, ...]:
        length = len(value) if isinstance(value, list) else 0
        return tuple(self._origin((*path, index), around) for index in range(length))

    def _origin(self, path: ValuePath, around: Origin) -> Origin:
        place = self.positions.places.get(path)
        if place is None:
            return around
        text = self.positions.lines[place.line - 1]
        return Origin(self.shown, place.line, place.column, text, place.key_column)
