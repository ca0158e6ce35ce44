"""From a resolved tree to a spec, with every complaint of pydantic in the words of the house."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import ValidationError

from simsuite.scenario.fields import Declaration, declared, names_at
from simsuite.scenario.library import ONE, SECTIONS, catalog_names
from simsuite.scenario.origin import Table
from simsuite.scenario.problems import OTHERS, Path, Problems
from simsuite.scenario.words import as_numbers, did_you_mean, readings, readings_with_unit, shown_name, shown_value
from simsuite.specs.base import MINUTES_PER, Spec

LONGEST_NUMBER = 40  # characters of a text that stands for a number, such as "15 min"
MOST_IN_A_WORD = 2**63 - 1
UNITS = {
    "share": ("%",),
    "level": ("%",),
    **dict.fromkeys(("days", "whole days", "minutes"), tuple(MINUTES_PER)),
}  # by kind of value
MOST_ROUNDS = 4  # a table in place of another value, an entry in it, the values of the entry
Model = TypeVar("Model", bound=Spec)


def validate(model: type[Model], table: Table) -> Model:
    """The spec that a resolved tree describes.

    Raises
    ------
    ScenarioError
        With every problem of the tree, in the order of the file.
    """
    problems = Problems()
    spec = sound_part(model, table, problems)
    problems.raise_any(table.origin.file)
    return spec


def sound_part(model: type[Model], table: Table, problems: Problems) -> Model | None:
    """The spec that a resolved tree describes; what is wrong goes to `problems`.

    In place of a value that is wrong or lacking stands any that is valid, and
    `problems` does not know its path. None if there is no valid spec even so, or if
    more problems than anybody reads were found already.
    """
    translation = _Translation(model, table, problems)
    for path, leaf in table.leaves():
        in_list = isinstance(leaf.value, list)
        declaration = declared(model, (*path, 0) if in_list else path)
        if declaration is None:
            continue
        for index, value in enumerate(leaf.value if in_list else [leaf.value]):
            if _is_no_number_of_this_world(value, declaration):
                translation.not_allowed((*path, index) if in_list else path)
    tree = deepcopy(table.plain())
    repaired: set[Path] = set()
    for _ in range(MOST_ROUNDS):
        if problems.is_enough:
            break
        for path in problems.wrong - repaired:
            _repair(model, tree, path)
        repaired |= problems.wrong
        try:
            return model.model_validate(tree)
        except ValidationError as error:
            translation.translate(error)
    return None


def _is_no_number_of_this_world(value: Any, declaration: Declaration) -> bool:
    """NaN, infinity, over 64 bits, or a text too long for a number: refused before all else."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, int):
        return abs(value) > MOST_IN_A_WORD
    return declaration.is_numeric and isinstance(value, str) and len(value) > LONGEST_NUMBER


def _without_quotes(text: str, declaration: Declaration) -> str:
    """What to write where the text is a number that may stand here; empty where it is none."""
    try:
        number = int(text) if declaration.kind.startswith("whole") else float(text)
    except ValueError:
        return ""
    low, high = (bound if bound is not None else number for bound in (declaration.low, declaration.high))
    if not (low <= number <= high and abs(number) <= MOST_IN_A_WORD):
        return ""
    return f" A number has no quotes: {int(number) if number == int(number) else number}."


def _repair(model: type[Spec], tree: Any, path: Path) -> None:
    """Put something valid at a path of bare values, or nothing where nothing is declared."""
    *around, name = path
    for step in around:
        tree = tree.get(step) if isinstance(tree, dict) else None
    declaration = declared(model, path)
    if isinstance(tree, dict) and declaration is None:
        tree.pop(name, None)
    elif isinstance(tree, (dict, list)) and declaration is not None:
        tree[name] = _any_valid(declaration)


def _any_valid(declaration: Declaration) -> Any:
    if declaration.kind == "names":
        return {OTHERS: {} if declaration.spec else 0}
    if declaration.kind == "list":
        return list(declaration.choices[:1])
    if declaration.kind in ("choice", "level"):
        return declaration.choices[0]
    plain = {"table": {}, "text": "", "yes or no": False}
    return plain.get(declaration.kind, declaration.low or 0)


class _Translation:
    """Puts complaints about one tree into words."""

    def __init__(self, model: type[Spec], table: Table, problems: Problems):
        self.model = model
        self.table = table
        self.problems = problems

    def translate(self, error: ValidationError) -> None:
        """All that pydantic says, but for what only follows from what was said before."""
        complaints = error.errors(include_url=False, include_context=False)
        around = {one["loc"][:depth] for one in complaints for depth in range(len(one["loc"]))}
        complaints = [one for one in complaints if one["loc"] not in around]  # too short without it
        new = [one for one in complaints if self.problems.knows(self.table, one["loc"])]
        lacking: dict[Path, list[str]] = {}
        for one in new:
            path = one["loc"]
            if self.problems.is_enough:
                self.problems.more += 1
            elif one["type"] == "extra_forbidden":
                self._unknown(path)
            elif one["type"] == "missing":
                lacking.setdefault(path[:-1], []).append(str(path[-1]))
            else:
                self.not_allowed(path, one["msg"])
        for path, names in lacking.items():
            self._lacking(path, names)
        self.problems.wrong.update(one["loc"] for one in complaints)

    def not_allowed(self, path: Path, reason: str = "") -> None:
        """A value of the wrong kind or out of its range."""
        self.problems.wrong.add(path)
        if self.problems.is_enough:
            self.problems.more += 1
            return
        value, declaration = self.table.value_at(path), declared(self.model, path)
        rule = f"must be {declaration.allowed()}" if declaration else f"is not allowed: {reason}"
        if isinstance(path[-1], int):
            *within, name = path[:-1]
            text = f"{shown_name(name)} contains {shown_value(value)}, but each {rule}."
        else:
            *within, name = path
            text = f"{shown_name(name)} = {shown_value(value)} {rule}."
            if declaration and declaration.is_numeric and isinstance(value, str):
                found = readings(value) or readings_with_unit(value, UNITS.get(declaration.kind, ()))
                if declaration.kind == "whole":  # "20.000" is no fraction of a person
                    found = [number for number in found if "." not in number]
                text += f" {as_numbers(value, found)}" if found else _without_quotes(value, declaration)
            if isinstance(value, dict) and declaration and declaration.kind == "names":
                text = f"{shown_name(name)} has {len(value)} entries; it {rule}."
        self._tell(path, text, within=within)

    def _unknown(self, path: Path) -> None:
        """A name that nothing has; what was meant by it is not known either."""
        name, known = str(path[-1]), names_at(self.model, path[:-1])
        if not path[:-1] or (len(path) == 3 and path[0] in SECTIONS):
            known = [*known, "extends"]
        home, meant = self._home_of(name, at_top=len(path) < 3 and path[0] not in SECTIONS), did_you_mean(name, known)
        if home:
            remedy = f"It belongs in [{'.'.join(home)}]."
            self.problems.wrong.add((*home, name))
        elif meant:
            remedy = f"Did you mean '{meant}'?"
            self.problems.wrong.add((*path[:-1], meant))
        else:
            remedy = f"It has: {', '.join(known)}."
        subject = "" if path[:-1] else "a scenario "
        self._tell(path, f"{subject}has no parameter '{shown_name(name)}'. {remedy}", at_key=True)

    def _home_of(self, name: str, at_top: bool) -> tuple[str, ...] | None:
        """The table of the scenario that does have a parameter of this name; of entries only for a name at the top.

        Entries of another kind have names that resemble those of this one: a segment's tastes, a channel's taste.
        """
        for table in self.model.model_fields:
            names = names_at(self.model, [table])
            if name in names:
                return (table,)
            for inner in names:
                if name in names_at(self.model, [table, inner]):
                    return (table, inner)
            if at_top and table in SECTIONS and name in names_at(self.model, [table, "NAME"]):
                return (table, "NAME")
        return None

    def _lacking(self, path: Path, names: list[str]) -> None:
        """Names that a table must have; not those that it has, but misspelt."""
        names = [name for name in names if self.problems.knows(self.table, (*path, name))]
        if not names:
            return
        if self.problems.is_enough:
            self.problems.more += 1
            return
        listed = ", ".join(names)
        if not path:
            world = "" if names == ["strategies"] else ', or extends = "retail_world" for a whole world to start from'
            text = f"the scenario lacks {listed}: add {', '.join(f'[{name}.NAME]' for name in names)}{world}."
        elif len(path) == 2 and path[0] in SECTIONS:
            section, name = str(path[0]), str(path[1])
            meant = did_you_mean(name, catalog_names(section))
            perhaps = f" (did you mean '{meant}'?)" if meant and meant != name else ""
            if perhaps and not self.table.at((section, meant)):
                self.problems.wrong.add((section, meant))
            text = (
                f"is no {ONE[section]} of the catalog{perhaps}, so it must say everything; it "
                f'lacks {listed}. Add them, or extends = "NAME" of a {ONE[section]} that it resembles.'
            )
        else:
            text = f"lacks {listed}."
        self._tell(path, text, within=path)

    def _tell(self, path: Path, text: str, **options: Any) -> None:
        self.problems.tell(self.table, path, text, **options)
