"""Line and column of every key and value of a TOML text, found with tree-sitter.

Values themselves come from `tomllib`; here is only where they stand. A path is
a tuple of keys, with the number of the element inside of an array.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

Path = tuple[str | int, ...]
LONGEST_COUNTED = 4_000  # bytes of a line; farther right columns count bytes, for the sake of time
KEYS = ("bare_key", "quoted_key", "dotted_key")


class Place(NamedTuple):
    """From 1, in characters. Of a table: of its name in the heading."""

    line: int
    column: int
    key_column: int


class Duplicate(NamedTuple):
    """A key or heading that was there before, on line `first_line`."""

    path: Path
    place: Place
    first_line: int
    is_heading: bool


@dataclass
class Positions:
    """What one walk through the syntax tree found."""

    lines: list[str]
    places: dict[Path, Place] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)


def find_positions(text: str) -> Positions:
    """Places of all keys, values, headings and array elements of a TOML text.

    Parts that the grammar does not understand are left out, so that a caller
    falls back on the place of what is around them.
    """
    walk = _Walk(text)
    for node in _parser().parse(text.encode()).root_node.named_children:
        if node.type == "pair":
            walk.pair(node, ())
        elif node.type in ("table", "table_array_element"):
            walk.heading(node)
    return walk.found


@cache
def _parser() -> Parser:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language()))


class _Walk:
    """One pass over the syntax tree of one text."""

    def __init__(self, text: str):
        self.found = Positions(text.split("\n"))
        self.wide = [None if line.isascii() else line.encode() for line in self.found.lines]
        self.written: dict[Path, int] = {}  # path -> line of the pair or heading that made it
        self.elements: dict[Path, int] = {}  # path of an array of tables -> last element

    def heading(self, node: Node) -> None:
        """[a.b] or [[a.b]] and the pairs below it."""
        key = next((child for child in node.named_children if child.type in KEYS), None)
        if key is None:
            return
        path: Path = ()
        for part, name in self._parts(key):
            path = (*self._into_last_element(path), name)
            self.found.places.setdefault(path, self._place(part, part))
        self.found.places[path] = self._place(part, part)
        if node.type == "table_array_element":
            self.elements[path] = self.elements.get(path, -1) + 1
            path = self._into_last_element(path)
            self.found.places[path] = self._place(part, part)
        else:
            self._write(path, self._place(part, part), is_heading=True)
        for child in node.named_children:
            if child.type == "pair":
                self.pair(child, path)

    def pair(self, node: Node, base: Path) -> None:
        """key = value, anywhere."""
        named = [child for child in node.named_children if child.type != "comment"]
        if len(named) != 2 or named[0].type not in KEYS:
            return
        key, value = named
        path = base
        for part, name in self._parts(key):
            path = (*path, name)
            self.found.places.setdefault(path, self._place(part, part))
        place = self._place(value, part)
        self._write(path, place, is_heading=False)
        self.found.places[path] = place
        self._inside(value, path)

    def _inside(self, value: Node, path: Path) -> None:
        if value.type == "inline_table":
            for child in value.named_children:
                if child.type == "pair":
                    self.pair(child, path)
        elif value.type == "array":
            elements = [child for child in value.named_children if child.type not in ("comment", "ERROR")]
            for index, element in enumerate(elements):
                self.found.places[(*path, index)] = self._place(element, element)
                self._inside(element, (*path, index))

    def _write(self, path: Path, place: Place, is_heading: bool) -> None:
        if path in self.written:
            first = self.written[path]
            self.found.duplicates.append(Duplicate(path, place, first, is_heading))
        self.written.setdefault(path, place.line)

    def _into_last_element(self, path: Path) -> Path:
        return (*path, self.elements[path]) if path in self.elements else path

    def _parts(self, key: Node) -> list[tuple[Node, str]]:
        """The single keys of a dotted one, from left to right, in plain words."""
        if key.type == "dotted_key":
            return [part for child in key.named_children for part in self._parts(child)]
        text = key.text.decode()
        return [(key, text if key.type == "bare_key" else next(iter(tomllib.loads(f"{text} = 0"))))]

    def _place(self, value: Node, key: Node) -> Place:
        return Place(value.start_point[0] + 1, self._column(value), self._column(key))

    def _column(self, node: Node) -> int:
        row, byte = node.start_point
        line = self.wide[row]
        if line is None or byte > LONGEST_COUNTED:
            return byte + 1
        return len(line[:byte].decode(errors="replace")) + 1
