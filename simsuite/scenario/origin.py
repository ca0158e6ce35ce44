"""Where a value was written, and the tree of values that remembers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from simsuite.errors import Problem, ScenarioError
from simsuite.scenario.words import printable

LONGEST_LINE = 160  # characters of a source line that an error shows


@dataclass(frozen=True)
class Origin:
    """One place in a file. Lines and columns count from 1 and count characters.

    file : as a person would name it; "--set path=value" for an option
    line, column : of the value; None where the place has none
    text : the whole line
    key_column : of the key in front of the value, on the same line
    said : how an error names it where that is not the file, such as "--reference name"
    """

    file: str
    line: int | None = None
    column: int | None = None
    text: str | None = None
    key_column: int | None = None
    said: str | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def problem(self, message: str, *, at_key: bool = False) -> Problem:
        """What is wrong here; the caret stands under the value, or under its key."""
        column = self.key_column if at_key and self.key_column else self.column
        return Problem(message, self.said or self.file, self.line, column, shown_line(self.text, column))

    def error(self, message: str) -> ScenarioError:
        """The same as an error of its own, for what leaves nothing to go on with."""
        return ScenarioError([self.problem(message)])


@dataclass(frozen=True)
class Given:
    """The value of an option with the words in which a person gave it, such as "--seed 7"."""

    value: Any
    said: str


DEFAULT = Origin("default of the model")


def shown_line(text: str | None, column: int | None) -> str | None:
    """The line as an error may show it: one character wide each, nothing that moves a cursor."""
    if text is None or column is None or column > LONGEST_LINE:
        return None
    line = text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
    return printable(line.replace("\t", " ")).rstrip()


@dataclass(frozen=True)
class Leaf:
    """A value that is no table: number, text, yes or no, date, list. `items`: places in a list."""

    value: Any
    origin: Origin
    items: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table by name. Never changed after it is made."""

    origin: Origin
    entries: dict[str, Leaf | Table] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The bare values, as TOML would give them."""
        return {
            name: entry.plain() if isinstance(entry, Table) else entry.value for name, entry in self.entries.items()
        }

    def without(self, *names: str) -> Table:
        """The same table without some of its entries."""
        return Table(self.origin, {name: entry for name, entry in self.entries.items() if name not in names})

    def replaced(self, **entries: Leaf | Table) -> Table:
        """The same table with some entries exchanged or added."""
        return Table(self.origin, {**self.entries, **entries})

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Leaf]]:
        """Every value with its path."""
        for name, entry in self.entries.items():
            if isinstance(entry, Table):
                yield from entry.leaves((*path, name))
            else:
                yield (*path, name), entry

    def at(self, path: Sequence[str | int]) -> Leaf | Table | None:
        """What is written at `path`; for an element of a list, the list."""
        here: Leaf | Table | None = self
        for step in path:
            if isinstance(here, Table):
                here = here.entries.get(step)
            elif not isinstance(step, int):
                return None
        return here

    def value_at(self, path: Sequence[str | int]) -> Any:
        """The bare value at `path`, also of an element of a list."""
        here = self.at(path)
        value = here.plain() if isinstance(here, Table) else here.value
        for step in path:
            if isinstance(step, int):
                value = value[step]
        return value

    def origin_of(self, path: Sequence[str | int]) -> Origin:
        """The place of what is at `path`, or of the nearest thing around it."""
        here: Leaf | Table = self
        for step in path:
            if isinstance(here, Table) and step in here.entries:
                here = here.entries[step]
            elif isinstance(here, Leaf) and isinstance(step, int) and step < len(here.items):
                return here.items[step]
            else:
                break
        return here.origin


def merge(parent: Table, child: Table, *, keep_tables: bool = False) -> Table:
    """Tables merge deeply; anything else that the child says replaces what the parent says.

    A merged table stands where the child has it; with `keep_tables`, where the parent has it.
    """
    entries = dict(parent.entries)
    for name, entry in child.entries.items():
        before = entries.get(name)
        if isinstance(before, Table) and isinstance(entry, Table):
            entry = merge(before, entry, keep_tables=keep_tables)
        entries[name] = entry
    return Table(parent.origin if keep_tables else child.origin, entries)
