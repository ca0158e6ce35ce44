"""What the specs declare about a value: its kind, range, unit and source, found by its path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from simsuite.specs.base import Days, Minutes, Real, Share, Spec, Whole, WholeDays, YesNo
from simsuite.specs.strategy import HIGHEST_LEVEL, LOWEST_LEVEL, CentralLevel


def _marker(kind: Any) -> Any:
    return kind.__metadata__[0].func


KINDS = {
    _marker(Real): "number",
    _marker(Whole): "whole",
    _marker(Share): "share",
    _marker(Days): "days",
    _marker(WholeDays): "whole days",
    _marker(Minutes): "minutes",
    _marker(YesNo): "yes or no",
    _marker(CentralLevel): "level",
}
DURATION_EXAMPLES = {"days": '2 or "2 days"', "minutes": '15 or "15 min"'}


@dataclass(frozen=True)
class Declaration:
    """One declared place of a scenario.

    kind : "number", "whole", "share", "days", "whole days", "minutes", "yes or no",
        "level" (a word or a share), "text", "choice", "list", "table" or "names" (a table with free names)
    low, high : closed range, None without one
    choices : allowed words of a choice, also of the elements of a list
    most : entries that a table with free names may have, at least one then; None without limit
    spec : the class behind a table, or behind every entry of a table with free names
    """

    kind: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    source: str = ""
    description: str = ""
    choices: tuple[str, ...] = ()
    most: int | None = None
    spec: type[Spec] | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether a number may stand here, or a text in place of one."""
        return self.kind in {*KINDS.values()} - {"yes or no"}

    def allowed(self) -> str:
        """What may stand here, for the end of a sentence: "a whole number from 1 to 20"."""
        if self.kind == "share":
            low, high = (0, 1) if self.low is None else (self.low, self.high)
            example = 0.25 if low <= 0.25 <= high else round((low + high) / 2, 2)
            return (
                f"a share from {plain_number(low)} to {plain_number(high)}, such as "
                f'{plain_number(example)} or "{plain_number(100 * example)} %"'
            )
        if self.kind == "level":
            named = ", ".join(f'"{choice}"' for choice in self.choices)
            return f'one of {named}, or a share of list price{self._range()}, such as -0.05 or "-5 %"'
        if self.kind in DURATION_EXAMPLES:
            return (
                f"a duration{self._range()} {self.kind}, such as {DURATION_EXAMPLES[self.kind]} (min, h, days, weeks)"
            )
        words = {
            "number": f"a number{self._range()}",
            "whole": f"a whole number{self._range()}",
            "whole days": f'a whole number of days{self._range()}, such as 30 or "30 days"',
            "yes or no": "true or false",
            "text": 'text in quotes, such as "words"',
            "table": "a table with values of its own",
            "names": f"a table of {f'1 to {self.most} ' if self.most else ''}entries by name",
        }
        if self.choices:
            listed = ", ".join(f'"{choice}"' for choice in self.choices)
            return f"a list of at least one of {listed}" if self.kind == "list" else f"one of {listed}"
        return words.get(self.kind, "a list in [brackets]")

    def _range(self) -> str:
        if self.low is None:
            return ""
        if self.high is None:
            return f" from {plain_number(self.low)} up"
        return f" from {plain_number(self.low)} to {plain_number(self.high)}"


def plain_number(value: float) -> str:
    """For people: 50,000,000, 0.25, 1e12."""
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e10):
        return f"{int(value):,}"
    return f"{value:g}".replace("e+", "e")


def declared(model: type[Spec], path: Sequence[str | int]) -> Declaration | None:
    """What `model` declares at a path of names; None where it declares nothing.

    A number as last step means an element of a list.
    """
    annotation: Any = model
    field: FieldInfo | None = None
    for name in path:
        core, _ = _core(annotation)
        if _is_spec(core) and name in core.model_fields:
            field = core.model_fields[name]
            annotation = field.annotation
        elif get_origin(core) is dict:
            annotation = get_args(core)[1]
            field = field if not _is_spec(_core(annotation)[0]) else None
        elif get_origin(core) is tuple and isinstance(name, int):
            annotation, field = get_args(core)[0], None
        else:
            return None
    return _declaration(annotation, field, in_table=bool(path))


def names_at(model: type[Spec], path: Sequence[str]) -> list[str]:
    """The names that a table may hold; empty where they are free or nothing is declared."""
    found = declared(model, path)
    return list(found.spec.model_fields) if found and found.kind == "table" and found.spec else []


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every single value of a spec with its path; what is None is not there."""
    if isinstance(value, Spec):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from leaves(entry, (*path, name))
    elif value is not None:
        yield path, value


def specs_within(model: type[Spec]) -> dict[str, type[Spec]]:
    """`model` and all specs that it is made of, by class name."""
    found = {model.__name__: model}
    for field in model.model_fields.values():
        core, _ = _core(field.annotation)
        core, _ = _core(get_args(core)[1]) if get_origin(core) is dict else (core, ())
        if _is_spec(core) and core.__name__ not in found:
            found |= specs_within(core)
    return found


def _is_spec(core: Any) -> bool:
    return isinstance(core, type) and issubclass(core, Spec)


def _core(annotation: Any) -> tuple[Any, tuple]:
    """The type without "or None" and without its annotations, and these annotations."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(arg for arg in get_args(annotation) if arg is not NoneType)
    if get_origin(annotation) is Annotated:
        return get_args(annotation)[0], annotation.__metadata__
    return annotation, ()


def _declaration(annotation: Any, field: FieldInfo | None, in_table: bool) -> Declaration:
    core, inner = _core(annotation)
    if _is_spec(core):
        return Declaration("table", spec=core)
    outer = tuple(field.metadata) if field else ()
    extra = field.json_schema_extra if field and isinstance(field.json_schema_extra, dict) else {}
    about = {
        "unit": str(extra.get("unit", "")),
        "source": str(extra.get("source", "")),
        "description": (field.description or "") if field else "",
    }
    if get_origin(core) is dict:
        entry = _core(get_args(core)[1])[0]
        most = next((m.max_length for m in outer if getattr(m, "max_length", None)), None)
        return Declaration("names", most=most, spec=entry if _is_spec(entry) else None, **about)
    marker = next((m.func for m in (*outer, *inner) if isinstance(m, BeforeValidator)), None)
    low = next((m.ge for m in outer if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in outer if getattr(m, "le", None) is not None), None)
    kind = KINDS.get(marker) or _plain_kind(core)
    if kind == "level":
        low, high = LOWEST_LEVEL, HIGHEST_LEVEL
    return Declaration(kind, low, high, choices=_choices(core), **about)


def _plain_kind(core: Any) -> str:
    if get_origin(core) is Literal:
        return "choice"
    if get_origin(core) in (tuple, list):
        return "list"
    return {str: "text", float: "number", int: "whole", bool: "yes or no"}.get(core, "list")


def _choices(core: Any) -> tuple[str, ...]:
    if get_origin(core) in (tuple, list):
        core = get_args(core)[0]
    return tuple(get_args(core)) if get_origin(core) is Literal else ()
