"""From a resolved tree to a spec, with every complaint of pydantic in the words of the house."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from simsuite.errors import Problem, ScenarioError
from simsuite.scenario.fields import Declaration, declared, names_at
from simsuite.scenario.library import ONE, SECTIONS
from simsuite.scenario.origin import Leaf, Origin, Table
from simsuite.scenario.words import did_you_mean, shown_name, shown_value
from simsuite.specs.base import Spec

MOST_PROBLEMS = 100
LONGEST_NUMBER = 40  # characters of a text that stands for a number, such as "15 min"
MOST_IN_A_WORD = 2**63 - 1
Model = TypeVar("Model", bound=Spec)
Path = tuple[str | int, ...]


def validate(model: type[Model], table: Table) -> Model:
    """The spec that a resolved tree describes.

    Raises
    ------
    ScenarioError
        With every problem of the tree, in the order of the file.
    """
    problems = _Problems(model, table)
    for path, leaf in table.leaves():
        if _is_no_number_of_this_world(leaf, declared(model, path)):
            problems.not_allowed(path, leaf.value)
    try:
        spec = model.model_validate(_plain_without(table, problems.paths))
    except ValidationError as error:
        for complaint in error.errors(include_url=False, include_context=False):
            problems.translate(complaint)
        raise problems.error() from None
    if problems.paths:
        raise problems.error()
    return spec


def in_order(
    problems: Iterable[tuple[Origin, Problem]], first: str, more: int = 0
) -> ScenarioError:
    """One error of many problems: the scenario's own file first, then by file, line and column.

    more : problems that were counted only
    """
    ordered = sorted(
        problems,
        key=lambda pair: (
            pair[0].file != first,
            pair[0].file,
            pair[1].line or 0,
            pair[1].column or 0,
        ),
    )
    shown = list(dict.fromkeys(problem for _, problem in ordered))
    more += max(len(shown) - MOST_PROBLEMS, 0)
    rest = [Problem(f"and {more} more problems.", first)] if more else []
    return ScenarioError([*shown[:MOST_PROBLEMS], *rest])


def label(path: Path, value: str) -> str:
    """'[population] customers = -5', for the beginning of a message."""
    names = [shown_name(step) for step in path if not isinstance(step, int)]
    table = f"[{'.'.join(names[:-1])}] " if names[:-1] else ""
    verb = "contains" if isinstance(path[-1], int) else "="
    return f"{table}{names[-1]} {verb} {value}"


def _is_no_number_of_this_world(leaf: Leaf, declaration: Declaration | None) -> bool:
    """NaN, infinity, over 64 bits, or a text too long for a number: refused before all else."""
    values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
    if declaration and declaration.is_numeric and isinstance(leaf.value, str):
        return len(leaf.value) > LONGEST_NUMBER
    return any(
        isinstance(value, float)
        and not math.isfinite(value)
        or isinstance(value, int)
        and abs(value) > MOST_IN_A_WORD
        for value in values
    )


def _plain_without(table: Table, paths: set[Path], here: Path = ()) -> dict[str, Any]:
    return {
        name: _plain_without(entry, paths, (*here, name))
        if isinstance(entry, Table)
        else entry.value
        for name, entry in table.entries.items()
        if (*here, name) not in paths
    }


class _Problems:
    """Collects what is wrong in one tree."""

    def __init__(self, model: type[Spec], table: Table):
        self.model = model
        self.table = table
        self.paths: set[Path] = set()  # of values reported so far
        self.missing: dict[Path, list[str]] = {}  # table -> names that it lacks
        self.found: list[tuple[Origin, Problem]] = []
        self.more = 0  # counted, as messages take time

    def error(self) -> ScenarioError:
        for path, names in self.missing.items():
            self._add(path, _missing_message(path, names))
        return in_order(self.found, self.table.origin.file, self.more)

    def translate(self, complaint: Any) -> None:
        """One entry of pydantic's list."""
        path: Path = complaint["loc"]
        if len(self.found) + len(self.missing) > MOST_PROBLEMS:
            self.more += 1
        elif complaint["type"] == "extra_forbidden":
            self._unknown(path)
        elif complaint["type"] == "missing":
            if path not in self.paths:
                self.missing.setdefault(path[:-1], []).append(str(path[-1]))
        else:
            self.not_allowed(path, complaint["input"], complaint["msg"])

    def not_allowed(self, path: Path, value: Any, reason: str = "") -> None:
        """A value of the wrong kind or out of its range."""
        self.paths.add(path)
        names = tuple(step for step in path if isinstance(step, str))
        declaration = declared(self.model, names)
        if declaration is None:
            message = (
                f"{label(path, shown_value(value))} is not allowed here: {reason or 'no number'}."
            )
        else:
            message = f"{label(path, shown_value(value))} must be {declaration.allowed()}."
        self._add(path, message)

    def _unknown(self, path: Path) -> None:
        table, name = path[:-1], shown_name(path[-1])
        known = names_at(self.model, [str(step) for step in table])
        where = f"[{'.'.join(map(shown_name, table))}]" if table else "a scenario"
        meant = did_you_mean(str(path[-1]), known)
        home = None if meant else self._home_of(str(path[-1]))
        if meant:
            remedy = f"Did you mean '{meant}'?"
        elif home:
            remedy = f"It belongs in [{home}]."
        else:
            remedy = f"It has: {', '.join(known)}."
        self._add(path, f"{where} has no parameter '{name}'. {remedy}", at_key=True)

    def _home_of(self, name: str) -> str | None:
        """The table of the scenario that does have a parameter of this name."""
        for table in self.model.model_fields:
            names = names_at(self.model, [table])
            if name in names:
                return table
            for inner in names:
                if name in names_at(self.model, [table, inner]):
                    return f"{table}.{inner}"
        return None

    def _add(self, path: Path, message: str, at_key: bool = False) -> None:
        origin = self.table.origin_of(path)
        self.found.append((origin, origin.problem(message, at_key=at_key)))


def _missing_message(path: Path, names: list[str]) -> str:
    listed = ", ".join(names)
    if not path:
        return (
            f"the scenario lacks {listed}: add {', '.join(f'[{name}.NAME]' for name in names)}, "
            'or extends = "retail_world" for a whole world to start from.'
        )
    where = f"[{'.'.join(map(shown_name, path))}]"
    if len(path) == 2 and path[0] in SECTIONS:
        one = ONE[str(path[0])]
        return (
            f"{where} is no {one} of the catalog, so it must say everything; it lacks {listed}. "
            f'Add them, or extends = "NAME" of a {one} that it resembles.'
        )
    return f"{where} lacks {listed}."
